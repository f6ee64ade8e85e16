import assert from 'node:assert/strict';
import type { Lab } from '../support/kubectlLab.ts';
import { createLab, describeUnderKubectl, payment } from '../support/kubectlLab.ts';

const cells = (line: string | undefined): string[] => (line ?? '').split(/\s{2,}/);

describeUnderKubectl('the simulator', () => {
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
          /^payment-service-\w{10}-\w{5} +0\/1 +CrashLoopBackOff +\d+ \([\dms]+ ago\) +3d4h$/,
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
      assert.equal(deployment.stderr, 'Error from server (NotFound): deployments.apps "nothing" not found\n');
      const kind = await lab.run('get', 'nothing');
      assert.match(kind.stderr, /the server doesn't have a resource type "nothing"/);
      const create = await lab.run('create', 'namespace', 'fresh');
      assert.equal(create.code, 1);
      assert.match(create.stderr, /the server does not allow this method on the requested resource/);
    });

    it('allows everything to kubectl auth can-i', async () => {
      assert.deepEqual(await lab.lines('auth', 'can-i', 'delete', 'pods'), ['yes']);
      assert.match((await lab.lines('auth', 'can-i', '--list')).join('\n'), /\*\.\*/);
    });
  });

  it('leaves a second cluster alone that the same kubeconfig knows', async () => {
    const other = await createLab({ scenario: 'healthy' });
    const context = { name: 'other-production', server: other.simulator.url, namespace: 'production' };
    const lab = await createLab({ contexts: [context] });
    try {
      await lab.lines('scale', 'deployment', 'catalog', '--replicas=4');
      assert.equal(other.simulator.requests.length, 0);
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
