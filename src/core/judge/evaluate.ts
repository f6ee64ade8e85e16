import { parseGrepLike } from './linePattern.ts';
import type { Expression, Operand, Operator } from './expression.ts';
import { compareValues, isNumber } from './compareValues.ts';
import { findJson } from './findJson.ts';
import { compareMetric } from './compareMetric.ts';
import { podsFound, stateName } from './podsFound.ts';
import type { PodsRead, Reading } from './reading.ts';

/** True, false, or undefined where it cannot be known, and from what. */
export interface Told {
  readonly truth: boolean | undefined;
  /** Without a capital or a full stop. */
  readonly because: string;
  /** The run that showed it. */
  readonly run?: string;
  /** What it is made of where several runs showed it. */
  readonly parts?: readonly Told[];
  /** Names of the pods that it is about, where it is about some. */
  readonly pods?: readonly string[];
  /** Whether more than was shown could change it; without it, only what is false could. */
  readonly restsOnAll?: boolean;
}

/** What one run left to be compared. */
export interface Seen {
  readonly reading: Reading | undefined;
  readonly exitCode: number | undefined;
  /** Lines of the output that have a text; undefined where the output is no longer at hand. */
  readonly count?: (text: string) => number;
  /** The whole output; undefined where it is not at hand or too long. */
  readonly output?: string;
  readonly run?: string;
  /** Runs that came after it. */
  readonly age?: number;
  /** Why nothing was seen, when that is so: `step 1 failed: 403 Forbidden`. */
  readonly unseen?: string;
}

export interface Evaluation {
  /** The run that a comparison means; `step` is a step's number or name. */
  seen(step: string | undefined, operand: Operand): Seen;
  value(name: string): string | undefined;
  /** Whether the value of this name was seen elsewhere or before, and so does not count. */
  isFormer?(name: string): boolean;
  /** Whether a cell counts when any row has it, or only when every row has. */
  readonly cells: 'any' | 'every';
}

/** Holds an expression against what was seen, with Kleene's three values: what is not known never counts as true. */
export function evaluate(expression: Expression, world: Evaluation): Told {
  switch (expression.kind) {
    case 'not': {
      const inner = evaluate(expression.of, world);
      return { ...inner, truth: inner.truth === undefined ? undefined : !inner.truth };
    }
    case 'and':
    case 'or': {
      const decisive = expression.kind === 'or';
      const told = expression.parts.map((part) => evaluate(part, world));
      const settled = told.find(({ truth }) => truth === decisive);
      if (settled) return settled;
      const unknown = told.find(({ truth }) => truth === undefined);
      return unknown ?? join(told, !decisive);
    }
    case 'compare':
      return compare(expression, world);
  }
}

const join = (told: readonly Told[], truth: boolean): Told => {
  const run = told.find((one) => one.run !== undefined)?.run;
  const because = [...new Set(told.map((one) => one.because))].join(', ');
  const pods = [...new Set(told.flatMap((one) => one.pods ?? []))];
  return {
    truth,
    because,
    ...(run === undefined ? {} : { run }),
    ...(pods.length === 0 ? {} : { pods }),
  };
};

function compare(
  { left, operator, right, step }: Extract<Expression, { kind: 'compare' }>,
  world: Evaluation,
): Told {
  const about = left.kind === 'number' || left.kind === 'text' || left.kind === 'value' ? right : left;
  const seen = world.seen(step, about);
  const pods = about.kind === 'pods' && seen.reading?.pods ? podsOf(about.of, seen.reading.pods) : [];
  const from = {
    ...(seen.run === undefined ? {} : { run: seen.run }),
    ...(pods.length === 0 ? {} : { pods }),
  };
  const unknown = (because: string): Told => ({ truth: undefined, because, ...from });
  // `1 == 1` would be green whatever happened.
  if (isWritten(left) && isWritten(right)) return unknown('it compares nothing that a run shows');
  const isLiteral = about.kind === 'number' || about.kind === 'text' || about.kind === 'value';
  // How a run ended is known of a failed one too, and so is an answer that made it fail.
  const isEnding =
    (about.kind === 'exit' && seen.exitCode !== undefined) ||
    (about.kind === 'status' && seen.reading?.httpStatus !== undefined);
  if (!isLiteral && !isEnding && seen.unseen !== undefined) return unknown(seen.unseen);
  if (left.kind === 'cell') return { ...compareCells(left, operator, right, seen, world), ...from };
  if (left.kind === 'metric') return { ...compareMetric(left, operator, right, seen, world), ...from };
  if (left.kind === 'output') return { ...compareOutput(operator, right, seen, world), ...from };
  const [a, b] = [read(left, seen, world), read(right, seen, world)];
  if ('unknown' in a) return unknown(a.unknown);
  if ('unknown' in b) return unknown(b.unknown);
  // What was seen is told, on whichever side of the comparison it stands.
  const { said } = about === right && !isWritten(right) ? b : a;
  const held = compareValues(a.value, operator, b.value);
  if ('unknown' in held) return unknown(`${said}, and ${held.unknown}`);
  const { truth } = held;
  // Only a part was seen: more of it may be there, less cannot be.
  const [hidden, hiddenRight] = [hiddenFrom(left, seen), hiddenFrom(right, seen)];
  if (hidden !== undefined && !(truth && (operator === '>' || operator === '>=')))
    return unknown(`${said}, but ${hidden}`);
  if (hiddenRight !== undefined && !(truth && (operator === '<' || operator === '<=')))
    return unknown(`${said}, but ${hiddenRight}`);
  return { truth, because: said, ...from };
}

