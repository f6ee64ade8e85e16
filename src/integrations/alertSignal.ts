import * as v from 'valibot';
import { alertId } from '../core/signals/alertFingerprint.ts';
import type { LiveSignal, SignalState } from '../core/signals/incomingSignal.ts';
import type { JsonRequest } from './askJson.ts';

/** RFC 3339 with any zone and up to nine decimals → UTC ISO 8601 with milliseconds. */
export const instant = v.pipe(
  v.string(),
  v.check((text) => !Number.isNaN(Date.parse(text)), 'is not a time'),
  v.transform((text) => new Date(text).toISOString()),
);

export const labelSet = v.record(v.string(), v.string());

type Labels = Readonly<Record<string, string>>;

/**
 * An alert of Prometheus or Alertmanager as a signal. What labels and annotations mean is the convention of the
 * Prometheus world (https://github.com/kubernetes-monitoring/kubernetes-mixin, runbook_url, summary, severity).
 */
export function alertSignal(alert: {
  readonly source: string;
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly startedAt: string;
  readonly state: SignalState;
  readonly url: string;
}): LiveSignal {
  const { source, labels, annotations, startedAt, state, url } = alert;
  const first = (from: Labels, ...names: readonly string[]) => names.map((name) => from[name]).find(Boolean);
  const summary = first(annotations, 'summary', 'message', 'description');
  const severity = first(labels, 'severity', 'priority', 'level');
  const runbookUrl = first(annotations, 'runbook_url', 'runbook');
  return {
    id: alertId(labels),
    kind: 'alert',
    sources: [source],
    title: labels['alertname'] ?? 'Alert without a name',
    ...(summary === undefined ? {} : { summary }),
    ...(severity === undefined ? {} : { severity }),
    startedAt,
    state,
    ...(runbookUrl === undefined ? {} : { runbookUrl }),
    url,
    labels,
  };
}

/** What a reverse proxy in front of either asks for; the systems themselves know no tokens but basic authentication. */
export interface OpenConnection {
  /** With the path below which it lives, without a slash at its end. */
  readonly baseUrl: string;
  readonly token: string | undefined;
  /** With a user the token is the password of basic authentication, else it is sent as a bearer token. */
  readonly user?: string | undefined;
  /** Sent as `X-Scope-OrgID`: of whom, where a server holds the metrics and rules of several (Mimir, Cortex, Thanos). */
  readonly tenant?: string | undefined;
  /** Milliseconds from the request to the whole answer; askJson's own unless given. */
  readonly timeoutMs?: number;
}

/** Where and as whom a path is asked for. */
export const callOf = (
  connection: OpenConnection,
  path: string,
): Pick<JsonRequest, 'url' | 'headers' | 'timeoutMs'> => ({
  url: `${connection.baseUrl}${path}`,
  headers: {
    ...authorization(connection),
    ...(connection.tenant ? { 'x-scope-orgid': connection.tenant } : {}),
  },
  ...(connection.timeoutMs === undefined ? {} : { timeoutMs: connection.timeoutMs }),
});

function authorization({ token, user }: OpenConnection): Readonly<Record<string, string>> {
  if (!token) return {};
  const basic = user && Buffer.from(`${user}:${token}`, 'utf8').toString('base64');
  return { authorization: basic ? `Basic ${basic}` : `Bearer ${token}` };
}
