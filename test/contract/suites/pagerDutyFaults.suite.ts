import assert from 'node:assert/strict';
import type { Prepared, Refusal, Struck } from './deliveryFaults.ts';
import { describeDeliveryFaults } from './deliveryFaults.ts';
import { anIncident, receiptOf } from './deliveryKit.ts';
import type { PagerDutyKit, PagerDutyProduction, PagerDutySite, PagerDutyTask } from './pagerDutyKit.ts';
import {
  acknowledgeTask,
  adoptTask,
  createPagerDutyKit,
  createTask,
  noteTask,
  resolveTask,
} from './pagerDutyKit.ts';

const refused = (status: number, code: number, message: string, ...errors: string[]) => ({
  status,
  body: JSON.stringify({ error: { message, code, ...(errors.length > 0 ? { errors } : {}) } }),
});

/** In the words of https://developer.pagerduty.com/docs/errors. */
const refusals: readonly Refusal[] = [
  {
    ...refused(429, 2020, 'Rate Limit Exceeded'),
    headers: { 'ratelimit-limit': '960', 'ratelimit-remaining': '0', 'ratelimit-reset': '20' },
    code: 'failed',
    retry: 'automatic',
    retryAfterMs: 20_000,
    message: /^PagerDuty asks to wait \(429\)/,
  },
  {
    ...refused(401, 2006, 'Authentication failed'),
    code: 'unauthorized',
    retry: 'person',
    message: /refused the token \(401\): Authentication failed\. Reconnect with Incident: Connect/,
  },
  {
    ...refused(402, 2014, 'Missing Account Ability', 'coordinated_responding'),
    code: 'forbidden',
    retry: 'person',
    message:
      /no such ability on this account's plan, to .* \(402\): Missing Account Ability: coordinated_responding\./,
  },
  {
    ...refused(403, 2010, 'Access Denied'),
    code: 'forbidden',
    retry: 'person',
    message: /does not allow this token to .* \(403\): Access Denied\. Give it the permission/,
  },
  {
    ...refused(404, 2100, 'Not Found'),
    code: 'not-found',
    retry: 'person',
    message: /\(404\)/,
  },
  {
    ...refused(408, 2016, 'The request took too long to process'),
    code: 'timeout',
    retry: 'automatic',
    message: /took too long to .* \(408\): The request took too long to process\. It is tried again/,
  },
  {
    ...refused(409, 1005, 'Data Updated Since Last Request'),
    code: 'conflict',
    retry: 'person',
    message: /refused to .* \(409\): Data Updated Since Last Request\. Nothing of the incident is lost/,
  },
  {
    ...refused(400, 2001, 'Invalid Input Provided', 'Title cannot be empty.', 'Service cannot be empty.'),
    code: 'invalid',
    retry: 'person',
    message: /\(400\): Invalid Input Provided: Title cannot be empty\.; Service cannot be empty\. Nothing/,
  },
  {
    ...refused(500, 2000, 'An internal error has occurred. PagerDuty team has been notified.'),
    code: 'failed',
    retry: 'automatic',
    message:
      /^PagerDuty failed \(500\) and could not .*: An internal error has occurred\. PagerDuty team has been/,
  },
  {
    status: 502,
    body: '<html>Bad gateway</html>',
    code: 'failed',
    retry: 'automatic',
    message: /^PagerDuty failed \(502\) and could not .*It is tried again by itself/,
  },
];