const isWritten = ({ kind }: Operand): boolean => kind === 'number' || kind === 'text';

const counts: ReadonlySet<Operand['kind']> = new Set(['pods', 'count', 'lines', 'rows', 'errors']);

/** Why there may be more than was counted; undefined where there cannot be. */
const hiddenFrom = ({ kind }: Operand, { reading }: Seen): string | undefined =>
  reading !== undefined && counts.has(kind)
    ? partSeen(reading, kind === 'errors' ? 'logs' : kind)
    : undefined;

/** Why a reading does not tell of all there is of something, as the end of a sentence; undefined where it does. */
export function partSeen({ whole, pods, logs }: Reading, about: string): string | undefined {
  if (!whole) return 'only a part of the output was seen';
  if (about === 'pods' && pods?.chosen) return 'only pods chosen by name or by a field were looked at';
  return about === 'logs' && logs?.chosen ? 'only logs of single pods were looked at' : undefined;
}

type Value = { readonly value: number | string; readonly said: string } | { readonly unknown: string };

function read(operand: Operand, { reading, exitCode, count }: Seen, world: Evaluation): Value {
  const known = (value: number | string | undefined, said: string, otherwise: string): Value =>
    value === undefined ? { unknown: otherwise } : { value, said };
  switch (operand.kind) {
    case 'number':
    case 'text':
      return { value: operand.value, said: String(operand.value) };
    case 'value': {
      const value = world.value(operand.name);
      const otherwise = world.isFormer?.(operand.name)
        ? 'was seen elsewhere, or before the incident was reopened'
        : 'has no value yet';
      return known(value, `${operand.name} is ${value ?? ''}`, `${operand.name} ${otherwise}`);
    }
    case 'exit':
      return known(exitCode, `exit code ${String(exitCode)}`, 'there is no exit code');
    case 'lines':
      return known(reading?.lines, `${String(reading?.lines)} lines`, 'no output was read');
    case 'rows': {
      const rows = reading?.table?.cut === false ? reading.table.rows.length : undefined;
      return known(rows, `${String(rows)} rows`, reading?.table ? 'the table was cut' : 'no table was shown');
    }
    case 'errors': {
      const errors = reading?.logs?.errors;
      return known(errors, `${String(errors)} lines with errors`, 'no log was read');
    }
    case 'connections': {
      const connections = reading?.database?.connections;
      return known(connections, `${String(connections)} connections`, 'no number of connections was shown');
    }
    case 'status':
      return known(reading?.httpStatus, `status ${String(reading?.httpStatus)}`, 'no HTTP status was seen');
    case 'count': {
      const lines = count?.(operand.text);
      const said = `${String(lines)} ${lines === 1 ? 'line has' : 'lines have'} “${operand.text}”`;
      return known(lines, said, 'lines are counted in ir.assert and ir.capture only');
    }
    case 'pods':
      return readPods(operand.of, reading);
    case 'json': {
      const found = findJson(reading?.json, operand.path);
      return known(
        found,
        `${operand.path} is ${String(found)}`,
        `no ${operand.path} was found in the output`,
      );
    }
    case 'cell':
    case 'metric':
    case 'output':
      return { unknown: 'a table’s cell, a query’s value and the output stand on the left of a comparison' };
  }
}

