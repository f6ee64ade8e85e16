import type { Approval } from '../approvals/approval.ts';
import { sentenceOfApproval } from './approvalTexts.ts';
import { sentenceOfResolution } from './resolutionTexts.ts';
import { sentenceOfDelivery } from './deliveryTexts.ts';
import type { AnyEvent, EventData, EventType, IncidentEvent } from '../incident/events.ts';
import { isKnown } from '../incident/evolve.ts';
import type { Incident } from '../incident/incident.ts';
import type { Delivery } from '../deliveries/delivery.ts';
import { undoableChanges } from '../incident/undoable.ts';
import { statusNames } from '../incident/postMortemStatus.ts';
import { formatRunTime } from '../incident/durations.ts';
import { utcDateTime, utcTime } from '../incident/instants.ts';
import { describeRecurrence } from '../history/recurrence.ts';
import type { Outcome, Target } from '../plan/plan.ts';
import { oneLine } from './oneLine.ts';
import { outcomeMessage, renderOutcome } from './outcomeText.ts';
import { pageResolvedText } from './pageTexts.ts';

/** One row per event, in clock order. */
export interface TimelineRow {
  /** The event's id. */
  readonly id: string;
  /** The writer's wall clock, UTC ISO 8601. */
  readonly at: string;
  readonly by: string;
  /** One sentence without a full stop, on one line, plain text. */
  readonly text: string;
  readonly kind: EventType | 'unknown';
  /** Of RunStarted and RunEnded: the run's id. */
  readonly run: string | undefined;
  /** Of what stands elsewhere: a pinned message. */
  readonly url: string | undefined;
  /** Of ChangeMade: true while it can be taken back. */
  readonly undoable: boolean;
}

/** Everything that happened, one sentence per event; unknown ones too. */
export function timelineRows(incident: Incident): readonly TimelineRow[] {
  const undoable = new Set(undoableChanges(incident).map(({ id }) => id));
  const names: Names = {
    runTexts: new Map(incident.runs.map(({ id, text }) => [id, text])),
    signals: new Map(incident.signals.map(({ id, title }) => [id, title])),
    deliveries: new Map(incident.deliveries.map((one) => [one.delivery, one])),
    approvals: new Map(incident.approvals.map((one) => [one.request, one])),
    changes: new Map(incident.changes.map(({ id, debt, changes }) => [id, debt ?? changes.join(', ')])),
  };
  return incident.events.map((event) => ({
    id: event.id,
    at: event.time,
    by: event.by,
    text: oneLine(sentenceOf(event, names), 500),
    kind: isKnown(event) ? event.type : 'unknown',
    run:
      isKnown(event) && (event.type === 'RunStarted' || event.type === 'RunEnded')
        ? event.data.run
        : undefined,
    url: isKnown(event) && event.type === 'PinReceived' ? event.data.url : undefined,
    undoable: undoable.has(event.id),
  }));
}

/** `context/namespace`, what of it is known. */
export function renderTarget({ context, namespace }: Target): string {
  if (context === undefined && namespace === undefined) return 'no target';
  return `${context ?? 'no context'} / ${namespace ?? 'no namespace'}`;
}

/** `failed: the pod is gone`, `exit code 0`: the outcome with its own sentence where it has one. */
export function outcomeSentence(outcome: Outcome): string {
  const { text } = renderOutcome(outcome);
  const message = outcomeMessage(outcome);
  return message ? `${text}: ${message}` : text;
}

/** What events call by its id, for sentences that call it by its name. */
interface Names {
  readonly runTexts: ReadonlyMap<string, string>;
  readonly signals: ReadonlyMap<string, string>;
  readonly deliveries: ReadonlyMap<string, Delivery>;
  readonly approvals: ReadonlyMap<string, Approval>;
  readonly changes: ReadonlyMap<string, string>;
}

function sentenceOf(event: AnyEvent, names: Names): string {
  return isKnown(event) ? knownSentence(event, names) : `Recorded by a newer version: ${event.type}`;
}

