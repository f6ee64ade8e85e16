import type { Plan } from './plan.ts';
import { renderFlagRequest } from './planCurl.ts';
import { referencesIn, textsIn } from './secretReferences.ts';
import type { Undo } from './undo.ts';

const minutes = (count: number): number => count * 60_000;

/**
 * The plan that takes a change back: the recorded act as it is, on the target of the change and no other. Always a
 * change that is asked about first. `stepId` is that of the step which made the change. Total.
 */
export function planUndo({ title, preview, target, act }: Undo, stepId: string): Plan {
  const base = {
    stepId,
    original: title,
    preview,
    risk: 'change',
    target,
    missing: [],
    traps: [],
  } as const;
  switch (act.kind) {
    case 'kubernetes':
      return { ...base, kind: act.kind, action: act.action, filters: [], timeoutMs: minutes(2) };
    case 'argocd':
      return { ...base, kind: act.kind, action: act.action, filters: [], timeoutMs: minutes(10) };
    case 'rds':
      return { ...base, kind: act.kind, action: act.action, filters: [], timeoutMs: minutes(15) };
    case 'flag':
      return {
        ...base,
        kind: act.kind,
        action: act.action,
        // Made from the request itself: what is shown must be what is sent, whatever the journal's text says.
        preview: renderFlagRequest(act.action.request),
        timeoutMs: minutes(1),
        secrets: [...new Set(textsIn(act.action).flatMap(referencesIn))],
      };
  }
}
