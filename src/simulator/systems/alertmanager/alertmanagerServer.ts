import type { Server } from 'node:http';
import type { WebCall, WebReply } from '../webApi.ts';
import { createWebApi } from '../webApi.ts';
import type { AlertmanagerStore, StoredAlert, StoredSilence } from './alertmanagerStore.ts';
import type { Matcher } from './matchers.ts';
import { BadMatcher, compile, fits, parseFilter } from './matchers.ts';
import { SwaggerRefusal, faultOf, parseAlerts, parseSilence } from './postable.ts';

type Answer = (store: AlertmanagerStore, call: WebCall, id: string) => WebReply;

/** A sentence of Alertmanager's own handlers is the whole body: a JSON string. */
const sentence = (status: number, text: string): WebReply => ({ status, body: JSON.stringify(text) });
const json = { 'content-type': 'application/json' };
const iso = (at: number): string => new Date(at).toISOString();

const getStatus: Answer = (store) => ({
  status: 200,
  body: {
    cluster: { peers: [], status: 'disabled' },
    config: { original: configText(store) },
    uptime: iso(store.startedAt),
    versionInfo: {
      branch: 'HEAD',
      buildDate: '20250307-15:05:18',
      buildUser: 'simulated',
      goVersion: 'go1.23.7',
      revision: 'simulated',
      version: '0.28.1',
    },
  },
});

const configText = ({ config }: AlertmanagerStore): string =>
  `global:\n  resolve_timeout: 5m\nroute:\n  receiver: ${config.receiver}\n  group_by:\n${config.groupBy.map((name) => `  - ${name}\n`).join('')}receivers:\n${receivers(
    config,
  )
    .map((name) => `- name: ${name}\n`)
    .join('')}`;

const receivers = ({ receiver, routes }: AlertmanagerStore['config']): string[] => [
  ...new Set([receiver, ...routes.map((route) => route.receiver)]),
];

const getReceivers: Answer = ({ config }) => ({
  status: 200,
  body: receivers(config).map((name) => ({ name })),
});

/** As go-openapi reads a boolean: these words are true, every other one is false, an absent one is true here. */
const isOn = (text: string | null): boolean =>
  text === null ||
  ['true', '1', 'yes', 'ok', 'y', 'on', 'selected', 'checked', 't', 'enabled'].includes(text.toLowerCase());

/** The firing alerts that the query asks for, in the order of their fingerprints. Throws a BadMatcher. */
function askedAlerts(store: AlertmanagerStore, { query }: WebCall): StoredAlert[] {
  const matchers = query.getAll('filter').map(parseFilter);
  const asked = query.get('receiver');
  const receiver = asked === null ? undefined : receiverPattern(asked);
  return [...store.alerts.values()]
    .filter((alert) => {
      const silenced = store.silencedBy(alert.labels).length > 0;
      const inhibited = store.inhibitedBy(alert).length > 0;
      return (
        alert.endsAt > store.now() &&
        (isOn(query.get('active')) || silenced || inhibited) &&
        (isOn(query.get('silenced')) || !silenced) &&
        (isOn(query.get('inhibited')) || !inhibited) &&
        (receiver?.test(store.receiverOf(alert.labels)) ?? true) &&
        matchers.every((matcher) => fits(matcher, alert.labels))
      );
    })
    .sort((a, b) => (a.fingerprint < b.fingerprint ? -1 : 1));
}

function receiverPattern(text: string): RegExp {
  try {
    return compile(`^(?:${text})$`);
  } catch (thrown) {
    if (!(thrown instanceof BadMatcher)) throw thrown;
    throw new BadMatcher(`failed to parse receiver param: ${thrown.message}`);
  }
}

function alertBody(store: AlertmanagerStore, alert: StoredAlert): Record<string, unknown> {
  const silencedBy = store.silencedBy(alert.labels);
  const inhibitedBy = store.inhibitedBy(alert);
  const suppressed = silencedBy.length + inhibitedBy.length > 0;
  return {
    annotations: alert.annotations,
    endsAt: iso(alert.endsAt),
    fingerprint: alert.fingerprint,
    receivers: [{ name: store.receiverOf(alert.labels) }],
    startsAt: iso(alert.startsAt),
    status: { inhibitedBy, mutedBy: [], silencedBy, state: suppressed ? 'suppressed' : 'active' },
    updatedAt: iso(alert.updatedAt),
    ...(alert.generatorURL === '' ? {} : { generatorURL: alert.generatorURL }),
    labels: alert.labels,
  };
}

