import assert from 'node:assert/strict';
import { pagerDutySignalId, readPagerDuty } from '../../../src/integrations/pagerduty/pagerDutySignals.ts';
import { signalsOf, untilDone } from './alertSite.ts';
import { describeSourceFaults } from './sourceFaults.suite.ts';

/** A PagerDuty account whose incidents and changes the test makes. */
export interface PagerDutySignalSite {
  readonly url: string;
  readonly token: string;
  /** The name of the service that everything below is of. */
  readonly service: string;
  /** Gives the new incident's id; `at` in ms since 1970. */
  trigger(title: string, more?: { readonly priority?: string; readonly at?: number }): string;
  acknowledge(incident: string): void;
  resolve(incident: string): void;
  recordChange(summary: string, at: number, link?: string): void;
  /** The name of a priority of the account. */
  readonly priority: string;
  dispose(): Promise<void>;
}

export interface PagerDutySignalProduction {
  readonly title: string;
  start(): Promise<PagerDutySignalSite>;
}

const minute = 60_000;

/** Open incidents and change events, as the Signals view shows them. */
export function describePagerDutySignals(production: PagerDutySignalProduction): void {
  describe(`pages and changes of ${production.title}'s PagerDuty`, function () {
    this.timeout(60_000);
    let site: PagerDutySignalSite;
    beforeEach(async () => {
      site = await production.start();
    });
    afterEach(() => site?.dispose());

    const source = (more: Partial<Parameters<typeof readPagerDuty>[0]> = {}) => ({
      baseUrl: site.url,
      token: site.token,
      teams: [],
      changesSince: new Date(Date.now() - 24 * 60 * minute).toISOString(),
      ...more,
    });
    const read = async () => signalsOf(await readPagerDuty(source(), untilDone()));

    it('are open incidents with state, service, urgency or priority, and where to look', async () => {
      const plain = site.trigger('Payments fail');
      const urgent = site.trigger('Checkout is down', { priority: site.priority });
      site.acknowledge(urgent);
      const signals = await read();
      const [first, second] = [plain, urgent].map((id) =>
        signals.find((signal) => signal.id === pagerDutySignalId(id)),
      );
      assert.ok(first && second);
      assert.deepEqual(
        [first.kind, first.state, first.title, first.severity, first.service, first.sources],
        ['page', 'firing', 'Payments fail', 'high', site.service, ['PagerDuty']],
      );
      assert.deepEqual([second.state, second.severity], ['acknowledged', site.priority]);
      assert.equal(first.labels['incident_id'], plain, 'by which a declare takes it as its own');
      assert.match(first.url ?? '', /^https:\/\/.*\/incidents\//);
      assert.match(first.startedAt, /^\d{4}-\d{2}-\d{2}T.*Z$/);
    });

    it('are those of any age, and none that is resolved', async () => {
      const old = site.trigger('Open for months', { at: Date.now() - 100 * 24 * 60 * minute });
      const over = site.trigger('Over');
      site.resolve(over);
      assert.deepEqual(
        (await read()).map(({ id }) => id),
        [pagerDutySignalId(old)],
      );
    });

    it('are change events of the last day, with their first link', async () => {
      site.recordChange('payment-service 4.2.0', Date.now() - 5 * minute, 'https://ci.example/77');
      site.recordChange('long ago', Date.now() - 48 * 60 * minute);
      const [change, ...others] = await read();
      assert.deepEqual(others, []);
      assert.deepEqual(
        [change?.kind, change?.state, change?.title, change?.service, change?.url],
        ['deploy', 'happened', 'payment-service 4.2.0', site.service, 'https://ci.example/77'],
      );
    });

    it('are read page by page, and when there are more than anybody reads, that is known', async () => {
      for (let n = 0; n < 120; n++) site.trigger(`Page ${n}`);
      const two = await readPagerDuty(source(), untilDone());
      assert.equal(signalsOf(two).length, 120);
      assert.equal(two.ok && two.value.complete, true);
      for (let n = 120; n < 310; n++) site.trigger(`Page ${n}`);
      const many = await readPagerDuty(source(), untilDone());
      assert.equal(signalsOf(many).length, 300);
      assert.equal(many.ok && many.value.complete, false, 'what is missing may still be open');
    });

    it('are refused to a token that PagerDuty does not know', async () => {
      const refused = await readPagerDuty(source({ token: 'not-a-token' }), untilDone());
      assert.equal(refused.ok ? '' : refused.failure.code, 'unauthorized');
    });

    describeSourceFaults({
      system: 'PagerDuty',
      upstream: () => site.url,
      word: () => site.token,
      read: (baseUrl, token, timeoutMs, signal) =>
        readPagerDuty(source({ baseUrl, token, timeoutMs }), signal),
    });
  });
}
