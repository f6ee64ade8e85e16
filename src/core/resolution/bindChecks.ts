import type { ChecklistItem, Guide } from '../guide/guide.ts';
import type { Incident } from '../incident/incident.ts';
import type { Check, CheckKind } from './check.ts';
import { kindsOf } from './checkWords.ts';
import { openEnds } from './openEnds.ts';

/** The items of the checklists that a guide has in its resolution phase. */
export const checklistOf = (guide: Guide | undefined): readonly ChecklistItem[] =>
  (guide?.phases ?? [])
    .filter(({ kind }) => kind === 'resolution')
    .flatMap(({ parts }) => parts)
    .flatMap((part) => (part.kind === 'checklist' ? part.items : []));

/**
 * What has to be looked at before an incident is over: the guide's checklist, each item with what its words ask for, and
 * behind it what the incident's own doings call for and the guide does not ask: the pods of its service, Argo CD where
 * it was used, what was changed and is to be put back.
 */
export function bindChecks(incident: Incident, guide: Guide | undefined): readonly Check[] {
  const items = checklistOf(guide).map(({ id, text }): Check => ({
    id,
    text,
    kinds: kindsOf(text),
    isOwn: false,
  }));
  const asked = new Set(items.flatMap(({ kinds }) => kinds));
  const own = (kind: Exclude<CheckKind, 'manual'>, text: string, wanted: boolean): readonly Check[] =>
    wanted && !asked.has(kind) ? [{ id: `also/${kind}`, text, kinds: [kind], isOwn: true }] : [];
  const { target, service, runs } = incident;
  const argoCd = runs.some(({ kind }) => kind === 'argocd');
  return [
    ...items,
    ...own('alerts', 'No active alerts', items.length === 0),
    ...own('logs', 'Logs show no errors', items.length === 0),
    ...own('pods', 'Pods are ready', target.context !== undefined && service !== undefined),
    ...own('argocd', 'Argo CD is healthy and in sync', argoCd),
    ...own('debts', 'What was changed for the time being is put back', openEnds(incident, 'all').length > 0),
  ];
}
