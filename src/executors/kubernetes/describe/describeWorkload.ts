import {
  annotationLines,
  controllerOf,
  heading,
  labelLines,
  labelText,
  line,
  lineIf,
  row,
  selectorLine,
  timeText,
} from './describeLines.ts';
import { describePodTemplate } from './describePodTemplate.ts';
import { at, flagAt, listAt, numberAt, textAt } from '../look/look.ts';
import { ageText } from '../objects/objects.ts';

const count = (object: unknown, path: string): number => numberAt(object, path) ?? 0;

const named = (object: unknown): string =>
  line('Name', textAt(object, 'metadata.name')) + line('Namespace', textAt(object, 'metadata.namespace'));

const labelled = (object: unknown): string =>
  labelLines('Labels', object, 'metadata.labels') +
  annotationLines('Annotations', object, 'metadata.annotations');

const reasons = (object: unknown): string => {
  const conditions = listAt(object, 'status.conditions');
  if (conditions.length === 0) return '';
  return (
    heading('Conditions') +
    row(1, 'Type', 'Status', 'Reason') +
    row(1, '----', '------', '------') +
    conditions
      .map((each) => row(1, `${textAt(each, 'type')} `, textAt(each, 'status'), textAt(each, 'reason')))
      .join('')
  );
};

/** How many of a workload's pods are in which phase: only those it controls. */
export function podStatusText(owner: unknown, pods: readonly unknown[]): string {
  const uid = textAt(owner, 'metadata.uid');
  const mine = pods.filter((pod) =>
    listAt(pod, 'metadata.ownerReferences').some(
      (each) => flagAt(each, 'controller') && textAt(each, 'uid') === uid,
    ),
  );
  const inPhase = (phase: string): number =>
    mine.filter((pod) => textAt(pod, 'status.phase') === phase).length;
  return `${inPhase('Running')} Running / ${inPhase('Pending')} Waiting / ${inPhase('Succeeded')} Succeeded / ${inPhase('Failed')} Failed`;
}

/** kubectl's description of a Deployment; `replicaSets` are those it controls, oldest first. */
export function describeDeployment(object: unknown, replicaSets: readonly unknown[]): string {
  const surge = at(object, 'spec.strategy.rollingUpdate');
  return (
    named(object) +
    line('CreationTimestamp', timeText(textAt(object, 'metadata.creationTimestamp'))) +
    labelled(object) +
    line('Selector', selectorLine(object, 'spec.selector')) +
    line(
      'Replicas',
      `${count(object, 'spec.replicas')} desired | ${count(object, 'status.updatedReplicas')} updated | ${count(object, 'status.replicas')} total | ${count(object, 'status.availableReplicas')} available | ${count(object, 'status.unavailableReplicas')} unavailable`,
    ) +
    line('StrategyType', textAt(object, 'spec.strategy.type')) +
    line('MinReadySeconds', count(object, 'spec.minReadySeconds')) +
    (surge === undefined
      ? ''
      : line(
          'RollingUpdateStrategy',
          `${textAt(surge, 'maxUnavailable')} max unavailable, ${textAt(surge, 'maxSurge')} max surge`,
        )) +
    describePodTemplate(at(object, 'spec.template')) +
    reasons(object) +
    oldAndNew(object, replicaSets)
  );
}

/** The ReplicaSet with the Deployment's own template is the new one. */
function oldAndNew(deployment: unknown, replicaSets: readonly unknown[]): string {
  if (replicaSets.length === 0) return '';
  const wanted = templateText(at(deployment, 'spec.template'));
  const newest = replicaSets.find((set) => templateText(at(set, 'spec.template')) === wanted);
  const shown = (sets: readonly unknown[]): string =>
    sets
      .map(
        (set) =>
          `${textAt(set, 'metadata.name')} (${count(set, 'status.replicas')}/${count(set, 'spec.replicas')} replicas created)`,
      )
      .join(', ') || '<none>';
  return (
    line('OldReplicaSets', shown(replicaSets.filter((set) => set !== newest))) +
    line('NewReplicaSet', shown(newest === undefined ? [] : [newest]))
  );
}

/** A template to compare by: without the label that the controller adds. */
const templateText = (template: unknown): string =>
  JSON.stringify(ordered(template), (key, value: unknown) =>
    key === 'pod-template-hash' || key === 'creationTimestamp' ? undefined : value,
  );

function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, ordered(inner)]),
  );
}

export const describeReplicaSet = (object: unknown, pods: readonly unknown[]): string =>
  named(object) +
  line('Selector', selectorLine(object, 'spec.selector')) +
  labelled(object) +
  lineIf('Controlled By', controllerOf(object)) +
  line(
    'Replicas',
    `${count(object, 'status.replicas')} current / ${count(object, 'spec.replicas')} desired`,
  ) +
  line('Pods Status', podStatusText(object, pods)) +
  describePodTemplate(at(object, 'spec.template')) +
  reasons(object);

export function describeStatefulSet(object: unknown, pods: readonly unknown[]): string {
  const partition = numberAt(object, 'spec.updateStrategy.rollingUpdate.partition');
  return (
    named(object) +
    line('CreationTimestamp', timeText(textAt(object, 'metadata.creationTimestamp'))) +
    line('Selector', selectorLine(object, 'spec.selector')) +
    labelled(object) +
    line(
      'Replicas',
      `${count(object, 'spec.replicas')} desired | ${count(object, 'status.replicas')} total`,
    ) +
    line('Update Strategy', textAt(object, 'spec.updateStrategy.type')) +
    (partition === undefined
      ? ''
      : line('Partition', partition, 1) +
        lineIf('MaxUnavailable', textAt(object, 'spec.updateStrategy.rollingUpdate.maxUnavailable'), 1)) +
    line('Pods Status', podStatusText(object, pods)) +
    describePodTemplate(at(object, 'spec.template')) +
    claims(object)
  );
}

