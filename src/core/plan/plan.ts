import type { GuideInput, InputKind } from '../guide/guideInput.ts';
import type { ServiceToFind } from '../metrics/findServiceMetrics.ts';
import type { MetricQuery, MetricSet } from '../metrics/metricQuery.ts';
import type { ArgoCdAction } from './argocd/argoCdAction.ts';
import type { CurlOptions } from './curl/curlOptions.ts';
import type { FlagAction } from './curl/flagAction.ts';
import type { KubernetesAction } from './kubectl/kubernetesAction.ts';
import type { RdsAction } from './aws/rdsAction.ts';

/** What a step would do, as data: preview, confirmation, inspection, run, audit and tests all read this object. */
export type Plan =
  KubernetesPlan | ArgoCdPlan | RdsPlan | HttpPlan | QueryPlan | FlagPlan | ShellPlan | ManualPlan;
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
  /**
   * The kubeconfig's current context when the target was pinned. It is never used to run anything: when it is another one
   * by now, somebody has switched clusters under the incident, and changes wait until a person has looked.
   */
  readonly currentContext?: string;
  /** The Argo CD server's base URL; without one, apps are read and changed as resources of the cluster. */
  readonly argoCdServer?: string;
  /** Profile of the AWS shared config; `default` when the person chose that one. */
  readonly awsProfile?: string;
  readonly awsRegion?: string;
}

export type ValueKind = InputKind;

/** A placeholder still without a value. A plan with any of these is blocked. */
export interface Missing {
  /** `pod` for `<pod>`, `{{pod}}` and `$POD`; `...` keeps that name. */
  readonly name: string;
  /** As written in the command. */
  readonly written: string;
  readonly kind: ValueKind;
  /** What the guide itself has there, offered first: of `export REGION="eu"` it is `eu`. */
  readonly offered?: string;
  /** What the guide says of it. */
  readonly input?: GuideInput;
  /** Nobody has to give one: where there is none, its option is not in the command either. */
  readonly optional?: true;
}

/** A known way this command disappoints, with what the plan does about it. */
export interface Trap {
  readonly code:
    | 'logs-selector-tail'
    | 'argocd-auto-sync'
    | 'argocd-owned'
    | 'self-heal'
    | 'ingress-rules-replaced'
    | 'no-aws-target'
    | 'no-argocd'
    | 'cannot-verify'
    | 'not-retried'
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
    | 'undo-gone'
    | 'runs-in-shell'
    | 'no-prometheus'
    | 'not-understood';
  readonly message: string;
  /** True when the plan must not run until a person has settled it. */
  readonly blocks: boolean;
  /** Which of the script's `kubectlCommands` it is about, from 0; absent where there is one at most. */
  readonly kubectl?: number;
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
  /** Placeholders without a value that nobody has to give: they and their options are not in what runs. */
  readonly leftOut?: readonly Missing[];
  readonly traps: readonly Trap[];
  /** Milliseconds; undefined means until stopped. */
  readonly timeoutMs: number | undefined;
  /** Names of secrets the command refers to as `$NAME`: resolved from SecretStorage when it runs, never kept. */
  readonly secrets?: readonly string[];
  /** It is sent so that nothing is changed: what it ends in says nothing about its step being done. */
  readonly dryRun?: true;
  /** Runme's `background: true`: what comes next does not wait for its end. */
  readonly background?: true;
}

export interface KubernetesPlan extends PlanBase {
  readonly kind: 'kubernetes';
  readonly action: KubernetesAction;
  /** The folder that file names in the action are relative to; itself relative to the guide's folder, absolute when it runs. */
  readonly cwd?: string;
  readonly filters: readonly Filter[];
}

export interface ArgoCdPlan extends PlanBase {
  readonly kind: 'argocd';
  readonly action: ArgoCdAction;
  readonly filters: readonly Filter[];
}

export interface RdsPlan extends PlanBase {
  readonly kind: 'rds';
  readonly action: RdsAction;
  readonly filters: readonly Filter[];
}

export interface FlagPlan extends PlanBase {
  readonly kind: 'flag';
  readonly action: FlagAction;
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
  /** curl's further options; absent where the command has none. */
  readonly curl?: CurlOptions;
  readonly filters: readonly Filter[];
}

/** Queries that a server of metrics answers: Prometheus, Thanos, Mimir, VictoriaMetrics. */
export interface QueryPlan extends PlanBase {
  readonly kind: 'query';
  readonly queries: readonly MetricQuery[];
  /** Which ready-made set they are. */
  readonly set?: MetricSet;
  /** Whose queries are looked for when it runs; `queries` are then those the settings have. */
  readonly find?: ServiceToFind;
  /** The server's base URL when it was planned; undefined where none is set. */
  readonly server: string | undefined;
  /** When the incident began, UTC ISO 8601: the hour before it is drawn too. */
  readonly onsetAt?: string;
}

export interface ShellPlan extends PlanBase {
  readonly kind: 'shell';
  /** Given to the interpreter as it is. */
  readonly script: string;
  /** `bash`, `sh`, `zsh`, `pwsh`, …; undefined means bash where there is one, else the person's shell. */
  readonly interpreter: string | undefined;
  /** Relative to the guide's folder; absolute when it runs. */
  readonly cwd: string | undefined;
  /** `cwd` as the guide has it, `.` for the guide's own folder. Set when it is about to run. */
  readonly folder?: string;
  /** Runme's explicit `interactive: true`: opens a terminal. */
  readonly interactive: boolean;
  /** Which exported variables it finds and leaves: those of an incident and a sequence. Set when it is about to run. */
  readonly session?: string;
}

export interface ManualPlan extends PlanBase {
  readonly kind: 'manual';
  readonly text: string;
}

/** How a run ended. `succeeded` is said only when the thing itself says so. */
export type Outcome =
  | {
      readonly kind: 'succeeded';
      readonly exitCode?: number;
      /** HTTP status code of what was answered. */
      readonly status?: number;
      readonly detail?: string;
    }
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
      /** A command line that a person can run to get over it (`aws sso login --profile x`): offered as a button. */
      readonly remedy?: string;
    }
  | {
      readonly kind: 'stopped';
      /** A sentence where it was not a person who pressed Stop. */
      readonly message?: string;
    }
  | { readonly kind: 'timed-out'; readonly afterMs: number };
