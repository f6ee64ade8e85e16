import type { Server } from 'node:http';
import type { WebCall, WebReply } from '../webApi.ts';
import { createWebApi } from '../webApi.ts';
import { prepare } from './evaluate.ts';
import { ExecutionFault, ParseFault } from './promql.ts';
import type { AlertingRule, PendingOrFiring, PrometheusStore } from './prometheusStore.ts';
import { activeAlerts } from './prometheusStore.ts';

/** A refusal in Prometheus' envelope. */
class ApiRefusal extends Error {
  readonly status: number;
  readonly errorType: string;
  constructor(status: number, errorType: string, message: string) {
    super(message);
    this.status = status;
    this.errorType = errorType;
  }
}

type Parameters = ReadonlyMap<string, string>;
type Answer = (store: PrometheusStore, parameters: Parameters) => unknown;

const json = { 'content-type': 'application/json' };
const plain = { 'content-type': 'text/plain; charset=utf-8' };
const invalid = (parameter: string, cause: string): ApiRefusal =>
  new ApiRefusal(400, 'bad_data', `invalid parameter "${parameter}": ${cause}`);

/** With nanoseconds, as Go writes the times of its evaluations: more digits than a JavaScript date has. */
const nanoIso = (at: number): string => new Date(at).toISOString().replace('Z', '540807Z');

/** As Go writes a float with exponent: `7.3e-01`. */
const exponent = (value: number): string =>
  value.toExponential().replace(/e([+-])(\d)$/, (_all, sign: string, digit: string) => `e${sign}0${digit}`);

const alertBody = ({ labels, annotations, firing, activeAt, value }: PendingOrFiring): unknown => ({
  labels,
  annotations,
  state: firing ? 'firing' : 'pending',
  activeAt: nanoIso(activeAt),
  value: exponent(value),
});

const getAlerts: Answer = (store) => ({ alerts: activeAlerts(store).map(alertBody) });

const getRules: Answer = (store, parameters) => {
  const type = (parameters.get('type') ?? '').toLowerCase();
  if (!['', 'alert', 'record'].includes(type)) throw invalid('type', `not supported value "${type}"`);
  if (type === 'record') return { groups: [] };
  const evaluated = { evaluationTime: 0.000556347, lastEvaluation: nanoIso(store.now()) };
  const active = activeAlerts(store);
  const ruleBody = (rule: AlertingRule): unknown => {
    const alerts = active.filter((alert) => alert.rule === rule);
    const firing = alerts.some((alert) => alert.firing);
    return {
      state: firing ? 'firing' : alerts.length > 0 ? 'pending' : 'inactive',
      name: rule.name,
      query: rule.query,
      duration: rule.forMs / 1000,
      keepFiringFor: 0,
      labels: rule.labels,
      annotations: rule.annotations,
      alerts: alerts.map(alertBody),
      health: 'ok',
      ...evaluated,
      type: 'alerting',
    };
  };
  const names = [...new Set(store.rules.map(({ group }) => group))];
  return {
    groups: names.map((name) => ({
      name,
      file: `/etc/prometheus/rules/${name}.yml`,
      rules: store.rules.filter(({ group }) => group === name).map(ruleBody),
      interval: 15,
      limit: 0,
      ...evaluated,
    })),
  };
};

/** Unix seconds or RFC 3339, as ms; undefined for anything else. */
function readTime(text: string): number | undefined {
  const seconds = text === '' ? NaN : Number(text);
  if (Number.isFinite(seconds)) return Math.round(seconds * 1000);
  const at = /^\d{4}-\d{2}-\d{2}T/.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(at) ? undefined : at;
}

/** Seconds or a duration such as `1m30s`, as ms; undefined for anything else. */
function readDuration(text: string): number | undefined {
  const seconds = text === '' ? NaN : Number(text);
  if (Number.isFinite(seconds)) return seconds * 1000;
  const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
  if (!/^(?:\d+(?:ms|[smhd]))+$/.test(text)) return undefined;
  return [...text.matchAll(/(\d+)(ms|[smhd])/g)].reduce(
    (sum, [, count = '0', unit = 's']) => sum + Number(count) * (units[unit] ?? 0),
    0,
  );
}

/** As Prometheus writes a value. */
const valueText = (value: number): string =>
  Number.isFinite(value) || Number.isNaN(value) ? String(value) : value > 0 ? '+Inf' : '-Inf';

/** A refusal instead of a fault, of what reads an expression or computes it. */
function orRefuse<T>(act: () => T): T {
  try {
    return act();
  } catch (thrown) {
    if (thrown instanceof ParseFault) throw invalid('query', thrown.message);
    if (thrown instanceof ExecutionFault) throw new ApiRefusal(422, 'execution', thrown.message);
    throw thrown;
  }
}

