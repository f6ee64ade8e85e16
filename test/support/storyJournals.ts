import type { Fact } from '../../src/core/incident/events.ts';
import {
  acknowledged,
  answered,
  changeMade,
  declared,
  declareTime,
  entered,
  fact,
  noted,
  reopened,
  resolved,
  runEnded,
  runStarted,
  stepDone,
  ticked,
  updated,
} from './builders.ts';
import { delivered, deliveryFailed, deliveryRequested, deliveryStarted } from './deliveryBuilders.ts';

/** One line of a story: minutes after the declare, who, what. A text as fact is a type that a newer version writes. */
export type Told = readonly [minute: number, by: string, what: Fact | string];

export const ulid = (kind: string, n: number): string => `01JDPM${kind}${String(n).padStart(19, '0')}`;

export const sha256 = 'ab'.repeat(32);
const output = (run: string) => ({ file: `output/${run}.log`, sha256, bytes: 42, lines: 3 });
export const run = (
  id: string,
  text: string,
  command: string,
  more: Parameters<typeof runStarted>[0] = {},
): Fact => runStarted({ run: id, step: id, text, command, original: command, ...more });
export const ran = (id: string, more: Parameters<typeof runEnded>[0] = {}): Fact =>
  runEnded({ run: id, output: output(id), ...more });
export const change = { risk: 'change', confirmed: true } as const;
export const alert = (title: string, minute: number): Fact =>
  fact('SignalAttached', {
    signal: {
      id: `alert-${title}`,
      kind: 'alert',
      sources: ['Alertmanager'],
      title,
      startedAt: new Date(Date.parse(declareTime) + minute * 60_000).toISOString(),
      state: 'firing',
      labels: {},
    },
  });
export const at = (minute: number): string =>
  new Date(Date.parse(declareTime) + minute * 60_000).toISOString();
export const get = 'kubectl --context prod get pods -n production';

export const crashLoop: Told[] = [
  [0, 'Ana', declared({ title: 'Checkout answers 503', severity: 'SEV1' })],
  [0.1, 'Ana', alert('PodCrashLooping', -4)],
  [0.2, 'Ana', entered('triage', 'Triage')],
  [1, 'Ana', acknowledged()],
  [2, 'Ana', fact('PeopleEscalated', { level: 1, severity: 'SEV1', roles: ['Tech Lead', 'CTO'] })],
  [6, 'Ana', fact('EscalationAcknowledged', { level: 1, who: 'Tech Lead' })],
  [7, 'Ana', entered('diagnosis', 'Diagnosis')],
  [8, 'Ana', run('get-pods', 'Check pods', get)],
  [8.1, 'Ana', ran('get-pods', { outcome: { kind: 'succeeded', detail: '5 pods, 3 in CrashLoopBackOff' } })],
  [9, 'Ben', run('logs', 'Look at the logs', 'kubectl --context prod logs checkout-7d9f --previous')],
  [9.1, 'Ben', ran('logs', { outcome: { kind: 'succeeded', exitCode: 0 } })],
  [10, 'Ben', run('describe', 'Describe the pod', 'kubectl --context prod describe pod checkout-7d9f')],
  [10.1, 'Ben', ran('describe', { outcome: { kind: 'succeeded', exitCode: 0 } })],
  [11, 'Ben', noted('OOMKilled: the container reached 512Mi')],
  [
    12,
    'Ben',
    fact('EvidenceAdded', {
      kind: 'output',
      text: 'Last State: Terminated\nReason: OOMKilled',
      note: 'Killed for memory',
      run: 'describe',
    }),
  ],
  [13, 'Ana', fact('OnsetSet', { at: at(-6) })],
  [
    14,
    'Ana',
    updated(
      1,
      '**Update [10:44]**\n- Status: Diagnosis\n- Hypothesis: memory limit too low\n- Next steps: raise it',
    ),
  ],
  [15, 'Ana', entered('mitigation', 'Mitigation')],
  [
    16,
    'Ben',
    run('scale', 'Scale out', 'kubectl --context prod scale deployment checkout --replicas=10', {
      ...change,
      changes: ['deployment/checkout spec.replicas 3 → 10'],
    }),
  ],
  [17, 'Ben', ran('scale', { outcome: { kind: 'timed-out', afterMs: 60_000 } })],
  [
    19,
    'Ben',
    run(
      'limit',
      'Raise the memory limit',
      'kubectl --context prod set resources deployment checkout --limits=memory=1Gi',
      {
        ...change,
        kind: 'shell',
      },
    ),
  ],
  [20, 'Ben', ran('limit', { outcome: { kind: 'succeeded', exitCode: 0 } })],
  [22, 'Ana', fact('MitigatedMarked', { at: at(21) })],
  [
    23,
    'Ana',
    fact('ImpactSet', { figure: '12 % of checkouts failed', source: 'Grafana, checkout board', at: at(22) }),
  ],
  [24, 'Ana', entered('resolution', 'Resolution')],
  [30, 'Ana', ticked('metrics', 'Metrics are normal')],
  [30.2, 'Ana', ticked('logs', 'Logs show no errors')],
  [
    31,
    'Ana',
    resolved({
      cause: 'The memory limit was below what a full cart needs',
      resolution: 'Raised the limit to 1Gi',
    }),
  ],
];

