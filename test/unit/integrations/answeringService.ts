import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { IncomingHttpHeaders } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ApiFailure, ApiResult } from '../../../src/integrations/askJson.ts';
import type { FaultProxy } from '../../support/faultProxy.ts';
import { startFaultProxy } from '../../support/faultProxy.ts';

export interface SeenCall {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers?: Record<string, string>;
}

/** A service that answers everything with what it is told, behind a proxy that can spoil it. */
export interface AnsweringService {
  /** Its own address. */
  readonly url: string;
  /** In front of it; another one after `restart`. */
  readonly proxy: FaultProxy;
  readonly seen: readonly SeenCall[];
  answer: Answer;
  /** In its place, where it has one for the call. */
  answerTo: ((call: SeenCall) => Answer) | undefined;
  /** Forgets what it has seen, answers `{"id":7}` again, and gets a new proxy. */
  restart(): Promise<void>;
  dispose(): Promise<void>;
}

export async function startAnsweringService(): Promise<AnsweringService> {
  const seen: SeenCall[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += String(chunk)));
    request.on('end', () => {
      const { method = '', url: path = '', headers } = request;
      const call = { method, path, headers, body };
      seen.push(call);
      const answer = service.answerTo?.(call) ?? service.answer;
      response.writeHead(answer.status, answer.headers).end(answer.body);
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  let proxy = await startFaultProxy(url);
  const service: AnsweringService = {
    url,
    get proxy() {
      return proxy;
    },
    seen,
    answer: { status: 200, body: '{"id":7}' },
    answerTo: undefined,
    async restart() {
      await proxy.dispose();
      proxy = await startFaultProxy(url);
      seen.length = 0;
      service.answer = { status: 200, body: '{"id":7}' };
      service.answerTo = undefined;
    },
    async dispose() {
      await proxy.dispose();
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
  return service;
}

/** Where such a service puts its own words. */
export const explain = (body: unknown): string | undefined =>
  typeof body === 'object' && body !== null && 'message' in body ? String(body.message) : undefined;

export const untilDone = (): AbortSignal => new AbortController().signal;

export function failureOf<T>(result: ApiResult<T>): ApiFailure {
  assert.ok(!result.ok, 'was answered');
  return result.failure;
}
