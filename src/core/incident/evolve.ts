import { foldActionItems } from '../actionItems/foldActionItems.ts';
import { foldApproval } from '../approvals/foldApprovals.ts';
import { foldDelivery, type DeliveryDraft } from '../deliveries/foldDeliveries.ts';
import { endSoak, foldResolution, soakNow, type ResolutionDraft } from '../resolution/foldResolution.ts';
import type { AnyEvent, IncidentEvent } from './events.ts';
import { endRun, findRun, keepChange, optional, startRun, type RunsDraft } from './foldRuns.ts';
import type { Incident, Note, StepMark } from './incident.ts';

type Collections =
  | 'changes'
  | 'phases'
  | 'values'
  | 'seen'
  | 'runs'
  | 'steps'
  | 'notes'
  | 'updates'
  | 'audienceUpdates'
  | 'deliveries'
  | 'approvals'
  | 'signals'
  | 'evidence'
  | 'pins'
  | 'escalations'
  | 'ticked'
  | 'doneItems'
  | 'checks'
  | 'overrides'
  | 'soaks'
  | 'events';
type Facts = { -readonly [K in keyof Omit<Incident, Collections>]: Incident[K] };

/** An incident while facts are applied. Maps, because a name such as `__proto__` is only a name here. */
interface Draft extends ResolutionDraft, RunsDraft {
  readonly facts: Facts;
  readonly phases: Incident['phases'][number][];
  readonly values: Map<string, string>;
  readonly steps: Map<string, StepMark>;
  readonly notes: Note[];
  readonly updates: Incident['updates'][number][];
  readonly audienceUpdates: Incident['audienceUpdates'][number][];
  readonly deliveries: DeliveryDraft;
  readonly signals: Map<string, Incident['signals'][number]>;
  readonly evidence: Incident['evidence'][number][];
  readonly pins: Map<string, Incident['pins'][number]>;
  readonly escalations: Incident['escalations'][number][];
  readonly ticked: Map<string, Incident['ticked'][string]>;
  readonly doneItems: Map<string, Incident['doneItems'][string]>;
  readonly events: AnyEvent[];
}

/**
 * Folds one fact into the state. Total: a fact that makes no sense here changes nothing but the list of events, and
 * before the declare nothing is an incident. Costs one copy of the state; use `replay` for many facts.
 */
export function evolve(state: Incident | undefined, event: AnyEvent): Incident | undefined {
  if (state === undefined) {
    const draft = begin(event);
    return draft && close(draft);
  }
  const draft = open(state);
  apply(draft, event);
  return close(draft);
}

/**
 * The fold of all events, given in clock order; linear in their number. Undefined while nothing was declared. Events
 * before the declare (part of the journal is missing) are not applied, but kept and shown in their place.
 */
export function replay(events: readonly AnyEvent[]): Incident | undefined {
  const start = events.findIndex((event) => begin(event) !== undefined);
  const declare = events[start];
  const draft = declare && begin(declare);
  if (!draft) return undefined;
  draft.events.unshift(...events.slice(0, start));
  for (let i = start + 1; i < events.length; i++) apply(draft, events[i]!);
  return close(draft);
}

export const isKnown = (event: AnyEvent): event is IncidentEvent => !('unknown' in event);

function begin(event: AnyEvent): Draft | undefined {
  if (!isKnown(event) || event.type !== 'IncidentDeclared') return undefined;
  const { number, title, severity, service, target, guide, drill } = event.data;
  return {
    facts: {
      id: event.incident,
      number,
      title,
      severity,
      service,
      target,
      guideFile: guide?.file,
      drill: drill ?? false,
      status: 'active',
      declaredAt: event.time,
      declaredBy: event.by,
      acknowledgedAt: undefined,
      acknowledgedBy: undefined,
      pageResolved: undefined,
      onsetAt: undefined,
      mitigatedAt: undefined,
      resolvedAt: undefined,
      resolution: undefined,
      impact: undefined,
      postMortemOwner: undefined,
      postMortem: undefined,
      actionItems: undefined,
      calendarEntry: undefined,
      recurrence: undefined,
      snooze: undefined,
    },
    phases: [],
    values: new Map(),
    seen: new Map(),
    runs: [],
    changes: [],
    steps: new Map(),
    notes: [],
    updates: [],
    audienceUpdates: [],
    deliveries: new Map(),
    approvals: new Map(),
    signals: new Map(),
    evidence: [],
    pins: new Map(),
    escalations: [],
    ticked: new Map(),
    doneItems: new Map(),
    checks: new Map(),
    overrides: new Map(),
    soaks: [],
    events: [event],
  };
}

