import { annotationLines, heading, labelLines, line, lineIf, lines, row, timeText } from './describeLines.ts';
import { at, flagAt, listAt, numberAt, pairsAt, recordAt, textAt, textsAt } from '../look/look.ts';
import { describeVolumes } from './describeVolumes.ts';

/** The template of a workload's pods. */
export function describePodTemplate(template: unknown): string {
  const spec = at(template, 'spec');
  return (
    heading('Pod Template') +
    labelLines('  Labels', template, 'metadata.labels') +
    (Object.keys(recordAt(template, 'metadata.annotations')).length > 0
      ? annotationLines('  Annotations', template, 'metadata.annotations')
      : '') +
    lineIf('Service Account', textAt(spec, 'serviceAccountName'), 1) +
    (listAt(spec, 'initContainers').length > 0
      ? describeContainers('Init Containers', listAt(spec, 'initContainers'), undefined, true)
      : '') +
    describeContainers('Containers', listAt(spec, 'containers'), undefined, true) +
    describeVolumes(listAt(spec, 'volumes'), true) +
    spreadLines(spec, '  ') +
    lineIf('Priority Class Name', textAt(spec, 'priorityClassName'), 1) +
    labelLines('  Node-Selectors', spec, 'nodeSelector') +
    tolerationLines('  Tolerations', spec)
  );
}

export function spreadLines(spec: unknown, space: string): string {
  const constraints = [...listAt(spec, 'topologySpreadConstraints')].sort((a, b) =>
    textAt(a, 'topologyKey') < textAt(b, 'topologyKey') ? -1 : 1,
  );
  const texts = constraints.map((each) => {
    const labels = pairsAt(each, 'labelSelector.matchLabels').map(([key, value]) => `${key}=${value}`);
    const selector = labels.length === 0 ? '' : ` for selector ${labels.join(',')}`;
    return `${textAt(each, 'topologyKey')}:${textAt(each, 'whenUnsatisfiable')} when max skew ${textAt(each, 'maxSkew')} is exceeded${selector}`;
  });
  return texts.length === 0 ? '' : lines(`${space}Topology Spread Constraints`, texts);
}

export const tolerationLines = (title: string, spec: unknown): string =>
  lines(
    title,
    [...listAt(spec, 'tolerations')]
      .sort((a, b) =>
        textAt(a, 'key') < textAt(b, 'key') ? -1 : textAt(a, 'key') > textAt(b, 'key') ? 1 : 0,
      )
      .map((each) => {
        const [key, value, effect] = [textAt(each, 'key'), textAt(each, 'value'), textAt(each, 'effect')];
        const what = `${key}${value === '' ? '' : `=${value}`}${effect === '' ? '' : `:${effect}`}`;
        const exists = textAt(each, 'operator') === 'Exists' && value === '';
        const seconds = numberAt(each, 'tolerationSeconds');
        return (
          what +
          (exists ? `${what === '' ? '' : ' '}op=Exists` : '') +
          (seconds === undefined ? '' : ` for ${seconds}s`)
        );
      }),
  );

/**
 * The containers of a pod, with how they run when `statuses` are given, or of a template. `pod` gives the values that
 * environment variables take from it.
 */
export function describeContainers(
  title: string,
  containers: readonly unknown[],
  statuses: readonly unknown[] | undefined,
  nested: boolean,
  pod?: unknown,
): string {
  const space = nested ? '  ' : '';
  const nameSpace = nested ? ' ' : '';
  const byName = new Map((statuses ?? []).map((status) => [textAt(status, 'name'), status]));
  return (
    `${space}${title}:${containers.length === 0 ? ' <none>' : ''}\n` +
    containers
      .map((container) => {
        const name = textAt(container, 'name');
        return `  ${nameSpace}${name}:\n` + describeContainer(container, byName.get(name), pod);
      })
      .join('')
  );
}

