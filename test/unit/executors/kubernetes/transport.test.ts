import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { proxyFor } from '../../../../src/executors/kubernetes/proxy.ts';
import {
  createKubernetesExecutor,
  loadKubeconfig,
} from '../../../../src/executors/kubernetes/kubernetesExecutor.ts';
import type { KubernetesExecutor } from '../../../../src/executors/kubernetes/kubernetesExecutor.ts';
import { startFaultProxy } from '../../../support/faultProxy.ts';
import { collectOutput, untilDone } from '../collectOutput.ts';
import type { ContextEntry } from './kubernetesFixtures.ts';
import { get, kubernetesPlan, podList, scale, status, writeKubeconfig } from './kubernetesFixtures.ts';

/** VS Code drops client certificates for every host but localhost; this address is loopback and is not localhost. */
const host = '127.0.0.2';

describe('way to a cluster', () => {
  let folder: string;
  const cleanUp: (() => unknown)[] = [];
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'transport-'));
    makeCertificates(folder);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));
  afterEach(async () => {
    for (const undo of cleanUp.splice(0).reverse()) await undo();
  });

  const file = (name: string): string => readFileSync(join(folder, name), 'utf8');
  const base64 = (name: string): string => readFileSync(join(folder, name)).toString('base64');

  type Handler = (request: IncomingMessage, response: ServerResponse) => void;
  const pods: Handler = (_request, response) => void response.end(JSON.stringify(podList('pay-1')));

  async function listen(server: Server, address = host): Promise<number> {
    await once(server.listen(0, address), 'listening');
    cleanUp.push(() => {
      server.close();
      server.closeAllConnections();
    });
    return (server.address() as AddressInfo).port;
  }
  const startTls = async (handler: Handler, options: Record<string, unknown> = {}): Promise<string> => {
    const keys = { key: file('server.key'), cert: file('server.crt'), ca: file('ca.crt') };
    const server = createHttpsServer(
      { ...keys, requestCert: true, rejectUnauthorized: false, ...options },
      handler,
    );
    return `https://${host}:${await listen(server)}`;
  };
  const startPlain = async (handler: Handler): Promise<string> =>
    `http://${host}:${await listen(createHttpServer(handler))}`;

  function executor(
    contexts: readonly ContextEntry[],
    options: { current?: string; env?: Record<string, string>; timeoutMs?: number } = {},
  ): KubernetesExecutor {
    const path = writeKubeconfig(folder, contexts, options.current);
    const made = createKubernetesExecutor({
      loadKubeconfig: () => loadKubeconfig({ paths: [path] }),
      env: () => ({ PATH: process.env['PATH'], ...options.env }),
      ...(options.timeoutMs === undefined ? {} : { timeoutMs: options.timeoutMs }),
    });
    cleanUp.push(() => made.dispose());
    return made;
  }
  const getPods = async (made: KubernetesExecutor, signal = untilDone()) => {
    const output = collectOutput();
    const outcome = await made.run(kubernetesPlan(get(['pods'])), output, signal);
    return { outcome, output, message: outcome.kind === 'failed' ? outcome.message : '' };
  };
  const trusted = () => ({ 'certificate-authority-data': base64('ca.crt') });
  const certificate = () => ({
    'client-certificate-data': base64('client.crt'),
    'client-key-data': base64('client.key'),
  });

  it('shows the client certificate, and never asks the current context', async () => {
    const seen: string[] = [];
    const server = await startTls((request, response) => {
      seen.push((request.socket as TLSSocket).getPeerCertificate().subject?.CN as string);
      pods(request, response);
    });
    let askedCurrent = 0;
    const current = await startPlain((request, response) => {
      askedCurrent++;
      pods(request, response);
    });
    const made = executor(
      [
        { name: 'prod', server, cluster: trusted(), user: certificate() },
        { name: 'own', server: current },
      ],
      { current: 'own' },
    );
    const { outcome, output } = await getPods(made);
    assert.equal(outcome.kind, 'succeeded', JSON.stringify(outcome));
    assert.match(output.stdout, /pay-1/);
    assert.deepEqual(seen, ['responder']);
    assert.equal(askedCurrent, 0);
  });

  it('reads certificates from files', async () => {
    const server = await startTls((request, response) => {
      assert.equal((request.socket as TLSSocket).authorized, true);
      pods(request, response);
    });
    const user = { 'client-certificate': 'client.crt', 'client-key': 'client.key' };
    const { outcome } = await getPods(
      executor([{ name: 'prod', server, cluster: { 'certificate-authority': 'ca.crt' }, user }]),
    );
    assert.equal(outcome.kind, 'succeeded', JSON.stringify(outcome));
  });

  it('refuses a server whose certificate it cannot trust, unless told to skip that', async () => {
    const server = await startTls(pods);
    const { message } = await getPods(executor([{ name: 'prod', server }]));
    assert.match(message, /No trusted connection to https:.*\(context prod\).*Nothing was changed/);
    const skipped = executor([{ name: 'prod', server, cluster: { 'insecure-skip-tls-verify': true } }]);
    assert.equal((await getPods(skipped)).outcome.kind, 'succeeded');
  });

  it('checks the certificate against tls-server-name', async () => {
    const server = await startTls(pods, { key: file('named.key'), cert: file('named.crt') });
    const plain = executor([{ name: 'prod', server, cluster: trusted() }]);
    assert.match((await getPods(plain)).message, /No trusted connection/);
    const named = executor([
      { name: 'prod', server, cluster: { ...trusted(), 'tls-server-name': 'api.cluster.example' } },
    ]);
    assert.equal((await getPods(named)).outcome.kind, 'succeeded');
  });

  it('sends a token, a token file, basic credentials and an impersonated user', async () => {
    const seen: unknown[] = [];
    const server = await startPlain((request, response) => {
      seen.push([request.headers.authorization, request.headers['impersonate-user']]);
      pods(request, response);
    });
    writeFileSync(join(folder, 'token'), 'from-file\n');
    for (const user of [
      { token: 'plain' },
      { tokenFile: 'token' },
      { username: 'ana', password: 'pw', as: 'bot' },
    ]) {
      await getPods(executor([{ name: 'prod', server, user }]));
    }
    const basic = `Basic ${Buffer.from('ana:pw').toString('base64')}`;
    assert.deepEqual(seen, [
      ['Bearer plain', undefined],
      ['Bearer from-file', undefined],
      [basic, 'bot'],
    ]);
  });

  describe('an exec plugin', () => {
    const plugin = (name: string, script: string, parts: Record<string, unknown> = {}) => {
      writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
      return { exec: { apiVersion: 'client.authentication.k8s.io/v1', command: `./${name}`, ...parts } };
    };
    const credential = (token: string, expires = '2999-01-01T00:00:00Z') =>
      `echo '{"kind":"ExecCredential","status":{"token":"${token}","expirationTimestamp":"${expires}"}}'`;

    it('is run once with the cluster’s facts, and again after a 401', async () => {
      const seen: (string | undefined)[] = [];
      const server = await startPlain((request, response) => {
        seen.push(request.headers.authorization);
        if (request.headers.authorization === 'Bearer run-1' && seen.length > 2)
          response.writeHead(401).end('{}');
        else pods(request, response);
      });
      rmSync(join(folder, 'runs'), { force: true });
      const script = `echo "$KUBERNETES_EXEC_INFO $STAGE" >> '${folder}/runs'; n=$(wc -l < '${folder}/runs'); ${credential("run-'$n'")}`;
      const user = plugin('login', script, {
        provideClusterInfo: true,
        env: [{ name: 'STAGE', value: 'live' }],
      });
      const made = executor([{ name: 'prod', server, user }]);
      for (let round = 0; round < 3; round++) assert.equal((await getPods(made)).outcome.kind, 'succeeded');
      assert.deepEqual(seen, ['Bearer run-1', 'Bearer run-1', 'Bearer run-1', 'Bearer run-2']);
      const [first = '', ...others] = file('runs').trim().split('\n');
      assert.equal(others.length, 1);
      assert.ok(first.endsWith(' live'));
      const info = JSON.parse(first.slice(0, -5)) as {
        spec: { cluster: { server: string }; interactive: boolean };
      };
      assert.deepEqual([info.spec.cluster.server, info.spec.interactive], [server, false]);
    });

    it('is asked again once its credential has expired', async () => {
      const server = await startPlain(pods);
      rmSync(join(folder, 'runs'), { force: true });
      const user = plugin(
        'stale',
        `echo run >> '${folder}/runs'; ${credential('x', '2020-01-01T00:00:00Z')}`,
      );
      const made = executor([{ name: 'prod', server, user }]);
      await getPods(made);
      await getPods(made);
      assert.equal(file('runs'), 'run\nrun\n');
    });

    it('gives a client certificate that is then shown', async () => {
      const seen: string[] = [];
      const server = await startTls((request, response) => {
        seen.push((request.socket as TLSSocket).getPeerCertificate().subject?.CN as string);
        pods(request, response);
      });
      writeFileSync(
        join(folder, 'credential.json'),
        JSON.stringify({
          kind: 'ExecCredential',
          status: { clientCertificateData: file('client.crt'), clientKeyData: file('client.key') },
        }),
      );
      const user = plugin('certificate', `cat '${folder}/credential.json'`);
      await getPods(executor([{ name: 'prod', server, cluster: trusted(), user }]));
      assert.deepEqual(seen, ['responder']);
    });

    it('fails with its own words, and sends nothing', async () => {
      let asked = 0;
      const server = await startPlain(() => void asked++);
      const { message } = await getPods(
        executor([
          { name: 'prod', server, user: plugin('broken', 'echo "session expired, sign in" >&2; exit 2') },
        ]),
      );
      assert.match(
        message,
        /broken of user prod ended with exit code 2\. Nothing was sent\. It said: session expired, sign in/,
      );
      const missing = {
        exec: {
          apiVersion: 'client.authentication.k8s.io/v1',
          command: 'no-such-login',
          installHint: 'Install it from the portal.',
        },
      };
      const absent = await getPods(executor([{ name: 'prod', server, user: missing }]));
      assert.match(
        absent.message,
        /no-such-login of user prod is not installed\. Nothing was sent\. Install it from the portal\./,
      );
      const garbage = await getPods(
        executor([{ name: 'prod', server, user: plugin('garbage', 'echo hello') }]),
      );
      assert.match(garbage.message, /not an ExecCredential/);
      assert.equal(asked, 0);
    });

    it('is killed on stop', async () => {
      const server = await startPlain(pods);
      const stop = new AbortController();
      const user = plugin('slow', `echo $$ > '${folder}/slow.pid'; exec sleep 300`);
      const run = getPods(executor([{ name: 'prod', server, user }]), stop.signal);
      while (!existsSync(join(folder, 'slow.pid')) || file('slow.pid') === '')
        await new Promise((next) => setImmediate(next));
      stop.abort();
      assert.equal((await run).outcome.kind, 'stopped');
      const pid = Number(file('slow.pid'));
      for (let alive = true; alive; await new Promise((next) => setImmediate(next))) {
        try {
          process.kill(pid, 0);
        } catch {
          alive = false;
        }
      }
    });
  });

  it('tells 401, 403 and any other error with what the server said', async () => {
    let answer: [number, string] = [401, ''];
    const server = await startPlain(
      (_request, response) => void response.writeHead(answer[0]).end(answer[1]),
    );
    const made = executor([{ name: 'prod', server }]);
    assert.match((await getPods(made)).message, /did not accept your credentials \(401/);
    answer = [
      403,
      JSON.stringify(status(403, 'Forbidden', 'pods is forbidden: User "ana" cannot list resource "pods"')),
    ];
    const forbidden = await getPods(made);
    assert.equal(
      forbidden.message,
      'Error from server (Forbidden): pods is forbidden: User "ana" cannot list resource "pods"',
    );
    assert.equal(forbidden.outcome.kind === 'failed' && forbidden.outcome.status, 403);
    const page = `<html>${'very long reason '.repeat(2000)}end</html>`;
    answer = [502, page];
    const broken = await getPods(made);
    assert.ok(broken.message.endsWith(page), 'the body of an error is kept whole');
  });

  it('says that a server is not a Kubernetes API', async () => {
    const server = await startPlain((_request, response) => void response.end('<html>Sign in</html>'));
    assert.match(
      (await getPods(executor([{ name: 'prod', server }]))).message,
      /did not answer like a Kubernetes API/,
    );
  });

  it('says that nothing listens, and that a name does not resolve', async () => {
    const closed = createHttpServer();
    await once(closed.listen(0, host), 'listening');
    const { port } = closed.address() as AddressInfo;
    await new Promise((done) => closed.close(done));
    const refused = await getPods(executor([{ name: 'prod', server: `https://${host}:${port}` }]));
    assert.match(refused.message, /\(context prod\) refused the connection.*Nothing was changed/);
    const unknown = await getPods(executor([{ name: 'prod', server: 'https://no-such-host.invalid:6443' }]));
    assert.match(
      unknown.message,
      /no-such-host\.invalid:6443 \(context prod\) could not be (found|looked up)/,
    );
  });

  it('gives up on a silent server, and says so', async () => {
    const proxy = await startFaultProxy(await startPlain(pods));
    cleanUp.push(() => proxy.dispose());
    proxy.fault = { kind: 'silence' };
    const made = executor([{ name: 'prod', server: proxy.url }], { timeoutMs: 200 });
    assert.match(
      (await getPods(made)).message,
      /^No answer from http:.* \(context prod\) within 0\.2 s\. Nothing was changed/,
    );
  });

  it('never says that a change did not happen when only its answer was lost', async () => {
    const arrived: string[] = [];
    const server = await startPlain((request, response) => {
      arrived.push(request.method ?? '');
      response.end('{}');
    });
    const proxy = await startFaultProxy(server);
    cleanUp.push(() => proxy.dispose());
    const made = executor([{ name: 'prod', server: proxy.url }], { timeoutMs: 200 });
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
    assert.deepEqual(arrived, ['PATCH', 'PATCH', 'PATCH'], 'a change is never sent twice');
  });

  it('reads again over a fresh connection when a kept one has died', async () => {
    let sockets = 0;
    const server = createHttpServer(pods);
    server.on('connection', () => sockets++);
    const made = executor([{ name: 'prod', server: `http://${host}:${await listen(server)}` }]);
    await getPods(made);
    await getPods(made);
    assert.equal(sockets, 1, 'connections are kept alive');
    server.closeAllConnections();
    assert.equal((await getPods(made)).outcome.kind, 'succeeded');
  });

  it('stops while it waits for the first byte', async () => {
    const stop = new AbortController();
    const server = await startPlain(() => stop.abort());
    assert.equal((await getPods(executor([{ name: 'prod', server }]), stop.signal)).outcome.kind, 'stopped');
  });

  it('goes through the kubeconfig’s proxy-url, and through HTTPS_PROXY for other hosts than loopback', async () => {
    const server = await startTls(pods);
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
      cleanUp.push(() => remote.destroy());
    });
    const proxyUrl = `http://127.0.0.1:${await listen(proxy, '127.0.0.1')}`;
    const own = executor([{ name: 'prod', server, cluster: { ...trusted(), 'proxy-url': proxyUrl } }]);
    assert.equal((await getPods(own)).outcome.kind, 'succeeded');
    const elsewhere = { ...trusted(), 'tls-server-name': host };
    const byEnvironment = executor(
      [{ name: 'prod', server: 'https://cluster.invalid:6443', cluster: elsewhere }],
      { env: { HTTPS_PROXY: proxyUrl } },
    );
    const { outcome } = await getPods(byEnvironment);
    assert.equal(outcome.kind, 'succeeded', JSON.stringify(outcome));
    assert.deepEqual(asked, [new URL(server).host, 'cluster.invalid:6443']);
  });

  it('chooses a proxy as Go does', () => {
    const env = (NO_PROXY: string) => ({ HTTPS_PROXY: 'proxy:3128', NO_PROXY });
    const through = (server: string, noProxy = '') => proxyFor(server, undefined, env(noProxy)) !== undefined;
    assert.equal(proxyFor('https://a.example', undefined, env('')), 'http://proxy:3128');
    assert.equal(proxyFor('https://a.example', 'socks5://own', env('*')), 'socks5://own');
    assert.ok(through('https://a.example', 'b.example'));
    assert.ok(!through('https://a.b.example', 'b.example'));
    assert.ok(!through('https://a.b.example', '.b.example'));
    assert.ok(through('https://b.example', '.b.example'));
    assert.ok(!through('https://10.1.2.3:6443', '10.0.0.0/8'));
    assert.ok(through('https://11.1.2.3:6443', '10.0.0.0/8, 12.0.0.1'));
    assert.ok(!through('https://10.1.2.3:6443', '10.1.2.3:6443'));
    assert.ok(through('https://10.1.2.3:6443', '10.1.2.3:443'));
    assert.ok(!through('https://localhost:6443') && !through('https://127.0.0.9:6443'));
    assert.ok(!through('http://a.example'), 'HTTPS_PROXY is for https alone');
    assert.ok(!through('https://a.example', '*'));
  });
});

/** A certificate authority, a server at `host`, one by name alone, and a client; made by openssl at test time. */
function makeCertificates(folder: string): void {
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  openssl(
    'req',
    '-x509',
    ...key,
    '-keyout',
    'ca.key',
    '-out',
    'ca.crt',
    '-subj',
    '/CN=test authority',
    '-days',
    '2',
  );
  const issue = (name: string, commonName: string, extension: string) => {
    writeFileSync(join(folder, `${name}.ext`), extension);
    openssl(
      'req',
      '-new',
      ...key,
      '-keyout',
      `${name}.key`,
      '-out',
      `${name}.csr`,
      '-subj',
      `/CN=${commonName}`,
    );
    const signed = [
      '-CA',
      'ca.crt',
      '-CAkey',
      'ca.key',
      '-CAcreateserial',
      '-days',
      '2',
      '-extfile',
      `${name}.ext`,
    ];
    openssl('x509', '-req', '-in', `${name}.csr`, '-out', `${name}.crt`, ...signed);
  };
  issue('server', 'server', `subjectAltName=IP:${host}`);
  issue('named', 'named', 'subjectAltName=DNS:api.cluster.example');
  issue('client', 'responder', 'extendedKeyUsage=clientAuth');
}
