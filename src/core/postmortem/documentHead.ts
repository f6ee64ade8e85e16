import type { Guide } from '../guide/guide.ts';
import { describeRecurrence } from '../history/recurrence.ts';
import { clocksOf } from '../incident/clocks.ts';
import type { Incident } from '../incident/incident.ts';
import type { PostMortemStatus } from '../incident/events.ts';
import { utcDateTime } from '../incident/instants.ts';
import { postMortemStatuses, statusNames } from '../incident/postMortemStatus.ts';
import { fieldOf } from './knownWords.ts';
import { parseLabelLine } from './labelLine.ts';
import { escapeMarkdown } from './markdownText.ts';

interface HeadInput {
  readonly incident: Incident;
  readonly guide: Guide | undefined;
  /** UTC ISO 8601. */
  readonly generatedAt: string;
}

/**
 * What stands between the title and the first section: the template's own lines, with the status of the document and
 * the guide's deadline in them, or before them where it has no place for these.
 */
export function documentHead(preamble: readonly string[], input: HeadInput): string[] {
  const lines = preamble.map((line) => {
    const label = parseLabelLine(line);
    return label && fieldOf(label.label) === 'status' ? label.with(statusNames.draft) : line;
  });
  const has = (is: (label: string) => boolean) => lines.some((line) => is(parseLabelLine(line)?.label ?? ''));
  const due = has((label) => dueWord.test(label)) ? [] : dueLines(input);
  const own = has((label) => fieldOf(label) === 'status') ? due : ['- Status: Draft', ...due];
  return lines.every((line) => line.trim() === '')
    ? own
    : [...own, ...(own.length > 0 ? [''] : []), ...lines];
}

const dueWord = /^(?:due|deadline)$/i;

function dueLines({ incident, guide, generatedAt }: HeadInput): string[] {
  return clocksOf(incident, guide, generatedAt).postMortem.flatMap(({ deadline, dueAt, recurring }) => {
    const rule = escapeMarkdown(deadline.text);
    const only = recurring ? ', only if it is a recurring one' : '';
    const due = dueAt === undefined ? 'after the resolution' : utcDateTime(dueAt);
    const why =
      deadline.recurring && incident.recurrence
        ? [`- Recurs: ${escapeMarkdown(describeRecurrence(incident.recurrence))}`]
        : [];
    return [`- Due: ${due} (the guide: ${rule}${only})`, ...why];
  });
}

/** Where the document says how far it is and until when it has to be there; lines are 0-based. */
export interface ReadHead {
  readonly status: { readonly line: number; readonly value: PostMortemStatus | undefined } | undefined;
  /** `at`: UTC ISO 8601. A deadline for recurring incidents alone is not one. */
  readonly due: { readonly line: number; readonly at: string } | undefined;
}

/** Reads the status and the deadline from the lines before the first section. */
export function readHead(lines: readonly string[]): ReadHead {
  const end = lines.findIndex((line) => /^##\s/.test(line));
  let status: ReadHead['status'];
  let due: ReadHead['due'];
  for (const [line, text] of lines.slice(0, end === -1 ? 40 : end).entries()) {
    const label = parseLabelLine(text);
    if (!label) continue;
    if (fieldOf(label.label) === 'status')
      status ??= {
        line,
        value: postMortemStatuses.find(
          (one) => statusNames[one].toLowerCase() === label.value.replace(/[*_]/g, '').trim().toLowerCase(),
        ),
      };
    const at = dueWord.test(label.label)
      ? /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}) UTC/.exec(label.value)
      : undefined;
    if (at && !label.value.includes('only if it is a recurring one'))
      due ??= { line, at: `${at[1]}T${at[2]}:00.000Z` };
  }
  return { status, due };
}

/** The lines with another status; a document that has no place for it gets one below its title. */
export function withStatus(lines: readonly string[], status: PostMortemStatus): string[] {
  const changed = [...lines];
  const { status: place } = readHead(lines);
  if (place) {
    const label = parseLabelLine(lines[place.line]!);
    if (label) changed[place.line] = label.with(statusNames[status]);
    return changed;
  }
  const title = lines.findIndex((line) => /^#\s/.test(line));
  changed.splice(
    title + 1,
    0,
    ...(title === -1 ? [] : ['']),
    `- Status: ${statusNames[status]}`,
    ...(title === -1 ? [''] : []),
  );
  return changed;
}
