import type { Step } from '../../guide/guide.ts';
import type { Missing } from '../plan.ts';
import { askForExports } from './askedExports.ts';
import { normalName } from './placeholderSyntax.ts';

/** A name under which Runme exports a cell's output (https://docs.runme.dev/usage/pipes-variables). */
export const cellVariable = /^[A-Z][A-Z0-9_]{2,}$/;

/** The variables that a step leaves to those behind it, by their placeholder's name; those asked for are not among them. */
function leftBy(step: Step): readonly string[] {
  const { attributes, command } = step;
  if (command === undefined) return [];
  const name = attributes['name'] ?? '';
  const asked = askForExports(step, command)?.offered;
  const exported = [
    ...command.matchAll(/(?:^|[\n;&|({]|\b(?:then|do|else)\s)[ \t]*export[ \t]+([A-Za-z_]\w*)=/g),
  ]
    .map((hit) => normalName(hit[1] ?? ''))
    .filter((each) => asked?.has(each) !== true);
  return cellVariable.test(name) ? [normalName(name), ...exported] : exported;
}

/**
 * The step, of those before it in its sequence, that will leave a variable which is still missing: running that one
 * is what fills it. Undefined where nothing but a person can.
 */
export function promisedBy(steps: readonly Step[], step: Step, { name, written }: Missing): Step | undefined {
  if (!written.startsWith('$')) return undefined;
  const before = steps.slice(
    0,
    steps.findIndex(({ id }) => id === step.id),
  );
  return before.filter((earlier) => leftBy(earlier).includes(name)).at(-1);
}
