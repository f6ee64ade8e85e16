import assert from 'node:assert/strict';
import type { Target } from '../../../src/core/plan/plan.ts';
import type { RecentChanges } from '../../../src/executors/kubernetes/recentChanges.ts';
import { untilDone, waitFor } from './alertSite.ts';

/** A cluster with the simulator's `production` namespace in it. */
export interface RecentChangesSite {
  readonly changes: RecentChanges;
  readonly target: Target;
  /** A Deployment with two replicas, scaled seldom: a cluster records 25 events of one in a row, then one in five minutes. */
  readonly scaled: string;
  /** Runs a line of kubectl's that changes something in `production`. */
  run(command: string): Promise<void>;
  /** Applies a ConfigMap of this name as the field manager `deploy-bot`. */
  applyConfigMap(name: string, data: Readonly<Record<string, string>>): Promise<void>;
  dispose(): Promise<void>;
}

export interface RecentChangesProduction {
  readonly title: string;
  start(): Promise<RecentChangesSite>;
}

/** Deploys and configuration changes as the cluster itself tells them. */
export function describeRecentChanges(production: RecentChangesProduction): void {
  describe(`recent changes in ${production.title}`, function () {
    this.timeout(120_000);
    let site: RecentChangesSite;
    before(async () => {
      site = await production.start();
    });
    after(() => site?.dispose());

    const read = async (since: string) => {
      const told = await site.changes.read(site.target, since, untilDone());
      assert.ok(told.ok, told.ok ? '' : told.failure.message);
      return told.value;
    };
    // Times of the API have no fractions of a second.
    const aMomentAgo = () => new Date(Date.now() - 2000).toISOString();
    /** Two events of the same second have no order. */
    const untilNextSecond = () => waitFor('the next second', startingAt(Date.now()));
    const startingAt = (ms: number) => () =>
      Promise.resolve(Math.floor(Date.now() / 1000) > Math.floor(ms / 1000) || undefined);

    it('are a rollout with its revision, told once', async () => {
      const since = aMomentAgo();
      await site.run('kubectl rollout restart deployment/search');
      const rollout = await waitFor('the rollout to be told', async () =>
        (await read(since)).find(({ title }) => /^search rolled out, revision \d+$/.test(title)),
      );
      assert.deepEqual([rollout.kind, rollout.state, rollout.service], ['deploy', 'happened', 'search']);
      const ofSearch = (await read(since)).filter(({ service }) => service === 'search');
      assert.deepEqual(
        ofSearch.map(({ title }) => title),
        [rollout.title],
        'the Deployment is no second change',
      );
    });

    it('are a ConfigMap, by whom it was changed', async () => {
      const since = aMomentAgo();
      await site.applyConfigMap('checkout-limits', { timeout: `${Date.now()}ms` });
      const config = await waitFor('the ConfigMap to be told', async () =>
        (await read(since)).find(({ kind }) => kind === 'config'),
      );
      assert.equal(config.title, 'configmap/checkout-limits changed by deploy-bot');
      assert.ok(!JSON.stringify(config).includes('timeout'), 'not what is in it');
    });

    it('are a Deployment somebody scaled, each time', async () => {
      const { scaled } = site;
      await waitFor(
        'its own rollout to be no news',
        async () => (await read(aMomentAgo())).every(({ service }) => service !== scaled) || undefined,
      );
      // The API server keeps no time of a scaling, or that of the first: the second one must be told all the same.
      for (const [from, to] of [
        [2, 3],
        [3, 2],
      ]) {
        await untilNextSecond();
        const since = aMomentAgo();
        await site.run(`kubectl scale deployment/${scaled} --replicas=${to}`);
        const wanted = new RegExp(`^${scaled} scaled from ${from} to ${to} replicas(?: by \\S+)?$`);
        await waitFor('the scaling to be told', async () =>
          (await read(since)).find(({ service, title }) => service === scaled && wanted.test(title)),
        );
      }
    });

    it('are none since now, and no failure', async () => {
      assert.deepEqual(await read(new Date(Date.now() + 60_000).toISOString()), []);
    });

    it('are not read from another server than the pinned one', async () => {
      const elsewhere = { ...site.target, server: 'https://other.example:6443' };
      const told = await site.changes.read(elsewhere, aMomentAgo(), untilDone());
      assert.equal(told.ok ? '' : told.failure.code, 'wrong-target');
    });
  });
}
