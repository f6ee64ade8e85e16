import type { ServerResponse } from 'node:http';
import type { Status } from './status.ts';

/** Answers with JSON; a response that has begun or lost its reader is left alone. */
export function replyJson(response: ServerResponse, code: number, body: unknown): void {
  if (response.headersSent || response.destroyed) return;
  const text = JSON.stringify(body);
  response.writeHead(code, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
  response.end(`${text}`);
}

export const replyStatus = (response: ServerResponse, status: Status): void =>
  replyJson(response, status.code, status);
