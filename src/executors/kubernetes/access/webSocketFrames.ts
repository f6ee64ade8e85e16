import { randomBytes } from 'node:crypto';
import type { Duplex } from 'node:stream';

/** What arrived: a whole message, or the other side's close with its code (1005 when it gave none). */
export type WebSocketMessage =
  { readonly kind: 'data'; readonly payload: Buffer } | { readonly kind: 'close'; readonly code: number };

const opcodes = { continuation: 0x0, close: 0x8, ping: 0x9, pong: 0xa } as const;
/** The API server sends at most 32 KB at a time; anything near this is not a Kubernetes stream. */
const messageLimit = 64 * 1024 * 1024;

/** One masked client frame. https://www.rfc-editor.org/rfc/rfc6455#section-5.2 */
export function encodeFrame(opcode: number, payload: Buffer): Buffer {
  const mask = randomBytes(4);
  const short = payload.length < 126;
  const head = Buffer.alloc(short ? 2 : 4);
  head[0] = 0x80 | opcode;
  head[1] = 0x80 | (short ? payload.length : 126);
  if (!short) head.writeUInt16BE(payload.length, 2);
  const masked = Buffer.from(payload);
  for (let index = 0; index < masked.length; index++) masked[index]! ^= mask[index % 4]!;
  return Buffer.concat([head, mask, masked]);
}

/**
 * Reads messages from an upgraded connection, answers pings, and ends after a close or when the connection ends.
 * Reading only when the caller asks for more is what gives the stream its backpressure.
 */
export async function* readMessages(socket: Duplex): AsyncGenerator<WebSocketMessage> {
  let buffered: Buffer = Buffer.alloc(0);
  let fragments: Buffer[] = [];
  for await (const chunk of socket as AsyncIterable<Buffer>) {
    buffered = buffered.length === 0 ? chunk : Buffer.concat([buffered, chunk]);
    for (let frame = takeFrame(buffered); frame !== undefined; frame = takeFrame(buffered)) {
      buffered = buffered.subarray(frame.size);
      if (frame.opcode === opcodes.ping) {
        socket.write(encodeFrame(opcodes.pong, frame.payload.subarray(0, 125)));
      } else if (frame.opcode === opcodes.close) {
        socket.write(encodeFrame(opcodes.close, frame.payload.subarray(0, 2)));
        yield { kind: 'close', code: frame.payload.length >= 2 ? frame.payload.readUInt16BE(0) : 1005 };
        return;
      } else if (frame.opcode !== opcodes.pong) {
        fragments.push(frame.payload);
        if (!frame.final) continue;
        yield { kind: 'data', payload: fragments.length === 1 ? frame.payload : Buffer.concat(fragments) };
        fragments = [];
      }
    }
  }
}

function takeFrame(
  bytes: Buffer,
):
  | { readonly opcode: number; readonly final: boolean; readonly payload: Buffer; readonly size: number }
  | undefined {
  if (bytes.length < 2) return undefined;
  const short = bytes[1]! & 0x7f;
  const lengthBytes = short === 126 ? 2 : short === 127 ? 8 : 0;
  const masked = (bytes[1]! & 0x80) !== 0;
  const start = 2 + lengthBytes + (masked ? 4 : 0);
  if (bytes.length < start) return undefined;
  const length =
    short === 126 ? bytes.readUInt16BE(2) : short === 127 ? Number(bytes.readBigUInt64BE(2)) : short;
  if (masked || length > messageLimit) throw new Error('the stream broke the WebSocket protocol');
  if (bytes.length < start + length) return undefined;
  return {
    opcode: bytes[0]! & 0x0f,
    final: (bytes[0]! & 0x80) !== 0,
    payload: bytes.subarray(start, start + length),
    size: start + length,
  };
}
