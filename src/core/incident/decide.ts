import { placeDiffers } from '../plan/placeDiffers.ts';
import { refuseToKeep } from '../plan/words/refuseToKeep.ts';
import { decideApproval, refuseApproval } from '../approvals/decideApproval.ts';
import { decideResolution } from '../resolution/decideResolution.ts';
import { formerValues } from '../judge/runsHere.ts';
import { soakNow } from '../resolution/foldResolution.ts';
import { decideDelivery } from '../deliveries/decideDelivery.ts';
import { decidePostMortem } from '../postmortem/decidePostMortem.ts';
import { failed, ok } from '../errors.ts';
import type { Result } from '../errors.ts';
import type { Command } from './commands.ts';
import type { Target } from '../plan/plan.ts';
import type { EventData, Fact } from './events.ts';
import type { Incident, Run } from './incident.ts';
import { isNewsOfPage } from '../signals/pageInStep.ts';
import { isBefore, notAfter, notAhead, past } from './decideTimes.ts';
import { utcTime } from './instants.ts';
import { isCalled, isItemDone, isTicked, stepMark } from './progress.ts';

type Decision = Result<readonly Fact[]>;
type Of<T extends Command['type']> = Extract<Command, { type: T }>;

/**
 * What a resolved incident still takes. The rule: the record may be completed and corrected (notes, times, impact,
 * the post-mortem's own items, the end of a run that was still going), but nothing more is done to production and no
 * clock is started; that takes a Reopen.
 */
const afterResolution: ReadonlySet<Command['type']> = new Set<Command['type']>([
  'Reopen',
  'RecordPostMortem',
  'SetPostMortemStatus',
  'SeeActionItems',
  'RecordCalendarEntry',
  'RecordRecurrence',
  'AddNote',
  'PostUpdate',
  'SetSeverity',
  'SetImpact',
  'SetOnset',
  'MarkMitigated',
  'EnterPhase',
  'EndRun',
  'RecordChange',
  'SkipStep',
  'MarkStepDone',
  'TickItem',
  'UntickItem',
  'MarkItemDone',
  'PostAudienceUpdate',
  'RequestDeliveries',
  'StartDelivery',
  'RecordDelivered',
  'RecordDeliveryFailure',
  'MarkDeliveryDone',
  'DropDelivery',
  'AttachSignal',
  'SeeSignalState',
  'AddEvidence',
  'ReceivePin',
  'AcknowledgeEscalation',
  'KeepChange',
  'SetPostMortemOwner',
]);

/**
 * Refuses a command with a sentence, or states the facts it makes; no facts when there is nothing to change.
 * `now` is UTC ISO 8601. Codes: `invalid` (what was given makes no sense), `conflict` (not in this state),
 * `not-found` (no such incident or run).
 */
export function decide(state: Incident | undefined, command: Command, now: string): Decision {
  if (command.type === 'Declare') {
    return state === undefined
      ? declare(command)
      : failed('conflict', `Incident ${state.number} is declared already. Nothing was changed.`);
  }
  if (state === undefined) {
    return failed('not-found', 'There is no such incident. Declare one first, or switch to another.');
  }
  if (state.status === 'resolved' && !afterResolution.has(command.type)) {
    return failed(
      'conflict',
      `Incident ${state.number} was resolved at ${utcTime(state.resolvedAt ?? '')} UTC. ` +
        'Its record can still be completed; to respond again, reopen it first.',
    );
  }
  return decideOn(state, command, now);
}

