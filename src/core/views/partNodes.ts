import type { Guide, PhasePart } from '../guide/guide.ts';
import { describeEarlier } from '../history/recurrence.ts';
import type { Clocks, PostMortemClock } from '../incident/clocks.ts';
import { formatCountdown, formatDuration } from '../incident/durations.ts';
import { statusNames } from '../incident/postMortemStatus.ts';
import { escalationState } from '../incident/escalation.ts';
import type { Incident } from '../incident/incident.ts';
import { utcDateTime, utcTime } from '../incident/instants.ts';
import type { Judge } from '../judge/judgeStep.ts';
import { shortestDeadline } from '../postmortem/postMortemDeadline.ts';
import {
  escalationOf,
  holdsFor,
  isDeclareAct,
  isItemDone,
  isTicked,
  partProgress,
} from '../incident/progress.ts';
import { stateOfLevel } from './escalationTexts.ts';
import { oneLine } from './oneLine.ts';
import { checklistNodes } from './resolutionNodes.ts';
import { open, passed, stepNodes, stepsSummary } from './stepNodes.ts';
import { command, createNode } from './treeNode.ts';
import type { TreeNode } from './treeNode.ts';

/** What the tree of one incident is drawn from. */
export interface Scene {
  readonly incident: Incident;
  readonly guide: Guide;
  readonly clocks: Clocks;
  readonly now: string;
  readonly judge: Judge;
}

const overdue = { icon: 'warning', color: 'list.warningForeground' } as const;

/** One part of a phase as nodes; none when it does not hold for this severity. */
export function partNodes(id: string, part: PhasePart, scene: Scene): readonly TreeNode[] {
  const { incident, guide } = scene;
  const title = oneLine(part.title);
  const { done, total } = partProgress(incident, guide, part);
  const look = total > 0 && done === total ? passed : open;
  switch (part.kind) {
    case 'steps': {
      const summary = { label: title, description: stepsSummary(incident, part.steps), ...look };
      const page = { subject: [part.id], command: command('incident.openRunbook', part.id) };
      return [
        createNode(id, 'steps', { ...summary, ...page }, stepNodes(id, incident, part.steps, scene.judge)),
      ];
    }
    case 'option':
      return [optionNode(id, part, look, scene)];
    case 'questions':
      return [
        createNode(
          id,
          'questions',
          { label: title, description: `${done} of ${total}`, ...look },
          part.questions.map((question) => {
            const answer = incident.notes.filter((note) => note.question === question.id).at(-1);
            return createNode(`${id}/${question.id}`, answer ? 'question.answered' : 'question.open', {
              label: oneLine(question.text),
              description: answer && oneLine(answer.text, 80),
              tooltip: answer ? `${answer.text}\n${answer.by}, ${utcTime(answer.at)} UTC` : question.text,
              ...(answer ? passed : { icon: 'question' }),
              accessibleLabel: `${question.text}, ${answer ? `answered: ${answer.text}` : 'not answered'}`,
              command: command('incident.answerQuestion', question.id),
              subject: [question.id],
            });
          }),
        ),
      ];
    case 'checklist': {
      const seen = checklistNodes(id, part.items, scene);
      if (seen)
        return [
          createNode(
            id,
            'checklist',
            {
              label: title,
              description: seen.summary,
              expanded: 'expanded',
              ...(seen.done ? passed : open),
            },
            seen.nodes,
          ),
        ];
      return [
        createNode(
          id,
          'checklist',
          { label: title, description: `${done} of ${total}`, ...look },
          part.items.map((item) => {
            const ticked = isTicked(incident, item.id);
            return createNode(`${id}/${item.id}`, ticked ? 'item.ticked' : 'item.open', {
              label: oneLine(item.text),
              ...(ticked ? passed : open),
              accessibleLabel: `${item.text}, ${ticked ? 'ticked' : 'not ticked'}`,
              command: command('incident.tickItem', item.id),
              subject: [item.id],
            });
          }),
        ),
      ];
    }
    case 'escalation': {
      const row = escalationOf(incident, guide);
      if (!row) return [readingNode(id, `${title}: nobody listed for ${incident.severity}`, part.line)];
      const { levels, late } = escalationState(incident, guide, scene.now);
      const called = levels.filter(({ calledAt }) => calledAt !== undefined).at(-1);
      const state = called ? stateOfLevel(called) : done ? 'done' : '';
      const level = called && called.level > 1 ? `level ${called.level}` : '';
      return [
        createNode(id, done ? 'escalation.done' : 'escalation.open', {
          label: oneLine(`Escalate to ${row.escalateTo}`),
          description: [row.severity, level, state].filter(Boolean).join(', '),
          tooltip: [`Escalate to ${row.escalateTo}`, level, state].filter(Boolean).join('\n'),
          ...(late ? overdue : done ? passed : { icon: 'megaphone' }),
          command: command('incident.escalate', ...(done ? [] : [1])),
        }),
      ];
    }
    case 'act': {
      const { act } = part;
      return [
        createNode(id, done ? 'act.done' : 'act.open', {
          label: oneLine(act.text),
          description: done ? (isDeclareAct(act) ? 'declared' : 'done') : title,
          ...(done ? passed : { icon: 'play' }),
          command: command('incident.runAct', act.id),
          subject: [act.id],
        }),
      ];
    }
    case 'template':
      return [templateNode(id, part, look, scene)];
    case 'deadlines':
      return deadlineNodes(id, title, part.line, scene);
    case 'reading': {
      const items = part.items.filter(({ severities }) => holdsFor(severities, incident.severity));
      if (items.length === 0) return [];
      const lines = items.map((item, index) => readingNode(`${id}/${index}`, item.text, item.line));
      return [createNode(id, 'reading', { label: title, icon: 'list-unordered' }, lines)];
    }
  }
}

