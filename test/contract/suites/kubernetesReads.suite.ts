import assert from 'node:assert/strict';
import type { Outcome, Target } from '../../../src/core/plan/plan.ts';
import { planStep } from '../../../src/core/plan/planStep.ts';
import type { KubernetesExecutor } from '../../../src/executors/kubernetes/kubernetesExecutor.ts';
import type { CollectedOutput } from '../../unit/executors/collectOutput.ts';
import { collectOutput, untilDone } from '../../unit/executors/collectOutput.ts';
import { kubernetesPlan, patch } from '../../unit/executors/kubernetes/kubernetesFixtures.ts';

/** A cluster with the simulator's `production` namespace in it, healthy: the simulator itself, or the lab. */
export interface KubernetesReadsProduction {
  readonly name: string;
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Valid between start and stop, as all that follows. */
  readonly executor: KubernetesExecutor;
  readonly target: Target;
  /** Whether pods' and nodes' usage is measured there. */
  readonly hasMetrics: boolean;
}

/** What `kubectl` becomes in the incident, run: the whole way from the guide's line to the output. */
export const commandPlan = (command: string, target: Target) => {
  const step = {
    id: 'step',
    number: 1,
    text: 'Look',
    condition: undefined,
    command,
    details: [],
    language: 'bash',
    line: 1,
    endLine: 1,
    attributes: {},
  };
  const plan = planStep(step, { target, values: {}, readOnlyPrefixes: [] });
  if (plan.kind !== 'kubernetes') throw new Error(`${command} became a ${plan.kind} plan`);
  return plan;
};