function readPods(of: string, reading: Reading | undefined): Value {
  const pods = reading?.pods;
  if (!pods) return { unknown: 'no run has shown pods' };
  const { total, healthy, restarted, states } = pods;
  const named: Readonly<Record<string, number>> = {
    total,
    healthy,
    restarted,
    ready: healthy,
    unhealthy: total - healthy,
  };
  const value = Object.hasOwn(named, of) ? named[of] : countOf(states, of);
  return { value: value ?? 0, said: `${String(value ?? 0)} of ${total} pods are ${wordOf(of)}` };
}

/** Of `pods.Pending` those pending, of `pods.unhealthy` all in trouble; of the healthy ones no names are kept. */
const podsOf = (of: string, pods: PodsRead): readonly string[] =>
  of === 'unhealthy' ? podsFound(pods, of) : /^[A-Z]/.test(of) ? podsFound(pods, [of]) : [];

const wordOf = (of: string): string => (/^[a-z]/.test(of) ? of : `in ${of}`);

const countOf = (states: Readonly<Record<string, number>>, name: string): number =>
  Object.entries(states).reduce(
    (sum, [state, count]) => sum + (stateName(state) === name.toLowerCase() ? count : 0),
    0,
  );

function compareCells(
  left: Extract<Operand, { kind: 'cell' }>,
  operator: Operator,
  right: Operand,
  seen: Seen,
  world: Evaluation,
): Told {
  const table = seen.reading?.table;
  const at = table?.columns.findIndex((name) => name.toUpperCase() === left.column) ?? -1;
  if (!table || at < 0) return { truth: undefined, because: `no column ${left.column} was shown` };
  const wanted = read(right, seen, world);
  if ('unknown' in wanted) return { truth: undefined, because: wanted.unknown };
  const which = left.which ?? world.cells;
  const held = table.rows.map((row) =>
    compareValues(cellIn(row[at] ?? '', left.column, operator, wanted.value), operator, wanted.value),
  );
  const fits = held.filter((one) => 'truth' in one && one.truth).length;
  const because = `${fits} of ${held.length} rows have ${left.column} ${operator} ${String(wanted.value)}`;
  const odd = held.find((one) => 'unknown' in one);
  const hidden =
    (seen.reading && partSeen(seen.reading, 'cell')) ?? (table.cut ? 'the table was cut' : undefined);
  if (which === 'any' ? fits > 0 : held.some((one) => 'truth' in one && !one.truth))
    return { truth: which === 'any', because };
  if (odd) return { truth: undefined, because: `${because}, and ${odd.unknown}` };
  if (hidden !== undefined) return { truth: undefined, because: `${because}, but ${hidden}` };
  // "Every row" of a table that shows none is nothing that was looked at.
  return { truth: which === 'any' ? false : held.length === 0 ? undefined : true, because };
}

/** kubectl tells of a restart also how long ago it was: `12 (3m ago)` is compared with a number as 12. */
const cellIn = (cell: string, column: string, operator: Operator, wanted: number | string): string =>
  column === 'RESTARTS' && isNumber(wanted) && operator !== 'contains' && operator !== 'matches'
    ? (/^\d+/.exec(cell)?.[0] ?? cell)
    : cell;

function compareOutput(operator: Operator, right: Operand, seen: Seen, world: Evaluation): Told {
  const wanted = read(right, seen, world);
  if ('unknown' in wanted) return { truth: undefined, because: wanted.unknown };
  const text = String(wanted.value);
  if (operator === 'contains') {
    if (!seen.count) return { truth: undefined, because: 'the output is looked at in ir.assert only' };
    const lines = seen.count(text);
    return { truth: lines > 0, because: lines > 0 ? `a line has “${text}”` : `no line has “${text}”` };
  }
  if (seen.output === undefined)
    return { truth: undefined, because: 'the output is too long, or no longer at hand' };
  if (operator === '==' || operator === '!=') {
    const same = seen.output.trim() === text.trim();
    return {
      truth: (operator === '==') === same,
      because: same ? 'the output is that' : 'the output is another',
    };
  }
  const pattern = operator === 'matches' ? parseGrepLike(text) : undefined;
  if (!pattern) return { truth: undefined, because: `“${text}” is no pattern that can be used` };
  const found = seen.output.split('\n').some((line) => pattern.matches(line));
  return { truth: found, because: found ? `a line matches “${text}”` : `no line matches “${text}”` };
}
