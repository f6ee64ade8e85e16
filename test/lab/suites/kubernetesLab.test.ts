import assert from 'node:assert/strict';
import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { KubectlResult } from '../../support/kubectl.ts';
import { runKubectl } from '../../support/kubectl.ts';
import { readLab } from '../labDescription.ts';
import type { KubernetesDescription } from '../systems/kubernetes.ts';

type Who = keyof KubernetesDescription['kubeconfigs'];

describe("the lab's cluster, under its own kubectl", () => {
  let lab: KubernetesDescription;
  let home: string;
  before(async () => {
    lab = (await readLab('kubernetes')).kubernetes;
    home = await mkdtemp(path.join(os.tmpdir(), 'incident-lab-kubectl-'));
  });
  after(() => rm(home, { recursive: true, force: true }));

  const as = (who: Who, ...args: string[]): Promise<KubectlResult> =>
    runKubectl(lab.kubectl, args, { home, kubeconfig: lab.kubeconfigs[who] });
  const admin = (...args: string[]) => as('admin', ...args);
  const nameOf = async (app: string) =>
    (await admin('get', 'pods', '-n', 'production', '-l', `app=${app}`, '-o', 'name')).stdout.split(
      '\n',
    )[0] ?? '';

  it('runs the guide’s services, ready, in their usual size', async () => {
    const names = ['catalog', 'checkout', 'notifications', 'payment-service', 'search'];
    const { stdout } = await admin('get', 'deployments', ...names, '-n', 'production', '--no-headers');
    const rows = stdout.trim().split('\n');
    assert.deepEqual(
      rows.map((row) => row.split(/\s+/).slice(0, 2).join(' ')),
      ['catalog 2/2', 'checkout 2/2', 'notifications 1/1', 'payment-service 3/3', 'search 1/1'],
    );
    const nodes = await admin('get', 'nodes', '--no-headers');
    assert.deepEqual(
      nodes.stdout
        .trim()
        .split('\n')
        .map((row) => row.split(/\s+/)[1]),
      ['Ready', 'Ready', 'Ready'],
    );
  });

  it('has pods in every kind of trouble', async () => {
    const columns = '{range .items[*]}{.metadata.labels.app} {.status.phase}{"\\n"}{end}';
    const phases = await admin('get', 'pods', '-n', 'trouble', '-o', `jsonpath=${columns}`);
    assert.deepEqual(phases.stdout.trim().split('\n').sort(), [
      'crashing Running',
      'not-ready Running',
      'out-of-memory Running',
      'unpullable Pending',
      'unschedulable Pending',
    ]);
    const { stdout } = await admin('get', 'pods', '-n', 'trouble', '--no-headers');
    const states = Object.fromEntries(
      stdout
        .trim()
        .split('\n')
        .map((row) => {
          const [name = '', ready, status, restarts] = row.split(/\s+/);
          return [name.replace(/-[a-z0-9]+-[a-z0-9]{5}$/, ''), `${ready} ${status} ${restarts}`];
        }),
    );
    assert.deepEqual(states, {
      crashing: '0/1 CrashLoopBackOff 5',
      'not-ready': '0/1 Running 0',
      'out-of-memory': '0/1 OOMKilled 5',
      unpullable: '0/1 ImagePullBackOff 0',
      unschedulable: '0/1 Pending 0',
    });
  });

  it('keeps logs over ninety minutes, and those before the last restart', async () => {
    const pod = await nameOf('payment-service');
    const all = (await admin('logs', pod, '-n', 'production')).stdout.trim().split('\n');
    const recent = (await admin('logs', pod, '-n', 'production', '--since=30m')).stdout.trim().split('\n');
    assert.ok(
      all.length > 2 * recent.length && recent.length > 100,
      `${all.length} and ${recent.length} lines`,
    );
    assert.deepEqual(all.slice(-recent.length), recent);
    const previous = await admin('logs', pod, '-n', 'production', '--previous', '--tail=1');
    assert.match(previous.stdout, /level=fatal msg="OutOfMemory: .* 256Mi"\n$/);
  });

  it('shows a line that a container writes while somebody follows', async () => {
    const pod = await nameOf('search');
    const file = path.join(lab.podLogs, 'production', pod.replace('pod/', ''), 'search.log');
    const line = `one more at ${Date.now()}`;
    let written: Promise<void> | undefined;
    const { stdout } = await runKubectl(lab.kubectl, ['logs', pod, '-n', 'production', '-f', '--tail=1'], {
      home,
      kubeconfig: lab.kubeconfigs.admin,
      until: (text) => {
        written ??= appendFile(
          file,
          `${new Date().toISOString().replace('Z', '000000Z')} stdout F ${line}\n`,
        );
        return text.includes(line);
      },
    });
    await written;
    assert.ok(stdout.endsWith(`\n${line}\n`), stdout);
  });

  it('runs real commands in containers', async () => {
    const pod = await nameOf('payment-service');
    const ran = await admin('exec', pod, '-n', 'production', '--', 'sh', '-c', 'echo hi; pwd; exit 3');
    assert.deepEqual([ran.code, ran.stdout], [3, `hi\n${lab.execFolder}\n`]);
  });

  it('remembers two releases of payment-service', async () => {
    const { stdout } = await admin('rollout', 'history', 'deployment/payment-service', '-n', 'production');
    assert.match(stdout, /^\d+ +release 2\.40\.2$\n^\d+ +release 2\.41\.0$/m);
  });

  it('serves a kind of its own and no metrics', async () => {
    const { stdout } = await admin('get', 'releases', '-n', 'production', '--no-headers');
    assert.equal(stdout.trim().split('\n').length, 2);
    assert.match((await admin('top', 'pods', '-n', 'production')).stderr, /Metrics API not available/);
  });

  it('refuses what a person may not do', async () => {
    const scale = ['scale', 'deployment/search', '-n', 'production', '--replicas=1'];
    const allowed = async (who: Who, ...args: string[]) => (await as(who, ...args)).code === 0;
    const pods = (namespace: string) => ['get', 'pods', '-n', namespace];
    for (const who of ['responder', 'reader', 'certificate'] as const) {
      assert.equal(await allowed(who, ...pods('production')), true, `${who} reads production`);
      assert.equal(await allowed(who, ...pods('staging')), false, `${who} reads staging`);
      assert.equal(await allowed(who, ...scale), who === 'responder', `${who} scales`);
    }
    const pod = await nameOf('search');
    assert.equal(await allowed('responder', 'exec', pod, '-n', 'production', '--', 'true'), true);
    const refused = await as('reader', 'exec', pod, '-n', 'production', '--', 'true');
    assert.match(refused.stderr, /is forbidden: User "reader" cannot create resource "pods\/exec"/);
  });

  it('logs every request to the second server, and none to the first', async () => {
    const requests = async () => (await readFile(lab.secondServerLog, 'utf8')).trim();
    await writeFile(lab.secondServerLog, '');
    await admin('get', 'pods', '-n', 'production');
    assert.equal(await requests(), '');
    const second = await admin('get', 'pods', '-n', 'staging', '--context', 'staging', '-o', 'name');
    assert.equal(second.stdout.trim().split('\n').length, 3);
    assert.match(await requests(), /"method":"GET","path":"\/api\/v1\/namespaces\/staging\/pods/);
    const pod = await nameOf('search');
    const ran = await admin('--context', 'staging', 'exec', pod, '-n', 'production', '--', 'echo', 'through');
    assert.deepEqual([ran.code, ran.stdout], [0, 'through\n']);
    await writeFile(lab.secondServerLog, '');
  });
});
