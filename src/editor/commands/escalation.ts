import * as vscode from 'vscode';
import type { EscalationToSend } from '../../core/deliveries/planEscalation.ts';
import {
  escalationText,
  notNotified,
  planEscalation,
  reachOf,
} from '../../core/deliveries/planEscalation.ts';
import { escalationState, type EscalationState, type NextLevel } from '../../core/incident/escalation.ts';
import type { Incident } from '../../core/incident/incident.ts';
import { holdersOf, peopleFor, type Holders } from '../../core/people/peopleFor.ts';
import { sameWords } from '../../core/people/sameWords.ts';
import { nameOfTask } from '../../core/views/deliveryTexts.ts';
import {
  callSentence,
  clockCallSentence,
  leftOfCall,
  missingOf,
  nameOfLevel,
  renderHolders,
  stateOfLevel,
  type CallMade,
} from '../../core/views/escalationTexts.ts';
import { oneLine } from '../../core/views/oneLine.ts';
import { utcTime } from '../../core/incident/instants.ts';
import { askText, pick } from '../ask/ask.ts';
import { afterEscalated } from '../outward/tellOthers.ts';
import type { CommandDeps, CommandFactory } from './commandDeps.ts';
import { currentIncident, record, type OnIncident } from './onIncident.ts';

/** Whom to call now; `level` counts from 1 for the row of the incident's own severity. */
type Called = Pick<NextLevel, 'level' | 'roles'>;

/** Calls the people of a level of the guide's escalation table, or of any role; `level` skips the first question. */
export const escalate: CommandFactory = (deps) => async (level) => {
  const at = await currentIncident(deps);
  if (!at) return;
  const state = escalationState(at.incident, at.guide, deps.now());
  const known = state.levels.find((one) => one.level === level);
  const called = known ? rolesOf(known) : await pickCalled(deps, at, state);
  if (called) await call(deps, at, called);
};

/** Those of a level who were not called yet; when all were, all of them again. */
const rolesOf = ({ level, roles, uncalled }: EscalationState['levels'][number]): Called => ({
  level,
  roles: uncalled.length > 0 ? uncalled : roles,
});

async function pickCalled(
  deps: CommandDeps,
  at: OnIncident,
  state: EscalationState,
): Promise<Called | undefined> {
  const { people } = await deps.people.load();
  const { levels, next } = state;
  const other = 'other';
  const chosen = await pick<Called | typeof other>(
    [
      ...levels.map((level) => ({
        label: nameOfLevel(level),
        description: stateOfLevel(level),
        detail: holdersOf(level.roles, people, at.guide?.contacts ?? [])
          .map(renderHolders)
          .join(' · '),
        value: rolesOf(level),
      })),
      {
        label: 'Somebody else…',
        description: levels.length > 0 ? '' : `the guide lists nobody for ${at.incident.severity}`,
        value: other,
      },
    ],
    {
      title: `Escalate ${at.incident.number}`,
      placeholder: next
        ? `Whom to call? ${nameOfLevel(next)} has not been called yet`
        : 'Whom to call? Everybody the guide lists was called',
      preselect: Math.max(
        0,
        levels.findIndex(({ level }) => level === next?.level),
      ),
    },
  );
  if (chosen !== other) return chosen;
  const role = await pickRole(deps, at);
  if (role === undefined) return undefined;
  const own = levels.find(({ roles }) => roles.some((one) => sameWords(one, role)));
  return { level: own?.level ?? at.incident.escalations.at(-1)?.level ?? 1, roles: [role] };
}

async function pickRole(deps: CommandDeps, { guide }: OnIncident): Promise<string | undefined> {
  const { people } = await deps.people.load();
  const contacts = guide?.contacts ?? [];
  const named = [
    ...(guide?.escalations ?? []).flatMap(({ roles }) => roles),
    ...people.flatMap(({ roles }) => roles),
    ...contacts.map(({ role }) => role),
  ].filter(Boolean);
  const roles = named.filter((role, index) => named.findIndex((one) => sameWords(one, role)) === index);
  return pick(
    holdersOf(roles, people, contacts).map((holders) => ({
      label: holders.role,
      detail: renderHolders(holders),
      value: holders.role,
    })),
    {
      title: 'Escalate to somebody else',
      placeholder: 'Pick a role, or type one',
      typed: (text) => ({ label: text, description: 'as typed', value: text }),
    },
  );
}

async function call(deps: CommandDeps, at: OnIncident, called: Called): Promise<void> {
  const { incident, guide } = at;
  const { people } = await deps.people.load();
  const contacts = guide?.contacts ?? [];
  const holders = holdersOf(called.roles, people, contacts);
  const numbers = holders.map(renderHolders).join(', ');
  const toSend: EscalationToSend = { ...called, ...peopleFor(called.roles, people, contacts) };
  const outward = planEscalation(incident, toSend, '');
  const reach = reachOf(incident, outward);
  const isReached = reach.through.length > 0;
  const row = isReached
    ? {
        label: 'Call them now',
        description: reach.now.map(({ task, place }) => nameOfTask(task, place)).join(', '),
      }
    : reach.isCallWaiting
      ? { label: `Call them once ${missingOf(reach)} is there`, description: 'reaches nobody now' }
      : { label: 'Name them in the channel', description: 'notifies nobody' };
  const byUs = {
    ...row,
    detail: oneLine(escalationText(toSend, outward), 300),
    value: 'call' as const,
  };
  const why = reach.isCallWaiting
    ? `${missingOf(reach)} is not there, so nothing reaches them`
    : 'no connected system knows them, so nothing notifies them';
  for (;;) {
    const answer = await pick(
      [
        ...(isReached ? [byUs] : []),
        { label: 'Done, they know', description: 'nothing is sent', detail: numbers, value: 'done' as const },
        { label: 'Copy names and numbers', detail: numbers, value: 'copy' as const },
        ...(outward.length > 0 && !isReached ? [byUs] : []),
      ],
      {
        title: `${incident.severity}: escalate to ${called.roles.join(' + ')}`,
        placeholder:
          outward.length > 0 && !isReached
            ? `Phone them: ${why}`
            : 'Their time to answer runs from now on; Esc leaves it open',
      },
    );
    if (answer === undefined) return;
    if (answer !== 'copy') return recordCall(deps, incident, toSend, holders, answer === 'call');
    await vscode.env.clipboard.writeText(numbers);
  }
}

