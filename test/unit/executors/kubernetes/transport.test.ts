import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { startFaultProxy } from '../../../support/faultProxy.ts';
import { collectOutput, untilDone } from '../collectOutput.ts';
import { kubernetesPlan, scale, status } from './kubernetesFixtures.ts';
import { host, pods, useTlsCluster } from './tlsCluster.ts';

describe('way to a cluster', () => {
  const cluster = useTlsCluster();

  it('shows the client certificate, and never asks the current context', async () => {
    const seen: string[] = [];
    const server = await cluster.startTls((request, response) => {
      seen.push((request.socket as TLSSocket).getPeerCertificate().subject?.CN as string);
      pods(request, response);
    });
    let askedCurrent = 0;
    const current = await cluster.startPlain((request, response) => {
      askedCurrent++;
      pods(request, response);
    });
    const made = cluster.executor(
      [
        { name: 'prod', server, cluster: cluster.trusted(), user: cluster.certificate() },
        { name: 'own', server: current },
      ],
      { current: 'own' },
    );
    const { outcome, output } = await cluster.getPods(made);
    assert.equal(outcome.kind, 'succeeded', JSON.stringify(outcome));
    assert.match(output.stdout, /pay-1/);
    assert.deepEqual(seen, ['responder']);
    assert.equal(askedCurrent, 0);
  });

  it('reads certificates from files', async () => {
    const server = await cluster.startTls((request, response) => {
      assert.equal((request.socket as TLSSocket).authorized, true);
      pods(request, response);
    });
    const user = { 'client-certificate': 'client.crt', 'client-key': 'client.key' };
    const { outcome } = await cluster.getPods(
      cluster.executor([{ name: 'prod', server, cluster: { 'certificate-authority': 'ca.crt' }, user }]),
    );
    assert.equal(outcome.kind, 'succeeded', JSON.stringify(outcome));
  });

  it('refuses a server whose certificate it cannot trust, unless told to skip that', async () => {
    const server = await cluster.startTls(pods);
    const { message } = await cluster.getPods(cluster.executor([{ name: 'prod', server }]));
    assert.match(message, /No trusted connection to https:.*\(context prod\).*Nothing was changed/);
    const skipped = cluster.executor([
      { name: 'prod', server, cluster: { 'insecure-skip-tls-verify': true } },
    ]);
    assert.equal((await cluster.getPods(skipped)).outcome.kind, 'succeeded');
  });

  it('checks the certificate against tls-server-name', async () => {
    const server = await cluster.startTls(pods, {
      key: cluster.file('named.key'),
      cert: cluster.file('named.crt'),
    });
    const plain = cluster.executor([{ name: 'prod', server, cluster: cluster.trusted() }]);
    assert.match((await cluster.getPods(plain)).message, /No trusted connection/);
    const named = cluster.executor([
      { name: 'prod', server, cluster: { ...cluster.trusted(), 'tls-server-name': 'api.cluster.example' } },
    ]);
    assert.equal((await cluster.getPods(named)).outcome.kind, 'succeeded');
  });

  it('sends a token, a token file, basic credentials and an impersonated user', async () => {
    const seen: unknown[] = [];
    const server = await cluster.startTls((request, response) => {
      seen.push([request.headers.authorization, request.headers['impersonate-user']]);
      pods(request, response);
    });
    writeFileSync(join(cluster.folder, 'token'), 'from-file\n');
    for (const user of [
      { token: 'plain' },
      { tokenFile: 'token' },
      { username: 'ana', password: 'pw', as: 'bot' },
    ]) {
      await cluster.getPods(cluster.executor([{ name: 'prod', server, cluster: cluster.trusted(), user }]));
    }
    const basic = `Basic ${Buffer.from('ana:pw').toString('base64')}`;
    assert.deepEqual(seen, [
      ['Bearer plain', undefined],
      ['Bearer from-file', undefined],
      [basic, 'bot'],
    ]);
  });

  it('tells 401, 403 and any other error with what the server said', async () => {
    let answer: [number, string] = [401, ''];
    const server = await cluster.startPlain(
      (_request, response) => void response.writeHead(answer[0]).end(answer[1]),
    );
    const made = cluster.executor([{ name: 'prod', server }]);
    assert.match((await cluster.getPods(made)).message, /did not accept your credentials \(401/);
    answer = [
      403,
      JSON.stringify(status(403, 'Forbidden', 'pods is forbidden: User "ana" cannot list resource "pods"')),
    ];
    const forbidden = await cluster.getPods(made);
    const said = 'Error from server (Forbidden): pods is forbidden: User "ana" cannot list resource "pods"';
    assert.equal(forbidden.output.stderr, `${said}\n`);
    assert.match(
      forbidden.message,
      /cannot list resource "pods"\. Nothing was changed; the user of context prod lacks this permission/,
    );
    assert.equal(forbidden.outcome.kind === 'failed' && forbidden.outcome.status, 403);
    const page = `<html>${'very long reason '.repeat(2000)}end</html>`;
    answer = [502, page];
    const broken = await cluster.getPods(made);
    assert.ok(broken.message.endsWith(page), 'the body of an error is kept whole');
  });

  it('says that a server is not a Kubernetes API', async () => {
    const server = await cluster.startPlain(
      (_request, response) => void response.end('<html>Sign in</html>'),
    );
    assert.match(
      (await cluster.getPods(cluster.executor([{ name: 'prod', server }]))).message,
      /did not answer like a Kubernetes API/,
    );
  });

  it('says that nothing listens, and that a name does not resolve', async () => {
    const closed = createHttpServer();
    await once(closed.listen(0, host), 'listening');
    const { port } = closed.address() as AddressInfo;
    await new Promise((done) => closed.close(done));
    const refused = await cluster.getPods(
      cluster.executor([{ name: 'prod', server: `https://${host}:${port}` }]),
    );
    assert.match(refused.message, /\(context prod\) refused the connection.*Nothing was changed/);
    const unknown = await cluster.getPods(
      cluster.executor([{ name: 'prod', server: 'https://no-such-host.invalid:6443' }]),
    );
    assert.match(
      unknown.message,
      /no-such-host\.invalid:6443 \(context prod\) could not be (found|looked up)/,
    );
  });

  it('gives up on a silent server, and says so', async () => {
    const proxy = await startFaultProxy(await cluster.startPlain(pods));
    cluster.cleanUp.push(() => proxy.dispose());
    proxy.fault = { kind: 'silence' };
    const made = cluster.executor([{ name: 'prod', server: proxy.url }], { timeoutMs: 200 });
    assert.match(
      (await cluster.getPods(made)).message,
      /^No answer from http:.* \(context prod\) within 0\.2 s\. Nothing was changed/,
    );
  });

  it('never says that a change did not happen when only its answer was lost', async () => {
    const arrived: string[] = [];
    const server = await cluster.startPlain((request, response) => {
      arrived.push(request.method ?? '');
      response.end('{}');
    });
    const proxy = await startFaultProxy(server);
    proxy.only = ({ method }) => method !== 'GET';
    cluster.cleanUp.push(() => proxy.dispose());
    const made = cluster.executor([{ name: 'prod', server: proxy.url }], { timeoutMs: 200 });
    for (const fault of [
      { kind: 'silence' },
      { kind: 'cut', afterBytes: 0 },
      { kind: 'half-close' },
    ] as const) {
      proxy.fault = fault;
      const outcome = await made.run(kubernetesPlan(scale('pay', 10)), collectOutput(), untilDone());
      assert.ok(outcome.kind === 'failed', fault.kind);
      assert.match(
        outcome.message,
        /The request was sent to .* it may have been applied\. Check with get before trying again/,
      );
    }
    const changes = arrived.filter((method) => method !== 'GET');
    assert.equal(changes.length, 3, 'a change is never sent twice');
  });

  it('reads again over a fresh connection when a kept one has died', async () => {
    let sockets = 0;
    const server = createHttpServer(pods);
    server.on('connection', () => sockets++);
    const made = cluster.executor([
      { name: 'prod', server: `http://${host}:${await cluster.listen(server)}` },
    ]);
    await cluster.getPods(made);
    // undici gives a connection free one turn of the event loop after its answer.
    await new Promise((next) => setImmediate(next));
    await cluster.getPods(made);
    assert.equal(sockets, 1, 'connections are kept alive');
    server.closeAllConnections();
    assert.equal((await cluster.getPods(made)).outcome.kind, 'succeeded');
  });

  it('stops while it waits for the first byte', async () => {
    const stop = new AbortController();
    const server = await cluster.startPlain(() => stop.abort());
    assert.equal(
      (await cluster.getPods(cluster.executor([{ name: 'prod', server }]), stop.signal)).outcome.kind,
      'stopped',
    );
  });

  it('goes through the kubeconfig’s proxy-url, and through HTTPS_PROXY for other hosts than loopback', async () => {
    const server = await cluster.startTls(pods, {
      key: cluster.file('named.key'),
      cert: cluster.file('named.crt'),
    });
    const byName = { ...cluster.trusted(), 'tls-server-name': 'api.cluster.example' };
    const asked: string[] = [];
    const proxy = createHttpServer();
    proxy.on('connect', (request: IncomingMessage, socket, head: Buffer) => {
      asked.push(request.url ?? '');
      const remote = connect(Number(new URL(server).port), host, () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        remote.write(head);
        remote.pipe(socket).pipe(remote);
      });
      remote.on('error', () => socket.destroy());
      socket.on('error', () => remote.destroy());
      cluster.cleanUp.push(() => remote.destroy());
    });
    const proxyUrl = `http://127.0.0.1:${await cluster.listen(proxy, '127.0.0.1')}`;
    const own = cluster.executor([{ name: 'prod', server, cluster: { ...byName, 'proxy-url': proxyUrl } }]);
    assert.equal((await cluster.getPods(own)).outcome.kind, 'succeeded');
    const byEnvironment = cluster.executor(
      [{ name: 'prod', server: 'https://cluster.invalid:6443', cluster: byName }],
      { env: { HTTPS_PROXY: proxyUrl } },
    );
    const { outcome } = await cluster.getPods(byEnvironment);
    assert.equal(outcome.kind, 'succeeded', JSON.stringify(outcome));
    assert.deepEqual(asked, [new URL(server).host, 'cluster.invalid:6443']);
  });
});
