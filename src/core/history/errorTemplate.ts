import { logPattern } from '../judge/logPattern.ts';
import { saysError } from '../judge/readLogs.ts';

/** Evidence is chosen by a person, so these tell of an error too; in a whole log they would find retries that went well. */
const tellsToo = /\b(?:refused|timed? ?out|oomkilled)\b/i;

/**
 * The shape of a line of evidence that tells of an error, so that the same error weeks apart has the same one; undefined
 * for a line that tells of none. A status of 500 alone is none: without its numbers every line of an access log is alike.
 */
export function errorTemplate(line: string): string | undefined {
  if (!saysError(line) && !tellsToo.test(line)) return undefined;
  const shape = logPattern(withoutQuotes(line));
  return shape === '' ? undefined : shape;
}

/** Names in quotes differ from incident to incident, but a value of JSON or of `msg="…"` is what the line says. */
const withoutQuotes = (line: string): string =>
  line.replace(/(["'`])(?:\\.|(?!\1).)*\1/g, (quoted, _mark, at: number) => {
    const isValue = /[=:]\s?$/.test(line.slice(0, at));
    const isKey = /^\s*:/.test(line.slice(at + quoted.length));
    // The ' of can't opens no quotation.
    const isApostrophe = /\w$/.test(line.slice(0, at));
    return isValue || isKey || isApostrophe ? quoted : '<text>';
  });