function claims(object: unknown): string {
  const templates = listAt(object, 'spec.volumeClaimTemplates');
  if (templates.length === 0) return line('Volume Claims', '<none>');
  return (
    heading('Volume Claims') +
    templates
      .map(
        (claim) =>
          line('Name', textAt(claim, 'metadata.name'), 1) +
          line('StorageClass', textAt(claim, 'spec.storageClassName'), 1) +
          labelLines('  Labels', claim, 'metadata.labels') +
          labelLines('  Annotations', claim, 'metadata.annotations') +
          line('Capacity', textAt(claim, 'spec.resources.requests.storage') || '<default>', 1) +
          line('Access Modes', `[${listAt(claim, 'spec.accessModes').join(' ')}]`, 1),
      )
      .join('')
  );
}

export const describeDaemonSet = (object: unknown, pods: readonly unknown[]): string =>
  named(object) +
  line('Selector', selectorLine(object, 'spec.selector')) +
  line('Node-Selector', labelText(object, 'spec.template.spec.nodeSelector')) +
  labelled(object) +
  `Desired Number of Nodes Scheduled: ${count(object, 'status.desiredNumberScheduled')}\n` +
  `Current Number of Nodes Scheduled: ${count(object, 'status.currentNumberScheduled')}\n` +
  `Number of Nodes Scheduled with Up-to-date Pods: ${count(object, 'status.updatedNumberScheduled')}\n` +
  `Number of Nodes Scheduled with Available Pods: ${count(object, 'status.numberAvailable')}\n` +
  `Number of Nodes Misscheduled: ${count(object, 'status.numberMisscheduled')}\n` +
  line('Pods Status', podStatusText(object, pods)) +
  describePodTemplate(at(object, 'spec.template'));

export function describeJob(object: unknown): string {
  const started = textAt(object, 'status.startTime');
  const completed = textAt(object, 'status.completionTime');
  const deadline = numberAt(object, 'spec.activeDeadlineSeconds');
  const ready = numberAt(object, 'status.ready');
  const active = `${count(object, 'status.active')} Active${ready === undefined ? '' : ` (${ready} Ready)`}`;
  return (
    named(object) +
    line('Selector', selectorLine(object, 'spec.selector')) +
    labelled(object) +
    lineIf('Controlled By', controllerOf(object)) +
    lineIf('Parallelism', numberAt(object, 'spec.parallelism')) +
    line('Completions', numberAt(object, 'spec.completions') ?? '<unset>') +
    lineIf('Completion Mode', textAt(object, 'spec.completionMode')) +
    lineIf('Suspend', textAt(object, 'spec.suspend')) +
    lineIf('Backoff Limit', numberAt(object, 'spec.backoffLimit')) +
    lineIf('TTL Seconds After Finished', numberAt(object, 'spec.ttlSecondsAfterFinished')) +
    (started === '' ? '' : line('Start Time', timeText(started))) +
    (completed === '' ? '' : line('Completed At', timeText(completed))) +
    (started === '' || completed === '' ? '' : line('Duration', ageText(started, Date.parse(completed)))) +
    (deadline === undefined ? '' : line('Active Deadline Seconds', `${deadline}s`)) +
    line(
      'Pods Statuses',
      `${active} / ${count(object, 'status.succeeded')} Succeeded / ${count(object, 'status.failed')} Failed`,
    ) +
    (textAt(object, 'spec.completionMode') === 'Indexed'
      ? line('Completed Indexes', textAt(object, 'status.completedIndexes') || '<none>')
      : '') +
    describePodTemplate(at(object, 'spec.template'))
  );
}

export function describeCronJob(object: unknown): string {
  const deadline = numberAt(object, 'spec.startingDeadlineSeconds');
  const last = textAt(object, 'status.lastScheduleTime');
  const suspend = at(object, 'spec.suspend');
  const job = at(object, 'spec.jobTemplate.spec');
  const jobDeadline = numberAt(job, 'activeDeadlineSeconds');
  const orUnset = (path: string): string | number => numberAt(object, path) ?? '<unset>';
  return (
    named(object) +
    labelled(object) +
    line('Schedule', textAt(object, 'spec.schedule')) +
    line('Concurrency Policy', textAt(object, 'spec.concurrencyPolicy')) +
    line('Suspend', suspend === undefined ? '<unset>' : suspend === true ? 'True' : 'False') +
    line('Time Zone', textAt(object, 'spec.timeZone') || '<unset>') +
    line('Successful Job History Limit', orUnset('spec.successfulJobsHistoryLimit')) +
    line('Failed Job History Limit', orUnset('spec.failedJobsHistoryLimit')) +
    line('Starting Deadline Seconds', deadline === undefined ? '<unset>' : `${deadline}s`) +
    line('Selector', at(job, 'selector') === undefined ? '<unset>' : selectorLine(job, 'selector')) +
    line('Parallelism', numberAt(job, 'parallelism') ?? '<unset>') +
    line('Completions', numberAt(job, 'completions') ?? '<unset>') +
    (jobDeadline === undefined ? '' : line('Active Deadline Seconds', `${jobDeadline}s`)) +
    describePodTemplate(at(job, 'template')) +
    line('Last Schedule Time', last === '' ? '<unset>' : timeText(last)) +
    line(
      'Active Jobs',
      listAt(object, 'status.active')
        .map((each) => textAt(each, 'name'))
        .join(', ') || '<none>',
    )
  );
}