export const rollback: Told[] = [
  [0, 'Ana', declared({ title: 'Orders lost after the deploy' })],
  [0.5, 'Ana', entered('triage', 'Triage')],
  [1, 'Ana', acknowledged()],
  [2, 'Ana', deliveryRequested()],
  [2.1, 'Ana', deliveryStarted()],
  [2.2, 'Ana', delivered()],
  [3, 'Ana', entered('diagnosis', 'Diagnosis')],
  [4, 'Ana', answered('q-deploy', 'Was there a deploy?', 'Yes, orders v2.3.1 at 10:15')],
  [4.5, 'Ana', answered('q-when', 'When did it start?', '10:16')],
  [5, 'Ana', fact('OnsetSet', { at: at(-14) })],
  [6, 'Ana', entered('mitigation', 'Mitigation')],
  [
    7,
    'Ana',
    run('rollback', 'Roll back', 'argocd app rollback orders 41', {
      ...change,
      kind: 'argocd',
      sequence: 'option-a',
    }),
  ],
  [
    9,
    'Ana',
    fact('ChangeMade', {
      run: 'rollback',
      changes: ['orders: revision 42 → 41'],
      debt: 'auto-sync is off for orders',
    }),
  ],
  [
    9.5,
    'Ana',
    ran('rollback', {
      outcome: { kind: 'succeeded', detail: 'healthy at revision 41' },
      durationMs: 145_000,
    }),
  ],
  [10, 'Ana', fact('MitigatedMarked', { at: at(9.5) })],
  [11, 'Ana', entered('resolution', 'Resolution')],
  [15, 'Ana', ticked('metrics', 'Metrics are normal')],
  [
    20,
    'Ana',
    resolved({
      cause: 'v2.3.1 dropped orders without a postcode',
      resolution: 'Rolled back to revision 41',
      impact: '214 orders lost, all replayed',
    }),
  ],
];

export const failover: Told[] = [
  [0, 'Chen', declared({ title: 'Database does not answer', severity: 'SEV1', service: 'orders-db' })],
  [0.1, 'Chen', alert('DatabaseDown', -2)],
  [1, 'Chen', acknowledged()],
  [2, 'Chen', entered('mitigation', 'Mitigation')],
  [
    3,
    'Chen',
    fact('ApprovalRequested', {
      request: ulid('R', 1),
      step: 'failover',
      sequence: 'option-c',
      text: 'Fail over',
      kind: 'rds',
      command: 'aws rds failover-db-cluster --db-cluster-identifier orders',
      written: 'aws rds failover-db-cluster --db-cluster-identifier orders',
      target: {},
      risk: 'destructive',
      plan: sha256,
      needs: [{ people: 1 }],
      self: false,
      expiresAt: at(33),
    }),
  ],
  [
    5,
    'Chen',
    run('failover', 'Fail over', 'aws rds failover-db-cluster --db-cluster-identifier orders', {
      risk: 'destructive',
      confirmed: true,
      kind: 'rds',
    }),
  ],
  [
    7,
    'Chen',
    ran('failover', { outcome: { kind: 'succeeded', detail: 'writer is orders-2' }, durationMs: 96_000 }),
  ],
  [8, 'Chen', fact('MitigatedMarked', { at: at(7) })],
  [12, 'Chen', resolved({ resolution: 'Failed over to orders-2' })],
];

export const failedSteps: Told[] = [
  [0, 'Ana', declared({ title: 'Search is slow', severity: 'SEV3' })],
  [1, 'Ana', entered('diagnosis', 'Diagnosis')],
  [2, 'Ana', run('get-pods', 'Check pods', get)],
  [
    2.2,
    'Ana',
    ran('get-pods', {
      outcome: { kind: 'failed', status: 403, message: 'You may not list pods in production.' },
    }),
  ],
  [3, 'Ana', stepDone('grafana', 'p99 at 4 s')],
  [
    4,
    'Ana',
    fact('StepSkipped', {
      step: 'cache',
      sequence: 'collect',
      text: 'Flush the cache',
      reason: 'the hit rate is normal',
    }),
  ],
  [5, 'Ana', entered('mitigation', 'Mitigation')],
  [
    6,
    'Ana',
    run('restart', 'Restart the search', 'kubectl --context prod rollout restart deployment search', change),
  ],
  [
    7,
    'Ana',
    ran('restart', {
      outcome: { kind: 'succeeded', exitCode: 0 },
      assertions: [{ assertion: 'status == 200', result: 'failed', because: 'status 503' }],
    }),
  ],
  [
    9,
    'Ana',
    run('reindex', 'Rebuild the index', 'curl -X POST https://search.example/reindex', {
      ...change,
      kind: 'http',
    }),
  ],
  [
    10,
    'Ana',
    ran('reindex', { outcome: { kind: 'failed', status: 504, message: 'The gateway gave up after 60 s.' } }),
  ],
  [12, 'Ana', deliveryRequested({ delivery: 'statuspage/update' })],
  [12.1, 'Ana', deliveryStarted('statuspage/update')],
  [12.2, 'Ana', deliveryFailed({ delivery: 'statuspage/update' })],
  [40, 'Ana', noted('It went away by itself when the nightly export ended')],
  [45, 'Ana', resolved()],
];