function optionNode(
  id: string,
  part: Extract<PhasePart, { kind: 'option' }>,
  look: { readonly icon: string; readonly color?: string },
  { incident, judge }: Scene,
): TreeNode {
  const isNamed = part.label === '' || part.title.includes(`${part.label}:`);
  const label = isNamed ? part.title : `${part.label}: ${part.title}`;
  const done = isItemDone(incident, part.id);
  const children =
    part.steps.length > 0
      ? stepNodes(id, incident, part.steps, judge)
      : [
          createNode(`${id}/done`, done ? 'option.done' : 'option.open', {
            label: done ? 'Done' : 'Mark done',
            ...(done ? passed : open),
            command: command('incident.markItemDone', part.id, label),
          }),
        ];
  return createNode(
    id,
    'option',
    {
      label: oneLine(label),
      description: part.condition && oneLine(part.condition, 80),
      tooltip: [part.condition, part.steps.length > 0 ? stepsSummary(incident, part.steps) : '']
        .filter(Boolean)
        .join('\n'),
      ...look,
      subject: [part.id],
      ...(part.steps.length > 0 && { command: command('incident.openRunbook', part.id) }),
    },
    children,
  );
}

function templateNode(
  id: string,
  { template, title }: Extract<PhasePart, { kind: 'template' }>,
  look: { readonly icon: string; readonly color?: string },
  { incident, clocks }: Scene,
): TreeNode {
  const show = command('incident.showMessage', template.id);
  switch (template.kind) {
    case 'update': {
      const next = clocks.update;
      const number = next?.number ?? incident.updates.length + 1;
      const last = incident.updates.at(-1);
      const due =
        next &&
        (next.overdueMs > 0
          ? `overdue by ${formatCountdown(next.overdueMs)}`
          : `due in ${formatCountdown(next.remainingMs)}`);
      const sent = last && `#${last.number} sent ${utcTime(last.at)} UTC`;
      const putOff = incident.snooze && `put off: ${oneLine(incident.snooze.reason, 60)}`;
      return createNode(id, 'update', {
        label: `Update #${number}`,
        description: [due, putOff, sent].filter(Boolean).join(', '),
        ...(next && next.overdueMs > 0 ? overdue : { icon: 'comment' }),
        command: command('incident.postUpdate'),
      });
    }
    case 'post-mortem':
      return postMortemNode(id, incident);
    case 'resolution':
    case 'other':
      return createNode(id, `message.${template.kind}`, {
        label: oneLine(template.title || title),
        ...(look === passed ? { ...passed, description: 'done' } : { icon: 'mail' }),
        command: show,
        subject: [template.id, template.title],
      });
  }
}

function deadlineNodes(
  id: string,
  title: string,
  line: number,
  { incident, clocks }: Scene,
): readonly TreeNode[] {
  if (clocks.postMortem.length === 0) {
    return [readingNode(id, `${title}: no deadline for ${incident.severity}`, line)];
  }
  return clocks.postMortem.map((clock, index) =>
    createNode(
      `${id}/${index}`,
      'deadline',
      {
        label: oneLine(clock.deadline.text),
        description: describeDeadline(clock),
        ...(clock.time.kind === 'overdue' && !clock.recurring ? overdue : { icon: 'calendar' }),
        command: command('incident.openGuide', clock.deadline.line),
        // Why it holds is not to be looked for.
        expanded: 'expanded',
      },
      clock.deadline.recurring ? recurrenceNodes(`${id}/${index}`, incident) : [],
    ),
  );
}

/** Why the deadline for recurring incidents holds: each earlier one, to be read by a click. */
const recurrenceNodes = (id: string, { recurrence }: Incident): readonly TreeNode[] =>
  (recurrence?.earlier ?? []).map((earlier) =>
    createNode(`${id}/${earlier.id}`, 'recurrence', {
      label: oneLine(`Like ${earlier.number} ${earlier.title}`, 80),
      description: describeEarlier(earlier).replace(/^[^,]*, /, ''),
      icon: 'history',
      command: command('incident.openPastIncident', earlier.id),
      subject: [earlier.id],
    }),
  );

/** Something to read: opens the guide where it stands. */
export const readingNode = (id: string, text: string, line: number): TreeNode =>
  createNode(id, 'reading', {
    label: oneLine(text),
    icon: 'dash',
    command: command('incident.openGuide', line),
  });
/** The deadline that really holds for this severity; a recurring one is left to the part's own row. */
export function describeDeadlines(clocks: Clocks): string | undefined {
  const clock = shortestDeadline(clocks);
  return clock && describeDeadline(clock);
}

function describeDeadline(clock: PostMortemClock): string {
  return clock.recurring ? `${describeTime(clock)}, if it recurs` : describeTime(clock);
}

function describeTime({ deadline, dueAt, time }: PostMortemClock): string {
  switch (time.kind) {
    case 'not-begun':
    case 'not-known':
      return `due ${deadline.hours} h after resolution`;
    case 'open':
      return `due ${utcDateTime(dueAt ?? '')}, ${formatDuration(time.remainingMs)} left`;
    case 'overdue':
      return `overdue by ${formatDuration(time.overdueMs)}`;
    case 'on-time':
      return 'reviewed on time';
    case 'late':
      return `reviewed ${formatDuration(time.lateMs)} late`;
  }
}

export function postMortemNode(id: string, { postMortem }: Incident): TreeNode {
  return createNode(id, 'postMortem', {
    label: postMortem ? 'Post-Mortem' : 'Draft Post-Mortem',
    description: postMortem && `${statusNames[postMortem.status]}, ${postMortem.file}`,
    ...(postMortem ? passed : { icon: 'notebook' }),
    command: command('incident.draftPostMortem'),
  });
}
