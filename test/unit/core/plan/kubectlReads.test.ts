import assert from 'node:assert/strict';
import { actionOf, get, kubernetesPlan, logs, missingOf, planOf, shellPlan, trapsOf, why } from './planOf.ts';

const top = (more: object): object => ({
  verb: 'top',
  what: 'pods',
  name: undefined,
  selector: undefined,
  allNamespaces: false,
  containers: false,
  sortBy: undefined,
  sum: false,
  noHeaders: false,
  ...more,
});
const names = '{range .items[*]}{.metadata.name}{"\\t"}{.status.phase}{"\\n"}{end}';

const covered: readonly (readonly [command: string, action: object])[] = [
  ['kubectl get all', get({ kinds: ['all'] })],
  ['kubectl get all,ing -A', get({ kinds: ['all', 'ing'], allNamespaces: true })],
  ['kubectl get releases.lab.incident', get({ kinds: ['releases.lab.incident'] })],
  [
    'kubectl get pod/a svc/b pod/c',
    get({
      kinds: ['pod', 'svc'],
      objects: [
        { kind: 'pod', name: 'a' },
        { kind: 'svc', name: 'b' },
        { kind: 'pod', name: 'c' },
      ],
    }),
  ],
  ['kubectl get pods -w', get({ watch: 'list' })],
  ['kubectl get pods --watch=true -o wide', get({ watch: 'list', output: 'wide' })],
  ['kubectl get pod web-1 --watch-only', get({ kinds: ['pod'], names: ['web-1'], watch: 'changes' })],
  ["kubectl get pods -o jsonpath='{.items}'", get({ output: 'jsonpath', template: '{.items}' })],
  [`kubectl get pods -o=jsonpath='${names}'`, get({ output: 'jsonpath', template: names })],
  [
    'kubectl get pods -o custom-columns=NAME:.metadata.name,NODE:.spec.nodeName',
    get({ output: 'custom-columns', template: 'NAME:.metadata.name,NODE:.spec.nodeName' }),
  ],
  ['kubectl get pods --sort-by=.metadata.name', get({ sortBy: '.metadata.name' })],
  ['kubectl get pods --sort-by metadata.name', get({ sortBy: 'metadata.name' })],
  [
    'kubectl get pods --field-selector=status.phase!=Running',
    get({ fieldSelector: 'status.phase!=Running' }),
  ],
  ['kubectl get pods --show-labels', get({ showLabels: true })],
  ['kubectl get pods --show-labels=false', get({})],
  ['kubectl get pods -L app,tier -L zone', get({ labelColumns: ['app', 'tier', 'zone'] })],
  ['kubectl get pods --ignore-not-found', get({ ignoreNotFound: true })],
  ['kubectl get pods -o yaml --show-managed-fields', get({ output: 'yaml', showManagedFields: true })],
  [
    'kubectl describe pod/a svc/b --show-events=false',
    {
      verb: 'describe',
      kinds: ['pod', 'svc'],
      names: [],
      objects: [
        { kind: 'pod', name: 'a' },
        { kind: 'svc', name: 'b' },
      ],
      selector: undefined,
      allNamespaces: false,
      showEvents: false,
    },
  ],
  ['kubectl logs svc/web', logs({ resource: 'svc/web' })],
  [
    'kubectl logs job/report --all-pods',
    logs({ resource: 'job/report', allPods: true, prefix: true, order: 'time' }),
  ],
  ['kubectl logs web-1 --since=1500ms', logs({ sinceSeconds: 2 })],
  ['kubectl logs web-1 --since-time=2026-11-23T10:00:00Z', logs({ sinceTime: '2026-11-23T10:00:00Z' })],
  ['kubectl logs web-1 --limit-bytes=500 --ignore-errors', logs({ limitBytes: 500, ignoreErrors: true })],
  [
    'kubectl logs -f -l app=web --max-log-requests=10',
    logs({ resource: undefined, selector: 'app=web', follow: true, order: 'time', maxLogRequests: 10 }),
  ],
  ['kubectl logs -l app=web --prefix=false', logs({ resource: undefined, selector: 'app=web' })],
  [
    'kubectl logs -l app=web --prefix',
    logs({ resource: undefined, selector: 'app=web', prefix: true, order: 'time' }),
  ],
  ['kubectl top pods', top({})],
  ['kubectl top po web-1 --containers', top({ name: 'web-1', containers: true })],
  ['kubectl top pod -A --sort-by=memory --sum', top({ allNamespaces: true, sortBy: 'memory', sum: true })],
  ['kubectl top node --no-headers', top({ what: 'nodes', noHeaders: true })],
];

