import type { Guide } from '../guide/guide.ts';
import type { EvidenceFile } from '../incident/events.ts';
import type { Evidence, Incident, Note, Run } from '../incident/incident.ts';
import { utcTime } from '../incident/instants.ts';
import { commandsOf, groupAlike, outputsOf } from './alikeRuns.ts';
import { endOf } from './timelineEntries.ts';
import { codeSpan, escapeMarkdown, linkTo } from './markdownText.ts';
import type { TriedInput } from './triedSection.ts';

/** The guide's key questions with their answers, and answers to questions the guide no longer asks. */
export function questionLines(incident: Incident, guide: Guide | undefined): string[] {
  const questions = new Map<string, string>();
  for (const phase of guide?.phases ?? []) {
    for (const part of phase.parts) {
      if (part.kind === 'questions') part.questions.forEach(({ id, text }) => questions.set(id, text));
    }
  }
  const answers = new Map<string, Note[]>();
  for (const note of incident.notes) {
    if (note.question === undefined) continue;
    if (!questions.has(note.question)) questions.set(note.question, note.questionText ?? 'Question');
    answers.set(note.question, [...(answers.get(note.question) ?? []), note]);
  }
  if (questions.size === 0) return [];
  const lines = [...questions].map(([id, text]) => {
    const given = (answers.get(id) ?? []).map((note) => `${escapeMarkdown(note.text)} ${saidBy(note)}`);
    return `- ${escapeMarkdown(text)} ${given.length > 0 ? given.join('; ') : 'not answered'}`;
  });
  return ['Key questions:', '', ...lines];
}

const saidBy = ({ at, by }: { readonly at: string; readonly by: string }) =>
  `(${escapeMarkdown(by)}, ${utcTime(at)} UTC)`;

/** Every change that was made to production, whatever came of it; what was done and ended alike in one line. */
export function changeLines({ incident, linkToOutput }: TriedInput): string[] {
  const changes = incident.runs.filter(({ risk, dryRun }) => risk !== 'read' && dryRun !== true);
  if (changes.length === 0) return [];
  const groups = groupAlike(changes, (run) =>
    JSON.stringify([run.text.trim() || run.command, endOf(run), run.undoes !== undefined]),
  );
  const lines = groups.map((group) => {
    const { first, last, count } = group;
    const back = first.undoes === undefined ? '' : 'Took back: ';
    const what =
      count === 1
        ? codeSpan(first.command)
        : `${first.text.trim() ? `${escapeMarkdown(first.text)}, ` : ''}${count} times (${commandsOf(group)})`;
    return `- ${back}${what}: ${endOf(first)} ${ranBy(first, last)}${outputsOf(group, linkToOutput)}`;
  });
  return ['Changes made:', '', ...lines];
}

/** `(Ana, 10:33 UTC)`, of several `(Ana, 10:33 UTC, to Ben, 17:13 UTC)`. */
const ranBy = (first: Run, last: Run): string =>
  first === last
    ? saidBy({ at: first.startedAt, by: first.by })
    : `(${escapeMarkdown(first.by)}, ${utcTime(first.startedAt)} UTC, to ${escapeMarkdown(last.by)}, ${utcTime(last.startedAt)} UTC)`;

export interface EvidenceLinks extends TriedInput {
  /** The address of a kept file, as it is to stand in the document. */
  readonly linkToEvidence: (file: EvidenceFile) => string;
}

/** What was kept as evidence, each with its link. */
export function evidenceLines(input: EvidenceLinks): string[] {
  const { evidence } = input.incident;
  if (evidence.length === 0) return [];
  return ['Evidence:', '', ...evidence.map((one) => `- ${evidenceText(one, input)} ${saidBy(one)}`)];
}

/** One piece of evidence in one line: its note, its link, and of a text its beginning. */
export function evidenceText(
  { kind, text, note, run, file }: Evidence,
  { incident, linkToOutput, linkToEvidence }: EvidenceLinks,
): string {
  const says = note === undefined ? '' : `${escapeMarkdown(note)}: `;
  switch (kind) {
    case 'url':
      // An address is escaped as an autolink; a link around it would be a link in a link.
      return says + escapeMarkdown(text);
    case 'text':
      return `${says}“${escapeMarkdown(shorten(text))}”`;
    case 'output': {
      const of = incident.runs.find(({ id }) => id === run);
      const output = of?.end?.output ? `, ${linkTo('output', linkToOutput(of.end.output))}` : '';
      const from = of ? ` of “${escapeMarkdown(of.text)}”` : '';
      return `${says}${codeSpan(shorten(text))}${from}${output}`;
    }
    case 'file':
    case 'picture':
      return says + (file ? linkTo(escapeMarkdown(text), linkToEvidence(file)) : escapeMarkdown(text));
  }
}

const shorten = (text: string): string => {
  const line = text.trim().split(/\r?\n/)[0] ?? '';
  const rest = text.trim().split(/\r?\n/).length - 1;
  const start = line.length > 160 ? `${line.slice(0, 159)}…` : line;
  return rest > 0 ? `${start} … (${rest} more ${rest === 1 ? 'line' : 'lines'})` : start;
};
