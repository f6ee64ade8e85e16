import assert from 'node:assert/strict';
import type { Receipt } from '../../../src/core/deliveries/delivery.ts';
import type { Prepared, Struck } from './deliveryFaults.ts';
import { describeDeliveryFaults } from './deliveryFaults.ts';
import type { TestIncident } from './deliveryKit.ts';
import { anIncident, receiptOf } from './deliveryKit.ts';
import type { StatuspageKit, StatuspageProduction, StatuspageSite, StatuspageTask } from './statuspageKit.ts';
import { createStatuspageKit, createTask, updateTask } from './statuspageKit.ts';

/** What is said and done when the way to Statuspage fails. */
export function describeStatuspageFaults(production: StatuspageProduction): void {
  describe(`statuspage of ${production.title}`, () => {
    let site: StatuspageSite;
    let kit: StatuspageKit;
    before(async () => {
      site = await production.start();
      kit = createStatuspageKit(site);
    });
    after(() => site.dispose());

    const attemptOf =
      (
        incident: TestIncident,
        task: StatuspageTask,
        receipts: Readonly<Record<string, Receipt>> = {},
      ): Prepared['attempt'] =>
      ({ url, ...options }) =>
        kit.deliver(incident, task, { baseUrl: url, receipts, ...options });
    const freshIncident = (): Prepared => {
      const incident = anIncident();
      return {
        attempt: attemptOf(incident, createTask(incident)),
        exactlyOne: async (result) =>
          assert.deepEqual(
            (await kit.incidents(incident)).map(({ id }) => id),
            [receiptOf(result).id],
          ),
      };
    };
    const freshUpdate = async (): Promise<Prepared> => {
      const { incident, created, receipts } = await kit.published();
      return {
        attempt: attemptOf(incident, updateTask('Found it.'), receipts),
        exactlyOne: async (result) => {
          const [mine, ...others] = (await kit.read(created.id)).incident_updates;
          assert.deepEqual([mine?.id, mine?.body, others.length], [receiptOf(result).id, 'Found it.', 1]);
        },
      };
    };
    /** Done, and nobody knows. */
    const done = async (prepared: Prepared): Promise<Prepared> => {
      receiptOf(await prepared.attempt({ url: site.url, mayExist: false }));
      return prepared;
    };
    const struck: readonly Struck[] = [
      {
        title: 'POST of create-incident',
        only: ({ method }) => method === 'POST',
        does: true,
        prepare: () => Promise.resolve(freshIncident()),
      },
      {
        title: 'list of open ones of create-incident',
        only: ({ path }) => path.endsWith('/incidents/unresolved'),
        does: false,
        looks: true,
        prepare: () => done(freshIncident()),
      },
      {
        title: 'PATCH of update-incident',
        only: ({ method }) => method === 'PATCH',
        does: true,
        prepare: freshUpdate,
      },
      {
        title: 'GET of update-incident',
        only: ({ method }) => method === 'GET',
        does: false,
        prepare: freshUpdate,
      },
    ];
    const refused = (status: number, error: string | readonly string[]) => ({
      status,
      body: JSON.stringify({ error }),
    });
    describeDeliveryFaults({
      name: 'Statuspage',
      url: () => site.url,
      secrets: () => [site.token],
      struck,
      refusals: [
        {
          ...refused(429, 'Too many requests'),
          headers: { 'retry-after': '60' },
          code: 'failed',
          retry: 'automatic',
          retryAfterMs: 60_000,
          message: /^Statuspage asks to wait \(429\)/,
        },
        {
          ...refused(420, 'Too many requests'),
          headers: { 'retry-after': '7' },
          code: 'failed',
          retry: 'automatic',
          retryAfterMs: 7000,
          message: /^Statuspage asks to wait \(420\)/,
        },
        {
          ...refused(401, 'Could not authenticate'),
          code: 'unauthorized',
          retry: 'person',
          message: /refused the token \(401\): Could not authenticate\. Reconnect with Incident: Connect/,
        },
        {
          ...refused(403, 'You are not authorized to access this resource.'),
          code: 'forbidden',
          retry: 'person',
          message:
            /does not allow this token to .* \(403\): You are not authorized to access this resource\. Give/,
        },
        {
          ...refused(404, 'The requested resource could not be found.'),
          code: 'not-found',
          retry: 'person',
          message:
            /does not know what was addressed, to .* \(404\): The requested resource could not be found\./,
        },
        {
          status: 409,
          body: '{"message":"Conflict"}',
          code: 'conflict',
          retry: 'person',
          message: /refused to .* \(409\): Conflict\. Nothing of the incident is lost/,
        },
        {
          ...refused(422, ['Name is too long', 'Body is too long']),
          code: 'invalid',
          retry: 'person',
          message: /refused to .* \(422\): Name is too long; Body is too long\. Nothing/,
        },
        {
          status: 502,
          body: '<html>Bad gateway</html>',
          code: 'failed',
          retry: 'automatic',
          message: /^Statuspage failed \(502\) and could not .*It is tried again by itself/,
        },
      ],
    });
  });
}