const getAlerts: Answer = (store, call) => ({
  status: 200,
  body: askedAlerts(store, call).map((alert) => alertBody(store, alert)),
});

const getGroups: Answer = (store, call) => {
  const groups = new Map<string, { labels: Record<string, string>; receiver: string; alerts: unknown[] }>();
  for (const alert of askedAlerts(store, call)) {
    const labels: Record<string, string> = {};
    for (const name of [...store.config.groupBy].sort()) {
      const value = alert.labels[name];
      if (value !== undefined) labels[name] = value;
    }
    const receiver = store.receiverOf(alert.labels);
    const key = `${JSON.stringify(labels)} ${receiver}`;
    const group = groups.get(key) ?? { labels, receiver, alerts: [] };
    group.alerts.push(alertBody(store, alert));
    groups.set(key, group);
  }
  const body = [...groups.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { alerts, labels, receiver }]) => ({ alerts, labels, receiver: { name: receiver } }));
  return { status: 200, body };
};

/** Takes what is right and complains of the rest: a 400 does not mean that nothing was stored. */
const postAlerts: Answer = (store, { text }) => {
  const { taken, faults } = parseAlerts(text);
  for (const alert of taken) store.put(alert);
  return faults.length === 0 ? { status: 200 } : sentence(400, faults.join('; '));
};

const silenceBody = (store: AlertmanagerStore, silence: StoredSilence): unknown => ({
  id: silence.id,
  status: { state: store.stateOf(silence) },
  updatedAt: iso(silence.updatedAt),
  comment: silence.comment,
  createdBy: silence.createdBy,
  endsAt: iso(silence.endsAt),
  matchers: silence.matchers.map(({ name, value, isRegex, isEqual }) => ({ isEqual, isRegex, name, value })),
  startsAt: iso(silence.startsAt),
});

const stateOrder = { active: 1, pending: 2, expired: 3 } as const;
const sameMatcher = (a: Matcher, b: Matcher): boolean =>
  a.name === b.name && a.value === b.value && a.isRegex === b.isRegex && a.isEqual === b.isEqual;

/** A filter asks for silences that have the very same matcher, not for those that would silence something. */
const getSilences: Answer = (store, { query }) => {
  const wanted = query.getAll('filter').map(parseFilter);
  const body = [...store.silences.values()]
    .filter(({ matchers }) => wanted.every((one) => matchers.some((each) => sameMatcher(one, each))))
    .sort((a, b) => {
      const [first, second] = [store.stateOf(a), store.stateOf(b)];
      if (first !== second) return stateOrder[first] - stateOrder[second];
      if (first === 'pending') return a.startsAt - b.startsAt;
      return first === 'active' ? a.endsAt - b.endsAt : b.endsAt - a.endsAt;
    })
    .map((silence) => silenceBody(store, silence));
  return { status: 200, body };
};

const postSilences: Answer = (store, { text }) => {
  const posted = parseSilence(text);
  const now = store.now();
  if (posted.startsAt >= posted.endsAt)
    return sentence(400, 'Failed to create silence: start time must be before end time');
  if (posted.endsAt < now) return sentence(400, "Failed to create silence: end time can't be in the past");
  const fault = faultOf(posted);
  if (fault !== undefined) return sentence(400, `invalid silence: ${fault}`);
  const { id, ...silence } = posted;
  const before = id === '' ? undefined : store.silences.get(id);
  if (id !== '' && before === undefined) return sentence(404, 'silence not found');
  if (before !== undefined && mayChange(store, before, posted)) {
    store.silences.set(id, { ...silence, id, updatedAt: now });
    return { status: 200, body: { silenceID: id } };
  }
  // What has begun is history: another matcher or start ends the old silence and makes a new one.
  if (before !== undefined) store.expire(before.id);
  const made = store.silence({ ...silence, startsAt: Math.max(silence.startsAt, now) });
  return { status: 200, body: { silenceID: made.id } };
};

function mayChange(
  store: AlertmanagerStore,
  before: StoredSilence,
  after: Omit<StoredSilence, 'updatedAt'>,
): boolean {
  const { matchers } = before;
  if (matchers.length !== after.matchers.length) return false;
  if (!matchers.every((one, i) => sameMatcher(one, after.matchers[i] ?? { ...one, name: '' }))) return false;
  const state = store.stateOf(before);
  if (state === 'active')
    return (
      Math.floor(before.startsAt / 1000) === Math.floor(after.startsAt / 1000) && after.endsAt >= store.now()
    );
  return state === 'pending' && after.startsAt >= store.now();
}

