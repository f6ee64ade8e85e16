import type { Step } from '../guide/guide.ts';
import type { Thresholds } from '../metrics/exporterSets.ts';
import type { FlagService } from './curl/flagService.ts';
import type { FilledCommand } from './words/placeholders.ts';
import type { Target } from './plan.ts';

/** What a plan is made of besides the step. */
export interface PlanContext {
  /** The incident's pin. */
  readonly target: Target;
  /** Values of placeholders by name. */
  readonly values: Readonly<Record<string, string>>;
  /** From the settings: commands that begin with these words only read. */
  readonly readOnlyPrefixes: readonly string[];
  /** From the settings: the feature flag services whose addresses the guide names. */
  readonly flagServices?: readonly FlagService[];
  /** When the incident began, UTC ISO 8601; a history of deployments marks what was live then. */
  readonly onsetAt?: string;
  /**
   * From the settings: where queries go, from where on the figures of ready-made ones tell of trouble, and PromQL by the
   * measure of a service.
   */
  readonly metrics?: {
    readonly server: string;
    readonly thresholds: Thresholds;
    readonly queries?: Readonly<Record<string, unknown>>;
  };
  /** Names of variables that earlier steps of the sequence exported: a shell finds them, nobody is asked. */
  readonly exported?: readonly string[];
}

/** A command read as far as it can be without running anything: what every kind of plan starts from. */
export interface ReadCommand {
  readonly step: Step;
  readonly context: PlanContext;
  readonly filled: FilledCommand;
  /** The words of each command of the pipeline, placeholders as marks; undefined when only a shell can tell. */
  readonly stages: readonly (readonly string[])[] | undefined;
  /** Completes "it runs in your shell because …" where `stages` is undefined. */
  readonly reason: string;
}
