import type { ArgoCdAction } from './argocd/argoCdAction.ts';
import type { FlagAction } from './curl/flagAction.ts';
import type { KubernetesAction } from './kubectl/kubernetesAction.ts';
import type { Target } from './plan.ts';
import type { RdsAction } from './aws/rdsAction.ts';

/**
 * How a change is taken back: the reverse act as data, with its guard inside it, kept in the journal with the change.
 * It names only what was changed, and is refused where somebody else has changed that since.
 */
export interface Undo {
  /** `Scale deployment/payment-service back from 10 to 3` */
  readonly title: string;
  /** The command a person would type to the same effect. */
  readonly preview: string;
  readonly target: Target;
  readonly act: UndoAct;
}

export type UndoAct =
  | { readonly kind: 'kubernetes'; readonly action: Extract<KubernetesAction, { verb: 'restore' }> }
  | {
      readonly kind: 'argocd';
      readonly action: Extract<ArgoCdAction, { verb: 'rollback' | 'set-sync-policy' }>;
    }
  | { readonly kind: 'rds'; readonly action: Extract<RdsAction, { operation: 'failover-db-cluster' }> }
  | { readonly kind: 'flag'; readonly action: FlagAction }
  /**
   * What the guide writes as `ir.undo` of this step. The command stays in the guide, for a journal is a file that others
   * can write; here are only the values it is filled with.
   */
  | { readonly kind: 'guide'; readonly step: string; readonly values: Readonly<Record<string, string>> };

/** A change that the other side has accepted, told by the executor the moment it is so. */
export interface MadeChange {
  /** What is different now: `deployment/payment-service spec.replicas 3 → 10`. */
  readonly changes: readonly string[];
  /** Absent where nothing here can take it back. */
  readonly undo?: Undo;
  /** What must not be forgotten until the undo has run: `auto-sync is off for storefront`. */
  readonly debt?: string;
}
