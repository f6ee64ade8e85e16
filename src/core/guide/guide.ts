import type { GuideInput } from './guideInput.ts';

/**
 * What a guide says, as data. Every item has the 1-based `line` of the Markdown file where it stands and, where
 * events refer to it, an `id` that is stable as long as its heading and its order among its siblings are.
 */
export interface Guide {
  /** The path as the caller gave it. */
  readonly file: string;
  readonly title: string | undefined;
  /** Flat YAML frontmatter keys (Runme's `shell`, `cwd`, `skipPrompts` and ours), values as text. */
  readonly frontmatter: Readonly<Record<string, string>>;
  readonly severities: readonly Severity[];
  readonly escalations: readonly Escalation[];
  readonly phases: readonly Phase[];
  readonly runbooks: readonly Runbook[];
  readonly contacts: readonly Contact[];
  /** Every link of the file in order, duplicates included. */
  readonly links: readonly GuideLink[];
  readonly deadlines: readonly Deadline[];
  readonly cadence: Cadence | undefined;
  readonly templates: readonly Template[];
  readonly problems: readonly Problem[];
}

export type ProblemSeverity = 'error' | 'warning' | 'info';

/** Something wrong in a guide. Traps and style are warnings; an error is what cannot be read. */
export interface Problem {
  readonly line: number;
  /** Kebab-case, stable: `table-row-short`, `fence-unclosed`. */
  readonly code: string;
  readonly severity: ProblemSeverity;
  readonly message: string;
}

export interface Severity {
  /** As written, without emphasis: `SEV1`, `P0`. The first listed is the highest. */
  readonly name: string;
  readonly description: string;
  /** Response time in minutes; undefined when the guide gives none that can be read. */
  readonly responseMinutes: number | undefined;
  readonly responseText: string;
  readonly examples: string;
  readonly line: number;
}

export interface Escalation {
  readonly severity: string;
  /** `Tech Lead + Engineering Manager` as written. */
  readonly escalateTo: string;
  /** The same, split at `+`, `,`, `&` and `and`. */
  readonly roles: readonly string[];
  readonly line: number;
}

export type PhaseKind = 'triage' | 'diagnosis' | 'mitigation' | 'resolution' | 'post-mortem';

export type PhaseClock =
  | { readonly kind: 'minutes'; readonly from: number; readonly to: number }
  | { readonly kind: 'variable'; readonly text: string }
  | { readonly kind: 'none' };

export interface Phase {
  readonly id: string;
  readonly kind: PhaseKind;
  /** The guide's own name, without number and minutes: `Detection and Triage`. */
  readonly name: string;
  readonly number: number;
  readonly clock: PhaseClock;
  readonly line: number;
  /** Everything the phase holds, in guide order. */
  readonly parts: readonly PhasePart[];
}

interface PartBase {
  readonly id: string;
  /** The nearest heading's text without its number: `Collect Information`. */
  readonly title: string;
  readonly line: number;
}

export type PhasePart =
  | (PartBase & { readonly kind: 'steps'; readonly steps: readonly Step[] })
  | (PartBase & {
      readonly kind: 'option';
      /** `A`, `B`, …, or the number the guide uses. */
      readonly label: string;
      readonly condition: string | undefined;
      readonly steps: readonly Step[];
    })
  | (PartBase & { readonly kind: 'questions'; readonly questions: readonly Question[] })
  | (PartBase & { readonly kind: 'checklist'; readonly items: readonly ChecklistItem[] })
  | (PartBase & { readonly kind: 'escalation' })
  | (PartBase & { readonly kind: 'act'; readonly act: SlashAct })
  | (PartBase & { readonly kind: 'template'; readonly template: Template })
  | (PartBase & { readonly kind: 'deadlines'; readonly deadlines: readonly Deadline[] })
  /** Bullets that are there to be read, e.g. what a declare creates. */
  | (PartBase & { readonly kind: 'reading'; readonly items: readonly ReadingItem[] });

export interface ReadingItem {
  readonly text: string;
  /** `(if SEV1/SEV2)` behind it: for which severities it holds; empty means all. */
  readonly severities: readonly string[];
  readonly line: number;
}

export interface Question {
  readonly id: string;
  readonly text: string;
  readonly line: number;
}

