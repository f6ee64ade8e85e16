import { ok, type Result } from '../../core/errors.ts';
import type { Outcome, QueryPlan } from '../../core/plan/plan.ts';
import type { Executor, RunIo, Signal } from '../../core/ports.ts';
import { parseInstant, toInstant, utcDateTime } from '../../core/incident/instants.ts';
import {
  findServiceMetrics,
  measureLacking,
  measures,
  type AskInstant,
  type ServiceMetrics,
  type ServiceToFind,
} from '../../core/metrics/findServiceMetrics.ts';
import { figureLines } from '../../core/metrics/figuresTable.ts';
import {
  heldWords,
  notesOf,
  type AskMetrics,
  type HeldAnswer,
  type MeasuredQuery,
  type MetricQuery,
} from '../../core/metrics/metricQuery.ts';
import { rangeStep } from '../../core/metrics/rangeStep.ts';
import type { Span } from '../../core/metrics/series.ts';
import { formatValue } from '../../core/metrics/units.ts';
import { outcomeOf, runScoped } from '../runScope.ts';

export interface QueryDeps {
  /** Base URL of the server the settings name now. */
  readonly server: () => string | undefined;
  readonly ask: AskMetrics;
  /** The value of now, for what has to be found first. */
  readonly askInstant: AskInstant;
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
  const found = new Map<string, ServiceMetrics>();
  const keep = (key: string, answer: HeldAnswer): void => {
    held.delete(key);
    held.set(key, answer);
    const [oldest] = held.keys();
    if (held.size > mostHeld && oldest !== undefined) held.delete(oldest);
  };
  const askOne = async (
    asking: MetricQuery,
    { server, span, stepMs }: { readonly server: string; readonly span: Span; readonly stepMs: number },
    signal: Signal,
  ): Promise<MeasuredQuery> => {
    const { query } = asking;
    const key = `${server}\n${query}`;
    const asked = await deps.ask({ query, ...span, stepMs }, signal);
    if (asked.ok) {
      if (asked.value.series.length > 0) keep(key, { answer: asked.value, span, stepMs });
      return { ...asking, answer: asked.value };
    }
    const before = held.get(key) ?? (await deps.earlier?.(server, query));
    return { ...asking, failure: asked.failure, ...(before ? { held: before } : {}) };
  };
  /** A server that is dead by now finds nothing, and what it gave before is still to be shown with its age. */
  const find = async (
    server: string,
    wanted: ServiceToFind,
    signal: Signal,
  ): Promise<Result<ServiceMetrics>> => {
    const key = JSON.stringify([server, wanted]);
    const looked = await findServiceMetrics(wanted, wanted.settings, deps.askInstant, signal);
    if (looked.ok) found.set(key, looked.value);
    const before = found.get(key);
    return looked.ok || before === undefined || signal.aborted ? looked : ok(before);
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
        const service = plan.find && (await find(server, plan.find, inner));
        if (service?.ok === false) return inner.aborted ? { kind: 'stopped' } : outcomeOf(service.failure);
        const queries: readonly (MetricQuery & { readonly because?: string })[] =
          service?.value.queries ?? plan.queries;
        const span = spanOf(plan, deps.now());
        const stepMs = rangeStep(span);
        const asked = await Promise.all(
          queries.map(({ because: _why, ...query }) => askOne(query, { server, span, stepMs }, inner)),
        );
        const results = [...asked, ...(service?.value.lacking ?? []).map(lackingResult)];
        if (inner.aborted) return { kind: 'stopped' };
        out.measured?.({
          ...(plan.set === undefined ? {} : { set: plan.set }),
          server,
          span,
          stepMs,
          results,
        });
        await print(results, span, new Map(queries.map(({ id, because }) => [id, because])), out);
        return outcomeFrom(results, span.to);
      }),
  };
}

/** A measure that nothing was found for stands among the others, with why. */
function lackingResult(sentence: string): MeasuredQuery {
  const id = measureLacking(sentence) ?? 'errorRate';
  return { id, ...measures[id], query: '', lacking: sentence };
}

async function print(
  results: readonly MeasuredQuery[],
  span: Span,
  because: ReadonlyMap<string, string | undefined>,
  io: RunIo,
): Promise<void> {
  await io.write(
    `From ${utcDateTime(toInstant(span.from))} to ${utcDateTime(toInstant(span.to))}\n`,
    'stdout',
  );
  for (const result of results) {
    const { id, title, query, unit, answer, failure, lacking, limit } = result;
    if (lacking !== undefined) {
      await io.write(`\n${lacking}\n`, 'stderr');
      continue;
    }
    const why = because.get(id);
    await io.write(`\n${[title, ...(why === undefined ? [] : [why]), query].join('\n')}\n`, 'stdout');
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
  const lacking = results.filter((result) => result.lacking !== undefined);
  if (lacking.length === results.length && lacking[0]?.lacking !== undefined)
    return outcomeOf({ code: 'not-found', message: `Nothing was found to ask. ${lacking[0].lacking}` });
  const empty = results.filter(({ answer }) => answer?.series.length === 0).length;
  const said = [
    ...(failures.length > 0 ? [`${failures.length} of ${results.length} queries failed`] : []),
    ...(lacking.length > 0 ? [`nothing found for ${lacking.length} of ${results.length}`] : []),
    ...(empty === 0 ? [] : [results.length === 1 ? 'no data' : `${empty} of ${results.length} have no data`]),
  ].join(', ');
  return { kind: 'succeeded', ...(said === '' ? {} : { detail: said }) };
}