function open(incident: Incident): Draft {
  const { phases, values, seen, runs, changes, steps, notes, updates, ticked, doneItems, events, ...rest } =
    incident;
  const { audienceUpdates, approvals, deliveries, signals, evidence, pins, escalations, ...more } = rest;
  const { checks, overrides, soaks, ...facts } = more;
  return {
    facts,
    phases: [...phases],
    values: new Map(Object.entries(values)),
    seen: new Map(Object.entries(seen)),
    runs: [...runs],
    changes: [...changes],
    steps: new Map(Object.entries(steps)),
    notes: [...notes],
    updates: [...updates],
    audienceUpdates: [...audienceUpdates],
    deliveries: new Map(deliveries.map((one) => [one.delivery, one])),
    approvals: new Map(approvals.map((one) => [one.request, one])),
    signals: new Map(signals.map((one) => [one.id, one])),
    evidence: [...evidence],
    pins: new Map(pins.map((one) => [one.message, one])),
    escalations: [...escalations],
    ticked: new Map(Object.entries(ticked)),
    doneItems: new Map(Object.entries(doneItems)),
    checks: new Map(Object.entries(checks)),
    overrides: new Map(Object.entries(overrides)),
    soaks: [...soaks],
    events: [...events],
  };
}

function close(draft: Draft): Incident {
  const { facts, values, seen, steps, ticked, doneItems, approvals, deliveries, signals, pins, ...rest } =
    draft;
  const { checks, overrides, ...lists } = rest;
  return {
    ...facts,
    ...lists,
    values: Object.fromEntries(values),
    seen: Object.fromEntries(seen),
    steps: Object.fromEntries(steps),
    ticked: Object.fromEntries(ticked),
    doneItems: Object.fromEntries(doneItems),
    checks: Object.fromEntries(checks),
    overrides: Object.fromEntries(overrides),
    deliveries: [...deliveries.values()],
    approvals: [...approvals.values()],
    signals: [...signals.values()],
    pins: [...pins.values()].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0)),
  };
}