/** Every read through the executor; leaves the cluster as it was. */
export function describeKubernetesReads(production: KubernetesReadsProduction): void {
  describe(`kubernetes reads against ${production.name}`, function () {
    this.timeout(60_000);
    before(() => production.start());
    after(() => production.stop());

    interface Ran {
      readonly outcome: Outcome;
      readonly output: CollectedOutput;
      readonly lines: readonly string[];
    }
    const run = async (command: string): Promise<Ran> => {
      const output = collectOutput();
      const plan = commandPlan(command, production.target);
      const outcome = await production.executor.run(plan, output, untilDone());
      return { outcome, output, lines: output.stdout.split('\n').slice(0, -1) };
    };
    /** The first column of each row. */
    const firsts = ({ lines }: Ran): readonly string[] => lines.map((line) => line.split(/\s+/)[0] ?? '');
    const words = (line = ''): readonly string[] => line.trim().split(/\s{2,}/);

    describe('get', () => {
      it('shows the columns of each kind', async () => {
        const titles = async (command: string) => words((await run(command)).lines[0]);
        assert.deepEqual(await titles('kubectl get pods'), ['NAME', 'READY', 'STATUS', 'RESTARTS', 'AGE']);
        assert.deepEqual(await titles('kubectl get pods -A -o wide'), [
          ...['NAMESPACE', 'NAME', 'READY', 'STATUS', 'RESTARTS', 'AGE', 'IP', 'NODE', 'NOMINATED NODE'],
          'READINESS GATES',
        ]);
        assert.deepEqual(await titles('kubectl get svc'), [
          ...['NAME', 'TYPE', 'CLUSTER-IP', 'EXTERNAL-IP', 'PORT(S)', 'AGE'],
        ]);
        assert.deepEqual(await titles('kubectl get ingress'), [
          ...['NAME', 'CLASS', 'HOSTS', 'ADDRESS', 'PORTS', 'AGE'],
        ]);
        assert.deepEqual(await titles('kubectl get nodes'), ['NAME', 'STATUS', 'ROLES', 'AGE', 'VERSION']);
      });

      it('names each kind when it shows several, with a line between', async () => {
        const { lines } = await run('kubectl get svc,ingress');
        const blank = lines.indexOf('');
        assert.ok(lines.slice(1, blank).every((line) => line.startsWith('service/')));
        assert.match(lines[blank + 2] ?? '', /^ingress\.networking\.k8s\.io\/storefront /);
        assert.deepEqual(firsts(await run('kubectl get sts/postgres svc/checkout svc/search --no-headers')), [
          'statefulset.apps/postgres',
          'service/checkout',
          'service/search',
        ]);
        const all = firsts(await run('kubectl get all --no-headers'));
        for (const kind of ['pod/', 'service/', 'deployment.apps/', 'replicaset.apps/', 'statefulset.apps/'])
          assert.ok(
            all.some((name) => name.startsWith(kind)),
            kind,
          );
        assert.ok(!all.some((name) => name.startsWith('configmap')));
      });

      it('selects by labels, sets of them, and fields', async () => {
        const apps = async (selection: string) =>
          [...new Set(firsts(await run(`kubectl get pods --no-headers ${selection}`)))].map((name) =>
            name.replace(/-[a-z0-9]+-[a-z0-9]{5}$/, ''),
          );
        assert.deepEqual([...new Set(await apps('-l app=checkout'))], ['checkout']);
        assert.deepEqual([...new Set(await apps("-l 'app in (checkout, search)'"))], ['checkout', 'search']);
        const others = await apps("-l 'app notin (checkout,search),app'");
        assert.ok(others.includes('catalog') && !others.includes('checkout'));
        assert.deepEqual(await apps('-l app=checkout,app!=checkout'), []);
        const [name = ''] = firsts(await run('kubectl get pods -l app=search --no-headers'));
        assert.deepEqual(
          firsts(await run(`kubectl get pods --no-headers --field-selector metadata.name=${name}`)),
          [name],
        );
        assert.deepEqual(await apps('--field-selector status.phase=Failed'), []);
      });

      it('shows labels, all of them or some as columns', async () => {
        const shown = await run('kubectl get svc checkout --show-labels');
        assert.match(shown.lines[0] ?? '', / AGE {2,}LABELS$/);
        assert.match(shown.lines[1] ?? '', /app=checkout/);
        const columns = await run('kubectl get deploy checkout -L app,nothing');
        assert.match(columns.lines[0] ?? '', / APP {2,}NOTHING$/);
        assert.match(columns.lines[1] ?? '', / checkout\s*$/);
      });

      it('sorts by a field', async () => {
        const names = firsts(await run('kubectl get deploy --no-headers --sort-by=.spec.replicas'));
        assert.equal(names.at(-1), 'payment-service');
        const backwards = await run('kubectl get deploy --sort-by=.nothing');
        assert.match(backwards.output.stderr, /couldn't find any field with path "\{\.nothing\}"/);
      });

      it('prints names, paths, columns, YAML and JSON', async () => {
        const text = async (command: string) => (await run(command)).output.stdout;
        assert.equal(
          await text('kubectl get svc,deploy checkout -o name'),
          'service/checkout\ndeployment.apps/checkout\n',
        );
        assert.equal(
          await text(`kubectl get svc checkout -o jsonpath='{.metadata.name}:{.spec.ports[0].port}{"\\n"}'`),
          'checkout:8080\n',
        );
        const template = '{range .items[?(@.spec.replicas>2)]}{.metadata.name}{"\\n"}{end}';
        assert.equal(await text(`kubectl get deploy -o jsonpath='${template}'`), 'payment-service\n');
        assert.match(
          await text('kubectl get deploy checkout -o custom-columns=NAME:.metadata.name,NO:.a.b'),
          /^NAME {7}NO\ncheckout {3}<none>\n$/,
        );
        assert.match(
          await text('kubectl get svc checkout -o yaml'),
          /^apiVersion: v1\nkind: Service\nmetadata:\n/,
        );
        const list = JSON.parse(await text('kubectl get svc -o json')) as { kind: string; items: unknown[] };
        assert.equal(list.kind, 'List');
        assert.ok(list.items.length > 4);
      });

      it('says what is not there, and is content where that was allowed', async () => {
        const absent = await run('kubectl get pod nothing-here');
        assert.equal(absent.output.stderr, 'Error from server (NotFound): pods "nothing-here" not found\n');
        assert.ok(absent.outcome.kind === 'failed' && absent.outcome.exitCode === 1);
        assert.equal(
          (await run('kubectl get pod nothing-here --ignore-not-found')).outcome.kind,
          'succeeded',
        );
        const none = await run('kubectl get pods -l app=nothing');
        assert.equal(none.output.stderr, 'No resources found in production namespace.\n');
        const kind = await run('kubectl get nonsense');
        assert.match(kind.output.stderr, /the server doesn't have a resource type "nonsense"/);
        const field = await run('kubectl get pods --field-selector nonsense=1');
        assert.match(
          field.output.stderr,
          /Unable to find .* field selector "nonsense=1": field label not supported/,
        );
      });

      it('watches: what is there, then what changes, until stopped', async () => {
        const stop = new AbortController();
        const output = collectOutput();
        const plan = commandPlan('kubectl get cm payment-service -w -L watched', production.target);
        const running = production.executor.run(plan, output, stop.signal);
        await output.seen('payment-service');
        const change = async (value: string | null) => {
          const text = JSON.stringify({ metadata: { labels: { watched: value } } });
          const action = patch('cm', 'payment-service', text, { patchType: 'merge' });
          return production.executor.run(
            kubernetesPlan(action, { target: production.target }),
            collectOutput(),
            untilDone(),
          );
        };
        try {
          assert.equal((await change('yes')).kind, 'succeeded');
          await output.seen(' yes');
        } finally {
          assert.equal((await change(null)).kind, 'succeeded');
        }
        stop.abort();
        assert.deepEqual(await running, { kind: 'stopped' });
        assert.match(
          output.stdout,
          /^NAME {14}DATA {3}AGE {3,}WATCHED\npayment-service .*\npayment-service .* yes\n/,
        );
      });
    });

    describe('describe', () => {
      /** The value behind a key at the beginning of a line. */
      const valueOf = (text: string, key: string): string | undefined =>
        new RegExp(`^ *${key}: +(.*)$`, 'm').exec(text)?.[1]?.trim();
      const described = async (what: string): Promise<string> => {
        const { output, outcome } = await run(`kubectl describe ${what}`);
        assert.equal(outcome.kind, 'succeeded', output.stderr);
        return output.stdout;
      };

      it('tells how a pod runs and what may be used', async () => {
        const [name = ''] = firsts(await run('kubectl get pods -l app=payment-service --no-headers'));
        const text = await described(`pod ${name}`);
        assert.equal(valueOf(text, 'Name'), name);
        assert.equal(valueOf(text, 'Namespace'), 'production');
        assert.match(valueOf(text, 'Node') ?? '', /^node-[abc]\//);
        assert.match(valueOf(text, 'Start Time') ?? '', /^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d [-+]\d{4}$/);
        assert.equal(valueOf(text, 'Status'), 'Running');
        assert.match(valueOf(text, 'Controlled By') ?? '', /^ReplicaSet\/payment-service-/);
        assert.equal(valueOf(text, 'State'), 'Running');
        assert.equal(valueOf(text, 'Ready'), 'True');
        assert.equal(valueOf(text, 'memory'), '256Mi');
        assert.match(valueOf(text, 'Readiness') ?? '', /^http-get http:\/\/:8080\/health /);
        assert.equal(valueOf(text, 'QoS Class'), 'Burstable');
        assert.match(text, /^Conditions:\n {2}Type +Status$/m);
        assert.match(text, /^Events:/m);
      });

      it('tells what a deployment wants and has', async () => {
        const text = await described('deployment checkout');
        assert.equal(
          valueOf(text, 'Replicas'),
          '2 desired | 2 updated | 2 total | 2 available | 0 unavailable',
        );
        assert.equal(valueOf(text, 'StrategyType'), 'RollingUpdate');
        assert.equal(valueOf(text, 'RollingUpdateStrategy'), '25% max unavailable, 25% max surge');
        assert.match(valueOf(text, 'NewReplicaSet') ?? '', /^checkout-\w+ \(2\/2 replicas created\)$/);
        assert.match(text, /^ {2}Available +True +MinimumReplicasAvailable$/m);
      });

      it('tells who is ready behind a service and an ingress', async () => {
        const service = await described('svc checkout');
        assert.match(valueOf(service, 'Port') ?? '', /^http +8080\/TCP$/);
        assert.match(valueOf(service, 'Endpoints') ?? '', /^10\.\d+\.\d+\.\d+:8080,10\.\d+\.\d+\.\d+:8080$/);
        const ingress = await described('ingress storefront');
        assert.equal(valueOf(ingress, 'Ingress Class'), 'nginx');
        assert.match(ingress, /^ {2}shop\.example\.com *$/m);
        assert.match(ingress, /^ +\/checkout +checkout:8080 \(10\.[\d.]+:8080,10\.[\d.]+:8080\)$/m);
      });

      it('tells who uses a node', async () => {
        const text = await described('node node-a');
        assert.match(text, /^ {2}Ready +True .* KubeletReady +kubelet is posting ready status$/m);
        assert.match(valueOf(text, 'Non-terminated Pods') ?? '', /^\(\d+ in total\)$/);
        assert.match(text, /^ {2}memory +\d+Mi \(\d+%\) +\d+Mi \(\d+%\)$/m);
      });

      it('tells of other workloads and of any kind', async () => {
        assert.match(await described('sts postgres'), /^Pods Status: +1 Running \/ 0 Waiting/m);
        assert.match(await described('rs -l app=checkout'), /^Controlled By: +Deployment\/checkout$/m);
        assert.match(await described('cm payment-service'), /^Data\n====$/m);
        assert.match(await described('ns production'), /^ {2}Phase: +Active$/m);
      });

      it('takes the beginning of a name, and several objects without their events', async () => {
        const several = await described('pod checkout');
        assert.equal(several.match(/^Name: /gm)?.length, 2);
        assert.doesNotMatch(several, /^Events:/m);
        assert.match(await described('svc checkout'), /^Events: /m);
        const absent = await run('kubectl describe pod nothing-here');
        assert.equal(absent.output.stderr, 'Error from server (NotFound): pods "nothing-here" not found\n');
      });
    });

    describe('logs', () => {
      it('show one pod, its last lines, and with their times', async () => {
        const [name = ''] = firsts(await run('kubectl get pods -l app=checkout --no-headers'));
        const tail = await run(`kubectl logs ${name} --tail=3`);
        assert.equal(tail.lines.length, 3);
        const stamped = await run(`kubectl logs ${name} --tail=3 --timestamps`);
        assert.ok(stamped.lines.every((line) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z /.test(line)));
        const since = stamped.lines[0]?.split(' ')[0] ?? '';
        const later = await run(
          `kubectl logs ${name} --since-time=${since.replace(/\.\d+Z$/, 'Z')} --timestamps`,
        );
        assert.ok(later.lines.length >= 3 && later.lines.length < 100);
        assert.ok((await run(`kubectl logs ${name} --limit-bytes=40`)).output.stdout.trimEnd().length <= 40);
      });

      it('put several pods in order of time, each line with its pod', async () => {
        const { lines, outcome } = await run('kubectl logs -l app=payment-service --since=20m --timestamps');
        assert.equal(outcome.kind, 'succeeded');
        const times = lines.map(
          (line) => /^\[pod\/payment-service-\S+\/payment-service\] (\S+) /.exec(line)?.[1] ?? '',
        );
        assert.ok(times.length > 50 && times.every((time) => time !== ''));
        assert.deepEqual(times, [...times].sort());
        const pods = new Set(lines.map((line) => line.split(' ')[0]));
        assert.ok(pods.size >= 2, 'more than one pod is shown');
        const plain = await run('kubectl logs -l app=payment-service --since=20m | grep -c pod/');
        assert.equal(plain.output.stdout, '0\n');
      });

      it('read every container, and say which was taken', async () => {
        const [name = ''] = firsts(await run('kubectl get pods -l app=notifications --no-headers'));
        const one = await run(`kubectl logs ${name} --tail=1`);
        assert.equal(
          one.output.stderr,
          'Defaulted container "notifications" out of: notifications, mail-relay\n',
        );
        const all = await run(`kubectl logs ${name} --all-containers --prefix --tail=1`);
        assert.deepEqual(
          all.lines.map((line) => line.split(' ')[0]),
          [`[pod/${name}/notifications]`, `[pod/${name}/mail-relay]`],
        );
        const wrong = await run(`kubectl logs ${name} -c nothing`);
        assert.match(
          wrong.output.stderr,
          /container nothing is not valid for pod .* out of: notifications, mail-relay/,
        );
      });

      it('choose a pod of a workload, and follow until stopped', async () => {
        const chosen = await run('kubectl logs deploy/checkout --tail=1');
        assert.match(chosen.output.stderr, /^Found 2 pods, using pod\/checkout-/);
        const stop = new AbortController();
        const output = collectOutput();
        const plan = commandPlan('kubectl logs -f -l app=checkout --tail=1', production.target);
        const running = production.executor.run(plan, output, stop.signal);
        await output.seen('[pod/checkout-');
        stop.abort();
        assert.deepEqual(await running, { kind: 'stopped' });
      });

      it('say that there are none', async () => {
        const none = await run('kubectl logs -l app=nothing');
        assert.equal(none.output.stderr, 'No resources found in production namespace.\n');
        assert.equal((await run('kubectl logs nothing-here')).outcome.kind, 'failed');
      });
    });

    it('shows what pods and nodes use, or says that nobody measures it', async () => {
      const pods = await run('kubectl top pods');
      const nodes = await run('kubectl top nodes');
      if (!production.hasMetrics) {
        for (const { output, outcome } of [pods, nodes]) {
          assert.match(output.stderr, /^error: Metrics API not available/);
          assert.equal(outcome.kind, 'failed');
        }
        return;
      }
      assert.match(pods.lines[0] ?? '', /^NAME +CPU\(cores\) +MEMORY\(bytes\) *$/);
      assert.match(pods.lines.find((line) => line.startsWith('checkout-')) ?? '', / \d+m +\d+Mi *$/);
      assert.match(nodes.lines[1] ?? '', /^node-a +\d+m +\d+% +\d+Mi +\d+% *$/);
      const biggest = await run('kubectl top pods -A --sort-by=memory --no-headers');
      const amounts = biggest.lines.map((line) => Number(/(\d+)Mi/.exec(line)?.[1]));
      assert.deepEqual(
        amounts,
        [...amounts].sort((a, b) => b - a),
      );
    });
  });
}
