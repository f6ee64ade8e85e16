/** `kubectl`'s verbs, as their flags mean them. Kinds are as typed (`svc`, `deploy`, `pods`): discovery resolves them. */
export type KubernetesAction =
  | {
      readonly verb: 'get';
      /** With `objects` the kinds in them, each once; `names` is then empty. */
      readonly kinds: readonly string[];
      readonly names: readonly string[];
      /** `pod/a svc/b`: objects of several kinds, in the order written. */
      readonly objects?: readonly ObjectRef[];
      readonly selector: string | undefined;
      readonly allNamespaces: boolean;
      readonly output: 'table' | 'wide' | 'yaml' | 'json' | 'name' | 'jsonpath' | 'custom-columns';
      /** The template of `jsonpath` or the columns of `custom-columns`. */
      readonly template?: string;
      readonly noHeaders: boolean;
      /** JSONPath of the field to sort by, as written. */
      readonly sortBy?: string;
      readonly fieldSelector?: string;
      readonly showLabels?: boolean;
      /** `-L`: labels shown as columns of their own. */
      readonly labelColumns?: readonly string[];
      readonly ignoreNotFound?: boolean;
      readonly showManagedFields?: boolean;
      /** `list`: what is there, then each change until stopped; `changes`: the changes only. */
      readonly watch?: 'list' | 'changes';
    }
  | {
      readonly verb: 'describe';
      readonly kinds: readonly string[];
      readonly names: readonly string[];
      readonly objects?: readonly ObjectRef[];
      readonly selector: string | undefined;
      readonly allNamespaces: boolean;
      /** `--show-events`; absent: as kubectl, for one object and not for several. */
      readonly showEvents?: boolean;
    }
  | {
      readonly verb: 'top';
      readonly what: 'pods' | 'nodes';
      readonly name: string | undefined;
      readonly selector: string | undefined;
      readonly fieldSelector?: string;
      readonly allNamespaces: boolean;
      /** One row for each container. */
      readonly containers: boolean;
      readonly sortBy: 'cpu' | 'memory' | undefined;
      readonly sum: boolean;
      readonly noHeaders: boolean;
    }
  | {
      readonly verb: 'logs';
      /** `name`, `pod/name`, `deployment/name`, `job/name`, …; undefined with a selector. */
      readonly resource: string | undefined;
      readonly selector: string | undefined;
      readonly container: string | undefined;
      readonly allContainers: boolean;
      /** `--all-pods`: every pod of the workload, not one of them. */
      readonly allPods?: boolean;
      readonly sinceSeconds: number | undefined;
      /** RFC 3339; never together with `sinceSeconds`. */
      readonly sinceTime?: string;
      /** Lines per container; undefined means the whole window. */
      readonly tailLines: number | undefined;
      /** Bytes per container. */
      readonly limitBytes?: number;
      readonly previous: boolean;
      readonly follow: boolean;
      readonly timestamps: boolean;
      readonly prefix: boolean;
      /** `time`: the lines of all pods in the order they were written; absent: pod after pod, as kubectl prints. */
      readonly order?: 'time';
      /** How many logs may be followed at once; absent: no limit of ours. */
      readonly maxLogRequests?: number;
      /** Goes on where a log cannot be read, and does not call it a failure. */
      readonly ignoreErrors?: boolean;
    }
  | {
      readonly verb: 'scale';
      readonly resource: ObjectRef;
      /** Further objects of the same command, scaled to the same number. */
      readonly more?: readonly ScaledObject[];
      readonly replicas: number;
      /** Guard: scaled only from this number. */
      readonly currentReplicas: number | undefined;
      /** `--resource-version`: scaled only while the object is still at this version. */
      readonly resourceVersion?: string;
      /** How long to watch the replicas become ready once the server has accepted; absent: not at all. */
      readonly wait?: ReadyWait;
      readonly dryRun: boolean;
    }
  | {
      readonly verb: 'patch';
      readonly resource: ObjectRef;
      /** YAML or JSON; empty where it comes from `patchFile`. */
      readonly patch: string;
      /** `--patch-file`, relative to the plan's `cwd`. */
      readonly patchFile?: string;
      /** SHA-256 (hex) of the file as it was when the person agreed: another content is refused. */
      readonly patchSha256?: string;
      readonly patchType: 'strategic' | 'merge' | 'json';
      readonly subresource?: 'status' | 'scale';
      /** Guard: the fields this changes, with what they held when the person agreed (`before`). */
      readonly expected?: readonly RestoredField[];
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
      /** Where only the scale was changed: it is put back with the permission that changed it. */
      readonly subresource?: 'scale';
      readonly fields: readonly RestoredField[];
    }
  | {
      readonly verb: 'rollout';
      readonly sub: 'status' | 'history' | 'undo' | 'restart' | 'pause' | 'resume';
      readonly resource: ObjectRef;
      readonly toRevision: number | undefined;
      /** Guard of `undo`: the revision that ran when the person agreed. */
      readonly expectedRevision?: number;
      /** `status --watch=false`: says how it stands and ends. */
      readonly once?: boolean;
      /** `status --timeout`; absent: until it is over. */
      readonly timeoutSeconds?: number;
      readonly dryRun: boolean;
    }
  | {
      readonly verb: 'apply';
      /** Files and folders as written, relative to the plan's `cwd`. */
      readonly files: readonly string[];
      readonly recursive: boolean;
      readonly serverSide: boolean;
      readonly forceConflicts: boolean;
      readonly fieldManager?: string;
      /** SHA-256 (hex) of all the files when the person agreed: another content is refused. */
      readonly sha256?: string;
      /**
       * Guard, object by object in the files' order: the fields this changes, with what they held; null: it was not there;
       * undefined: it could not be tried.
       */
      readonly expected?: readonly (readonly RestoredField[] | null | undefined)[];
      readonly dryRun: boolean;
    }
  | {
      readonly verb: 'delete';
      readonly kinds: readonly string[];
      readonly names: readonly string[];
      readonly selector: string | undefined;
      /** Files that name the objects, as in `apply`; with them `kinds` and `names` are empty. */
      readonly files: readonly string[];
      readonly recursive: boolean;
      readonly all: boolean;
      readonly gracePeriodSeconds: number | undefined;
      readonly force: boolean;
      readonly wait: boolean;
      readonly timeoutSeconds?: number;
      readonly cascade: 'background' | 'foreground' | 'orphan';
      readonly ignoreNotFound: boolean;
      /** Guard: exactly these objects, by the uid they had when the person agreed. */
      readonly expected?: readonly DeletedObject[];
      readonly dryRun: boolean;
    };

/** `required`: not being ready in time is a failure (`--timeout` was given); else the step ends and says how far it got. */
export interface ReadyWait {
  readonly seconds: number;
  readonly required: boolean;
}

export interface ScaledObject extends ObjectRef {
  readonly currentReplicas?: number;
}

export interface DeletedObject extends ObjectRef {
  readonly uid: string;
}

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