function knownSentence(
  event: IncidentEvent,
  { runTexts, signals, deliveries, approvals, changes }: Names,
): string {
  switch (event.type) {
    case 'IncidentDeclared': {
      const { drill, severity, title, service } = event.data;
      return `Declared ${drill ? 'a drill, ' : ''}${severity}: ${title}${service ? ` (${service})` : ''}`;
    }
    case 'IncidentAcknowledged': {
      const { in: there, who = 'somebody', at = event.time } = event.data;
      return there === undefined
        ? 'Acknowledged'
        : `Acknowledged in ${there} by ${who} at ${utcTime(at)} UTC`;
    }
    case 'SeverityChanged':
      return `Severity set to ${event.data.severity}${because(event.data.reason)}`;
    case 'ImpactSet':
      return `Impact: ${event.data.figure} (source: ${event.data.source}, as of ${utcDateTime(event.data.at)})`;
    case 'OnsetSet':
      return `Onset set to ${utcDateTime(event.data.at)}`;
    case 'MitigatedMarked':
      return `Marked mitigated at ${utcDateTime(event.data.at)}`;
    case 'PhaseEntered':
      return `Entered ${event.data.name}`;
    case 'RunStarted':
      return `${event.data.undoes === undefined ? 'Ran' : 'Took back'} ${event.data.text}: ${event.data.command}`;
    case 'ChangeMade':
      return `Changed ${event.data.changes.join(', ')}`;
    case 'RunEnded': {
      const { run, outcome, durationMs, interrupted } = event.data;
      // When an interrupted run stopped is not known, only when that was noticed.
      const took = interrupted ? '' : ` (${formatRunTime(durationMs)})`;
      return `Ended ${runTexts.get(run) ?? run}: ${outcomeSentence(outcome)}${took}`;
    }
    case 'RunAllEnded': {
      const { title, dry, message, passedOver } = event.data;
      const over = passedOver.map(({ text, because }) => `${text} (${because})`).join(', ');
      return `${dry ? 'Dry run of' : 'Ran'} ${title}: ${message}${over === '' ? '' : ` Passed over: ${over}.`}`;
    }
    case 'StepSkipped':
      return `Skipped ${event.data.text}${because(event.data.reason)}`;
    case 'StepDone':
      return `Done by hand: ${event.data.text}${because(event.data.note)}`;
    case 'ValueSet':
      return `Set ${event.data.name} to ${event.data.value}`;
    case 'ValueCleared':
      return `Took back the value of ${event.data.name}`;
    case 'NoteAdded': {
      const { question, questionText, text } = event.data;
      return question === undefined ? `Note: ${text}` : `${questionText ?? 'Answer:'} ${text}`;
    }
    case 'UpdatePosted':
      return `Update #${event.data.number}: ${event.data.text}`;
    case 'AudienceUpdatePosted':
      return `${event.data.audience === 'public' ? 'Public' : 'Executive'} update: ${event.data.text}`;
    case 'UpdateSnoozed':
      return `Update put off until ${utcTime(event.data.until)} UTC${because(event.data.reason)}`;
    case 'DeliveryRequested':
    case 'DeliveryStarted':
    case 'DeliveryDelivered':
    case 'DeliveryFailed':
    case 'DeliveryMarkedDone':
    case 'DeliveryDropped':
      return sentenceOfDelivery(event, deliveries);
    case 'ApprovalRequested':
    case 'ApprovalGiven':
    case 'ApprovalRefused':
      return sentenceOfApproval(event, approvals);
    case 'SignalAttached': {
      const { title, sources, startedAt } = event.data.signal;
      return `Attached ${title} (${sources.join(', ')}, since ${utcDateTime(startedAt)})`;
    }
    case 'SignalStateSeen':
      return `${signals.get(event.data.signal) ?? 'A signal'} is ${event.data.state} since ${utcDateTime(event.data.at)}`;
    case 'EvidenceAdded':
      return evidenceSentence(event.data);
    case 'PinReceived':
      return `Pinned in the channel: ${event.data.author} (${utcDateTime(event.data.at)}): ${event.data.text}`;
    case 'PeopleEscalated':
      return `Escalated to ${event.data.roles.join(', ')}${event.data.automatic ? ' by the clock' : ''}`;
    case 'PageResolvedSeen':
      return pageResolvedText(event.data);
    case 'EscalationAcknowledged':
      return `${event.data.who} answered the escalation`;
    case 'ChecklistItemTicked':
      return `Checked: ${event.data.text}${because(event.data.note)}`;
    case 'ChecklistItemUnticked':
      return `No longer checked: ${event.data.text}`;
    case 'TargetPinned':
      return `Target pinned: ${renderTarget(event.data.target)}`;
    case 'GuideItemDone':
      return `Done: ${event.data.text}`;
    case 'IncidentResolved': {
      const { cause, resolution } = event.data;
      return `Resolved${because(resolution)}${cause ? `; cause: ${cause}` : ''}`;
    }
    case 'IncidentReopened':
      return `Reopened${because(event.data.reason)}`;
    case 'PostMortemStatusSet':
      return `Post-mortem set to ${statusNames[event.data.status]}`;
    case 'ResolutionChecked':
    case 'CheckOverridden':
    case 'SoakStarted':
    case 'RelapseSeen':
    case 'SoakPassed':
    case 'SoakCancelled':
    case 'ChangeKept':
    case 'PostMortemOwnerSet':
      return sentenceOfResolution(event, changes);
    case 'PostMortemDrafted':
      return `Post-mortem drafted: ${event.data.file}`;
    case 'ActionItemsSeen': {
      const { items } = event.data;
      return `Action items of the post-mortem: ${items.length}, ${items.filter(({ done }) => done).length} done`;
    }
    case 'CalendarEntryWritten':
      return event.data.cancelled
        ? 'Calendar entry of the post-mortem taken back'
        : `Calendar entry of the post-mortem: due ${utcDateTime(event.data.dueAt)}`;
    case 'RecurrenceSeen':
      return `Thought to be recurring: ${describeRecurrence(event.data)}`;
  }
}

function evidenceSentence({ kind, text, note }: EventData['EvidenceAdded']): string {
  switch (kind) {
    case 'text':
    case 'url':
      return `Reported: ${text}`;
    case 'output':
      return `Kept as evidence${because(note)}: ${text}`;
    case 'file':
    case 'picture':
      return `Kept as evidence: ${text}${because(note)}`;
  }
}

const because = (text: string | undefined) => (text ? `: ${text}` : '');
