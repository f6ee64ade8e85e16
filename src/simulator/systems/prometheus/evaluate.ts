import type { LabelSet } from '../alertmanager/fingerprint.ts';
import { fits } from '../alertmanager/matchers.ts';
import type { PrometheusStore, Series } from './prometheusStore.ts';
import { activeAlerts } from './prometheusStore.ts';
import type { Aggregation, Expression } from './promql.ts';
import { ExecutionFault, parsePromql } from './promql.ts';

/** One sample; its labels with `__name__`, where it has one. */
export interface Sample {
  readonly metric: LabelSet;
  readonly value: number;
}

export type Evaluated =
  | { readonly type: 'scalar'; readonly value: number }
  | { readonly type: 'vector'; readonly samples: readonly Sample[] };

/** What every simulated series is scraped at, ms. */
const scrapeMs = 15_000;

/**
 * An expression that can be evaluated at any time (ms since 1970). Known is a part of PromQL (see `parsePromql`) over the
 * series of the store; the expressions of the alerting rules give what their rules say. Throws a ParseFault for what is
 * no expression, an ExecutionFault for what is not computed here, so that no figure is made up.
 */
export function prepare(store: PrometheusStore, expression: string): (at: number) => Evaluated {
  const text = expression.trim();
  const rules = store.rules.filter(({ query }) => query === text);
  if (rules.length > 0)
    return (at) => ({ type: 'vector', samples: rules.flatMap((rule) => samplesOf(rule, at)) });
  const parsed = parsePromql(text);
  const series = [...store.series, ...store.live()];
  return (at) => evaluate(parsed, { store, series, at });
}

interface Context {
  readonly store: PrometheusStore;
  readonly series: readonly Series[];
  readonly at: number;
}

const samplesOf = (rule: PrometheusStore['rules'][number], at: number): Sample[] =>
  rule
    .hits()
    .filter(({ activeAt }) => at >= activeAt)
    .map(({ labels, value }) => {
      const own = new Set(['alertname', ...Object.keys(rule.labels)]);
      const metric = Object.fromEntries(Object.entries(labels).filter(([name]) => !own.has(name)));
      return { metric, value };
    });

function evaluate(expression: Expression, context: Context): Evaluated {
  switch (expression.kind) {
    case 'number':
      return { type: 'scalar', value: expression.value };
    case 'selector':
      if (expression.rangeMs !== undefined) throw new ExecutionFault('invalid expression type "range vector" for range query, must be Scalar or instant Vector'); // prettier-ignore
      return vector(select(expression, context));
    case 'call':
      return call(expression, context);
    case 'aggregate':
      return vector(aggregate(expression, samplesIn(expression.of, context)));
    case 'binary':
      return combine(expression, context);
  }
}

const vector = (samples: readonly Sample[]): Evaluated => ({ type: 'vector', samples });

function samplesIn(expression: Expression, context: Context): readonly Sample[] {
  const value = evaluate(expression, context);
  if (value.type === 'scalar') throw new ExecutionFault('expected type instant vector, got scalar');
  return value.samples;
}

type Selector = Extract<Expression, { kind: 'selector' }>;

function select({ matchers }: Selector, context: Context): readonly Sample[] {
  const alerts = alertSamples(context).filter(({ metric }) => matchers.every((one) => fits(one, metric)));
  return [
    ...alerts,
    ...seriesOf({ matchers }, context).flatMap(({ metric, valueAt }) => {
      const value = valueAt(context.at);
      return value === undefined ? [] : [{ metric, value }];
    }),
  ];
}

const seriesOf = ({ matchers }: Pick<Selector, 'matchers'>, { series }: Context) =>
  series
    .map(({ name, labels, valueAt }) => ({ metric: { __name__: name, ...labels }, valueAt }))
    .filter(({ metric }) => matchers.every((one) => fits(one, metric)));