function describeContainer(container: unknown, status: unknown, pod: unknown): string {
  const known = status !== undefined;
  return (
    (known ? line('Container ID', textAt(status, 'containerID'), 2) : '') +
    line('Image', textAt(container, 'image'), 2) +
    (known ? line('Image ID', textAt(status, 'imageID'), 2) : '') +
    portLine('Port', container, 'containerPort') +
    portLine('Host Port', container, 'hostPort') +
    lineIf('SeccompProfile', textAt(container, 'securityContext.seccompProfile.type'), 2) +
    wordLines('Command', textsAt(container, 'command')) +
    wordLines('Args', textsAt(container, 'args')) +
    (known
      ? stateLines('State', at(status, 'state')) +
        (at(status, 'lastState.terminated') === undefined
          ? ''
          : stateLines('Last State', at(status, 'lastState'))) +
        line('Ready', flagAt(status, 'ready') ? 'True' : 'False', 2) +
        line('Restart Count', numberAt(status, 'restartCount') ?? 0, 2)
      : '') +
    amountLines('Limits', container, 'resources.limits') +
    amountLines('Requests', container, 'resources.requests') +
    probeLine('Liveness', at(container, 'livenessProbe')) +
    probeLine('Readiness', at(container, 'readinessProbe')) +
    probeLine('Startup', at(container, 'startupProbe')) +
    environmentFrom(container) +
    environment(container, pod) +
    mounts(container)
  );
}

function portLine(label: string, container: unknown, field: string): string {
  const ports = listAt(container, 'ports').map((port) => {
    const name = textAt(port, 'name');
    return `${numberAt(port, field) ?? 0}/${textAt(port, 'protocol')}${name === '' ? '' : ` (${name})`}`;
  });
  const text = ports.join(', ');
  return line(text.includes(',') ? `${label}s` : label, text || '<none>', 2);
}

const wordLines = (label: string, words: readonly string[]): string =>
  words.length === 0
    ? ''
    : heading(label, 2) +
      words
        .flatMap((word) => word.split('\n'))
        .map((each) => row(3, each))
        .join('');

export const amountLines = (label: string, object: unknown, path: string, level = 2): string => {
  const amounts = pairsAt(object, path);
  return amounts.length === 0
    ? ''
    : heading(label, level) + amounts.map(([name, amount]) => line(name, amount, level + 1)).join('');
};

function stateLines(label: string, state: unknown): string {
  const started = at(state, 'running');
  if (started !== undefined)
    return line(label, 'Running', 2) + line('Started', timeText(textAt(started, 'startedAt')), 3);
  const ended = at(state, 'terminated');
  if (ended === undefined)
    return line(label, 'Waiting', 2) + lineIf('Reason', textAt(state, 'waiting.reason'), 3);
  const signal = numberAt(ended, 'signal') ?? 0;
  return (
    line(label, 'Terminated', 2) +
    lineIf('Reason', textAt(ended, 'reason'), 3) +
    lineIf('Message', textAt(ended, 'message'), 3) +
    line('Exit Code', numberAt(ended, 'exitCode') ?? 0, 3) +
    (signal > 0 ? line('Signal', signal, 3) : '') +
    line('Started', timeText(textAt(ended, 'startedAt')), 3) +
    line('Finished', timeText(textAt(ended, 'finishedAt')), 3)
  );
}

function probeLine(label: string, probe: unknown): string {
  if (probe === undefined) return '';
  const number = (field: string): number => numberAt(probe, field) ?? 0;
  const timing = `delay=${number('initialDelaySeconds')}s timeout=${number('timeoutSeconds')}s period=${number('periodSeconds')}s #success=${number('successThreshold')} #failure=${number('failureThreshold')}`;
  return line(label, `${probeText(probe)} ${timing}`, 2);
}

function probeText(probe: unknown): string {
  const get = at(probe, 'httpGet');
  if (at(probe, 'exec') !== undefined) return `exec [${textsAt(probe, 'exec.command').join(' ')}]`;
  if (get !== undefined) {
    const host = `${textAt(get, 'host')}:${textAt(get, 'port')}`;
    return `http-get ${textAt(get, 'scheme').toLowerCase()}://${host}${textAt(get, 'path')}`;
  }
  if (at(probe, 'tcpSocket') !== undefined)
    return `tcp-socket ${textAt(probe, 'tcpSocket.host')}:${textAt(probe, 'tcpSocket.port')}`;
  if (at(probe, 'grpc') !== undefined)
    return `grpc <pod>:${textAt(probe, 'grpc.port')} ${textAt(probe, 'grpc.service')}`;
  return 'unknown';
}

