/** What a step would do, as data: preview, confirmation, inspection, run, audit and tests all read this object. */
export type Plan = KubernetesPlan | HttpPlan | ShellPlan | ManualPlan;
export type PlanKind = Plan['kind'];

/** How dangerous a plan is; decides the friction before it runs. */
export type Risk = 'read' | 'change' | 'destructive';

/** Where an incident's commands go. Pinned when it is declared; undefined parts were never chosen. */
export interface Target {
  /** kubeconfig context name. */
  readonly context?: string;
  /** The API server's URL at pin time, so that a context which now names another server is noticed. */
  readonly server?: string;
  readonly namespace?: string;
}

export type ValueKind =
  'pod' | 'deployment' | 'service' | 'ingress' | 'namespace' | 'app' | 'revision' | 'number' | 'text';

/** A placeholder still without a value. A plan with any of these is blocked. */
export interface Missing {
  /** `pod` for `<pod>`, `{{pod}}` and `$POD`; `...` keeps that name. */
  readonly name: string;
  /** As written in the command. */
  readonly written: string;
  readonly kind: ValueKind;
}

/** A known way this command disappoints, with what the plan does about it. */
export interface Trap {
  readonly code:
    | 'logs-selector-tail'
    | 'argocd-auto-sync'
    | 'autoscaler-undoes-scale'
    | 'cluster-or-instance'
    | 'grep-no-match'
    | 'exec-no-terminal'
    | 'incomplete-argument'
    | 'no-credentials'
    | 'no-namespace'
    | 'target-differs'
    | 'no-context'
    | 'invalid-value'
    | 'runs-in-shell';
  readonly message: string;
  /** True when the plan must not run until a person has settled it. */
  readonly blocks: boolean;
}

/** Line filters behind a native plan: `| grep -i error | head -20`. */
export type Filter =
  | {
      readonly name: 'grep';
      readonly pattern: string;
      readonly ignoreCase: boolean;
      readonly invert: boolean;
      readonly extended: boolean;
      readonly fixed: boolean;
      readonly count: boolean;
    }
  | { readonly name: 'head' | 'tail'; readonly lines: number }
  | { readonly name: 'wc'; readonly linesOnly: boolean }
  | { readonly name: 'sort'; readonly reverse: boolean; readonly numeric: boolean; readonly unique: boolean }
  | { readonly name: 'uniq'; readonly count: boolean };

interface PlanBase {
  readonly stepId: string;
  /** The guide's line, placeholders and all. */
  readonly original: string;
  /** The exact command that will run, values filled in, context and namespace explicit; unfilled ones as written. */
  readonly preview: string;
  readonly risk: Risk;
  /** The target this plan will really use: flags in the command win over the pin. */
  readonly target: Target;
  readonly missing: readonly Missing[];
  readonly traps: readonly Trap[];
  /** Milliseconds; undefined means until stopped. */
  readonly timeoutMs: number | undefined;
}

export interface KubernetesPlan extends PlanBase {
  readonly kind: 'kubernetes';
  readonly action: KubernetesAction;
  readonly filters: readonly Filter[];
}

export interface HttpPlan extends PlanBase {
  readonly kind: 'http';
  readonly method: string;
  readonly url: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string | undefined;
  /** curl -i / -I: print the status line and headers. */
  readonly showHeaders: boolean;
  /** curl -L. */
  readonly followRedirects: boolean;
  /** curl -f: an HTTP error status (400 and up) fails the step and its body is not printed as output. */
  readonly failOnError: boolean;
  readonly filters: readonly Filter[];
}

export interface ShellPlan extends PlanBase {
  readonly kind: 'shell';
  /** Given to the interpreter as it is. */
  readonly script: string;
  /** `bash`, `sh`, `zsh`, `pwsh`, …; undefined means bash where there is one, else the person's shell. */
  readonly interpreter: string | undefined;
  /** Relative to the guide's folder. */
  readonly cwd: string | undefined;
  /** Runme's explicit `interactive: true`: opens a terminal. */
  readonly interactive: boolean;
}

export interface ManualPlan extends PlanBase {
  readonly kind: 'manual';
  readonly text: string;
}

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
      readonly verb: 'rollout';
      readonly sub: 'status' | 'undo';
      readonly resource: ObjectRef;
      readonly toRevision: number | undefined;
      readonly dryRun: boolean;
    };

export interface ObjectRef {
  readonly kind: string;
  readonly name: string;
}

/** How a run ended. `succeeded` is said only when the thing itself says so. */
export type Outcome =
  | { readonly kind: 'succeeded'; readonly exitCode?: number; readonly detail?: string }
  /** grep found nothing: the step worked, there was nothing to see. */
  | { readonly kind: 'no-match' }
  | {
      readonly kind: 'failed';
      readonly exitCode?: number;
      /** `SIGSEGV`: how a process ended that was not stopped by us. */
      readonly signal?: string;
      /** HTTP or Kubernetes API status code. */
      readonly status?: number;
      /** A sentence: what happened, what was not lost, what to do next. */
      readonly message: string;
    }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'timed-out'; readonly afterMs: number };
