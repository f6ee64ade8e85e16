import type { IncomingHttpHeaders, Server } from 'node:http';
import { createServer } from 'node:http';

/** One request as an API reads it. */
export interface WebCall {
  readonly method: string;
  /** Without the query, still percent-encoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** The body's text as it came; '' when there was none. */
  readonly text: string;
  /** JSON or form fields where the content type says so and the text is that, else the text. */
  readonly body: unknown;
}

export interface WebReply {
  readonly status: number;
  /** Sent as JSON; a text as it is, with the content type of `headers`; undefined: an empty answer. */
  readonly body?: unknown;
  /** Lower-case names; over the ones the server sets by itself. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** One request that a simulated service received. */
export interface SeenRequest {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
  /** RFC 3339 in UTC. */
  readonly at: string;
}

/** What a service was asked, oldest first; the last ten thousand. */
export interface RequestLog {
  readonly requests: readonly SeenRequest[];
  note(request: SeenRequest): void;
}

const requestsKept = 10_000;

export function createRequestLog(): RequestLog {
  const requests: SeenRequest[] = [];
  return {
    requests,
    note(request) {
      requests.push(request);
      if (requests.length > requestsKept) requests.shift();
    },
  };
}

export interface WebApiOptions {
  readonly log: RequestLog;
  /** The present, in ms since 1970. */
  readonly now: () => number;
  /** Throwing cuts the connection: a fault of the simulator, never an answer of the service. */
  readonly answer: (call: WebCall) => WebReply | Promise<WebReply>;
}

/** A JSON API over plain HTTP: reads the whole request, notes it, answers it. */
export const createWebApi = ({ log, now, answer }: WebApiOptions): Server =>
  createServer((request, response) => {
    const serve = async (): Promise<void> => {
      const chunks: Buffer[] = [];
      for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
      const url = new URL(request.url ?? '/', 'http://simulated');
      const text = Buffer.concat(chunks).toString('utf8');
      const call: WebCall = {
        method: request.method ?? 'GET',
        path: url.pathname,
        query: url.searchParams,
        headers: request.headers,
        text,
        body: parseBody(request.headers['content-type'] ?? '', text),
      };
      log.note({
        method: call.method,
        path: `${url.pathname}${url.search}`,
        headers: call.headers,
        body: call.body,
        at: new Date(now()).toISOString(),
      });
      const { status, body, headers } = await answer(call);
      const sent = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
      response.writeHead(status, {
        ...(sent === '' ? {} : { 'content-type': 'application/json; charset=utf-8' }),
        ...(status === 204 ? {} : { 'content-length': String(Buffer.byteLength(sent)) }),
        ...headers,
      });
      response.end(call.method === 'HEAD' ? undefined : sent);
    };
    serve().catch(() => response.destroy());
  });

function parseBody(contentType: string, text: string): unknown {
  if (/^application\/(?:[\w.-]+\+)?json\b/i.test(contentType)) {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      return text;
    }
  }
  return /^application\/x-www-form-urlencoded\b/i.test(contentType)
    ? Object.fromEntries(new URLSearchParams(text))
    : text;
}
