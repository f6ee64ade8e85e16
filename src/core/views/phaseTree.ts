import type { Phase, PhasePart } from '../guide/guide.ts';
import type { Clocks } from '../incident/clocks.ts';
import { formatDuration } from '../incident/durations.ts';
import type { Incident } from '../incident/incident.ts';
import { msBetween, utcDateTime } from '../incident/instants.ts';
import { partProgress, phaseOf } from '../incident/progress.ts';
import { oneLine } from './oneLine.ts';
import { describeDeadlines, partNodes, postMortemNode } from './partNodes.ts';
import type { Scene } from './partNodes.ts';
import { hasLooked, resolutionItems, resolutionSummary } from '../resolution/resolutionState.ts';
import { resolutionNodes } from './resolutionNodes.ts';
import { open, passed } from './stepNodes.ts';
import { command, createNode } from './treeNode.ts';
import type { TreeNode } from './treeNode.ts';

/** The guide's phases in order, under each everything the guide says there. */
export function phaseNodes(parent: string, scene: Scene): readonly TreeNode[] {
  const { incident, guide } = scene;
  const present = phaseOf(incident, guide);
  return guide.phases.map((phase) => {
    const state = stateOf(phase, present, scene);
    const id = `${parent}/phase/${phase.id}`;
    const parts = phase.parts.flatMap((part) => partNodes(`${id}/${part.id}`, part, scene));
    const description = describePhase(phase, state, scene);
    return createNode(
      id,
      `phase.${state}`,
      {
        label: oneLine(phase.name),
        description,
        ...(state === 'done'
          ? passed
          : state === 'now'
            ? { icon: 'circle-filled', color: 'charts.blue' }
            : open),
        expanded: state === 'now' ? 'expanded' : 'collapsed',
        subject: [phase.id],
      },
      [...parts, ...actsOfPhase(id, phase, state, scene)],
    );
  });
}

type PhaseState = 'done' | 'now' | 'passed' | 'ahead';

function stateOf(phase: Phase, present: Phase | undefined, { incident, guide }: Scene): PhaseState {
  const isBeforePresent =
    present !== undefined && guide.phases.indexOf(phase) < guide.phases.indexOf(present);
  if (phase === present) {
    return incident.status === 'resolved' && phase.kind !== 'post-mortem' ? 'done' : 'now';
  }
  if (!isBeforePresent) return 'ahead';
  return timeIn(phase, incident, incident.declaredAt) === undefined ? 'passed' : 'done';
}

/** Milliseconds spent in a phase, all visits together; undefined when it was never entered. */
function timeIn(phase: Phase, incident: Incident, now: string): number | undefined {
  const end = incident.resolvedAt ?? now;
  let total: number | undefined;
  incident.phases.forEach(({ phase: id, name, at }, index) => {
    if (id !== phase.id && name !== phase.name) return;
    total = (total ?? 0) + Math.max(0, msBetween(at, incident.phases[index + 1]?.at ?? end) ?? 0);
  });
  return total;
}

function describePhase(phase: Phase, state: PhaseState, scene: Scene): string | undefined {
  const { incident, clocks, now } = scene;
  const spent = timeIn(phase, incident, now);
  switch (state) {
    case 'done':
      return spent === undefined ? 'done' : `done in ${formatDuration(spent)}`;
    case 'passed':
      return 'not entered';
    case 'now':
      if (phase.kind === 'post-mortem') return ['now', describeDeadlines(clocks)].filter(Boolean).join(', ');
      return describePresent(clocks, spent);
    case 'ahead':
      return summaryOf(phase, scene);
  }
}

function describePresent({ phase }: Clocks, spent: number | undefined): string {
  if (!phase) return spent === undefined ? 'now' : `now, ${formatDuration(spent)} so far`;
  if (phase.overdueMs > 0) return `now, ${formatDuration(phase.overdueMs)} over`;
  const minutes = Math.ceil(phase.remainingMs / 60_000);
  const length = phase.lengthMs / 60_000;
  return minutes <= length ? `now, ${minutes} min of ${length} left` : `now, ${minutes} min left`;
}

function summaryOf(phase: Phase, scene: Scene): string | undefined {
  if (phase.kind === 'post-mortem') return describeDeadlines(scene.clocks);
  if (phase.kind === 'resolution' && hasLooked(scene.incident))
    return resolutionSummary(resolutionItems(scene.incident, scene.guide, scene.now));
  const options = phase.parts.filter(({ kind }) => kind === 'option').length;
  if (options > 0) return `${options} option${options === 1 ? '' : 's'}`;
  const checklist = phase.parts.find(({ kind }) => kind === 'checklist');
  if (checklist) return renderProgress(scene, checklist);
  return phase.clock.kind === 'minutes' ? `${phase.clock.from}-${phase.clock.to} min` : undefined;
}

function renderProgress({ incident, guide }: Scene, part: PhasePart): string {
  const { done, total } = partProgress(incident, guide, part);
  return `${done} of ${total}`;
}

/** What ends a phase: acts that are no part of the guide's text. */
function actsOfPhase(id: string, phase: Phase, state: PhaseState, scene: Scene): readonly TreeNode[] {
  const { incident } = scene;
  const nodes: TreeNode[] = [];
  const isActive = incident.status === 'active';
  if (phase.kind === 'mitigation' && (state === 'now' || incident.mitigatedAt !== undefined)) {
    nodes.push(
      createNode(`${id}/mitigated`, 'mitigated', {
        label: incident.mitigatedAt === undefined ? 'Mark Mitigated' : 'Mitigated',
        description: incident.mitigatedAt && utcDateTime(incident.mitigatedAt),
        ...(incident.mitigatedAt === undefined ? open : passed),
        command: command('incident.markMitigated'),
      }),
    );
  }
  if (phase.kind === 'resolution') nodes.push(...resolutionNodes(id, scene));
  if (phase.kind === 'resolution' && isActive) {
    nodes.push(
      createNode(`${id}/resolve`, 'resolve', {
        label: 'Resolve',
        ...open,
        command: command('incident.resolve'),
      }),
    );
  }
  const hasTemplate = phase.parts.some(
    (part) => part.kind === 'template' && part.template.kind === 'post-mortem',
  );
  if (phase.kind === 'post-mortem' && !hasTemplate) nodes.push(postMortemNode(`${id}/post-mortem`, incident));
  if (state !== 'now' && (isActive || phase.kind === 'post-mortem')) {
    nodes.push(
      createNode(`${id}/go`, 'goToPhase', {
        label: `Go to ${oneLine(phase.name)}`,
        icon: 'arrow-right',
        command: command('incident.goToPhase', phase.id),
      }),
    );
  }
  return nodes;
}