const alertSamples = ({ store, at }: Context): readonly Sample[] =>
  activeAlerts(store)
    .filter(({ activeAt }) => at >= activeAt)
    .flatMap(({ labels, activeAt, rule }) => {
      const alertstate = at >= activeAt + rule.forMs ? 'firing' : 'pending';
      return [
        { metric: { __name__: 'ALERTS', ...labels, alertstate }, value: 1 },
        { metric: { __name__: 'ALERTS_FOR_STATE', ...labels }, value: Math.floor(activeAt / 1000) },
      ];
    });

function call({ name, args }: Extract<Expression, { kind: 'call' }>, context: Context): Evaluated {
  const [first, second] = args;
  switch (name) {
    case 'vector':
      if (first?.kind === 'number') return vector([{ metric: {}, value: first.value }]);
      break;
    case 'rate':
    case 'increase':
      if (first?.kind === 'selector' && first.rangeMs !== undefined)
        return vector(increases(first, first.rangeMs, name === 'rate', context));
      break;
    case 'histogram_quantile':
      if (first?.kind === 'number' && second)
        return vector(quantiles(first.value, samplesIn(second, context)));
      break;
  }
  throw new ExecutionFault(`the simulated Prometheus does not compute ${name} of these arguments`);
}

/** How much counters grew within a range, as far as its samples reach, over the whole of it. */
function increases(selector: Selector, rangeMs: number, perSecond: boolean, context: Context): Sample[] {
  const last = Math.floor(context.at / scrapeMs) * scrapeMs;
  return seriesOf(selector, context).flatMap(({ metric, valueAt }) => {
    const seen: { at: number; value: number }[] = [];
    for (let at = last; at > context.at - rangeMs; at -= scrapeMs) {
      const value = valueAt(at);
      if (value !== undefined) seen.unshift({ at, value });
    }
    const [begin, end] = [seen[0], seen.at(-1)];
    if (!begin || !end || begin === end) return [];
    let grown = 0;
    // A counter that has become less began anew.
    seen.slice(1).forEach(({ value }, index) => {
      const before = seen[index]?.value ?? 0;
      grown += value < before ? value : value - before;
    });
    const perMs = grown / (end.at - begin.at);
    return [{ metric: withoutName(metric), value: perMs * (perSecond ? 1000 : rangeMs) }];
  });
}

/** Within the bucket it falls into a value is taken to lie evenly, as Prometheus does. */
function quantiles(share: number, buckets: readonly Sample[]): Sample[] {
  const groups = grouped(buckets, (metric) => without(metric, ['le', '__name__']));
  return groups.map(({ metric, members }) => {
    const sorted = members
      .map(({ metric: { le = '' }, value }) => ({ upTo: le === '+Inf' ? Infinity : Number(le), value }))
      .sort((a, b) => a.upTo - b.upTo);
    const total = sorted.at(-1)?.value ?? 0;
    if (sorted.at(-1)?.upTo !== Infinity || sorted.length < 2 || total === 0) return { metric, value: NaN };
    const rank = share * total;
    const index = sorted.findIndex(({ value }) => value >= rank);
    const bucket = sorted[index]!;
    const below = sorted[index - 1] ?? { upTo: 0, value: 0 };
    if (bucket.upTo === Infinity) return { metric, value: below.upTo };
    const part = (rank - below.value) / (bucket.value - below.value);
    return { metric, value: below.upTo + (bucket.upTo - below.upTo) * part };
  });
}

function aggregate(
  { name, by, without: isWithout }: Extract<Expression, { kind: 'aggregate' }>,
  samples: readonly Sample[],
): Sample[] {
  const keyOf = (metric: LabelSet): LabelSet =>
    isWithout
      ? without(metric, ['__name__', ...by])
      : Object.fromEntries(by.flatMap((label) => (metric[label] ? [[label, metric[label]]] : [])));
  return grouped(samples, keyOf).map(({ metric, members }) => ({
    metric,
    value: aggregated(
      name,
      members.map(({ value }) => value),
    ),
  }));
}

function aggregated(name: Aggregation, values: readonly number[]): number {
  const sum = values.reduce((a, b) => a + b, 0);
  switch (name) {
    case 'sum':
      return sum;
    case 'avg':
      return sum / values.length;
    case 'min':
      return Math.min(...values);
    case 'max':
      return Math.max(...values);
    case 'count':
      return values.length;
    case 'group':
      return 1;
  }
}

