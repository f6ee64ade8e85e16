import type { ApprovalState } from '../approvals/approval.ts';
import type { ApprovalPolicy } from '../approvals/policy.ts';
import type { Guide, StepSequence } from '../guide/guide.ts';
import type { Incident } from '../incident/incident.ts';
import type { FieldParts } from '../inputs/fieldParts.ts';
import type { Checked, Judged } from '../judge/judged.ts';
import type { Plan, PlanKind, Risk, ValueKind } from '../plan/plan.ts';
import type { PlanContext } from '../plan/planStep.ts';

/** Everything the runbook page shows, as one whole value. Times are UTC ISO 8601, durations ms. */
export interface RunbookPageState {
  /** Id of the sequence on show: a page that comes back after a reload asks for it again. */
  readonly sequence: string;
  /** Undefined while no incident is active: the page is readable, nothing runs, and it offers Declare. */
  readonly incident: PageIncident | undefined;
  readonly target: PageTarget;
  /** False in Restricted Mode: everything readable, nothing runs. */
  readonly trusted: boolean;
  readonly title: string;
  readonly guideFile: string;
  readonly line: number;
  /** Of a mitigation option: "If problem is capacity-related". */
  readonly condition: string | undefined;
  readonly about: string;
  readonly form: readonly FormField[];
  readonly steps: readonly StepCard[];
  /** Tags of its steps: a Run all may be of one of them alone. */
  readonly tags: readonly string[];
  /** How the last Run all of these steps in this window stands. */
  readonly runAll: RunAllState | undefined;
  /** Steps of any runbook that go on in the background of this incident. */
  readonly background: readonly { readonly run: string; readonly text: string }[];
}

export interface RunAllState {
  readonly phase: 'running' | 'finished' | 'waiting' | 'stopped';
  readonly dry: boolean;
  /** What runs now, or how it ended: a sentence. */
  readonly message: string;
  /** It waited for a step by hand that is marked by now: the next Run all begins behind it. */
  readonly goesOn: boolean;
}

export interface PageIncident {
  readonly id: string;
  readonly number: string;
  readonly title: string;
  readonly severity: string;
  /** 0 is the highest of the guide that the incident follows; 3, the plain one, where that does not have it. */
  readonly rank: number;
  readonly drill: boolean;
  readonly status: 'active' | 'resolved';
  readonly declaredAt: string;
  readonly resolvedAt: string | undefined;
  /** When the response must have been acknowledged; undefined once it was, or when the guide gives no time. */
  readonly responseDueAt: string | undefined;
  readonly updateDueAt: string | undefined;
  /** When it began, as far as that is known. */
  readonly onsetAt: string | undefined;
  /** When the soak window that runs ends. */
  readonly soakEndsAt: string | undefined;
  /** What turned bad within the soak window, until a person has decided. */
  readonly relapse: string | undefined;
}

/** Why the target is in doubt, and what waits until a person has settled it. */
export interface TargetWarning {
  readonly message: string;
  readonly blocks: 'everything' | 'changes';
}

export interface PageTarget {
  readonly context: string | undefined;
  readonly namespace: string | undefined;
  readonly server: string | undefined;
  readonly argoCdServer: string | undefined;
  readonly awsProfile: string | undefined;
  readonly awsRegion: string | undefined;
  /** A red banner: the pinned context is gone, names another server by now, or somebody switched contexts. */
  readonly warning: TargetWarning | undefined;
}

/** A value asked once per incident. */
export interface FormField extends FieldParts {
  readonly name: string;
  /** As written in the guide: `<pod>`. */
  readonly written: string;
  readonly kind: ValueKind;
  readonly value: string | undefined;
  /** From earlier output and the incident, best first. */
  readonly suggestions: readonly string[];
  /** Numbers of the steps that need it. */
  readonly usedBy: readonly number[];
  /** True where a person set it, who can take it back; a value of the incident itself can only be replaced. */
  readonly clearable: boolean;
  /** Set, and another place than the pinned one: a sentence. */
  readonly differs: string | undefined;
  /** Every step that has it runs without it too, and without its option. */
  readonly optional: boolean;
  /** Of a secret, whose value is never here. */
  readonly secret: 'set' | 'not-set' | undefined;
}

export interface CardMetrics {
  /** `PostgreSQL metrics` */
  readonly name: string;
  readonly queries: readonly {
    readonly title: string;
    readonly query: string;
    /** `trouble over 90 %` */
    readonly limit: string | undefined;
  }[];
}

