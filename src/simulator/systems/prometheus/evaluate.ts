import type { LabelSet } from '../alertmanager/fingerprint.ts';
import type { Matcher } from '../alertmanager/matchers.ts';
import { BadMatcher, fits, parseFilter } from '../alertmanager/matchers.ts';
import type { PrometheusStore } from './prometheusStore.ts';
import { activeAlerts } from './prometheusStore.ts';

/** One sample; its labels with `__name__`, where it has one. */
export interface Sample {
  readonly metric: LabelSet;
  readonly value: number;
}

export type Evaluated =
  | { readonly type: 'scalar'; readonly value: number }
  | { readonly type: 'vector'; readonly samples: readonly Sample[] };

/** An expression that is none: 400, `bad_data`. */
export class ParseFault extends Error {}
/** One that is right, but more than the simulator computes: 422, `execution`. */
export class ExecutionFault extends Error {}

const number = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;

/**
 * What an expression gives at a time (ms since 1970). Known are numbers, `vector(N)`, a selector with matchers, and
 * the expressions of the alerting rules as they are written; everything else that parses is an ExecutionFault, so
 * that no figure is made up.
 */
export function evaluate(store: PrometheusStore, expression: string, at: number): Evaluated {
  const text = expression.trim();
  if (text === '') throw new ParseFault('1:1: parse error: no expression found in input');
  if (number.test(text)) return { type: 'scalar', value: Number(text) };
  const constant = /^vector\(\s*([^()]*)\s*\)$/.exec(text)?.[1];
  if (constant !== undefined && number.test(constant))
    return { type: 'vector', samples: [{ metric: {}, value: Number(constant) }] };
  const rules = store.rules.filter(({ query }) => query === text);
  if (rules.length > 0) return { type: 'vector', samples: rules.flatMap((rule) => samplesOf(rule, at)) };
  checkBraces(text);
  const selector = /^([a-zA-Z_:][a-zA-Z0-9_:]*)?\s*(?:\{([^{}]*)\})?$/.exec(text);
  if (selector === null) throw new ExecutionFault(`the simulated Prometheus does not compute ${text}`);
  const matchers = parseMatchers(selector[2] ?? '');
  if (selector[1] !== undefined)
    matchers.push({ name: '__name__', value: selector[1], isRegex: false, isEqual: true });
  const samples = allSamples(store, at).filter(({ metric }) => matchers.every((one) => fits(one, metric)));
  return { type: 'vector', samples };
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

function allSamples(store: PrometheusStore, at: number): Sample[] {
  const alerts = activeAlerts(store)
    .filter(({ activeAt }) => at >= activeAt)
    .flatMap(({ labels, activeAt, rule }) => {
      const alertstate = at >= activeAt + rule.forMs ? 'firing' : 'pending';
      return [
        { metric: { __name__: 'ALERTS', ...labels, alertstate }, value: 1 },
        { metric: { __name__: 'ALERTS_FOR_STATE', ...labels }, value: Math.floor(activeAt / 1000) },
      ];
    });
  const series = store.series.flatMap(({ name, labels, valueAt }) => {
    const value = valueAt(at);
    return value === undefined ? [] : [{ metric: { __name__: name, ...labels }, value }];
  });
  return [...alerts, ...series];
}

function checkBraces(text: string): void {
  const pairs = { '}': '{', ')': '(', ']': '[' } as const;
  const open: string[] = [];
  const bare = text.replace(/"(?:[^"\\]|\\.)*"/g, (quoted) => ' '.repeat(quoted.length));
  for (const [index, letter] of [...bare].entries()) {
    if ('{(['.includes(letter)) open.push(letter);
    const other = pairs[letter as keyof typeof pairs];
    if (other !== undefined && open.pop() !== other)
      throw new ParseFault(`1:${index + 1}: parse error: unexpected right ${letter === '}' ? 'brace' : 'parenthesis'} '${letter}'`); // prettier-ignore
  }
  if (open.at(-1) === '{')
    throw new ParseFault(`1:${text.length + 1}: parse error: unexpected end of input inside braces`);
  if (open.length > 0) throw new ParseFault(`1:${text.length + 1}: parse error: unclosed left parenthesis`);
  if (/[=!<>+*/%^-]\s*$/.test(bare))
    throw new ParseFault(`1:${text.length + 1}: parse error: unexpected end of input`);
}

function parseMatchers(text: string): Matcher[] {
  try {
    return text
      .split(/,(?=(?:[^"]*"[^"]*")*[^"]*$)/)
      .filter((part) => part.trim() !== '')
      .map((part) => {
        if (!/=?~?\s*"(?:[^"\\]|\\.)*"\s*$/.test(part))
          throw new ParseFault(`1:1: parse error: unexpected input inside braces: ${part.trim()}`);
        return parseFilter(part);
      });
  } catch (thrown) {
    if (thrown instanceof BadMatcher) throw new ParseFault(`1:1: parse error: ${thrown.message}`);
    throw thrown;
  }
}
