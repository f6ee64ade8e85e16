import type { Server } from 'node:http';
import type { WebCall, WebReply } from '../webApi.ts';
import { createWebApi } from '../webApi.ts';
import { createIncident, updateIncident } from './changeIncident.ts';
import { StatuspageRefusal, parseIncident } from './incidentParameters.ts';
import type { StatuspageComponent, StatuspageIncident, StatuspageStore } from './statuspageStore.ts';

const notFound = (): StatuspageRefusal =>
  new StatuspageRefusal(404, 'The requested resource could not be found.');

const componentBody = (component: StatuspageComponent): unknown => ({
  ...component,
  showcase: true,
  only_show_if_degraded: false,
  group: false,
  start_date: component.created_at.slice(0, 10),
  automation_email: `component+${component.id}@notifications.example.com`,
});

const incidentBody = (store: StatuspageStore, incident: StatuspageIncident): unknown => ({
  ...incident,
  components: incident.components.flatMap((id) =>
    store.components.filter((one) => one.id === id).map(componentBody),
  ),
  incident_updates: incident.incident_updates.map((update) => ({
    ...update,
    custom_tweet: null,
    tweet_id: null,
    twitter_updated_at: null,
    wants_twitter_update: false,
  })),
  postmortem_body: null,
  postmortem_body_last_updated_at: null,
  postmortem_ignored: false,
  postmortem_notified_subscribers: false,
  postmortem_notified_twitter: false,
  postmortem_published_at: null,
  scheduled_auto_completed: false,
  scheduled_auto_in_progress: false,
  scheduled_remind_prior: false,
  scheduled_reminded_at: null,
});

/** A page of a list, newest first; `page` begins at 1, `size` names the parameter for how many a page has. */
function paged<T>(list: readonly T[], query: URLSearchParams, size: string, most: number): T[] {
  const read = (name: string, absent: number): number => {
    const text = query.get(name);
    if (text === null) return absent;
    if (!/^\d+$/.test(text)) throw new StatuspageRefusal(400, `${name} is invalid`);
    return Number(text);
  };
  const count = read(size, most);
  if (count < 1 || count > most) throw new StatuspageRefusal(400, `${size} does not have a valid value`);
  const first = (Math.max(1, read('page', 1)) - 1) * count;
  return [...list].reverse().slice(first, first + count);
}

/** Looks in names, statuses and updates; metadata is not searched. */
const mentions = (incident: StatuspageIncident, words: string): boolean =>
  [incident.name, incident.status, ...incident.incident_updates.map(({ body }) => body)].some((text) =>
    text.toLowerCase().includes(words.toLowerCase()),
  );

type Answer = (store: StatuspageStore, call: WebCall, page: string, id: string) => WebReply;

const ok = (body: unknown): WebReply => ({ status: 200, body });
const ofPage = ({ incidents }: StatuspageStore, page: string): StatuspageIncident[] =>
  incidents.filter(({ page_id }) => page_id === page);

function incidentOf(store: StatuspageStore, page: string, id: string): StatuspageIncident {
  const found = ofPage(store, page).find((one) => one.id === id);
  if (found === undefined) throw notFound();
  return found;
}

const change: Answer = (store, { body }, page, id) => {
  const incident = incidentOf(store, page, id);
  updateIncident(store, incident, parseIncident(body, store, page));
  return ok(incidentBody(store, incident));
};

const open = new Set(['investigating', 'identified', 'monitoring']);

const paths: readonly (readonly [RegExp, Readonly<Record<string, Answer>>])[] = [
  [/^\/v1\/pages$/, { GET: ({ pages }) => ok(pages.map(pageBody)) }],
  [
    /^\/v1\/pages\/([^/]+)$/,
    { GET: ({ pages }, _call, page) => ok(pages.filter(({ id }) => id === page).map(pageBody)[0]) },
  ],
  [
    /^\/v1\/pages\/([^/]+)\/components$/,
    {
      GET: ({ components }, { query }, page) => {
        const list = components.filter(({ page_id }) => page_id === page).reverse();
        return ok(paged(list, query, 'per_page', 100).map(componentBody));
      },
    },
  ],
  [
    /^\/v1\/pages\/([^/]+)\/incidents$/,
    {
      GET: (store, { query }, page) => {
        const words = query.get('q') ?? '';
        const list = ofPage(store, page).filter((one) => words === '' || mentions(one, words));
        return ok(paged(list, query, 'limit', 100).map((one) => incidentBody(store, one)));
      },
      POST: (store, { body }, page) => {
        const incident = createIncident(store, page, parseIncident(body, store, page));
        return { status: 201, body: incidentBody(store, incident) };
      },
    },
  ],
  [
    /^\/v1\/pages\/([^/]+)\/incidents\/unresolved$/,
    {
      GET: (store, { query }, page) => {
        const list = ofPage(store, page).filter(({ status }) => open.has(status));
        return ok(paged(list, query, 'per_page', 100).map((one) => incidentBody(store, one)));
      },
    },
  ],
  [
    /^\/v1\/pages\/([^/]+)\/incidents\/([^/]+)$/,
    {
      GET: (store, _call, page, id) => ok(incidentBody(store, incidentOf(store, page, id))),
      PATCH: change,
      PUT: change,
    },
  ],
];

const pageBody = (page: StatuspageStore['pages'][number]): unknown => ({
  ...page,
  page_description: null,
  headline: null,
  branding: 'basic',
  domain: null,
  support_url: null,
  hidden_from_search: false,
  allow_email_subscribers: true,
  allow_incident_subscribers: true,
});

function answer(store: StatuspageStore, call: WebCall): WebReply {
  const path = call.path.replace(/\.json$/, '');
  const found = paths.find(([pattern]) => pattern.test(path));
  const key = /^OAuth\s+(.+)$/i.exec(call.headers.authorization ?? '')?.[1] ?? call.query.get('api_key');
  if (key !== store.token) return { status: 401, body: { error: 'Could not authenticate' } };
  const { perMinute, status } = store.limit;
  const verdict = store.window.take(key, perMinute, store.now());
  if (!verdict.allowed)
    return {
      status,
      body: { error: 'Too many requests' },
      headers: { 'retry-after': String(Math.ceil(verdict.resetMs / 1000)) },
    };
  try {
    const run = found?.[1][call.method];
    if (found === undefined || run === undefined) throw notFound();
    const [, page = '', id = ''] = found[0].exec(path) ?? [];
    if (page !== '' && !store.pages.some((one) => one.id === page)) throw notFound();
    return run(store, call, page, id);
  } catch (thrown) {
    if (!(thrown instanceof StatuspageRefusal)) throw thrown;
    return { status: thrown.status, body: { error: thrown.error } };
  }
}

/**
 * The part of Statuspage's API that tells customers of an incident: https://developer.statuspage.io/. What a client
 * must know: the scheme of the Authorization header is the word `OAuth`; creating has no idempotency key and is
 * answered with 201, so a client that wants to find its own incident again puts an id into `metadata` (an object of
 * objects) and looks through `incidents/unresolved` and `incidents`, as `q` does not search metadata; a key may ask
 * once a second over a rolling minute, and one too many is a 429 or 420 with `Retry-After` in seconds;
 * `deliver_notifications` is true where it is left out, in updates too; `component_ids` marks components as affected
 * without changing them, `components` (id to status) changes them. `error` is a text, or with 422 a list of texts.
 */
export const createStatuspageServer = (store: StatuspageStore): Server =>
  createWebApi({ log: store, now: store.now, answer: (call) => answer(store, call) });