export interface StepCard {
  readonly id: string;
  readonly number: number;
  readonly text: string;
  readonly condition: string | undefined;
  /** What runs have shown of the condition; undefined without one, and before an incident is declared. */
  readonly judged: Omit<Judged, 'run' | 'pods'> | undefined;
  /** What the guide asserts of the last run's output. */
  readonly assertions: readonly Checked[];
  /** What the last run's output says that would have to be counted or looked up. */
  readonly findings: readonly string[];
  readonly details: readonly string[];
  /** Dashboards and addresses that the step sends a person to. */
  readonly places: readonly CardPlace[];
  /** The exact command that will run; undefined for a manual step. */
  readonly command: string | undefined;
  /** Of a ready-made set of queries: what it shows, to be read in the place of its command. */
  readonly metrics: CardMetrics | undefined;
  readonly kind: PlanKind;
  /** `Kubernetes API`, `HTTP request`, `your shell`, `by hand`. */
  readonly executor: string;
  readonly risk: Risk;
  readonly traps: readonly { readonly message: string; readonly blocks: boolean }[];
  /** Names of the form fields that must be filled first. */
  readonly missing: readonly string[];
  /** The same as they stand in `command`: `<pod>`, to be marked there. */
  readonly unfilled: readonly string[];
  /** Why Run (of a manual step: Done) is disabled, as a sentence; undefined when it can go ahead. */
  readonly blocked: string | undefined;
  readonly state: 'idle' | 'running' | 'ended' | 'done' | 'skipped';
  readonly run: CardRun | undefined;
  /** The runs before that one, newest first. */
  readonly earlier: readonly EarlierRun[];
  /** What the guide says of how it runs: `in the background`, `not in Run all`, `#build`. */
  readonly marks: readonly string[];
  /** What runs of this step changed and can be, or was, taken back. */
  readonly changes: readonly CardChange[];
  /** What is known before the click: a permission that is missing, a session that has expired. */
  readonly foreseen: readonly string[];
  /** Secrets the command refers to that are not set yet. */
  readonly unsetSecrets: readonly string[];
  /** True where a form fills in what the guide left out ("..."). */
  readonly form: boolean;
  /** Who else has to agree; undefined where nobody has. */
  readonly approval: CardApproval | undefined;
  /** The note of a manual step that is done, or the reason of a skipped one. */
  readonly note: string | undefined;
  /** Who marked the step done or skipped, and when. */
  readonly marked: { readonly at: string; readonly by: string } | undefined;
}

export interface CardApproval {
  /** `wanted`: nobody was asked yet. */
  readonly state: 'wanted' | ApprovalState;
  /** `Asked by Ana at 14:03 UTC, waits for a second person, open for 27 min` */
  readonly text: string;
  readonly request: string | undefined;
  /** True for the one who asked: somebody else has to answer. */
  readonly isOwn: boolean;
  /** Whether the one who asked may approve it alone, with a reason. */
  readonly mayBeAlone: boolean;
}

export interface CardPlace {
  readonly id: string;
  /** Of the button: `Open Dashboard`. */
  readonly label: string;
  /** The same for a screen reader, who hears no card around it. */
  readonly spoken: string;
}

export interface CardChange {
  readonly id: string;
  readonly text: string;
  /** `Scale deployment/payment-service back from 10 to 3`; undefined where nothing here can take it back. */
  readonly undo: string | undefined;
  readonly undone: { readonly at: string; readonly by: string } | undefined;
}

export interface EarlierRun {
  readonly id: string;
  readonly startedAt: string;
  readonly by: string;
  readonly outcome: string;
  readonly tone: 'ok' | 'neutral' | 'bad';
  readonly hasOutput: boolean;
}

export interface CardRun {
  readonly id: string;
  readonly startedAt: string;
  readonly by: string;
  readonly durationMs: number | undefined;
  /** `exit code 0`, `3 pods`, `stopped`, `403 Forbidden`; undefined while running. */
  readonly outcome: string | undefined;
  readonly tone: 'ok' | 'neutral' | 'bad';
  /** The whole failure sentence where there is one. */
  readonly message: string | undefined;
  /** A command line that gets over the failure: `aws sso login --profile x`. */
  readonly remedy: string | undefined;
  /** The last lines of the output, at most 200. */
  readonly tail: string;
  /** True where the points of its queries are kept: the page asks for them. */
  readonly plots: boolean;
  /** Lines in the whole output, so the page can say how many are above the tail. */
  readonly lines: number;
}

export interface RunbookPageInput {
  readonly incident: Incident | undefined;
  /** The one that the runbook stands in. */
  readonly guide: Guide;
  /** Of the guide that the incident follows, which may be another one. */
  readonly severities: Guide['severities'];
  readonly sequence: StepSequence & { readonly condition?: string | undefined; readonly about?: string };
  readonly target: PageTarget;
  readonly trusted: boolean;
  readonly clocks: {
    readonly responseDueAt?: string;
    readonly updateDueAt?: string;
    readonly soakEndsAt?: string;
  };
  /** The last lines of a run's output and the count of all its lines. */
  readonly tails: (runId: string) => { readonly tail: string; readonly lines: number };
  /** True while this activation runs it: a run without an end elsewhere was interrupted. */
  readonly runningHere: (runId: string) => boolean;
  /** True for a writer known to be alive: its runs without an end go on in another window. */
  readonly isAlive?: (writer: string) => boolean;
  /** What is told of planning besides the target and the values. */
  readonly planning: Omit<PlanContext, 'target' | 'values'>;
  /** Sentences the executor foresees for this plan; empty while they are not known yet. */
  readonly foreseen?: (plan: Plan) => readonly string[];
  readonly isSecretSet?: (name: string) => boolean;
  /** `now` UTC ISO 8601; `userName` as the journal writes who acts. Without it nobody has to agree to anything. */
  readonly approvals?: {
    readonly policy: ApprovalPolicy;
    readonly now: string;
    readonly userName: string;
  };
  readonly runAll?: RunAllState | undefined;
}
