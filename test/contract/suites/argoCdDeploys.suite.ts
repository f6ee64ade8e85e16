import assert from 'node:assert/strict';
import { collectOutput, untilDone } from '../../unit/executors/collectOutput.ts';
import { argoCdPlan } from '../../unit/executors/argocd/argoCdFixtures.ts';
import type { ArgoCdProduction, ArgoCdSite } from './argoCd.suite.ts';

const longAgo = '2000-01-01T00:00:00.000Z';

/** What was deployed lately, by the server and by the resources. Changes nothing. */
export function describeArgoCdDeploys(production: ArgoCdProduction): void {
  describe(`deploys that argo cd tells of in ${production.title}`, function () {
    this.timeout(120_000);
    let site: ArgoCdSite;
    before(async () => {
      site = await production.start();
    });
    after(() => site?.dispose());

    for (const way of ['server', 'resources'] as const)
      it(`are every app's history since a time, by the ${way}`, async () => {
        const target = site.targets[way];
        const read = async (since: string) => {
          const told = await site.as.reader.readDeploys(target, since, untilDone());
          assert.ok(told.ok, told.ok ? '' : told.failure.message);
          return told.value;
        };
        const output = collectOutput();
        const app = site.apps.manual;
        const plan = argoCdPlan({ verb: 'history', app, output: 'id' }, { target });
        await site.as.responder.run(plan, output, untilDone());
        const ids = output.stdout.trim().split('\n');
        const all = await read(longAgo);
        const own = all.filter(({ service }) => service === app);
        assert.deepEqual(
          own.map(({ labels }) => labels['history']),
          ids,
        );
        for (const { kind, state, title, startedAt } of own) {
          assert.deepEqual([kind, state], ['deploy', 'happened']);
          assert.match(title, new RegExp(`^${app} → [0-9a-f]{7}$`));
          assert.ok(Date.parse(startedAt) <= Date.now());
        }
        assert.equal(new Set(all.map(({ id }) => id)).size, all.length);
        assert.ok(all.some(({ service }) => service === site.apps.automated));
        const newest =
          all
            .map(({ startedAt }) => startedAt)
            .sort()
            .at(-1) ?? '';
        assert.ok((await read(newest)).length < all.length, 'older ones are left out');
        assert.deepEqual(await read(new Date(Date.now() + 3_600_000).toISOString()), []);
      });

    it('are none, but why, for whom Argo CD does not know', async () => {
      const told = await site.as.nobody.readDeploys(site.targets.server, longAgo, untilDone());
      assert.equal(told.ok ? '' : told.failure.code, 'unauthorized');
    });
  });
}
