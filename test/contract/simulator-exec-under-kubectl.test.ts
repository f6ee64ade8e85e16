import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:http';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { Exec, KubeConfig } from '@kubernetes/client-node';
import type { V1Status } from '@kubernetes/client-node';
import type { Simulator } from '../../src/simulator/simulator.ts';
import type { KubectlResult } from '../support/kubectl.ts';
import { findExecKubectl, kubectlVersion } from '../support/kubectl.ts';
import type { Lab } from '../support/kubectlLab.ts';
import { createLab, kubectl } from '../support/kubectlLab.ts';

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
    let printed = '';
    const out = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        printed += chunk.toString();
        done();
      },
    });
    const argv = ['psql', '-c', 'SELECT count(*) FROM pg_stat_activity'];
    const exec = new Exec(config);
    const ended = new Promise<V1Status>((resolve, reject) => {
      exec.exec('production', 'postgres-0', 'postgres', argv, out, null, null, false, resolve).catch(reject);
    });
    assert.equal((await ended).status, 'Success');
    assert.equal(printed, ' count \n-------\n    94\n(1 row)\n\n');
  });

  it('tells exit codes and errors', async () => {
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

describe('exec into a container that is down', () => {
  it('is refused with a Status before any WebSocket exists', async () => {
    const lab = await createLab({ tickEveryMs: 0, now: () => new Date('2026-11-23T10:00:00Z') });
    try {
      const pods = `${lab.simulator.url}/api/v1/namespaces/production/pods`;
      const list = (await (await fetch(`${pods}?labelSelector=app%3Dpayment-service`)).json()) as {
        items: { metadata: { name: string } }[];
      };
      const headers = {
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-key': Buffer.alloc(16).toString('base64'),
        'sec-websocket-version': '13',
      };
      const path = `${pods}/${list.items[0]?.metadata.name ?? ''}/exec?command=ls&stdout=true`;
      const [answer] = (await once(request(path, { headers }).end(), 'response')) as [IncomingMessage];
      assert.equal(answer.statusCode, 500);
      const status = JSON.parse(await text(answer)) as { message: string };
      const why = 'unable to upgrade connection: container not found ("payment-service")';
      assert.equal(status.message, `Internal error occurred: ${why}`);
    } finally {
      await lab.dispose();
    }
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
