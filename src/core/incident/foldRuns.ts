import { useApproval, type ApprovalDraft } from '../approvals/foldApprovals.ts';
import type { EventData, IncidentEvent } from './events.ts';
import type { RecordedChange, Run } from './incident.ts';

/** Names kept per kind for suggestions: a busy cluster must not make every fold slower. */
const SEEN_LIMIT = 200;

/** What a fold of an incident holds of its runs and what they changed. */
export interface RunsDraft {
  readonly seen: Map<string, readonly string[]>;
  readonly runs: Run[];
  readonly changes: RecordedChange[];
  readonly approvals: ApprovalDraft;
}

export function keepChange(
  draft: RunsDraft,
  data: EventData['ChangeKept'],
  { time: at, by }: IncidentEvent,
): void {
  const index = draft.changes.findIndex(({ id }) => id === data.change);
  const change = draft.changes[index];
  if (!change || change.undone) return;
  draft.changes[index] = { ...change, kept: { at, by, ...optional('reason', data.reason) } };
}

export function startRun(draft: RunsDraft, data: EventData['RunStarted'], event: IncidentEvent): void {
  if (findRun(draft, data.run) !== -1) return;
  const { run, step, sequence, text, kind, command, target, risk, undoes, dryRun, background } = data;
  const { time: startedAt, by, writer } = event;
  const what = { id: run, step, sequence, text, kind, command, target, risk };
  const how = {
    ...optional('undoes', undoes),
    ...optional('dryRun', dryRun),
    ...optional('background', background),
  };
  draft.runs.push({ ...what, ...how, startedAt, by, writer, end: undefined });
  if (data.approval !== undefined) useApproval(draft.approvals, data.approval, run, startedAt);
}

export function endRun(draft: RunsDraft, data: EventData['RunEnded'], { time: at }: IncidentEvent): void {
  const index = findRun(draft, data.run);
  const run = draft.runs[index];
  if (!run || (run.end && (!run.end.interrupted || data.interrupted))) return;
  const { outcome, durationMs, interrupted } = data;
  const end = {
    at,
    outcome,
    durationMs,
    ...optional('interrupted', interrupted),
    ...optional('output', data.output),
    ...optional('points', data.points),
    ...optional('reading', data.reading),
    ...optional('assertions', data.assertions),
  };
  draft.runs[index] = { ...run, end };
  const undone = draft.changes.findIndex(({ id }) => id === run.undoes);
  const change = draft.changes[undone];
  if (change && outcome.kind === 'succeeded')
    draft.changes[undone] = { ...change, undone: { at, by: run.by, run: run.id } };
  for (const [kind, names] of Object.entries(data.seen ?? {})) {
    const all = new Set([...names, ...(draft.seen.get(kind) ?? [])]);
    draft.seen.set(kind, [...all].slice(0, SEEN_LIMIT));
  }
}

/** From the end: the run that ends is nearly always one of the last. */
export function findRun(draft: RunsDraft, id: string): number {
  for (let i = draft.runs.length - 1; i >= 0; i--) {
    if (draft.runs[i]!.id === id) return i;
  }
  return -1;
}

/** `{ key: value }`, or nothing at all when there is no value (exact optional properties). */
export function optional<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]?: V });
}