function decideOn(state: Incident, command: Exclude<Command, Of<'Declare'>>, now: string): Decision {
  switch (command.type) {
    case 'Acknowledge':
      return state.acknowledgedAt === undefined
        ? fact({ type: 'IncidentAcknowledged', data: notAhead(command.data ?? {}, now) })
        : failed(
            'conflict',
            `${state.acknowledgedBy ?? 'Somebody'} acknowledged this at ${utcTime(state.acknowledgedAt)} UTC already.`,
          );
    case 'SetSeverity': {
      const severity = command.data.severity.trim();
      if (severity === '') return failed('invalid', 'A severity needs a name. Pick one of the guide.');
      if (severity === state.severity) return failed('conflict', `The severity is ${severity} already.`);
      return fact({ type: 'SeverityChanged', data: { severity, ...text('reason', command.data.reason) } });
    }
    case 'SetImpact': {
      const figure = command.data.figure.trim();
      const source = command.data.source.trim();
      if (figure === '') return failed('invalid', 'Say what the impact is, or leave it unknown.');
      if (source === '') {
        return failed('invalid', 'Say where the figure comes from: a figure without a source is a guess.');
      }
      const at = past(command.data.at, now, 'The time of the figure');
      return at.ok ? fact({ type: 'ImpactSet', data: { figure, source, at: at.value } }) : at;
    }
    case 'SetOnset': {
      const at = past(command.data.at, now, 'The onset');
      if (!at.ok) return at;
      const order =
        notAfter(at.value, state.mitigatedAt, 'The onset', 'it was mitigated') ??
        notAfter(at.value, state.resolvedAt, 'The onset', 'it was resolved');
      return order ?? fact({ type: 'OnsetSet', data: { at: at.value } });
    }
    case 'MarkMitigated': {
      const at = past(command.data.at, now, 'The mitigation');
      if (!at.ok) return at;
      if (state.onsetAt !== undefined && isBefore(at.value, state.onsetAt)) {
        return failed(
          'invalid',
          `The mitigation cannot be before the onset (${utcTime(state.onsetAt)} UTC). Correct one of the two times.`,
        );
      }
      const order = notAfter(at.value, state.resolvedAt, 'The mitigation', 'it was resolved');
      return order ?? fact({ type: 'MitigatedMarked', data: { at: at.value } });
    }
    case 'EnterPhase':
      if (command.data.phase === '') return failed('invalid', 'Say which phase to go to.');
      return state.phases.at(-1)?.phase === command.data.phase
        ? failed('conflict', `The incident is in ${command.data.name} already.`)
        : fact({ type: 'PhaseEntered', data: command.data });
    case 'StartRun':
      return startRun(state, command, now);
    case 'RecordChange':
      return state.runs.some(({ id }) => id === command.data.run)
        ? fact({ type: 'ChangeMade', data: command.data })
        : failed('not-found', `Run ${command.data.run} was never started in incident ${state.number}.`);
    case 'EndRun':
      return endRun(state, command);
    case 'RecordRunAll':
      return fact({ type: 'RunAllEnded', data: command.data });
    case 'SkipStep': {
      const refusal = unmarkable(state, command.data.step, 'skipped');
      const { step, sequence, text: what, reason } = command.data;
      return (
        refusal ??
        fact({ type: 'StepSkipped', data: { step, sequence, text: what, ...text('reason', reason) } })
      );
    }
    case 'MarkStepDone': {
      const refusal = unmarkable(state, command.data.step, 'done');
      const { step, sequence, text: what, note } = command.data;
      return (
        refusal ?? fact({ type: 'StepDone', data: { step, sequence, text: what, ...text('note', note) } })
      );
    }
    case 'SetValue': {
      const { name } = command.data;
      const value = command.data.value.trim();
      if (name === '') return failed('invalid', 'A value needs a name.');
      const refusal = refuseToKeep(name);
      if (refusal !== undefined) return failed('invalid', refusal);
      if (value === '')
        return failed('invalid', `Give a value for ${name}: an empty one would break its commands.`);
      const same = Object.hasOwn(state.values, name) && state.values[name] === value;
      // Seen again, it counts again.
      const known = same && !formerValues(state.events).has(name);
      if (known || (command.data.run !== undefined && isByPerson(state, name))) return ok([]);
      return fact({ type: 'ValueSet', data: { name, value, ...text('run', command.data.run) } });
    }
    case 'ClearValue': {
      const { name } = command.data;
      return Object.hasOwn(state.values, name) ? fact({ type: 'ValueCleared', data: { name } }) : ok([]);
    }
    case 'AddNote':
      return command.data.text.trim() === ''
        ? failed('invalid', 'The note is empty. Nothing was written.')
        : fact({ type: 'NoteAdded', data: { ...command.data, text: command.data.text.trim() } });
    case 'PostUpdate': {
      const words = command.data.text.trim();
      if (words === '') return failed('invalid', 'The update is empty. Nothing was posted.');
      const number = state.updates.reduce((most, update) => Math.max(most, update.number), 0) + 1;
      const noChange = command.data.noChange ? { noChange: true } : {};
      return fact({ type: 'UpdatePosted', data: { number, text: words, ...noChange } });
    }
    case 'PostAudienceUpdate': {
      const words = command.data.text.trim();
      if (words === '') return failed('invalid', 'The update is empty. Nothing was posted.');
      return fact({ type: 'AudienceUpdatePosted', data: { ...command.data, text: words } });
    }
    case 'SnoozeUpdate': {
      const reason = command.data.reason.trim();
      if (reason === '')
        return failed('invalid', 'Say why the update can wait: the others read it. Nothing was changed.');
      if (!isBefore(now, command.data.until))
        return failed('invalid', 'The update can only wait until a time that is ahead. Nothing was changed.');
      return fact({ type: 'UpdateSnoozed', data: { until: command.data.until, reason } });
    }
    case 'RequestDeliveries':
    case 'StartDelivery':
    case 'RecordDelivered':
    case 'RecordDeliveryFailure':
    case 'MarkDeliveryDone':
    case 'DropDelivery':
      return decideDelivery(state, command);
    case 'AttachSignal':
      return state.signals.some(({ id }) => id === command.data.signal.id)
        ? ok([])
        : fact({ type: 'SignalAttached', data: command.data });
    case 'SeeSignalState': {
      const known = state.signals.find(({ id }) => id === command.data.signal);
      return known === undefined || known.state === command.data.state
        ? ok([])
        : fact({ type: 'SignalStateSeen', data: command.data });
    }
    case 'AddEvidence':
      return command.data.text.trim() === ''
        ? failed('invalid', 'There is nothing to keep. Paste what was reported, or press Esc.')
        : fact({ type: 'EvidenceAdded', data: { ...command.data, text: command.data.text.trim() } });
    case 'ReceivePin':
      return state.pins.some(({ message }) => message === command.data.message)
        ? ok([])
        : fact({ type: 'PinReceived', data: command.data });
    case 'SeePageResolved':
      return isNewsOfPage(state, command.data)
        ? fact({ type: 'PageResolvedSeen', data: notAhead(command.data, now) })
        : ok([]);
    case 'EscalatePeople': {
      const { roles, automatic } = command.data;
      if (roles.length === 0)
        return failed('invalid', 'Nobody is named to escalate to. Nothing was changed.');
      // Two windows whose clocks run out together call once; a person may well call again.
      if (automatic && roles.every((role) => isCalled(state, role))) return ok([]);
      return fact({ type: 'PeopleEscalated', data: command.data });
    }
    case 'AcknowledgeEscalation': {
      const called = state.escalations.filter(({ level }) => level === command.data.level).at(-1);
      if (!called) return failed('not-found', `Nobody was called at level ${command.data.level}.`);
      return called.acknowledged
        ? failed('conflict', `${called.acknowledged.who} answered already.`)
        : fact({ type: 'EscalationAcknowledged', data: command.data });
    }
    case 'TickItem': {
      const { item, text: what, note } = command.data;
      if (isTicked(state, item)) return failed('conflict', `"${what}" is ticked already.`);
      return fact({ type: 'ChecklistItemTicked', data: { item, text: what, ...text('note', note) } });
    }
    case 'UntickItem':
      return isTicked(state, command.data.item)
        ? fact({ type: 'ChecklistItemUnticked', data: command.data })
        : failed('conflict', `"${command.data.text}" is not ticked.`);
    case 'MarkItemDone':
      return isItemDone(state, command.data.item)
        ? failed('conflict', `"${command.data.text}" is done already.`)
        : fact({ type: 'GuideItemDone', data: command.data });
    case 'RequestApproval':
    case 'GiveApproval':
    case 'RefuseApproval':
      return decideApproval(state, command, now);
    case 'PinTarget':
      return fact({ type: 'TargetPinned', data: command.data });
    case 'Resolve': {
      const { cause, impact, resolution, heads } = command.data;
      const said = { ...text('cause', cause), ...text('impact', impact), ...text('resolution', resolution) };
      return fact({ type: 'IncidentResolved', data: { ...said, heads } });
    }
    case 'Reopen':
      return state.status === 'active' && !soakNow(state)
        ? failed('conflict', `Incident ${state.number} is not resolved, so there is nothing to reopen.`)
        : ok([
            { type: 'IncidentReopened', data: text('reason', command.data.reason) },
            ...(command.untick ?? [])
              .filter(({ item }) => isTicked(state, item))
              .map((data): Fact => ({ type: 'ChecklistItemUnticked', data })),
          ]);
    case 'RecordChecks':
    case 'OverrideCheck':
    case 'StartSoak':
    case 'RecordRelapse':
    case 'PassSoak':
    case 'CancelSoak':
    case 'KeepChange':
    case 'SetPostMortemOwner':
      return decideResolution(state, command);
    case 'RecordPostMortem':
    case 'SetPostMortemStatus':
    case 'SeeActionItems':
    case 'RecordCalendarEntry':
    case 'RecordRecurrence':
      return decidePostMortem(state, command);
  }
}