function apply(draft: Draft, event: AnyEvent): void {
  draft.events.push(event);
  if (!isKnown(event)) return;
  const { facts } = draft;
  const who = { at: event.time, by: event.by };
  switch (event.type) {
    case 'IncidentDeclared':
      return;
    case 'IncidentAcknowledged': {
      if (facts.acknowledgedAt !== undefined) return;
      const { in: there, who = 'somebody', at = event.time } = event.data;
      facts.acknowledgedBy = there === undefined ? event.by : `${who} in ${there}`;
      facts.acknowledgedAt = at;
      return;
    }
    case 'SeverityChanged':
      facts.severity = event.data.severity;
      return;
    case 'ImpactSet':
      facts.impact = event.data;
      return;
    case 'OnsetSet':
      facts.onsetAt = event.data.at;
      return;
    case 'MitigatedMarked':
      facts.mitigatedAt = event.data.at;
      return;
    case 'PhaseEntered':
      if (draft.phases.at(-1)?.phase !== event.data.phase) {
        draft.phases.push({ phase: event.data.phase, name: event.data.name, at: event.time });
      }
      return;
    case 'RunStarted':
      startRun(draft, event.data, event);
      return;
    case 'ChangeMade':
      if (findRun(draft, event.data.run) !== -1)
        draft.changes.push({ ...event.data, id: event.id, at: event.time, by: event.by, undone: undefined });
      return;
    case 'RunEnded':
      endRun(draft, event.data, event);
      return;
    case 'RunAllEnded':
      return; // each of its runs is a fact of its own
    case 'StepSkipped':
      draft.steps.set(event.data.step, { kind: 'skipped', ...who, ...optional('reason', event.data.reason) });
      return;
    case 'StepDone':
      draft.steps.set(event.data.step, { kind: 'done', ...who, ...optional('note', event.data.note) });
      return;
    case 'ValueSet':
      draft.values.set(event.data.name, event.data.value);
      return;
    case 'ValueCleared':
      draft.values.delete(event.data.name);
      return;
    case 'NoteAdded':
      draft.notes.push({ ...who, ...event.data });
      return;
    case 'UpdatePosted':
      draft.updates.push({
        number: event.data.number,
        text: event.data.text,
        ...optional('noChange', event.data.noChange),
        ...who,
      });
      facts.snooze = undefined;
      return;
    case 'AudienceUpdatePosted':
      draft.audienceUpdates.push({ ...event.data, ...who });
      return;
    case 'UpdateSnoozed':
      facts.snooze = { ...event.data, by: event.by };
      return;
    case 'DeliveryRequested':
    case 'DeliveryStarted':
    case 'DeliveryDelivered':
    case 'DeliveryFailed':
    case 'DeliveryMarkedDone':
    case 'DeliveryDropped':
      foldDelivery(draft.deliveries, event);
      return;
    case 'ApprovalRequested':
    case 'ApprovalGiven':
    case 'ApprovalRefused':
      foldApproval(draft.approvals, event);
      return;
    case 'SignalAttached':
      if (!draft.signals.has(event.data.signal.id))
        draft.signals.set(event.data.signal.id, event.data.signal);
      return;
    case 'SignalStateSeen': {
      const signal = draft.signals.get(event.data.signal);
      if (signal) draft.signals.set(signal.id, { ...signal, state: event.data.state });
      return;
    }
    case 'EvidenceAdded':
      draft.evidence.push({ ...event.data, ...who, id: event.id });
      return;
    case 'PinReceived':
      if (!draft.pins.has(event.data.message)) draft.pins.set(event.data.message, event.data);
      return;
    case 'PeopleEscalated': {
      const { automatic = false, ...called } = event.data;
      draft.escalations.push({ ...called, automatic, ...who, acknowledged: undefined });
      return;
    }
    case 'PageResolvedSeen':
      facts.pageResolved = event.data;
      return;
    case 'EscalationAcknowledged': {
      const called = draft.escalations.filter(({ level }) => level === event.data.level).at(-1);
      if (called && !called.acknowledged)
        draft.escalations[draft.escalations.indexOf(called)] = {
          ...called,
          acknowledged: { at: event.time, who: event.data.who },
        };
      return;
    }
    case 'ChecklistItemTicked':
      if (!draft.ticked.has(event.data.item)) {
        draft.ticked.set(event.data.item, { ...who, ...optional('note', event.data.note) });
      }
      return;
    case 'ChecklistItemUnticked':
      draft.ticked.delete(event.data.item);
      return;
    case 'TargetPinned':
      facts.target = event.data.target;
      return;
    case 'GuideItemDone':
      if (!draft.doneItems.has(event.data.item)) draft.doneItems.set(event.data.item, who);
      return;
    case 'IncidentResolved': {
      if (facts.status === 'resolved') return;
      const { heads: _heads, ...resolution } = event.data;
      facts.status = 'resolved';
      facts.resolvedAt = event.time;
      facts.resolution = resolution;
      endSoak(draft, 'resolved', event.time);
      return;
    }
    case 'IncidentReopened':
      if (facts.status === 'active' && !soakNow(draft)) return;
      endSoak(draft, 'reopened', event.time);
      // What was good or accepted then says nothing of what is to come.
      draft.checks.clear();
      draft.overrides.clear();
      facts.status = 'active';
      facts.pageResolved = undefined;
      // It was not over after all: an end that did not hold must not count in a duration.
      facts.resolvedAt = undefined;
      facts.mitigatedAt = undefined;
      facts.resolution = undefined;
      return;
    case 'ResolutionChecked':
    case 'CheckOverridden':
    case 'SoakStarted':
    case 'RelapseSeen':
    case 'SoakPassed':
    case 'SoakCancelled':
      foldResolution(draft, event);
      return;
    case 'ChangeKept':
      keepChange(draft, event.data, event);
      return;
    case 'PostMortemOwnerSet':
      facts.postMortemOwner = { ...event.data, ...who };
      return;
    case 'PostMortemDrafted':
      facts.postMortem = { ...event.data, at: event.time, status: 'draft' };
      return;
    case 'PostMortemStatusSet':
      facts.postMortem = {
        ...{ at: event.time, ...facts.postMortem, ...event.data },
        // Two who said so apart from each other: it was reviewed when the first one did.
        reviewedAt:
          event.data.status === 'reviewed' ? (facts.postMortem?.reviewedAt ?? event.time) : undefined,
      };
      return;
    case 'ActionItemsSeen':
      facts.actionItems = foldActionItems(facts.actionItems, event.data, event.time);
      return;
    case 'CalendarEntryWritten':
      facts.calendarEntry = event.data;
      return;
    case 'RecurrenceSeen':
      facts.recurrence = event.data;
      return;
  }
}
