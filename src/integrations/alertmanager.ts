import * as v from 'valibot';
import { failed, ok, type Result } from '../core/errors.ts';
import type { Signal } from '../core/ports.ts';
import { sourceNames, type LiveSignal } from '../core/signals/incomingSignal.ts';
import type { NewSilence, Silence } from '../core/signals/silence.ts';
import { renderMatchers } from '../core/signals/silence.ts';
import type { SourceResult } from '../core/signals/signalSource.ts';
import { alertSignal, callOf, instant, labelSet, type OpenConnection } from './alertSignal.ts';
import { askJson, plainResult, readAnswer, type ApiResult, type JsonRequest } from './askJson.ts';
import type { CheckConnection } from './connection.ts';
import { sourceResult } from './sourceFailure.ts';

const system = sourceNames.alertmanager;

const ids = v.nullish(v.array(v.string()), []);
const alerts = v.array(
  v.object({
    labels: labelSet,
    annotations: v.nullish(labelSet, {}),
    startsAt: instant,
    fingerprint: v.string(),
    status: v.object({
      state: v.picklist(['unprocessed', 'active', 'suppressed']),
      silencedBy: ids,
      inhibitedBy: ids,
      /** Names of time intervals; since Alertmanager 0.28. */
      mutedBy: ids,
    }),
  }),
);
type Alert = v.InferOutput<typeof alerts>[number];

const silences = v.array(
  v.object({
    id: v.string(),
    status: v.object({ state: v.picklist(['expired', 'active', 'pending']) }),
    matchers: v.array(
      v.object({
        name: v.string(),
        value: v.string(),
        isRegex: v.boolean(),
        isEqual: v.nullish(v.boolean(), true),
      }),
    ),
    startsAt: instant,
    endsAt: instant,
    createdBy: v.nullish(v.string(), ''),
    comment: v.nullish(v.string(), ''),
  }),
);
const created = v.object({ silenceID: v.pipe(v.string(), v.minLength(1)) });
const status = v.object({ versionInfo: v.object({ version: v.string() }) });
const refusal = v.union([v.string(), v.object({ message: v.string() })]);

/** Alertmanager's API v2: https://github.com/prometheus/alertmanager/blob/main/api/v2/openapi.yaml */
export interface Alertmanager {
  /** Every alert it has, with the silences that keep some of them quiet. */
  read(signal: Signal): Promise<SourceResult>;
  /** Gives the new silence's id. */
  createSilence(silence: NewSilence, signal: Signal): Promise<Result<string>>;
  /** Ends a silence now; one that has ended already is no failure. */
  expireSilence(id: string, signal: Signal): Promise<Result<undefined>>;
}

export function createAlertmanager(connection: OpenConnection): Alertmanager {
  const get = <T>(path: string, what: string, schema: v.GenericSchema<unknown, T>, signal: Signal) =>
    ask(connection, { method: 'GET', path, what }, schema, signal);

  return {
    async read(signal) {
      const read = await get('/api/v2/alerts', 'list the alerts', alerts, signal);
      if (!read.ok) return sourceResult(system, read);
      const isSilenced = read.value.some((alert) => alert.status.silencedBy.length > 0);
      // Expired silences stay listed for days: the list is only worth its size when one of them is in force.
      const listed = isSilenced
        ? await get('/api/v2/silences', 'list the silences', silences, signal)
        : { ok: true as const, value: [] };
      if (!listed.ok) return sourceResult(system, listed);
      return ok({
        signals: read.value.map((alert) => toSignal(connection.baseUrl, alert)),
        silences: listed.value.filter((one) => one.status.state !== 'expired').map(toSilence),
        complete: true,
      });
    },

    async createSilence(silence, signal) {
      const what = 'make the silence';
      const path = '/api/v2/silences';
      const made = await ask(connection, { method: 'POST', path, body: silence, what }, created, signal);
      if (made.ok) return ok(made.value.silenceID);
      return changeFailed(
        made,
        `The alert may be silenced or not: the Signals view shows which. Matchers: ${renderMatchers(silence.matchers)}.`,
      );
    },

    async expireSilence(id, signal) {
      const path = `/api/v2/silence/${encodeURIComponent(id)}`;
      const ended = await ask(
        connection,
        { method: 'DELETE', path, what: 'end the silence' },
        v.unknown(),
        signal,
      );
      if (ended.ok) return ok(undefined);
      // What a silence that has expired already is answered with: 500 before 0.28, 404 when it was cleared away.
      if (ended.failure.status === 404 || /already expired/i.test(ended.failure.said ?? ''))
        return ok(undefined);
      return changeFailed(ended, 'The silence may have ended or not: the Signals view shows which.');
    },
  };
}

