import assert from 'node:assert/strict';
import type { Addressee } from '../../../src/core/deliveries/delivery.ts';
import { checkPagerDuty } from '../../../src/integrations/pagerduty/checkPagerDuty.ts';
import { fetchOnCalls } from '../../../src/integrations/pagerduty/fetchOnCalls.ts';
import { untilDone } from '../../unit/executors/collectOutput.ts';
import { anIncident, failureOf, receiptOf, wasFound } from './deliveryKit.ts';
import type { PagerDutyKit, PagerDutyOptions, PagerDutyProduction, PagerDutySite } from './pagerDutyKit.ts';
import { acknowledgeTask, createPagerDutyKit, createTask, noteTask } from './pagerDutyKit.ts';

const requestTask = (people: readonly Addressee[], message = 'Please join.') =>
  ({ system: 'pagerduty', act: 'request-responders', people, message }) as const;
const stranger = { name: 'Dana', email: 'dana@example.org' };

/** What the product promises of PagerDuty's people: responders, on-call, whose the key is. */
export function describePagerDutyPeople(production: PagerDutyProduction): void {
  describe(`people of pagerduty of ${production.title}`, function () {
    this.timeout(60_000);
    let site: PagerDutySite;
    let kit: PagerDutyKit;
    before(async () => {
      site = await production.start();
      kit = createPagerDutyKit(site);
    });
    after(() => site.dispose());

    describe('responders', () => {
      /** What was asked of whom: message, requester and people, for each request. */
      const asked = async (id: string) =>
        (await kit.read(id)).responder_requests.map((one) => [
          one.message,
          one.requester.id,
          one.responder_request_targets.map(({ responder_request_target: target }) => target.id),
        ]);

      it('are asked by id or by e-mail, and who is no user is named', async () => {
        const { incident, created, receipts } = await kit.paged();
        const [first, second, third] = site.people;
        const people = [
          { name: 'Ben', pagerduty: second.id, email: 'old@example.org' },
          { name: 'Chloe', email: third.email.toUpperCase() },
          stranger,
          { name: 'Eve' },
        ];
        const result = await kit.deliver(incident, requestTask(people), { receipts });
        assert.deepEqual(result, {
          kind: 'delivered',
          receipt: { ...created, detail: 'no user of PagerDuty: Dana, Eve' },
        });
        assert.deepEqual(await asked(created.id), [['Please join.', first.id, [second.id, third.id]]]);
      });

      it('are found by e-mail when their id is of another account', async () => {
        const { incident, created, receipts } = await kit.paged();
        const [, second] = site.people;
        const people = [{ name: 'Ben', pagerduty: 'PNOTTHERE', email: second.email }];
        assert.deepEqual(receiptOf(await kit.deliver(incident, requestTask(people), { receipts })), created);
        assert.deepEqual((await asked(created.id))[0]?.[2], [second.id]);
      });

      it('are asked once, even when they are named twice', async () => {
        const { incident, created, receipts } = await kit.paged();
        const [, second, third] = site.people;
        const people = [
          { name: 'Ben', pagerduty: second.id },
          { name: 'Ben', email: second.email },
        ];
        const request = (options: PagerDutyOptions = {}, who: readonly Addressee[] = people) =>
          kit.deliver(incident, requestTask(who), { receipts, ...options });
        receiptOf(await request());
        assert.deepEqual(await request({ mayExist: true }), {
          kind: 'delivered',
          receipt: created,
          found: true,
        });
        const detail = 'asked already: Ben';
        assert.deepEqual(await request(), {
          kind: 'delivered',
          receipt: { ...created, detail },
          found: true,
        });
        const more = [...people, { name: 'Chloe', pagerduty: third.id }, stranger];
        const both = `${detail}; no user of PagerDuty: Dana`;
        assert.deepEqual(await request({}, more), {
          kind: 'delivered',
          receipt: { ...created, detail: both },
        });
        assert.deepEqual(
          (await asked(created.id)).map(([, , targets]) => targets),
          [[second.id], [third.id]],
        );
      });

      it('are nobody when nobody is known, or nobody is named', async () => {
        const { incident, created, receipts } = await kit.paged();
        for (const [people, message] of [
          [
            [stranger, { name: 'Eve' }],
            /^PagerDuty knows no user for Dana, Eve\. Nobody was asked; add their/,
          ],
          [[], /^Nobody was named who should be asked to respond/],
        ] as const) {
          const { failure, retry } = failureOf(
            await kit.deliver(incident, requestTask(people), { receipts }),
          );
          assert.deepEqual([failure.code, retry], ['not-found', 'person']);
          assert.match(failure.message, message);
        }
        assert.deepEqual(await asked(created.id), []);
      });

      it('are asked in somebody’s name, the key’s own where none is set', async () => {
        const { incident, created, receipts } = await kit.paged();
        const [first, second] = site.people;
        const people = [{ name: 'Ben', pagerduty: second.id }];
        const request = (options: PagerDutyOptions) =>
          kit.deliver(incident, requestTask(people), { receipts, ...options });
        const { failure } = failureOf(await request({ from: stranger.email }));
        assert.match(
          failure.message,
          /^PagerDuty knows no user dana@example\.org, in whose name people are asked \(setting incident\.pagerduty\.from\)/,
        );
        const account = failureOf(await request({ from: '' }));
        assert.match(
          account.failure.message,
          /in the name of a user, and none is set \(setting incident\.pagerduty\.from/,
        );
        receiptOf(await request({ from: '', token: site.userToken }));
        assert.deepEqual(
          (await asked(created.id)).map(([, requester]) => requester),
          [first.id],
        );
      });

      it('are asked in the name that the settings have now, as everything else is done', async () => {
        const [first, second, third] = site.people;
        const gone = { from: stranger.email };
        const incident = anIncident();
        failureOf(await kit.deliver(incident, createTask(incident), gone));
        const now = { ...gone, account: second.email };
        const created = receiptOf(await kit.deliver(incident, createTask(incident), now));
        const receipts = { 'pagerduty/create-incident': created };
        const people = [{ name: 'Chloe', pagerduty: third.id }];
        receiptOf(await kit.deliver(incident, requestTask(people), { ...now, receipts }));
        receiptOf(await kit.deliver(incident, noteTask('Rolled back.'), { ...now, receipts }));
        // One that a person has just set back.
        const back = { ...now, account: first.email, receipts };
        receiptOf(await kit.deliver(incident, acknowledgeTask, back));
        assert.deepEqual(
          (await asked(created.id)).map(([, requester]) => requester),
          [second.id],
        );
        assert.deepEqual(
          (await kit.notes(created.id)).map(({ user }) => user.id),
          [second.id],
        );
        assert.deepEqual(
          (await kit.read(created.id)).acknowledgements.map(({ acknowledger }) => acknowledger.id),
          [first.id],
        );
      });

      it('need an incident', async () => {
        const { failure } = failureOf(await kit.deliver(anIncident(), requestTask([stranger])));
        assert.equal(failure.code, 'conflict');
        const receipts = { 'pagerduty/create-incident': { id: 'QNOTTHERE' } };
        const people = [{ name: 'Ben', pagerduty: site.people[1].id }];
        const lost = failureOf(await kit.deliver(anIncident(), requestTask(people), { receipts }));
        assert.deepEqual([lost.failure.status, wasFound(lost)], [404, false]);
      });
    });

    describe('on-call', () => {
      it('is told level by level, with what reaches each person', async () => {
        const { url: baseUrl, token, service } = site;
        assert.deepEqual(await fetchOnCalls({ baseUrl, token, service }, untilDone()), {
          ok: true,
          value: site.people.map(({ id, name, email }) => ({ name, email, pagerduty: id })),
        });
      });

      it('is not told without a service, a key, or an answer', async () => {
        const ask = async (more: { readonly token?: string | undefined; readonly service?: string }) => {
          const answer = await fetchOnCalls(
            { baseUrl: site.url, token: site.token, service: site.service, ...more },
            untilDone(),
          );
          assert.ok(!answer.ok);
          return answer.failure.message;
        };
        assert.match(await ask({ token: undefined }), /^PagerDuty is not connected/);
        assert.match(
          await ask({ service: '' }),
          /^It is not known whose on-call is asked for\. Set incident\.pag/,
        );
        assert.match(await ask({ service: 'PNOTTHERE' }), /to tell who is on call \(404\): Not Found\./);
        assert.match(
          await ask({ token: 'another-word' }),
          /refused the token \(401\): Authentication failed/,
        );
      });
    });

    describe('its connection', () => {
      const check = async (
        options: { readonly service?: string; readonly from?: string },
        token = site.token,
      ) => {
        const all = { service: site.service, from: site.people[0].email, ...options };
        const result = await checkPagerDuty({ baseUrl: site.url, token, options: all }, untilDone());
        assert.ok(result.ok, result.ok ? '' : result.failure.message);
        return result.value;
      };
      it('is told by whose the key is', async () => {
        assert.deepEqual(await check({}), {
          who: `a key of the whole account in ${site.subdomain}`,
          warnings: [],
        });
        assert.deepEqual(await check({}, site.userToken), {
          who: `${site.people[0].email} in ${site.subdomain}`,
          warnings: [],
        });
      });
      it('warns of a service and of a user that are not there or not set', async () => {
        const { warnings } = await check({ service: 'PNOTTHERE', from: stranger.email });
        assert.deepEqual(warnings, [
          'PagerDuty has no service PNOTTHERE, or does not show it to this key: correct incident.pagerduty.service.',
          'PagerDuty knows no user dana@example.org: correct incident.pagerduty.from.',
        ]);
        const none = await check({ service: '', from: '' });
        assert.equal(none.who, 'a key of the whole account');
        assert.match(none.warnings[0] ?? '', /^No service is chosen: set incident\.pagerduty\.service/);
        assert.match(none.warnings[1] ?? '', /^Nobody is named .*: set incident\.pagerduty\.from/);
      });
      it('is refused with the reason', async () => {
        for (const [token, message] of [
          ['another-word', /refused the token \(401\): Authentication failed/],
          [undefined, /is not connected/],
        ] as const) {
          const result = await checkPagerDuty({ baseUrl: site.url, token, options: {} }, untilDone());
          assert.ok(!result.ok);
          assert.match(result.failure.message, message);
        }
      });
    });
  });
}
