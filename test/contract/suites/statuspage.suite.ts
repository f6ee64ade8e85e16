import assert from 'node:assert/strict';
import type { DeliveryTask, StatusPageStatus } from '../../../src/core/deliveries/delivery.ts';
import { checkStatuspage } from '../../../src/integrations/statuspage/checkStatuspage.ts';
import { createStatuspageService } from '../../../src/integrations/statuspage/statuspageService.ts';
import { untilDone } from '../../unit/executors/collectOutput.ts';
import type { DeliverOptions } from './deliveryKit.ts';
import { anIncident, deliverTask, failureOf, receiptOf, wasFound } from './deliveryKit.ts';
import type {
  StatuspageKit,
  StatuspageOptions,
  StatuspageProduction,
  StatuspageSite,
  StatuspageTask,
} from './statuspageKit.ts';
import { createStatuspageKit, createTask, keyOf, updateTask } from './statuspageKit.ts';

/** What the product promises of Statuspage. Leaves incidents behind, most of them open. */
export function describeStatuspage(production: StatuspageProduction): void {
  describe(`statuspage of ${production.title}`, function () {
    this.timeout(60_000);
    let site: StatuspageSite;
    let kit: StatuspageKit;
    before(async () => {
      site = await production.start();
      kit = createStatuspageKit(site);
    });
    after(() => site.dispose());
    const later = new Date(Date.now() + 3_600_000).toISOString();

    describe('an incident', () => {
      for (const notify of [false, true])
        it(`is created as it was seen, ${notify ? 'and subscribers are' : 'and nobody is'} written to`, async () => {
          const { incident, created } = await kit.published(notify);
          const [seen, ...more] = await kit.incidents(incident);
          assert.equal(more.length, 0);
          assert.deepEqual(created, { id: seen?.id, url: seen?.shortlink, name: incident.title });
          assert.equal(seen?.status, 'investigating');
          assert.deepEqual(seen.metadata, { incident_response: { key: keyOf(incident) } });
          assert.deepEqual(
            seen.incident_updates.map(({ body, deliver_notifications: told }) => [body, told]),
            [['Some payments fail. We are looking into it.', notify]],
          );
        });

      it('is not created a second time, whether it is open or over', async () => {
        const { incident, created } = await kit.published();
        const again = () => kit.deliver(incident, createTask(incident), { mayExist: true });
        assert.deepEqual(await again(), { kind: 'delivered', receipt: created, found: true });
        await kit.patch(created.id, { status: 'resolved', deliver_notifications: false });
        assert.deepEqual(await again(), { kind: 'delivered', receipt: created, found: true });
        assert.equal((await kit.incidents(incident)).length, 1);
      });

      it('is created where an attempt left nothing, though another has its name', async () => {
        const { incident } = await kit.published();
        const other = { ...anIncident(), title: incident.title };
        const result = await kit.deliver(other, createTask(other), { mayExist: true });
        assert.equal(wasFound(result), false);
        assert.deepEqual(
          (await kit.incidents(incident)).map(({ metadata }) => metadata['incident_response']?.['key']),
          [keyOf(other), keyOf(incident)],
        );
      });
    });

    describe('an update', () => {
      it('is published as it was seen, with notifications only where they were chosen', async () => {
        const { incident, created, receipts } = await kit.published();
        const update = (text: string, status: StatusPageStatus, notify: boolean) =>
          kit.deliver(incident, updateTask(text, status, notify), {
            receipts,
            delivery: `statuspage/${status}`,
          });
        const first = receiptOf(await update('It is the card provider.', 'identified', false));
        const last = receiptOf(await update('Payments work again.', 'resolved', true));
        const seen = await kit.read(created.id);
        assert.equal(seen.status, 'resolved');
        assert.deepEqual(
          seen.incident_updates.map(({ id, body, deliver_notifications: told }) => [id, body, told]),
          [
            [last.id, 'Payments work again.', true],
            [first.id, 'It is the card provider.', false],
            [seen.incident_updates[2]?.id, 'Some payments fail. We are looking into it.', false],
          ],
        );
        assert.deepEqual([last.url, last.name], [created.url, incident.title]);
      });

      it('leaves what others keep with the incident', async () => {
        const { incident, created, receipts } = await kit.published();
        const { metadata } = await kit.read(created.id);
        await kit.patch(created.id, { metadata: { ...metadata, jira: { issue: 'OPS-7' } } });
        receiptOf(await kit.deliver(incident, updateTask('Found it.'), { receipts }));
        assert.deepEqual((await kit.read(created.id)).metadata, {
          jira: { issue: 'OPS-7' },
          incident_response: {
            key: keyOf(incident),
            updates: [keyOf(incident, 'statuspage/update-incident')],
          },
        });
        const again = await kit.deliver(incident, createTask(incident), { mayExist: true });
        assert.equal(receiptOf(again).id, created.id);
      });

      it('is not published twice, and is known by its key whatever the clocks say', async () => {
        const { incident, created, receipts } = await kit.published();
        const update = (options: DeliverOptions = {}) =>
          kit.deliver(incident, updateTask('Found it.'), { receipts, ...options });
        const first = await update();
        const again = await update({ mayExist: true });
        assert.deepEqual(again, { ...first, found: true });
        const shifted = await update({ mayExist: true, firstStartedAt: later });
        assert.equal(wasFound(shifted), true);
        assert.equal((await kit.read(created.id)).incident_updates.length, 2);
      });

      it('is published again in the same words when somebody has more of the same to say', async () => {
        const { incident, created, receipts } = await kit.published();
        for (const delivery of ['statuspage/update/1', 'statuspage/update/2'])
          assert.equal(
            wasFound(await kit.deliver(incident, updateTask('No change.'), { receipts, delivery })),
            false,
          );
        assert.equal((await kit.read(created.id)).incident_updates.length, 3);
      });

      it('whose key was written over is known by its words since the first attempt', async () => {
        const { incident, created, receipts } = await kit.published();
        const update = (text: string, options: DeliverOptions = {}) =>
          kit.deliver(incident, updateTask(text), { receipts, mayExist: true, ...options });
        await kit.patch(created.id, {
          status: 'identified',
          body: 'Found  it.\n',
          deliver_notifications: false,
          metadata: {},
        });
        assert.equal(wasFound(await update('Found it.')), true);
        // A clock that is wrong by ten minutes, then and now.
        const ahead = new Date(Date.now() + 600_000).toISOString();
        const behind = new Date(Date.now() - 600_000).toISOString();
        for (const now of [ahead, behind])
          assert.equal(wasFound(await update('Found it.', { now, firstStartedAt: now })), true);
        assert.equal((await kit.read(created.id)).incident_updates.length, 2);
        for (const [text, options] of [
          ['Found it.', { firstStartedAt: later }],
          ['Found them.', {}],
        ] as const)
          assert.equal(wasFound(await update(text, { ...options, delivery: text })), false);
        assert.equal((await kit.read(created.id)).incident_updates.length, 4);
      });

      it('is another one with another status or other notifications', async () => {
        const { incident, created, receipts } = await kit.published();
        await kit.patch(created.id, {
          status: 'identified',
          body: 'Found it.',
          deliver_notifications: false,
        });
        for (const [delivery, task] of [
          ['statuspage/update/1', updateTask('Found it.', 'monitoring')],
          ['statuspage/update/2', updateTask('Found it.', 'identified', true)],
        ] as const)
          assert.equal(
            wasFound(await kit.deliver(incident, task, { receipts, delivery, mayExist: true })),
            false,
          );
        assert.equal((await kit.read(created.id)).incident_updates.length, 4);
      });

      it('keeps the keys of the last twenty', async () => {
        const { incident, created, receipts } = await kit.published();
        for (let n = 1; n <= 22; n++)
          receiptOf(
            await kit.deliver(incident, updateTask(`Step ${n}.`), {
              receipts,
              delivery: `statuspage/update/${n}`,
            }),
          );
        const { updates, key } = (await kit.read(created.id)).metadata['incident_response'] ?? {};
        assert.ok(Array.isArray(updates));
        assert.deepEqual(
          [updates.length, updates[0], key],
          [20, keyOf(incident, 'statuspage/update/3'), keyOf(incident)],
        );
      });

      it('needs its incident', async () => {
        const incident = anIncident();
        const { failure, retry } = failureOf(await kit.deliver(incident, updateTask('Found it.')));
        assert.deepEqual([failure.code, retry], ['conflict', 'person']);
        assert.match(failure.message, /not known which incident.*mark this as done/);
        const gone = { 'statuspage/create-incident': { id: 'nosuchincident' } };
        const lost = failureOf(await kit.deliver(incident, updateTask('Found it.'), { receipts: gone }));
        assert.deepEqual([lost.failure.code, lost.failure.status, lost.retry], ['not-found', 404, 'person']);
        assert.match(
          lost.failure.message,
          /does not know what was addressed, to read the incident \(404\): The/,
        );
      });
    });

    it('takes its base URL with the version or without', async () => {
      for (const baseUrl of [`${site.url}/v1`, `${site.url}/v1/`, `${site.url}/`]) {
        const incident = anIncident();
        receiptOf(await kit.deliver(incident, createTask(incident), { baseUrl }));
        assert.equal((await kit.incidents(incident)).length, 1);
      }
    });

    it('says what stands in its way', async () => {
      const incident = anIncident();
      const told = async (options: StatuspageOptions, task: DeliveryTask = createTask(incident)) => {
        const { failure, retry } = failureOf(await kit.deliver(incident, task, options));
        assert.equal(retry, 'person');
        return `${failure.code}: ${failure.message}`;
      };
      assert.match(
        await told({ token: undefined }),
        /^unauthorized: Statuspage is not connected: .*Incident: Connect/,
      );
      assert.match(
        await told({ token: 'another-word' }),
        /^unauthorized: Statuspage refused the token \(401\): Could not authenticate\. Reconnect/,
      );
      assert.match(
        await told({ page: 'nosuchpage' }),
        /^not-found: Statuspage does not know .*create the incident \(404\)/,
      );
      assert.match(
        await told({}, { ...createTask(incident), name: ' ' } as StatuspageTask),
        /^invalid: Statuspage refused to create the incident \(422\): Name can't be blank\. Nothing/,
      );
      assert.match(
        await told({}, { system: 'pagerduty', act: 'resolve' }),
        /^invalid: Statuspage has no part in what is to be sent to pagerduty/,
      );
      assert.equal((await kit.incidents(incident)).length, 0);
    });

    it('tells what goes wrong on our side, and throws nothing', async () => {
      const incident = anIncident();
      const service = createStatuspageService({
        tokenOf: () => Promise.reject(new Error('the safe is locked')),
      });
      const place = { baseUrl: site.url, page: site.page };
      const result = failureOf(await deliverTask(service, incident, { task: createTask(incident), place }));
      assert.equal(result.failure.cause, 'the safe is locked');
      assert.match(result.failure.message, /^Sending to Statuspage went wrong on our side/);
    });

    describe('its connection', () => {
      const check = (options: Readonly<Record<string, string>>, token: string | undefined = site.token) =>
        checkStatuspage({ baseUrl: site.url, token, options }, untilDone());
      it('is told by the page', async () => {
        const result = await check({ pageId: site.page });
        assert.ok(result.ok);
        assert.match(result.value.who, /^.+ \([\w.-]+\.[\w.-]+\)$/);
        assert.deepEqual(result.value.warnings, []);
      });
      it('warns of a page that is not there or not chosen', async () => {
        for (const [pageId, warning] of [
          ['nosuchpage', /^This key sees no page nosuchpage: set incident\.statuspage\.pageId to one of /],
          ['', /^No page is chosen: set incident\.statuspage\.pageId to one of /],
        ] as const) {
          const result = await check({ pageId });
          assert.ok(result.ok);
          assert.match(result.value.warnings.join('\n'), warning);
          assert.ok(result.value.warnings[0]?.includes(`${site.page} (`));
        }
      });
      it('is refused with the reason', async () => {
        const refused = await check({}, 'another-word');
        assert.ok(!refused.ok);
        assert.match(refused.failure.message, /refused the token \(401\): Could not authenticate/);
        const none = await checkStatuspage({ baseUrl: site.url, token: undefined, options: {} }, untilDone());
        assert.ok(!none.ok);
        assert.match(none.failure.message, /is not connected/);
      });
    });
  });
}
