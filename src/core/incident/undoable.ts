import { failed, ok, type Result } from '../errors.ts';
import type { Undo } from '../plan/undo.ts';
import type { Incident, RecordedChange, Run } from './incident.ts';
import { utcTime } from './instants.ts';

/** Changes that can be taken back and have not been, newest first: the last one is the first to be undone. */
export const undoableChanges = (incident: Incident): readonly RecordedChange[] =>
  incident.changes.filter(({ undo, undone }) => undo !== undefined && undone === undefined).reverse();

/** What must not be forgotten: "auto-sync is off for storefront", until its undo has run or a person has said that it stays. Oldest first. */
export const openDebts = (incident: Incident): readonly RecordedChange[] =>
  incident.changes.filter(
    ({ debt, undone, kept }) => debt !== undefined && undone === undefined && kept === undefined,
  );

/** The undo of a change with the run that made it. Codes: `not-found`, `conflict` when it was taken back already. */
export function findUndo(
  incident: Incident,
  id: string,
): Result<{ readonly change: RecordedChange; readonly undo: Undo; readonly run: Run }> {
  const change = incident.changes.find((each) => each.id === id);
  const run = incident.runs.find((each) => each.id === change?.run);
  if (!change || !run)
    return failed('not-found', `That change is not in ${incident.number}. Nothing was done.`);
  if (!change.undo)
    return failed('invalid', `There is no undo for "${change.changes.join(', ')}". Nothing was done.`);
  if (change.undone) {
    return failed(
      'conflict',
      `${change.undone.by} took this back at ${utcTime(change.undone.at)} UTC already. Nothing was done.`,
    );
  }
  return ok({ change, undo: change.undo, run });
}