const query: Answer = (store, parameters) => {
  const time = parameters.get('time');
  const at = time === undefined ? store.now() : readTime(time);
  if (at === undefined)
    throw invalid('time', `Invalid time value for 'time': cannot parse ${JSON.stringify(time)} to a valid timestamp`); // prettier-ignore
  const found = orRefuse(() => prepare(store, parameters.get('query') ?? '')(at));
  if (found.type === 'scalar') return { resultType: 'scalar', result: [at / 1000, valueText(found.value)] };
  const result = found.samples.map(({ metric, value }) => ({ metric, value: [at / 1000, valueText(value)] }));
  return { resultType: 'vector', result };
};

const mostPoints = 11_000;

const queryRange: Answer = (store, parameters) => {
  const moment = (name: string): number => {
    const text = parameters.get(name) ?? '';
    const at = readTime(text);
    if (at === undefined) throw invalid(name, `cannot parse ${JSON.stringify(text)} to a valid timestamp`);
    return at;
  };
  const [start, end] = [moment('start'), moment('end')];
  if (end < start) throw invalid('end', 'end timestamp must not be before start time');
  const text = parameters.get('step') ?? '';
  const step = readDuration(text);
  if (step === undefined) throw invalid('step', `cannot parse ${JSON.stringify(text)} to a valid duration`);
  if (step <= 0)
    throw invalid('step', 'zero or negative query resolution step widths are not accepted. Try a positive integer'); // prettier-ignore
  if ((end - start) / step > mostPoints)
    throw new ApiRefusal(
      400,
      'bad_data',
      'exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)',
    );
  const rows = new Map<string, { metric: unknown; values: unknown[] }>();
  const evaluate = orRefuse(() => prepare(store, parameters.get('query') ?? ''));
  for (let at = start; at <= end; at += step) {
    const found = orRefuse(() => evaluate(at));
    const samples = found.type === 'scalar' ? [{ metric: {}, value: found.value }] : found.samples;
    for (const { metric, value } of samples) {
      const key = JSON.stringify(metric);
      const row = rows.get(key) ?? { metric, values: [] };
      row.values.push([at / 1000, valueText(value)]);
      rows.set(key, row);
    }
  }
  return { resultType: 'matrix', result: [...rows.values()] };
};

const buildInfo: Answer = () => ({
  version: '2.42.0',
  revision: 'simulated',
  branch: 'HEAD',
  buildUser: 'simulated',
  buildDate: '20230131-18:23:01',
  goVersion: 'go1.19.8',
});

const paths: Readonly<Record<string, { readonly answer: Answer; readonly post?: true }>> = {
  '/api/v1/alerts': { answer: getAlerts },
  '/api/v1/rules': { answer: getRules },
  '/api/v1/query': { answer: query, post: true },
  '/api/v1/query_range': { answer: queryRange, post: true },
  '/api/v1/status/buildinfo': { answer: buildInfo },
};

/** The query, and of a form that was posted its fields. */
const parametersOf = ({ query: fromUrl, headers, text }: WebCall): Parameters =>
  new Map([
    ...fromUrl,
    ...(headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true
      ? new URLSearchParams(text)
      : []),
  ]);

function answer(store: PrometheusStore, call: WebCall): WebReply {
  const { method, path, headers } = call;
  if (store.authorization !== undefined && headers.authorization !== store.authorization)
    return { status: 401, body: 'Unauthorized\n', headers: { ...plain, 'www-authenticate': 'Basic' } };
  if (path === '/-/healthy') return { status: 200, body: 'Prometheus Server is Healthy.\n', headers: plain };
  if (!store.ready) return { status: 503, body: 'Service Unavailable', headers: plain };
  if (path === '/-/ready') return { status: 200, body: 'Prometheus Server is Ready.\n', headers: plain };
  const found = Object.hasOwn(paths, path) ? paths[path] : undefined;
  if (found === undefined) return { status: 404, body: '404 page not found\n', headers: plain };
  if (method !== 'GET' && !(method === 'POST' && found.post === true)) {
    const allow = found.post === true ? 'GET, OPTIONS, POST' : 'GET, OPTIONS';
    return { status: 405, body: 'Method Not Allowed\n', headers: { ...plain, allow } };
  }
  try {
    const data = found.answer(store, parametersOf(call));
    return { status: 200, body: { status: 'success', data }, headers: json };
  } catch (thrown) {
    if (!(thrown instanceof ApiRefusal)) throw thrown;
    const { status, errorType, message } = thrown;
    return { status, body: { status: 'error', errorType, error: message }, headers: json };
  }
}

/**
 * The part of Prometheus' HTTP API that signals need, with the answers of 2.42:
 * https://prometheus.io/docs/prometheus/latest/querying/api/. What a client must know: `alerts` has the pending ones
 * too; times come with nanoseconds and values as text (`7.3e-01`, in queries `0.73`), unknown paths and wrong
 * methods as plain text, not in the envelope; an alert carries no fingerprint and no link, both are for the client
 * to make. A query that this simulator cannot compute is a 422 of type `execution`.
 */
export const createPrometheusServer = (store: PrometheusStore): Server =>
  createWebApi({ log: store, now: store.now, answer: (call) => answer(store, call) });
