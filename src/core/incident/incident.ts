import type { Approval } from '../approvals/approval.ts';
import type { Outcome, PlanKind, Risk, Target } from '../plan/plan.ts';
import type { MadeChange } from '../plan/undo.ts';
import type { Checked } from '../judge/judged.ts';
import type { Reading } from '../judge/reading.ts';
import type { Delivery } from '../deliveries/delivery.ts';
import type { Override, SeenCheck } from '../resolution/check.ts';
import type { Soak } from '../resolution/soak.ts';
import type { IncomingSignal } from '../signals/incomingSignal.ts';
import type { AnyEvent, Audience, EventData, OutputRef, PointsRef, PostMortemStatus } from './events.ts';

/** The fold of all events of one incident. All that is shown comes from here; times are UTC ISO 8601. */
export interface Incident {
  readonly id: string;
  readonly number: string;
  readonly title: string;
  readonly severity: string;
  readonly service: string | undefined;
  readonly target: Target;
  readonly guideFile: string | undefined;
  readonly drill: boolean;
  readonly status: 'active' | 'resolved';
  readonly declaredAt: string;
  readonly declaredBy: string;
  readonly acknowledgedAt: string | undefined;
  /** `Ana`, or `Bo in PagerDuty` where it was seen there. */
  readonly acknowledgedBy: string | undefined;
  /** Somebody has resolved the incident's own page in PagerDuty: a person decides what that means here. */
  readonly pageResolved: EventData['PageResolvedSeen'] | undefined;
  readonly onsetAt: string | undefined;
  readonly mitigatedAt: string | undefined;
  readonly resolvedAt: string | undefined;
  readonly resolution:
    { readonly cause?: string; readonly impact?: string; readonly resolution?: string } | undefined;
  readonly impact: { readonly figure: string; readonly source: string; readonly at: string } | undefined;
  /** Phase ids entered, in order, with time. The last one is the present phase. */
  readonly phases: readonly { readonly phase: string; readonly name: string; readonly at: string }[];
  /** Values for placeholders, by name; asked once per incident. */
  readonly values: Readonly<Record<string, string>>;
  /** Names seen in output, newest run first, by kind. */
  readonly seen: Readonly<Record<string, readonly string[]>>;
  readonly runs: readonly Run[];
  /** What runs changed, oldest first, each with its undo where there is one. */
  readonly changes: readonly RecordedChange[];
  /** Requests to run what others have to agree to, oldest first. */
  readonly approvals: readonly Approval[];
  /** Steps done by hand or skipped, by step id. */
  readonly steps: Readonly<Record<string, StepMark>>;
  readonly notes: readonly Note[];
  readonly updates: readonly {
    readonly number: number;
    readonly text: string;
    readonly at: string;
    readonly by: string;
    readonly noChange?: boolean;
  }[];
  /** Updates for others than the responders, oldest first. */
  readonly audienceUpdates: readonly {
    readonly audience: Audience;
    readonly text: string;
    readonly at: string;
    readonly by: string;
  }[];
  /** The next update may wait until then; undefined once one was posted. */
  readonly snooze: { readonly until: string; readonly reason: string; readonly by: string } | undefined;
  /** Outward acts in the order in which they were requested. */
  readonly deliveries: readonly Delivery[];
  /** Attached alerts and pages with their latest known state, oldest first. */
  readonly signals: readonly IncomingSignal[];
  readonly evidence: readonly Evidence[];
  /** Messages pinned in the channel, by when they were written. */
  readonly pins: readonly Pin[];
  /** Each time people were called, oldest first. */
  readonly escalations: readonly Escalated[];
  /** Ticked checklist items by id. */
  readonly ticked: Readonly<
    Record<string, { readonly at: string; readonly by: string; readonly note?: string }>
  >;
  /** Other guide items marked done (slash acts, escalation read), by id. */
  readonly doneItems: Readonly<Record<string, { readonly at: string; readonly by: string }>>;
  /** What checks of the resolution saw last, by check; none is older than the last reopening. */
  readonly checks: Readonly<Record<string, SeenCheck>>;
  /** Why checks that are bad or were not made were accepted, by check. */
  readonly overrides: Readonly<Record<string, Override>>;
  /** Soak windows, oldest first; at most the last one still waits for its end or a person. */
  readonly soaks: readonly Soak[];
  /** Who writes the post-mortem, and since when that is settled. */
  readonly postMortemOwner:
    { readonly owner: string; readonly role?: string; readonly at: string; readonly by: string } | undefined;
  readonly postMortem:
    | {
        readonly file: string;
        readonly sha256: string;
        readonly at: string;
        readonly status: PostMortemStatus;
        /** Since when it is reviewed, UTC ISO 8601; undefined in any other status. */
        readonly reviewedAt?: string | undefined;
      }
    | undefined;
  /** The post-mortem's action items as they were last seen, and when. */
  readonly actionItems:
    | (EventData['ActionItemsSeen'] & {
        readonly at: string;
        /** When their issues were read. */
        readonly statesAt: string;
      })
    | undefined;
  /** The deadline's entry in people's calendars, as it was last written. */
  readonly calendarEntry: EventData['CalendarEntryWritten'] | undefined;
  /** What it is another one of, as it was last looked for; undefined while nothing was found. */
  readonly recurrence: EventData['RecurrenceSeen'] | undefined;
  /** All events in clock order: the timeline. */
  readonly events: readonly AnyEvent[];
}

