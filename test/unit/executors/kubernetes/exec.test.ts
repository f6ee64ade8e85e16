import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { collectOutput } from '../collectOutput.ts';
import { useFakeCluster } from './fakeCluster.ts';
import { exec, kubernetesPlan, pod, status } from './kubernetesFixtures.ts';

describe('kubernetes exec', () => {
  const cluster = useFakeCluster();
  /** A frame of one channel, as the API server sends it: unmasked. */
  const frame = (channel: number, text: string | Buffer): Buffer => {
    const payload = Buffer.concat([Buffer.from([channel]), Buffer.from(text)]);
    const head =
      payload.length < 126
        ? Buffer.from([0x82, payload.length])
        : Buffer.from([0x82, 126, payload.length >> 8, payload.length & 255]);
    return Buffer.concat([head, payload]);
  };
  const onUpgrade = (accept: (socket: Duplex, request: IncomingMessage) => void) => {
    cluster.api.answer = () => pod('a');
    cluster.api.server.on('upgrade', (request, socket) => {
      const key = `${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
      const proof = createHash('sha1').update(key).digest('base64');
      socket.on('error', () => socket.destroy());
      socket.write(
        `HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-accept: ${proof}\r\nsec-websocket-protocol: v4.channel.k8s.io\r\n\r\n`,
      );
      accept(socket, request);
    });
  };

  it('tells both outputs apart and ends with the command’s exit code', async () => {
    let url = '';
    onUpgrade((socket, request) => {
      url = request.url ?? '';
      const letters = Buffer.from('é\n');
      const status = {
        status: 'Failure',
        reason: 'NonZeroExitCode',
        details: { causes: [{ reason: 'ExitCode', message: '2' }] },
      };
      const all = Buffer.concat([
        frame(1, ''),
        frame(1, letters.subarray(0, 1)),
        frame(1, letters.subarray(1)),
        frame(2, 'oops\n'),
        frame(1, 'x'.repeat(300)),
        frame(3, JSON.stringify(status)),
        Buffer.from([0x88, 0]),
      ]);
      // Byte by byte: frames arrive in any pieces.
      for (const byte of all) socket.write(Buffer.from([byte]));
    });
    const { outcome, output } = await cluster.run(exec('a', ['sh', '-c', 'a b']));
    assert.equal(output.stdout, `é\n${'x'.repeat(300)}`);
    assert.equal(output.stderr, 'oops\ncommand terminated with exit code 2\n');
    assert.equal(outcome.kind === 'failed' && outcome.exitCode, 2);
    assert.ok(
      url.endsWith('/pods/a/exec?container=app&command=sh&command=-c&command=a+b&stdout=true&stderr=true'),
      url,
    );
  });

  it('says that the command may still run when the connection is cut', async () => {
    onUpgrade((socket) => socket.write(frame(1, 'half'), () => socket.destroy()));
    const { outcome, output } = await cluster.run(exec('a', ['ls']));
    assert.equal(output.stdout, 'half');
    assert.ok(outcome.kind === 'failed');
    assert.match(outcome.message, /was cut before the command ended.*may still be running in the container/);
  });

  it('stops at once, and says what that does not stop', async () => {
    onUpgrade((socket) => socket.write(frame(1, 'begun\n')));
    const stop = new AbortController();
    const output = collectOutput();
    const running = cluster.executor.run(kubernetesPlan(exec('a', ['sleep', '300'])), output, stop.signal);
    await output.seen('begun');
    stop.abort();
    assert.deepEqual(await running, { kind: 'stopped' });
    assert.match(output.stderr, /the command may still be running in the container/);
  });

  it('keeps the reason of a refusal', async () => {
    cluster.api.answer = () => pod('a');
    cluster.api.server.on('upgrade', (_request, socket) => {
      const body = JSON.stringify(
        status(403, 'Forbidden', 'pods "a" is forbidden: cannot create resource "pods/exec"'),
      );
      socket.end(`HTTP/1.1 403 Forbidden\r\ncontent-length: ${body.length}\r\n\r\n${body}`);
    });
    const { outcome } = await cluster.run(exec('a', ['ls']));
    assert.ok(outcome.kind === 'failed');
    assert.equal(outcome.status, 403);
    assert.match(outcome.message, /cannot create resource "pods\/exec"/);
  });
});
