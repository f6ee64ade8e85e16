import assert from 'node:assert/strict';
import type { KubernetesAction } from '../../../../src/core/plan/kubectl/kubernetesAction.ts';
import { actionOf, get, kubernetesPlan, logs, planOf, shellPlan, trapsOf, why } from './planOf.ts';

const web = { kind: 'deployment', name: 'web' };
const scale = (more: { readonly dryRun?: boolean; readonly [field: string]: unknown }): object => ({
  verb: 'scale',
  resource: web,
  replicas: 3,
  currentReplicas: undefined,
  ...(more.dryRun ? {} : { wait: { seconds: 120, required: false } }),
  dryRun: false,
  ...more,
});
const patch = (more: object): object => ({
  verb: 'patch',
  resource: web,
  patch: '{"a":1}',
  patchType: 'strategic',
  dryRun: false,
  ...more,
});
const exec = (more: object): object => ({
  verb: 'exec',
  pod: 'web-1',
  container: undefined,
  command: ['ls', '-la'],
  ...more,
});
const rollout = (more: object): object => ({
  verb: 'rollout',
  sub: 'undo',
  resource: web,
  toRevision: undefined,
  dryRun: false,
  ...more,
});

const covered: readonly (readonly [command: string, action: object])[] = [
  ['kubectl get pods', get({})],
  ['kubectl get pods -A', get({ allNamespaces: true })],
  ['kubectl get pods --all-namespaces=true', get({ allNamespaces: true })],
  ['kubectl get pods -o wide', get({ output: 'wide' })],
  ['kubectl get pods -owide', get({ output: 'wide' })],
  ['kubectl get pods -o=yaml', get({ output: 'yaml' })],
  ['kubectl get pods --output json', get({ output: 'json' })],
  ['kubectl get pods -o name --no-headers', get({ output: 'name', noHeaders: true })],
  ['kubectl get pods -l app=web', get({ selector: 'app=web' })],
  ['kubectl get pods -lapp=web', get({ selector: 'app=web' })],
  ["kubectl get pods --selector='app in (a, b)'", get({ selector: 'app in (a, b)' })],
  ['kubectl get svc,ingress', get({ kinds: ['svc', 'ingress'] })],
  ['kubectl get pod web-1 web-2', get({ kinds: ['pod'], names: ['web-1', 'web-2'] })],
  ['kubectl get pod/web-1 pod/web-2', get({ kinds: ['pod'], names: ['web-1', 'web-2'] })],
  ['kubectl get deploy/web', get({ kinds: ['deploy'], names: ['web'] })],
  ['kubectl -n production get pods', get({})],
  ['kubectl --namespace=production --context sim get pods', get({})],
  ['kubectl get pods # the broken ones', get({})],
  ['kubectl get pods \\\n  -n production', get({})],
  ['kubectl get "pods"', get({})],
  [
    'kubectl describe deployment web',
    { verb: 'describe', kinds: ['deployment'], names: ['web'], selector: undefined, allNamespaces: false },
  ],
  [
    'kubectl describe pods -l app=web -A',
    { verb: 'describe', kinds: ['pods'], names: [], selector: 'app=web', allNamespaces: true },
  ],
  ['kubectl logs web-1', logs({})],
  ['kubectl logs pod/web-1 -c app', logs({ resource: 'pod/web-1', container: 'app' })],
  ['kubectl logs web-1 app', logs({ container: 'app' })],
  ['kubectl logs deployment/web --all-containers', logs({ resource: 'deployment/web', allContainers: true })],
  ['kubectl logs web-1 --since=30m', logs({ sinceSeconds: 1800 })],
  ['kubectl logs web-1 --since 1h30m10s', logs({ sinceSeconds: 5410 })],
  ['kubectl logs web-1 --since=0', logs({})],
  ['kubectl logs web-1 --tail=50', logs({ tailLines: 50 })],
  ['kubectl logs web-1 --tail=-1', logs({})],
  ['kubectl logs web-1 -p', logs({ previous: true })],
  ['kubectl logs web-1 --previous=false', logs({})],
  ['kubectl logs -f web-1', logs({ follow: true })],
  ['kubectl logs -fp web-1', logs({ follow: true, previous: true })],
  [
    'kubectl logs web-1 --follow --timestamps --prefix',
    logs({ follow: true, timestamps: true, prefix: true }),
  ],
  ['kubectl logs -l app=web', logs({ resource: undefined, selector: 'app=web', order: 'time' })],
  [
    'kubectl logs -l app=web --tail=7',
    logs({ resource: undefined, selector: 'app=web', tailLines: 7, order: 'time' }),
  ],
  ['kubectl scale deployment web --replicas=3', scale({})],
  ['kubectl scale --replicas 3 deployment/web', scale({})],
  ['kubectl scale deployment web --replicas=3 --current-replicas=2', scale({ currentReplicas: 2 })],
  ['kubectl scale deployment web --replicas=3 --current-replicas=-1', scale({})],
  ['kubectl scale deployment web --replicas=3 --dry-run', scale({ dryRun: true })],
  ['kubectl scale deployment web --replicas=3 --dry-run=client', scale({ dryRun: true })],
  ['kubectl scale deployment web --replicas=3 --dry-run=none', scale({})],
  [`kubectl patch deployment web -p '{"a":1}'`, patch({})],
  [`kubectl patch deployment/web --patch='{"a":1}' --type=merge`, patch({ patchType: 'merge' })],
  [`kubectl patch deployment web --type json -p '[]'`, patch({ patchType: 'json', patch: '[]' })],
  [`kubectl patch deployment web -p "{\\"a\\":1}" --dry-run=server`, patch({ dryRun: true })],
  ['kubectl exec web-1 -- ls -la', exec({})],
  ['kubectl exec -it web-1 -- ls -la', exec({})],
  ['kubectl exec -i -t pod/web-1 -c app -- ls -la', exec({ container: 'app' })],
  ['kubectl exec web-1 --stdin --tty -- ls -la', exec({})],
  [`kubectl exec web-1 -- sh -c 'echo "$HOME" | wc'`, exec({ command: ['sh', '-c', 'echo "$HOME" | wc'] })],
  ['kubectl rollout undo deployment/web', rollout({})],
  ['kubectl rollout undo deployment web --to-revision=4', rollout({ toRevision: 4 })],
  ['kubectl rollout undo deployment/web --to-revision=0 --dry-run', rollout({ dryRun: true })],
  ['kubectl rollout status deployment/web', rollout({ sub: 'status' })],
];

