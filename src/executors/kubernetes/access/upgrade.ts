import { createHash, randomBytes } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Dispatcher } from 'undici';

/** How a WebSocket handshake ended. */
export type UpgradeAnswer =
  | { readonly kind: 'open'; readonly socket: Duplex; readonly protocol: string }
  /** An ordinary HTTP answer instead: its body says why. */
  | { readonly kind: 'refused'; readonly status: number; readonly body: string }
  | { readonly kind: 'broken'; readonly thrown: unknown };

export interface UpgradeRequest {
  readonly origin: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly timeoutMs: number;
}

/**
 * Opens a WebSocket (RFC 6455 §4.1) over an undici dispatcher, so that it shares the transport's certificates and
 * proxy, and keeps the body of a refusal, which the WebSocket classes throw away.
 */
export function openUpgrade(
  dispatcher: Dispatcher,
  request: UpgradeRequest,
  protocols: readonly string[],
  signal: AbortSignal,
): Promise<UpgradeAnswer> {
  const key = randomBytes(16).toString('base64');
  return new Promise((resolve) => {
    let abort = () => {};
    let status = 0;
    const body: Buffer[] = [];
    const onAbort = () => abort();
    const finish = (answer: UpgradeAnswer) => {
      signal.removeEventListener('abort', onAbort);
      resolve(answer);
    };
    signal.addEventListener('abort', onAbort, { once: true });
    const handler: Dispatcher.DispatchHandler = {
      onRequestStart(controller) {
        abort = () => controller.abort(new DOMException('Stopped.', 'AbortError'));
        if (signal.aborted) abort();
      },
      onRequestUpgrade(_controller, _status, headers, socket) {
        const accepted = header(headers, 'sec-websocket-accept');
        if (accepted !== acceptOf(key)) {
          socket.destroy();
          return finish({
            kind: 'broken',
            thrown: new Error('the WebSocket handshake was not answered correctly'),
          });
        }
        return finish({ kind: 'open', socket, protocol: header(headers, 'sec-websocket-protocol') });
      },
      onResponseStart(_controller, statusCode) {
        status = statusCode;
      },
      onResponseData: (_controller, chunk) => void body.push(chunk),
      onResponseEnd: () => finish({ kind: 'refused', status, body: Buffer.concat(body).toString('utf8') }),
      onResponseError: (_controller, thrown) => finish({ kind: 'broken', thrown }),
    };
    try {
      dispatcher.dispatch(
        {
          origin: request.origin,
          path: request.path,
          method: 'GET',
          upgrade: 'websocket',
          headersTimeout: request.timeoutMs,
          headers: {
            ...request.headers,
            'sec-websocket-key': key,
            'sec-websocket-version': '13',
            'sec-websocket-protocol': protocols.join(', '),
          },
        },
        handler,
      );
    } catch (thrown) {
      finish({ kind: 'broken', thrown });
    }
  });
}

const header = (headers: IncomingHttpHeaders, name: string): string => {
  const value = headers[name];
  return (Array.isArray(value) ? value[0] : value) ?? '';
};

/** RFC 6455 §4.2.2: proves that the other side speaks WebSocket and not only HTTP. */
const acceptOf = (key: string): string =>
  createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
