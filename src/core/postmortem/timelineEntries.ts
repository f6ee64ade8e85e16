import type { AnyEvent, EventData, OutputRef } from '../incident/events.ts';
import { isKnown } from '../incident/evolve.ts';
import { formatRunTime } from '../incident/durations.ts';
import type { Incident, Run } from '../incident/incident.ts';
import { hasFailedAssertion } from '../incident/progress.ts';
import { msBetween, utcTime } from '../incident/instants.ts';
import type { Outcome } from '../plan/plan.ts';
import { nameOfTask } from '../views/deliveryTexts.ts';
import { outcomeSentence, timelineRows } from '../views/timeline.ts';
import { codeSpan, escapeMarkdown, linkTo } from './markdownText.ts';

/**
 * What an entry is to a reader. `moment`, `change` and `said` are what happened and stand by themselves; `answer`,
 * `look`, `update`, `told`, `ticked` and `done` are routine and stand together; `phase` begins a part; `detail` is for the whole
 * journal alone.
 */
export type EntryKind =
  | 'moment'
  | 'change'
  | 'said'
  | 'answer'
  | 'look'
  | 'update'
  | 'told'
  | 'ticked'
  | 'done'
  | 'phase'
  | 'detail';

export type EntrySort = 'note' | 'failed check' | 'step by hand' | 'skipped step' | 'piece of evidence';

export interface TimelineEntry {
  /** UTC ISO 8601. */
  readonly at: string;
  readonly by: string;
  readonly kind: EntryKind;
  /** What many of a kind are counted as; undefined is only an entry. */
  readonly sort?: EntrySort | undefined;
  /** What it is called among others of its kind, as Markdown. */
  readonly name: string;
  /** The whole of it, as Markdown on one line. */
  readonly text: string;
  /** What a reader of the short timeline needs of it, where that is less. */
  readonly brief?: string;
  /** Of a run that did not do what it is for. */
  readonly isBad?: boolean;
}

/** Facts that are preparation, not part of what happened; the footer counts them. */
const unlisted: ReadonlySet<string> = new Set([
  'ValueSet',
  'ValueCleared',
  'RunAllEnded',
  'ResolutionChecked',
  'PostMortemOwnerSet',
  'PostMortemDrafted',
  'PostMortemStatusSet',
  'ActionItemsSeen',
  'CalendarEntryWritten',
  'RecurrenceSeen',
]);

export const countUnlisted = (incident: Incident): number =>
  incident.events.filter(({ type }) => unlisted.has(type)).length;

/**
 * Everything that happened, in the journal's order. A run is one entry: command, outcome, link to its output. Onset,
 * mitigation and what was acknowledged elsewhere stand at the time they are said to have been.
 */
export function timelineEntries(
  incident: Incident,
  linkToOutput: (ref: OutputRef) => string,
): readonly TimelineEntry[] {
  const started = startsOf(incident);
  const runs = new Map(incident.runs.map((run) => [run.id, run]));
  const told = new Map(timelineRows(incident).map((row) => [row.id, row.text]));
  const entries: TimelineEntry[] = [];
  const moved: TimelineEntry[] = [];
  const onset = lastOf(incident, 'OnsetSet');
  const mitigated = lastOf(incident, 'MitigatedMarked');
  for (const event of incident.events) {
    const { by, time: at } = event;
    if (unlisted.has(event.type) && isKnown(event)) continue;
    if (event.id === onset?.id || event.id === mitigated?.id) {
      const name = event.id === onset?.id ? 'Onset: the problem began' : 'Mitigated';
      const when = event.id === onset?.id ? incident.onsetAt : incident.mitigatedAt;
      if (when !== undefined) {
        const who = escapeMarkdown(by);
        const text = `${name} (${isSameMinute(when, at) ? who : `recorded ${utcTime(at)} by ${who}`})`;
        moved.push({ at: when, by, kind: 'moment', name, text });
        continue;
      }
    }
    const run = isKnown(event) && event.type === 'RunStarted' ? runs.get(event.data.run) : undefined;
    if (run) {
      entries.push({ at, by, ...runEntry(run, started.get(run.id), linkToOutput) });
      continue;
    }
    // The end of a run is told in the row of its start.
    if (isKnown(event) && event.type === 'RunEnded' && runs.has(event.data.run)) continue;
    const what = describe(event, incident);
    const says = what.text ?? escapeMarkdown(told.get(event.id) ?? event.type);
    const text = namesItsWriter(event) ? says : `${says} (${escapeMarkdown(by)})`;
    const there = isKnown(event) && event.type === 'IncidentAcknowledged' ? event.data.at : undefined;
    const list = there === undefined ? entries : moved;
    list.push({ at: there ?? at, by, kind: what.kind, sort: what.sort, name: what.name ?? text, text });
  }
  for (const entry of moved) {
    const index = entries.findIndex(({ at }) => (msBetween(entry.at, at) ?? 0) > 0);
    entries.splice(index === -1 ? entries.length : index, 0, entry);
  }
  return entries;
}

