import type { GuideInput } from '../../guide/guideInput.ts';
import type { FilledCommand } from './placeholders.ts';

/** A command without the options whose values nobody has given and nobody has to. */
export interface LeftOut {
  readonly command: string;
  /** Names of the placeholders that are gone with their options. */
  readonly names: ReadonlySet<string>;
}

/**
 * Leaves out each option whose whole value is a placeholder that is not required and has none: of
 * `kubectl logs web --since=<since>` it is `kubectl logs web`. A placeholder that stands anywhere else too stays, for
 * there the command would mean something else without it. Undefined when there is nothing to leave out.
 */
export function leaveOut(
  text: string,
  filled: FilledCommand,
  inputs: readonly GuideInput[],
): LeftOut | undefined {
  const open = filled.slots.filter(({ value, secret, input }) => {
    const free = input !== undefined && inputs.includes(input) && !input.required;
    return free && value === undefined && secret === undefined;
  });
  const words = new Map<string, (readonly [from: number, to: number] | undefined)[]>();
  for (const { occurrence } of open) {
    const { name, start, end } = occurrence;
    words.set(name, [...(words.get(name) ?? []), optionAround(text, start, end)]);
  }
  const names = [...words].filter(([, all]) => all.every((word) => word !== undefined)).map(([name]) => name);
  if (names.length === 0) return undefined;
  const ranges = names
    .flatMap((name) => words.get(name) ?? [])
    .filter((word) => word !== undefined)
    .sort(([a], [b]) => b - a);
  let command = text;
  for (const [from, to] of ranges) command = command.slice(0, from) + command.slice(to);
  return { command, names: new Set(names) };
}

/** From the space before `--since=` to the end of its value; undefined where the value has more to it, or no option. */
function optionAround(text: string, start: number, end: number): readonly [number, number] | undefined {
  const before = /\s+--?[A-Za-z][\w-]*=(["']?)$/.exec(text.slice(0, start));
  if (!before) return undefined;
  const [whole, quote = ''] = before;
  const after = text.slice(end);
  if (!after.startsWith(quote) || !/^(?:[\s|;&]|$)/.test(after.slice(quote.length))) return undefined;
  return [start - whole.length, end + quote.length];
}
