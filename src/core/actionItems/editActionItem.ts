import type { ActionIssue, ActionItem } from './actionItem.ts';

/** One line of a document in place of what it was. */
export interface LineEdit {
  /** 0-based. */
  readonly line: number;
  /** What has to stand there still. */
  readonly was: string;
  readonly becomes: string;
}

const bulletOf = /^(?<lead>\s*(?:[-*+]|\d+[.)])?)\s*/;
const boxOf = /^(?<lead>\s*(?:[-*+]|\d+[.)])?)\s*\[[ xX✓✔]?\](?!\()\s*/u;

/** Ticks or unticks the item's box; a line without one gets one. Nothing else of the line is touched. */
export function tickEdit({ line, written }: ActionItem, done: boolean): LineEdit {
  const match = boxOf.exec(written) ?? bulletOf.exec(written);
  const lead = match?.groups?.['lead'] ?? '';
  const rest = written.slice(match?.[0].length ?? 0).replace(/^(?:TODO|DONE)\b:?\s*/, '');
  return { line, was: written, becomes: `${lead === '' ? '-' : lead} [${done ? 'x' : ' '}] ${rest}` };
}

/** Puts the issue's link behind the item. */
export const issueEdit = ({ line, written }: ActionItem, { name, url }: ActionIssue): LineEdit => ({
  line,
  was: written,
  becomes: `${written.trimEnd()} ([${name.replace(/[[\]]/g, '')}](${url}))`,
});

/**
 * The document with these edits, and those whose line is another by now: they are not made. Line ends stay as they
 * are.
 */
export function applyLineEdits(
  document: string,
  edits: readonly LineEdit[],
): { readonly text: string; readonly missed: readonly LineEdit[] } {
  const parts = document.split(/(\r?\n)/);
  const missed: LineEdit[] = [];
  for (const edit of edits) {
    if (parts[edit.line * 2] === edit.was) parts[edit.line * 2] = edit.becomes;
    else missed.push(edit);
  }
  return { text: parts.join(''), missed };
}
