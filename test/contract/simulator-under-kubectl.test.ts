import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { Exec, KubeConfig } from '@kubernetes/client-node';
import type { V1Status } from '@kubernetes/client-node';
import type { Simulator, SimulatorOptions } from '../../src/simulator/simulator.ts';
import { startSimulator } from '../../src/simulator/simulator.ts';
import type { KubectlResult } from '../support/kubectl.ts';
import { findExecKubectl, findKubectl, kubectlVersion, runKubectl } from '../support/kubectl.ts';

const kubectl = findKubectl();

/** A simulated production with a folder of its own, and kubectl pointed at nothing but it. */
interface Lab {
  readonly simulator: Simulator;
  run(...args: string[]): Promise<KubectlResult>;
  /** As `run`, for what goes on until its output is enough. */
  follow(until: (stdout: string) => boolean, ...args: string[]): Promise<KubectlResult>;
  /** As `run`, for what must succeed: the output's lines. */
  lines(...args: string[]): Promise<string[]>;
  dispose(): Promise<void>;
}

async function createLab(options: Partial<SimulatorOptions> = {}, file = kubectl ?? ''): Promise<Lab> {
  const home = await mkdtemp(join(tmpdir(), 'incident-kubectl-'));
  const kubeconfig = join(home, 'kubeconfig');
  const simulator = await startSimulator({ kubeconfigFile: kubeconfig, tickEveryMs: 50, ...options });
  const run = (...args: string[]): Promise<KubectlResult> => runKubectl(file, args, { home, kubeconfig });
  return {
    simulator,
    run,
    follow: (until, ...args) => runKubectl(file, args, { home, kubeconfig, until }),
    lines: async (...args) => {
      const { code, stdout, stderr } = await run(...args);
      assert.equal(code, 0, `kubectl ${args.join(' ')} ended with ${code}: ${stderr}`);
      return stdout.trimEnd().split('\n');
    },
    dispose: async () => {
      await simulator.dispose();
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** Waits for something that another process brings about. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 10));
}

const payment = (lines: readonly string[]): string[] =>
  lines.filter((line) => line.startsWith('payment-service-'));
const cells = (line: string | undefined): string[] => (line ?? '').split(/\s{2,}/);
const paymentHealth = async ({ simulator }: Lab): Promise<number> =>
  (await fetch(`${simulator.services}/payment-service/health`)).status;

