import type { Outcome, QueryPlan } from '../../core/plan/plan.ts';
import type { Executor, RunIo } from '../../core/ports.ts';
import { parseInstant, toInstant, utcDateTime } from '../../core/incident/instants.ts';
import { figureLines } from '../../core/metrics/figuresTable.ts';
import {
  heldWords,
  notesOf,
  type AskMetrics,
  type HeldAnswer,
  type MeasuredQuery,
} from '../../core/metrics/metricQuery.ts';
import { rangeStep } from '../../core/metrics/rangeStep.ts';
import type { Span } from '../../core/metrics/series.ts';
import { formatValue } from '../../core/metrics/units.ts';
import { outcomeOf, runScoped } from '../runScope.ts';

export interface QueryDeps {
  /** Base URL of the server the settings name now. */
  readonly server: () => string | undefined;
  readonly ask: AskMetrics;
  /** What the same query gave before this window was opened; asked where the server gives nothing. */
  readonly earlier?: (server: string, query: string) => Promise<HeldAnswer | undefined>;
  /** ms since 1970. */
  readonly now: () => number;
}

const hourMs = 60 * 60_000;
/** Further back nothing is drawn: an incident that old is looked at in a dashboard. */
const longestMs = 7 * 24 * hourMs;
/** Answers kept to be shown, with their age, once the server is dead. */
const mostHeld = 60;

/** From an hour before the incident began until now; the last hour where nobody said when. `now` in ms since 1970. */
export function spanOf({ onsetAt }: Pick<QueryPlan, 'onsetAt'>, now: number): Span {
  const onset = onsetAt === undefined ? undefined : parseInstant(onsetAt);
  const from = Math.min(onset ?? now, now) - hourMs;
  return { from: Math.max(from, now - longestMs), to: now };
}

/** Asks the queries side by side and prints what each gave as a table; the points go to whoever draws. */
export function createQueryExecutor(deps: QueryDeps): Executor<QueryPlan> {
  const held = new Map<string, HeldAnswer>();
  const keep = (key: string, answer: HeldAnswer): void => {
    held.delete(key);
    held.set(key, answer);
    const [oldest] = held.keys();
    if (held.size > mostHeld && oldest !== undefined) held.delete(oldest);
  };
  return {
    run: (plan, io, signal) =>
      runScoped(plan.timeoutMs, signal, io, async (inner, out) => {
        const { server } = plan;
        if (server === undefined || deps.server() !== server)
          return {
            kind: 'failed',
            message: `The settings name another Prometheus by now than this step was planned for (${server ?? 'none'}). Nothing was asked; look again, then run it.`,
          };
        const span = spanOf(plan, deps.now());
        const stepMs = rangeStep(span);
        const results = await Promise.all(
          plan.queries.map(async (query): Promise<MeasuredQuery> => {
            const key = `${server}\n${query.query}`;
            const asked = await deps.ask({ query: query.query, ...span, stepMs }, inner);
            if (asked.ok) {
              if (asked.value.series.length > 0) keep(key, { answer: asked.value, span, stepMs });
              return { ...query, answer: asked.value };
            }
            const before = held.get(key) ?? (await deps.earlier?.(server, query.query));
            return { ...query, failure: asked.failure, ...(before ? { held: before } : {}) };
          }),
        );
        if (inner.aborted) return { kind: 'stopped' };
        out.measured?.({
          ...(plan.set === undefined ? {} : { set: plan.set }),
          server,
          span,
          stepMs,
          results,
        });
        await print(results, span, out);
        return outcomeFrom(results, span.to);
      }),
  };
}

async function print(results: readonly MeasuredQuery[], span: Span, io: RunIo): Promise<void> {
  await io.write(
    `From ${utcDateTime(toInstant(span.from))} to ${utcDateTime(toInstant(span.to))}\n`,
    'stdout',
  );
  for (const result of results) {
    const { title, query, unit, answer, failure, limit } = result;
    await io.write(`\n${title}\n${query}\n`, 'stdout');
    if (failure) {
      await io.write(`${failure.message} ${heldWords(result, span.to)}\n`, 'stderr');
      continue;
    }
    const lines = figureLines(answer?.series ?? [], unit, span.to);
    const telling = limit ? [`tells of trouble ${limit.is} ${formatValue(limit.value, unit)}`] : [];
    await io.write(`${[...lines, ...telling].join('\n')}\n`, 'stdout');
    for (const note of answer ? notesOf(answer) : []) await io.write(`${note}\n`, 'stderr');
  }
}

function outcomeFrom(results: readonly MeasuredQuery[], now: number): Outcome {
  const failures = results.filter(({ failure }) => failure !== undefined);
  const [first] = failures;
  if (first?.failure && failures.length === results.length)
    return outcomeOf({ ...first.failure, message: `${first.failure.message} ${heldWords(first, now)}` });
  const empty = results.filter(({ answer }) => answer?.series.length === 0).length;
  const said = [
    ...(failures.length > 0 ? [`${failures.length} of ${results.length} queries failed`] : []),
    ...(empty === 0 ? [] : [results.length === 1 ? 'no data' : `${empty} of ${results.length} have no data`]),
  ].join(', ');
  return { kind: 'succeeded', ...(said === '' ? {} : { detail: said }) };
}
