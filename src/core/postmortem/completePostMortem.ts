import type { Incident } from '../incident/incident.ts';
import { utcTime } from '../incident/instants.ts';
import { inLine, type TextRange } from '../lint/textEdit.ts';
import { sectionsOf } from './sectionRange.ts';
import { timelineEntries } from './timelineEntries.ts';

export interface PostMortemItem {
  readonly label: string;
  readonly detail: string;
  readonly insert: string;
  readonly kind: 'person' | 'incident' | 'row';
}

export interface PostMortemOffer {
  /** What is replaced: what was typed so far, its sign included. */
  readonly range: TextRange;
  readonly items: readonly PostMortemItem[];
}

export interface PostMortemNames {
  readonly people: readonly { readonly name: string; readonly roles: readonly string[] }[];
  readonly incidents: readonly {
    readonly number: string;
    readonly title: string;
    readonly severity: string;
  }[];
  /** Whose post-mortem it is, where that is known. */
  readonly incident: Incident | undefined;
}

/**
 * What can stand at a place (line and column from 1): people behind `@`, incidents behind `#`, rows of the journal behind
 * `[` at the beginning of a line of the timeline. Undefined where nothing of ours fits.
 */
export function completePostMortem(
  lines: readonly string[],
  at: { readonly line: number; readonly column: number },
  names: PostMortemNames,
): PostMortemOffer | undefined {
  const before = (lines[at.line - 1] ?? '').slice(0, at.column - 1);
  const person = /(?:^|[\s(])(@[\p{L}\p{N}.'’ -]{0,40})$/u.exec(before)?.[1];
  if (person !== undefined) {
    const items = names.people.map(({ name, roles }) => ({
      label: name,
      detail: roles.length === 0 ? 'took part' : roles.join(', '),
      insert: name,
      kind: 'person' as const,
    }));
    return { range: rangeOf(at, person), items };
  }
  const number = /(?:^|[\s(])(#[\w-]{0,30})$/.exec(before)?.[1];
  if (number !== undefined && before.trim() !== number) {
    const items = names.incidents.map(({ number: label, title, severity }) => ({
      label,
      detail: `${severity} ${title}`,
      insert: `${label} (${title})`,
      kind: 'incident' as const,
    }));
    return { range: rangeOf(at, number), items };
  }
  const row = /^\s*(?:[-*+]\s+)?(\[[^\]]{0,40})$/.exec(before)?.[1];
  const timeline = sectionsOf(lines).find(({ kind }) => kind === 'timeline');
  const isInTimeline = timeline && at.line - 1 > timeline.line && at.line - 1 < timeline.end;
  if (row === undefined || !isInTimeline || !names.incident) return undefined;
  // A link to an output would have to know where the document lies: the whole journal below has it.
  const items = timelineEntries({ ...names.incident, runs: withoutOutput(names.incident) }, () => '').map(
    ({ at: time, text }) => ({
      label: `[${utcTime(time)}] ${text}`,
      detail: 'from the journal',
      insert: `[${utcTime(time)}] ${text}`,
      kind: 'row' as const,
    }),
  );
  return { range: rangeOf(at, row), items };
}

const withoutOutput = ({ runs }: Incident): Incident['runs'] =>
  runs.map((run) => {
    if (!run.end) return run;
    const { output: _output, ...end } = run.end;
    return { ...run, end };
  });

const rangeOf = (at: { readonly line: number; readonly column: number }, typed: string): TextRange =>
  inLine(at.line, at.column - typed.length, at.column);
