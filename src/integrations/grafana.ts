import * as v from 'valibot';
import { failed, ok, type Result } from '../core/errors.ts';
import type { Signal } from '../core/ports.ts';
import { askJson, plainResult, readAnswer, type ApiResult } from './askJson.ts';
import type { CheckConnection } from './connection.ts';

const system = 'Grafana';

/** A Grafana to ask; `baseUrl` without a slash at its end, the path below which it lives included. */
export interface GrafanaPlace {
  readonly baseUrl: string;
  /** Of a service account with the role Viewer. */
  readonly token: string;
}

export interface DashboardHit {
  readonly uid: string;
  readonly title: string;
  /** Its folder's title; undefined at the root. */
  readonly folder: string | undefined;
  /** Address of the dashboard, without time range and variables. */
  readonly url: string;
}

/** More hits than a person reads are not asked for. */
const mostHits = 100;

const hits = v.array(
  v.object({
    uid: v.pipe(v.string(), v.minLength(1)),
    title: v.string(),
    url: v.pipe(v.string(), v.startsWith('/')),
    folderTitle: v.optional(v.string()),
  }),
);
const dashboard = v.object({
  dashboard: v.object({
    templating: v.optional(v.object({ list: v.optional(v.array(v.object({ name: v.string() }))) })),
  }),
});
const organization = v.object({ name: v.string() });
const account = v.object({ login: v.optional(v.string(), ''), name: v.optional(v.string(), '') });
const refusal = v.object({ message: v.string() });

/**
 * Dashboards for a title as a guide writes it, those in a folder of that name first asked for: exactly so called, else
 * those whose title contains it, else those with it as their tag. Empty when there is none.
 * https://grafana.com/docs/grafana/latest/developer-resources/api-reference/http-api/folder_dashboard_search/
 */
export async function findDashboards(
  place: GrafanaPlace,
  wanted: { readonly title: string; readonly folder?: string | undefined },
  signal: Signal,
): Promise<Result<readonly DashboardHit[]>> {
  const { folder } = wanted;
  const title = wanted.title.trim().replace(/\s+/g, ' ');
  const titled = await search(place, { query: title }, signal);
  if (!titled.ok) return plainResult(titled);
  const exact = titled.value.filter((hit) => isSame(hit.title, title));
  const inFolder = exact.filter((hit) => folder !== undefined && isSame(hit.folder ?? '', folder));
  if (inFolder.length > 0) return ok(inFolder);
  if (exact.length > 0) return ok(exact);
  if (titled.value.length > 0) return ok(titled.value);
  // Tags are compared letter by letter, and nobody writes one as the title it stands for.
  for (const tag of new Set([title, title.toLowerCase(), title.toLowerCase().replace(/\s+/g, '-')])) {
    const tagged = await search(place, { tag }, signal);
    if (!tagged.ok) return plainResult(tagged);
    if (tagged.value.length > 0) return ok(tagged.value);
  }
  return ok([]);
}

async function search(
  place: GrafanaPlace,
  by: Readonly<Record<string, string>>,
  signal: Signal,
): Promise<ApiResult<readonly DashboardHit[]>> {
  const query = new URLSearchParams({ type: 'dash-db', limit: String(mostHits), ...by });
  const found = await get(place, `/api/search?${query}`, 'look for the dashboard', hits, signal);
  return found.ok ? { ok: true, value: found.value.map((hit) => toHit(place.baseUrl, hit)) } : found;
}

/** Names of the variables that an address of the dashboard can set as `var-NAME`. */
export async function fetchVariables(
  place: GrafanaPlace,
  uid: string,
  signal: Signal,
): Promise<Result<readonly string[]>> {
  const path = `/api/dashboards/uid/${encodeURIComponent(uid)}`;
  const read = await get(place, path, 'read the dashboard', dashboard, signal);
  if (!read.ok) return plainResult(read);
  return ok((read.value.dashboard.templating?.list ?? []).map(({ name }) => name));
}

/** Asks which organization the token belongs to, by which account, and whether it may look for dashboards. */
export const checkGrafana: CheckConnection = async ({ baseUrl, token }, signal) => {
  if (token === undefined || token === '')
    return failed('unauthorized', 'No token is stored for Grafana. Give it the token of a service account.');
  const place = { baseUrl, token };
  const named = await get(place, '/api/org', 'find out who the token is', organization, signal);
  if (!named.ok) return plainResult(named);
  const who = await get(place, '/api/user', 'find out who the token is', account, signal);
  // Before Grafana 11 a service account is no user to this endpoint: then the organization alone is named.
  const name = who.ok ? who.value.login || who.value.name : '';
  const seen = await get(place, '/api/search?type=dash-db&limit=1', 'look for dashboards', hits, signal);
  if (!seen.ok) return plainResult(seen);
  return ok({
    who: name === '' ? named.value.name : `${name} in ${named.value.name}`,
    warnings:
      seen.value.length > 0
        ? []
        : ['This token sees no dashboard: give the service account the role Viewer, or a folder.'],
  });
};

async function get<T>(
  { baseUrl, token }: GrafanaPlace,
  path: string,
  what: string,
  schema: v.GenericSchema<unknown, T>,
  signal: Signal,
): Promise<ApiResult<T>> {
  const answer = await askJson(
    (url, init) => fetch(url, init),
    { system, method: 'GET', url: `${baseUrl}${path}`, headers: { authorization: `Bearer ${token}` }, what },
    signal,
    (body) => (v.is(refusal, body) ? body.message : undefined),
  );
  return answer.ok ? readAnswer({ system, what }, schema, answer.value.body) : answer;
}

/** A hit's `url` is a path from the root of the host, the one below which Grafana lives included. */
function toHit(
  baseUrl: string,
  { uid, title, url, folderTitle }: v.InferOutput<typeof hits>[number],
): DashboardHit {
  return { uid, title, folder: folderTitle, url: `${new URL(baseUrl).origin}${url}` };
}

const isSame = (one: string, other: string): boolean => plain(one) === plain(other);
const plain = (text: string): string => text.trim().replace(/\s+/g, ' ').toLowerCase();