/** What is said and done when the way to PagerDuty fails. */
export function describePagerDutyFaults(production: PagerDutyProduction): void {
  describe(`pagerduty of ${production.title}`, () => {
    let site: PagerDutySite;
    let kit: PagerDutyKit;
    before(async () => {
      site = await production.start();
      kit = createPagerDutyKit(site);
    });
    after(() => site.dispose());

    const creation = (): Promise<Prepared> => {
      const incident = anIncident();
      return Promise.resolve({
        attempt: ({ url, ...options }) =>
          kit.deliver(incident, createTask(incident), { baseUrl: url, ...options }),
        exactlyOne: async (result) =>
          assert.deepEqual(
            (await kit.incidents(incident)).map(({ id }) => id),
            [receiptOf(result).id],
          ),
      });
    };
    /** A task for an incident that pages people already; `check` gets its id and the id of the receipt. */
    const onIncident =
      (task: (id: string) => PagerDutyTask, check: (id: string, receipt: string) => Promise<void>) =>
      async (): Promise<Prepared> => {
        const { incident, created, receipts } = await kit.paged();
        return {
          attempt: ({ url, ...options }) =>
            kit.deliver(incident, task(created.id), { baseUrl: url, receipts, ...options }),
          exactlyOne: async (result) => {
            assert.equal((await kit.incidents(incident)).length, 1);
            await check(created.id, receiptOf(result).id);
          },
        };
      };
    const hasStatus = (status: string) => async (id: string, receipt: string) =>
      assert.deepEqual([(await kit.read(id)).status, receipt], [status, id]);
    const noting = onIncident(
      () => noteTask('Rolled back.'),
      async (id, receipt) =>
        assert.deepEqual(
          (await kit.notes(id)).map((note) => [note.id, note.content]),
          [[receipt, 'Rolled back.']],
        ),
    );
    const requesting = onIncident(
      () => {
        const [, second, third] = site.people;
        const people = [
          { name: 'Ben', pagerduty: second.id },
          { name: 'Chloe', email: third.email },
        ];
        return { system: 'pagerduty', act: 'request-responders', people, message: 'Please join.' };
      },
      async (id) => {
        const [, second, third] = site.people;
        const asked = (await kit.read(id)).responder_requests.map((one) =>
          one.responder_request_targets.map(({ responder_request_target: target }) => target.id),
        );
        assert.deepEqual(asked, [[second.id, third.id]]);
      },
    );
    const acknowledging = onIncident(() => acknowledgeTask, hasStatus('acknowledged'));
    const resolving = onIncident(() => resolveTask, hasStatus('resolved'));
    /** Done, and nobody knows. */
    const done = (prepare: () => Promise<Prepared>) => async (): Promise<Prepared> => {
      const prepared = await prepare();
      receiptOf(await prepared.attempt({ url: site.url, mayExist: false }));
      return prepared;
    };

    const onCall =
      (method: string, path: RegExp): Struck['only'] =>
      (request) =>
        request.method === method && path.test(request.path);
    const struck: readonly Struck[] = [
      {
        title: 'POST of create-incident',
        only: onCall('POST', /^\/incidents$/),
        does: true,
        prepare: creation,
      },
      {
        title: 'search of create-incident',
        only: onCall('GET', /^\/incidents\?/),
        does: false,
        looks: true,
        prepare: done(creation),
      },
      {
        title: 'GET of adopt-incident',
        only: onCall('GET', /^\/incidents\/\w+$/),
        does: false,
        prepare: onIncident((id) => adoptTask(id), hasStatus('triggered')),
      },
      {
        title: 'search for people of request-responders',
        only: onCall('GET', /^\/users\?/),
        does: false,
        prepare: requesting,
      },
      {
        title: 'GET of request-responders',
        only: onCall('GET', /^\/incidents\/\w+$/),
        does: false,
        prepare: requesting,
      },
      {
        title: 'POST of request-responders',
        only: onCall('POST', /\/responder_requests$/),
        does: true,
        prepare: requesting,
      },
      {
        title: 'POST of note',
        only: onCall('POST', /\/notes$/),
        does: true,
        prepare: noting,
      },
      {
        title: 'list of note',
        only: onCall('GET', /\/notes$/),
        does: false,
        looks: true,
        prepare: done(noting),
      },
      {
        title: 'GET of acknowledge',
        only: onCall('GET', /^\/incidents\/\w+$/),
        does: false,
        prepare: acknowledging,
      },
      {
        title: 'PUT of acknowledge',
        only: onCall('PUT', /^\/incidents\/\w+$/),
        does: true,
        prepare: acknowledging,
      },
      {
        title: 'PUT of resolve',
        only: onCall('PUT', /^\/incidents\/\w+$/),
        does: true,
        prepare: resolving,
      },
    ];
    describeDeliveryFaults({
      name: 'PagerDuty',
      url: () => site.url,
      secrets: () => [site.token],
      struck,
      refusals,
    });
  });
}
