import assert from 'node:assert/strict';
import type { Lab } from '../support/kubectlLab.ts';
import { createLab, describeUnderKubectl, payment, until } from '../support/kubectlLab.ts';

const paymentHealth = async ({ simulator }: Lab): Promise<number> =>
  (await fetch(`${simulator.services}/payment-service/health`)).status;

describeUnderKubectl('changing the simulator', () => {
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
