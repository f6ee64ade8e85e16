import assert from 'node:assert/strict';
import type { LiveSignal } from '../../../src/core/signals/incomingSignal.ts';
import { matchersOf, type NewSilence } from '../../../src/core/signals/silence.ts';
import {
  checkAlertmanager,
  createAlertmanager,
  type Alertmanager,
} from '../../../src/integrations/alertmanager.ts';
import { startTenantGate } from '../../support/tenantGate.ts';
import type { AlertProduction, AlertSite } from './alertSite.ts';
import { signalsOf, untilDone, waitFor } from './alertSite.ts';
import { describeSourceFaults } from './sourceFaults.suite.ts';

/** Alerts of a real or simulated Alertmanager, and silences made and ended. Puts back what it changes. */
export function describeAlertmanager(production: AlertProduction): void {
  describe(`alerts of ${production.title}'s Alertmanager`, function () {
    this.timeout(120_000);
    let site: AlertSite;
    let alertmanager: Alertmanager;
    before(async () => {
      site = await production.start();
      alertmanager = createAlertmanager({ baseUrl: site.alertmanager, token: undefined });
    });
    after(() => site?.dispose());

    const read = async () => signalsOf(await alertmanager.read(untilDone()));
    const find = async (name: string): Promise<LiveSignal | undefined> =>
      (await read()).find(({ title }) => title === name);
    const firing = (name: string) =>
      waitFor(`${name} to fire`, async () => {
        const signal = await find(name);
        return signal?.state === 'firing' ? signal : undefined;
      });
    const silenceOf = (signal: LiveSignal, more: Partial<NewSilence> = {}): NewSilence => ({
      matchers: matchersOf(signal.labels),
      startsAt: new Date().toISOString(),
      endsAt: new Date(Date.now() + 3_600_000).toISOString(),
      createdBy: 'Ana',
      comment: 'known, being fixed',
      ...more,
    });

    it('are read with all a declare wants of them, under the fingerprint Alertmanager itself gives', async () => {
      const signal = await firing(site.firing);
      const answer = await fetch(`${site.alertmanager}/api/v2/alerts`);
      const own = ((await answer.json()) as { labels: Record<string, string>; fingerprint: string }[]).find(
        ({ labels }) => labels['alertname'] === site.firing,
      );
      assert.equal(signal.id, `alert/${own?.fingerprint}`);
      assert.equal(signal.kind, 'alert');
      assert.deepEqual(signal.sources, ['Alertmanager']);
      assert.equal(signal.severity, 'critical');
      assert.equal(signal.labels['service'], 'payment-service');
      assert.ok(signal.summary);
      assert.match(signal.runbookUrl ?? '', /^https:\/\//);
      assert.match(signal.startedAt, /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/);
      assert.equal(new URL(signal.url ?? '').origin, new URL(site.alertmanager).origin);
    });

    it('are gone when they have resolved, and back when they fire again', async () => {
      await firing(site.other.name);
      await site.other.resolve();
      await waitFor('the alert to be gone', async () => ((await find(site.other.name)) ? undefined : true));
      await site.other.fire();
      await firing(site.other.name);
    });

    it('are silenced for exactly their labels, and fire again when the silence is ended', async () => {
      const signal = await firing(site.firing);
      const made = await alertmanager.createSilence(silenceOf(signal), untilDone());
      assert.ok(made.ok, made.ok ? '' : made.failure.message);
      const silenced = await waitFor('the alert to be silenced', async () => {
        const now = await find(site.firing);
        return now?.state === 'silenced' ? now : undefined;
      });
      assert.deepEqual(silenced.silences, [made.value]);
      const reading = await alertmanager.read(untilDone());
      assert.ok(reading.ok);
      const silence = reading.value.silences?.find(({ id }) => id === made.value);
      assert.deepEqual(
        [silence?.createdBy, silence?.comment, silence?.matchers.length],
        ['Ana', 'known, being fixed', Object.keys(signal.labels).length],
      );
      assert.ok((await find(site.other.name))?.state !== 'silenced', 'nothing else is silenced');

      const ended = await alertmanager.expireSilence(made.value, untilDone());
      assert.ok(ended.ok, ended.ok ? '' : ended.failure.message);
      await firing(site.firing);
      const again = await alertmanager.expireSilence(made.value, untilDone());
      assert.ok(again.ok, 'what has ended may be ended again');
    });

    it("says in Alertmanager's own words why a silence is refused", async () => {
      const signal = await firing(site.firing);
      const past = {
        startsAt: new Date(Date.now() - 7_200_000).toISOString(),
        endsAt: new Date(Date.now() - 3_600_000).toISOString(),
      };
      const refused = await alertmanager.createSilence(silenceOf(signal, past), untilDone());
      assert.ok(!refused.ok);
      assert.equal(refused.failure.code, 'invalid');
      assert.match(refused.failure.message, /in the past/);
    });

    it('tell their version to whoever connects', async () => {
      const check = await checkAlertmanager(
        { baseUrl: site.alertmanager, token: undefined, options: {} },
        untilDone(),
      );
      assert.ok(check.ok, check.ok ? '' : check.failure.message);
      assert.match(check.value.who, /^Alertmanager \d+\.\d+\.\d+/);
    });

    it('are those of one tenant where a server holds those of several, and so are silences', async () => {
      const gate = await startTenantGate(site.alertmanager);
      try {
        const of = (tenant: string) => createAlertmanager({ baseUrl: gate.url, token: undefined, tenant });
        const check = await checkAlertmanager(
          { baseUrl: gate.url, token: undefined, options: { tenant: 'team-a' } },
          untilDone(),
        );
        assert.ok(check.ok, check.ok ? '' : check.failure.message);
        const signal = await firing(site.firing);
        const made = await of('team-a').createSilence(silenceOf(signal), untilDone());
        assert.ok(made.ok, made.ok ? '' : made.failure.message);
        const ended = await of('team-a').expireSilence(made.value, untilDone());
        assert.ok(ended.ok, ended.ok ? '' : ended.failure.message);
        signalsOf(await of('team-a').read(untilDone()));
        assert.ok(gate.asked.length >= 4 && gate.asked.every((line) => line.endsWith(' of team-a')));
        const without = await of('').read(untilDone());
        assert.ok(!without.ok && without.failure.code === 'unauthorized');
      } finally {
        gate.close();
      }
      await firing(site.firing);
    });

    describeSourceFaults({
      system: 'Alertmanager',
      upstream: () => site.alertmanager,
      read: (baseUrl, token, timeoutMs, signal) =>
        createAlertmanager({ baseUrl, token, timeoutMs }).read(signal),
    });
  });
}
