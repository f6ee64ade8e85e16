import {
  annotationLines,
  controllerOf,
  heading,
  labelLines,
  line,
  lineIf,
  row,
  timeText,
} from './describeLines.ts';
import { describeContainers, spreadLines, tolerationLines } from './describePodTemplate.ts';
import { describeVolumes } from './describeVolumes.ts';
import { at, listAt, numberAt, textAt } from '../look/look.ts';
import { ageText } from '../objects/objects.ts';

/** kubectl's description of a pod: why it waits, how it last ended, what it may use. `now` in milliseconds UTC. */
export function describePod(pod: unknown, now: number): string {
  const node = textAt(pod, 'spec.nodeName');
  const started = textAt(pod, 'status.startTime');
  const priority = numberAt(pod, 'spec.priority');
  const init = listAt(pod, 'spec.initContainers');
  const ephemeral = listAt(pod, 'spec.ephemeralContainers');
  const conditions = listAt(pod, 'status.conditions');
  return (
    line('Name', textAt(pod, 'metadata.name')) +
    line('Namespace', textAt(pod, 'metadata.namespace')) +
    lineIf('Priority', priority) +
    lineIf('Priority Class Name', textAt(pod, 'spec.priorityClassName')) +
    lineIf('Runtime Class Name', textAt(pod, 'spec.runtimeClassName')) +
    lineIf('Service Account', textAt(pod, 'spec.serviceAccountName')) +
    line('Node', node === '' ? '<none>' : `${node}/${textAt(pod, 'status.hostIP')}`) +
    (started === '' ? '' : line('Start Time', timeText(started))) +
    labelLines('Labels', pod, 'metadata.labels') +
    annotationLines('Annotations', pod, 'metadata.annotations') +
    statusLines(pod, now) +
    lineIf('Reason', textAt(pod, 'status.reason')) +
    lineIf('Message', textAt(pod, 'status.message')) +
    lineIf('SeccompProfile', textAt(pod, 'spec.securityContext.seccompProfile.type')) +
    line('IP', textAt(pod, 'status.podIP')) +
    addresses(pod) +
    lineIf('Controlled By', controllerOf(pod)) +
    lineIf('NominatedNodeName', textAt(pod, 'status.nominatedNodeName')) +
    (init.length > 0
      ? describeContainers('Init Containers', init, listAt(pod, 'status.initContainerStatuses'), false, pod)
      : '') +
    describeContainers(
      'Containers',
      listAt(pod, 'spec.containers'),
      listAt(pod, 'status.containerStatuses'),
      false,
      pod,
    ) +
    (ephemeral.length > 0
      ? describeContainers(
          'Ephemeral Containers',
          ephemeral,
          listAt(pod, 'status.ephemeralContainerStatuses'),
          false,
          pod,
        )
      : '') +
    readinessGates(pod) +
    (conditions.length > 0
      ? heading('Conditions') +
        row(1, 'Type', 'Status') +
        conditions.map((each) => row(1, `${textAt(each, 'type')} `, `${textAt(each, 'status')} `)).join('')
      : '') +
    describeVolumes(listAt(pod, 'spec.volumes'), false) +
    line('QoS Class', textAt(pod, 'status.qosClass') || qosOf(pod)) +
    labelLines('Node-Selectors', pod, 'spec.nodeSelector') +
    tolerationLines('Tolerations', at(pod, 'spec')) +
    spreadLines(at(pod, 'spec'), '')
  );
}

function statusLines(pod: unknown, now: number): string {
  const phase = textAt(pod, 'status.phase');
  const deleted = textAt(pod, 'metadata.deletionTimestamp');
  if (deleted === '' || phase === 'Failed' || phase === 'Succeeded') return line('Status', phase);
  const grace = numberAt(pod, 'metadata.deletionGracePeriodSeconds') ?? 0;
  return (
    line('Status', `Terminating (lasts ${ageText(deleted, now)})`) +
    line('Termination Grace Period', `${grace}s`)
  );
}

function addresses(pod: unknown): string {
  const ips = listAt(pod, 'status.podIPs');
  if (ips.length === 0) return line('IPs', '<none>');
  return heading('IPs') + ips.map((each) => line('IP', textAt(each, 'ip'), 1)).join('');
}

function readinessGates(pod: unknown): string {
  const gates = listAt(pod, 'spec.readinessGates');
  if (gates.length === 0) return '';
  const stateOf = (type: string): string => {
    const found = listAt(pod, 'status.conditions').find((each) => textAt(each, 'type') === type);
    return found === undefined ? '<none>' : textAt(found, 'status');
  };
  const rows = gates.map((gate) => {
    const type = textAt(gate, 'conditionType');
    return row(1, `${type} `, `${stateOf(type)} `);
  });
  return heading('Readiness Gates') + row(1, 'Type', 'Status') + rows.join('');
}

/** Only for a pod whose status does not say it yet. */
const qosOf = (pod: unknown): string =>
  listAt(pod, 'spec.containers').every((each) => at(each, 'resources.requests') === undefined)
    ? 'BestEffort'
    : 'Burstable';
