import type { ArgoCdAction } from '../../../../src/core/plan/argocd/argoCdAction.ts';
import type { ArgoCdPlan } from '../../../../src/core/plan/plan.ts';
import { renderArgoCd } from '../../../../src/core/plan/argocd/renderArgoCd.ts';

/** A plan for this action, by default on a server that is not there. */
export function argoCdPlan(action: ArgoCdAction, parts: Partial<ArgoCdPlan> = {}): ArgoCdPlan {
  const target = parts.target ?? { argoCdServer: 'http://127.0.0.1:1' };
  return {
    kind: 'argocd',
    stepId: 'step',
    original: 'argocd',
    preview: renderArgoCd(action, { server: target.argoCdServer, context: target.context }),
    risk: 'read',
    target,
    missing: [],
    traps: [],
    timeoutMs: undefined,
    filters: [],
    action,
    ...parts,
  };
}

export const rollbackOf = (
  app: string,
  id: number | undefined,
  parts: { readonly autoSyncOff?: boolean; readonly expectedLive?: number } = {},
): Extract<ArgoCdAction, { verb: 'rollback' }> => ({
  verb: 'rollback',
  app,
  id,
  prune: false,
  autoSyncOff: false,
  ...parts,
});