function declare({ data, phase, onset, ...more }: Of<'Declare'>): Decision {
  const title = data.title.replace(/\s+/g, ' ').trim();
  const severity = data.severity.trim();
  if (title === '') return failed('invalid', 'Say in a few words what is wrong. Nothing was declared.');
  if (severity === '')
    return failed('invalid', 'Choose a severity; unsure, take the higher. Nothing was declared.');
  if (!/^\d{4}-\d{2}-\d{2}-\d{4,}$/.test(data.number)) {
    return failed(
      'invalid',
      `An incident's number is YYYY-MM-DD-NNNN, not "${data.number}". Nothing was declared.`,
    );
  }
  const { service, ...rest } = data;
  const declared: Fact = {
    type: 'IncidentDeclared',
    data: { ...rest, title, severity, ...text('service', service) },
  };
  return ok([
    declared,
    ...(phase ? [{ type: 'PhaseEntered' as const, data: phase }] : []),
    ...(onset ? [{ type: 'OnsetSet' as const, data: onset }] : []),
    ...(more.signals ?? []).map((signal) => ({ type: 'SignalAttached' as const, data: { signal } })),
    ...(more.evidence ?? []).map((one) => ({ type: 'EvidenceAdded' as const, data: one })),
    ...(data.drill ? [] : (more.deliveries ?? [])).map((one) => ({
      type: 'DeliveryRequested' as const,
      data: one,
    })),
  ]);
}

