import type { ServerResponse } from 'node:http';
import type { KubeObject } from '../../state/objects.ts';
import type { Change } from '../../state/store.ts';
import type { World } from '../../state/world.ts';
import type { Matcher } from './selectors.ts';
import { gone } from './status.ts';

export interface WatchOptions {
  readonly namespace: string | undefined;
  readonly matches: Matcher;
  readonly query: URLSearchParams;
  /** How one object is written: itself, or as a table. */
  readonly render: (object: KubeObject, first: boolean) => unknown;
}

/** The change as a watcher with a selector sees it: leaving the selection is a deletion, entering an addition. */
function seen({ type, object, before }: Change, matches: Matcher): [Change['type'], KubeObject] | undefined {
  const now = type !== 'DELETED' && matches(object);
  const was = before !== undefined && matches(before);
  if (now) return [was ? 'MODIFIED' : 'ADDED', object];
  return was ? ['DELETED', object] : undefined;
}

/**
 * Answers a watch: one JSON event per line until the client leaves, `timeoutSeconds` is over or `end` is called.
 * Source: https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes
 */
export function runWatch(
  world: World,
  resource: Change['resource'],
  response: ServerResponse,
  { namespace, matches, query, render }: WatchOptions,
): { end: () => void } {
  let first = true;
  const send = (type: string, object: unknown): void => {
    response.write(`${JSON.stringify({ type, object })}\n`);
  };
  const tell = (type: string, object: KubeObject): void => {
    send(type, render(object, first));
    first = false;
  };
  const inScope = ({ metadata }: KubeObject): boolean =>
    namespace === undefined || metadata.namespace === namespace;
  const follow = (change: Change): void => {
    if (change.resource !== resource || !inScope(change.object)) return;
    const event = seen(change, matches);
    if (event !== undefined) tell(...event);
  };
  const bookmark = (annotations?: Record<string, string>): void => {
    const { kind, apiVersion } = world.store.list(resource)[0] ?? { kind: 'Status', apiVersion: 'v1' };
    const metadata = { resourceVersion: String(world.store.version()), creationTimestamp: null, annotations };
    send('BOOKMARK', { kind, apiVersion, metadata });
  };

  response.writeHead(200, { 'content-type': 'application/json' });
  response.flushHeaders();
  const from = query.get('resourceVersion') ?? '';
  const initial = query.get('sendInitialEvents') === 'true' || from === '' || from === '0';
  const missed = initial ? [] : world.store.since(Number(from));
  if (missed === undefined) {
    send('ERROR', gone(Number(from)));
    response.end();
    return { end: () => undefined };
  }
  if (initial) {
    for (const object of world.store.list(resource, namespace)) if (matches(object)) tell('ADDED', object);
  }
  if (query.get('sendInitialEvents') === 'true') bookmark({ 'k8s.io/initial-events-end': 'true' });
  missed.forEach(follow);

  const unsubscribe = world.store.onChange(follow);
  const seconds = Number(query.get('timeoutSeconds') ?? 1800);
  const timer = setTimeout(() => end(), Math.min(Math.max(1, seconds || 1800), 7200) * 1000);
  timer.unref();
  function end(): void {
    clearTimeout(timer);
    unsubscribe();
    if (!response.destroyed) response.end();
  }
  response.on('close', end);
  return { end };
}