const forTheShell: readonly (readonly [command: string, because: RegExp])[] = [
  ['kubectl get pods,svc -w', /one kind/],
  ['kubectl get all -w', /one kind/],
  ['kubectl get pods a b -w', /one kind/],
  ['kubectl get pods -w -o yaml', /watch/],
  ['kubectl get pods -w --sort-by=.metadata.name', /not sorted/],
  ['kubectl get pods --output-watch-events -w', /--output-watch-events/],
  ["kubectl get pods -o jsonpath='{.items[*}'", /jsonpath/],
  ["kubectl get pods -o jsonpath='{range .items[*]}{.a}'", /jsonpath/],
  ["kubectl get pods -o go-template='{{.items}}'", /go-template|.*/],
  ['kubectl get pods -o custom-columns=NAME', /custom-columns/],
  ['kubectl get pods -o jsonpath=', /output format/],
  ['kubectl get pods --sort-by={.a}{.b}', /pattern|--sort-by/],
  ['kubectl get pods -o name --show-labels', /labels/],
  ['kubectl get pod web-1 --field-selector=a=b', /selector/],
  ['kubectl get pod/a b', /two ways/],
  ['kubectl get pods/a,svc/b', /two ways/],
  ['kubectl get all web', /many kinds/],
  ['kubectl top', /pods or nodes/],
  ['kubectl top pods a b', /pods or nodes/],
  ['kubectl top pods --sort-by=age', /--sort-by/],
  ['kubectl top nodes --containers', /--containers/],
  ['kubectl top pods web-1 -l app=web', /selector/],
  ['kubectl logs cm/settings', /cm\/settings/],
  ['kubectl logs web-1 --since=1h --since-time=2026-11-23T10:00:00Z', /both/],
  ['kubectl logs web-1 --since-time=yesterday', /--since-time/],
  ['kubectl logs web-1 --limit-bytes=-1', /--limit-bytes/],
  ['kubectl logs web-1 --since=100ms', /--since/],
];

describe('planning reads with kubectl', () => {
  for (const [command, action] of covered)
    it(`covers ${command}`, () => {
      const plan = kubernetesPlan(command);
      assert.deepEqual(plan.action, action);
      assert.equal(plan.risk, 'read');
      assert.deepEqual(actionOf(plan.preview), action, `the preview ${plan.preview} gives the same action`);
    });
  for (const [command, because] of forTheShell)
    it(`leaves to the shell: ${command}`, () => assert.match(why(shellPlan(command)), because));

  it('watches and follows without an end, unless the step says one', () => {
    assert.equal(planOf('kubectl get pods -w').timeoutMs, undefined);
    assert.equal(planOf('kubectl get pods').timeoutMs, 60_000);
    assert.equal(
      planOf('kubectl get pods -w', { step: { attributes: { 'ir.timeout': '5m' } } }).timeoutMs,
      300_000,
    );
  });

  it('wants no namespace for the usage of nodes, nor of all pods', () => {
    const target = { context: 'sim' };
    assert.deepEqual(trapsOf(planOf('kubectl top nodes', { target })), []);
    assert.deepEqual(trapsOf(planOf('kubectl top pods -A', { target })), []);
    assert.deepEqual(trapsOf(planOf('kubectl top pods', { target })), ['no-namespace']);
    assert.equal(kubernetesPlan('kubectl top nodes').preview, 'kubectl top nodes --context sim');
  });

  it('keeps a placeholder open inside a template, a selector and a time', () => {
    const plan = kubernetesPlan("kubectl get pods -o jsonpath='{.items[*].metadata.labels.<label>}'");
    assert.deepEqual(missingOf(plan), ['label:text']);
    assert.match(plan.preview, /<label>/);
    assert.equal(
      (
        actionOf('kubectl logs web-1 --since-time=<onset>', {
          values: { onset: '2026-11-23T10:00:00Z' },
        }) as { sinceTime?: string }
      ).sinceTime,
      '2026-11-23T10:00:00Z',
    );
    assert.deepEqual(
      trapsOf(
        planOf('kubectl get pods --field-selector=spec.nodeName=<node>', { values: { node: 'a,b=c' } }),
      ),
      ['invalid-value!'],
    );
  });
});
