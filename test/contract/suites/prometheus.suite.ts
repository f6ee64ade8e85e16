import assert from 'node:assert/strict';
import { mergeSignals } from '../../../src/core/signals/mergeSignals.ts';
import { defaultServiceLabels } from '../../../src/core/signals/serviceOf.ts';
import { createAlertmanager } from '../../../src/integrations/alertmanager.ts';
import { checkPrometheus, readPrometheus } from '../../../src/integrations/prometheus.ts';
import { startTenantGate } from '../../support/tenantGate.ts';
import type { AlertProduction, AlertSite } from './alertSite.ts';
import { signalsOf, untilDone, waitFor } from './alertSite.ts';
import { describeSourceFaults } from './sourceFaults.suite.ts';

/** Alerts of a real or simulated Prometheus, alone and together with its Alertmanager. */
export function describePrometheus(production: AlertProduction): void {
  describe(`alerts of ${production.title}'s Prometheus`, function () {
    this.timeout(120_000);
    let site: AlertSite;
    before(async () => {
      site = await production.start();
    });
    after(() => site?.dispose());

    const read = async () =>
      signalsOf(await readPrometheus({ baseUrl: site.prometheus, token: undefined }, untilDone()));
    const find = async (name: string) => (await read()).find(({ title }) => title === name);

    it('are read with their state, since when and what helps', async () => {
      const signal = await waitFor('the alert', () => find(site.firing));
      assert.equal(signal.state, 'firing');
      assert.deepEqual(signal.sources, ['Prometheus']);
      assert.equal(signal.severity, 'critical');
      assert.ok(signal.summary);
      assert.ok(Date.parse(signal.startedAt) <= Date.now());
      assert.equal(signal.url, `${site.prometheus}/alerts?search=${site.firing}`);
    });

    it('are one signal with what its Alertmanager tells, however often both are asked', async () => {
      const alertmanager = createAlertmanager({ baseUrl: site.alertmanager, token: undefined });
      const merged = await waitFor('both to tell of it', async () => {
        const told = signalsOf(await alertmanager.read(untilDone()));
        const all = mergeSignals([...told, ...(await read())], defaultServiceLabels);
        const found = all.filter(({ title }) => title === site.firing);
        assert.equal(found.length, 1);
        return found[0]?.sources.length === 2 ? found[0] : undefined;
      });
      assert.deepEqual(merged.sources, ['Alertmanager', 'Prometheus']);
      assert.equal(merged.service, 'payment-service');
    });

    it('are gone when they have resolved', async () => {
      await waitFor('the alert', () => find(site.other.name));
      await site.other.resolve();
      await waitFor('the alert to be gone', async () => ((await find(site.other.name)) ? undefined : true));
      await site.other.fire();
      await waitFor('the alert again', () => find(site.other.name));
    });

    it('tell their version to whoever connects', async () => {
      const check = await checkPrometheus(
        { baseUrl: site.prometheus, token: undefined, options: {} },
        untilDone(),
      );
      assert.ok(check.ok, check.ok ? '' : check.failure.message);
      assert.match(check.value.who, /^Prometheus \d+\.\d+\.\d+/);
    });

    it('are asked of one tenant where a server holds those of several, by whoever reads or connects', async () => {
      const gate = await startTenantGate(site.prometheus);
      try {
        const of = (options: Readonly<Record<string, string>>) =>
          checkPrometheus({ baseUrl: gate.url, token: undefined, options }, untilDone());
        const check = await of({ tenant: 'team-a' });
        assert.ok(check.ok, check.ok ? '' : check.failure.message);
        const read = await readPrometheus(
          { baseUrl: gate.url, token: undefined, tenant: 'team-a' },
          untilDone(),
        );
        signalsOf(read);
        assert.deepEqual(gate.asked, [
          'GET /api/v1/status/buildinfo of team-a',
          'GET /api/v1/alerts of team-a',
        ]);
        const without = await of({ tenant: '' });
        assert.ok(!without.ok && without.failure.code === 'unauthorized');
      } finally {
        gate.close();
      }
    });

    describeSourceFaults({
      system: 'Prometheus',
      upstream: () => site.prometheus,
      read: (baseUrl, token, timeoutMs, signal) => readPrometheus({ baseUrl, token, timeoutMs }, signal),
    });
  });
}
