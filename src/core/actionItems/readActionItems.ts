import { headingAt } from '../postmortem/headingAt.ts';
import { sectionKindOf } from '../postmortem/knownWords.ts';
import type { ActionIssue, ActionItem, ActionProblem } from './actionItem.ts';
import { isPlaceholder, partsOf } from './lineParts.ts';
import { takeDeadline } from './takeDeadline.ts';
import { takeOwner } from './takeOwner.ts';

export interface ReadActionItems {
  /** `2026-11-28`, UTC: for a day without its year, which is not settled where it is undefined. */
  readonly today: string | undefined;
  /** Names and roles of the people file and the contacts: they are owners wherever they stand. */
  readonly people: readonly string[];
}

/** `- [ ]`, `* [x]`, `1. [ ]`, and what people type for it: `-[ ]`, `- []`, `[ ]`, `- TODO:`, a plain bullet. */
const box = /^\s*(?:[-*+]|\d+[.)])?\s*\[(?<mark>[ xX✓✔]?)\](?!\()\s*(?<rest>.*)$/u;
const bullet = /^\s*(?:[-*+]|\d+[.)])\s+(?:(?<mark>TODO|DONE)\b:?\s*)?(?<rest>\S.*)$/u;
const issueLink =
  /\(?\[(?<name>[^\]]+)\]\((?<url>https?:\/\/[^\s)]+\/(?:issues\/\d+|browse\/[A-Za-z][A-Za-z0-9_]*-\d+)[^\s)]*)\)\)?/;
/**
 * The action items of a post-mortem: the lines of its sections about actions, in their order. Text, owner and date
 * stand in any order, parted by dashes, bars or brackets; forms that come near are understood and said to be so.
 * What is not certain stays undefined. Code, quotes and the template's own placeholders are no items. Never throws.
 */
export function readActionItems(markdown: string, options: ReadActionItems): readonly ActionItem[] {
  const items: ActionItem[] = [];
  let fence: string | undefined;
  /** Of the section about actions that the line stands in. */
  let level: number | undefined;
  const lines = markdown.split(/\r?\n/);
  for (const [line, written] of lines.entries()) {
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(written)?.[1];
    if (mark && fence === undefined) fence = mark;
    else if (mark && fence !== undefined && mark.startsWith(fence)) fence = undefined;
    if (mark || fence !== undefined) continue;
    const head = headingAt(lines, line);
    if (head) {
      if (level === undefined || head.level <= level)
        level = sectionKindOf(head.text) === 'actions' ? head.level : undefined;
      continue;
    }
    if (level === undefined) continue;
    const item = readLine(line, written, options);
    if (item) items.push(item);
  }
  return items;
}

function readLine(line: number, written: string, options: ReadActionItems): ActionItem | undefined {
  const boxed = box.exec(written)?.groups;
  const found = boxed ?? bullet.exec(written)?.groups;
  const rest = found?.['rest']?.trim() ?? '';
  if (!found || rest === '') return undefined;
  const mark = found['mark'] ?? '';
  const { issue, without } = takeIssue(rest);
  const { due, unsure, left } = takeDeadline(partsOf(without), options.today);
  const { text, owner } = takeOwner(left, options.people);
  if (text === '' || isPlaceholder(text)) return undefined;
  const problems: ActionProblem[] = [];
  if (!/^\s*(?:[-*+]|\d+[.)])\s+\[[ xX]\]\s/.test(written))
    problems.push({ code: 'no-box', message: 'It has no box to tick. Write it as “- [ ] …”.' });
  if (owner === undefined)
    problems.push({ code: 'no-owner', message: 'Nobody is named who does it. Add “ - Name”.' });
  if (unsure !== undefined) problems.push({ code: 'unsure-deadline', message: unsure });
  else if (due === undefined)
    problems.push({ code: 'no-deadline', message: 'It has no deadline. Add “ - 2026-12-31”, with its day.' });
  const done = mark !== '' && mark !== ' ' && mark !== 'TODO';
  return { line, written, text, done, owner, due, issue, problems };
}

function takeIssue(rest: string): { issue: ActionIssue | undefined; without: string } {
  const match = issueLink.exec(rest);
  const { name, url } = match?.groups ?? {};
  if (!match || name === undefined || url === undefined) return { issue: undefined, without: rest };
  const without = `${rest.slice(0, match.index)} ${rest.slice(match.index + match[0].length)}`.trim();
  return { issue: { name, url }, without };
}
