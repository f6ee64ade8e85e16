/**
 * Stages that make kwok's pods fail as real ones do. A pod asks for one by the label `incident.lab/trouble`:
 * `crash-loop`, `out-of-memory` (OOMKilled), `unpullable` (ImagePullBackOff) or `not-ready`. A pod that is to stay
 * Pending asks for more memory than a node has: the real scheduler says why. Annotation `incident.lab/restarts`
 * (default 5) is the number of restarts, `incident.lab/last-reason: OOMKilled` how a crash loop's container ended.
 */
export const troubleLabel = 'incident.lab/trouble';

export type Trouble = 'crash-loop' | 'out-of-memory' | 'unpullable' | 'not-ready';

interface StageParts {
  readonly trouble: Trouble;
  /** The pod's phase afterwards. */
  readonly phase: 'Pending' | 'Running';
  /** The container's status in YAML, indented by two; a template of Go with `$item`, `$ended`, `$reason` … */
  readonly container: string;
  readonly event?: { readonly type: string; readonly reason: string; readonly message: string };
}

const ended = (indent: string, reason: string, code: string) =>
  [
    'terminated:',
    `  exitCode: ${code}`,
    `  reason: ${reason}`,
    '  startedAt: {{ $began | Quote }}',
    '  finishedAt: {{ $now | Quote }}',
  ]
    .map((line) => indent + line)
    .join('\n');

const troubles: readonly StageParts[] = [
  {
    trouble: 'crash-loop',
    phase: 'Running',
    container: `
  restartCount: {{ $restarts }}
  started: false
  state:
    waiting:
      reason: CrashLoopBackOff
      message: {{ printf "back-off 2m40s restarting failed container=%s pod=%s_%s(%s)" $item.name $pod.name $pod.namespace $pod.uid | Quote }}
  lastState:
${ended('    ', '{{ $reason }}', '{{ if eq $reason "OOMKilled" }}137{{ else }}1{{ end }}')}`,
    event: { type: 'Warning', reason: 'BackOff', message: 'Back-off restarting failed container' },
  },
  {
    trouble: 'out-of-memory',
    phase: 'Running',
    container: `
  restartCount: {{ $restarts }}
  started: false
  state:
${ended('    ', 'OOMKilled', '137')}
  lastState:
${ended('    ', 'OOMKilled', '137')}`,
    event: { type: 'Warning', reason: 'OOMKilling', message: 'Memory cgroup out of memory: Killed process' },
  },
  {
    trouble: 'unpullable',
    phase: 'Pending',
    container: `
  restartCount: 0
  started: false
  imageID: ""
  state:
    waiting:
      reason: ImagePullBackOff
      message: {{ printf "Back-off pulling image %q: ErrImagePull: not found" $item.image | Quote }}`,
    event: { type: 'Warning', reason: 'Failed', message: 'Error: ImagePullBackOff' },
  },
  {
    trouble: 'not-ready',
    phase: 'Running',
    container: `
  restartCount: 0
  started: true
  state:
    running:
      startedAt: {{ $now | Quote }}`,
    event: {
      type: 'Warning',
      reason: 'Unhealthy',
      message: 'Readiness probe failed: HTTP probe failed with statuscode: 503',
    },
  },
];

/** kwok's stage for each trouble, as objects for its configuration file. */
export const troubleStages: readonly object[] = troubles.map(({ trouble, phase, container, event }) => ({
  apiVersion: 'kwok.x-k8s.io/v1alpha1',
  kind: 'Stage',
  metadata: { name: `lab-${trouble}` },
  spec: {
    resourceRef: { apiGroup: 'v1', kind: 'Pod' },
    selector: {
      matchLabels: { [troubleLabel]: trouble },
      matchExpressions: [
        { key: '.metadata.deletionTimestamp', operator: 'DoesNotExist' },
        { key: '.status.phase', operator: 'In', values: ['Pending'] },
        // Once only: afterwards there are statuses, also of what stays Pending.
        { key: '.status.containerStatuses', operator: 'DoesNotExist' },
      ],
    },
    // kwok's own stages have no weight and so never win against these.
    weight: 10_000,
    next: { ...(event === undefined ? {} : { event }), statusTemplate: statusOf(phase, container) },
  },
}));

function statusOf(phase: string, container: string): string {
  const condition = (type: string, status: string) => `
- type: ${type}
  status: "${status}"
  lastTransitionTime: {{ $now | Quote }}${
    status === 'True'
      ? ''
      : `
  reason: ContainersNotReady
  message: {{ printf "containers with unready status: [%s]" $unready | Quote }}`
  }`;
  return `
{{ $now := Now }}
{{ $pod := .metadata }}
{{ $annotations := or .metadata.annotations dict }}
{{ $began := .metadata.creationTimestamp }}
{{ $restarts := or ( index $annotations "incident.lab/restarts" ) "5" }}
{{ $reason := or ( index $annotations "incident.lab/last-reason" ) "Error" }}
{{ $unready := "" }}
{{ range .spec.containers }}
{{ if $unready }}{{ $unready = printf "%s %s" $unready .name }}{{ else }}{{ $unready = .name }}{{ end }}
{{ end }}
conditions:${condition('Initialized', 'True')}${condition('Ready', 'False')}${condition('ContainersReady', 'False')}
containerStatuses:
{{ range $index, $item := .spec.containers }}
- name: {{ $item.name | Quote }}
  image: {{ $item.image | Quote }}
  ready: false${container}
{{ end }}
{{ $hostIPs := NodeIPsWith .spec.nodeName }}
{{ with $hostIPs }}
hostIP: {{ index . 0 | Quote }}
hostIPs:
{{ range . }}
- ip: {{ . | Quote }}
{{ end }}
{{ end }}
{{ $podIPs := PodIPsWith .spec.nodeName ( or .spec.hostNetwork false ) ( or .metadata.uid "" ) ( or .metadata.name "" ) ( or .metadata.namespace "" ) }}
{{ with $podIPs }}
podIP: {{ index . 0 | Quote }}
podIPs:
{{ range . }}
- ip: {{ . | Quote }}
{{ end }}
{{ end }}
phase: ${phase}
startTime: {{ $now | Quote }}
`;
}
