import type { Matcher } from '../alertmanager/matchers.ts';
import { BadMatcher, compile } from '../alertmanager/matchers.ts';

/** An expression that is none: 400, `bad_data`. */
export class ParseFault extends Error {}
/** One that is right, but more than the simulator computes: 422, `execution`. */
export class ExecutionFault extends Error {}

export const aggregations = ['sum', 'avg', 'min', 'max', 'count', 'group'] as const;
export type Aggregation = (typeof aggregations)[number];

/** The part of PromQL that the simulator computes: https://prometheus.io/docs/prometheus/latest/querying/basics/ */
export type Expression =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'selector'; readonly matchers: readonly Matcher[]; readonly rangeMs?: number }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expression[] }
  | {
      readonly kind: 'aggregate';
      readonly name: Aggregation;
      readonly by: readonly string[];
      /** True: over all labels but those. */
      readonly without: boolean;
      readonly of: Expression;
    }
  | {
      readonly kind: 'binary';
      readonly operator: string;
      readonly left: Expression;
      readonly right: Expression;
    };

interface Token {
  readonly text: string;
  /** Of the first letter, from 0. */
  readonly at: number;
  readonly kind: 'number' | 'name' | 'string' | 'duration' | 'sign' | 'end';
}

const forms: readonly (readonly [Exclude<Token['kind'], 'end'>, RegExp])[] = [
  ['duration', /\d+(?:ms|[smhdwy])(?:\d+(?:ms|[smhdwy]))*/y],
  ['number', /(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?/iy],
  ['name', /[a-zA-Z_:][a-zA-Z0-9_:]*/y],
  ['string', /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`[^`]*`/y],
  ['sign', /==|!=|>=|<=|=~|!~|[-+*/%^<>=(){}[\],]/y],
];
const unitMs = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000, y: 31_536_000_000 };

const fault = (at: number, what: string): ParseFault => new ParseFault(`1:${at + 1}: parse error: ${what}`);
const beyond = (what: string): ExecutionFault =>
  new ExecutionFault(`the simulated Prometheus does not compute ${what}`);

function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < text.length;) {
    const space = /(?:\s|#[^\n]*)+/y;
    space.lastIndex = at;
    if (space.test(text)) {
      at = space.lastIndex;
      continue;
    }
    const found = forms.flatMap(([kind, form]) => {
      form.lastIndex = at;
      const [hit] = form.exec(text) ?? [];
      return hit === undefined ? [] : [{ kind, text: hit, at }];
    })[0];
    if (found === undefined) throw fault(at, `unexpected character: ${JSON.stringify(text[at])}`);
    tokens.push(found);
    at += found.text.length;
  }
  return [...tokens, { kind: 'end', text: '', at: text.length }];
}

/** From the loosest to the tightest. */
const levels: readonly (readonly string[])[] = [
  ['or'],
  ['and', 'unless'],
  ['==', '!=', '>', '<', '>=', '<='],
  ['+', '-'],
  ['*', '/', '%'],
];

/** Reads an expression; throws a ParseFault for what is none, an ExecutionFault for what is not computed here. */
export function parsePromql(text: string): Expression {
  const tokens = tokensOf(text);
  let index = 0;
  const peek = (): Token => tokens[index]!;
  const next = (): Token => tokens[index++]!;
  const is = (sign: string): boolean => peek().text === sign && peek().kind !== 'string';
  const unexpected = (where: string): ParseFault =>
    peek().kind === 'end'
      ? fault(peek().at, `unexpected end of input${where}`)
      : fault(peek().at, `unexpected ${JSON.stringify(peek().text)}${where}`);
  const take = (sign: string, where = ''): void => {
    if (!is(sign))
      throw peek().kind === 'end' && sign === ')'
        ? fault(peek().at, 'unclosed left parenthesis')
        : unexpected(where);
    index++;
  };

  const binary = (level: number): Expression => {
    const operators = levels[level];
    if (operators === undefined) return unary();
    let left = binary(level + 1);
    while (operators.includes(peek().text) && peek().kind !== 'string') {
      const operator = next().text;
      if (['bool', 'on', 'ignoring'].includes(peek().text)) throw beyond(`"${peek().text}" of ${operator}`);
      left = { kind: 'binary', operator, left, right: binary(level + 1) };
    }
    return left;
  };
  const unary = (): Expression => {
    if (is('-')) {
      next();
      return { kind: 'binary', operator: '*', left: { kind: 'number', value: -1 }, right: unary() };
    }
    if (is('+')) next();
    return primary();
  };
  const primary = (): Expression => {
    const token = peek();
    if (token.kind === 'number') return { kind: 'number', value: Number(next().text) };
    if (is('(')) {
      next();
      const inner = binary(0);
      take(')');
      return inner;
    }
    if (is('{')) return selector(undefined);
    if (token.kind !== 'name')
      throw token.kind === 'end' && index === 0 ? fault(0, 'no expression found in input') : unexpected('');
    next();
    const name = aggregations.find((one) => one === token.text);
    if (name !== undefined) return aggregate(name);
    if (is('(')) return call(token.text);
    return selector(token);
  };
  const call = (name: string): Expression => {
    take('(');
    const args: Expression[] = [];
    while (!is(')')) {
      args.push(binary(0));
      if (is(',')) next();
      else if (!is(')')) take(')');
    }
    take(')');
    return { kind: 'call', name, args };
  };
  const aggregate = (name: Aggregation): Expression => {
    const labels = (): { by: string[]; without: boolean } | undefined => {
      if (!is('by') && !is('without')) return undefined;
      const without = next().text === 'without';
      const by: string[] = [];
      take('(', ' in grouping opts');
      while (!is(')')) {
        if (peek().kind !== 'name') throw unexpected(' in grouping opts');
        by.push(next().text);
        if (!is(')')) take(',', ' in grouping opts');
      }
      take(')');
      return { by, without };
    };
    const before = labels();
    take('(', ' in aggregation');
    const of = binary(0);
    if (is(',')) throw beyond(`${name} of two arguments`);
    take(')');
    const grouped = before ?? labels() ?? { by: [], without: false };
    return { kind: 'aggregate', name, ...grouped, of };
  };
  const selector = (named: Token | undefined): Expression => {
    const matchers: Matcher[] =
      named === undefined ? [] : [{ name: '__name__', value: named.text, isRegex: false, isEqual: true }];
    if (is('{')) {
      next();
      while (!is('}')) {
        if (peek().kind !== 'name') throw unexpected(' inside braces');
        const name = next().text;
        const operator = next();
        if (!['=', '!=', '=~', '!~'].includes(operator.text)) throw fault(operator.at, `unexpected ${operator.kind === 'end' ? 'end of input' : JSON.stringify(operator.text)} inside braces`); // prettier-ignore
        if (peek().kind !== 'string') throw unexpected(' in label matching, expected string');
        matchers.push(matcherOf(name, operator.text, next()));
        if (!is('}')) take(',', ' inside braces');
      }
      take('}', ' inside braces');
    }
    if (!is('[')) {
      if (is('offset')) throw beyond('an offset');
      return { kind: 'selector', matchers };
    }
    next();
    const range = next();
    if (range.kind !== 'duration') throw fault(range.at, 'bad number or duration syntax');
    take(']');
    return { kind: 'selector', matchers, rangeMs: durationMs(range.text) };
  };

  const whole = binary(0);
  if (is(')')) throw fault(peek().at, "unexpected right parenthesis ')'");
  if (is('}')) throw fault(peek().at, "unexpected right brace '}'");
  if (is('^') || is('[')) throw beyond(peek().text === '^' ? 'powers' : 'subqueries');
  if (peek().kind !== 'end') throw unexpected('');
  return whole;
}

function matcherOf(name: string, operator: string, { text, at }: Token): Matcher {
  const value = text.startsWith('`')
    ? text.slice(1, -1)
    : text.slice(1, -1).replace(/\\(.)/g, (_all, letter: string) => (letter === 'n' ? '\n' : letter));
  const matcher = { name, value, isRegex: operator.includes('~'), isEqual: !operator.startsWith('!') };
  try {
    if (matcher.isRegex) compile(`^(?:${value})$`);
  } catch (thrown) {
    if (thrown instanceof BadMatcher) throw fault(at, thrown.message);
    throw thrown;
  }
  return matcher;
}

const durationMs = (text: string): number =>
  [...text.matchAll(/(\d+)(ms|[smhdwy])/g)].reduce(
    (sum, [, count, unit]) => sum + Number(count) * unitMs[unit as keyof typeof unitMs],
    0,
  );
