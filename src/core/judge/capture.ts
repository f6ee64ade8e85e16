import { failed, ok, type Result } from '../errors.ts';
import { findJson } from './findJson.ts';
import type { Reading } from './reading.ts';

/** One value that a step's output gives: `pod = cell("NAME") where STATUS == "CrashLoopBackOff"`. */
export interface Capture {
  readonly name: string;
  readonly from:
    | {
        readonly kind: 'cell';
        readonly column: string;
        readonly where: { readonly column: string; readonly equals: string } | undefined;
      }
    | { readonly kind: 'json'; readonly path: string }
    | { readonly kind: 'count'; readonly text: string }
    /** The first word behind a text. */
    | { readonly kind: 'after'; readonly text: string };
}

const form =
  /^([A-Za-z_][\w-]{0,63})\s*=\s*(cell|json|count|after)\(\s*(?:"([^"]*)"|'([^']*)')\s*\)(?:\s+where\s+([A-Za-z][\w()%/.-]*)\s*==\s*(?:"([^"]*)"|'([^']*)'|(\S+)))?$/;

/** Reads one clause of `ir.capture`. Fails with `invalid` and a sentence. */
export function parseCapture(clause: string): Result<Capture> {
  const match = clause.length <= 1000 ? form.exec(clause.trim()) : null;
  if (!match)
    return failed(
      'invalid',
      `“${clause.slice(0, 60)}” captures nothing: write name = cell("COLUMN"), json("$.path"), count("text") or after("text").`,
    );
  const [, name = '', kind, double, single, whereColumn, whereDouble, whereSingle, whereBare] = match;
  const text = double ?? single ?? '';
  if (whereColumn !== undefined && kind !== 'cell')
    return failed('invalid', `“where” belongs to cell("COLUMN") alone.`);
  switch (kind) {
    case 'cell': {
      const equals = whereDouble ?? whereSingle ?? whereBare ?? '';
      const where = whereColumn === undefined ? undefined : { column: whereColumn.toUpperCase(), equals };
      return ok({ name, from: { kind: 'cell', column: text.toUpperCase(), where } });
    }
    case 'json':
      return ok({ name, from: { kind: 'json', path: text } });
    case 'count':
      return ok({ name, from: { kind: 'count', text } });
    default:
      return ok({ name, from: { kind: 'after', text } });
  }
}

/** The captured value; undefined where the output has none. */
export function captureValue(
  { from }: Capture,
  reading: Reading,
  output: { readonly count: (text: string) => number; readonly after: (text: string) => string | undefined },
): string | undefined {
  switch (from.kind) {
    case 'count':
      return String(output.count(from.text));
    case 'after':
      return output.after(from.text);
    case 'json': {
      const found = findJson(reading.json, from.path);
      return found === undefined ? undefined : String(found);
    }
    case 'cell': {
      const { table } = reading;
      const column = (name: string): number =>
        table?.columns.findIndex((one) => one.toUpperCase() === name) ?? -1;
      const at = column(from.column);
      const where = from.where === undefined ? -1 : column(from.where.column);
      if (!table || at < 0 || (from.where !== undefined && where < 0)) return undefined;
      const row = table.rows.find((cells) => from.where === undefined || cells[where] === from.where.equals);
      return row?.[at] || undefined;
    }
  }
}
