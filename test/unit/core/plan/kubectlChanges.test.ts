import assert from 'node:assert/strict';
import { riskOfKubernetes } from '../../../../src/core/plan/risk.ts';
import { actionOf, kubernetesPlan, planOf, shellPlan, trapsOf, why } from './planOf.ts';

const web = { kind: 'deployment', name: 'web' };
const scale = { verb: 'scale', resource: web, replicas: 3, currentReplicas: undefined, dryRun: false };
const watched = { wait: { seconds: 120, required: false } };
const patch = { verb: 'patch', resource: web, patchType: 'strategic', dryRun: false };
const rollout = { verb: 'rollout', resource: web, toRevision: undefined, dryRun: false };
const apply = { verb: 'apply', recursive: false, serverSide: false, forceConflicts: false, dryRun: false };
const remove = {
  verb: 'delete',
  kinds: [],
  names: [],
  selector: undefined,
  files: [],
  recursive: false,
  all: false,
  gracePeriodSeconds: undefined,
  force: false,
  wait: true,
  cascade: 'background',
  ignoreNotFound: false,
  dryRun: false,
};

const covered: readonly (readonly [string, object])[] = [
  [
    'kubectl scale deploy/web deploy/api --replicas=3 --current-replicas=2',
    {
      ...scale,
      resource: { kind: 'deploy', name: 'web' },
      more: [{ kind: 'deploy', name: 'api', currentReplicas: 2 }],
      currentReplicas: 2,
      ...watched,
    },
  ],
  [
    'kubectl scale deployment web --replicas=3 --timeout=5m',
    { ...scale, wait: { seconds: 300, required: true } },
  ],
  ['kubectl scale deployment web --replicas=3 --timeout=0', scale],
  [
    'kubectl scale deployment web --replicas=3 --resource-version=77',
    { ...scale, ...watched, resourceVersion: '77' },
  ],
  ["kubectl patch deployment web -p 'spec: {paused: true}'", { ...patch, patch: 'spec: {paused: true}' }],
  [
    'kubectl patch deployment web --patch-file ops/limit.yaml --type=merge',
    { ...patch, patch: '', patchFile: 'ops/limit.yaml', patchType: 'merge' },
  ],
  [
    `kubectl patch deployment web --subresource=scale -p '{"spec":{"replicas":2}}'`,
    { ...patch, patch: '{"spec":{"replicas":2}}', subresource: 'scale' },
  ],
  ['kubectl rollout restart deployment/web', { ...rollout, sub: 'restart' }],
  ['kubectl rollout pause deployment web', { ...rollout, sub: 'pause' }],
  ['kubectl rollout resume deployment/web', { ...rollout, sub: 'resume' }],
  ['kubectl rollout history deployment/web', { ...rollout, sub: 'history' }],
  [
    'kubectl rollout status deployment/web --timeout=5m --watch=false',
    { ...rollout, sub: 'status', once: true, timeoutSeconds: 300 },
  ],
  ['kubectl apply -f web.yaml', { ...apply, files: ['web.yaml'] }],
  [
    'kubectl apply -R -f ops -f web.yaml --server-side --force-conflicts --field-manager=guide',
    {
      ...apply,
      files: ['ops', 'web.yaml'],
      recursive: true,
      serverSide: true,
      forceConflicts: true,
      fieldManager: 'guide',
    },
  ],
  ['kubectl delete pod web-1 web-2', { ...remove, kinds: ['pod'], names: ['web-1', 'web-2'] }],
  ['kubectl delete pod/web-1 --now', { ...remove, kinds: ['pod'], names: ['web-1'], gracePeriodSeconds: 1 }],
  [
    'kubectl delete pod web-1 --grace-period=0 --force',
    { ...remove, kinds: ['pod'], names: ['web-1'], gracePeriodSeconds: 0, force: true, wait: false },
  ],
  [
    'kubectl delete pods -l app=web --wait=false',
    { ...remove, kinds: ['pods'], selector: 'app=web', wait: false },
  ],
  ['kubectl delete jobs --all', { ...remove, kinds: ['jobs'], all: true, ignoreNotFound: true }],
  [
    'kubectl delete -f web.yaml --ignore-not-found --cascade=orphan --timeout=30s',
    { ...remove, files: ['web.yaml'], ignoreNotFound: true, cascade: 'orphan', timeoutSeconds: 30 },
  ],
  [
    'kubectl exec deploy/web -- ls',
    { verb: 'exec', pod: 'deploy/web', container: undefined, command: ['ls'] },
  ],
];

