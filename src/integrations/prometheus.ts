import * as v from 'valibot';
import { ok } from '../core/errors.ts';
import type { Signal } from '../core/ports.ts';
import { sourceNames } from '../core/signals/incomingSignal.ts';
import type { SourceResult } from '../core/signals/signalSource.ts';
import { alertSignal, callOf, instant, labelSet, type OpenConnection } from './alertSignal.ts';
import { askJson, plainResult, readAnswer, type ApiResult } from './askJson.ts';
import type { CheckConnection } from './connection.ts';
import { sourceResult } from './sourceFailure.ts';

const system = sourceNames.prometheus;

const alerts = v.object({
  status: v.literal('success'),
  data: v.object({
    alerts: v.array(
      v.object({
        labels: labelSet,
        annotations: v.nullish(labelSet, {}),
        /** `inactive` and, since Prometheus 3, `unknown` name no alert that is. */
        state: v.string(),
        activeAt: v.nullish(instant),
      }),
    ),
  }),
});
const build = v.object({ status: v.literal('success'), data: v.object({ version: v.string() }) });
const refusal = v.object({ status: v.literal('error'), error: v.string() });

/**
 * Alerts of Prometheus's rules that are pending or fire: https://prometheus.io/docs/prometheus/latest/querying/api/#alerts
 * The list of them, not of all rules: it is what there is to see, and a thousandth of the size.
 */
export async function readPrometheus(connection: OpenConnection, signal: Signal): Promise<SourceResult> {
  const read = await get(connection, '/api/v1/alerts', 'list the alerts', alerts, signal);
  if (!read.ok) return sourceResult(system, read);
  return ok({
    signals: read.value.data.alerts.flatMap(({ labels, annotations, state, activeAt }) =>
      activeAt && (state === 'firing' || state === 'pending')
        ? [
            alertSignal({
              source: system,
              labels,
              annotations,
              startedAt: activeAt,
              state,
              url: `${connection.baseUrl}/alerts?search=${encodeURIComponent(labels['alertname'] ?? '')}`,
            }),
          ]
        : [],
    ),
    complete: true,
  });
}

/** Asks for its version. */
export const checkPrometheus: CheckConnection = async ({ baseUrl, token, options }, signal) => {
  const connection = { baseUrl, token, user: options['user'], tenant: options['tenant'] };
  const read = await get(connection, '/api/v1/status/buildinfo', 'tell its version', build, signal);
  return read.ok ? ok({ who: `Prometheus ${read.value.data.version}`, warnings: [] }) : plainResult(read);
};

async function get<T>(
  connection: OpenConnection,
  path: string,
  what: string,
  schema: v.GenericSchema<unknown, T>,
  signal: Signal,
): Promise<ApiResult<T>> {
  const answer = await askJson(
    (address, init) => fetch(address, init),
    { system, method: 'GET', what, ...callOf(connection, path) },
    signal,
    (body) => (v.is(refusal, body) ? body.error : undefined),
  );
  return answer.ok ? readAnswer({ system, what }, schema, answer.value.body) : answer;
}
