import assert from 'node:assert/strict';
import { deliveryKey } from '../../../src/core/deliveries/delivery.ts';
import { fetchPage } from '../../../src/integrations/pagerduty/fetchPage.ts';
import { createPagerDutyService } from '../../../src/integrations/pagerduty/pagerDutyService.ts';
import type { FaultProxy } from '../../support/faultProxy.ts';
import { startFaultProxy } from '../../support/faultProxy.ts';
import { anIncident, deliverTask, failureOf, receiptOf, wasFound } from './deliveryKit.ts';
import type {
  PagerDutyKit,
  PagerDutyOptions,
  PagerDutyProduction,
  PagerDutySite,
  PagerDutyTask,
} from './pagerDutyKit.ts';
import {
  acknowledgeTask,
  adoptTask,
  createPagerDutyKit,
  createTask,
  noteTask,
  resolveTask,
} from './pagerDutyKit.ts';

/** What the product promises of PagerDuty's incidents. Leaves some behind, most of them open. */
export function describePagerDuty(production: PagerDutyProduction): void {
  describe(`pagerduty of ${production.title}`, function () {
    this.timeout(60_000);
    let site: PagerDutySite;
    let kit: PagerDutyKit;
    let proxy: FaultProxy;
    before(async () => {
      site = await production.start();
      kit = createPagerDutyKit(site);
    });
    after(() => site.dispose());
    beforeEach(async () => (proxy = await startFaultProxy(site.url)));
    afterEach(() => proxy.dispose());
    const refuseChange = (method: string, error: unknown): void => {
      proxy.only = (request) => request.method === method;
      proxy.fault = { kind: 'answer', status: 400, body: JSON.stringify({ error }) };
    };

    describe('after a reopen', () => {
      it('is a second incident of PagerDuty, and what comes after goes to that one', async () => {
        const { incident, created } = await kit.paged();
        await kit.setStatus(created.id, 'resolved');
        const delivery = 'pagerduty/create-incident/01JDAGAIN';
        const again = receiptOf(await kit.deliver(incident, createTask(incident), { delivery }));
        assert.notEqual(again.id, created.id);
        const receipts = { 'pagerduty/create-incident': created, [delivery]: again };
        const result = await kit.deliver(incident, acknowledgeTask, { receipts, after: [delivery] });
        assert.equal(receiptOf(result).id, again.id);
        assert.equal((await kit.read(again.id)).status, 'acknowledged');
        assert.equal((await kit.read(created.id)).status, 'resolved');
      });
    });

    describe('how an incident stands', () => {
      const look = async (id: string, token = site.token) =>
        fetchPage({ baseUrl: site.url, token }, id, new AbortController().signal);

      it('is told with who brought it there and since when', async () => {
        const { created } = await kit.paged();
        const seen = async () => {
          const result = await look(created.id);
          assert.ok(result.ok && result.value, JSON.stringify(result));
          const { id, name, status, who, at } = result.value;
          assert.deepEqual([id, name], [created.id, created.name]);
          assert.ok(Math.abs(Date.parse(at) - Date.now()) < 60_000, at);
          return [status, who];
        };
        assert.equal((await seen())[0], 'triggered');
        await kit.setStatus(created.id, 'acknowledged');
        assert.deepEqual(await seen(), ['acknowledged', site.people[0].name]);
        await kit.setStatus(created.id, 'resolved');
        assert.deepEqual(await seen(), ['resolved', site.people[0].name]);
      });

      it('is not known of one that is not there, nor with a key that is refused', async () => {
        const gone = await look('Q0GONE');
        assert.ok(!gone.ok && gone.failure.code === 'not-found');
        const { created } = await kit.paged();
        const refused = await look(created.id, 'simulated-other');
        assert.ok(!refused.ok && refused.failure.code === 'unauthorized');
      });
    });

    describe('an incident', () => {
      it('is created on its service, with the key that tells it from another', async () => {
        const { incident, created } = await kit.paged();
        const [seen, ...more] = await kit.incidents(incident);
        assert.equal(more.length, 0);
        assert.deepEqual(created, { id: seen?.id, url: seen?.html_url, name: `#${seen?.incident_number}` });
        assert.deepEqual(
          [seen?.status, seen?.urgency, seen?.service.id, seen?.incident_key],
          ['triggered', 'high', site.service, deliveryKey(incident.id, 'pagerduty/create-incident')],
        );
        assert.equal((await kit.read(created.id)).body?.details, 'Card payments fail since 10:30.');
        const low = anIncident();
        const task = { ...createTask(low), urgency: 'low' } as PagerDutyTask;
        assert.equal((await kit.read(receiptOf(await kit.deliver(low, task)).id)).urgency, 'low');
      });

      it('is not created a second time, asked first or not', async () => {
        const { incident, created } = await kit.paged();
        for (const mayExist of [true, false]) {
          const again = await kit.deliver(incident, createTask(incident), { mayExist });
          assert.deepEqual(again, { kind: 'delivered', receipt: created, found: true });
        }
        assert.equal((await kit.incidents(incident)).length, 1);
      });

      it('is found though somebody has resolved it, and that is said', async () => {
        const { incident, created } = await kit.paged();
        await kit.setStatus(created.id, 'resolved');
        const again = await kit.deliver(incident, createTask(incident), { mayExist: true });
        const receipt = { ...created, detail: 'resolved in PagerDuty already' };
        assert.deepEqual(again, { kind: 'delivered', receipt, found: true });
        assert.equal((await kit.incidents(incident)).length, 1);
      });

      it('is waited for where PagerDuty has it and does not show it', async () => {
        const { incident } = await kit.paged();
        proxy.only = ({ method }) => method === 'GET';
        proxy.fault = { kind: 'answer', status: 200, body: '{"incidents":[]}' };
        const result = await kit.deliver(incident, createTask(incident), { baseUrl: proxy.url });
        const { failure, retry } = failureOf(result);
        assert.deepEqual([failure.code, retry], ['conflict', 'automatic']);
        assert.match(failure.message, /^PagerDuty has this incident, but does not show it yet/);
        proxy.fault = { kind: 'answer', status: 503, body: '' };
        const lost = failureOf(await kit.deliver(incident, createTask(incident), { baseUrl: proxy.url }));
        assert.deepEqual([lost.failure.status, lost.retry], [503, 'automatic']);
      });

      it('of PagerDuty’s own is taken as ours, by id and by number', async () => {
        const { created } = await kit.paged();
        const { incident_number: number } = await kit.read(created.id);
        for (const id of [created.id, String(number)])
          assert.deepEqual(await kit.deliver(anIncident(), adoptTask(id)), {
            kind: 'delivered',
            receipt: created,
          });
        await kit.setStatus(created.id, 'resolved');
        const { detail } = receiptOf(await kit.deliver(anIncident(), adoptTask(created.id)));
        assert.equal(detail, 'resolved in PagerDuty already');
      });

      it('that is not there is not taken', async () => {
        const { failure, retry } = failureOf(await kit.deliver(anIncident(), adoptTask('QNOTTHERE')));
        assert.deepEqual([failure.code, failure.status, retry], ['not-found', 404, 'person']);
        assert.match(
          failure.message,
          /^PagerDuty has no incident QNOTTHERE, or does not show it.*call this off\.$/,
        );
      });
    });

    describe('its state', () => {
      it('is acknowledged, then resolved, each of them once', async () => {
        const { incident, created, receipts } = await kit.paged();
        for (const [task, status] of [
          [acknowledgeTask, 'acknowledged'],
          [resolveTask, 'resolved'],
        ] as const) {
          const result = await kit.deliver(incident, task, { receipts });
          assert.deepEqual(result, { kind: 'delivered', receipt: created });
          assert.equal((await kit.read(created.id)).status, status);
          const again = await kit.deliver(incident, task, { receipts });
          assert.deepEqual(again, { kind: 'delivered', receipt: created, found: true });
        }
      });

      it('is acknowledged in the name of the user who is set', async () => {
        const { incident, created, receipts } = await kit.paged();
        const [, second] = site.people;
        receiptOf(await kit.deliver(incident, acknowledgeTask, { receipts, from: second.email }));
        assert.deepEqual(
          (await kit.read(created.id)).acknowledgements.map(({ acknowledger }) => acknowledger.id),
          [second.id],
        );
      });

      it('is of an adopted incident too', async () => {
        const { created } = await kit.paged();
        const receipts = { 'pagerduty/adopt-incident': created };
        receiptOf(await kit.deliver(anIncident(), resolveTask, { receipts }));
        assert.equal((await kit.read(created.id)).status, 'resolved');
      });

      it('that is resolved is not acknowledged, which would open it again', async () => {
        const { incident, created, receipts } = await kit.paged();
        await kit.setStatus(created.id, 'resolved');
        const result = await kit.deliver(incident, acknowledgeTask, { receipts });
        const detail = 'resolved in PagerDuty already, so there was nothing to acknowledge';
        assert.deepEqual(result, { kind: 'delivered', receipt: { ...created, detail } });
        assert.equal((await kit.read(created.id)).status, 'resolved');
      });

      it('may be changed by somebody quicker', async () => {
        const { incident, receipts } = await kit.paged();
        const change = (task: PagerDutyTask) => kit.deliver(incident, task, { receipts, baseUrl: proxy.url });
        refuseChange('PUT', { code: 1001, message: 'Incident Already Resolved' });
        assert.equal(wasFound(await change(resolveTask)), true);
        assert.equal(wasFound(await change(acknowledgeTask)), true);
        refuseChange('PUT', { code: 1002, message: 'Incident Already Acknowledged' });
        assert.equal(wasFound(await change(acknowledgeTask)), true);
        const { failure } = failureOf(await change(resolveTask));
        assert.match(
          failure.message,
          /refused to resolve the incident \(400\): Incident Already Acknowledged\./,
        );
      });

      it('needs an incident', async () => {
        for (const task of [acknowledgeTask, resolveTask, noteTask('hello')]) {
          const { failure, retry } = failureOf(await kit.deliver(anIncident(), task));
          assert.deepEqual([failure.code, retry], ['conflict', 'person']);
          assert.match(failure.message, /not known which incident of PagerDuty.*mark this as done/);
        }
      });
    });

    describe('a note', () => {
      it('is added once', async () => {
        const { incident, created, receipts } = await kit.paged();
        const note = () => kit.deliver(incident, noteTask('Rolled back.'), { receipts, mayExist: true });
        const result = await note();
        const [seen, ...more] = await kit.notes(created.id);
        assert.deepEqual([seen?.content, seen?.user.id, more.length], ['Rolled back.', site.people[0].id, 0]);
        const receipt = { id: seen?.id, url: created.url, name: created.name };
        assert.deepEqual(result, { kind: 'delivered', receipt });
        assert.deepEqual(await note(), { kind: 'delivered', receipt, found: true });
        assert.equal((await kit.notes(created.id)).length, 1);
      });

      it('is added again in the same words when somebody has more of the same to say', async () => {
        const { incident, created, receipts } = await kit.paged();
        for (const delivery of ['pagerduty/note/1', 'pagerduty/note/2'])
          assert.equal(
            wasFound(await kit.deliver(incident, noteTask('No change.'), { receipts, delivery })),
            false,
          );
        assert.equal((await kit.notes(created.id)).length, 2);
      });

      it('is one that came since the first attempt, whatever our clock says', async () => {
        const { incident, created, receipts } = await kit.paged();
        await kit.addNote(created.id, 'Rolled back.');
        const note = (text: string, options: PagerDutyOptions) =>
          kit.deliver(incident, noteTask(text), { receipts, mayExist: true, ...options });
        for (const minutes of [-10, 0, 10]) {
          const now = new Date(Date.now() + minutes * 60_000).toISOString();
          assert.equal(wasFound(await note('Rolled back.', { now, firstStartedAt: now })), true);
        }
        assert.equal((await kit.notes(created.id)).length, 1);
        const firstStartedAt = new Date(Date.now() + 3_600_000).toISOString();
        assert.equal(wasFound(await note('Rolled back.', { firstStartedAt })), false);
        assert.equal(wasFound(await note('Rolled back!', {})), false);
        assert.equal((await kit.notes(created.id)).length, 3);
      });

      it('needs no more of the incident than its id', async () => {
        const { incident, created } = await kit.paged();
        const receipts = { 'pagerduty/create-incident': { id: created.id } };
        const receipt = receiptOf(await kit.deliver(incident, noteTask('Hello.'), { receipts }));
        assert.deepEqual(Object.keys(receipt), ['id']);
      });
    });

    it('says what stands in its way', async () => {
      const incident = anIncident();
      const told = async (options: PagerDutyOptions, task = createTask(incident)): Promise<string> => {
        const { failure, retry } = failureOf(await kit.deliver(incident, task, options));
        assert.equal(retry, 'person');
        return `${failure.code}: ${failure.message}`;
      };
      const rows: readonly (readonly [PagerDutyOptions, RegExp])[] = [
        [{ token: undefined }, /^unauthorized: PagerDuty is not connected: .*Incident: Connect/],
        [
          { token: 'another-word' },
          /^unauthorized: PagerDuty refused the token \(401\): Authentication failed\. Recon/,
        ],
        [
          { token: site.readOnlyToken },
          /^forbidden: PagerDuty does not allow this token to create the incident \(403\): Access Denied\. Give/,
        ],
        [
          { from: '' },
          /^invalid: PagerDuty refused to create the incident \(400\): You must specify a user's email address in the "From" header to perform this action \(setting incident\.pagerduty\.from\)\. Nothing/,
        ],
        [
          { from: 'nobody@example.com' },
          /^invalid: .*\(400\): Requester User Not Found \(setting incident\.pagerduty\.from\)\./,
        ],
        [
          { from: 'nobody' },
          /^invalid: .*\(400\): Malformed "From" header \(setting incident\.pagerduty\.from\)\./,
        ],
        [
          { service: 'PNOTTHERE' },
          /^invalid: PagerDuty refused to create the incident \(400\): Invalid Input Provided: /,
        ],
      ];
      for (const [options, message] of rows) assert.match(await told(options), message);
      assert.deepEqual(await kit.incidents(incident), []);
    });

    it('needs nobody’s name with a key of a user’s own', async () => {
      const incident = anIncident();
      const options = { token: site.userToken, from: '' };
      const created = receiptOf(await kit.deliver(incident, createTask(incident), options));
      const receipts = { 'pagerduty/create-incident': created };
      receiptOf(await kit.deliver(incident, noteTask('Hello.'), { receipts, ...options }));
      assert.equal((await kit.notes(created.id))[0]?.user.id, site.people[0].id);
    });

    it('takes its base URL with a slash at its end', async () => {
      const incident = anIncident();
      receiptOf(await kit.deliver(incident, createTask(incident), { baseUrl: `${site.url}/` }));
      assert.equal((await kit.incidents(incident)).length, 1);
    });

    it('has no part in what is to be sent elsewhere, and throws nothing', async () => {
      const task = { system: 'slack', act: 'archive' } as const;
      const { failure } = failureOf(await kit.deliver(anIncident(), task));
      assert.match(failure.message, /^PagerDuty has no part in what is to be sent to slack/);
      const service = createPagerDutyService({
        tokenOf: () => Promise.reject(new Error('the safe is locked')),
      });
      const place = { baseUrl: site.url, service: site.service };
      const result = failureOf(await deliverTask(service, anIncident(), { task: resolveTask, place }));
      assert.match(result.failure.message, /^Sending to PagerDuty went wrong on our side/);
    });
  });
}
