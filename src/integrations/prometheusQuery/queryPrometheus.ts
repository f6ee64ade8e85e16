import * as v from 'valibot';
import { failed, ok, type Result } from '../../core/errors.ts';
import { mostPoints } from '../../core/metrics/rangeStep.ts';
import type { Point, QueryAnswer, Series, Span } from '../../core/metrics/series.ts';
import type { Signal } from '../../core/ports.ts';
import { callOf, labelSet, type OpenConnection } from '../alertSignal.ts';
import { askJson, readAnswer, type ApiFailure } from '../askJson.ts';
import { sourceResult } from '../sourceFailure.ts';

/** A server that answers PromQL: Prometheus, Thanos, Mimir, VictoriaMetrics. */
export interface QueryConnection extends OpenConnection {
  /** For sentences; `Prometheus` unless given. */
  readonly name?: string;
}

export interface RangeQuery extends Span {
  readonly query: string;
  /** ms, at least one. */
  readonly stepMs: number;
}

export interface InstantQuery {
  readonly query: string;
  /** ms since 1970. */
  readonly at: number;
}

const sample = v.tuple([v.number(), v.string()]);
const vector = v.array(v.object({ metric: labelSet, value: v.optional(sample) }));
const matrix = v.array(v.object({ metric: labelSet, values: v.optional(v.array(sample)) }));
const strings = v.optional(v.array(v.string()), []);
const answerSchema = v.object({
  status: v.literal('success'),
  data: v.variant('resultType', [
    v.object({ resultType: v.literal('matrix'), result: matrix }),
    v.object({ resultType: v.literal('vector'), result: vector }),
    v.object({ resultType: v.literal('scalar'), result: sample }),
    v.object({ resultType: v.literal('string'), result: sample }),
  ]),
  warnings: strings,
  infos: strings,
});
const refusal = v.object({
  status: v.literal('error'),
  errorType: v.optional(v.string(), ''),
  error: v.string(),
});

/**
 * The value of an expression over a span: https://prometheus.io/docs/prometheus/latest/querying/api/#range-queries.
 * Codes: `invalid` (the server does not understand the query, or it asks for more points than one may), `unreachable`,
 * `timeout`, `cancelled`, `failed`.
 */
export async function queryRange(
  connection: QueryConnection,
  { query, from, to, stepMs }: RangeQuery,
  signal: Signal,
): Promise<Result<QueryAnswer>> {
  if (!(stepMs >= 1) || to < from)
    return failed(
      'invalid',
      'The span of the query ends before it begins, or has no step. Nothing was asked.',
    );
  if ((to - from) / stepMs + 1 > mostPoints)
    return failed(
      'invalid',
      `That would be more than ${mostPoints} points of one series. Nothing was asked; take a longer step.`,
    );
  const parameters = {
    query,
    start: String(from / 1000),
    end: String(to / 1000),
    step: String(stepMs / 1000),
  };
  return ask(connection, '/api/v1/query_range', parameters, signal);
}

/** The value of an expression at a time: https://prometheus.io/docs/prometheus/latest/querying/api/#instant-queries. */
export const queryInstant = (
  connection: QueryConnection,
  { query, at }: InstantQuery,
  signal: Signal,
): Promise<Result<QueryAnswer>> =>
  ask(connection, '/api/v1/query', { query, time: String(at / 1000) }, signal);

async function ask(
  connection: QueryConnection,
  path: string,
  parameters: Readonly<Record<string, string>>,
  signal: Signal,
): Promise<Result<QueryAnswer>> {
  const system = connection.name ?? 'Prometheus';
  const what = 'answer the query';
  const call = callOf(connection, `${path}?${String(new URLSearchParams(parameters))}`);
  let said: string | undefined;
  const answer = await askJson(
    (address, init) => fetch(address, init),
    { system, method: 'GET', what, ...call },
    signal,
    (body) => (said = v.is(refusal, body) ? v.parse(refusal, body).error : undefined),
  );
  if (!answer.ok) {
    const { status } = answer.failure;
    if (said !== undefined && (status === 400 || status === 422))
      return failed('invalid', `${system} does not take the query: ${said.slice(0, 400)}`);
    if (isTooLong(answer.failure))
      return failed(
        'failed',
        `${system} answered with more than is read (8 MB). Ask for fewer series, with sum by (…) or a label.`,
      );
    return plainFailure(system, answer);
  }
  const read = readAnswer({ system, what }, answerSchema, answer.value.body);
  if (!read.ok) return plainFailure(system, read);
  const { data, warnings, infos } = read.value;
  switch (data.resultType) {
    case 'matrix':
      return ok(
        answerOf(
          data.result.map(({ metric, values }) => [metric, values ?? []]),
          [...warnings, ...infos],
        ),
      );
    case 'vector':
      return ok(
        answerOf(
          data.result.map(({ metric, value }) => [metric, value ? [value] : []]),
          [...warnings, ...infos],
        ),
      );
    case 'scalar':
      return ok(answerOf([[{}, [data.result]]], [...warnings, ...infos]));
    case 'string':
      return failed('invalid', `${system} answered with a text, which is no figure.`);
  }
}

/** The sentences of a look that nobody repeats by itself. */
function plainFailure(system: string, failure: Parameters<typeof sourceResult>[1]): Result<QueryAnswer> {
  const result = sourceResult(system, failure, 'Run it again once it answers.');
  return result.ok ? failed('failed', `${system} gave no answer.`) : result;
}

/** A whole answer that was not read to its end, other than one that broke off. */
const isTooLong = ({ status, retry, cause }: ApiFailure): boolean =>
  status !== undefined && status < 300 && retry === 'person' && cause === undefined;

type Raw = readonly [
  labels: Readonly<Record<string, string>>,
  values: readonly (readonly [number, string])[],
];

function answerOf(raw: readonly Raw[], warnings: readonly string[]): QueryAnswer {
  let notNumbers = 0;
  const series = raw.map(([labels, values]): Series => {
    const points: Point[] = [];
    for (const [seconds, text] of values) {
      const value = Number(text);
      if (Number.isFinite(value) && text.trim() !== '')
        points.push({ at: Math.round(seconds * 1000), value });
      else notNumbers++;
    }
    return { labels, points };
  });
  return { series, warnings, notNumbers };
}
