/** `kubectl`'s verbs, as their flags mean them. Kinds are as typed (`svc`, `deploy`, `pods`): discovery resolves them. */
export type KubernetesAction =
  | {
      readonly verb: 'get';
      readonly kinds: readonly string[];
      readonly names: readonly string[];
      readonly selector: string | undefined;
      readonly allNamespaces: boolean;
      readonly output: 'table' | 'wide' | 'yaml' | 'json' | 'name';
      readonly noHeaders: boolean;
    }
  | {
      readonly verb: 'describe';
      readonly kinds: readonly string[];
      readonly names: readonly string[];
      readonly selector: string | undefined;
      readonly allNamespaces: boolean;
    }
  | {
      readonly verb: 'logs';
      /** `name`, `pod/name` or `deployment/name`; undefined with a selector. */
      readonly resource: string | undefined;
      readonly selector: string | undefined;
      readonly container: string | undefined;
      readonly allContainers: boolean;
      readonly sinceSeconds: number | undefined;
      /** Lines per container; undefined means the whole window. */
      readonly tailLines: number | undefined;
      readonly previous: boolean;
      readonly follow: boolean;
      readonly timestamps: boolean;
      readonly prefix: boolean;
    }
  | {
      readonly verb: 'scale';
      readonly resource: ObjectRef;
      readonly replicas: number;
      readonly currentReplicas: number | undefined;
      readonly dryRun: boolean;
    }
  | {
      readonly verb: 'patch';
      readonly resource: ObjectRef;
      readonly patch: string;
      readonly patchType: 'strategic' | 'merge' | 'json';
      readonly dryRun: boolean;
    }
  | {
      readonly verb: 'exec';
      readonly pod: string;
      readonly container: string | undefined;
      readonly command: readonly string[];
    }
  | {
      /**
       * Puts back what a change of ours changed: sent as one JSON patch (RFC 6902) with a `test` of every field first,
       * so that it is refused whole when somebody changed one of them since.
       */
      readonly verb: 'restore';
      readonly resource: ObjectRef;
      readonly fields: readonly RestoredField[];
    }
  | {
      readonly verb: 'rollout';
      readonly sub: 'status' | 'undo';
      readonly resource: ObjectRef;
      readonly toRevision: number | undefined;
      readonly dryRun: boolean;
    };

export interface RestoredField {
  /** JSON pointer (RFC 6901): `/spec/replicas`. */
  readonly pointer: string;
  /** JSON text of the value to put back; undefined: the field was not there and is removed. */
  readonly before: string | undefined;
  /** JSON text of what our change made of it; undefined: our change removed it. */
  readonly after: string | undefined;
}

export interface ObjectRef {
  readonly kind: string;
  readonly name: string;
}