if (kubectl === undefined) {
  const why =
    'No kubectl answers on PATH, so the simulator was not tried under it. Install one (Debian: kubernetes-client), ' +
    'name one in INCIDENT_KUBECTL, or set INCIDENT_NO_KUBECTL=1 to go without.';
  describe('the simulator under an unmodified kubectl', () => {
    it('needs a kubectl', () => {
      console.log(why);
      assert.equal(process.env['INCIDENT_NO_KUBECTL'], '1', why);
    });
  });
} else {
  describe(`the simulator under an unmodified kubectl ${kubectlVersion(kubectl)?.join('.')}`, function () {
    this.timeout(60_000);

    describe('reading', () => {
      let lab: Lab;
      before(async () => {
        // Time stands still here, so that every table is the same however slow the machine is.
        const at = new Date(Date.now() - 1000);
        lab = await createLab({ now: () => at, tickEveryMs: 0 });
      });
      after(() => lab.dispose());

      it('shows the crash loop in kubectl get pods, in its columns', async () => {
        const lines = await lab.lines('get', 'pods', '-n', 'production');
        assert.deepEqual(cells(lines[0]), ['NAME', 'READY', 'STATUS', 'RESTARTS', 'AGE']);
        assert.equal(lines.length, 11);
        assert.equal(payment(lines).length, 3);
        for (const line of payment(lines)) {
          assert.match(
            line,
            /^payment-service-\w{10}-\w{5} +0\/1 +CrashLoopBackOff +\d+ \(\d+s ago\) +3d4h$/,
          );
        }
        assert.match(lines.find((line) => line.startsWith('notifications')) ?? '', / 2\/2 +Running +0 +12d$/);
      });

      it('takes the namespace from its own context', async () => {
        assert.deepEqual(await lab.lines('get', 'pods'), await lab.lines('get', 'pods', '-n', 'production'));
      });

      it('adds the wide columns', async () => {
        const [header, first] = await lab.lines('get', 'pods', '-o', 'wide');
        assert.deepEqual(cells(header).slice(5), ['IP', 'NODE', 'NOMINATED NODE', 'READINESS GATES']);
        assert.match(first ?? '', / 10\.244\.\d\.\d+ +node-[abc] +<none> +<none>$/);
      });

      it('prints names, JSON and YAML', async () => {
        const names = await lab.lines('get', 'pods', '-l', 'app=payment-service', '-o', 'name');
        assert.equal(names.length, 3);
        const pod = names[0] ?? '';
        const json = JSON.parse((await lab.lines('get', pod, '-o', 'json')).join('\n')) as {
          kind: string;
          status: {
            containerStatuses: { lastState: { terminated: { reason: string; exitCode: number } } }[];
          };
        };
        const { reason, exitCode } = json.status.containerStatuses[0]?.lastState.terminated ?? {};
        assert.deepEqual([json.kind, reason, exitCode], ['Pod', 'OOMKilled', 137]);
        const yaml = (await lab.lines('get', pod, '-o', 'yaml')).join('\n');
        assert.match(yaml, /^apiVersion: v1\nkind: Pod\n/);
        assert.match(yaml, /memory: 256Mi/);
      });

      it('selects by labels and fields', async () => {
        const count = async (...args: string[]): Promise<number> =>
          (await lab.lines('get', 'pods', '--no-headers', ...args)).length;
        assert.equal(await count('-l', 'app in (payment-service,checkout)'), 5);
        assert.equal(await count('-l', 'app!=payment-service'), 7);
        assert.equal(await count('-l', 'app,app notin (postgres)'), 9);
        assert.equal(await count('--field-selector', 'metadata.name=postgres-0'), 1);
        const none = await lab.run('get', 'pods', '-l', 'app=nothing');
        assert.equal(none.code, 0);
        assert.match(none.stderr, /No resources found in production namespace/);
      });

      it('shows services and the ingress together, and every namespace with -A', async () => {
        const lines = await lab.lines('get', 'svc,ingress', '-n', 'production');
        assert.ok(
          lines.some((line) => /^service\/payment-service +ClusterIP +[\d.]+ +<none> +8080\/TCP/.test(line)),
        );
        const ingress =
          /^ingress\S*\/storefront +nginx +shop\.example\.com,pay\.example\.com +203\.0\.113\.10 +80 /;
        assert.ok(lines.some((line) => ingress.test(line)));
        const all = await lab.lines('get', 'pods', '-A');
        assert.deepEqual(cells(all[0])[0], 'NAMESPACE');
        assert.deepEqual(
          [...new Set(all.slice(1).map((line) => cells(line)[0]))],
          ['kube-system', 'production', 'staging'],
        );
      });

      it('shows nodes, namespaces, endpoints, config maps, replica sets and deployments', async () => {
        const nodes = await lab.lines('get', 'nodes');
        assert.deepEqual(cells(nodes[0]), ['NAME', 'STATUS', 'ROLES', 'AGE', 'VERSION']);
        assert.equal(nodes.filter((line) => / Ready /.test(line)).length, 3);
        const all = (await lab.lines('get', 'ns,ep,cm,rs,deploy,sts')).join('\n');
        assert.match(all, /namespace\/staging +Active/);
        assert.match(all, /endpoints\/payment-service +<none>/);
        assert.match(all, /configmap\/payment-service +3 /);
        assert.match(all, /replicaset\.apps\/payment-service-\w+ +0 +0 +0 /);
        assert.match(all, /replicaset\.apps\/payment-service-\w+ +3 +3 +0 /);
        assert.match(all, /deployment\.apps\/payment-service +0\/3 +3 +0 +12d/);
        assert.match(all, /statefulset\.apps\/postgres +1\/1 /);
      });

      it('shows events in order of time', async () => {
        const lines = await lab.lines('get', 'events', '--sort-by=.lastTimestamp');
        assert.deepEqual(cells(lines[0]), ['LAST SEEN', 'TYPE', 'REASON', 'OBJECT', 'MESSAGE']);
        const backOff = lines.filter((line) => / Warning +BackOff +pod\/payment-service/.test(line));
        assert.equal(backOff.length, 3);
        assert.match(backOff[0] ?? '', /Back-off restarting failed container payment-service/);
      });

      it('describes a pod with its last state and its events', async () => {
        const text = (await lab.lines('describe', 'pod', '-l', 'app=payment-service')).join('\n');
        assert.match(
          text,
          /Reason: +CrashLoopBackOff\n +Last State: +Terminated\n +Reason: +OOMKilled\n +Exit Code: +137/,
        );
        assert.match(text, /Restart Count: +[345]/);
        assert.match(text, /Warning +BackOff .*kubelet +Back-off restarting failed container/);
      });

      it('describes a deployment, a service, an ingress and a node', async () => {
        const deployment = (await lab.lines('describe', 'deployment', 'payment-service')).join('\n');
        assert.match(
          deployment,
          /Replicas: +3 desired \| 3 updated \| 3 total \| 0 available \| 3 unavailable/,
        );
        assert.match(deployment, /Available +False +MinimumReplicasUnavailable/);
        assert.match(deployment, /NewReplicaSet: +payment-service-\w+ \(3\/3 replicas created\)/);
        const service = (await lab.lines('describe', 'service', 'checkout')).join('\n');
        assert.match(service, /Endpoints: +10\.244\.\d\.\d+:8080,10\.244/);
        const ingress = (await lab.lines('describe', 'ingress', 'storefront')).join('\n');
        assert.match(ingress, /\/checkout +checkout:8080 \(10\.244\.\d\.\d+:8080,10\.244/);
        assert.match((await lab.lines('describe', 'node', 'node-a')).join('\n'), /Non-terminated Pods: +\(/);
      });

      it('shows why the pod died in its previous log', async () => {
        const pod = payment(await lab.lines('get', 'pods'))[0]?.split(' ')[0] ?? '';
        const lines = await lab.lines('logs', pod, '--previous');
        assert.match(lines[0] ?? '', /msg="payment-service started"$/);
        assert.match(lines.at(-1) ?? '', /heap 251Mi of 256Mi, queue 1841 requests, shedding none"$/);
        assert.ok(lines.some((line) => /the kernel kills the process \(OOM\)/.test(line)));
        assert.equal((await lab.lines('logs', pod, '--previous', '--tail=2')).length, 2);
        const fresh = await lab.run('logs', 'deploy/search', '--previous');
        assert.equal(fresh.code, 1);
        assert.match(
          fresh.stderr,
          /\(BadRequest\): previous terminated container "search" in pod "search-\w+-\w+" not found/,
        );
      });

      it('limits logs by age, lines, bytes and selector, and stamps them', async () => {
        const hour = await lab.lines('logs', 'deploy/checkout');
        const tenSeconds = await lab.lines('logs', 'deploy/checkout', '--since=10s');
        assert.ok(hour.length > 1000);
        assert.ok(tenSeconds.length < 10);
        assert.deepEqual(tenSeconds, hour.slice(-tenSeconds.length));
        assert.ok(tenSeconds.every((line) => !line.includes('undefined')));
        const both = await lab.lines('logs', '-l', 'app=checkout', '--tail=3', '--timestamps');
        assert.equal(both.length, 6);
        for (const line of both) assert.match(line, /^\d{4}-\d\d-\d\dT[\d:]{8}\.\d{9}Z \d{4}-/);
        const defaults = await lab.lines('logs', '-l', 'app=checkout');
        assert.equal(defaults.length, 20, 'kubectl itself asks for ten lines of each pod with a selector');
        const bytes = await lab.run('logs', 'deploy/checkout', '--limit-bytes=100');
        assert.equal(bytes.stdout.length, 100);
        const errors = (await lab.lines('logs', 'deploy/checkout', '--since=10m')).filter((l) =>
          /error/.test(l),
        );
        assert.match(errors[0] ?? '', /POST \/pay 503 from payment-service/);
      });

      it('asks which container is meant', async () => {
        const pod = (await lab.lines('get', 'pods', '-l', 'app=notifications', '-o', 'name'))[0] ?? '';
        const url = `${lab.simulator.url}/api/v1/namespaces/production/pods/${pod.slice('pod/'.length)}/log`;
        const answer = await fetch(url);
        const status = (await answer.json()) as { message: string; reason: string };
        assert.deepEqual([answer.status, status.reason], [400, 'BadRequest']);
        assert.match(
          status.message,
          /^a container name must be specified for pod .* choose one of: \[notifications mail-relay\]$/,
        );
        const relay = await lab.lines('logs', pod, '-c', 'mail-relay', '--tail=1');
        assert.match(relay[0] ?? '', /relay: accepted message/);
        const wrong = await lab.run('logs', pod, '-c', 'nothing');
        assert.equal(wrong.code, 1);
        assert.match(wrong.stderr, /container nothing is not valid for pod/);
      });

      it('words its refusals as the API server does, with kubectl ending in 1', async () => {
        const pod = await lab.run('get', 'pods', 'nothing');
        assert.deepEqual(
          [pod.code, pod.stderr],
          [1, 'Error from server (NotFound): pods "nothing" not found\n'],
        );
        const deployment = await lab.run('get', 'deployment', 'nothing');
        assert.equal(
          deployment.stderr,
          'Error from server (NotFound): deployments.apps "nothing" not found\n',
        );
        const kind = await lab.run('get', 'nothing');
        assert.match(kind.stderr, /the server doesn't have a resource type "nothing"/);
        const create = await lab.run('create', 'configmap', 'fresh');
        assert.equal(create.code, 1);
        assert.match(create.stderr, /the server does not allow this method on the requested resource/);
      });

      it('allows everything to kubectl auth can-i', async () => {
        assert.deepEqual(await lab.lines('auth', 'can-i', 'delete', 'pods'), ['yes']);
        assert.match((await lab.lines('auth', 'can-i', '--list')).join('\n'), /\*\.\*/);
      });
    });

    describe('changing', () => {
      let lab: Lab;
      beforeEach(async () => {
        lab = await createLab();
      });
      afterEach(() => lab.dispose());

      it('heals when payment-service is scaled to ten, as rollout status sees by itself', async () => {
        assert.equal(await paymentHealth(lab), 503);
        assert.deepEqual(
          await lab.lines('scale', 'deployment', 'payment-service', '-n', 'production', '--replicas=10'),
          ['deployment.apps/payment-service scaled'],
        );
        const rollout = await lab.lines('rollout', 'status', 'deployment/payment-service');
        assert.equal(rollout.at(-1), 'deployment "payment-service" successfully rolled out');
        const pods = payment(await lab.lines('get', 'pods'));
        assert.equal(pods.length, 10);
        for (const line of pods) assert.match(line, / 1\/1 +Running /);
        assert.equal(await paymentHealth(lab), 200);
      });

      it('follows pods with get --watch and new lines with logs -f', async () => {
        const pod = (await lab.lines('get', 'pods', '-l', 'app=checkout', '-o', 'name'))[0] ?? '';
        const asked = (query: RegExp): Promise<void> =>
          until(() => lab.simulator.requests.some(({ path }) => query.test(path)));
        const watched = lab.follow(
          (stdout) => /^search-.* Terminating/m.test(stdout) && /^search-.* ContainerCreating/m.test(stdout),
          ...['get', 'pods', '-l', 'app=search', '--watch'],
        );
        const followed = lab.follow((stdout) => stdout.split('\n').length > 3, 'logs', '-f', pod, '--tail=1');
        await Promise.all([asked(/watch=true/), asked(/follow=true/)]);
        await lab.lines('delete', 'pod', '-l', 'app=search', '--wait=false');
        const { stdout } = await watched;
        assert.match(stdout, /^NAME +READY +STATUS +RESTARTS +AGE\nsearch-\S+ +1\/1 +Running/);
        assert.equal(stdout.match(/NAME/g)?.length, 1, 'the columns are told once');
        const lines = (await followed).stdout.trimEnd().split('\n');
        assert.equal(new Set(lines).size, lines.length, 'no line comes twice');
        assert.deepEqual(lines.toSorted(), lines, 'lines come in the order of their times');
      });

      it('patches a deployment strategically, by merge and by JSON patch', async () => {
        const image = 'registry.example.com/catalog:3.8.2';
        const container = JSON.stringify({
          spec: { template: { spec: { containers: [{ name: 'catalog', image }] } } },
        });
        assert.deepEqual(await lab.lines('patch', 'deployment', 'catalog', '--patch', container), [
          'deployment.apps/catalog patched',
        ]);
        const read = async (path: string): Promise<string> =>
          (await lab.lines('get', 'deployment', 'catalog', '-o', `jsonpath=${path}`)).join('');
        assert.equal(await read('{.spec.template.spec.containers[*].image}'), image);
        assert.equal(await read('{.spec.template.spec.containers[0].ports[0].containerPort}'), '8080');
        await lab.lines('patch', 'deployment', 'catalog', '--type=merge', '-p', '{"spec":{"replicas":3}}');
        assert.equal(await read('{.spec.replicas}'), '3');
        const json =
          '[{"op":"test","path":"/spec/replicas","value":3},{"op":"replace","path":"/spec/replicas","value":4}]';
        await lab.lines('patch', 'deployment', 'catalog', '--type=json', '-p', json);
        assert.equal(await read('{.spec.replicas}'), '4');
        const stale = await lab.run('patch', 'deployment', 'catalog', '--type=json', '-p', json);
        assert.equal(stale.code, 1);
        assert.match(stale.stderr, /The request is invalid/);
      });

      it('patches the ingress, and refuses what the API server would', async () => {
        const to = (name: string): string =>
          JSON.stringify({
            spec: {
              rules: [
                {
                  host: 'pay.example.com',
                  http: {
                    paths: [
                      {
                        path: '/',
                        pathType: 'Prefix',
                        backend: { service: { name, port: { number: 8080 } } },
                      },
                    ],
                  },
                },
              ],
            },
          });
        const hosts = async (): Promise<string> =>
          (await lab.lines('get', 'ingress', 'storefront', '-o', 'jsonpath={.spec.rules[*].host}')).join('');
        await lab.lines('patch', 'ingress', 'storefront', '--dry-run=server', '--patch', to('checkout'));
        assert.equal(await hosts(), 'shop.example.com pay.example.com');
        await lab.lines('patch', 'ingress', 'storefront', '--patch', to('checkout'));
        assert.equal(await hosts(), 'pay.example.com', 'the rules of an ingress are atomic');
        const broken = await lab.run(
          'patch',
          'ingress',
          'storefront',
          '-p',
          to('checkout').replace('"Prefix"', '"Regex"'),
        );
        assert.equal(broken.code, 1);
        assert.match(
          broken.stderr,
          /^The Ingress "storefront" is invalid: spec\.rules\[0\]\.http\.paths\[0\]\.pathType: Unsupported value: "Regex"/,
        );
        assert.equal(await hosts(), 'pay.example.com');
      });

      it('changes nothing with a server-side dry run', async () => {
        const before = await lab.lines(
          'get',
          'deployment',
          'search',
          '-o',
          'jsonpath={.metadata.resourceVersion}',
        );
        const replicas = '{"spec":{"replicas":7}}';
        const out = await lab.lines(
          'patch',
          'deployment',
          'search',
          '-p',
          replicas,
          '--dry-run=server',
          '-o',
          'yaml',
        );
        assert.match(out.join('\n'), /replicas: 7/);
        await lab.lines('delete', 'pod', '-l', 'app=search', '--dry-run=server');
        assert.deepEqual(
          await lab.lines('get', 'deployment', 'search', '-o', 'jsonpath={.metadata.resourceVersion}'),
          before,
        );
      });

      it('rolls back to the revision before and tells its history', async () => {
        const history = await lab.lines('rollout', 'history', 'deployment/payment-service');
        assert.deepEqual(
          history.slice(1, 4).map((line) => line.split(/\s+/)[0]),
          ['REVISION', '1', '2'],
        );
        await lab.lines('rollout', 'undo', 'deployment/payment-service');
        const path = 'jsonpath={.spec.template.spec.containers[0].image}';
        assert.deepEqual(await lab.lines('get', 'deployment', 'payment-service', '-o', path), [
          'registry.example.com/payment-service:2.40.2',
        ]);
        await lab
          .lines('rollout', 'undo', 'deployment/catalog')
          .catch((error: Error) => assert.match(error.message, /no rollout history found|no last revision/));
        await lab.lines('rollout', 'restart', 'deployment/checkout');
        const status = await lab.lines('rollout', 'status', 'deployment/checkout');
        assert.equal(status.at(-1), 'deployment "checkout" successfully rolled out');
        const after = await lab.lines('rollout', 'history', 'deployment/payment-service');
        assert.deepEqual(
          after.slice(2).map((line) => line.split(/\s+/)[0]),
          ['2', '3'],
        );
      });

      it('replaces a deleted pod', async () => {
        const [pod] = await lab.lines('get', 'pods', '-l', 'app=search', '-o', 'name');
        assert.match((await lab.lines('delete', pod ?? ''))[0] ?? '', /^pod "search-.*" deleted/);
        await lab.lines('rollout', 'status', 'deployment/search');
        const after = await lab.lines('get', 'pods', '-l', 'app=search', '-o', 'name');
        assert.equal(after.length, 1);
        assert.notEqual(after[0], pod);
        await lab.lines('delete', 'pod', 'postgres-0');
        await lab.lines('wait', '--for=condition=Ready', 'pod/postgres-0', '--timeout=30s');
      });

      it('refuses a change that was made to an older version', async () => {
        const path = '/apis/apps/v1/namespaces/production/deployments/catalog';
        const url = `${lab.simulator.url}${path}`;
        const old = (await (await fetch(url)).json()) as Record<string, unknown>;
        await lab.lines('scale', 'deployment', 'catalog', '--replicas=3');
        const headers = { 'content-type': 'application/json' };
        const answer = await fetch(url, { method: 'PUT', headers, body: JSON.stringify(old) });
        const status = (await answer.json()) as { reason: string; message: string };
        assert.deepEqual([answer.status, status.reason], [409, 'Conflict']);
        assert.match(
          status.message,
          /^Operation cannot be fulfilled on deployments\.apps "catalog": the object has been modified/,
        );
        const scale = await lab.run('scale', 'deployment', 'catalog', '--current-replicas=7', '--replicas=2');
        assert.equal(scale.code, 1);
        assert.match(scale.stderr, /Expected replicas to be 7, was 3/);
      });
    });

    it('leaves a second cluster alone that the same kubeconfig knows', async () => {
      const other = await createLab({ scenario: 'healthy' });
      const context = { name: 'other-production', server: other.simulator.url, namespace: 'production' };
      const lab = await createLab({ contexts: [context] });
      try {
        await lab.lines('scale', 'deployment', 'catalog', '--replicas=4');
        assert.deepEqual(other.simulator.requests, []);
        const healthy = await lab.lines('--context', 'other-production', 'get', 'pods');
        for (const line of payment(healthy)) assert.match(line, / 1\/1 +Running +0 /);
        assert.ok(
          other.simulator.requests.some(({ path }) => path.startsWith('/api/v1/namespaces/production/pods')),
        );
      } finally {
        await lab.dispose();
        await other.dispose();
      }
    });
  });
}

describe('exec in the simulator', function () {
  this.timeout(60_000);
  let lab: Lab;
  const execKubectl = findExecKubectl();
  before(async () => {
    lab = await createLab({}, execKubectl);
  });
  after(() => lab.dispose());

  it('runs a command under @kubernetes/client-node', async () => {
    const config = new KubeConfig();
    config.loadFromFile(lab.simulator.kubeconfigFile);
    // This library takes plain http only from a cluster that says so.
    config.clusters = config.clusters.map((cluster) => ({ ...cluster, skipTLSVerify: true }));
    let text = '';
    const out = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        text += chunk.toString();
        done();
      },
    });
    const argv = ['psql', '-c', 'SELECT count(*) FROM pg_stat_activity'];
    const ended = Promise.withResolvers<V1Status>();
    const exec = new Exec(config);
    await exec.exec('production', 'postgres-0', 'postgres', argv, out, null, null, false, ended.resolve);
    assert.equal((await ended.promise).status, 'Success');
    assert.equal(text, ' count \n-------\n    94\n(1 row)\n\n');
  });

  it('tells exit codes, errors and dead containers', async () => {
    if (execKubectl === undefined) {
      const version =
        kubectl === undefined ? 'there is none' : `found is ${kubectlVersion(kubectl)?.join('.')}`;
      console.log(
        `        kubectl exec needs kubectl 1.30 or newer (${version}): exec is checked through its protocol instead.`,
      );
    }
    const run = execKubectl === undefined ? execOverProtocol(lab.simulator) : execWith(lab);
    assert.deepEqual(await run('postgres-0', 'sh', '-c', 'exit 3'), { code: 3, stdout: '', stderr: '' });
    const unknown = await run('postgres-0', 'nothing');
    assert.deepEqual([unknown.code, unknown.stderr], [127, 'sh: nothing: not found\n']);
    assert.equal((await run('postgres-0', 'cat', '/etc/hostname')).stdout, 'postgres-0\n');
    assert.match((await run('postgres-0', 'env')).stdout, /^HOSTNAME=postgres-0$/m);
    assert.match((await run('postgres-0', 'date')).stdout, /^\w{3} \w{3} \d\d [\d:]{8} UTC \d{4}\n$/);
    assert.match((await run('postgres-0', 'ls')).stdout, /^etc$/m);
  });
});

type ExecRun = (pod: string, ...argv: string[]) => Promise<KubectlResult>;

/** kubectl says how the command ended on its own last line; what is left is the command's. */
const execWith =
  (lab: Lab): ExecRun =>
  async (pod, ...argv) => {
    const result = await lab.run('exec', pod, '--', ...argv);
    return { ...result, stderr: result.stderr.replace(/command terminated with exit code \d+\n$/, '') };
  };

const execOverProtocol =
  ({ url }: Simulator): ExecRun =>
  async (pod, ...argv) => {
    const query = new URLSearchParams([
      ['stdout', 'true'],
      ['stderr', 'true'],
      ...argv.map((word) => ['command', word]),
    ]);
    const address = `${url.replace('http:', 'ws:')}/api/v1/namespaces/production/pods/${pod}/exec?${query.toString()}`;
    const socket = new WebSocket(address, ['v5.channel.k8s.io']);
    socket.binaryType = 'arraybuffer';
    const streams = ['', '', '', ''];
    socket.addEventListener('message', ({ data }: MessageEvent<ArrayBuffer>) => {
      const bytes = Buffer.from(data);
      const channel = bytes[0] ?? 0;
      streams[channel] = `${streams[channel] ?? ''}${bytes.subarray(1).toString()}`;
    });
    await once(socket, 'close');
    const status = JSON.parse(streams[3] ?? '{}') as { details?: { causes: { message: string }[] } };
    return {
      code: Number(status.details?.causes[0]?.message ?? 0),
      stdout: streams[1] ?? '',
      stderr: streams[2] ?? '',
    };
  };
