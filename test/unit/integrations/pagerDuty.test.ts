import assert from 'node:assert/strict';
import type { Addressee, DeliveryTask } from '../../../src/core/deliveries/delivery.ts';
import { checkPagerDuty } from '../../../src/integrations/pagerduty/checkPagerDuty.ts';
import { fetchOnCalls } from '../../../src/integrations/pagerduty/fetchOnCalls.ts';
import { fetchPage } from '../../../src/integrations/pagerduty/fetchPage.ts';
import { createPagerDutyService } from '../../../src/integrations/pagerduty/pagerDutyService.ts';
import type { DeliverOptions } from '../../contract/suites/deliveryKit.ts';
import {
  anIncident,
  deliverTask,
  failureOf,
  receiptOf,
  wasFound,
} from '../../contract/suites/deliveryKit.ts';
import type { AnsweringService } from './answeringService.ts';
import { startAnsweringService, untilDone } from './answeringService.ts';

/** Answers that a PagerDuty may give, and no simulated one does. */
describe('pagerduty, when it answers in another way', () => {
  let service: AnsweringService;
  before(async () => (service = await startAnsweringService()));
  after(() => service.dispose());
  beforeEach(() => service.restart());

  type Bodies = Readonly<Record<string, unknown>>;
  /** What is answered by `METHOD path`, the query cut off; a number is a status, the rest is not there. */
  const answerWith = (bodies: Bodies): void => {
    service.answerTo = ({ method, path }) => {
      const body = bodies[`${method} ${path.replace(/\?.*/, '')}`] ?? 404;
      return typeof body === 'number'
        ? { status: body, body: '' }
        : { status: 200, body: JSON.stringify(body) };
    };
  };
  const asked = (): readonly string[] =>
    service.seen.map(({ method, path }) => `${method} ${path.replace(/\?.*/, '')}`);

  const incident = { id: 'Q1', incident_number: 7, html_url: null, status: 'triggered' };
  const receipts = { 'pagerduty/create-incident': { id: 'Q1' } };
  const place = { service: 'P1', from: 'ana@example.com' };
  const deliver = (task: DeliveryTask, options: DeliverOptions = {}, token = 'simulated-word') =>
    deliverTask(
      createPagerDutyService({ tokenOf: () => Promise.resolve(token) }),
      anIncident(),
      { task, place: { ...place, baseUrl: service.url } },
      { receipts, ...options },
    );
  const create: DeliveryTask = {
    system: 'pagerduty',
    act: 'create-incident',
    title: 'Payments failing',
    text: '',
    urgency: 'high',
  };
  const resolve: DeliveryTask = { system: 'pagerduty', act: 'resolve' };

  it('tells who acknowledged first, and of a merged incident nothing', async () => {
    const at = (minute: number): string => `2026-11-23T10:3${minute}:00Z`;
    const seen = async (more: object) => {
      answerWith({ 'GET /incidents/Q1': { incident: { ...incident, created_at: at(0), ...more } } });
      const connection = { baseUrl: service.url, token: 'simulated-word' };
      const result = await fetchPage(connection, 'Q1', new AbortController().signal);
      return result.ok ? result.value : result.failure.code;
    };
    const by = (summary: string, minute: number) => ({ at: at(minute), acknowledger: { summary } });
    const known = { id: 'Q1', name: '#7', status: 'acknowledged', at: '2026-11-23T10:31:00.000Z' };
    const acknowledgements = [by('Cy', 2), by('Bo', 1)];
    const last = { last_status_change_at: at(2), last_status_change_by: { summary: 'Cy' } };
    assert.deepEqual(await seen({ status: 'acknowledged', acknowledgements, ...last }), {
      ...known,
      who: 'Bo',
    });
    const status = 'resolved';
    const told = { id: 'Q1', name: '#7', status, who: 'Cy', at: '2026-11-23T10:32:00.000Z' };
    assert.deepEqual(await seen({ status, ...last, resolve_reason: null }), told);
    assert.deepEqual(await seen({ status, last_status_change_by: null }), {
      ...told,
      who: undefined,
      at: '2026-11-23T10:30:00.000Z',
    });
    assert.equal(
      await seen({ status, ...last, resolve_reason: { type: 'merge_resolve_reason' } }),
      undefined,
    );
    assert.equal(await seen({ status: 'parked' }), 'failed');
  });

  it('is asked in its own manner: by key or by token of an app, in somebody’s name where something changes', async () => {
    answerWith({ 'GET /incidents/Q1': { incident }, 'PUT /incidents/Q1': { incident } });
    for (const [token, authorization] of [
      ['simulated-word', 'Token token=simulated-word'],
      ['pdus+simulated-word', 'Bearer pdus+simulated-word'],
      ['pdeu+simulated-word', 'Bearer pdeu+simulated-word'],
    ] as const) {
      const before = service.seen.length;
      assert.deepEqual(receiptOf(await deliver(resolve, {}, token)), { id: 'Q1', name: '#7' });
      assert.deepEqual(
        service.seen
          .slice(before)
          .map(({ headers }) => [headers['accept'], headers['authorization'], headers['from']]),
        [
          ['application/vnd.pagerduty+json;version=2', authorization, undefined],
          ['application/vnd.pagerduty+json;version=2', authorization, 'ana@example.com'],
        ],
      );
    }
  });

  it('shows an incident without its key when alerts have joined it, and others that are none of ours', async () => {
    const other = { ...incident, id: 'Q2', incident_key: 'of somebody else' };
    const bodies = { 'POST /incidents': { incident: { ...incident, id: 'Q3' } } };
    answerWith({ ...bodies, 'GET /incidents': { incidents: [other, { ...incident, incident_key: null }] } });
    const found = await deliver(create, { mayExist: true });
    assert.deepEqual([receiptOf(found).id, wasFound(found)], ['Q1', true]);
    answerWith({ ...bodies, 'GET /incidents': { incidents: [other] } });
    const made = await deliver(create, { mayExist: true });
    assert.deepEqual([receiptOf(made).id, wasFound(made)], ['Q3', false]);
  });

  it('is asked for an incident of its service, of any state and any age', async () => {
    answerWith({ 'GET /incidents': { incidents: [incident] } });
    receiptOf(await deliver(create, { mayExist: true }));
    const query = new URL(service.seen[0]?.path ?? '', service.url).searchParams;
    assert.match(query.get('incident_key') ?? '', /^\w{26}\/pagerduty\/create-incident$/);
    query.delete('incident_key');
    assert.deepEqual(
      [...query],
      [
        ['service_ids[]', 'P1'],
        ['date_range', 'all'],
        ['statuses[]', 'triggered'],
        ['statuses[]', 'acknowledged'],
        ['statuses[]', 'resolved'],
      ],
    );
  });

  it('passes on its words wherever it puts them', async () => {
    for (const [body, words] of [
      ['{"error":{"message":"No","errors":"because"}}', /\(400\): No: because\. Nothing/],
      ['{"error":{"errors":["a","b"]}}', /\(400\): a; b\. Nothing/],
      ['{"error":"No way"}', /\(400\): No way\. Nothing/],
      ['{"error":{}}', /\(400\)\. Nothing/],
      ['{"message":"No"}', /\(400\)\. Nothing/],
      ['no', /\(400\)\. Nothing/],
    ] as const) {
      service.answer = { status: 400, body };
      assert.match(failureOf(await deliver(create)).failure.message, words);
    }
  });

  describe('about responders', () => {
    const users = [
      { id: 'PANA', email: 'ana@example.com' },
      { id: 'PBEN', email: 'ben@example.com' },
    ];
    const at = (): string => new Date().toISOString();
    const requestOf = (target: string, requested_at = at()) => ({
      message: 'Please join.',
      requested_at,
      responder_request_targets: [{ responder_request_target: { id: target } }],
    });
    const request = async (more: unknown, options: DeliverOptions = {}) => {
      const before = service.seen.length;
      answerWith({
        'GET /users': { users },
        'GET /users/PBEN': { user: users[1] },
        'GET /incidents/Q1': { incident: { ...incident, ...(more as object) } },
        'POST /incidents/Q1/responder_requests': { responder_request: {} },
      });
      const people: Addressee[] = [{ name: 'Ben', pagerduty: 'PBEN' }];
      const task: DeliveryTask = {
        system: 'pagerduty',
        act: 'request-responders',
        people,
        message: 'Please join.',
      };
      const result = await deliver(task, options);
      return [
        asked().slice(before).includes('POST /incidents/Q1/responder_requests'),
        wasFound(result),
        receiptOf(result).detail,
      ];
    };

    it('asks who has said no, unless this very request is being tried again', async () => {
      const declined = {
        incidents_responders: [{ state: 'declined', user: { id: 'PBEN' } }],
        responder_requests: [requestOf('PBEN')],
      };
      assert.deepEqual(await request(declined), [true, false, undefined]);
      assert.deepEqual(await request(declined, { mayExist: true }), [false, true, undefined]);
      const long = { ...declined, responder_requests: [requestOf('PBEN', '2026-01-01T00:00:00Z')] };
      assert.deepEqual(await request(long, { mayExist: true }), [true, false, undefined]);
      const another = { ...declined, responder_requests: [{ ...requestOf('PBEN'), message: 'Lunch?' }] };
      assert.deepEqual(await request(another, { mayExist: true }), [true, false, undefined]);
    });

    it('asks nobody who has joined, and bears an incident that has none', async () => {
      const joined = { incidents_responders: [{ state: 'joined', user: { id: 'PBEN' } }] };
      assert.deepEqual(await request(joined), [false, true, 'asked already: Ben']);
      assert.deepEqual(await request({ incidents_responders: null, responder_requests: null }), [
        true,
        false,
        undefined,
      ]);
    });

    it('asks nobody when it cannot look everybody up', async () => {
      answerWith({ 'GET /users': { users }, 'GET /users/PBEN': 503 });
      const people: Addressee[] = [{ name: 'Ben', pagerduty: 'PBEN' }];
      const task: DeliveryTask = { system: 'pagerduty', act: 'request-responders', people, message: 'Hi.' };
      assert.equal(failureOf(await deliver(task)).failure.status, 503);
      assert.ok(!asked().includes('POST /incidents/Q1/responder_requests'));
    });
  });

  describe('about who is on call', () => {
    const onCall = (id: string, level: number, user: object = { name: id }) => ({
      escalation_level: level,
      user: { id, ...user },
    });
    const serviceBody = { service: { escalation_policy: { id: 'PPOLICY' } } };
    const tell = () =>
      fetchOnCalls({ baseUrl: service.url, token: 'simulated-word', service: 'P1' }, untilDone());

    it('reads every page, and names each person once, at their first level', async () => {
      const pages = [
        { oncalls: [onCall('PC', 3), onCall('PA', 2)], more: true },
        {
          oncalls: [onCall('PB', 1, { summary: 'Ben', email: 'ben@example.com' }), onCall('PD', 1, {})],
          more: true,
        },
        { oncalls: [onCall('PA', 1)], more: false },
      ];
      service.answerTo = ({ path }) => {
        if (path === '/services/P1') return { status: 200, body: JSON.stringify(serviceBody) };
        const query = new URL(path, service.url).searchParams;
        assert.deepEqual(query.getAll('escalation_policy_ids[]'), ['PPOLICY']);
        assert.deepEqual(query.getAll('include[]'), ['users']);
        const page = pages[Number(query.get('offset')) / 2];
        return { status: 200, body: JSON.stringify(page) };
      };
      assert.deepEqual(await tell(), {
        ok: true,
        value: [
          { name: 'Ben', email: 'ben@example.com', pagerduty: 'PB' },
          { name: 'PD', pagerduty: 'PD' },
          { name: 'PA', pagerduty: 'PA' },
          { name: 'PC', pagerduty: 'PC' },
        ],
      });
    });

    it('ends where a page promises more and holds nothing, and fails where a page fails', async () => {
      answerWith({ 'GET /services/P1': serviceBody, 'GET /oncalls': { oncalls: [], more: true } });
      assert.deepEqual(await tell(), { ok: true, value: [] });
      answerWith({ 'GET /services/P1': serviceBody, 'GET /oncalls': 503 });
      const failed = await tell();
      assert.ok(!failed.ok);
      assert.match(failed.failure.message, /failed \(503\) and could not tell who is on call/);
    });
  });

  describe('about a connection', () => {
    const good = {
      'GET /abilities': { abilities: ['coordinated_responding'] },
      'GET /users/me': { user: { id: 'PANA', name: 'Ana', email: null, html_url: 'nowhere' } },
      'GET /services/P1': {
        service: { name: 'payments', html_url: 'https://techcorp.pagerduty.com/services/P1' },
      },
      'GET /users': { users: [{ id: 'PANA', email: 'ana@example.com' }] },
    };
    const check = async (more: Bodies) => {
      answerWith({ ...good, ...more });
      return checkPagerDuty({ baseUrl: service.url, token: 'simulated-word', options: place }, untilDone());
    };
    const warnings = async (more: Bodies): Promise<readonly string[]> => {
      const result = await check(more);
      assert.ok(result.ok);
      return result.value.warnings;
    };

    it('names who it is as well as it can', async () => {
      const who = async (user: unknown) => {
        const result = await check({ 'GET /users/me': user === undefined ? 403 : { user } });
        return result.ok ? result.value.who : result.failure.message;
      };
      const web = { html_url: 'https://techcorp.eu.pagerduty.com/users/PANA' };
      assert.equal(await who({ id: 'PANA', name: 'Ana', ...web }), 'Ana in techcorp');
      assert.equal(await who({ id: 'PANA', ...web }), 'PANA in techcorp');
      assert.equal(await who({ id: 'PANA', html_url: 'nowhere' }), 'PANA');
      assert.equal(await who(undefined), 'a key of the whole account in techcorp');
    });

    it('warns of what the plan lacks, and of what could not be looked at', async () => {
      assert.deepEqual(await warnings({}), []);
      assert.match(
        (await warnings({ 'GET /abilities': { abilities: ['teams'] } })).join(),
        /^This account cannot request responders: .*coordinated_responding\.$/,
      );
      assert.deepEqual(await warnings({ 'GET /abilities': 403 }), []);
      assert.match(
        (await warnings({ 'GET /services/P1': 500 })).join(),
        /^PagerDuty failed \(500\) and could not read the service/,
      );
      assert.match(
        (await warnings({ 'GET /users': 500 })).join(),
        /^PagerDuty failed \(500\) and could not look up its users/,
      );
    });

    it('fails where nothing can be said', async () => {
      for (const [path, status] of [
        ['GET /abilities', 500],
        ['GET /users/me', 500],
      ] as const) {
        const result = await check({ [path]: status });
        assert.ok(!result.ok && result.failure.code === 'failed');
      }
    });
  });
});
