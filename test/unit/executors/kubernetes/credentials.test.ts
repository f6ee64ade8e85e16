import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCredentialSource } from '../../../../src/executors/kubernetes/access/credentials.ts';
import { loadKubeconfig } from '../../../../src/executors/kubernetes/access/kubeconfig.ts';
import { resolveTarget } from '../../../../src/executors/kubernetes/access/target.ts';
import { untilDone } from '../collectOutput.ts';
import { writeKubeconfig } from './kubernetesFixtures.ts';

describe('credentials of a kubeconfig user', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'credentials-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const sourceOf = (user: Record<string, unknown>, server = 'https://cluster.example:6443') => {
    const kubeconfig = loadKubeconfig({ paths: [writeKubeconfig(folder, [{ name: 'prod', server, user }])] });
    assert.ok(kubeconfig.ok);
    const target = resolveTarget(kubeconfig.value, { context: 'prod' });
    assert.ok(target.ok);
    return createCredentialSource(target.value, { PATH: process.env['PATH'] });
  };
  const given = async (user: Record<string, unknown>, server?: string) => {
    const answer = await sourceOf(user, server).get(untilDone());
    assert.ok(answer.ok, JSON.stringify(answer));
    return answer.value;
  };
  const refused = async (user: Record<string, unknown>) => {
    const answer = await sourceOf(user).get(untilDone());
    assert.ok(!answer.ok);
    return answer.failure;
  };

  it('sends everything about an impersonated user', async () => {
    const { headers } = await given({
      as: 'ana@example.com',
      'as-groups': ['on-call', 'payments'],
      'as-uid': '42',
      'as-user-extra': { scopes: ['view', 'scale'], 'acme.com/50% shift': ['night'] },
    });
    assert.deepEqual(headers, {
      'Impersonate-User': 'ana@example.com',
      'Impersonate-Group': ['on-call', 'payments'],
      'Impersonate-Uid': '42',
      'Impersonate-Extra-scopes': ['view', 'scale'],
      'Impersonate-Extra-acme.com%2F50%25%20shift': ['night'],
    });
  });

  it('as kubectl, sends no credentials over plain http', async () => {
    const { headers, certificate } = await given(
      { token: 'plain-word', as: 'ana', 'client-certificate': 'is-not-even-read' },
      'http://cluster.example:8080',
    );
    assert.deepEqual([headers, certificate], [{ 'Impersonate-User': 'ana' }, undefined]);
  });

  it('does not throw away what replaced the credentials that a late 401 is about', async () => {
    const script = join(folder, 'login.cjs');
    const runs = join(folder, 'runs');
    writeFileSync(
      script,
      `const fs = require('fs'); fs.appendFileSync(${JSON.stringify(runs)}, 'x');
console.log(JSON.stringify({ kind: 'ExecCredential', status: { token: 'run-' + fs.readFileSync(${JSON.stringify(runs)}).length } }));`,
    );
    const source = sourceOf({
      exec: { apiVersion: 'client.authentication.k8s.io/v1', command: process.execPath, args: [script] },
    });
    const first = await source.get(untilDone());
    assert.ok(first.ok);
    assert.equal(source.renew(first.value), true);
    const second = await source.get(untilDone());
    assert.ok(second.ok && second.value.headers['Authorization'] === 'Bearer run-2');
    source.renew(first.value);
    assert.deepEqual(await source.get(untilDone()), second);
    assert.equal(readFileSync(runs, 'utf8'), 'xx');
  });

  it('cannot be renewed where asking again could only give the same', async () => {
    const source = sourceOf({ token: 'plain-word' });
    const answer = await source.get(untilDone());
    assert.ok(answer.ok);
    assert.equal(source.renew(answer.value), false);
  });

  it('says which file cannot be read, and that a token of two lines is none', async () => {
    const missing = await refused({ tokenFile: 'is-not-there' });
    assert.equal(missing.code, 'unauthorized');
    assert.match(
      missing.message,
      /user prod \(context prod\) cannot be read: .*is-not-there.*Nothing was sent/,
    );
    writeFileSync(join(folder, 'token'), 'one\ntwo\n');
    const broken = await refused({ tokenFile: 'token' });
    assert.match(broken.message, /hold a line break.*Nothing was sent; correct the token/);
    assert.doesNotMatch(JSON.stringify(broken), /two/, 'a secret is never in a sentence');
  });

  describe('of the old auth providers', () => {
    const token = (exp: number): string =>
      ['{}', JSON.stringify({ exp }), 'sign']
        .map((part) => Buffer.from(part).toString('base64url'))
        .join('.');
    const oidc = (config: Record<string, string>) => ({ 'auth-provider': { name: 'oidc', config } });

    it('uses an OpenID Connect token while it lasts', async () => {
      const current = token(Date.now() / 1000 + 3600);
      const { headers } = await given(oidc({ 'id-token': current }));
      assert.deepEqual(headers, { Authorization: `Bearer ${current}` });
    });

    it('says since when it is over, and how kubectl renews it', async () => {
      const over = await refused(oidc({ 'id-token': token(1_700_000_000), 'refresh-token': 'word' }));
      assert.match(over.message, /until 2023-11-14 22:13 UTC\. Nothing was sent; run any kubectl command/);
      assert.equal(over.remedy, 'kubectl get namespaces --context prod');
      const none = await refused(oidc({}));
      assert.match(none.message, /holds no id-token\. Nothing was sent; sign in again/);
      assert.equal(none.remedy, undefined);
    });

    it('says that the others are gone', async () => {
      const gone = await refused({ 'auth-provider': { name: 'gcp', config: {} } });
      assert.match(gone.message, /auth provider gcp, which Kubernetes has removed.*exec plugin/);
    });
  });
});
