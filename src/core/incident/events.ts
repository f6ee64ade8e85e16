import type { Need } from '../approvals/needs.ts';
import type { EarlierIncident } from '../history/recurrence.ts';
import type { Outcome, PlanKind, Risk, Target } from '../plan/plan.ts';
import type { DeliveryFailure, DeliveryRequest, Receipt } from '../deliveries/delivery.ts';
import type { MadeChange } from '../plan/undo.ts';
import type { Checked } from '../judge/judged.ts';
import type { Reading } from '../judge/reading.ts';
import type { CheckState, SeenCheck } from '../resolution/check.ts';
import type { IncomingSignal, SignalState } from '../signals/incomingSignal.ts';

/**
 * Past-tense facts of an incident. `data` by `type`; times are UTC ISO 8601 with milliseconds, durations in ms.
 * New facts get a new type or version: what is written is never rewritten.
 */
export interface EventData {
  IncidentDeclared: {
    /** The label `YYYY-MM-DD-NNNN`. The ULID in the envelope is the identity. */
    readonly number: string;
    readonly title: string;
    readonly severity: string;
    readonly service?: string;
    readonly target: Target;
    readonly guide?: { readonly file: string; readonly title?: string; readonly sha256?: string };
    readonly drill?: boolean;
  };
  /** `in`: seen there, not said here (`PagerDuty`); then `who` as it names them, where it does, and `at` when. */
  IncidentAcknowledged: { readonly in?: string; readonly who?: string; readonly at?: string };
  SeverityChanged: { readonly severity: string; readonly reason?: string };
  ImpactSet: { readonly figure: string; readonly source: string; readonly at: string };
  OnsetSet: { readonly at: string };
  MitigatedMarked: { readonly at: string };
  PhaseEntered: { readonly phase: string; readonly name: string };
  RunStarted: {
    readonly run: string;
    readonly step: string;
    readonly sequence: string;
    readonly text: string;
    readonly kind: PlanKind;
    readonly command: string;
    readonly original: string;
    readonly target: Target;
    readonly risk: Risk;
    /** True when a person saw the confirmation and agreed. */
    readonly confirmed: boolean;
    /** The person said this exact command only reads: it is not asked about again in this incident. */
    readonly onlyReads?: boolean;
    /** What the confirmation showed: `deployment/payment-service spec.replicas 3 → 10`. */
    readonly changes?: readonly string[];
    /** The change (its event's id) that this run takes back. */
    readonly undoes?: string;
    /** The request that was approved for this one run. */
    readonly approval?: string;
    /** With `approval`: the seal of what the look bound this plan to. */
    readonly guards?: string;
    /** Of a shell: where it begins, as the guide has it, and the interpreter that the guide names. */
    readonly folder?: string;
    readonly interpreter?: string;
    /** It was sent with `--dry-run=server`. */
    readonly dryRun?: boolean;
    /** What came next did not wait for its end. */
    readonly background?: boolean;
  };
  /** The other side accepted a change: stated while the run goes on, so that its undo outlives a crash. */
  ChangeMade: { readonly run: string } & MadeChange;
  RunEnded: {
    readonly run: string;
    readonly outcome: Outcome;
    readonly durationMs: number;
    /** Another writer took the run for dead: the run's own end, when it comes after all, counts instead. */
    readonly interrupted?: boolean;
    readonly output?: OutputRef;
    /** What its queries gave, with their points. */
    readonly points?: PointsRef;
    /** Names seen in the output, offered as suggestions: `{ pod: ['payment-service-7d9f-x2k4q'] }`. */
    readonly seen?: Readonly<Record<string, readonly string[]>>;
    /** What the output said, as data: conditions of later steps are judged by it. */
    readonly reading?: Reading;
    /** The step's assertions, held against this run. */
    readonly assertions?: readonly Checked[];
  };
  /** Several steps of a sequence were run together, each recorded as a run of its own. */
  RunAllEnded: {
    readonly sequence: string;
    readonly title: string;
    readonly dry?: boolean;
    readonly ended: 'finished' | 'waiting' | 'stopped';
    /** Why and where it ended, as it was told. */
    readonly message: string;
    /** Not run, and skipped by nobody: `because` says why. */
    readonly passedOver: readonly {
      readonly step: string;
      readonly text: string;
      readonly because: string;
    }[];
  };
  StepSkipped: {
    readonly step: string;
    readonly sequence: string;
    readonly text: string;
    readonly reason?: string;
  };
  StepDone: {
    readonly step: string;
    readonly sequence: string;
    readonly text: string;
    readonly note?: string;
  };
  /** `run`: its output gave the value (`ir.capture`), no person. */
  ValueSet: { readonly name: string; readonly value: string; readonly run?: string };
  /** A value was taken back: what the incident itself gives for the name counts again, else it is asked for. */
  ValueCleared: { readonly name: string };
  /** `question` or `about` name the guide's item the note answers. */
  NoteAdded: { readonly text: string; readonly question?: string; readonly questionText?: string };
  /** The update of the guide's cadence, for those who respond. `noChange`: it says that there is nothing new. */
  UpdatePosted: { readonly number: number; readonly text: string; readonly noChange?: boolean };
  /** For others than the responders, in words of its own; it does not move the cadence's clock. */
  AudienceUpdatePosted: { readonly audience: Audience; readonly text: string };
  /** The update that is due next may wait until then. */
  UpdateSnoozed: { readonly until: string; readonly reason: string };
  ChecklistItemTicked: { readonly item: string; readonly text: string; readonly note?: string };
  ChecklistItemUnticked: { readonly item: string; readonly text: string };
  TargetPinned: { readonly target: Target };
  GuideItemDone: { readonly item: string; readonly text: string };
  IncidentResolved: {
    readonly cause?: string;
    readonly impact?: string;
    readonly resolution?: string;
    /** Last hash of each writer's chain when it was resolved: shows a tail cut off later. */
    readonly heads: Readonly<Record<string, string>>;
  };
  IncidentReopened: { readonly reason?: string };
  /** The checks of the resolution were looked at; `soak`: by the clock of that window. */
  ResolutionChecked: { readonly checks: readonly SeenCheck[]; readonly soak?: string };
  /** It is over for a person although this check is bad or was not made. */
  CheckOverridden: {
    readonly check: string;
    readonly text: string;
    readonly state: CheckState;
    readonly sentence: string;
    readonly reason: string;
  };
  /** Resolved, says a person, if nothing comes back within this time; what was said goes into the resolve. */
  SoakStarted: {
    readonly soak: string;
    readonly durationMs: number;
    readonly then: 'ask' | 'resolve';
    readonly cause?: string;
    readonly impact?: string;
    readonly resolution?: string;
  };
  /** Something turned bad within the window: it stands until a person reopens or starts anew. */
  RelapseSeen: { readonly soak: string; readonly sentences: readonly string[] };
  /** The window's time is over without a relapse. `open`: checks that could not be made at its end. */
  SoakPassed: { readonly soak: string; readonly unwatchedMs: number; readonly open: readonly string[] };
  SoakCancelled: { readonly reason?: string };
  /** A temporary change (its event's id) stays as it is, says a person. */
  ChangeKept: { readonly change: string; readonly reason?: string };
  /** Who writes the post-mortem; `role` where it is somebody by their role. */
  PostMortemOwnerSet: { readonly owner: string; readonly role?: string };
  /** An outward act was decided on: nothing has been sent yet. */
  DeliveryRequested: DeliveryRequest;
  /** An attempt begins: from here on it may have got through, whatever becomes of this writer. */
  DeliveryStarted: { readonly delivery: string; readonly attempt: number };
  /** `found`: an earlier attempt had got through, nothing was made a second time. */
  DeliveryDelivered: { readonly delivery: string; readonly receipt: Receipt; readonly found?: boolean };
  DeliveryFailed: { readonly delivery: string; readonly attempt: number } & DeliveryFailure;
  DeliveryMarkedDone: { readonly delivery: string; readonly note?: string; readonly receipt?: Receipt };
  DeliveryDropped: { readonly delivery: string; readonly reason?: string };
  /** The alert that was declared from, or another of the same incident. */
  SignalAttached: { readonly signal: IncomingSignal };
  /** An attached signal was seen to end, or to come back. */
  SignalStateSeen: { readonly signal: string; readonly state: SignalState; readonly at: string };
  /**
   * What somebody outside reported (pasted text, or an address), lines of a run's output, or a file or picture that was
   * copied beside the journal; of a file `text` is its name.
   */
  EvidenceAdded: {
    readonly kind: 'text' | 'url' | 'output' | 'file' | 'picture';
    readonly text: string;
    readonly note?: string;
    /** Of lines of output: whose. */
    readonly run?: string;
    readonly file?: EvidenceFile;
  };
  /** Somebody pinned a message in the incident's channel. `message` is the channel and timestamp, `at` when it was written. */
  PinReceived: {
    readonly message: string;
    readonly author: string;
    readonly text: string;
    readonly at: string;
    readonly url?: string;
  };
  /** People were called. `level` 1 is the severity's own row, each further one the row above. */
  PeopleEscalated: {
    readonly level: number;
    readonly severity: string;
    readonly roles: readonly string[];
    /** True when the clock did it, by setting, and no person. */
    readonly automatic?: boolean;
  };
  /** The incident's own page was seen to be resolved in PagerDuty, by somebody there. `name`: `#12`. */
  PageResolvedSeen: {
    readonly page: string;
    readonly name?: string;
    readonly who?: string;
    readonly at: string;
  };
  EscalationAcknowledged: { readonly level: number; readonly who: string };
  PostMortemDrafted: { readonly file: string; readonly sha256: string };
  /** How far the post-mortem is, by a person; `sha256` is of the document that says so. */
  PostMortemStatusSet: {
    readonly status: PostMortemStatus;
    readonly file: string;
    readonly sha256: string;
  };
  /** What the post-mortem's action items were when it was drafted, saved or synced: the whole list, each time. */
  ActionItemsSeen: { readonly file: string; readonly items: readonly SeenActionItem[] };
  /** A calendar file was written: the next one of the same `uid` moves that entry, or takes it away. */
  CalendarEntryWritten: {
    readonly uid: string;
    /** RFC 5545 §3.8.7.4: one more with each change. */
    readonly sequence: number;
    readonly dueAt: string;
    readonly cancelled?: boolean;
    /** Whom the file named as its organizer; the later files of the same `uid` name the same. */
    readonly organizer?: { readonly name: string; readonly email: string };
  };
  /** Earlier incidents that it is thought to be another one of: then the deadline for recurring ones holds for it. */
  RecurrenceSeen: {
    readonly windowDays: number;
    /** How many there are; the newest of them are in the list. */
    readonly count: number;
    readonly earlier: readonly EarlierIncident[];
  };
  /** Somebody wants to run a step that others have to agree to: exactly this command, on this target, once. */
  ApprovalRequested: {
    readonly request: string;
    readonly step: string;
    readonly sequence: string;
    readonly text: string;
    readonly kind: PlanKind;
    /** What would run, after the look at the system: what was shown to whoever approves. */
    readonly command: string;
    /** The command as the card shows it, before the look. */
    readonly written: string;
    readonly target: Target;
    readonly risk: Risk;
    /** SHA-256 (hex) of what the approval is bound to. */
    readonly plan: string;
    /** `deployment/payment-service spec.replicas 3 → 0` */
    readonly changes?: readonly string[];
    /** The seal of what the look bound the plan to (uids, file contents, values of fields), which no command prints. */
    readonly guards?: string;
    /** Of a shell: where it would begin, as the guide has it, and the interpreter that the guide names. */
    readonly folder?: string;
    readonly interpreter?: string;
    readonly needs: readonly Need[];
    /** Whether policy let the one who asks approve it alone, with a reason. */
    readonly self: boolean;
    readonly expiresAt: string;
    /** The change (its event's id) that the run would take back. */
    readonly undoes?: string;
  };
  /** `who` agreed, as the journal or the people file names them: it attributes, it does not authenticate. */
  ApprovalGiven: {
    readonly request: string;
    readonly who: string;
    readonly how: 'editor' | 'reaction' | 'reply' | 'self';
    /** Of the people file, where a role has to approve. */
    readonly roles?: readonly string[];
    readonly reason?: string;
  };
  ApprovalRefused: {
    readonly request: string;
    readonly who: string;
    readonly how: 'editor' | 'reaction' | 'reply' | 'self';
    readonly reason?: string;
  };
}

