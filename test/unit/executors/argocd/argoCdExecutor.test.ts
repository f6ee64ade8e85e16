import assert from 'node:assert/strict';
import type { ArgoCdAction } from '../../../../src/core/plan/argocd/argoCdAction.ts';
import type { Target } from '../../../../src/core/plan/plan.ts';
import type { MadeChange } from '../../../../src/core/plan/undo.ts';
import type { ArgoCdDeps } from '../../../../src/executors/argocd/argoCdExecutor.ts';
import { createArgoCdExecutor } from '../../../../src/executors/argocd/argoCdExecutor.ts';
import { collectOutput, untilDone } from '../collectOutput.ts';
import { argoCdPlan, rollbackOf } from './argoCdFixtures.ts';
import type { FakeResources, Json } from './fakeResources.ts';
import { application, createFakeResources, entry, revision } from './fakeResources.ts';

const cluster: Target = { context: 'prod' };
const server: Target = { argoCdServer: 'https://argocd.example.com' };
const base = 'https://argocd.example.com';

function setUp(resources: FakeResources, deps: Partial<ArgoCdDeps> = {}) {
  const asked: string[] = [];
  const executor = createArgoCdExecutor({
    server: () => undefined,
    kubernetes: resources,
    pollMs: 1,
    fetch: (url) => {
      asked.push(String(url));
      return Promise.reject(new Error('nobody is there'));
    },
    ...deps,
  });
  async function run(action: ArgoCdAction, target = cluster) {
    const changes: MadeChange[] = [];
    const output = Object.assign(collectOutput(), {
      changed: (change: MadeChange) => void changes.push(change),
    });
    const outcome = await executor.run(argoCdPlan(action, { target }), output, untilDone());
    return { outcome, output, changes, message: outcome.kind === 'failed' ? outcome.message : outcome.kind };
  }
  async function inspect(action: ArgoCdAction) {
    const look = await executor.inspect(argoCdPlan(action, { target: cluster }), untilDone());
    assert.ok(look.ok);
    return look.value;
  }
  return { executor, run, inspect, asked };
}

/** Plays the controller: each operation that is set is over at the next look, and is the newest deployment then. */
function completeOperations(resources: FakeResources, name: string, status: Json = {}): void {
  resources.onGet = () => {
    const app = resources.objects.get(`applications/${name}`);
    delete (app?.['metadata'] as { annotations?: object } | undefined)?.annotations;
    const operation = app?.['operation'] as { sync: { revision: string } } | undefined;
    if (!app || !operation) return undefined;
    const before = app['status'] as { history: Json[] };
    const id = before.history.length;
    const { operation: _operation, ...rest } = app;
    resources.objects.set(`applications/${name}`, {
      ...rest,
      status: {
        ...before,
        history: [...before.history, { ...entry(id, 'x'), revision: operation.sync.revision }],
        operationState: {
          phase: 'Succeeded',
          startedAt: '2026-11-21T10:00:00Z',
          finishedAt: '2026-11-21T10:00:01Z',
          operation,
        },
        reconciledAt: '2026-11-21T10:00:02Z',
        ...status,
      },
    });
    return undefined;
  };
}

const history = (app: string, onsetAt?: string): ArgoCdAction => ({
  verb: 'history',
  app,
  output: 'table',
  ...(onsetAt === undefined ? {} : { onsetAt }),
});

