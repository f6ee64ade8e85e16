import type { PlanKind, Risk, ValueKind } from '../core/plan/plan.ts';

/** Everything the runbook page shows, as one whole value. Times are UTC ISO 8601, durations ms. */
export interface RunbookPageState {
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
}

export interface PageIncident {
  readonly id: string;
  readonly number: string;
  readonly title: string;
  readonly severity: string;
  /** 0 is the guide's highest. */
  readonly rank: number;
  readonly drill: boolean;
  readonly status: 'active' | 'resolved';
  readonly declaredAt: string;
  readonly resolvedAt: string | undefined;
  /** When the response must have been acknowledged; undefined once it was, or when the guide gives no time. */
  readonly responseDueAt: string | undefined;
  readonly updateDueAt: string | undefined;
}

export interface PageTarget {
  readonly context: string | undefined;
  readonly namespace: string | undefined;
  readonly server: string | undefined;
  /** A red banner: the pinned context is gone, or now names another server. Blocks changes. */
  readonly warning: string | undefined;
}

/** A value asked once per incident. */
export interface FormField {
  readonly name: string;
  /** As written in the guide: `<pod>`. */
  readonly written: string;
  readonly kind: ValueKind;
  readonly value: string | undefined;
  /** From earlier output and the incident, best first. */
  readonly suggestions: readonly string[];
  /** Numbers of the steps that need it. */
  readonly usedBy: readonly number[];
}

export interface StepCard {
  readonly id: string;
  readonly number: number;
  readonly text: string;
  readonly condition: string | undefined;
  readonly details: readonly string[];
  /** The exact command that will run; undefined for a manual step. */
  readonly command: string | undefined;
  readonly kind: PlanKind;
  /** `Kubernetes API`, `HTTP request`, `your shell`, `by hand`. */
  readonly executor: string;
  readonly risk: Risk;
  readonly traps: readonly { readonly message: string; readonly blocks: boolean }[];
  /** Names of the form fields that must be filled first. */
  readonly missing: readonly string[];
  /** Why Run is disabled, as a sentence; undefined when it can run. */
  readonly blocked: string | undefined;
  readonly state: 'idle' | 'running' | 'ended' | 'done' | 'skipped';
  readonly run: CardRun | undefined;
  /** The note of a manual step that is done, or the reason of a skipped one. */
  readonly note: string | undefined;
}

export interface CardRun {
  readonly id: string;
  readonly startedAt: string;
  readonly durationMs: number | undefined;
  /** `exit code 0`, `3 pods`, `stopped`, `403 Forbidden`; undefined while running. */
  readonly outcome: string | undefined;
  readonly tone: 'ok' | 'neutral' | 'bad';
  /** The whole failure sentence where there is one. */
  readonly message: string | undefined;
  /** The last lines of the output, at most 200. */
  readonly tail: string;
  /** Lines in the whole output, so the page can say how many are above the tail. */
  readonly lines: number;
}
