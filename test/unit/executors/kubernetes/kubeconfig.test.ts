import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import fc from 'fast-check';
import { load } from 'js-yaml';
import { kubeconfigPaths, loadKubeconfig } from '../../../../src/executors/kubernetes/access/kubeconfig.ts';
import { pinnedKubeconfig, resolveTarget } from '../../../../src/executors/kubernetes/access/target.ts';
import { writeKubeconfig } from './kubernetesFixtures.ts';

describe('kubeconfig', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'kubeconfig-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const loaded = (...paths: string[]) => {
    const result = loadKubeconfig({ paths });
    assert.ok(result.ok, JSON.stringify(result));
    return result.value;
  };
  const text = (name: string, content: string): string => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  };

  it('is looked for in the setting, then KUBECONFIG, then the home folder', () => {
    const env = { HOME: '/home/ana', KUBECONFIG: ['/a', '/b', '/a', ''].join(delimiter) };
    assert.deepEqual(kubeconfigPaths(env, '~/team/config'), [join('/home/ana', 'team', 'config')]);
    assert.deepEqual(kubeconfigPaths(env, '  '), ['/a', '/b']);
    assert.deepEqual(kubeconfigPaths({ HOME: '/home/ana' }), [join('/home/ana', '.kube', 'config')]);
  });

  it('reads a YAML file with its paths taken relative to it', () => {
    const file = text(
      'config',
      `apiVersion: v1
kind: Config
current-context: prod
contexts:
- {name: prod, context: {cluster: c1, user: u1, namespace: production}}
clusters:
- {name: c1, cluster: {server: "https://10.0.0.1:6443/", certificate-authority: ca.crt}}
users:
- name: u1
  user:
    client-certificate: certs/u1.crt
    exec: {apiVersion: client.authentication.k8s.io/v1, command: ./bin/login, args: [1, token]}
`,
    );
    const config = loaded(file);
    assert.deepEqual(config.contexts, [
      {
        name: 'prod',
        server: 'https://10.0.0.1:6443',
        cluster: 'c1',
        user: 'u1',
        namespace: 'production',
        file,
      },
    ]);
    assert.equal(config.currentContext, 'prod');
    assert.deepEqual(config.problems, []);
    assert.equal(config.clusters.get('c1')?.certificateAuthorityFile, join(folder, 'ca.crt'));
    assert.equal(config.users.get('u1')?.clientCertificateFile, join(folder, 'certs', 'u1.crt'));
    assert.equal(config.users.get('u1')?.exec?.command, join(folder, 'bin', 'login'));
    assert.deepEqual(config.users.get('u1')?.exec?.args, ['1', 'token']);
  });

  it('merges files by kubectl’s rule: the first to name a thing wins, with a sentence', () => {
    const first = writeKubeconfig(folder, [{ name: 'prod', server: 'https://first' }], undefined, 'first');
    const second = writeKubeconfig(
      folder,
      [
        { name: 'prod', server: 'https://second' },
        { name: 'staging', server: 'https://staging' },
      ],
      'staging',
      'second',
    );
    const config = loaded(first, second);
    assert.deepEqual(
      config.contexts.map(({ name, server, file }) => [name, server, file]),
      [
        ['prod', 'https://first', first],
        ['staging', 'https://staging', second],
      ],
    );
    assert.equal(config.currentContext, 'staging');
    const problems = config.problems.join('\n');
    assert.match(problems, /Context prod is defined in .*first and in .*second; the one in .*first is used/);
    assert.match(problems, /Cluster prod .* different servers; https:\/\/first is used/);
  });

  it('keeps what works when another file is missing, garbage, or not a kubeconfig', () => {
    const good = writeKubeconfig(folder, [{ name: 'prod', server: 'https://good' }], 'prod');
    const garbage = text('garbage', 'contexts: [unclosed\n\t: :');
    const list = text('list', '- just\n- a list\n');
    const missing = join(folder, 'missing');
    const config = loaded(missing, garbage, list, good);
    assert.equal(config.contexts[0]?.server, 'https://good');
    assert.equal(config.problems.length, 3);
    for (const [index, file] of [missing, garbage, list].entries())
      assert.ok(config.problems[index]?.includes(file));
    assert.match(config.problems[0] ?? '', /does not exist/);
    assert.match(config.problems[1] ?? '', /not valid YAML/);
  });

  it('fails with a sentence when no file can be used', () => {
    const missing = loadKubeconfig({ paths: [join(folder, 'missing')] });
    assert.ok(!missing.ok && missing.failure.code === 'not-found');
    assert.match(missing.failure.message, /missing does not exist/);
    const garbage = loadKubeconfig({ paths: [text('garbage', '{')] });
    assert.ok(!garbage.ok && garbage.failure.code === 'invalid');
    mkdirSync(join(folder, 'unreadable'));
    const unreadable = loadKubeconfig({ paths: [join(folder, 'unreadable')] });
    assert.ok(!unreadable.ok && unreadable.failure.code === 'storage');
    assert.match(unreadable.failure.message, /unreadable cannot be read/);
  });

  it('leaves out single entries that make no sense, each with a sentence', () => {
    const file = text(
      'config',
      JSON.stringify({
        contexts: [
          { context: {} },
          { name: 'lost', context: { cluster: 'nowhere' } },
          7,
          { name: 'prod', context: { cluster: 'c' } },
        ],
        clusters: [
          { name: 'c', cluster: { server: 'https://c' } },
          { name: 'bad', cluster: { server: ['x'] } },
        ],
        users: [{ name: 'u', user: { exec: { args: [] } } }],
      }),
    );
    const config = loaded(file);
    assert.deepEqual(
      config.contexts.map((context) => context.name),
      ['lost', 'prod'],
    );
    const problems = config.problems.join('\n');
    assert.match(problems, /context without a name/);
    assert.match(problems, /cluster bad in .* was left out/);
    assert.match(problems, /user u in .* was left out/);
    assert.match(problems, /Context lost .* names cluster nowhere/);
  });

  it('never throws, whatever the file holds', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.json(),
          fc.string().map((value) => `contexts: ${value}`),
        ),
        (content) => {
          const result = loadKubeconfig({ paths: [text('any', content)] });
          assert.equal(typeof result.ok, 'boolean');
        },
      ),
    );
  });

  describe('a target', () => {
    const config = () =>
      loaded(
        writeKubeconfig(
          folder,
          [
            { name: 'prod', server: 'https://prod:6443', namespace: 'shop' },
            { name: 'own', server: 'https://own' },
          ],
          'own',
        ),
      );

    it('is never the current context', () => {
      const result = resolveTarget(config(), {});
      assert.ok(!result.ok && result.failure.code === 'wrong-target');
      assert.match(result.failure.message, /No cluster is pinned.*Nothing was sent/);
    });

    it('is refused when its context is gone, naming the known ones', () => {
      const result = resolveTarget(config(), { context: 'gone' });
      assert.ok(!result.ok && result.failure.code === 'not-found');
      assert.match(result.failure.message, /no context gone \(known: prod, own\)/);
    });

    it('is refused when its context names another server than the pin', () => {
      const result = resolveTarget(config(), { context: 'prod', server: 'https://other:6443' });
      assert.ok(!result.ok && result.failure.code === 'wrong-target');
      assert.ok(resolveTarget(config(), { context: 'prod', server: 'https://PROD:6443/' }).ok);
    });

    it('has its own namespace, else the context’s, else default', () => {
      const namespaces = [{ context: 'prod', namespace: 'pay' }, { context: 'prod' }, { context: 'own' }].map(
        (target) => {
          const result = resolveTarget(config(), target);
          return result.ok && result.value.namespace;
        },
      );
      assert.deepEqual(namespaces, ['pay', 'shop', 'default']);
    });
  });

  it('is cut down to the pinned context for a child process, credentials included', () => {
    const file = writeKubeconfig(
      folder,
      [
        {
          name: 'prod',
          server: 'https://prod',
          cluster: { 'certificate-authority': 'ca.crt' },
          user: { tokenFile: 'token', exec: { command: 'login', installHint: 'get it' } },
        },
        { name: 'own', server: 'https://own', user: { password: 'own-password' } },
      ],
      'own',
    );
    const pinned = pinnedKubeconfig(loaded(file), { context: 'prod', namespace: 'pay' });
    assert.ok(pinned.ok);
    assert.doesNotMatch(pinned.value, /own/);
    const document = load(pinned.value) as Record<string, unknown>;
    assert.equal(document['current-context'], 'prod');
    const again = loaded(text('pinned', pinned.value));
    assert.equal(again.contexts[0]?.namespace, 'pay');
    assert.equal(again.clusters.get('prod')?.certificateAuthorityFile, join(folder, 'ca.crt'));
    assert.equal(again.users.get('prod')?.tokenFile, join(folder, 'token'));
    assert.equal(again.users.get('prod')?.exec?.installHint, 'get it');
  });

  it('keeps who is impersonated and what a plugin is told, for a child process too', () => {
    const user = {
      as: 'ana',
      'as-groups': ['on-call'],
      'as-uid': '42',
      'as-user-extra': { scopes: ['view', 'scale'] },
    };
    const cluster = {
      'tls-server-name': 'api.example.com',
      'proxy-url': 'http://proxy.example.com:3128',
      extensions: [
        { name: 'made.by/tool', extension: 'other' },
        { name: 'client.authentication.k8s.io/exec', extension: { audience: 'prod' } },
      ],
    };
    const file = writeKubeconfig(folder, [{ name: 'prod', server: 'https://prod', cluster, user }]);
    const pinned = pinnedKubeconfig(loaded(file), { context: 'prod' });
    assert.ok(pinned.ok);
    const [before, after] = [loaded(file), loaded(text('pinned', pinned.value))];
    assert.deepEqual(after.users.get('prod'), before.users.get('prod'));
    assert.deepEqual(after.clusters.get('prod'), before.clusters.get('prod'));
    assert.deepEqual(after.users.get('prod')?.impersonateExtra, { scopes: ['view', 'scale'] });
    assert.deepEqual(after.clusters.get('prod')?.execConfig, { audience: 'prod' });
  });
});