const getSilence: Answer = (store, _call, id) => {
  const found = store.silences.get(id);
  return found === undefined ? { status: 404 } : { status: 200, body: silenceBody(store, found) };
};

/** Does not delete: it ends the silence, and answers 200 for one that has already ended. */
const deleteSilence: Answer = (store, _call, id) => ({ status: store.expire(id) ? 200 : 404 });

const paths: readonly (readonly [RegExp, Readonly<Record<string, Answer>>])[] = [
  [/^\/api\/v2\/status$/, { GET: getStatus }],
  [/^\/api\/v2\/receivers$/, { GET: getReceivers }],
  [/^\/api\/v2\/alerts$/, { GET: getAlerts, POST: postAlerts }],
  [/^\/api\/v2\/alerts\/groups$/, { GET: getGroups }],
  [/^\/api\/v2\/silences$/, { GET: getSilences, POST: postSilences }],
  [/^\/api\/v2\/silence\/([^/]+)$/, { DELETE: deleteSilence, GET: getSilence }],
];

const isUuid = (text: string): boolean =>
  /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i.test(text);
const swagger = (status: number, code: number, message: string, headers = {}): WebReply => ({
  status,
  body: { code, message },
  headers: { ...json, ...headers },
});

function answer(store: AlertmanagerStore, call: WebCall): WebReply {
  const { method, path, headers } = call;
  if (store.authorization !== undefined && headers.authorization !== store.authorization)
    return {
      status: 401,
      body: 'Unauthorized\n',
      headers: { 'content-type': 'text/plain; charset=utf-8', 'www-authenticate': 'Basic' },
    };
  const text = { 'content-type': 'text/plain; charset=utf-8' };
  if (path === '/-/ready' || path === '/-/healthy') return { status: 200, body: 'OK', headers: text };
  if (path.startsWith('/api/v1/'))
    return {
      status: 410,
      body: {
        status: 'deprecated',
        error:
          'The Alertmanager v1 API was deprecated in version 0.16.0 and is removed as of version 0.27.0 - please use the equivalent route in the v2 API',
      },
    };
  if (!path.startsWith('/api/v2/')) return { status: 404, body: '404 page not found\n', headers: text };
  const found = paths.find(([pattern]) => pattern.test(path));
  if (found === undefined) return swagger(404, 404, `path ${path} was not found`);
  const [pattern, methods] = found;
  const run = methods[method];
  if (run === undefined) {
    const allowed = Object.keys(methods).join(',');
    return swagger(405, 405, `method ${method} is not allowed, but [${allowed}] are`, { allow: allowed });
  }
  const type = (headers['content-type'] ?? 'application/octet-stream').split(';')[0]?.trim() ?? '';
  if (method === 'POST' && type !== 'application/json')
    return swagger(
      415,
      415,
      `unsupported media type ${JSON.stringify(type)}, only [application/json] are allowed`,
    );
  const id = pattern.exec(path)?.[1] ?? '';
  if (id !== '' && !isUuid(id))
    return swagger(422, 601, `silenceID in path must be of type uuid: ${JSON.stringify(id)}`);
  try {
    const reply = run(store, call, id);
    return { ...reply, headers: { ...(reply.body === undefined ? {} : json), ...reply.headers } };
  } catch (thrown) {
    if (thrown instanceof SwaggerRefusal) return swagger(thrown.status, thrown.code, thrown.message);
    if (thrown instanceof BadMatcher) return { ...sentence(400, thrown.message), headers: json };
    throw thrown;
  }
}

/**
 * The v2 API of the simulated Alertmanager, with the answers of 0.28.1:
 * https://github.com/prometheus/alertmanager/blob/v0.28.1/api/v2/openapi.yaml. What a client must know:
 * an error's body is `{code, message}` when the generated layer refuses (400 unparsable, 404, 405, 415, 422), and a
 * bare JSON string when Alertmanager does (400, 404 of a POST); a 404 of a single silence has no body at all. A
 * DELETE ends a silence and may be repeated. A POST with the id of a silence that has begun, with other matchers or
 * another start, ends it and answers with a new id. Alerts past their `endsAt` are not listed.
 */
export const createAlertmanagerServer = (store: AlertmanagerStore): Server =>
  createWebApi({
    log: store,
    now: store.now,
    answer: (call) => {
      store.beforeAnswer();
      return answer(store, call);
    },
  });