/** “Ana approved …”, written by Ana. */
const namesItsWriter = (event: AnyEvent): boolean =>
  isKnown(event) &&
  (event.type === 'ApprovalGiven' || event.type === 'ApprovalRefused') &&
  event.data.who === event.by;

const isSameMinute = (a: string, b: string): boolean => a.slice(0, 16) === b.slice(0, 16);

type Described = Pick<TimelineEntry, 'kind' | 'sort'> & Partial<Pick<TimelineEntry, 'name' | 'text'>>;

function describe(event: AnyEvent, incident: Incident): Described {
  if (!isKnown(event)) return { kind: 'moment' };
  switch (event.type) {
    case 'IncidentDeclared':
    case 'IncidentAcknowledged':
    case 'SeverityChanged':
    case 'ImpactSet':
    case 'OnsetSet':
    case 'IncidentResolved':
    case 'IncidentReopened':
    case 'PageResolvedSeen':
    case 'PeopleEscalated':
    case 'EscalationAcknowledged':
    case 'SignalAttached':
    case 'SoakStarted':
    case 'RelapseSeen':
    case 'SoakPassed':
      return { kind: 'moment' };
    case 'MitigatedMarked':
      return {
        kind: 'moment',
        ...(isSameMinute(event.data.at, event.time) ? { text: 'Marked mitigated' } : {}),
      };
    case 'EvidenceAdded':
    case 'PinReceived':
      return { kind: 'said', sort: 'piece of evidence' };
    case 'StepDone':
      return { kind: 'said', sort: 'step by hand' };
    case 'StepSkipped':
      return { kind: 'said', sort: 'skipped step' };
    case 'TargetPinned':
    case 'SignalStateSeen':
    case 'ApprovalGiven':
    case 'ApprovalRefused':
    case 'ChecklistItemUnticked':
    case 'DeliveryMarkedDone':
    case 'CheckOverridden':
    case 'ChangeKept':
      return { kind: 'said' };
    case 'NoteAdded': {
      const { question, questionText = 'Question:', text } = event.data;
      if (question === undefined) return { kind: 'said', sort: 'note' };
      return { kind: 'answer', name: `${escapeMarkdown(questionText)} ${escapeMarkdown(text)}` };
    }
    case 'PhaseEntered':
      return { kind: 'phase', name: escapeMarkdown(event.data.name) };
    case 'UpdatePosted': {
      const { number, text } = event.data;
      return {
        kind: 'update',
        name: `#${number}`,
        text: `Update #${number}: ${escapeMarkdown(plainUpdate(text))}`,
      };
    }
    case 'AudienceUpdatePosted': {
      const { audience, text } = event.data;
      const whose = audience === 'public' ? 'Public update' : 'Executive update';
      return {
        kind: audience === 'public' ? 'said' : 'detail',
        text: `${whose}: ${escapeMarkdown(plainUpdate(text))}`,
      };
    }
    case 'ChecklistItemTicked': {
      const { text, note } = event.data;
      return { kind: 'ticked', name: escapeMarkdown(note ? `${text} (${note})` : text) };
    }
    case 'GuideItemDone':
      return { kind: 'done', name: escapeMarkdown(event.data.text) };
    case 'DeliveryDelivered': {
      const found = incident.deliveries.find(({ delivery }) => delivery === event.data.delivery);
      const name = found ? nameOfTask(found.task, found.place) : event.data.delivery;
      return { kind: 'told', name: escapeMarkdown(name) };
    }
    case 'DeliveryFailed': {
      const found = incident.deliveries.find(({ delivery }) => delivery === event.data.delivery);
      // What got through in the end was a detail.
      return { kind: found?.state === 'failed' ? 'said' : 'detail' };
    }
    default:
      return { kind: 'detail' };
  }
}

