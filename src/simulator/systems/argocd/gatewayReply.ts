import type { ServerResponse } from 'node:http';

/** gRPC's codes that Argo CD answers with: https://grpc.io/docs/guides/status-codes/ */
export type GrpcCode = 2 | 3 | 5 | 7 | 9 | 12 | 16;

/** grpc-gateway's HTTP status of a code: `runtime.HTTPStatusFromCode` of its version 1. */
const statusOf: Readonly<Record<GrpcCode, number>> = {
  2: 500,
  3: 400,
  5: 404,
  7: 403,
  9: 400,
  12: 501,
  16: 401,
};

/** What ends a request with an error. */
export class Refusal extends Error {
  readonly code: GrpcCode;
  constructor(code: GrpcCode, message: string) {
    super(message);
    this.code = code;
  }
}

export function replyJson(response: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
}

/** grpc-gateway's error body, `{error, code, message}`. */
export const replyRefusal = (response: ServerResponse, { code, message }: Refusal): void =>
  replyJson(response, statusOf[code], { error: message, code, message });
