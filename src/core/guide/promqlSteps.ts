import type { Fence } from './blocks.ts';
import type { StepDraft } from './steps.ts';
import { numberedComment } from './shellLines.ts';
import { startsWithIf } from './vocabulary.ts';

/** Languages whose fences hold queries: each query is a step. */
export const isPromql = (language: string): boolean => language === 'promql';

interface Piece {
  readonly comments: readonly string[];
  readonly query: readonly string[];
  readonly line: number;
  readonly endLine: number;
}

/**
 * Splits a fence of PromQL into steps, one query each: a blank line, a comment or a line that cannot go on the one above
 * begins the next. The comments above a query are its text, condition and details; without any it is `fallback` (the
 * sentence above the fence), else the query itself. A comment with no query below it belongs to the step above.
 */
export function parsePromqlSteps(fence: Fence, fallback?: string): StepDraft[] {
  const when = fence.attributes['ir.when'];
  return piecesOf(fence).map(({ comments, query, line, endLine }, index) => {
    const texts = comments
      .map((text) => text.replace(numberedComment, '').trim())
      .filter((text) => text !== '');
    const condition = texts.find((text) => startsWithIf.test(text));
    const rest = texts.filter((text) => text !== condition);
    const outside = index === 0 ? fallback : undefined;
    return {
      text: rest[0] ?? condition ?? outside ?? oneLine(query),
      condition:
        condition ?? when ?? (outside !== undefined && startsWithIf.test(outside) ? outside : undefined),
      command: query.length === 0 ? undefined : query.join('\n'),
      details: rest.slice(1),
      language: fence.language,
      line,
      endLine,
      attributes: fence.attributes,
    };
  });
}

const oneLine = (query: readonly string[]): string => query.join(' ').replace(/\s+/g, ' ').trim();

function piecesOf(fence: Fence): readonly Piece[] {
  const pieces: Piece[] = [];
  let comments: string[] = [];
  let query: string[] = [];
  let from = 0;
  let to = 0;
  const close = (): void => {
    const last = pieces.at(-1);
    if (query.length > 0 || (last === undefined && comments.some((text) => text !== '')))
      pieces.push({ comments, query, line: from, endLine: to });
    else if (last && comments.length > 0)
      pieces[pieces.length - 1] = { ...last, comments: [...last.comments, ...comments] };
    [comments, query] = [[], []];
  };
  fence.lines.forEach((raw, index) => {
    const line = raw.replace(/\r$/, '');
    const at = fence.line + index;
    const isOpen = query.length > 0 && isUnfinished(query.join('\n'));
    const text = /^\s*#\s?(.*)$/.exec(line)?.[1]?.trim();
    if (text !== undefined && !isOpen) {
      if (query.length > 0) close();
      if (comments.length === 0) from = at;
      comments.push(text);
      return;
    }
    if (line.trim() === '') {
      if (query.length > 0 && !isOpen) close();
      return;
    }
    if (query.length > 0 && !isOpen && !goesOn(line)) close();
    if (query.length === 0 && comments.length === 0) from = at;
    query.push(line);
    to = at;
  });
  close();
  return pieces;
}

const operator =
  /^(?:[-+*/%^)\],]|[=!<>]=?|and\b|or\b|unless\b|by\b|without\b|on\b|ignoring\b|group_left\b|group_right\b|offset\b|bool\b|@)/i;

/** A line that no query begins with. */
const goesOn = (line: string): boolean => operator.test(line.trim());

/** An open bracket or an operator at its end: the next line belongs to it. */
function isUnfinished(query: string): boolean {
  const bare = query.replace(/"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`[^`]*`/g, '""').replace(/#.*/g, '');
  let depth = 0;
  for (const letter of bare) depth += '([{'.includes(letter) ? 1 : ')]}'.includes(letter) ? -1 : 0;
  return (
    depth > 0 ||
    /(?:[-+*/%^,=!<>]|\b(?:and|or|unless|by|without|on|ignoring|group_left|group_right|offset|bool))\s*$/i.test(
      bare,
    )
  );
}