/** Asks for its version, which every Alertmanager tells. */
export const checkAlertmanager: CheckConnection = async ({ baseUrl, token, options }, signal) => {
  const connection = { baseUrl, token, user: options['user'], tenant: options['tenant'] };
  const path = '/api/v2/status';
  const read = await ask(connection, { method: 'GET', path, what: 'tell its version' }, status, signal);
  if (!read.ok) return plainResult(read);
  return ok({ who: `Alertmanager ${read.value.versionInfo.version}`, warnings: [] });
};

async function ask<T>(
  connection: OpenConnection,
  { path, ...request }: Pick<JsonRequest, 'method' | 'what' | 'body'> & { readonly path: string },
  schema: v.GenericSchema<unknown, T>,
  signal: Signal,
): Promise<ApiResult<T>> {
  const answer = await askJson(
    (url, init) => fetch(url, init),
    { system, ...request, ...callOf(connection, path) },
    signal,
    (body) => (v.is(refusal, body) ? (typeof body === 'string' ? body : body.message) : undefined),
  );
  return answer.ok ? readAnswer({ system, what: request.what }, schema, answer.value.body) : answer;
}

/** Says where to see what became of a change whose answer was lost. */
function changeFailed(answer: ApiResult<unknown> & { readonly ok: false }, doubt: string): Result<never> {
  const { status: code, said = '', code: kind } = answer.failure;
  if (code === undefined || code >= 500 || code < 300)
    return failed(
      kind,
      code === undefined
        ? `${system} gave no answer. ${doubt}`
        : `${system} failed (${code})${said ? `: ${said}` : ''}. ${doubt}`,
      answer.failure.cause,
    );
  return plainResult<never>(answer);
}

const suppressed = ({ status: { silencedBy, inhibitedBy, mutedBy } }: Alert): Partial<LiveSignal> => ({
  ...(silencedBy.length > 0 ? { silences: silencedBy } : {}),
  ...(silencedBy.length > 0
    ? {}
    : {
        quietBecause:
          inhibitedBy.length > 0
            ? 'inhibited by another alert'
            : mutedBy.length > 0
              ? `muted by ${mutedBy.join(', ')}`
              : 'suppressed',
      }),
});

function toSignal(baseUrl: string, alert: Alert): LiveSignal {
  const isQuiet = alert.status.state === 'suppressed';
  const filter = renderMatchers([
    { name: 'alertname', value: alert.labels['alertname'] ?? '', isRegex: false, isEqual: true },
  ]);
  const signal = alertSignal({
    source: system,
    labels: alert.labels,
    annotations: alert.annotations,
    startedAt: alert.startsAt,
    state: isQuiet ? 'silenced' : 'firing',
    url: `${baseUrl}/#/alerts?silenced=true&inhibited=true&active=true&filter=${encodeURIComponent(`{${filter}}`)}`,
  });
  return isQuiet ? { ...signal, ...suppressed(alert) } : signal;
}

const toSilence = ({ status: _state, ...silence }: v.InferOutput<typeof silences>[number]): Silence =>
  silence;
