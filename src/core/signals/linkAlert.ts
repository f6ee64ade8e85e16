import { alertsLine } from '../authoring/skeletons.ts';
import type { Guide, Runbook } from '../guide/guide.ts';
import { insertAt, insertBelow, linesOf, replaceIn, type TextEdit } from '../lint/textEdit.ts';
import { alertsOf, findRunbook } from './findRunbook.ts';
import type { LiveSignal } from './incomingSignal.ts';

/** An alert whose `runbook_url` leads to no file that is known. */
export interface UnlinkedAlert {
  readonly title: string;
  readonly url: string;
}

/** Open alerts that name a runbook which no guide holds, one for each address. */
export function unlinkedAlerts(
  signals: readonly LiveSignal[],
  guides: readonly Guide[],
): readonly UnlinkedAlert[] {
  const found = new Map<string, UnlinkedAlert>();
  for (const signal of signals) {
    if (signal.state === 'resolved' || signal.state === 'happened') continue;
    const runbook = findRunbook(signal, guides);
    if (runbook?.kind === 'link' && !found.has(runbook.url))
      found.set(runbook.url, { title: signal.title.trim(), url: runbook.url });
  }
  return [...found.values()];
}

/**
 * Writes into a guide which alert a runbook is for, so that `findRunbook` leads there from now on: into the frontmatter
 * of a file that is one runbook, else as a link below the runbook's heading.
 */
export function linkAlert(
  source: string,
  guide: Guide,
  runbook: Pick<Runbook, 'line' | 'source'>,
  { title, url }: UnlinkedAlert,
): TextEdit {
  const lines = linesOf(source);
  if (guide.runbooks.length !== 1) {
    const name = title.replace(/[[\]\p{Cc}]/gu, ' ').trim() || 'Alert';
    return insertBelow(lines, runbook.line, `\nAlert: [${name}](<${url.replace(/[<>\s]/g, '')}>)`);
  }
  const line = alertsLine([...alertsOf(guide.frontmatter), url]);
  const end =
    lines[0]?.trimEnd() === '---'
      ? lines.findIndex((text, at) => at > 0 && /^(?:---|\.\.\.)\s*$/.test(text))
      : -1;
  if (end < 0) return insertAt(1, 1, `---\n${line}\n---\n\n`);
  const at = lines.findIndex((text, index) => index < end && text.startsWith('alerts:'));
  return at < 0 ? insertBelow(lines, end, line) : replaceIn(at + 1, 1, (lines[at] ?? '').length + 1, line);
}
