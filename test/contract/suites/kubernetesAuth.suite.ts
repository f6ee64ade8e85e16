import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KubernetesPlan } from '../../../src/core/plan/plan.ts';
import type { KubernetesExecutor } from '../../../src/executors/kubernetes/kubernetesExecutor.ts';
import {
  createKubernetesExecutor,
  loadKubeconfig,
} from '../../../src/executors/kubernetes/kubernetesExecutor.ts';
import { createCertificates } from '../../lab/kubernetes/certificates.ts';
import { collectOutput, untilDone } from '../../unit/executors/collectOutput.ts';
import type { ContextEntry } from '../../unit/executors/kubernetes/kubernetesFixtures.ts';
import {
  get,
  kubernetesPlan,
  scale,
  writeKubeconfig,
} from '../../unit/executors/kubernetes/kubernetesFixtures.ts';

/** A cluster over TLS with users of different rights, each in one namespace `production`. */
export interface KubernetesAuthSite {
  /** `https://127.0.0.1:…` */
  readonly server: string;
  /** PEM file of the authority. */
  readonly authority: string;
  /** A name in the server's certificate besides its address. */
  readonly otherName: string;
  /** Bearer tokens: `reader` (group `lab:readers`) reads in `production`, `responder` also changes there. */
  readonly tokens: Readonly<Record<'admin' | 'responder' | 'reader', string>>;
  /** PEM files of user `certificate-user` in the group `lab:readers`. */
  readonly client: { readonly certificate: string; readonly key: string };
  /** A deployment in `production`, and the beginning of its pods' names. */
  readonly deployment: string;
  dispose(): Promise<void>;
}

export interface KubernetesAuthProduction {
  readonly title: string;
  /** `folder` is empty and removed afterwards. */
  start(folder: string): Promise<KubernetesAuthSite>;
}

const pluginVersion = 'client.authentication.k8s.io/v1';