describe('argo cd executor', () => {
  describe('where it goes', () => {
    it('sends nothing without a token, and says how to get one', async () => {
      const { run, asked, executor } = setUp(createFakeResources(), {
        server: () => ({ baseUrl: `${base}/`, token: undefined }),
      });
      const { outcome, message } = await run(history('web'), server);
      assert.match(message, /There is no token for .*Incident: Set Secret/);
      assert.ok(outcome.kind === 'failed');
      assert.equal(outcome.remedy, 'argocd login argocd.example.com --sso');
      const foreseen = await executor.foresee(argoCdPlan(history('web'), { target: server }), untilDone());
      assert.deepEqual(foreseen, [message]);
      assert.deepEqual(asked, []);
    });

    it('sends nothing to another server than the pinned one, nor to none', async () => {
      for (const settings of [undefined, { baseUrl: 'https://other.example.com', token: 'word' }]) {
        const { run, asked } = setUp(createFakeResources(application('web')), { server: () => settings });
        assert.match((await run(history('web'), server)).message, /the settings name .*Nothing was sent/);
        assert.deepEqual(asked, []);
      }
      const { run } = setUp(createFakeResources(application('web')));
      assert.match((await run(history('web'), {})).message, /No Argo CD server and no cluster is pinned/);
    });

    it('foresees that a token has expired without asking anybody', async () => {
      const now = new Date('2026-11-23T10:00:00Z');
      const tokenUntil = (at: string): string =>
        `x.${Buffer.from(JSON.stringify({ exp: Date.parse(at) / 1000 })).toString('base64url')}.x`;
      const foresee = async (token: string) => {
        const { executor, asked } = setUp(createFakeResources(), {
          server: () => ({ baseUrl: base, token }),
          now: () => now,
        });
        const said = await executor.foresee(argoCdPlan(history('web'), { target: server }), untilDone());
        assert.deepEqual(asked, []);
        return said.join();
      };
      assert.match(await foresee(tokenUntil('2026-11-23T09:30:00Z')), /expired on 2026-11-23 09:30 UTC/);
      assert.match(await foresee(tokenUntil('2026-11-23T10:04:10Z')), /expires in 5 min/);
      assert.equal(await foresee(tokenUntil('2026-11-24T10:00:00Z')), '');
      assert.equal(await foresee('no.jwt'), '');
    });
  });

  describe('history', () => {
    it('keeps line breaks and terminal escapes of others out of its table', async () => {
      const answers: Record<string, unknown> = {
        '/api/v1/applications/web': application('web'),
        [`/api/v1/applications/web/revisions/${revision('c')}/metadata`]: {
          author: 'Eve \u001b[31m<eve@example.com>',
          message: 'Release 3\n\nmore',
        },
      };
      const { run } = setUp(createFakeResources(), {
        server: () => ({ baseUrl: base, token: 'word' }),
        fetch: (url) => {
          const answer = answers[new URL(String(url)).pathname];
          return Promise.resolve(
            answer
              ? Response.json(answer)
              : Response.json({ message: 'no such commit', code: 2 }, { status: 500 }),
          );
        },
      });
      const { output } = await run(history('web'), server);
      const [last = ''] = output.stdout.split('\n').filter((line) => line.startsWith('2 '));
      assert.match(last, / now {2,}Eve \^\[\[31m<eve@example\.com> {2,}Release 3$/);
      assert.match(
        output.stderr,
        /Author and message are missing where they could not be read: .*no such commit/,
      );
    });

    it('says when the onset is older than what is kept', async () => {
      const { run } = setUp(createFakeResources(application('web')));
      const { output } = await run(history('web', '2026-10-01T00:00:00.000Z'));
      assert.match(output.stderr, /What was live at the onset is older than the history/);
      const later = await run(history('web', '2026-11-02T12:00:00.000Z'));
      assert.match(later.output.stdout, /^1 .* at onset/m);
      assert.match(
        (await run(history('web', '2026-11-05T00:00:00.000Z'))).output.stdout,
        /^2 .* now, at onset/m,
      );
    });

    it('has a table for each repository of an app with several', async () => {
      const sources = ['one', 'two'].map((name) => ({ repoURL: name, path: '.', targetRevision: 'v1' }));
      const several = [
        { id: 3, deployedAt: '2026-11-03T10:00:00Z', sources, revisions: [revision('a'), revision('b')] },
      ];
      const { run } = setUp(createFakeResources(application('web', { status: { history: several } })));
      const { output } = await run(history('web'));
      assert.deepEqual(
        output.stdout.split('\n').map((line) => line.split(/\s{2,}/)[2] ?? line),
        ['SOURCE  one', 'REVISION', 'v1 (aaaaaaa)', '', 'SOURCE  two', 'REVISION', 'v1 (bbbbbbb)', ''],
      );
    });
  });

  describe('rollback by the resource', () => {
    it('sets the operation that Argo CD’s own server would set, on the version it looked at', async () => {
      const resources = createFakeResources(
        application('web', { spec: { syncPolicy: { syncOptions: ['CreateNamespace=true'] } } }),
      );
      completeOperations(resources, 'web');
      const { run } = setUp(resources);
      const { outcome, message, changes } = await run(rollbackOf('web', 0, { expectedLive: 2 }));
      assert.equal(outcome.kind, 'succeeded', message);
      assert.deepEqual(resources.patches.slice(0, 1), [
        {
          name: 'web',
          patch: {
            metadata: { resourceVersion: '1' },
            operation: {
              initiatedBy: { username: 'incident-response' },
              sync: {
                source: { repoURL: 'https://git.example.com/a.git', path: '.', targetRevision: 'main' },
                revision: revision('a'),
                prune: false,
                syncOptions: ['CreateNamespace=true'],
                syncStrategy: { apply: {} },
              },
            },
            status: { operationState: null },
          },
        },
      ]);
      assert.deepEqual(changes[0]?.changes, ['app/web history id 2 (ccccccc) → 0 (aaaaaaa)']);
    });

    it('looks again when the resource moved on, and refuses when somebody else’s operation came first', async () => {
      const resources = createFakeResources(application('web'));
      let writes = 0;
      resources.onPatch = (patch) => {
        if (!('operation' in patch) || ++writes > 1) return undefined;
        return { code: 'conflict', status: 409, message: 'the object has been modified' };
      };
      completeOperations(resources, 'web');
      assert.equal((await setUp(resources).run(rollbackOf('web', 0))).outcome.kind, 'succeeded');
      assert.equal(writes, 2);

      const taken = createFakeResources(application('web'));
      taken.onPatch = () => {
        taken.objects.set('applications/web', application('web', { operation: { sync: {} } }));
        return { code: 'conflict', status: 409, message: 'the object has been modified' };
      };
      const { message, changes } = await setUp(taken).run(rollbackOf('web', 0));
      assert.match(message, /Another operation on this app is in progress.*Nothing was changed/);
      assert.equal(taken.patches.length, 1);
      assert.deepEqual(changes, []);
    });

    it('goes back to the deployment before the live one when no id is given', async () => {
      const { inspect } = setUp(createFakeResources(application('web')));
      const { plan } = await inspect(rollbackOf('web', undefined));
      assert.ok(plan?.kind === 'argocd');
      assert.deepEqual(plan.action, rollbackOf('web', 1, { expectedLive: 2 }));
      assert.equal(plan.preview, 'argocd app rollback web 1 --core --kube-context prod');
    });

    it('can be taken back also when it failed half way, but not over a newer deployment', async () => {
      const undo = rollbackOf('web', 2, { expectedLive: 3 });
      assert.equal((await setUp(createFakeResources(application('web'))).inspect(undo)).refusal, undefined);
      const newer = application('web', {
        status: { history: [entry(2, 'c'), entry(3, 'a'), entry(4, 'd')] },
      });
      const { refusal } = await setUp(createFakeResources(newer)).inspect(undo);
      assert.match(refusal ?? '', /history id 4 \(ddddddd\) is live, not 3/);
    });

    it('has nothing to go back to where nothing was deployed, or once only', async () => {
      const once = createFakeResources(application('web', { status: { history: [entry(0, 'a')] } }));
      assert.match((await setUp(once).inspect(rollbackOf('web', undefined))).refusal ?? '', /once only/);
      const never = createFakeResources(application('web', { status: { history: [] } }));
      assert.match((await setUp(never).inspect(rollbackOf('web', 0))).refusal ?? '', /has no history/);
    });

    it('says what Argo CD said when the operation fails', async () => {
      const resources = createFakeResources(application('web'));
      const operationState = {
        phase: 'Failed',
        message: 'one or more objects failed to apply',
        startedAt: '2026-11-21T10:00:00Z',
        finishedAt: '2026-11-21T10:00:01Z',
        syncResult: {
          resources: [{ kind: 'Deployment', name: 'web', status: 'SyncFailed', message: 'admission denied' }],
        },
      };
      completeOperations(resources, 'web', { operationState });
      const { message, changes } = await setUp(resources).run(rollbackOf('web', 0));
      assert.match(message, /ended as Failed: one or more objects.*Deployment\/web: admission denied/);
      assert.equal(changes.length, 1);
    });

    it('is not deceived by the state of an older operation, nor by health that was bad before', async () => {
      const resources = createFakeResources(
        application('web', { status: { health: { status: 'Degraded' } } }),
      );
      const states = ['Degraded', 'Progressing', 'Healthy'];
      completeOperations(resources, 'web');
      const complete = resources.onGet;
      let looks = 0;
      resources.onGet = (resource) => {
        const app = resources.objects.get('applications/web') as { operation?: unknown; status: Json };
        if (app.operation !== undefined && ++looks < 3) return undefined;
        const failure = complete?.(resource);
        const now = resources.objects.get('applications/web') as { operation?: unknown; status: Json };
        if (looks >= 3 && now.operation === undefined)
          now.status['health'] = { status: states.length > 1 ? states.shift() : states[0] };
        return failure;
      };
      const { outcome, output, message } = await setUp(resources).run(rollbackOf('web', 0));
      assert.equal(outcome.kind, 'succeeded', message);
      assert.match(output.stdout, /health Degraded.*\n[^]*health Progressing[^]*health Healthy/);
    });

    it('fails when health goes over to Degraded after it', async () => {
      const resources = createFakeResources(application('web'));
      completeOperations(resources, 'web', { health: { status: 'Progressing' } });
      const complete = resources.onGet;
      let after = 0;
      resources.onGet = (resource) => {
        const failure = complete?.(resource);
        const app = resources.objects.get('applications/web') as { operation?: unknown; status: Json };
        const { history: entries } = app.status as { history: Json[] };
        if (entries.length > 3 && ++after > 4)
          app.status['health'] = { status: 'Degraded', message: 'progress deadline exceeded' };
        return failure;
      };
      const { message } = await setUp(resources).run(rollbackOf('web', 0));
      assert.match(message, /web went from Progressing to Degraded \(progress deadline exceeded\)/);
      assert.match(message, /Done: the rollback of web to history id 0 \(aaaaaaa\) was started\.$/);
    });
  });

  describe('where somebody turns auto-sync on again', () => {
    const automated = { spec: { syncPolicy: { automated: { prune: true } } } };
    const action = rollbackOf('web', 0, { autoSyncOff: true, expectedLive: 2 });
    const turnOn = (resources: FakeResources): void => {
      const app = resources.objects.get('applications/web');
      resources.objects.set('applications/web', { ...app, ...application('web', { ...app, ...automated }) });
    };

    it('does not say that it is off when that kept the rollback from starting', async () => {
      const resources = createFakeResources(application('web', automated));
      resources.onGet = () => {
        if (resources.patches.length > 0) turnOn(resources);
        return undefined;
      };
      const { message, changes } = await setUp(resources).run(action);
      assert.match(message, /was on again before the rollback could start.*web runs what it ran/);
      assert.equal(changes.length, 1);
      assert.equal(resources.patches.length, 1);
    });

    it('does not call it a success when the rollback does not last', async () => {
      const resources = createFakeResources(application('web', automated));
      completeOperations(resources, 'web');
      const complete = resources.onGet;
      resources.onGet = (resource) => {
        const failure = complete?.(resource);
        const { history: entries } = resources.objects.get('applications/web')?.['status'] as {
          history: Json[];
        };
        if (entries.length > 3) turnOn(resources);
        return failure;
      };
      const { message, changes } = await setUp(resources).run(action);
      assert.match(message, /was done, but does not last: auto-sync of web is on again/);
      assert.equal(changes.length, 2);
    });
  });

  it('turns auto-sync on again also where it had been switched off by `enabled`', async () => {
    const resources = createFakeResources(
      application('web', { spec: { syncPolicy: { automated: { prune: true, enabled: false } } } }),
    );
    const { run } = setUp(resources);
    const on = { verb: 'set-sync-policy', app: 'web', policy: 'automated', prune: true } as const;
    const { changes } = await run(on);
    assert.deepEqual(changes[0]?.changes, ['app/web auto-sync off → on (prune)']);
    const spec = resources.objects.get('applications/web')?.['spec'] as Json;
    assert.deepEqual(spec['syncPolicy'], { automated: { prune: true, selfHeal: false, allowEmpty: false } });
  });

  it('takes a sync policy back only while it is as the change left it', async () => {
    const resources = createFakeResources(
      application('web', { spec: { syncPolicy: { automated: { prune: true } } } }),
    );
    const { run, inspect } = setUp(resources);
    const { changes } = await run({ verb: 'set-sync-policy', app: 'web', policy: 'manual' });
    const undo = changes[0]?.undo?.act;
    assert.ok(undo?.kind === 'argocd');
    await run({ verb: 'set-sync-policy', app: 'web', policy: 'automated', selfHeal: true });
    const looked = await inspect(undo.action);
    assert.match(
      looked.refusal ?? '',
      /Somebody set auto-sync of web since: it is on \(self-heal\), not off/,
    );
    const ran = await run(undo.action);
    assert.match(ran.message, /Nothing was changed/);
    assert.deepEqual(ran.changes, []);
  });
});
