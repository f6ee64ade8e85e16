import type { Guide, Step } from '../guide/guide.ts';
import { words } from '../guide/vocabulary.ts';
import type { Incident } from '../incident/incident.ts';
import { addMs, parseInstant } from '../incident/instants.ts';

/** A dashboard as a guide names it in words: `Grafana > Dashboard > Service Health`. */
export interface NamedDashboard {
  readonly title: string;
  /** What stands between, when it is no word for dashboards: a folder. */
  readonly folder: string | undefined;
}

/** Something outside that a step sends a person to. */
export type StepPlace =
  | ({ readonly kind: 'dashboard' } & NamedDashboard)
  /** Beginning with http:// or https://. */
  | { readonly kind: 'address'; readonly url: string };

const arrow = /\s*(?:[-=]+>|[>→➜➔➝⇒⟶»›▸])\s*/u;
const grafana = /grafana|графана/iu;
const quoted = /["“„«「]([^"”“»」]+)["”“»」]/u;
const address = /https?:\/\/[^\s<>"'`“”«»]+/giu;

/**
 * Reads a line that names a dashboard of Grafana: segments behind arrows, a title behind a colon, or a quoted one.
 * Undefined for anything else, another system's dashboards included.
 */
export function parseDashboard(line: string): NamedDashboard | undefined {
  const text = line.replace(/[`*]/g, '').trim();
  if (!grafana.test(text)) return undefined;
  const [head = '', ...rest] = text.split(arrow);
  // "Grafana > X" and "see Grafana > X"; in "the team > Grafana" it is no place to begin at.
  if (rest.length > 0 && /(?:grafana|графана)[\s:：,]*$/iu.test(head)) {
    const title = plainTitle(rest.at(-1) ?? '');
    const between = rest.slice(0, -1).map(plainTitle);
    if (title === '' || isDashboardWord(title)) return undefined;
    return { title, folder: between.filter((part) => part !== '' && !isDashboardWord(part)).at(-1) };
  }
  if (!words.dashboard.test(text)) return undefined;
  const [before = '', behind = ''] = text.split(/[:：]\s*(?!\/\/)(.*)/su);
  const named = quoted.exec(text)?.[1] ?? (words.dashboard.test(before) ? behind : '');
  const title = plainTitle(named);
  return title === '' || /^https?:\/\//i.test(title) ? undefined : { title, folder: undefined };
}

/** A segment that says no more than that dashboards are meant. */
const isDashboardWord = (segment: string): boolean =>
  segment
    .replace(words.dashboard, '')
    .replace(/^(?:s|en|es|o|i|ы|и)$/iu, '')
    .trim() === '';

const plainTitle = (text: string): string =>
  text
    .trim()
    .replace(/^["“„«「'’]+|["”“»」'’]+$/gu, '')
    .replace(/[.,;。、]+$/u, '')
    .trim();

/** Where a step's text and details send a person, in order; each once. */
export function placesOfStep({ text, details }: Pick<Step, 'text' | 'details'>): readonly StepPlace[] {
  const places = [text, ...details].flatMap((line): readonly StepPlace[] => {
    const dashboard = parseDashboard(line);
    if (dashboard) return [{ kind: 'dashboard', ...dashboard }];
    return addressesIn(line).map((url) => ({ kind: 'address', url }));
  });
  const ids = places.map(placeId);
  return places.filter((place, index) => ids.indexOf(placeId(place)) === index);
}

/** The same for the same place, as long as the guide names it so. */
export const placeId = (place: StepPlace): string =>
  place.kind === 'address' ? place.url : `${place.folder ?? ''}>${place.title}`;

const addressesIn = (line: string): readonly string[] =>
  [...line.matchAll(address)].map(([found]) => found.replace(/[.,;:!?)\]}。、*]+$/u, ''));

/** The base URL of the Grafana that a guide writes about, without a slash at its end; undefined when it names none. */
export function grafanaAddress(guide: Guide): string | undefined {
  const sequences = [
    ...guide.phases.flatMap(({ parts }) =>
      parts.flatMap((part) => (part.kind === 'steps' || part.kind === 'option' ? [part] : [])),
    ),
    ...guide.runbooks,
  ];
  const lines = [
    ...guide.links.map(({ text, href }) => `${text} ${href}`),
    ...sequences.flatMap(({ steps }) => steps.flatMap(({ text, details }) => [text, ...details])),
  ];
  const found = lines.filter((line) => grafana.test(line)).flatMap(addressesIn);
  // A line may name Grafana beside the address of something else: the host's own name is the better word.
  const best = found.find((url) => grafana.test(hostOf(url))) ?? found[0];
  return best === undefined ? undefined : baseOf(best);
}

const hostOf = (url: string): string => /^https?:\/\/([^/?#]*)/i.exec(url)?.[1] ?? '';

/** `https://example.com/grafana/d/abc/title?x` → `https://example.com/grafana`. */
const baseOf = (url: string): string =>
  url
    .replace(/[?#].*$/s, '')
    .replace(/\/(?:d|d-solo|dashboards?|explore|alerting|a)(?:\/.*)?$/, '')
    .replace(/\/+$/, '');

/** The address of a dashboard that the guide links to under this title; undefined when there is none. */
export function linkedDashboard({ links }: Guide, title: string): string | undefined {
  const wanted = title.trim().toLowerCase();
  return links.find(
    ({ text, href }) => text.trim().toLowerCase() === wanted && /^https?:\/\/[^?#]*\/d\//i.test(href),
  )?.href;
}

/** What of an incident an address can carry. Times are ms since 1970; `to` is `now` while it goes on. */
export interface DashboardScope {
  readonly from: number | 'now-1h';
  readonly to: number | 'now';
  readonly service: string | undefined;
  readonly namespace: string | undefined;
}

/** What was before the problem began is what it is compared with. */
const leadInMs = 30 * 60_000;

/** From half an hour before the onset (the declare where none is known) until the resolution; without an incident the last hour. */
export function dashboardScope(incident: Incident | undefined): DashboardScope {
  if (!incident) return { from: 'now-1h', to: 'now', service: undefined, namespace: undefined };
  const began = addMs(incident.onsetAt ?? incident.declaredAt, -leadInMs);
  const ended = incident.resolvedAt === undefined ? undefined : parseInstant(incident.resolvedAt);
  return {
    from: (began === undefined ? undefined : parseInstant(began)) ?? 'now-1h',
    to: ended ?? 'now',
    service: incident.service,
    namespace: incident.target.namespace,
  };
}

/** Names that dashboards give to the variable of a service, best first. */
const serviceVariables = ['service', 'service_name', 'svc', 'app', 'application', 'deployment', 'workload'];
const namespaceVariables = ['namespace', 'ns'];

/**
 * A dashboard's address at an incident's time range, with the service filled in. `variables` are the dashboard's own;
 * where they are not known `service` is taken to be one: Grafana passes over what a dashboard does not have.
 * https://grafana.com/docs/grafana/latest/visualizations/dashboards/build-dashboards/create-dashboard-url-variables/
 */
export function dashboardUrl(url: string, scope: DashboardScope, variables?: readonly string[]): string {
  const nameOf = (known: readonly string[], usual: string): string | undefined =>
    variables === undefined
      ? usual
      : known.flatMap((name) => variables.find((each) => each.toLowerCase() === name) ?? [])[0];
  const set = (name: string | undefined, value: string | undefined): readonly [string, string][] =>
    name === undefined || value === undefined || value === '' ? [] : [[`var-${name}`, value]];
  const query: readonly (readonly [string, string])[] = [
    ['from', String(scope.from)],
    ['to', String(scope.to)],
    ...set(nameOf(serviceVariables, 'service'), scope.service),
    ...set(variables === undefined ? undefined : nameOf(namespaceVariables, 'namespace'), scope.namespace),
  ];
  const [, before = url, fragment = ''] = /^([^#]*)(#.*)?$/s.exec(url) ?? [];
  const ours = new Set(query.map(([name]) => name));
  const [path = '', written = ''] = before.split(/\?(.*)/s);
  const kept = written.split('&').filter((pair) => pair !== '' && !ours.has(pair.split('=')[0] ?? ''));
  const added = query.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`);
  return `${path}?${[...kept, ...added].join('&')}${fragment}`;
}

/** Grafana's own page of dashboards, searched for a title. `base` without a slash at its end. */
export const dashboardSearchUrl = (base: string, title: string): string =>
  `${base}/dashboards?query=${encodeURIComponent(title)}`;
