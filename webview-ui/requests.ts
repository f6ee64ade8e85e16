import type { PageMessage, PageRequests } from '../src/shared/protocol.ts';

/** How a request went. `message` is a sentence for the person. */
export type Reply =
  { readonly ok: true; readonly result: unknown } | { readonly ok: false; readonly message: string };

/** Requests of a page by their table: `{ runStep: { params: …; result: … } }`. */
export interface RequestsOf<T extends { readonly [N in keyof T]: { params: unknown; result: unknown } }> {
  /** Asks the host. Never rejects: whatever happens is a reply. */
  send<N extends keyof T>(name: N, params: T[N]['params']): Promise<Reply>;
  /** Gives a reply of the host to whoever asked; one that nobody waits for is dropped. */
  settle(reply: Reply & { readonly type: 'reply'; readonly id: number }): void;
}
export type Requests = RequestsOf<PageRequests>;

/** The page's side of the protocol over `post`. */
export function createRequests<
  T extends { readonly [N in keyof T]: { params: unknown; result: unknown } } = PageRequests,
  M = PageMessage,
>(post: (message: M) => void): RequestsOf<T> {
  const waiting = new Map<number, (reply: Reply) => void>();
  let last = 0;
  return {
    send(name, params) {
      const id = ++last;
      return new Promise((resolve) => {
        waiting.set(id, resolve);
        try {
          post({ type: 'request', id, name, params } as M);
        } catch {
          waiting.delete(id);
          resolve({
            ok: false,
            message: 'The editor could not be reached. Nothing was done. Close this page and open it again.',
          });
        }
      });
    },
    settle(reply) {
      const resolve = waiting.get(reply.id);
      waiting.delete(reply.id);
      resolve?.(reply.ok ? { ok: true, result: reply.result } : { ok: false, message: reply.message });
    },
  };
}