export interface ChecklistItem {
  readonly id: string;
  readonly text: string;
  readonly line: number;
}

/** A line like `/incident create "Brief description" --severity SEV2`: an act of ours with prefilled values. */
export interface SlashAct {
  readonly id: string;
  /** The line as written. */
  readonly text: string;
  /** `incident`, `statuspage`. */
  readonly name: string;
  /** `create`, `update`; empty when there is none. */
  readonly verb: string;
  /** The quoted or bare words behind the verb. */
  readonly args: readonly string[];
  readonly flags: Readonly<Record<string, string>>;
  /** "For SEV1/SEV2, update the status page:" above it: for which severities it is; absent means all. */
  readonly severities?: readonly string[];
  readonly line: number;
}

export type TemplateKind = 'update' | 'resolution' | 'post-mortem' | 'other';

/** A fence that is a message or a document to fill in. */
export interface Template {
  readonly id: string;
  readonly kind: TemplateKind;
  readonly title: string;
  /** The fence's content, LF line ends, without the fence. */
  readonly text: string;
  readonly line: number;
}

/** "Update the channel every 15 minutes". */
export interface Cadence {
  readonly everyMinutes: number;
  readonly line: number;
}

/** "Within 48 hours for SEV1/SEV2". */
export interface Deadline {
  readonly hours: number;
  readonly severities: readonly string[];
  /** True when it holds for a recurring incident of these severities only. */
  readonly recurring: boolean;
  readonly text: string;
  readonly line: number;
}

export interface Contact {
  readonly role: string;
  readonly name: string;
  readonly contact: string;
  /** True while the name or the contact is still a placeholder such as `[Phone]`. */
  readonly placeholder: boolean;
  readonly line: number;
}

export interface GuideLink {
  readonly text: string;
  /** As written. */
  readonly href: string;
  /** Relative links resolved against the guide's file with `/` separators; absolute ones as written. */
  readonly resolved: string;
  readonly line: number;
}

/** A titled sequence of steps: what the runbook page opens. `steps` and `option` parts of a phase fit it too. */
export interface StepSequence {
  readonly id: string;
  readonly title: string;
  readonly line: number;
  readonly steps: readonly Step[];
}

export interface Runbook extends StepSequence {
  /** `section`: an H3 under a runbooks heading. `file`: a whole-file alert runbook. */
  readonly source: 'section' | 'file';
  /** The alert runbook's Meaning and Impact sections, as Markdown; empty for sections. */
  readonly about: string;
  /** It has no command and no numbered step: its steps are its sentences, to be followed by hand. */
  readonly proseOnly?: boolean;
}

/** One thing to do. Without a `command` it is manual. */
export interface Step {
  readonly id: string;
  /** 1-based position within its sequence. */
  readonly number: number;
  /** The comment above the command without its number, else the command's first line. */
  readonly text: string;
  /** A comment that starts with "If", as written. */
  readonly condition: string | undefined;
  /** The command verbatim (continuation lines kept, comments dropped), undefined when the step is manual. */
  readonly command: string | undefined;
  /** Further comment lines of a manual step: `Grafana > Dashboard > Service Health`. */
  readonly details: readonly string[];
  /** The fence's language in lower case; empty for an unlabelled fence. */
  readonly language: string;
  /** 1-based, first and last line of this step in the file. */
  readonly line: number;
  readonly endLine: number;
  /** Fence attributes, Runme's and `ir.*`, both styles, values as text. */
  readonly attributes: Readonly<Record<string, string>>;
  /** What the file's frontmatter says for all of its steps; undefined where it says nothing. */
  readonly document?: StepDocument;
}

/** Runme's document options and ours (https://docs.runme.dev/configuration/document-level), for steps without their own. */
export interface StepDocument {
  readonly shell?: string;
  /** A step's own `cwd` is relative to this one, as in Runme. */
  readonly cwd?: string;
  readonly skipPrompts?: boolean;
  /** Frontmatter `ir.keepGoing`: Run all goes on after a step that failed. */
  readonly keepGoing?: boolean;
  /** What the frontmatter's `inputs:`, or a comment under a heading above, says of the placeholders. */
  readonly inputs?: readonly GuideInput[];
}