export const drill: Told[] = [
  [0, 'Ana', declared({ title: 'Drill: node lost', drill: true, severity: 'SEV2' })],
  [1, 'Ana', acknowledged()],
  [2, 'Ana', entered('diagnosis', 'Diagnosis')],
  [3, 'Ben', run('get-pods', 'Check pods', get)],
  [3.1, 'Ben', ran('get-pods')],
  [10, 'Ana', fact('MitigatedMarked', { at: at(9) })],
  [
    12,
    'Ana',
    resolved({ cause: 'The simulator took a node away', resolution: 'Waited for the pods to move' }),
  ],
];

export const relapse: Told[] = [
  [0, 'Ana', declared({ title: 'Login fails' })],
  [1, 'Ana', alert('LoginErrors', -1)],
  [2, 'Ana', acknowledged()],
  [3, 'Ana', entered('mitigation', 'Mitigation')],
  [4, 'Ana', run('scale', 'Scale out', 'kubectl --context prod scale deployment login --replicas=6', change)],
  [4.5, 'Ana', changeMade({ run: 'scale', changes: ['deployment/login spec.replicas 2 → 6'] })],
  [5, 'Ana', ran('scale', { outcome: { kind: 'succeeded', exitCode: 0 } })],
  [6, 'Ana', fact('MitigatedMarked', { at: at(6) })],
  [10, 'Ana', resolved({ cause: 'Too few replicas', resolution: 'Scaled out' })],
  [18, 'Ana', reopened()],
  [
    20,
    'Ana',
    run('unscale', 'Scale out', 'kubectl --context prod scale deployment login --replicas=2', {
      ...change,
      undoes: ulid('0', 6),
    }),
  ],
  [21, 'Ana', ran('unscale', { outcome: { kind: 'succeeded', exitCode: 0 } })],
  [
    24,
    'Ana',
    run('secret', 'Renew the signing key', 'vault write -f auth/keys/rotate', { ...change, kind: 'shell' }),
  ],
  [25, 'Ana', ran('secret', { outcome: { kind: 'succeeded', exitCode: 0 } })],
  [26, 'Ana', fact('MitigatedMarked', { at: at(25) })],
  [60, 'Ana', resolved({ cause: 'The signing key had expired', resolution: 'Renewed the key' })],
];

export const offlineAna: Told[] = [
  [0, 'Ana', declared({ title: 'Payments failing in eu-west' })],
  [2, 'Ana', acknowledged()],
  [5, 'Ana', run('get-pods', 'Check pods', get)],
  [5.2, 'Ana', ran('get-pods')],
  [12, 'Ana', noted('The network of my machine is gone, going on offline')],
  [20, 'Ana', run('logs', 'Look at the logs', 'kubectl --context prod logs payments-1')],
  [20.5, 'Ana', ran('logs', { outcome: { kind: 'no-match' } })],
  [31, 'Ana', noted('Back online')],
];
export const offlineBen: Told[] = [
  [9, 'Ben', noted('The bank’s gateway answers 502')],
  [
    14,
    'Ben',
    run('breaker', 'Open the breaker', 'curl -X POST https://flags.example/payments-eu/off', {
      ...change,
      kind: 'http',
    }),
  ],
  [15, 'Ben', ran('breaker', { outcome: { kind: 'succeeded', detail: '200 OK' } })],
  [16, 'Ben', fact('MitigatedMarked', { at: at(15) })],
  [
    40,
    'Ben',
    resolved({ cause: 'The bank’s gateway was down', resolution: 'Turned its route off until it was back' }),
  ],
];

export const bare: Told[] = [
  [0, 'Ana', declared({ title: 'Something is wrong', service: '' })],
  [30, 'Ana', resolved()],
];

export const newer: Told[] = [
  [0, 'Ana', declared({ title: 'Payments failing' })],
  [1, 'Ana', 'HypothesisRaised'],
  [2, 'Ben', 'SoakStarted'],
  [3, 'Ana', acknowledged()],
  [9, 'Ana', fact('MitigatedMarked', { at: at(8) })],
  [10, 'Ana', resolved({ cause: 'A full disk', resolution: 'Removed old files' })],
];