function startRun(state: Incident, { data }: Of<'StartRun'>, now: string): Decision {
  if (data.run === '' || data.step === '') return failed('invalid', 'A run needs an id and a step.');
  if (state.runs.some(({ id }) => id === data.run)) {
    return failed('conflict', `Run ${data.run} was started already. Nothing was run twice.`);
  }
  const running = runningRun(state, data.step);
  if (running) return stillRunning(running);
  return (
    elsewhere(state.target, data) ?? refuseApproval(state, data, now) ?? fact({ type: 'RunStarted', data })
  );
}

/** A change that was agreed to before the incident was pinned elsewhere, perhaps in another window, must not start. */
function elsewhere(pin: Target, { risk, kind, target }: EventData['RunStarted']): Decision | undefined {
  const differs = risk === 'read' ? undefined : placeDiffers(pin, kind, target);
  return differs === undefined
    ? undefined
    : failed('conflict', `${differs}. Nothing was run; look at the step again.`);
}

function endRun(state: Incident, { data }: Of<'EndRun'>): Decision {
  const run = state.runs.find(({ id }) => id === data.run);
  if (!run) return failed('not-found', `Run ${data.run} was never started in incident ${state.number}.`);
  if (run.end && (!run.end.interrupted || data.interrupted))
    return failed('conflict', `"${run.text}" ended at ${utcTime(run.end.at)} UTC already.`);
  // A clock that was set back during the run is no reason to lose the run's end.
  const durationMs = Number.isFinite(data.durationMs) ? Math.max(0, data.durationMs) : 0;
  return fact({ type: 'RunEnded', data: { ...data, durationMs } });
}

function unmarkable(state: Incident, step: string, kind: 'done' | 'skipped'): Decision | undefined {
  if (step === '') return failed('invalid', 'Say which step is meant.');
  const running = runningRun(state, step);
  if (running) return stillRunning(running);
  return stepMark(state, step)?.kind === kind
    ? failed('conflict', `The step is ${kind === 'done' ? 'marked done' : 'skipped'} already.`)
    : undefined;
}

const runningRun = (state: Incident, step: string): Run | undefined =>
  state.runs.find((run) => run.step === step && run.end === undefined);

const stillRunning = (run: Run) =>
  failed(
    'conflict',
    `"${run.text}" has been running since ${utcTime(run.startedAt)} UTC, started by ${run.by}. Wait for it, or stop it.`,
  );

const fact = (one: Fact): Decision => ok([one]);

/** `{ key: trimmed }`, or nothing when it was left empty: skipped means unknown. */
function text<K extends string>(key: K, value: string | undefined): { [P in K]?: string } {
  const trimmed = value?.trim() ?? '';
  return trimmed === '' ? {} : ({ [key]: trimmed } as { [P in K]?: string });
}

/** What a person has set, no output of a step replaces. */
function isByPerson({ events }: Incident, name: string): boolean {
  for (let at = events.length - 1; at >= 0; at--) {
    const event = events[at]!;
    if ('unknown' in event || event.type !== 'ValueSet' || event.data.name !== name) continue;
    return event.data.run === undefined;
  }
  return false;
}
