import assert from 'node:assert/strict';
import { loadKubeconfig, createClusterReader } from '../../src/executors/kubernetes/kubernetesExecutor.ts';
import { collectOutput, untilDone } from '../unit/executors/collectOutput.ts';
import {
  describeObjects,
  exec,
  get,
  kubernetesPlan,
  logs,
  patch,
  rollout,
  scale,
} from '../unit/executors/kubernetes/kubernetesFixtures.ts';
import type { KubernetesLab } from './kubernetesLab.ts';
import { context, createKubernetesLab } from './kubernetesLab.ts';

const head = (lines: number) => ({ name: 'head', lines }) as const;
const grep = (pattern: string, ignoreCase = false) =>
  ({
    name: 'grep',
    pattern,
    ignoreCase,
    invert: false,
    extended: false,
    fixed: false,
    count: false,
  }) as const;

describe('kubernetes executor against the simulated production', function () {
  this.timeout(60_000);

  describe('reading', () => {
    let lab: KubernetesLab;
    let crashing: string;
    before(async () => {
      lab = await createKubernetesLab();
      crashing = (await lab.podNames('app=payment-service'))[0] ?? '';
    });
    after(() => lab.dispose());

    it('shows the crash loop, behind grep too', async () => {
      const { output, outcome } = await lab.run(get(['pods'], { selector: 'app=payment-service' }), {
        filters: [grep('payment')],
      });
      assert.equal(outcome.kind, 'succeeded');
      assert.equal(output.stdout.trim().split('\n').length, 3);
      assert.match(output.stdout, /^payment-service-\S+ +0\/1 +(CrashLoopBackOff|OOMKilled|Running|Error) /m);
      assert.deepEqual(
        (await lab.run(get(['svc', 'ingress']), { filters: [grep('no-such-service')] })).outcome,
        { kind: 'no-match' },
      );
    });

    it('shows why a container died', async () => {
      const { output, outcome } = await lab.run(logs({ resource: crashing, previous: true }));
      assert.equal(outcome.kind, 'succeeded');
      assert.match(output.stdout, /memory cgroup is at 92%/);
    });

    it('reads the logs of every pod with a label, by pod and container', async () => {
      const pods = await lab.podNames('app=payment-service');
      const { output } = await lab.run(
        logs({ selector: 'app=payment-service', sinceSeconds: 1800, prefix: true, previous: true }),
      );
      for (const pod of pods) assert.ok(output.stdout.includes(`[pod/${pod}/payment-service] `), pod);
      const both = await lab.run(
        logs({ selector: 'app=notifications', allContainers: true, prefix: true, tailLines: 2 }),
      );
      const labels = both.output.stdout
        .trim()
        .split('\n')
        .map((line) => /\/([^/\]]+)\]/.exec(line)?.[1]);
      assert.deepEqual(labels, ['notifications', 'notifications', 'mail-relay', 'mail-relay']);
    });

    it('reads one pod of a deployment, and says which', async () => {
      const { output } = await lab.run(
        logs({ resource: 'deploy/payment-service', tailLines: 1, previous: true }),
      );
      assert.equal(output.stdout.trim().split('\n').length, 1);
      assert.match(output.stderr, /^Found 3 pods, using pod\/payment-service-/);
    });

    it('filters logs', async () => {
      const { output } = await lab.run(logs({ resource: crashing, previous: true }), {
        filters: [grep('ERROR', true), head(2)],
      });
      const lines = output.stdout.trim().split('\n');
      assert.equal(lines.length, 2);
      for (const line of lines) assert.match(line, /error/i);
    });

    it('follows a log until stopped, at once', async () => {
      const stop = new AbortController();
      const output = collectOutput();
      const plan = kubernetesPlan(logs({ selector: 'app=checkout', follow: true, tailLines: 1 }), {
        target: { context, namespace: 'production' },
      });
      const running = lab.executor.run(plan, output, stop.signal);
      await output.seen('\n');
      stop.abort();
      assert.deepEqual(await running, { kind: 'stopped' });
    });

    it('describes pods, deployments, services, ingresses and nodes, with their events', async () => {
      const pod = (await lab.run(describeObjects(['pod'], [crashing]))).output.stdout;
      assert.match(pod, /Last State: +Terminated\n +Reason: +OOMKilled\n +Exit Code: +137/);
      assert.match(pod, /Restart Count: +\d+/);
      assert.match(pod, /Events:\n +Type +Reason +Age +From +Message\n[\s\S]*Warning +BackOff/);
      const deployment = (await lab.run(describeObjects(['deploy'], ['payment-service']))).output.stdout;
      assert.match(deployment, /Replicas: +3 desired \| 3 updated \| 3 total/);
      assert.match(
        (await lab.run(describeObjects(['svc'], ['payment-service']))).output.stdout,
        /Selector: +app=payment-service\n/,
      );
      assert.match(
        (await lab.run(describeObjects(['ing'], ['storefront']))).output.stdout,
        /\/pay +payment-service:8080/,
      );
      assert.match(
        (await lab.run(describeObjects(['node'], ['node-a']))).output.stdout,
        /Ready +True .*KubeletReady/,
      );
      const missing = await lab.run(describeObjects(['pod'], ['gone']));
      assert.equal(missing.output.stderr, 'Error from server (NotFound): pods "gone" not found\n');
      assert.equal(missing.outcome.kind, 'failed');
    });

    it('runs commands in a container, with their exit codes', async () => {
      const [pod = ''] = await lab.podNames('app=checkout');
      const fine = await lab.run(exec(pod, ['echo', 'a  b', "it's"]));
      assert.deepEqual(
        [fine.outcome, fine.output.stdout],
        [{ kind: 'succeeded', exitCode: 0 }, "a  b it's\n"],
      );
      const missing = await lab.run(exec(pod, ['cat', '/etc/hostname', '/nothing']));
      assert.equal(missing.output.stdout, `${pod}\n`);
      assert.match(missing.output.stderr, /^cat: \/nothing: No such file or directory\n/);
      assert.equal(missing.outcome.kind === 'failed' && missing.outcome.exitCode, 1);
      const exit = await lab.run(exec(pod, ['sh', '-c', 'exit 42']));
      assert.equal(exit.outcome.kind === 'failed' && exit.outcome.exitCode, 42);
      const gone = await lab.run(exec('gone', ['ls']));
      assert.equal(gone.outcome.kind === 'failed' && gone.outcome.status, 404);
      assert.match(
        (await lab.run(exec(pod, ['env']), { filters: [grep('HOSTNAME')] })).output.stdout,
        new RegExp(`^HOSTNAME=${pod}\n$`),
      );
    });

    it('gives pickers their names', async () => {
      const reader = createClusterReader({
        loadKubeconfig: () => loadKubeconfig({ paths: [lab.kubeconfig] }),
      });
      const namespaces = await reader.listNamespaces(context, untilDone());
      assert.ok(namespaces.ok && namespaces.value.includes('production'));
      const services = await reader.listServices(context, 'production', untilDone());
      assert.ok(services.ok && services.value.includes('payment-service'));
      await reader.dispose();
    });
  });

  describe('changing', () => {
    let lab: KubernetesLab;
    beforeEach(async () => (lab = await createKubernetesLab()));
    afterEach(() => lab.dispose());
    const replicas = async (): Promise<string> =>
      (await lab.run(get(['deploy'], { names: ['payment-service'] }))).output.stdout;

    it('scales out after a look, and the rollout ends with healthy pods', async () => {
      const look = await lab.inspect(scale('payment-service', 10));
      assert.ok(look.ok);
      assert.deepEqual(look.value.changes, [
        { object: 'deployment/payment-service', field: 'spec.replicas', before: '3', after: '10' },
      ]);
      const { output } = await lab.run(scale('payment-service', 10, { currentReplicas: 3 }));
      assert.equal(output.stdout, 'deployment.apps/payment-service scaled\n');
      const rolled = await lab.run(rollout('status', 'payment-service'));
      assert.equal(rolled.outcome.kind, 'succeeded', rolled.output.stderr);
      assert.ok(rolled.output.stdout.endsWith('deployment "payment-service" successfully rolled out\n'));
      assert.match(await replicas(), /payment-service +10\/10 /);
    });

    it('says that a scale was accepted when its pods are not ready in time, and keeps its undo', async () => {
      const made: unknown[] = [];
      const output = Object.assign(collectOutput(), { changed: (change: unknown) => void made.push(change) });
      const target = { context, namespace: 'production' };
      // Four are too few for the load: they crash as the three did.
      const late = (required: boolean, count: number) =>
        lab.executor.run(
          kubernetesPlan(scale('payment-service', count, { wait: { seconds: 1, required } }), { target }),
          output,
          untilDone(),
        );
      const failed = await late(true, 4);
      assert.ok(failed.kind === 'failed');
      assert.match(
        failed.message,
        /^error: timed out waiting for the condition\. The scale was accepted, but after 1 s it stands at \d of 4 ready/,
      );
      const told = await late(false, 5);
      assert.ok(told.kind === 'succeeded');
      assert.match(told.detail ?? '', /^The scale was accepted, but after 1 s it stands at \d of 5 ready/);
      assert.equal(made.length, 2);
    });

    it('stops watching a scale that something else overrules, and says so', async () => {
      const output = collectOutput();
      const target = { context, namespace: 'production' };
      const action = scale('payment-service', 5, { wait: { seconds: 60, required: true } });
      const running = lab.executor.run(kubernetesPlan(action, { target }), output, untilDone());
      await output.seen(' of 5 ready');
      await lab.run(scale('payment-service', 6));
      const outcome = await running;
      assert.ok(outcome.kind === 'succeeded');
      assert.match(outcome.detail ?? '', /accepted at 5 replicas, but something has set 6 since/);
    });

    it('leaves all as it is on a dry run, a wrong guess of the present number, or an unknown object', async () => {
      const dry = await lab.run(scale('payment-service', 10, { dryRun: true }));
      assert.equal(dry.output.stdout, 'deployment.apps/payment-service scaled (server dry run)\n');
      const guarded = await lab.run(scale('payment-service', 10, { currentReplicas: 4 }));
      assert.ok(guarded.outcome.kind === 'failed');
      assert.match(guarded.outcome.message, /^error: Expected replicas to be 4, was 3\. Nothing was changed/);
      const unknown = await lab.run(scale('nothing', 10));
      assert.equal(
        unknown.output.stderr,
        'Error from server (NotFound): deployments.apps "nothing" not found\n',
      );
      assert.match(await replicas(), /payment-service +\d\/3 /);
    });

    it('patches after a look, and says when nothing was different', async () => {
      const action = patch('ingress', 'storefront', '{"spec":{"rules":[{"host":"status.example.com"}]}}', {
        patchType: 'merge',
      });
      const look = await lab.inspect(action);
      assert.ok(look.ok);
      assert.match(
        JSON.stringify(look.value.changes),
        /"field":"spec\.rules\[status\.example\.com\]","before":"\(not set\)"/,
      );
      assert.equal(
        (await lab.run({ ...action, dryRun: true })).output.stdout,
        'ingress.networking.k8s.io/storefront patched (server dry run)\n',
      );
      assert.equal((await lab.run(action)).output.stdout, 'ingress.networking.k8s.io/storefront patched\n');
      assert.equal(
        (await lab.run(action)).output.stdout,
        'ingress.networking.k8s.io/storefront patched (no change)\n',
      );
      const json = patch('deploy', 'checkout', '[{"op":"test","path":"/spec/replicas","value":99}]', {
        patchType: 'json',
      });
      assert.equal((await lab.run(json)).outcome.kind, 'failed');
    });

    it('goes back to the previous release after a look', async () => {
      const look = await lab.inspect(rollout('undo', 'payment-service'));
      assert.ok(look.ok);
      assert.deepEqual(
        look.value.changes.map(({ field }) => field),
        [
          'revision',
          'spec.template.spec.containers[payment-service].image',
          'metadata.annotations.kubernetes.io/change-cause',
        ],
      );
      const image = look.value.changes[1]?.after ?? '';
      const { output } = await lab.run(rollout('undo', 'payment-service'));
      assert.equal(output.stdout, 'deployment.apps/payment-service rolled back\n');
      assert.match(
        (await lab.run(get(['deploy'], { names: ['payment-service'], output: 'wide' }))).output.stdout,
        new RegExp(` ${image} `),
      );
      const unknown = await lab.run(rollout('undo', 'payment-service', { toRevision: 99 }));
      assert.match(unknown.output.stderr, /^error: unable to find specified revision 99 in history/);
    });

    it('stops waiting for a rollout at once', async () => {
      const stop = new AbortController();
      const output = collectOutput();
      const plan = kubernetesPlan(rollout('status', 'payment-service'), {
        target: { context, namespace: 'production' },
      });
      const running = lab.executor.run(plan, output, stop.signal);
      await output.seen('Waiting for deployment');
      stop.abort();
      assert.deepEqual(await running, { kind: 'stopped' });
    });
  });
});
