/** `argocd app`'s verbs, as their flags mean them. */
export type ArgoCdAction =
  | {
      readonly verb: 'list';
      readonly project: string | undefined;
      readonly selector: string | undefined;
      readonly output: 'table' | 'wide' | 'name' | 'json' | 'yaml';
    }
  | {
      readonly verb: 'get';
      readonly app: string;
      readonly refresh: 'none' | 'normal' | 'hard';
      readonly output: 'table' | 'json' | 'yaml';
    }
  | {
      readonly verb: 'history';
      readonly app: string;
      readonly output: 'table' | 'id';
      /** When the incident began, UTC ISO 8601: the entry that was live then is marked. */
      readonly onsetAt?: string;
    }
  | {
      readonly verb: 'rollback';
      readonly app: string;
      /** The history id; undefined means the one before the live one, as `argocd app rollback APP` does. */
      readonly id: number | undefined;
      readonly prune: boolean;
      /** Automated sync is turned off first: set by the look before the confirmation, where it is on. */
      readonly autoSyncOff: boolean;
      /** Guard: refused when another history id than this is live by now. */
      readonly expectedLive?: number;
    }
  | {
      readonly verb: 'sync';
      readonly app: string;
      readonly revision: string | undefined;
      readonly prune: boolean;
      readonly dryRun: boolean;
    }
  | {
      readonly verb: 'wait';
      readonly app: string;
      readonly health: boolean;
      readonly sync: boolean;
      readonly operation: boolean;
      /** Seconds; undefined means until stopped. */
      readonly timeoutSeconds: number | undefined;
    }
  | { readonly verb: 'diff'; readonly app: string; readonly revision: string | undefined }
  | {
      /** `argocd app set APP --sync-policy …`; also how automated sync is turned on again. */
      readonly verb: 'set-sync-policy';
      readonly app: string;
      readonly policy: 'manual' | 'automated';
      readonly prune?: boolean;
      readonly selfHeal?: boolean;
      readonly allowEmpty?: boolean;
      /** Guard of an undo: auto-sync as the change left it, in the words it is shown by (`off`, `on (prune)`). */
      readonly expected?: string;
    };
