import { findDates } from './findDates.ts';
import { bare } from './lineParts.ts';

const dueWord = '(?:due(?:\\s+(?:date|by|on))?|by|until|before|deadline|eta|bis|fällig|до)';
const leading = new RegExp(`^${dueWord}(?:\\s*:\\s*|\\s+)`, 'iu');
const trailing = new RegExp(`(?:^|\\s)(?:${dueWord}\\s*:?\\s*)$`, 'iu');
const vague =
  /^(?:(?:next|this|end of)\s+\w+|tomorrow|asap|soon|q[1-4](?:\s+\d{4})?|(?:mon|tues|wednes|thurs|fri|satur|sun)day)$/i;

export interface TakenDeadline {
  readonly due: string | undefined;
  /** Why what stands there is no certain day. */
  readonly unsure: string | undefined;
  /** The parts without it. */
  readonly left: readonly string[];
}

/**
 * The deadline among a line's parts: a part that is a date, else a date at the end of a part. One inside a sentence
 * ("logs from before 2026-01-01 in the bucket") is none.
 */
export function takeDeadline(parts: readonly string[], today: string | undefined): TakenDeadline {
  for (const [at, part] of parts.entries()) {
    const text = bare(part).replace(leading, '');
    const others = parts.filter((_, index) => index !== at);
    const [only] = findDates(text, today);
    if (only && only.from === 0 && only.to === text.length)
      return { due: only.date, unsure: only.problem, left: others };
    if (vague.test(text))
      return { due: undefined, unsure: `“${text}” is no certain day. Write it as 2026-12-31.`, left: others };
  }
  for (const [at, part] of parts.entries()) {
    const last = findDates(
      part.replace(/`[^`]*`/g, (code) => '`'.repeat(code.length)),
      today,
    ).at(-1);
    if (!last || !/^[*_.]*$/.test(part.slice(last.to))) continue;
    const before = part
      .slice(0, last.from)
      .replace(trailing, '')
      .replace(/[\s,:;*_]+$/, '');
    const left = parts.map((other, index) => (index === at ? before : other)).filter((text) => text !== '');
    return { due: last.date, unsure: last.problem, left };
  }
  return { due: undefined, unsure: undefined, left: parts };
}
