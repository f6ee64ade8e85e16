import * as v from 'valibot';
import { ok } from '../../core/errors.ts';
import type { Signal } from '../../core/ports.ts';
import { sourceNames, type LiveSignal } from '../../core/signals/incomingSignal.ts';
import type { SourceResult } from '../../core/signals/signalSource.ts';
import { instant } from '../alertSignal.ts';
import type { ApiResult } from '../askJson.ts';
import { sourceResult } from '../sourceFailure.ts';
import { pagerDutyAt, type AskPagerDuty } from './pagerDutyApi.ts';

const system = sourceNames.pagerduty;

export interface PagerDutySource {
  /** `https://api.pagerduty.com`, or `https://api.eu.pagerduty.com`. */
  readonly baseUrl: string;
  readonly token: string;
  /** Ids of teams whose incidents and changes count; all when empty. */
  readonly teams: readonly string[];
  /** UTC ISO 8601: changes before are not asked for. */
  readonly changesSince: string;
  /** Milliseconds from each request to its whole answer; askJson's own unless given. */
  readonly timeoutMs?: number;
}

/** What PagerDuty gives in one answer at most, and how many answers are read on: more pages than that wake nobody. */
const perPage = 100;
const mostPages = 3;

const reference = v.object({ summary: v.nullish(v.string(), '') });
const page = { more: v.nullish(v.boolean(), false) };
const incidents = v.object({
  ...page,
  incidents: v.array(
    v.object({
      id: v.string(),
      title: v.nullish(v.string(), ''),
      status: v.picklist(['triggered', 'acknowledged', 'resolved']),
      created_at: instant,
      html_url: v.nullish(v.string()),
      urgency: v.nullish(v.string()),
      priority: v.nullish(reference),
      service: v.nullish(reference),
    }),
  ),
});
const changes = v.object({
  ...page,
  change_events: v.array(
    v.object({
      id: v.string(),
      summary: v.nullish(v.string(), ''),
      timestamp: instant,
      source: v.nullish(v.string(), ''),
      services: v.nullish(v.array(reference), []),
      links: v.nullish(v.array(v.object({ href: v.string() })), []),
    }),
  ),
});

/** The id under which a PagerDuty incident is attached. */
export const pagerDutySignalId = (incident: string): string => `pagerduty/${incident}`;

/**
 * Open incidents and recent change events of PagerDuty's REST API v2:
 * https://developer.pagerduty.com/api-reference/9d0b4b12e36f9-list-incidents and …/ca3a1e2c2ddd5-list-change-events
 */
export async function readPagerDuty(connection: PagerDutySource, signal: Signal): Promise<SourceResult> {
  const ask = pagerDutyAt({ ...connection, fetch: (url, init) => fetch(url, init) }, signal);
  const teams = connection.teams.map((id) => ['team_ids[]', id] as const);
  const open = await readPages(
    ask,
    '/incidents',
    [
      ['statuses[]', 'triggered'],
      ['statuses[]', 'acknowledged'],
      ['date_range', 'all'],
      ['sort_by', 'created_at:desc'],
      ...teams,
    ],
    'list the incidents',
    incidents,
  );
  if (!open.ok) return sourceResult(system, open);
  const recent = await readPages(
    ask,
    '/change_events',
    [['since', connection.changesSince], ...teams],
    'list the change events',
    changes,
  );
  if (!recent.ok) return sourceResult(system, recent);
  return ok({
    signals: [
      ...open.value.flatMap((answer) => answer.incidents.map(toPage)),
      ...recent.value.flatMap((answer) => answer.change_events.map(toChange)),
    ],
    complete: !open.value.at(-1)?.more,
  });
}

async function readPages<T extends { readonly more: boolean }>(
  ask: AskPagerDuty,
  path: string,
  query: readonly (readonly [string, string])[],
  what: string,
  schema: v.GenericSchema<unknown, T>,
): Promise<ApiResult<readonly T[]>> {
  const pages: T[] = [];
  do {
    const search = new URLSearchParams([
      ...query.map(([name, value]): [string, string] => [name, value]),
      ['limit', `${perPage}`],
      ['offset', `${pages.length * perPage}`],
    ]);
    const read = await ask({ method: 'GET', path: `${path}?${search.toString()}`, what }, schema);
    if (!read.ok) return read;
    pages.push(read.value.body);
  } while (pages.at(-1)?.more && pages.length < mostPages);
  return { ok: true, value: pages };
}

type Incident = v.InferOutput<typeof incidents>['incidents'][number];

function toPage({
  id,
  title,
  status,
  created_at,
  html_url,
  urgency,
  priority,
  service,
}: Incident): LiveSignal {
  const severity = priority?.summary || urgency;
  return {
    id: pagerDutySignalId(id),
    kind: 'page',
    sources: [system],
    title: title || 'Incident without a title',
    ...(severity ? { severity } : {}),
    ...(service?.summary ? { service: service.summary } : {}),
    startedAt: created_at,
    state: status === 'triggered' ? 'firing' : status,
    ...(html_url ? { url: html_url } : {}),
    // By it the incident is taken as ours when one is declared from it.
    labels: { incident_id: id },
  };
}

function toChange(event: v.InferOutput<typeof changes>['change_events'][number]): LiveSignal {
  const service = event.services[0]?.summary;
  const [link] = event.links;
  return {
    id: `pagerduty/change/${event.id}`,
    // PagerDuty does not tell deploys from other changes; nearly all of its integrations send deploys.
    kind: 'deploy',
    sources: [system],
    title: event.summary || 'Change without a summary',
    ...(service ? { service } : {}),
    startedAt: event.timestamp,
    state: 'happened',
    ...(link ? { url: link.href } : {}),
    labels: event.source ? { source: event.source } : {},
  };
}