const forTheShell: readonly (readonly [command: string, because: RegExp])[] = [
  ['kubectl get pods -o jsonpath={.items}', /pattern/],
  ['kubectl get pods -n', /-n has no value/],
  ['kubectl get', /no kind/],
  ['kubectl get pod web-1 -A', /-A/],
  ['kubectl get pod web-1 -l app=web', /selector/],
  ['kubectl get pods -- web', /--/],
  ['kubectl', /no kubectl command/],
  ['kubectl edit deployment web', /kubectl edit/],
  ['kubectl --kubeconfig other get pods', /--kubeconfig/],
  ['kubectl logs', /either a pod or a selector/],
  ['kubectl logs web-1 -l app=web', /either a pod or a selector/],
  ['kubectl logs web-1 --since=1d', /--since=1d/],
  ['kubectl logs web-1 --tail=many', /--tail/],
  ['kubectl logs web-1 app -c app', /twice/],
  ['kubectl scale deployment web', /--replicas/],
  ['kubectl scale deployment web --replicas=-1', /--replicas/],
  ['kubectl scale deployment web api --replicas=2', /exactly one/],
  ['kubectl scale -f web.yaml --replicas=2', /flag -f/],
  ['kubectl scale deployment web --replicas=2 --dry-run server', /exactly one/],
  ['kubectl patch deployment web', /--patch/],
  [`kubectl patch deployment web -p '{}' --type=odd`, /--type/],
  ['kubectl exec web-1 ls', /one pod/],
  ['kubectl exec web-1', /no command/],
  ['kubectl exec svc/web -- ls', /exec into svc\/web/],
  ['kubectl rollout status deployment/web --to-revision=2', /does not have/],
  ['kubectl get pods -n "$HOME"', /\$HOME/],
  ['kubectl get pods > pods.txt', /redirects output/],
  ['kubectl get pods 2>&1 | grep web', /redirects output/],
  ['kubectl get pods && kubectl get svc', /&&/],
  ['kubectl get pods; kubectl get svc', /several commands/],
  ['kubectl get pods\nkubectl get svc', /several commands/],
  ['kubectl get pods &', /background/],
  ['kubectl get pods $(echo -A)', /substitution/],
  ['kubectl get pods `echo -A`', /substitution/],
  ['(kubectl get pods)', /subshell/],
  ['kubectl get pods web-*', /pattern/],
  ['kubectl get pods web-[12]', /pattern/],
  ['kubectl get pods {a,b}', /pattern/],
  ['kubectl get pods ~', /~/],
  ["kubectl get pods 'open", /not closed/],
  ["kubectl get pods $'a'", /\$'/],
  ['kubectl exec -i web-1 -- psql <<EOF\nselect 1\nEOF', /here-document/],
  ['NS=production kubectl get pods', /NS=production/],
  ['sudo kubectl get pods', /sudo/],
  ['kubectl get pods | xargs echo', /xargs/],
  ['kubectl get pods |', /pipe/],
  ['kubectl get pods\u00a0-n staging', /unusual space \(U\+00A0\)/],
  ['kubectl exec web-1 -- echo "a \\` b"', /backquote/],
];

describe('planning kubectl', () => {
  for (const [command, action] of covered)
    it(`covers ${command}`, () => assert.deepEqual(actionOf(command), action));
  for (const [command, because] of forTheShell)
    it(`leaves to the shell: ${command}`, () => {
      const plan = shellPlan(command);
      assert.match(why(plan), because);
      assert.equal(plan.script, command);
      assert.ok(plan.risk !== 'read');
      assert.ok(plan.traps.every(({ code, blocks }) => code !== 'runs-in-shell' || !blocks));
    });

  it('reads -p as the patch of patch and as previous of logs', () => {
    assert.equal((actionOf(`kubectl patch deploy web -p '{}'`) as { patch?: string }).patch, '{}');
    assert.equal((actionOf('kubectl logs web-1 -p') as { previous?: boolean }).previous, true);
  });

  describe('risk', () => {
    const risks: readonly (readonly [string, string])[] = [
      ['kubectl get secrets', 'read'],
      ['kubectl rollout status deployment/web', 'read'],
      ['kubectl rollout undo deployment/web', 'change'],
      ['kubectl rollout undo deployment/web --dry-run=server', 'read'],
      ['kubectl scale deployment web --replicas=1', 'change'],
      ['kubectl scale deployment web --replicas=0', 'destructive'],
      ['kubectl scale deployment web --replicas=0 --dry-run', 'read'],
      [`kubectl patch deployment web -p '{"spec":{"paused":true}}'`, 'change'],
      [`kubectl patch deployment web -p '{"spec":{"replicas":0}}'`, 'destructive'],
      ['kubectl exec web-1 -- ls', 'change'],
      ['kubectl exec web-1 -- rm -rf /data', 'destructive'],
      [`kubectl exec db-1 -- psql -c 'DROP TABLE users'`, 'destructive'],
    ];
    for (const [command, risk] of risks)
      it(`${command} is ${risk}`, () => assert.equal(planOf(command).risk, risk));

    it('is raised by the guide, never lowered', () => {
      const attributes = (value: string): object => ({ step: { attributes: { 'ir.risk': value } } });
      assert.equal(planOf('kubectl get pods', attributes('destructive')).risk, 'destructive');
      assert.equal(planOf('kubectl exec web-1 -- ls', attributes('read')).risk, 'change');
      assert.equal(planOf('kubectl get pods', attributes('harmless')).risk, 'read');
    });

    it('is a read where the settings name the command, but never for a destroyer', () => {
      const readOnlyPrefixes = ['kubectl exec web-1 -- psql', 'kubectl scale'];
      assert.equal(planOf('kubectl exec web-1 -- psql -l', { readOnlyPrefixes }).risk, 'read');
      assert.equal(planOf('kubectl exec web-1 -- psqlx', { readOnlyPrefixes }).risk, 'change');
      assert.equal(
        planOf('kubectl scale deployment web --replicas=0', { readOnlyPrefixes }).risk,
        'destructive',
      );
    });
  });

  describe('the target', () => {
    it('is what the command says, and red where that is not the pin', () => {
      const read = kubernetesPlan('kubectl get pods -n staging --context other');
      assert.deepEqual(read.target, { context: 'other', namespace: 'staging' });
      assert.deepEqual(trapsOf(read), ['target-differs', 'target-differs']);
      const change = kubernetesPlan('kubectl scale deployment web --replicas=2 -n staging');
      assert.deepEqual(trapsOf(change), ['target-differs!', 'autoscaler-undoes-scale']);
      assert.equal(change.preview, 'kubectl scale deployment web -n staging --context sim --replicas=2');
    });

    it('is the pin where the command says nothing', () => {
      const plan = kubernetesPlan('kubectl logs web-1');
      assert.equal(plan.preview, 'kubectl logs web-1 -n production --context sim');
      assert.deepEqual(plan.traps, []);
    });

    it('has no namespace with -A, nor for nodes', () => {
      const everywhere = kubernetesPlan('kubectl get pods -A -n staging');
      assert.equal(everywhere.preview, 'kubectl get pods --context sim -A');
      assert.equal(everywhere.target.namespace, undefined);
      assert.deepEqual(everywhere.traps, []);
      assert.equal(kubernetesPlan('kubectl get nodes').preview, 'kubectl get nodes --context sim');
      assert.deepEqual(trapsOf(planOf('kubectl get nodes', { target: { context: 'sim' } })), []);
    });

    it('blocks changes without a namespace, and everything without a cluster', () => {
      const target = { context: 'sim' };
      assert.deepEqual(trapsOf(planOf('kubectl get pods', { target })), ['no-namespace']);
      assert.deepEqual(trapsOf(planOf('kubectl rollout undo deploy/web', { target })), ['no-namespace!']);
      assert.deepEqual(trapsOf(planOf('kubectl get pods', { target: { namespace: 'a' } })), ['no-context!']);
      assert.deepEqual(trapsOf(planOf('kubectl get pods --context x', { target: { namespace: 'a' } })), []);
    });

    it('is not said to differ before its placeholder is filled', () => {
      const plan = kubernetesPlan('kubectl get pods -n <namespace>');
      assert.deepEqual(trapsOf(plan), []);
      assert.equal(plan.preview, 'kubectl get pods -n <namespace> --context sim');
      const other = planOf('kubectl get pods -n <namespace>', { values: { namespace: 'staging' } });
      assert.deepEqual(trapsOf(other), ['target-differs']);
    });
  });

  it('gives each kind of action its time', () => {
    const minutes = (command: string, attributes = {}): number | undefined =>
      planOf(command, { step: { attributes } }).timeoutMs;
    assert.equal(minutes('kubectl get pods'), 60_000);
    assert.equal(minutes('kubectl logs -f web-1'), undefined);
    assert.equal(minutes('kubectl scale deploy web --replicas=2'), 300_000);
    assert.equal(minutes('kubectl rollout status deploy/web'), 600_000);
    assert.equal(minutes('make status'), 600_000);
    assert.equal(minutes('kubectl get pods', { 'ir.timeout': '30s' }), 30_000);
    assert.equal(minutes('kubectl get pods', { 'ir.timeout': '1h5m' }), 3_900_000);
    assert.equal(minutes('kubectl get pods', { 'ir.timeout': 'none' }), undefined);
    assert.equal(minutes('kubectl get pods', { 'ir.timeout': 'soon' }), 60_000);
  });

  it('keeps a number that is not known yet from being taken for one', () => {
    const plan = kubernetesPlan('kubectl scale deployment web --replicas=<n>');
    const action = plan.action as Extract<KubernetesAction, { verb: 'scale' }>;
    assert.ok(Number.isNaN(action.replicas));
    assert.deepEqual(plan.missing, [{ name: 'n', written: '<n>', kind: 'number' }]);
    assert.equal(plan.preview, 'kubectl scale deployment web -n production --context sim --replicas=<n>');
    const filled = actionOf('kubectl scale deployment web --replicas=<n>', { values: { n: '10' } });
    assert.equal((filled as { replicas?: number }).replicas, 10);
  });
});
