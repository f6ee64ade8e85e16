import { openingOfFence } from '../guide/fenceRecovery.ts';
import { parseFrontmatter } from '../guide/frontmatter.ts';
import type { Step } from '../guide/guide.ts';
import { numberedComment, commentText } from '../guide/shellLines.ts';
import { commandWords } from '../plan/words/commandWords.ts';
import type { Fix } from './lintProblem.ts';
import type { LocatedCommand } from './locateCommand.ts';
import { insertBelow, replaceIn, type TextEdit } from './textEdit.ts';

/**
 * A step of its own above the rollback that turns auto-sync off, so that both stay commands we can plan. In a fence with
 * numbered comments it takes the rollback's number, and the comments below count on. None outside of a fence, where a
 * line of its own would tear a list, a table or the inline code apart.
 */
export function fixRollback(step: Step, located: LocatedCommand, lines: readonly string[]): readonly Fix[] {
  const app = rolledBackApp(located.text);
  const opening = app === '' ? undefined : openingOfFence(lines, step.line, parseFrontmatter(lines).bodyLine);
  if (opening === undefined) return [];
  const command = `argocd app set ${app} --sync-policy none`;
  const first = located.range(0, 0);
  // Indentation and a prompt such as `$ ` stand before the command, and so they do before the new one.
  const before = (lines[first.line - 1] ?? '').slice(0, first.column - 1);
  // In a quote each line has its mark; a fence outside of one may show `>` as a prompt.
  const indent = (/^\s*>/.test(opening) ? /^[\s>]*/ : /^\s*/).exec(before)?.[0] ?? '';
  const blank = indent.trimEnd();
  const number = numberOf(lines[step.line - 1] ?? '');
  const above = (...put: readonly string[]): TextEdit => insertBelow(lines, step.line - 1, put.join('\n'));
  const edits =
    number === undefined
      ? [above(before + command, blank)]
      : [
          above(`${indent}# ${String(number)}. Turn auto-sync off`, before + command, blank),
          ...countOn(lines, step.line, number),
        ];
  return [{ kind: 'edit', title: `Insert ${command} before it`, edits }];
}

/** The app of the first `argocd app rollback APP`; empty when none is named. */
export const rolledBackApp = (command: string): string =>
  commandWords(command).find(
    ([program, group, verb]) =>
      program?.text === 'argocd' && group?.text === 'app' && verb?.text === 'rollback',
  )?.[3]?.text ?? '';

/** Of `# 2. Roll back`, 2. */
const numberOf = (line: string): number | undefined => {
  const comment = commentText(line);
  const found =
    comment !== undefined && numberedComment.test(comment) ? /^\d{1,3}(?=[.)])/.exec(comment) : null;
  return found ? Number(found[0]) : undefined;
};

/** Each numbered comment from a line to its fence's end gets the next number, as long as they count up by one. */
function countOn(lines: readonly string[], from: number, first: number): readonly TextEdit[] {
  const edits: TextEdit[] = [];
  let expected = first;
  for (let line = from; line <= lines.length; line++) {
    const text = lines[line - 1] ?? '';
    if (/^\s*(?:`{3,}|~{3,})/.test(text)) break;
    if (numberOf(text) !== expected) continue;
    const at = text.search(/\d/);
    edits.push(replaceIn(line, at + 1, at + 1 + String(expected).length, String(expected + 1)));
    expected += 1;
  }
  return edits;
}
