import { hex } from './names.ts';
import type { KubeObject } from './objects.ts';
import { timestamp } from './objects.ts';
import type { World } from './world.ts';

/** The API server forgets events after an hour. */
export const eventLifetimeMs = 3_600_000;

export interface EventToRecord {
  readonly about: KubeObject;
  readonly component: string;
  readonly host?: string | undefined;
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
  readonly fieldPath?: string;
}

/** Records an event; the same one again about the same object only raises its count, as the recorder does. */
export function recordEvent(world: World, event: EventToRecord): void {
  const { about, component, host, type, reason, message, fieldPath } = event;
  const { namespace, name, uid, resourceVersion } = about.metadata;
  const last = timestamp(world.now);
  const known = world.store
    .list('events', namespace ?? 'default')
    .find((e) => e.involvedObject.uid === uid && e.reason === reason && e.message === message);
  if (known !== undefined) {
    world.store.update('events', known, (draft) => {
      draft.count += 1;
      draft.lastTimestamp = last;
    });
    return;
  }
  world.store.create(
    'events',
    {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: {
        name: `${name}.${hex(`${uid}/${reason}/${message}/${world.now}`, 16)}`,
        namespace: namespace ?? 'default',
      },
      involvedObject: {
        apiVersion: about.apiVersion,
        kind: about.kind,
        name,
        ...(namespace === undefined ? {} : { namespace }),
        uid,
        resourceVersion,
        ...(fieldPath === undefined ? {} : { fieldPath }),
      },
      type,
      reason,
      message,
      count: 1,
      firstTimestamp: last,
      lastTimestamp: last,
      eventTime: null,
      source: { component, ...(host === undefined ? {} : { host }) },
      reportingComponent: component,
      reportingInstance: host ?? '',
    },
    world.now,
  );
}

/** Drops what the API server would have forgotten. */
export function forgetOldEvents(world: World): void {
  const oldest = timestamp(world.now - eventLifetimeMs);
  for (const event of world.store.list('events')) {
    if (event.lastTimestamp < oldest) world.store.remove('events', event);
  }
}
