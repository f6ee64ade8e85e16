import { alertsLine, quotedAlert } from '../authoring/skeletons.ts';
import type { Guide, Runbook } from '../guide/guide.ts';
import { insertAt, insertBelow, linesOf, type TextEdit } from '../lint/textEdit.ts';
import { addToAlerts, headOf, type Head } from './alertsEntry.ts';
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
 * Writes into a guide which alert a runbook is for, so that `findRunbook` leads there from now on: into the YAML
 * frontmatter of a file that is one runbook, else as a link below the runbook's heading.
 */
export function linkAlert(
  source: string,
  guide: Guide,
  runbook: Pick<Runbook, 'line' | 'source'>,
  { title, url }: UnlinkedAlert,
): TextEdit {
  const lines = linesOf(source);
  const head = headOf(source);
  const whole = alertsLine([...alertsOf(guide.frontmatter), url]);
  const edit =
    guide.runbooks.length !== 1
      ? undefined
      : head.kind === 'none'
        ? insertAt(1, 1, `---\n${whole}\n---\n\n`)
        : head.kind === 'yaml'
          ? addToAlerts(lines, head.end, quotedAlert(url), whole)
          : undefined;
  return edit ?? linkBelow(lines, runbook.line, head, { title, url });
}

function linkBelow(
  lines: readonly string[],
  heading: number,
  head: Head,
  { title, url }: UnlinkedAlert,
): TextEdit {
  const name = title.replace(/[[\]\p{Cc}]/gu, ' ').trim() || 'Alert';
  // A heading may be underlined; a runbook without one begins where its file does, which may be in the head.
  const isUnderlined =
    /^\s{0,3}(?:=+|-+)\s*$/.test(lines[heading] ?? '') && lines[heading - 1]?.trim() !== '';
  const first = head.kind === 'none' ? 0 : head.kind === 'yaml' ? head.end + 1 : head.bodyLine;
  const below = Math.max(heading + (isUnderlined && heading > first ? 1 : 0), first);
  return insertBelow(lines, below, `\nAlert: [${name}](<${url.replace(/[<>\s]/g, '')}>)`);
}