export interface Pin {
  readonly message: string;
  readonly author: string;
  readonly text: string;
  /** When it was written, UTC ISO 8601. */
  readonly at: string;
  readonly url?: string;
}

export type Evidence = EventData['EvidenceAdded'] & {
  /** The event's id. */
  readonly id: string;
  readonly at: string;
  readonly by: string;
};

export interface Escalated {
  readonly level: number;
  readonly severity: string;
  readonly roles: readonly string[];
  readonly automatic: boolean;
  readonly at: string;
  readonly by: string;
  /** Who of them answered, and when that was recorded. */
  readonly acknowledged: { readonly at: string; readonly who: string } | undefined;
}

export interface RecordedChange extends MadeChange {
  /** The event's id. */
  readonly id: string;
  readonly run: string;
  /** UTC ISO 8601. */
  readonly at: string;
  readonly by: string;
  /** When a run that took it back succeeded, and who ran it. */
  readonly undone: { readonly at: string; readonly by: string; readonly run: string } | undefined;
  /** When a person said that it stays, and why. */
  readonly kept?: { readonly at: string; readonly by: string; readonly reason?: string };
}

export interface Run {
  readonly id: string;
  readonly step: string;
  readonly sequence: string;
  readonly text: string;
  readonly kind: PlanKind;
  readonly command: string;
  readonly target: Target;
  readonly risk: Risk;
  /** The change that this run takes back. */
  readonly undoes?: string;
  /** Sent so that nothing was changed. */
  readonly dryRun?: boolean;
  /** What came next did not wait for its end. */
  readonly background?: boolean;
  readonly startedAt: string;
  readonly by: string;
  /** The activation that runs it: a run of a writer that is gone was interrupted. */
  readonly writer: string;
  readonly end:
    | {
        readonly at: string;
        readonly outcome: Outcome;
        readonly durationMs: number;
        /** Only presumed by another writer: the run's own end replaces it. */
        readonly interrupted?: boolean;
        readonly output?: OutputRef;
        readonly points?: PointsRef;
        readonly reading?: Reading;
        readonly assertions?: readonly Checked[];
      }
    | undefined;
}

export type StepMark =
  | { readonly kind: 'done'; readonly at: string; readonly by: string; readonly note?: string }
  | { readonly kind: 'skipped'; readonly at: string; readonly by: string; readonly reason?: string };

export interface Note {
  readonly at: string;
  readonly by: string;
  readonly text: string;
  /** Id of the guide's key question this answers. */
  readonly question?: string;
  readonly questionText?: string;
}