/** How far a post-mortem is, in its order. */
export type PostMortemStatus = 'draft' | 'in-review' | 'reviewed';

export interface SeenActionItem {
  readonly text: string;
  readonly done: boolean;
  readonly owner?: string;
  /** `2026-12-01` */
  readonly due?: string;
  readonly issue?: {
    readonly name: string;
    readonly url: string;
    /** As it was last read there; left out when it was not. */
    readonly state?: 'open' | 'closed';
  };
}

/** Whom an update that is not the responders' own is for. */
export type Audience = 'executive' | 'public';

export type EventType = keyof EventData;

/** The fact alone, before a journal wraps it. */
export type Fact = { [T in EventType]: { readonly type: T; readonly data: EventData[T] } }[EventType];

export interface Envelope {
  /** ULID. */
  readonly id: string;
  /** The incident's ULID. */
  readonly incident: string;
  /** One activation of the extension. */
  readonly writer: string;
  /** 1-based within the writer. */
  readonly n: number;
  /** Hybrid logical clock, for order only: sorts as text, ties broken by writer and n. */
  readonly clock: string;
  /** The writer's wall clock. */
  readonly time: string;
  /** Who, from settings or git: attributes, does not authenticate. */
  readonly by: string;
  readonly version: number;
  /** SHA-256 (hex) of the writer's previous line without its line end; empty for the first. */
  readonly prev: string;
}

export type IncidentEvent = Envelope & Fact;

/** An event of a type or version this build does not know: kept, shown, never dropped. */
export interface UnknownEvent extends Envelope {
  readonly type: string;
  readonly data: unknown;
  readonly unknown: true;
}

export type AnyEvent = IncidentEvent | UnknownEvent;

/** A file kept as evidence beside the journal. */
export interface EvidenceFile {
  /** Relative to the incident's folder: `evidence/<ULID>-screen.png`. */
  readonly file: string;
  /** Hex. */
  readonly sha256: string;
  readonly bytes: number;
}

/** The points of a run's queries, in a file beside its output. */
export interface PointsRef {
  /** Relative to the incident's folder: `output/<run>.points.json`. */
  readonly file: string;
  /** Hex. */
  readonly sha256: string;
  readonly bytes: number;
}

/** A run's output file beside the journal. */
export interface OutputRef {
  /** Relative to the incident's folder: `output/<run>.log`. */
  readonly file: string;
  /** Hex. */
  readonly sha256: string;
  readonly bytes: number;
  readonly lines: number;
}