/** How every kind of kubeconfig gets in, and what is said to who does not. Changes nothing: its changes are dry runs. */
export function describeKubernetesAuth(production: KubernetesAuthProduction): void {
  describe(`kubernetes credentials against ${production.title}`, function () {
    this.timeout(60_000);
    let folder: string;
    let site: KubernetesAuthSite;
    const cleanUp: (() => unknown)[] = [];
    before(async () => {
      folder = mkdtempSync(join(tmpdir(), 'kubernetes-auth-'));
      site = await production.start(join(folder, 'site'));
    });
    after(async () => {
      await site.dispose();
      rmSync(folder, { recursive: true, force: true });
    });
    afterEach(async () => {
      for (const undo of cleanUp.splice(0).reverse()) await undo();
    });

    const base64 = (file: string): string => readFileSync(file).toString('base64');
    const trusted = () => ({ 'certificate-authority': site.authority });
    const executorFor = (
      user: Record<string, unknown>,
      cluster: Record<string, unknown> = trusted(),
      server = site.server,
    ): KubernetesExecutor => {
      const contexts: ContextEntry[] = [{ name: 'prod', server, user, cluster }];
      const path = writeKubeconfig(folder, contexts, 'prod');
      const made = createKubernetesExecutor({
        loadKubeconfig: () => loadKubeconfig({ paths: [path] }),
        env: () => ({ PATH: process.env['PATH'] }),
        timeoutMs: 10_000,
      });
      cleanUp.push(() => made.dispose());
      return made;
    };
    const run = async (
      executor: KubernetesExecutor,
      action: KubernetesPlan['action'] = get(['deployments'], { names: [site.deployment] }),
      target: KubernetesPlan['target'] = { context: 'prod', namespace: 'production' },
    ) => {
      const output = collectOutput();
      const outcome = await executor.run(kubernetesPlan(action, { target }), output, untilDone());
      return { outcome, output, message: outcome.kind === 'failed' ? outcome.message : '' };
    };
    const getsIn = async (executor: KubernetesExecutor): Promise<void> => {
      const { outcome, output } = await run(executor);
      assert.equal(outcome.kind, 'succeeded', JSON.stringify(outcome));
      assert.match(output.stdout, new RegExp(`^${site.deployment} `, 'm'));
    };
    const dryScale = (executor: KubernetesExecutor) =>
      run(executor, scale(site.deployment, 7, { dryRun: true }));
    /** A plugin that runs `script` under this very Node; `runs()` tells how often. */
    const plugin = (name: string, script: string, parts: Record<string, unknown> = {}) => {
      const file = join(folder, `${name}.cjs`);
      const log = join(folder, `${name}.runs`);
      writeFileSync(log, '');
      const counted = `const fs = require('fs'); fs.appendFileSync(${JSON.stringify(log)}, 'x');
const run = fs.readFileSync(${JSON.stringify(log)}, 'utf8').length;
const give = (status) => console.log(JSON.stringify({ apiVersion: ${JSON.stringify(pluginVersion)}, kind: 'ExecCredential', status }));
${script}`;
      writeFileSync(file, counted);
      const exec = { apiVersion: pluginVersion, command: process.execPath, args: [file], ...parts };
      return {
        user: { exec: { interactiveMode: 'Never', ...exec } },
        runs: () => readFileSync(log, 'utf8').length,
      };
    };

    it('a token gets in, and a wrong one is told what to do', async () => {
      await getsIn(executorFor({ token: site.tokens.reader }));
      const { message, outcome } = await run(executorFor({ token: 'not-a-token-of-anybody' }));
      assert.match(
        message,
        /did not accept your credentials \(401 Unauthorized\)\. Nothing was changed; sign in/,
      );
      assert.equal(outcome.kind === 'failed' && outcome.status, 401);
    });

    it('a token file is read again when it is rotated', async () => {
      const file = join(folder, 'token');
      writeFileSync(file, `${site.tokens.reader}\n`);
      const executor = executorFor({ tokenFile: file });
      await getsIn(executor);
      assert.equal((await dryScale(executor)).outcome.kind, 'failed');
      writeFileSync(file, `${site.tokens.responder}\n`);
      const scaled = await dryScale(executor);
      assert.equal(scaled.outcome.kind, 'succeeded', scaled.message);
    });

    it('a client certificate gets in from files and from the kubeconfig itself', async () => {
      const { certificate, key } = site.client;
      await getsIn(executorFor({ 'client-certificate': certificate, 'client-key': key }));
      await getsIn(
        executorFor(
          { 'client-certificate-data': base64(certificate), 'client-key-data': base64(key) },
          { 'certificate-authority-data': base64(site.authority) },
        ),
      );
      const { message } = await dryScale(
        executorFor({ 'client-certificate': certificate, 'client-key': key }),
      );
      assert.match(message, /User "certificate-user" cannot patch resource "deployments\/scale"/);
    });

    it('nobody gets in without credentials', async () => {
      const { message } = await run(executorFor({}));
      assert.match(message, /system:anonymous|user prod has no credentials in the kubeconfig/);
    });

    it('a reader reads, and is told what a change lacks; a responder changes', async () => {
      const reader = executorFor({ token: site.tokens.reader });
      const refused = await dryScale(reader);
      assert.equal(refused.outcome.kind === 'failed' && refused.outcome.status, 403);
      assert.match(
        refused.message,
        /^Error from server \(Forbidden\): .*User "reader" cannot patch resource "deployments\/scale" in API group "apps" in the namespace "production"\. Nothing was changed; the user of context prod lacks this permission/,
      );
      const elsewhere = await run(reader, get(['pods']), { context: 'prod', namespace: 'staging' });
      assert.match(
        elsewhere.message,
        /User "reader" cannot list resource "pods".*in the namespace "staging"/,
      );
      const changed = await dryScale(executorFor({ token: site.tokens.responder }));
      assert.equal(changed.outcome.kind, 'succeeded', changed.message);
    });

    it('an admin acts as somebody else, with that one’s rights', async () => {
      const as = {
        token: site.tokens.admin,
        as: 'ana',
        'as-uid': '7',
        'as-user-extra': { 'lab/shift': ['night'] },
      };
      const inGroup = executorFor({ ...as, 'as-groups': ['lab:readers'] });
      await getsIn(inGroup);
      assert.match(
        (await dryScale(inGroup)).message,
        /User "ana" cannot patch resource "deployments\/scale"/,
      );
      assert.match((await run(executorFor(as))).message, /User "ana" cannot get resource "deployments"/);
      const nobody = await run(executorFor({ token: site.tokens.admin, 'as-groups': ['lab:readers'] }));
      assert.match(nobody.message, /without naming that user in "as"\. Nothing was sent/);
    });

    it('a plugin’s token gets in, and what it says is shown', async () => {
      const { user, runs } = plugin(
        'login',
        `console.error('Open https://sign-in.example and enter WORD');
give({ token: ${JSON.stringify(site.tokens.reader)} });`,
      );
      const executor = executorFor(user);
      const change = kubernetesPlan(scale(site.deployment, 7), {
        target: { context: 'prod', namespace: 'production' },
      });
      assert.deepEqual(await executor.foresee(change, untilDone()), []);
      assert.equal(runs(), 0, 'nobody is asked to sign in before a click');
      const { output, outcome } = await run(executor);
      assert.equal(outcome.kind, 'succeeded', JSON.stringify(outcome));
      assert.match(output.stderr, /Open https:\/\/sign-in\.example and enter WORD/);
      await getsIn(executor);
      assert.equal(runs(), 1);
    });

    it('a plugin is asked once more after a 401, for all requests together, and no more than once', async () => {
      const late = plugin(
        'late',
        `give({ token: run === 1 ? 'a-word-that-is-over' : ${JSON.stringify(site.tokens.reader)} });`,
      );
      const executor = executorFor(late.user);
      await Promise.all([getsIn(executor), getsIn(executor), getsIn(executor)]);
      assert.equal(late.runs(), 2);
      const never = plugin('never', `give({ token: 'a-word-that-is-over' });`);
      assert.match((await run(executorFor(never.user))).message, /401 Unauthorized/);
      assert.equal(never.runs(), 2);
    });

    it('a plugin gets the cluster’s facts, its authority as data, and gives a certificate', async () => {
      const { user } = plugin(
        'certificate',
        `const { spec } = JSON.parse(process.env.KUBERNETES_EXEC_INFO);
const right = spec.cluster.server === ${JSON.stringify(site.server)} && spec.interactive === false &&
  spec.cluster['certificate-authority-data'] === ${JSON.stringify(base64(site.authority))} && spec.cluster.config.audience === 'lab';
if (!right) { console.error(process.env.KUBERNETES_EXEC_INFO); process.exit(1); }
give({ clientCertificateData: fs.readFileSync(${JSON.stringify(site.client.certificate)}, 'utf8'),
  clientKeyData: fs.readFileSync(${JSON.stringify(site.client.key)}, 'utf8') });`,
        { provideClusterInfo: true },
      );
      const extensions = [{ name: 'client.authentication.k8s.io/exec', extension: { audience: 'lab' } }];
      await getsIn(executorFor(user, { ...trusted(), extensions }));
    });

    it('a plugin that fails or is missing says so in its own words, with what to run', async () => {
      const failing = plugin(
        'failing',
        `console.error('Token has expired: run aws sso login'); process.exit(3);`,
        {
          env: [{ name: 'AWS_PROFILE', value: 'on-call' }],
        },
      );
      const { outcome, message } = await run(executorFor(failing.user));
      assert.match(message, /exit code 3\. Nothing was sent\. It said: Token has expired: run aws sso login/);
      assert.equal(outcome.kind === 'failed' && outcome.remedy, 'aws sso login --profile on-call');
      const exec = {
        apiVersion: pluginVersion,
        command: 'no-such-login',
        installHint: 'Get it from the portal.',
      };
      const missing = await run(executorFor({ exec }));
      assert.match(
        missing.message,
        /no-such-login .* is not installed\. Nothing was sent\. Get it from the portal\./,
      );
    });

    it('a server of another authority is not trusted, and who issued its certificate is said', async () => {
      await createOtherAuthority();
      const { message } = await run(
        executorFor(
          { token: site.tokens.reader },
          { 'certificate-authority': join(folder, 'other/authority.crt') },
        ),
      );
      assert.match(
        message,
        /^No trusted connection to https:.*: its certificate was issued by .*, which the kubeconfig's certificate authority does not vouch for .*Nothing was changed/,
      );
      await getsIn(executorFor({ token: site.tokens.reader }, { 'insecure-skip-tls-verify': true }));
    });

    it('the certificate’s name is checked, by tls-server-name where there is one', async () => {
      const user = { token: site.tokens.reader };
      await getsIn(executorFor(user, { ...trusted(), 'tls-server-name': site.otherName }));
      const wrong = await run(executorFor(user, { ...trusted(), 'tls-server-name': 'shop.example.com' }));
      assert.match(
        wrong.message,
        /its certificate is for .*, not for shop\.example\.com\. Nothing was changed/,
      );
      assert.ok(wrong.message.includes(site.otherName), wrong.message);
    });

    it('the way leads through the kubeconfig’s proxy-url, and a proxy that is not there is named', async () => {
      const asked: string[] = [];
      const proxy = createServer();
      proxy.on('connect', (request: IncomingMessage, socket, head: Buffer) => {
        asked.push(request.url ?? '');
        const { hostname, port } = new URL(`http://${request.url}`);
        const remote = connect(Number(port), hostname, () => {
          socket.write('HTTP/1.1 200 OK\r\n\r\n');
          remote.write(head);
          remote.pipe(socket).pipe(remote);
        });
        remote.on('error', () => socket.destroy());
        socket.on('error', () => remote.destroy());
        cleanUp.push(() => remote.destroy());
      });
      await once(proxy.listen(0, '127.0.0.1'), 'listening');
      cleanUp.push(() => proxy.close());
      const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
      const user = { token: site.tokens.reader };
      await getsIn(executorFor(user, { ...trusted(), 'proxy-url': url }));
      assert.ok(asked.length > 0 && asked.every((host) => host === new URL(site.server).host), asked.join());
      const absent = await run(executorFor(user, { ...trusted(), 'proxy-url': 'http://127.0.0.1:1' }));
      assert.match(absent.message, /through the proxy http:\/\/127\.0\.0\.1:1 refused the connection/);
      const unknown = await run(executorFor(user, { ...trusted(), 'proxy-url': 'gopher://127.0.0.1:1' }));
      assert.match(unknown.message, /must be an http, https or socks5 URL, and gopher is not one of them/);
    });

    it('of several files the first to name a thing wins, each with paths of its own', async () => {
      const second = mkdtempSync(join(folder, 'second-'));
      writeFileSync(join(second, 'ca.pem'), readFileSync(site.authority));
      const entry = { name: 'prod', server: site.server, cluster: { 'certificate-authority': 'ca.pem' } };
      const good = writeKubeconfig(second, [{ ...entry, user: { token: site.tokens.reader } }]);
      const bad = writeKubeconfig(folder, [{ ...entry, user: { token: 'not-a-token' } }], undefined, 'last');
      const paths = [join(folder, 'is-not-there'), good, bad];
      const executor = createKubernetesExecutor({ loadKubeconfig: () => loadKubeconfig({ paths }) });
      cleanUp.push(() => executor.dispose());
      await getsIn(executor);
    });

    async function createOtherAuthority(): Promise<void> {
      const other = join(folder, 'other');
      rmSync(other, { recursive: true, force: true });
      mkdirSync(other);
      await createCertificates(other, { name: 'nobody', group: 'nobody' });
    }
  });
}
