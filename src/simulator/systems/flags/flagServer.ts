import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { FlagStore } from './flagStore.ts';
import { answerGeneric } from './genericApi.ts';
import { answerLaunchDarkly } from './launchDarklyApi.ts';
import { answerUnleash } from './unleashApi.ts';

/** One request as the APIs read it. */
export interface FlagCall {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly authorization: string | undefined;
  readonly contentType: string;
  readonly body: string;
}

/** `body` undefined: an empty answer. */
export interface FlagReply {
  readonly status: number;
  readonly body: unknown;
}

/** Answers a call of its own API; undefined for the path of another. */
export type FlagApi = (call: FlagCall, store: FlagStore) => FlagReply | undefined;

const apis: readonly FlagApi[] = [answerUnleash, answerLaunchDarkly, answerGeneric];

async function answer(request: IncomingMessage, response: ServerResponse, store: FlagStore): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  const url = new URL(request.url ?? '/', 'http://simulated');
  const call: FlagCall = {
    method: request.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    authorization: request.headers.authorization,
    contentType: request.headers['content-type'] ?? '',
    body: Buffer.concat(chunks).toString('utf8'),
  };
  store.onCall(call.method, `${url.pathname}${url.search}`);
  const found = apis.map((api) => api(call, store)).find((reply) => reply !== undefined);
  const { status, body } = found ?? { status: 404, body: { error: `nothing is at ${url.pathname}` } };
  const text = body === undefined ? '' : `${JSON.stringify(body)}\n`;
  response.writeHead(status, {
    ...(text === '' ? {} : { 'content-type': 'application/json; charset=utf-8' }),
    'content-length': Buffer.byteLength(text),
  });
  response.end(request.method === 'HEAD' ? undefined : text);
}

/** The simulated feature flag services: three APIs over the same flags. */
export const createFlagServer = (store: FlagStore): Server =>
  createServer((request, response) => {
    answer(request, response, store).catch(() => response.destroy());
  });