function combine(
  { operator, left, right }: Extract<Expression, { kind: 'binary' }>,
  context: Context,
): Evaluated {
  const [a, b] = [evaluate(left, context), evaluate(right, context)];
  if (['or', 'and', 'unless'].includes(operator)) {
    if (a.type === 'scalar' || b.type === 'scalar') throw new ExecutionFault(`set operator "${operator}" not allowed in binary scalar expression`); // prettier-ignore
    const inRight = new Set(b.samples.map(({ metric }) => keyOf(metric)));
    const inLeft = new Set(a.samples.map(({ metric }) => keyOf(metric)));
    if (operator === 'or')
      return vector([...a.samples, ...b.samples.filter(({ metric }) => !inLeft.has(keyOf(metric)))]);
    return vector(a.samples.filter(({ metric }) => inRight.has(keyOf(metric)) === (operator === 'and')));
  }
  if (a.type === 'scalar' && b.type === 'scalar') {
    const value = reckon(operator, a.value, b.value);
    if (typeof value === 'boolean') throw new ExecutionFault('comparisons between scalars must use BOOL modifier'); // prettier-ignore
    return { type: 'scalar', value };
  }
  if (a.type === 'scalar')
    return vector(paired(b.type === 'vector' ? b.samples : [], operator, (value) => [a.value, value]));
  if (b.type === 'scalar') return vector(paired(a.samples, operator, (value) => [value, b.value]));
  const others = new Map(b.samples.map(({ metric, value }) => [keyOf(metric), value]));
  if (
    others.size < b.samples.length ||
    new Set(a.samples.map(({ metric }) => keyOf(metric))).size < a.samples.length
  )
    throw new ExecutionFault('found duplicate series for the match group: many-to-many matching not allowed');
  return vector(
    a.samples
      .filter(({ metric }) => others.has(keyOf(metric)))
      .flatMap((sample) => paired([sample], operator, (value) => [value, others.get(keyOf(sample.metric))!])),
  );
}

/** Arithmetic takes the name away; a comparison keeps the samples for which it holds. */
const paired = (
  samples: readonly Sample[],
  operator: string,
  sides: (value: number) => readonly [number, number],
): readonly Sample[] =>
  samples.flatMap(({ metric, value }) => {
    const result = reckon(operator, ...sides(value));
    if (typeof result === 'number') return [{ metric: withoutName(metric), value: result }];
    return result ? [{ metric, value }] : [];
  });

function reckon(operator: string, a: number, b: number): number | boolean {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return a / b;
    case '%':
      return a % b;
    case '==':
      return a === b;
    case '!=':
      return a !== b;
    case '>':
      return a > b;
    case '<':
      return a < b;
    case '>=':
      return a >= b;
    case '<=':
      return a <= b;
  }
  throw new ExecutionFault(`the simulated Prometheus does not compute ${operator}`);
}

function grouped(
  samples: readonly Sample[],
  labelsOf: (metric: LabelSet) => LabelSet,
): readonly { readonly metric: LabelSet; readonly members: readonly Sample[] }[] {
  const groups = new Map<string, { metric: LabelSet; members: Sample[] }>();
  for (const sample of samples) {
    const metric = labelsOf(sample.metric);
    const key = sorted(metric);
    const group = groups.get(key) ?? { metric, members: [] };
    group.members.push(sample);
    groups.set(key, group);
  }
  return [...groups.values()];
}

const without = (metric: LabelSet, names: readonly string[]): LabelSet =>
  Object.fromEntries(Object.entries(metric).filter(([name]) => !names.includes(name)));
const withoutName = (metric: LabelSet): LabelSet => without(metric, ['__name__']);
/** Sides of an operator match by their labels, not by their names. */
const keyOf = (metric: LabelSet): string => sorted(withoutName(metric));
const sorted = (metric: LabelSet): string =>
  JSON.stringify(Object.entries(metric).sort(([a], [b]) => (a < b ? -1 : 1)));
