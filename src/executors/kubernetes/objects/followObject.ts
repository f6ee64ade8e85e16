import { setTimeout as delay } from 'node:timers/promises';
import type { ApiResult } from '../access/apiFailure.ts';
import { apiFailed } from '../access/apiFailure.ts';
import type { ResourceKind } from './discovery.ts';
import { pathOf } from './discovery.ts';
import type { KubeObject } from './objects.ts';
import { fetchObject } from './objects.ts';
import { watchEvents } from './watchEvents.ts';
import type { LookContext } from '../verb.ts';

/** A server that ends every watch at once must not be asked without a pause, milliseconds. */
const rewatchAfterMs = 500;

/**
 * Each version of an object from now on, by a watch that is started over when the server ends it. Fails when the
 * object cannot be read or is deleted; ends without a word when the signal aborts.
 * https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes
 */
export async function* followObject<T extends KubeObject>(
  { transport, namespace, signal }: Pick<LookContext, 'transport' | 'namespace' | 'signal'>,
  kind: ResourceKind,
  name: string,
): AsyncGenerator<ApiResult<T>> {
  while (!signal.aborted) {
    const object = await fetchObject<T>(transport, kind, namespace, name, signal);
    yield object;
    if (!object.ok) return;
    const watch = await transport.stream(
      {
        path: pathOf(kind, namespace),
        endless: true,
        query: {
          watch: true,
          fieldSelector: `metadata.name=${name}`,
          resourceVersion: object.value.metadata?.resourceVersion,
        },
      },
      signal,
    );
    if (!watch.ok) {
      yield watch;
      return;
    }
    try {
      for await (const event of watchEvents(watch.value)) {
        if (event.type === 'DELETED') {
          yield apiFailed({ code: 'not-found', message: 'error: object has been deleted' });
          return;
        }
        // An ERROR event (the resourceVersion is too old) and a closed watch both start over with a fresh read.
        if (event.type === 'ERROR' || event.object === undefined) break;
        yield { ok: true, value: event.object as T };
      }
    } catch (thrown) {
      const failure = transport.cutOff(thrown, signal);
      if (failure.code === 'cancelled') return;
    }
    await delay(rewatchAfterMs, undefined, { signal }).catch(() => undefined);
  }
}
