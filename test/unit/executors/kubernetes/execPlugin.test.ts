import assert from 'node:assert/strict';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { pods, useTlsCluster } from './tlsCluster.ts';

describe('exec credential plugin', () => {
  const cluster = useTlsCluster();
  const plugin = (name: string, script: string, parts: Record<string, unknown> = {}) => {
    writeFileSync(join(cluster.folder, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    return { exec: { apiVersion: 'client.authentication.k8s.io/v1', command: `./${name}`, ...parts } };
  };
  const credential = (token: string, expires = '2999-01-01T00:00:00Z') =>
    `echo '{"kind":"ExecCredential","status":{"token":"${token}","expirationTimestamp":"${expires}"}}'`;

  it('is run once with the cluster’s facts, and again after a 401', async () => {
    const seen: (string | undefined)[] = [];
    const server = await cluster.startTls((request, response) => {
      seen.push(request.headers.authorization);
      if (request.headers.authorization === 'Bearer run-1' && seen.length > 2)
        response.writeHead(401).end('{}');
      else pods(request, response);
    });
    rmSync(join(cluster.folder, 'runs'), { force: true });
    const script = `echo "$KUBERNETES_EXEC_INFO $STAGE" >> '${cluster.folder}/runs'; n=$(wc -l < '${cluster.folder}/runs'); ${credential("run-'$n'")}`;
    const user = plugin('login', script, {
      provideClusterInfo: true,
      env: [{ name: 'STAGE', value: 'live' }],
    });
    const made = cluster.executor([{ name: 'prod', server, cluster: cluster.trusted(), user }]);
    for (let round = 0; round < 3; round++)
      assert.equal((await cluster.getPods(made)).outcome.kind, 'succeeded');
    assert.deepEqual(seen, ['Bearer run-1', 'Bearer run-1', 'Bearer run-1', 'Bearer run-2']);
    const [first = '', ...others] = cluster.file('runs').trim().split('\n');
    assert.equal(others.length, 1);
    assert.ok(first.endsWith(' live'));
    const info = JSON.parse(first.slice(0, -5)) as {
      spec: { cluster: { server: string }; interactive: boolean };
    };
    assert.deepEqual([info.spec.cluster.server, info.spec.interactive], [server, false]);
  });

  it('is asked again once its credential has expired', async () => {
    const server = await cluster.startTls(pods);
    rmSync(join(cluster.folder, 'runs'), { force: true });
    const user = plugin(
      'stale',
      `echo run >> '${cluster.folder}/runs'; ${credential('x', '2020-01-01T00:00:00Z')}`,
    );
    const made = cluster.executor([{ name: 'prod', server, cluster: cluster.trusted(), user }]);
    await cluster.getPods(made);
    await cluster.getPods(made);
    assert.equal(cluster.file('runs'), 'run\nrun\n');
  });

  it('gives a client certificate that is then shown', async () => {
    const seen: string[] = [];
    const server = await cluster.startTls((request, response) => {
      seen.push((request.socket as TLSSocket).getPeerCertificate().subject?.CN as string);
      pods(request, response);
    });
    writeFileSync(
      join(cluster.folder, 'credential.json'),
      JSON.stringify({
        kind: 'ExecCredential',
        status: {
          clientCertificateData: cluster.file('client.crt'),
          clientKeyData: cluster.file('client.key'),
        },
      }),
    );
    const user = plugin('certificate', `cat '${cluster.folder}/credential.json'`);
    await cluster.getPods(cluster.executor([{ name: 'prod', server, cluster: cluster.trusted(), user }]));
    assert.deepEqual(seen, ['responder']);
  });

  it('fails with its own words, and sends nothing', async () => {
    let asked = 0;
    const server = await cluster.startTls(() => void asked++);
    const { message } = await cluster.getPods(
      cluster.executor([
        {
          name: 'prod',
          server,
          cluster: cluster.trusted(),
          user: plugin('broken', 'echo "session expired, sign in" >&2; exit 2'),
        },
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
    const absent = await cluster.getPods(
      cluster.executor([{ name: 'prod', server, cluster: cluster.trusted(), user: missing }]),
    );
    assert.match(
      absent.message,
      /no-such-login of user prod is not installed\. Nothing was sent\. Install it from the portal\./,
    );
    const garbage = await cluster.getPods(
      cluster.executor([
        { name: 'prod', server, cluster: cluster.trusted(), user: plugin('garbage', 'echo hello') },
      ]),
    );
    assert.match(garbage.message, /not an ExecCredential/);
    const old = plugin('old', credential('x'), { apiVersion: 'client.authentication.k8s.io/v1alpha1' });
    const removed = await cluster.getPods(
      cluster.executor([{ name: 'prod', server, cluster: cluster.trusted(), user: old }]),
    );
    assert.match(removed.message, /v1alpha1, which Kubernetes has removed\. Nothing was sent/);
    const terminal = plugin('terminal', credential('x'), { interactiveMode: 'Always' });
    const alone = await cluster.getPods(
      cluster.executor([{ name: 'prod', server, cluster: cluster.trusted(), user: terminal }]),
    );
    assert.match(alone.message, /must have a terminal.*Nothing was sent/);
    assert.equal(asked, 0);
  });

  it('names the command that signs in again, where it asks for one', async () => {
    const server = await cluster.startTls(pods);
    const remedyOf = async (said: string, parts: Record<string, unknown> = {}) => {
      const user = plugin('asks', `echo '${said}' >&2; exit 1`, parts);
      const entry = { name: 'prod', server, cluster: cluster.trusted(), user };
      const { outcome } = await cluster.getPods(
        cluster.executor([entry], { env: { AWS_PROFILE: 'of env' } }),
      );
      return outcome.kind === 'failed' ? outcome.remedy : outcome;
    };
    const expired = 'Error loading SSO Token: The SSO session has expired or is invalid.';
    assert.equal(await remedyOf(expired), "aws sso login --profile 'of env'");
    assert.equal(
      await remedyOf(expired, { args: ['eks', 'get-token', '--profile', 'prod'] }),
      'aws sso login --profile prod',
    );
    assert.equal(await remedyOf('Please run: $ gcloud auth login'), 'gcloud auth login');
    assert.equal(await remedyOf('no idea'), undefined);
  });

  it('serves those that still wait when the one that started it is stopped', async () => {
    const server = await cluster.startTls(pods);
    const go = join(cluster.folder, 'go');
    rmSync(go, { force: true });
    rmSync(join(cluster.folder, 'runs'), { force: true });
    const user = plugin(
      'waits',
      `echo run >> '${cluster.folder}/runs'; until [ -e '${go}' ]; do sleep 0.02; done; ${credential('x')}`,
    );
    const made = cluster.executor([{ name: 'prod', server, cluster: cluster.trusted(), user }]);
    const stop = new AbortController();
    const first = cluster.getPods(made, stop.signal);
    const second = cluster.getPods(made);
    while (!existsSync(join(cluster.folder, 'runs'))) await new Promise((next) => setImmediate(next));
    stop.abort();
    assert.equal((await first).outcome.kind, 'stopped');
    writeFileSync(go, '');
    assert.equal((await second).outcome.kind, 'succeeded');
    assert.equal(cluster.file('runs'), 'run\n');
  });

  it('is killed on stop', async () => {
    const server = await cluster.startTls(pods);
    const stop = new AbortController();
    const user = plugin('slow', `echo $$ > '${cluster.folder}/slow.pid'; exec sleep 300`);
    const run = cluster.getPods(
      cluster.executor([{ name: 'prod', server, cluster: cluster.trusted(), user }]),
      stop.signal,
    );
    while (!existsSync(join(cluster.folder, 'slow.pid')) || cluster.file('slow.pid') === '')
      await new Promise((next) => setImmediate(next));
    stop.abort();
    assert.equal((await run).outcome.kind, 'stopped');
    const pid = Number(cluster.file('slow.pid'));
    for (let alive = true; alive; await new Promise((next) => setImmediate(next))) {
      try {
        process.kill(pid, 0);
      } catch {
        alive = false;
      }
    }
  });
});
