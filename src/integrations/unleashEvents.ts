import * as v from 'valibot';
import { ok } from '../core/errors.ts';
import type { Signal } from '../core/ports.ts';
import { sourceNames, type LiveSignal } from '../core/signals/incomingSignal.ts';
import type { SourceResult } from '../core/signals/signalSource.ts';
import { instant } from './alertSignal.ts';
import { askJson, readAnswer } from './askJson.ts';
import { sourceResult } from './sourceFailure.ts';

const system = sourceNames.unleash;

export interface UnleashConnection {
  /** Without a slash at its end. */
  readonly baseUrl: string;
  /** Of a person or a service account that may read events; sent without a scheme, as Unleash takes it. */
  readonly token: string | undefined;
  /** Changes of other projects do not count. */
  readonly project: string | undefined;
  /** Changes that are of another environment do not count. */
  readonly environment: string | undefined;
  /** UTC ISO 8601. */
  readonly since: string;
  readonly timeoutMs?: number;
}

/** The newest come first: more than that in one window is no list that a responder reads. */
const mostEvents = 100;

const events = v.object({
  events: v.array(
    v.object({
      id: v.number(),
      createdAt: instant,
      type: v.string(),
      createdBy: v.nullish(v.string(), ''),
      project: v.nullish(v.string()),
      environment: v.nullish(v.string()),
      featureName: v.nullish(v.string()),
      label: v.nullish(v.string()),
    }),
  ),
});
const refusal = v.object({ message: v.string() });

const tokenRefused =
  'Unleash refused the token (401) that the setting incident.flags.services names. Set it again with Incident: Set Secret.';

/** Changes of feature flags: https://docs.getunleash.io/api/search-events */
export async function readUnleashEvents(
  connection: UnleashConnection,
  signal: Signal,
): Promise<SourceResult> {
  const { baseUrl, token, project, since } = connection;
  const what = 'list the events';
  const query = new URLSearchParams({
    from: `IS:${since.slice(0, 10)}`,
    limit: String(mostEvents),
    ...(project === undefined ? {} : { project: `IS:${project}` }),
  });
  const answer = await askJson(
    (url, init) => fetch(url, init),
    {
      system,
      method: 'GET',
      url: `${baseUrl}/api/admin/search/events?${query.toString()}`,
      headers: token ? { authorization: token } : {},
      what,
      ...(connection.timeoutMs === undefined ? {} : { timeoutMs: connection.timeoutMs }),
    },
    signal,
    (body) => (v.is(refusal, body) ? body.message : undefined),
  );
  const read = answer.ok ? readAnswer({ system, what }, events, answer.value.body) : answer;
  if (!read.ok) {
    const failed = sourceResult(system, read);
    // Its token is no connection's but a secret that the guide's flag steps use too.
    return failed.ok || failed.failure.code !== 'unauthorized'
      ? failed
      : { ok: false, failure: { ...failed.failure, message: tokenRefused } };
  }
  const signals = read.value.events.flatMap((event) => toChange(connection, event));
  return ok({ signals, complete: read.value.events.length < mostEvents });
}

function toChange(
  { baseUrl, environment: wanted, since }: UnleashConnection,
  event: v.InferOutput<typeof events>['events'][number],
): readonly LiveSignal[] {
  const { featureName: flag, environment, project, createdBy } = event;
  if (!flag || event.createdAt < since || (wanted && environment && environment !== wanted)) return [];
  const change = (event.label ?? event.type.replaceAll('-', ' ')).replace(/^Flag /i, '');
  return [
    {
      id: `unleash/${event.id}`,
      kind: 'flag',
      sources: [system],
      title: `${flag}: ${change}${environment ? ` in ${environment}` : ''}`,
      startedAt: event.createdAt,
      state: 'happened',
      ...(project
        ? { url: `${baseUrl}/projects/${encodeURIComponent(project)}/features/${encodeURIComponent(flag)}` }
        : {}),
      labels: {
        flag,
        ...(environment ? { environment } : {}),
        ...(project ? { project } : {}),
        ...(createdBy ? { by: createdBy } : {}),
      },
    },
  ];
}
