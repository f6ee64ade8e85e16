import assert from 'node:assert/strict';
import { createMetricSeries } from '../../../../src/simulator/scenario/metricSeries.ts';
import type { World } from '../../../../src/simulator/state/world.ts';

const minute = 60_000;
const noon = Date.UTC(2026, 10, 23, 12);

describe('the series of the simulated production', () => {
  it('that count never go back, whenever an outage begins or ends: else a rate would be that of a new counter', () => {
    for (let shift = 0; shift < 40; shift++) {
      const from = noon - 20 * minute + shift * 1_700;
      const world = {
        now: noon,
        outages: new Map([['production/payment-service', [{ from, until: from + 9 * minute }]]]),
        store: { list: () => [] },
      } as unknown as World;
      const counters = createMetricSeries(() => world)().filter(({ name }) => /_total$|_bucket$|_(?:xact|blks)_/.test(name)); // prettier-ignore
      assert.ok(counters.length > 30);
      for (const { name, labels, valueAt } of counters) {
        let before = 0;
        for (let at = noon - 30 * minute; at <= noon; at += 15_000) {
          const value = valueAt(at) ?? NaN;
          assert.ok(value >= before, `${name}${JSON.stringify(labels)} at ${new Date(at).toISOString()}`);
          before = value;
        }
      }
    }
  });
});
