import assert from 'node:assert/strict';
import { createPagerDutyServer } from '../../../../../src/simulator/systems/pagerduty/pagerDutyServer.ts';
import type { PagerDutyStore } from '../../../../../src/simulator/systems/pagerduty/pagerDutyStore.ts';
import { createPagerDutyStore } from '../../../../../src/simulator/systems/pagerduty/pagerDutyStore.ts';
import type { ServedServer } from '../../../../support/servedStore.ts';
import { serveStore } from '../../../../support/servedStore.ts';

const noon = Date.UTC(2026, 10, 23, 12);
const minute = 60_000;
const hour = 60 * minute;

interface Named {
  readonly id: string;
  readonly name: string;
  readonly summary: string;
}

describe('the simulated PagerDuty', () => {
  let now: number;
  let store: PagerDutyStore;
  let server: ServedServer;
  beforeEach(async () => {
    now = noon;
    store = createPagerDutyStore(() => now);
    server = await serveStore(createPagerDutyServer(store), {
      authorization: `Token token=${store.token}`,
      accept: 'application/vnd.pagerduty+json;version=2',
    });
  });
  afterEach(() => server.close());
  const read = async (path: string): Promise<Record<string, unknown>> => {
    const { status, body } = await server.ask(path);
    assert.equal(status, 200, JSON.stringify(body));
    return body as Record<string, unknown>;
  };
  const names = async (path: string) => {
    const body = await read(path);
    const key = Object.keys(body)[0] ?? '';
    return (body[key] as Named[]).map(({ name }) => name);
  };

  it('lists the account: users, services, priorities, policies, abilities', async () => {
    assert.deepEqual(await names('/users'), ['Ana Lima', 'Ben Okafor', 'Chloe Martin']);
    assert.deepEqual(await names('/users?query=ben'), ['Ben Okafor']);
    assert.deepEqual(await names('/users?query=chloe@example.com'), ['Chloe Martin']);
    assert.deepEqual(await names('/services?query=pay'), ['payment-service']);
    assert.deepEqual(await names('/priorities'), ['P1', 'P2', 'P3', 'P4', 'P5']);
    assert.deepEqual(await names('/priorities?limit=2&offset=4'), ['P5']);
    assert.deepEqual(await names('/escalation_policies'), ['Payments']);
    const [service] = store.services;
    const { service: shown } = (await read(`/services/${service?.id ?? ''}`)) as {
      service: { status: string; escalation_policy: Named };
    };
    assert.deepEqual([shown.status, shown.escalation_policy.summary], ['active', 'Payments']);
    const abilities = (await read('/abilities'))['abilities'] as string[];
    assert.ok(abilities.includes('coordinated_responding'));
    assert.equal((await server.ask('/abilities/teams')).status, 204);
    assert.equal((await server.ask('/abilities/nosuch')).status, 402);
    const unknown = await server.ask('/services/PNOSUCH');
    assert.deepEqual([unknown.status, unknown.body], [404, { error: { message: 'Not Found', code: 2100 } }]);
  });

  it('says who is on call, by policy, schedule and time', async () => {
    const policy = store.escalationPolicies[0]?.id ?? '';
    const [ana, ben] = store.users;
    store.onCalls.splice(
      0,
      1,
      ...[ana, ben].map((user, index) => ({
        user: user?.id ?? '',
        escalationPolicy: policy,
        level: 1,
        schedule: store.schedules[0]?.id,
        start: noon + (index - 1) * hour,
        end: noon + index * hour,
      })),
    );
    const onCall = async (query: string) => {
      const { oncalls } = (await read(`/oncalls?${query}`)) as {
        oncalls: { user: Named; escalation_level: number; schedule: Named | null; end: string | null }[];
      };
      return oncalls.map(({ user, escalation_level, schedule }) => [
        user.summary,
        escalation_level,
        schedule?.summary ?? null,
      ]);
    };
    const levelTwo = [
      ['Ben Okafor', 2, 'Payments secondary'],
      ['Chloe Martin', 2, null],
    ];
    assert.deepEqual(await onCall(`escalation_policy_ids[]=${policy}`), [
      ['Ben Okafor', 1, 'Payments primary'],
      ...levelTwo,
    ]);
    now -= 1;
    assert.deepEqual(await onCall(''), [['Ana Lima', 1, 'Payments primary'], ...levelTwo]);
    const primary = store.schedules[0]?.id ?? '';
    const [since, until] = [new Date(noon - hour), new Date(noon + hour)].map((at) => at.toISOString());
    assert.deepEqual(await onCall(`schedule_ids[]=${primary}&since=${since ?? ''}&until=${until ?? ''}`), [
      ['Ana Lima', 1, 'Payments primary'],
      ['Ben Okafor', 1, 'Payments primary'],
    ]);
    assert.deepEqual(await onCall('escalation_policy_ids[]=PNOSUCH'), []);
    const included = (await read('/oncalls?include[]=users')) as { oncalls: { user: { email?: string } }[] };
    assert.equal(included.oncalls[0]?.user.email, 'ana@example.com');
    assert.equal((await server.ask(`/oncalls?since=${until ?? ''}&until=${since ?? ''}`)).status, 400);
  });

  it('knows an account’s key from a user’s, and one that may only read', async () => {
    const me = await server.ask('/users/me');
    assert.equal(me.status, 400);
    assert.match((me.body as { error: string }).error, /account-level access token/);
    const mine = await server.ask('/users/me', {
      headers: { authorization: `Token token=${store.userToken}` },
    });
    assert.equal((mine.body as { user: { email: string } }).user.email, 'ana@example.com');
    const reading = { authorization: `Token token=${store.readOnlyToken}`, from: 'ana@example.com' };
    assert.equal((await server.ask('/incidents', { headers: reading })).status, 200);
    const writing = await server.ask('/incidents', { headers: reading, body: {} });
    assert.deepEqual(
      [writing.status, writing.body],
      [403, { error: { message: 'Access Denied', code: 2010 } }],
    );
    for (const authorization of ['', store.token, `Bearer ${store.token}`, 'Token token=another-word']) {
      const answer = await server.ask('/users', { headers: { authorization } });
      assert.deepEqual(
        [answer.status, answer.body],
        [401, { error: { message: 'Authentication failed', code: 2006 } }],
      );
    }
  });

  it('takes 960 requests a minute for each key, and says so with every answer', async () => {
    store.limits.rest = 3;
    const left: (string | null)[] = [];
    for (let i = 0; i < 3; i += 1) {
      const { headers } = await server.ask('/abilities');
      left.push(headers.get('ratelimit-remaining'));
      now += 10_000;
    }
    assert.deepEqual(left, ['2', '1', '0']);
    const refused = await server.ask('/abilities');
    assert.deepEqual(
      [refused.status, refused.body],
      [429, { error: { message: 'Rate Limit Exceeded', code: 2020 } }],
    );
    assert.deepEqual(
      ['limit', 'remaining', 'reset'].map((name) => refused.headers.get(`ratelimit-${name}`)),
      ['3', '0', '30'],
    );
    const other = { authorization: `Token token=${store.userToken}` };
    assert.equal((await server.ask('/abilities', { headers: other })).status, 200);
    now += 30_000;
    assert.equal((await server.ask('/abilities')).status, 200);
    assert.equal(createPagerDutyStore(() => now).limits.rest, 960);
  });

  it('lists changes by time and service, and those that belong to an incident', async () => {
    const [payment, checkout] = store.services.map(({ id }) => id);
    const change = (service: string | undefined, summary: string, ago: number) =>
      store.recordChange({ service: service ?? '', summary, at: noon - ago });
    change(payment, 'Release 2.40.2', 48 * hour);
    change(payment, 'Release 2.41.0', 3 * hour);
    change(checkout, 'Release 7', hour);
    const summaries = async (path: string) => {
      const { change_events: list } = (await read(path)) as { change_events: Named[] };
      return list.map(({ summary }) => summary);
    };
    assert.deepEqual(await summaries('/change_events'), ['Release 7', 'Release 2.41.0', 'Release 2.40.2']);
    const since = new Date(noon - 2 * hour).toISOString();
    assert.deepEqual(await summaries(`/change_events?since=${since}`), ['Release 7']);
    assert.deepEqual(await summaries(`/change_events?until=${since}&limit=1`), ['Release 2.41.0']);
    const integration = store.services[1]?.integration ?? '';
    assert.deepEqual(await summaries(`/change_events?integration_ids[]=${integration}`), ['Release 7']);
    assert.deepEqual(await summaries(`/services/${payment ?? ''}/change_events`), [
      'Release 2.41.0',
      'Release 2.40.2',
    ]);
    const incident = store.trigger({ service: payment ?? '', title: 'Payments failing' });
    const { change_events: related } = (await read(`/incidents/${incident.id}/related_change_events`)) as {
      change_events: { summary: string; correlation_reason: { reason: string } }[];
    };
    assert.deepEqual(
      related.map(({ summary, correlation_reason: { reason } }) => [summary, reason]),
      [
        ['Release 7', 'related_service'],
        ['Release 2.41.0', 'most_recent'],
      ],
    );
  });

  describe('events API', () => {
    const payload = { summary: 'Payments fail', source: 'prometheus', severity: 'critical' };
    const event = (more: Record<string, unknown> = {}) => ({
      routing_key: store.services[0]?.routingKey,
      event_action: 'trigger',
      payload,
      ...more,
    });
    const send = (body: unknown, path = '/v2/enqueue') =>
      server.ask(path, { method: 'POST', body, headers: { authorization: '' } });

    it('opens, acknowledges and resolves by key, once', async () => {
      const { status, body } = await send(event({ dedup_key: 'payments' }));
      assert.equal(status, 202);
      assert.deepEqual(body, { status: 'success', message: 'Event processed', dedup_key: 'payments' });
      await send(event({ dedup_key: 'payments' }));
      assert.equal(store.incidents.length, 1);
      await send(event({ dedup_key: 'payments', event_action: 'acknowledge' }));
      assert.equal(store.incidents[0]?.status, 'acknowledged');
      await send(event({ dedup_key: 'payments', event_action: 'resolve' }));
      assert.equal(store.incidents[0]?.status, 'resolved');
      assert.equal((await send(event({ dedup_key: 'nosuch', event_action: 'resolve' }))).status, 202);
      await send(event({ dedup_key: 'payments' }));
      assert.equal(store.incidents.length, 2);
      const own = (await send(event())).body as { dedup_key: string };
      assert.match(own.dedup_key, /^[0-9a-f]{32}$/);
      const { alerts } = (await read(`/incidents/${store.incidents[0]?.id ?? ''}/alerts`)) as {
        alerts: { alert_key: string; status: string; severity: string }[];
      };
      assert.deepEqual(
        alerts.map(({ alert_key, status: of, severity }) => [alert_key, of, severity]),
        [['payments', 'resolved', 'critical']],
      );
    });

    it('records a change', async () => {
      const change = {
        routing_key: store.services[0]?.routingKey,
        payload: { summary: 'Release 2.41.0', source: 'ci', timestamp: '2026-11-23T11:00:00Z' },
        links: [{ href: 'https://ci.example.com/2' }],
      };
      const { status } = await send(change, '/v2/change/enqueue');
      assert.equal(status, 202);
      const [kept] = store.changes;
      assert.deepEqual([kept?.summary, kept?.source, kept?.at], ['Release 2.41.0', 'ci', noon - hour]);
      assert.deepEqual(kept?.links, [{ href: 'https://ci.example.com/2' }]);
      const bad = await send({ ...change, payload: {} }, '/v2/change/enqueue');
      assert.deepEqual((bad.body as { errors: unknown }).errors, ["'payload.summary' is missing or blank"]);
    });

    const refusals: readonly (readonly [string, () => unknown, readonly string[]])[] = [
      ['no key', () => event({ routing_key: undefined }), ["'routing_key' is missing or blank"]],
      [
        'a short key',
        () => event({ routing_key: 'short' }),
        ["Length of 'routing_key' is incorrect (should be 32 characters)"],
      ],
      ['an unknown key', () => event({ routing_key: 'x'.repeat(32) }), ['Invalid routing key']],
      ['no action', () => event({ event_action: undefined }), ["'event_action' is missing or blank"]],
      [
        'no payload',
        () => event({ payload: undefined }),
        [
          "'payload' is missing or blank",
          "'payload.summary' is missing or blank",
          "'payload.source' is missing or blank",
          "'payload.severity' is missing or blank",
        ],
      ],
      [
        'an unknown severity',
        () => event({ payload: { ...payload, severity: 'SEV1' } }),
        [
          "'payload.severity' is invalid (must be one of the following: 'critical', 'warning', 'error' or 'info')",
        ],
      ],
      [
        'a resolve that names no alert',
        () => event({ event_action: 'resolve' }),
        ["'dedup_key' is missing or blank"],
      ],
      [
        'a summary that is too long',
        () => event({ payload: { ...payload, summary: 'x'.repeat(1025) } }),
        ["'payload.summary' is too long (maximum is 1024 characters)"],
      ],
    ];
    for (const [what, body, errors] of refusals)
      it(`refuses ${what}`, async () => {
        const answer = await send(body());
        assert.equal(answer.status, 400);
        assert.deepEqual(answer.body, {
          status: 'invalid event',
          message: 'Event object is invalid',
          errors,
        });
        assert.equal(store.incidents.length, 0);
      });

    it('refuses what is no JSON, what is too large, and more than 120 a minute', async () => {
      assert.equal((await send('{')).status, 400);
      const details = { text: 'x'.repeat(513 * 1024) };
      assert.equal((await send(event({ payload: { ...payload, custom_details: details } }))).status, 413);
      store.limits.events = 1;
      assert.equal((await send(event())).status, 202);
      const refused = await send(event());
      assert.equal(refused.status, 429);
      assert.equal((refused.body as { status: string }).status, 'throttle exceeded');
      now += minute;
      assert.equal((await send(event())).status, 202);
      assert.equal(createPagerDutyStore(() => now).limits.events, 120);
    });
  });
});