const optional = (object: unknown, path: string): string => `Optional: ${flagAt(object, path)}`;

function environmentFrom(container: unknown): string {
  const sources = listAt(container, 'envFrom');
  if (sources.length === 0) return '';
  return (
    heading('Environment Variables from', 2) +
    sources
      .map((each) => {
        const [field, from] =
          at(each, 'configMapRef') === undefined ? ['secretRef', 'Secret'] : ['configMapRef', 'ConfigMap'];
        const prefix = textAt(each, 'prefix');
        const what = prefix === '' ? from : `${from} with prefix '${prefix}'`;
        return row(3, textAt(each, `${field}.name`), what, optional(each, `${field}.optional`));
      })
      .join('')
  );
}

function environment(container: unknown, pod: unknown): string {
  const variables = listAt(container, 'env');
  if (variables.length === 0) return line('Environment', '<none>', 2);
  return (
    heading('Environment', 2) +
    variables
      .map((each) => {
        const name = textAt(each, 'name');
        const from = at(each, 'valueFrom');
        if (from === undefined)
          return textAt(each, 'value')
            .split('\n')
            .map((part, index) => row(3, index === 0 ? `${name}:` : '', part))
            .join('');
        return row(3, `${name}:`, ...referenceText(from, container, pod));
      })
      .join('')
  );
}

function referenceText(from: unknown, container: unknown, pod: unknown): readonly string[] {
  if (at(from, 'fieldRef') !== undefined) {
    const path = textAt(from, 'fieldRef.fieldPath');
    return [`${podField(pod, path)} (${textAt(from, 'fieldRef.apiVersion')}:${path})`];
  }
  if (at(from, 'resourceFieldRef') !== undefined) {
    const resource = textAt(from, 'resourceFieldRef.resource');
    return [`${textAt(container, `resources.${resource}`) || 'node allocatable'} (${resource})`];
  }
  const [field, of] =
    at(from, 'secretKeyRef') === undefined
      ? ['configMapKeyRef', 'of config map']
      : ['secretKeyRef', 'in secret'];
  const [key, name] = [textAt(from, `${field}.key`), textAt(from, `${field}.name`)];
  return [`<set to the key '${key}' ${of} '${name}'>`, optional(from, `${field}.optional`)];
}

function podField(pod: unknown, path: string): string {
  const [, map, key] = /^metadata\.(labels|annotations)\['([^']+)'\]$/.exec(path) ?? [];
  if (map !== undefined && key !== undefined) return String(recordAt(pod, `metadata.${map}`)[key] ?? '');
  // Known only where the pod runs, or only once it does.
  return /^(?:metadata\.(?:name|namespace|uid)|spec\.(?:nodeName|serviceAccountName))$/.test(path)
    ? textAt(pod, path)
    : '';
}

function mounts(container: unknown): string {
  const list = [...listAt(container, 'volumeMounts')].sort((a, b) =>
    textAt(a, 'mountPath') < textAt(b, 'mountPath') ? -1 : 1,
  );
  const devices = listAt(container, 'volumeDevices');
  return (
    (list.length === 0 ? line('Mounts', '<none>', 2) : heading('Mounts', 2)) +
    list
      .map((mount) => {
        const subPath = textAt(mount, 'subPath');
        const flags = [
          flagAt(mount, 'readOnly') ? 'ro' : 'rw',
          ...(subPath === '' ? [] : [`path=${JSON.stringify(subPath)}`]),
        ];
        return row(3, `${textAt(mount, 'mountPath')} from ${textAt(mount, 'name')} (${flags.join(',')})`);
      })
      .join('') +
    (devices.length === 0
      ? ''
      : heading('Devices', 2) +
        devices.map((each) => row(3, `${textAt(each, 'devicePath')} from ${textAt(each, 'name')}`)).join(''))
  );
}
