import { isOverdue, type ActionItem } from '../../actionItems/actionItem.ts';
import { readActionItems } from '../../actionItems/readActionItems.ts';
import { addMs, utcDate } from '../../incident/instants.ts';
import type { Fix } from '../../lint/lintProblem.ts';
import { insertAt, replaceIn } from '../../lint/textEdit.ts';
import type { PostMortemText } from './postMortemText.ts';
import { fix, problemAt, type Rule } from './problem.ts';

const dayMs = 24 * 60 * 60_000;
/** Owners that a quick fix offers. */
const OWNERS = 4;

/** Open action items without an owner or a certain deadline, and those whose day is over. */
export const lintActions: Rule = (text) => {
  const today = utcDate(text.now);
  return readActionItems(text.lines.join('\n'), { today, people: text.people }).flatMap((item) => {
    if (item.done) return [];
    const found = item.problems.map(({ code, message }) => {
      const severity =
        code === 'no-owner' || code === 'no-deadline' ? ('error' as const) : ('warning' as const);
      return problemAt(
        text,
        item.line,
        { code: `action-${code}`, severity, message },
        fixesOf(text, item, code),
      );
    });
    if (!isOverdue(item, today)) return found;
    const message = `This was due ${item.due ?? ''}. Tick it if it is done, else give it a new day and say why.`;
    const tick = boxOf(item.written);
    const fixes =
      tick === undefined
        ? []
        : [fix('Tick it: it is done', replaceIn(item.line + 1, tick + 1, tick + 2, 'x'))];
    return [
      ...found,
      problemAt(text, item.line, { code: 'action-overdue', severity: 'warning', message }, fixes),
    ];
  });
};

/** The column (from 0) of what is in the box. */
function boxOf(written: string): number | undefined {
  const match = /^\s*(?:[-*+]|\d+[.)])\s+\[ \]/.exec(written);
  return match ? match[0].length - 2 : undefined;
}

function fixesOf(text: PostMortemText, item: ActionItem, code: string): readonly Fix[] {
  const { line, written } = item;
  if (code === 'no-owner')
    return text.people
      .slice(0, OWNERS)
      .map((name) =>
        fix(`Give it to ${name}`, put(line, written, /\[(?:owner|who|assignee)[^\]]*\]/i, name)),
      );
  if (code === 'no-deadline')
    return [
      ['in a week', 7],
      ['in two weeks', 14],
      ['in a month', 30],
    ].map(([when, days]) => {
      const date = utcDate(addMs(text.now, Number(days) * dayMs) ?? text.now);
      return fix(`Due ${when}, ${date}`, put(line, written, /\[(?:deadline|due|date|when)[^\]]*\]/i, date));
    });
  const lead = /^\s*(?:[-*+]|\d+[.)])?\s*(?:\[[ xX✓✔]?\](?!\()\s*)?(?:TODO:?\s*)?/u.exec(written)?.[0] ?? '';
  if (code === 'no-box')
    return [
      fix(
        'Give it a box to tick',
        replaceIn(line + 1, 1, lead.length + 1, `${/^\s*/.exec(written)?.[0] ?? ''}- [ ] `),
      ),
    ];
  return [];
}

/** In the template's own place, else behind the text and before the link of its issue. */
function put(line: number, written: string, place: RegExp, value: string) {
  const found = place.exec(written);
  if (found) return replaceIn(line + 1, found.index + 1, found.index + found[0].length + 1, value);
  const link = /\s*\(?\[[^\]]+\]\(https?:\/\/[^)]+\)\)?\s*$/.exec(written);
  return insertAt(line + 1, (link?.index ?? written.trimEnd().length) + 1, ` - ${value}`);
}
