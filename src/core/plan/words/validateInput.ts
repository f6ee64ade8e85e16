import type { GuideInput } from '../../guide/guideInput.ts';
import type { ValueKind } from '../plan.ts';
import { validateValue } from './validateValue.ts';

/** Longer values are not held against a pattern: it would take longer than anybody waits. */
const LONGEST_MATCHED = 500;

/**
 * A sentence when `value` cannot be what its place in the command, or the guide's `inputs:`, asks for; else undefined.
 * Total.
 */
export function validateInput(
  kind: ValueKind,
  input: GuideInput | undefined,
  value: string,
): string | undefined {
  const wrong = validateValue(kind, value);
  if (wrong !== undefined || input === undefined) return wrong;
  const { options, min, max, pattern } = input;
  if (options.length > 0 && !options.includes(value))
    return `“${value}” is not among the options: ${listed(options)}.`;
  if (kind === 'number') {
    const number = Number(value);
    if ((min !== undefined && number < min) || (max !== undefined && number > max))
      return `“${value}” is out of range: give ${rangeText(input)}.`;
  }
  if (pattern === undefined) return undefined;
  return value.length <= LONGEST_MATCHED && matches(pattern, value)
    ? undefined
    : `“${value.slice(0, 80)}” does not fit what the guide asks for: ${pattern}`;
}

/** What is expected, for a person who has typed nothing yet: `a number from 1 to 20`; undefined where any text will do. */
export function expectedText(kind: ValueKind, input: GuideInput | undefined): string | undefined {
  switch (kind) {
    case 'number':
      return input === undefined || (input.min === undefined && input.max === undefined)
        ? 'a whole number'
        : rangeText(input);
    case 'duration':
      return 'a duration such as 30m or 1h30m';
    case 'choice':
      return input === undefined ? undefined : `one of ${listed(input.options)}`;
    default:
      return undefined;
  }
}

const rangeText = ({ min, max }: GuideInput): string =>
  max === undefined
    ? `a number of at least ${min ?? 0}`
    : min === undefined
      ? `a number of at most ${max}`
      : `a number from ${min} to ${max}`;

const listed = (options: readonly string[]): string =>
  options.slice(0, 8).join(', ') + (options.length > 8 ? `, and ${options.length - 8} more` : '');

/** The pattern was read by the guide's parser, which leaves out those that could run for ever. */
function matches(pattern: string, value: string): boolean {
  try {
    return new RegExp(`^(?:${pattern})$`, 'u').test(value);
  } catch {
    return true;
  }
}
