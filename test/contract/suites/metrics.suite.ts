import assert from 'node:assert/strict';
import { mostPoints } from '../../../src/core/metrics/rangeStep.ts';
import { ok } from '../../../src/core/errors.ts';
import { queryInstant, queryRange } from '../../../src/integrations/prometheusQuery/queryPrometheus.ts';
import { startFaultProxy } from '../../support/faultProxy.ts';
import { untilDone, type AlertSite } from './alertSite.ts';
import { describeSourceFaults } from './sourceFaults.suite.ts';

/** Where a Prometheus is, and how it is let go. */
type Site = Pick<AlertSite, 'prometheus' | 'dispose'>;

/** Figures of a real or simulated Prometheus; each knows the constants that PromQL has without any data. */
export function describeMetrics(production: { readonly title: string; start(): Promise<Site> }): void {
  describe(`figures of ${production.title}'s Prometheus`, function () {
    this.timeout(120_000);
    let site: Site;
    before(async () => {
      site = await production.start();
    });
    after(() => site?.dispose());
    const at = Date.parse('2026-11-28T10:00:00.000Z');
    const connection = () => ({ baseUrl: site.prometheus, token: undefined });
    const range = (query: string, more = {}) =>
      queryRange(connection(), { query, from: at - 60_000, to: at, stepMs: 15_000, ...more }, untilDone());

    it('come at a time, and over a span at each step', async () => {
      const now = await queryInstant(connection(), { query: 'vector(0.25)', at }, untilDone());
      assert.ok(now.ok, now.ok ? '' : now.failure.message);
      assert.deepEqual(now.value.series, [{ labels: {}, points: [{ at, value: 0.25 }] }]);
      const span = await range('vector(3)');
      assert.ok(span.ok, span.ok ? '' : span.failure.message);
      assert.deepEqual(
        span.value.series[0]?.points.map((point) => [at - point.at, point.value]),
        [60, 45, 30, 15, 0].map((seconds) => [seconds * 1000, 3]),
      );
    });

    it('are none, and no failure, where nothing has the name', async () => {
      const none = await range('nobody_counts_this_total');
      assert.deepEqual(none.ok && none.value.series, []);
    });

    it('are refused with what Prometheus says of a query that is none', async () => {
      for (const query of ['up{', 'sum(up', '']) {
        const refused = await range(query);
        assert.equal(refused.ok ? 'ok' : refused.failure.code, 'invalid', query);
        assert.match(
          refused.ok ? '' : refused.failure.message,
          /Prometheus does not take the query: .*parse error/,
        );
      }
    });

    it('of as many points as a server gives are all given, and of more nobody is asked', async () => {
      const stepMs = 1000;
      const from = at - (mostPoints - 1) * stepMs;
      const most = await range('vector(1)', { from, stepMs });
      assert.equal(most.ok && most.value.series[0]?.points.length, mostPoints);
      const proxy = await startFaultProxy(site.prometheus);
      try {
        const more = await queryRange(
          { baseUrl: proxy.url, token: undefined },
          { query: 'vector(1)', from: from - 2 * stepMs, to: at, stepMs },
          untilDone(),
        );
        assert.match(more.ok ? '' : more.failure.message, /Nothing was asked/);
      } finally {
        await proxy.dispose();
      }
    });

    describeSourceFaults({
      system: 'Prometheus',
      upstream: () => site.prometheus,
      read: async (baseUrl, token, timeoutMs, signal) => {
        const read = await queryInstant({ baseUrl, token, timeoutMs }, { query: 'vector(1)', at }, signal);
        return read.ok ? ok({ signals: [], complete: true }) : read;
      },
    });
  });
}
