import assert from 'node:assert/strict';
import { createArgoCdExecutor } from '../../../../src/executors/argocd/argoCdExecutor.ts';
import { untilDone } from '../collectOutput.ts';
import { argoCdPlan, rollbackOf } from './argoCdFixtures.ts';
import type { FakeResources, Json } from './fakeResources.ts';
import { application, createFakeResources } from './fakeResources.ts';

async function inspect(kubernetes: FakeResources) {
  const executor = createArgoCdExecutor({ server: () => undefined, kubernetes });
  const plan = argoCdPlan(rollbackOf('web', 0), { target: { context: 'prod' } });
  const look = await executor.inspect(plan, untilDone());
  assert.ok(look.ok);
  return look.value;
}

describe('whose sync policy it is', () => {
  const automated = { spec: { syncPolicy: { automated: { prune: true } } } };
  const owner = { metadata: { ownerReferences: [{ kind: 'ApplicationSet', name: 'shop' }] } };
  const set = (spec: Json = {}): Json => ({
    spec: { template: { spec: { syncPolicy: { automated: {} } } }, ...spec },
  });
  const ask = async (app: Json, others: Readonly<Record<string, Json>>) => {
    const resources = createFakeResources(app);
    for (const [key, object] of Object.entries(others)) resources.objects.set(key, object);
    const { refusal, warnings } = await inspect(resources);
    return { refusal: refusal ?? '', warnings: warnings.slice(1).join('\n') };
  };
  const ofSet = (spec?: Json) =>
    ask(application('web', { ...automated, ...owner }), { 'applicationsets/shop': set(spec) });
  const child = application('web', {
    ...automated,
    metadata: {
      annotations: { 'argocd.argoproj.io/tracking-id': 'root:argoproj.io/Application:argocd/web' },
    },
  });

  it('is an ApplicationSet’s where it keeps auto-sync on', async () => {
    assert.match(
      (await ofSet()).refusal,
      /made by the ApplicationSet shop, which would turn auto-sync on again/,
    );
  });

  it('is the person’s where the ApplicationSet leaves it alone', async () => {
    for (const spec of [
      { syncPolicy: { applicationsSync: 'create-only' } },
      { ignoreApplicationDifferences: [{ jsonPointers: ['/spec/syncPolicy'] }] },
      {
        ignoreApplicationDifferences: [{ name: 'web', jqPathExpressions: ['.spec.syncPolicy.automated'] }],
      },
      { template: { spec: {} } },
    ])
      assert.deepEqual(await ofSet(spec), { refusal: '', warnings: '' }, JSON.stringify(spec));
    const other = { ignoreApplicationDifferences: [{ name: 'other', jsonPointers: ['/spec/syncPolicy'] }] };
    assert.notEqual((await ofSet(other)).refusal, '');
  });

  it('may be an ApplicationSet’s that cannot be read', async () => {
    const { refusal, warnings } = await ask(application('web', { ...automated, ...owner }), {});
    assert.equal(refusal, '');
    assert.match(
      warnings,
      /which may turn auto-sync on again and so undo the rollback \(it could not be read/,
    );
  });

  it('is a parent app’s: at once where that heals itself, later where it is synced', async () => {
    const parent = (policy: Json | undefined) =>
      ask(child, {
        'applications/root': application('root', policy ? { spec: { syncPolicy: policy } } : {}),
      });
    assert.match((await parent({ automated: { selfHeal: true } })).refusal, /belongs to the app root/);
    assert.match(
      (await parent({ automated: {} })).warnings,
      /with the next change in git it would turn auto-sync on/,
    );
    assert.match((await parent(undefined)).warnings, /when it is synced it would turn auto-sync on/);
  });

  it('is nobody else’s by a label that others use too', async () => {
    const app = application('web', {
      ...automated,
      metadata: { labels: { 'app.kubernetes.io/instance': 'a-helm-release' } },
    });
    assert.deepEqual(await ask(app, {}), { refusal: '', warnings: '' });
  });

  it('does not matter where auto-sync is off', async () => {
    assert.equal((await ask(application('web', owner), {})).refusal, '');
  });
});