async function recordCall(
  deps: CommandDeps,
  incident: Incident,
  toSend: EscalationToSend,
  holders: readonly Holders[],
  send: boolean,
): Promise<void> {
  const { level, roles } = toSend;
  const data = { level, severity: incident.severity, roles };
  const recorded = await record(deps, incident, { type: 'EscalatePeople', data });
  if (!recorded || !send) return;
  const made = callMade(recorded, toSend, holders);
  const told = await afterEscalated(deps, recorded, toSend);
  if (told.length === 0) return;
  const sentence = callSentence(made);
  if (made.reach.through.length === 0 || leftOfCall(made).length > 0)
    void vscode.window.showWarningMessage(sentence);
  else void vscode.window.showInformationMessage(`${sentence} The incident shows what has gone out.`);
}

function callMade(incident: Incident, toSend: EscalationToSend, holders: readonly Holders[]): CallMade {
  const requests = planEscalation(incident, toSend, '');
  const { roles, unknown } = toSend;
  const unheard = notNotified(toSend, requests);
  return { roles, unknown, holders, unheard, reach: reachOf(incident, requests) };
}

/**
 * The clock calls the next level, where the setting says so: recorded as such, and told like any other call. A call that
 * nobody hears is none: where what it needs is not there, a person is told whom to phone. Gives false, and says nothing,
 * where no system would ever reach anybody.
 */
export async function escalateByClock(
  deps: Pick<CommandDeps, 'incidents' | 'deliveries' | 'guides' | 'people' | 'newId'>,
  incident: Incident,
  { level, roles }: NextLevel,
): Promise<boolean> {
  const { people } = await deps.people.load();
  const contacts = deps.guides.guideOf(incident.guideFile)?.contacts ?? [];
  const holders = holdersOf(roles, people, contacts);
  const toSend = { level, roles, ...peopleFor(roles, people, contacts) };
  const made = callMade(incident, toSend, holders);
  const { reach } = made;
  if (!vscode.workspace.isTrusted) return false;
  if (reach.through.length === 0) {
    if (!reach.isCallWaiting) return false;
    const numbers = holders.map(renderHolders).join(', ');
    void offerToPhone(
      level,
      `Nobody answered in time, and level ${level} was not called: ${missingOf(reach)} is not there. Phone them: ${numbers}.`,
    );
    return true;
  }
  const recorded = await record(deps, incident, {
    type: 'EscalatePeople',
    data: { level, severity: incident.severity, roles, automatic: true },
  });
  if (!recorded) return false;
  const told = await afterEscalated(deps, recorded, toSend, `clock-${incident.severity}-${level}`);
  if (told.length === 0) return true;
  const sentence = clockCallSentence(level, made);
  if (leftOfCall(made).length > 0) void offerToPhone(level, sentence);
  else void vscode.window.showWarningMessage(sentence);
  return true;
}

async function offerToPhone(level: number, sentence: string): Promise<void> {
  const answer = await vscode.window.showWarningMessage(sentence, 'Escalate…');
  if (answer) await vscode.commands.executeCommand('incident.escalate', level);
}

/** Records who answered a call, which stops its clock. */
export const acknowledgeEscalation: CommandFactory = (deps) => async () => {
  const at = await currentIncident(deps, 'any');
  if (!at) return;
  const { escalations } = at.incident;
  // Of the calls of one level the last is the one that is answered.
  const open = escalations.filter(
    ({ acknowledged, level }, index) =>
      !acknowledged && escalations.findLastIndex((one) => one.level === level) === index,
  );
  if (open.length === 0) {
    void vscode.window.showInformationMessage(
      escalations.length === 0
        ? 'Nobody was called yet. "Incident: Escalate" does that.'
        : 'Every call has been answered.',
    );
    return;
  }
  const answered = await pick(
    [...open].reverse().map((one) => ({
      label: nameOfLevel(one),
      description: `called ${utcTime(one.at)} UTC by ${one.automatic ? 'the clock' : one.by}`,
      value: one,
    })),
    { title: 'Acknowledge Escalation', placeholder: 'Which call was answered?' },
  );
  if (!answered) return;
  const { people } = await deps.people.load();
  const holders = holdersOf(answered.roles, people, at.guide?.contacts ?? []);
  const names = [...new Set(holders.flatMap(({ who }) => who.map(({ name }) => name)))];
  const title = 'Who answered?';
  const who =
    names.length > 0
      ? await pick(
          names.map((name) => ({ label: name, value: name })),
          {
            title,
            placeholder: 'Pick who answered, or type a name',
            typed: (text) => ({ label: text, description: 'as typed', value: text }),
          },
        )
      : await askText({
          title,
          prompt: 'The name of who answered.',
          validate: (text) => (text ? undefined : 'Type a name, or press Esc.'),
        });
  if (who)
    await record(deps, at.incident, { type: 'AcknowledgeEscalation', data: { level: answered.level, who } });
};

export const openPeople: CommandFactory = (deps) => () => deps.people.open();
