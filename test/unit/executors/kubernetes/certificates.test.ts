import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createTestCertificate } from '../../../support/testCertificate.ts';
import { host, pods, useTlsCluster } from './tlsCluster.ts';

describe('certificates of a cluster', () => {
  const cluster = useTlsCluster();
  const made = (names: string[], days: number) =>
    createTestCertificate(cluster.folder, { names, days, authority: join(cluster.folder, 'ca.crt') });
  const messageOf = async (
    server: string,
    parts: { cluster?: Record<string, unknown>; user?: Record<string, unknown> } = {},
  ): Promise<string> => {
    const entry = { name: 'prod', server, cluster: cluster.trusted(), ...parts };
    return (await cluster.getPods(cluster.executor([entry]))).message;
  };

  it('that have expired are told with the date', async () => {
    const { certificate, key } = await made([host], -3);
    const server = await cluster.startTls(pods, { key, cert: certificate });
    const date = new Date(Date.now() - 3 * 86_400_000).toISOString().slice(0, 10);
    const message = await messageOf(server);
    assert.match(
      message,
      new RegExp(`its certificate \\(${host}\\) expired on ${date} \\d\\d:\\d\\d UTC\\. `),
    );
    assert.match(message, /Nothing was changed; whoever runs the cluster must renew it/);
  });

  it('for another name are told with both names', async () => {
    const { certificate, key } = await made(['api.example.com', '10.0.0.1'], 2);
    const server = await cluster.startTls(pods, { key, cert: certificate });
    assert.match(
      await messageOf(server),
      /its certificate is for api\.example\.com, 10\.0\.0\.1, not for 127\.0\.0\.2\. .*tls-server-name/,
    );
  });

  it('of the client that have expired are told with the date after a 401', async () => {
    const { certificate, key } = await made(['responder'], -2);
    const server = await cluster.startTls((_request, response) => void response.writeHead(401).end('{}'));
    const data = (text: string) => Buffer.from(text).toString('base64');
    const user = { 'client-certificate-data': data(certificate), 'client-key-data': data(key) };
    assert.match(
      await messageOf(server, { user }),
      /401 Unauthorized\)\. Nothing was changed; the client certificate \(CN=responder\) expired on \d{4}-/,
    );
  });

  it('of the client that the server refuses are told as such', async () => {
    // Node's own server hangs up without a word; others send the alert of TLS.
    const keys = ['-cert', 'server.crt', '-key', 'server.key', '-CAfile', 'named.crt'];
    const server = spawn(
      'openssl',
      ['s_server', '-accept', `${host}:0`, ...keys, '-Verify', '1', '-verify_return_error'],
      {
        cwd: cluster.folder,
        stdio: ['pipe', 'pipe', 'ignore'],
      },
    );
    cluster.cleanUp.push(() => server.kill());
    let said = '';
    for await (const chunk of server.stdout.setEncoding('utf8')) {
      said += String(chunk);
      if (/ACCEPT \S+:\d+\s/.test(said)) break;
    }
    const port = /ACCEPT \S+:(\d+)\s/.exec(said)?.[1];
    assert.match(
      await messageOf(`https://${host}:${port}`, { user: cluster.certificate() }),
      /No trusted connection to .*it refused the client certificate \(unknown ca\)\. Nothing was changed; renew/,
    );
  });

  it('and keys that cannot be used are told before anything is sent', async () => {
    const user = cluster.certificate();
    let asked = 0;
    const server = await cluster.startTls(() => void asked++);
    const other = { ...user, 'client-key': 'server.key', 'client-key-data': undefined };
    assert.match(
      await messageOf(server, { user: other }),
      /user prod cannot be used: the key is not the cert/,
    );
    const half = { 'client-certificate-data': user['client-certificate-data'] };
    assert.match(await messageOf(server, { user: half }), /has a client certificate without its key/);
    writeFileSync(join(cluster.folder, 'garbage.crt'), 'not a certificate');
    const authority = { 'certificate-authority': 'garbage.crt' };
    assert.match(
      await messageOf(server, { cluster: authority }),
      /certificate authority of cluster prod cannot be used: it holds no PEM\. Nothing was sent/,
    );
    assert.equal(asked, 0);
  });

  it('of an authority that was renewed in its file are trusted from then on', async () => {
    const server = await cluster.startTls(pods);
    const file = join(cluster.folder, 'authority-now.crt');
    writeFileSync(file, cluster.file('client.crt'));
    const executor = cluster.executor([
      { name: 'prod', server, cluster: { 'certificate-authority': 'authority-now.crt' } },
    ]);
    assert.match((await cluster.getPods(executor)).message, /was issued by test authority, which/);
    writeFileSync(file, cluster.file('ca.crt'));
    assert.equal((await cluster.getPods(executor)).outcome.kind, 'succeeded');
  });

  it('are not even asked for from a server that does not speak TLS', async () => {
    const server = (await cluster.startPlain(pods)).replace('http:', 'https:');
    assert.match(await messageOf(server), /does not speak TLS.*must begin with http:/);
  });

  it('are checked through a SOCKS proxy too', async () => {
    const server = await cluster.startTls(pods);
    const asked: number[] = [];
    const proxy = createServer((socket: Socket) => {
      socket.on('error', () => socket.destroy());
      // RFC 1928: a greeting without authentication, then CONNECT to an IPv4 address.
      socket.once('data', () => {
        socket.write(Buffer.from([5, 0]));
        socket.once('data', (request: Buffer) => {
          asked.push(request.readUInt16BE(request.length - 2));
          const remote = connect(Number(new URL(server).port), host, () => {
            socket.write(Buffer.from([5, 0, 0, 1, 0, 0, 0, 0, 0, 0]));
            remote.pipe(socket).pipe(remote);
          });
          remote.on('error', () => socket.destroy());
          cluster.cleanUp.push(() => remote.destroy());
        });
      });
    });
    await once(proxy.listen(0, '127.0.0.1'), 'listening');
    cluster.cleanUp.push(() => proxy.close());
    const proxyUrl = `socks5://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    const through = (parts: Record<string, unknown>) => ({ ...parts, 'proxy-url': proxyUrl });
    assert.equal(await messageOf(server, { cluster: through(cluster.trusted()) }), '');
    assert.deepEqual(asked, [Number(new URL(server).port)]);
    assert.match(
      await messageOf(server, { cluster: through({}) }),
      /No trusted connection to .* through the proxy/,
    );
  });
});