const notCovered: readonly (readonly [string, RegExp])[] = [
  ['kubectl scale deployment web api --replicas=2', /exactly one/],
  ['kubectl scale deployment web --replicas=2 --timeout=1.5ms', /--timeout/],
  [`kubectl patch deployment web -p '{}' --patch-file a.yaml`, /both/],
  ['kubectl patch deployment web --subresource=ephemeralcontainers -p a', /--subresource/],
  ['kubectl rollout history deployment/web --revision=2', /--revision/],
  ['kubectl rollout restart deployment/web --to-revision=2', /does not have/],
  ['kubectl apply -f -', /standard input/],
  ['kubectl apply -f https://example.com/web.yaml', /network/],
  ['kubectl apply -k overlay', /flag -k/],
  ['kubectl apply -f a.yaml --force-conflicts', /--server-side/],
  ['kubectl apply', /no file/],
  ['kubectl delete pods', /--all/],
  ['kubectl delete pods web-1 -l app=web', /only one/],
  ['kubectl delete pod web-1 --force --grace-period=5', /exclude/],
  ['kubectl delete pod web-1 --cascade=odd', /--cascade/],
];

describe('planning kubectl changes', () => {
  for (const [command, action] of covered) {
    it(`covers ${command}`, () => {
      assert.deepEqual(actionOf(command), action);
      // The preview is a command that means the same.
      const { preview } = kubernetesPlan(command);
      assert.deepEqual(actionOf(preview), action, preview);
    });
  }

  for (const [command, reason] of notCovered) {
    it(`leaves ${command} to the shell and says why`, () => {
      assert.match(why(shellPlan(command)), reason);
    });
  }

  it('knows what destroys, what changes and what reads', () => {
    const risks = [
      ['kubectl apply -f web.yaml', 'destructive'],
      ['kubectl apply -f web.yaml --dry-run=server', 'read'],
      ['kubectl delete pod web-1', 'destructive'],
      ['kubectl delete pod web-1 --dry-run=client', 'read'],
      ['kubectl rollout history deployment/web', 'read'],
      ['kubectl rollout restart deployment/web', 'change'],
      ["kubectl patch deployment web -p 'spec: {replicas: 0}'", 'destructive'],
      [
        `kubectl patch deploy web --type=json -p '[{"op":"replace","path":"/spec/replicas","value":0}]'`,
        'destructive',
      ],
      ["kubectl patch deployment web -p 'spec: {replicas: 10}'", 'change'],
    ] as const;
    for (const [command, risk] of risks) assert.equal(planOf(command).risk, risk, command);
    const back = (before: string) =>
      riskOfKubernetes({
        verb: 'restore',
        resource: web,
        subresource: 'scale',
        fields: [{ pointer: '/spec/replicas', before, after: '3' }],
      });
    assert.deepEqual([back('0'), back('10')], ['destructive', 'change']);
  });

  it('carries the folder of files, and waits as long as the command says', () => {
    assert.equal(kubernetesPlan('kubectl apply -f web.yaml').cwd, '.');
    assert.equal(kubernetesPlan('kubectl get pods').cwd, undefined);
    assert.equal(kubernetesPlan('kubectl scale deploy web --replicas=2 --timeout=20m').timeoutMs, 1_230_000);
    assert.equal(kubernetesPlan('kubectl scale deploy web --replicas=2').timeoutMs, 300_000);
    assert.equal(kubernetesPlan('kubectl rollout status deploy/web --timeout=30m').timeoutMs, 1_830_000);
  });

  it('warns that the rules of an ingress are replaced, but not of a JSON patch', () => {
    const rules = `'{"spec":{"rules":[{"host":"a.example.com"}]}}'`;
    assert.ok(trapsOf(planOf(`kubectl patch ingress web -p ${rules}`)).includes('ingress-rules-replaced'));
    assert.ok(
      trapsOf(planOf(`kubectl patch ing web --type=merge -p ${rules}`)).includes('ingress-rules-replaced'),
    );
    for (const other of [
      `kubectl patch deploy web -p ${rules}`,
      `kubectl patch ingress web -p '{"metadata":{"labels":{"a":"b"}}}'`,
      `kubectl patch ingress web --type=json -p '[{"op":"remove","path":"/spec/rules/0"}]'`,
    ])
      assert.ok(!trapsOf(planOf(other)).includes('ingress-rules-replaced'), other);
  });
});
