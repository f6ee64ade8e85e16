import type { Incident, RecordedChange } from '../incident/incident.ts';
import { utcTime } from '../incident/instants.ts';
import { bad, good, type Look } from './check.ts';

/** A change that was made for the time being: it is put back, or a person says that it stays. */
export interface OpenEnd {
  readonly change: RecordedChange;
  readonly kind: 'auto-sync' | 'replicas' | 'flag' | 'other';
  /** `auto-sync is off for storefront` */
  readonly text: string;
}

/**
 * What the incident's runs left changed and should not be forgotten, oldest first: auto-sync that is off, replicas that
 * were scaled, flags that were switched. A rollback or a failover is no such thing: it is what fixed it, and neither is
 * what an undo changed back. `all` gives those too that are put back or kept.
 */
export function openEnds(incident: Incident, which: 'open' | 'all' = 'open'): readonly OpenEnd[] {
  return incident.changes.flatMap((change) => {
    const { undone, kept, debt } = change;
    if (which === 'open' && (undone ?? kept) !== undefined) return [];
    if (putsBack(incident, change)) return [];
    const kind = kindOf(change);
    if (kind === undefined) return [];
    return [{ change, kind, text: debt ?? change.changes.join(', ') }];
  });
}

/** Whether a change took an earlier one back; one that takes such a change back makes the first one anew. */
function putsBack(incident: Incident, change: RecordedChange): boolean {
  const undoes = incident.runs.find(({ id }) => id === change.run)?.undoes;
  if (undoes === undefined) return false;
  const earlier = incident.changes.slice(0, incident.changes.indexOf(change));
  const first = earlier.find(({ id }) => id === undoes);
  return first !== undefined && !putsBack(incident, first);
}

function kindOf({ undo, debt }: RecordedChange): OpenEnd['kind'] | undefined {
  if (debt !== undefined) return undo?.act.kind === 'argocd' ? 'auto-sync' : 'other';
  if (undo?.act.kind === 'flag') return 'flag';
  const fields = undo?.act.kind === 'kubernetes' ? undo.act.action.fields : [];
  return fields.some(({ pointer }) => /\/replicas$/.test(pointer)) ? 'replicas' : undefined;
}

/** Whether everything is put back or kept, by the journal. */
export function judgeOpenEnds(incident: Incident): Look {
  const all = openEnds(incident, 'all');
  const open = openEnds(incident);
  const lines = all.map(({ change, text }) => `${text}: ${stateOfEnd(change)}`);
  if (all.length === 0) return good('nothing was changed for the time being');
  if (open.length === 0)
    return good(
      `${all.length} of ${all.length} temporary changes ${all.length === 1 ? 'is' : 'are'} put back or kept`,
      lines,
    );
  const what = open.map(({ text }) => text).join('; ');
  return bad(
    `${open.length} of ${all.length} temporary changes still ${open.length === 1 ? 'stands' : 'stand'}: ${what}`,
    lines,
  );
}

/** `put back by Ana at 10:40 UTC`, `kept by Ana at 10:41 UTC: needed until Monday`, `still so since 10:31 UTC`. */
export function stateOfEnd({ undone, kept, at }: RecordedChange): string {
  if (undone) return `put back by ${undone.by} at ${utcTime(undone.at)} UTC`;
  if (kept) return `kept by ${kept.by} at ${utcTime(kept.at)} UTC${kept.reason ? `: ${kept.reason}` : ''}`;
  return `still so since ${utcTime(at)} UTC`;
}