/** A message as people read it on one line: the guide's own heading, bullets and stars are its form, not its words. */
function plainUpdate(text: string): string {
  const lines = text
    .split(/\r?\n/)
    .map((line) =>
      line
        .replace(/\*\*|__/g, '')
        .replace(/^\s*(?:[-*+]\s+|#+\s+)/, '')
        .trim(),
    )
    .filter((line) => line !== '');
  const isHeading = /^(?:executive |public )?update\b\s*(?:#?\d+)?\s*(?:\[[^\]]*\])?\s*:?$/i.test(
    lines[0] ?? '',
  );
  const kept = isHeading && lines.length > 1 ? lines.slice(1) : lines;
  const line = kept.join('; ');
  return line.length > 300 ? `${line.slice(0, 299).trimEnd()}…` : line;
}

/** The fact that is in force: a time that was corrected, or dropped by a reopen, stays where it was recorded. */
function lastOf(incident: Incident, type: 'OnsetSet' | 'MitigatedMarked') {
  const inForce = type === 'OnsetSet' ? incident.onsetAt : incident.mitigatedAt;
  for (let i = incident.events.length - 1; i >= 0; i--) {
    const event = incident.events[i]!;
    if (isKnown(event) && event.type === type && event.data.at === inForce) return event;
  }
  return undefined;
}

function startsOf(incident: Incident): ReadonlyMap<string, EventData['RunStarted']> {
  const starts = new Map<string, EventData['RunStarted']>();
  for (const event of incident.events) {
    if (isKnown(event) && event.type === 'RunStarted' && !starts.has(event.data.run)) {
      starts.set(event.data.run, event.data);
    }
  }
  return starts;
}

function runEntry(
  run: Run,
  start: EventData['RunStarted'] | undefined,
  linkToOutput: (ref: OutputRef) => string,
): Pick<TimelineEntry, 'kind' | 'sort' | 'name' | 'text' | 'brief' | 'isBad'> {
  const kind = run.risk !== 'read' && run.dryRun !== true ? 'change' : isBad(run) ? 'said' : 'look';
  return {
    kind,
    sort: kind === 'said' ? 'failed check' : undefined,
    isBad: isBad(run),
    name: escapeMarkdown(run.text.trim() || run.command),
    text: `${runText(run, start, linkToOutput)} (${escapeMarkdown(run.by)})`,
    brief: `${runText(run, start, linkToOutput, 'brief')} (${escapeMarkdown(run.by)})`,
  };
}

/** How a run ended, as one reads it: an assertion that did not hold says more than the exit code. */
export function endOf({ end }: Run): string {
  const broken = end?.assertions?.find(({ result }) => result === 'failed');
  if (broken) return `did not hold: ${codeSpan(broken.assertion)}, ${escapeMarkdown(broken.because)}`;
  return end ? endSentence(end.outcome) : 'no end recorded';
}

/** `succeeded` where an exit code of 0 is all that there is to say. */
const endSentence = (outcome: Outcome): string =>
  outcome.kind === 'succeeded' && !outcome.detail
    ? 'succeeded'
    : escapeMarkdown(outcomeSentence(outcome)).replace(/\.$/, '');

/** What took less than this says nothing by its time. */
const worthTellingMs = 1_000;

/** Whether it ran and did not do what it is for. Without an end nothing is said of it. */
export const isBad = (run: Run): boolean =>
  hasFailedAssertion(run) || run.end?.outcome.kind === 'failed' || run.end?.outcome.kind === 'timed-out';

/** `Check pods: \`kubectl get pods\`; 3 pods (120 ms); [output](…)`. In brief without what only a machine asks for. */
export function runText(
  run: Run,
  start: EventData['RunStarted'] | undefined,
  linkToOutput: (ref: OutputRef) => string,
  form: 'whole' | 'brief' = 'whole',
): string {
  const isTitled = run.text.trim() !== '' && !run.command.startsWith(run.text);
  const command = codeSpan(run.command);
  const does = run.dryRun
    ? 'Tried without changing anything'
    : run.undoes === undefined
      ? 'Ran'
      : 'Took back';
  const parts = [
    isTitled
      ? `${run.dryRun || run.undoes !== undefined ? `${does}: ` : ''}${escapeMarkdown(run.text)}: ${command}`
      : `${does} ${command}`,
  ];
  const changes = start?.changes ?? [];
  if (changes.length > 0) parts.push(`confirmed: ${changes.map(escapeMarkdown).join(', ')}`);
  if (!run.end) return [...parts, 'no end recorded'].join('; ');
  const { outcome, durationMs, interrupted, output, assertions = [] } = run.end;
  const isTold = !interrupted && (form === 'whole' || durationMs >= worthTellingMs);
  const broken = assertions.filter(({ result }) => result === 'failed');
  const isPlain = form === 'brief' && broken.length === 0;
  const ended = isPlain ? endSentence(outcome) : escapeMarkdown(outcomeSentence(outcome));
  parts.push(ended + (isTold ? ` (${formatRunTime(durationMs)})` : ''));
  for (const { assertion, because } of broken)
    parts.push(`did not hold: ${codeSpan(assertion)}, ${escapeMarkdown(because)}`);
  if (output) parts.push(linkTo('output', linkToOutput(output)));
  return parts.join('; ');
}
