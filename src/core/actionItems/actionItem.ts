/** Something that is to be done after an incident, as a line of its post-mortem says it. */
export interface ActionItem {
  /** 0-based, of the document. */
  readonly line: number;
  /** The whole line as it stands: an edit is made only where it still does. */
  readonly written: string;
  /** What is to be done, without box, owner, date and issue. */
  readonly text: string;
  readonly done: boolean;
  /** Who does it: undefined when nobody is named, or only the template's placeholder. */
  readonly owner: string | undefined;
  /** `2026-12-01`; undefined when there is none, or none that is certain. */
  readonly due: string | undefined;
  /** The issue that it became. */
  readonly issue: ActionIssue | undefined;
  readonly problems: readonly ActionProblem[];
}

export interface ActionIssue {
  /** `techcorp/payments#12` or `OPS-7`, as the link is named. */
  readonly name: string;
  readonly url: string;
}

export interface ActionProblem {
  readonly code: 'no-owner' | 'no-deadline' | 'unsure-deadline' | 'no-box';
  readonly message: string;
}

/** Whether it is open after its day: the day itself still counts. `today` as `2026-12-01`. */
export const isOverdue = (
  { done, due }: { readonly done: boolean; readonly due?: string | undefined },
  today: string,
): boolean => !done && due !== undefined && due < today;
