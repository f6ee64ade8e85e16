import type { Socket } from 'node:net';
import type { Transform } from 'node:stream';
import { pipeline, Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { Client } from 'undici';
import type { Certificate } from './certificate.ts';
import type { HopRequest } from './hopRequest.ts';
import type { ConnectFailure, Connection, Way } from './openConnection.ts';
import { openConnection, proxyAuthorization } from './openConnection.ts';

/** One answer; its body has not been read. */
export interface Answer {
  readonly status: number;
  /** `200 OK` */
  readonly said: string;
  /** Names as the server wrote them, in its order. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: AsyncIterable<Uint8Array>;
  /** Bytes of the body as they came over the network, so far. */
  readonly received: () => number;
  readonly connection: Connection;
  readonly certificate: Certificate | undefined;
  /** On the clock of `performance.now()`, ms. */
  readonly startedAt: number;
  readonly sentAt: number;
  readonly firstByteAt: number;
  /** Ends the connection; what was not read of the body is given up. */
  close(): void;
}

export type Exchanged =
  | { readonly kind: 'answered'; readonly answer: Answer }
  | { readonly kind: 'not-sent'; readonly failure: ConnectFailure }
  /** The request went out and no answer came: `thrown` says how. */
  | { readonly kind: 'unanswered'; readonly thrown: unknown };

/** Sends one request over a connection of its own, as curl does for one URL. */
export async function exchange(request: HopRequest, way: Way, signal: AbortSignal): Promise<Exchanged> {
  const startedAt = performance.now();
  const opened = await openConnection(way, signal);
  if (!opened.ok) return { kind: 'not-sent', failure: opened.failure };
  const { connection } = opened;
  const { url } = request;
  const proxy = connection.wholeUrl ? way.proxy : undefined;
  const client = new Client(proxy?.origin ?? url.origin, {
    // Not before the client has asked: it does not expect an answer within its own call.
    connect: (_options, done) => queueMicrotask(() => done(null, connection.socket as Socket)),
    headersTimeout: 0,
    bodyTimeout: 0,
    pipelining: 1,
    maxHeaderSize: 1 << 20,
  });
  const close = (): void => {
    connection.socket.destroy();
    void client.destroy().catch(() => undefined);
  };
  const sentAt = performance.now();
  try {
    const headers = [...request.headers, ...(proxy ? Object.entries(proxyAuthorization(proxy)) : [])];
    const response = await client.request({
      method: request.method as 'GET',
      path: proxy ? `${url.origin}${request.path}` : request.path,
      headers: [['host', url.host] as const, ...headers]
        .filter(([name], at) => at > 0 || !headers.some(([each]) => each.toLowerCase() === name))
        .flat(),
      body: request.body ?? null,
      signal,
      responseHeaders: 'raw',
    });
    const firstByteAt = performance.now();
    // With `raw` this is a flat list of names and values, which the types do not tell.
    const flat = response.headers as unknown as readonly string[];
    const list = flat.flatMap((each, at) => (at % 2 === 0 ? [[each, flat[at + 1] ?? ''] as const] : []));
    let bytes = 0;
    const body = counted(response.body as AsyncIterable<Uint8Array>, (more) => (bytes += more));
    const status = response.statusCode;
    return {
      kind: 'answered',
      answer: {
        status,
        said: `${status}${response.statusText ? ` ${response.statusText}` : ''}`,
        headers: list,
        body: decoded(body, request.decompress ? headerOf(list, 'content-encoding') : undefined),
        received: () => bytes,
        connection,
        certificate: connection.certificate,
        startedAt,
        sentAt,
        firstByteAt,
        close,
      },
    };
  } catch (thrown) {
    close();
    return { kind: 'unanswered', thrown };
  }
}

/** The first header of that name, without regard to case. */
export const headerOf = (headers: Answer['headers'], name: string): string | undefined =>
  headers.find(([each]) => each.toLowerCase() === name)?.[1];

async function* counted(
  body: AsyncIterable<Uint8Array>,
  count: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of body) {
    count(chunk.length);
    yield chunk;
  }
}

/** `--compressed`: the body as it was before the server packed it. */
function decoded(body: AsyncIterable<Uint8Array>, encoding: string | undefined): AsyncIterable<Uint8Array> {
  const into = unpackers[encoding?.trim().toLowerCase() ?? '']?.();
  // An error of either side is thrown to who reads.
  return into === undefined ? body : pipeline(Readable.from(body), into, () => undefined);
}

const unpackers: Readonly<Record<string, () => Transform>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};
