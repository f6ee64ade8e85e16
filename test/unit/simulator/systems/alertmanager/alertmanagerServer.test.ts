import assert from 'node:assert/strict';
import { createAlertmanagerServer } from '../../../../../src/simulator/systems/alertmanager/alertmanagerServer.ts';
import type { AlertmanagerStore } from '../../../../../src/simulator/systems/alertmanager/alertmanagerStore.ts';
import { createAlertmanagerStore } from '../../../../../src/simulator/systems/alertmanager/alertmanagerStore.ts';
import { fingerprintOf } from '../../../../../src/simulator/systems/alertmanager/fingerprint.ts';
import type { ServedServer } from '../../../../support/servedStore.ts';
import { serveStore } from '../../../../support/servedStore.ts';

const noon = Date.UTC(2026, 10, 23, 12);
const minute = 60_000;

interface Alert {
  readonly fingerprint: string;
  readonly labels: Record<string, string>;
  readonly receivers: readonly { name: string }[];
  readonly status: { state: string; silencedBy: string[]; inhibitedBy: string[]; mutedBy: string[] };
}

describe('the simulated Alertmanager', () => {
  let now: number;
  let store: AlertmanagerStore;
  let server: ServedServer;
  beforeEach(async () => {
    now = noon;
    store = createAlertmanagerStore(() => now);
    server = await serveStore(createAlertmanagerServer(store));
  });
  afterEach(() => server.close());

  const matcher = (name: string, value: string, isRegex = false) => ({ name, value, isRegex });
  const silence = (more: Record<string, unknown> = {}) => ({
    matchers: [matcher('service', 'cart')],
    startsAt: new Date(now).toISOString(),
    endsAt: new Date(now + 60 * minute).toISOString(),
    createdBy: 'Ana',
    comment: 'being worked on',
    ...more,
  });
  const post = async (body: unknown) => {
    const answer = await server.ask('/api/v2/silences', { body });
    assert.equal(answer.status, 200);
    return (answer.body as { silenceID: string }).silenceID;
  };
  const alerts = async (query = '') => {
    const { status, body } = await server.ask(`/api/v2/alerts${query}`);
    assert.equal(status, 200);
    return body as Alert[];
  };
  const threeAlerts = [
    { labels: { alertname: 'Crit', severity: 'critical', service: 'pay' }, annotations: { summary: 's' } },
    { labels: { alertname: 'Warn', severity: 'warning', service: 'pay' } },
    { labels: { alertname: 'Other', severity: 'warning', service: 'cart' } },
  ];
  // Taken from Alertmanager 0.28.1.
  const fingerprints = { Other: '362597338b1eb72c', Crit: '9cd1de9ce1b4ad45', Warn: 'ddebd696aeb8d170' };

  it('knows alerts by the fingerprints of a real one', () => {
    for (const { labels } of threeAlerts)
      assert.equal(fingerprintOf(labels), fingerprints[labels.alertname as keyof typeof fingerprints]);
    assert.equal(fingerprintOf({ 'a-b': 'x' }), '1a2dd6b0c71042a1');
    assert.equal(fingerprintOf({}), 'cbf29ce484222325');
  });

  it('lists what was posted as a real one does, until nobody has told of it for five minutes', async () => {
    assert.equal((await server.ask('/api/v2/alerts', { body: threeAlerts })).status, 200);
    assert.deepEqual(await alerts(), [
      {
        annotations: {},
        endsAt: '2026-11-23T12:05:00.000Z',
        fingerprint: fingerprints.Other,
        receivers: [{ name: 'channel' }],
        startsAt: '2026-11-23T12:00:00.000Z',
        status: { inhibitedBy: [], mutedBy: [], silencedBy: [], state: 'active' },
        updatedAt: '2026-11-23T12:00:00.000Z',
        labels: { alertname: 'Other', severity: 'warning', service: 'cart' },
      },
      {
        annotations: { summary: 's' },
        endsAt: '2026-11-23T12:05:00.000Z',
        fingerprint: fingerprints.Crit,
        receivers: [{ name: 'pager' }],
        startsAt: '2026-11-23T12:00:00.000Z',
        status: { inhibitedBy: [], mutedBy: [], silencedBy: [], state: 'active' },
        updatedAt: '2026-11-23T12:00:00.000Z',
        labels: { alertname: 'Crit', severity: 'critical', service: 'pay' },
      },
      {
        annotations: {},
        endsAt: '2026-11-23T12:05:00.000Z',
        fingerprint: fingerprints.Warn,
        receivers: [{ name: 'channel' }],
        startsAt: '2026-11-23T12:00:00.000Z',
        status: { inhibitedBy: [fingerprints.Crit], mutedBy: [], silencedBy: [], state: 'suppressed' },
        updatedAt: '2026-11-23T12:00:00.000Z',
        labels: { alertname: 'Warn', severity: 'warning', service: 'pay' },
      },
    ]);
    now += 3 * minute;
    await server.ask('/api/v2/alerts', { body: threeAlerts.slice(0, 1) });
    now += 3 * minute;
    const [left, ...none] = await alerts();
    assert.equal(left?.fingerprint, fingerprints.Crit);
    assert.equal((left as unknown as { startsAt: string }).startsAt, '2026-11-23T12:00:00.000Z');
    assert.deepEqual(none, []);
  });

  it('filters by state, matcher and receiver, and groups', async () => {
    await server.ask('/api/v2/alerts', { body: threeAlerts });
    const id = await post(silence());
    const names = async (query: string) => (await alerts(query)).map(({ labels }) => labels['alertname']);
    assert.deepEqual(await names('?active=false'), ['Other', 'Warn']);
    assert.deepEqual(await names('?silenced=false'), ['Crit', 'Warn']);
    assert.deepEqual(await names('?inhibited=false'), ['Other', 'Crit']);
    assert.deepEqual(await names('?silenced=maybe'), ['Crit', 'Warn']);
    assert.deepEqual(await names('?filter=service%3D%22pay%22&filter=severity!%3Dwarning'), ['Crit']);
    assert.deepEqual(await names('?filter=alertname%3D~%22O.*r%22'), ['Other']);
    assert.deepEqual(await names('?filter=service%3Dcart'), ['Other']);
    assert.deepEqual(await names('?filter=nosuch%3D%22%22&filter=service!~%22p.*%22'), ['Other']);
    assert.deepEqual(await names('?receiver=pag'), []);
    assert.deepEqual(await names('?receiver=pag.*'), ['Crit']);
    const [silenced] = await alerts('?filter=service%3Dcart');
    assert.deepEqual(silenced?.status.silencedBy, [id]);
    const { body: groups } = await server.ask('/api/v2/alerts/groups');
    assert.deepEqual(
      (groups as { labels: object; receiver: object; alerts: Alert[] }[]).map((group) => [
        group.labels,
        group.receiver,
        group.alerts.map(({ fingerprint }) => fingerprint),
      ]),
      [
        [{ alertname: 'Crit', service: 'pay' }, { name: 'pager' }, [fingerprints.Crit]],
        [{ alertname: 'Other', service: 'cart' }, { name: 'channel' }, [fingerprints.Other]],
        [{ alertname: 'Warn', service: 'pay' }, { name: 'channel' }, [fingerprints.Warn]],
      ],
    );
  });

  it('makes, changes, ends and lists silences', async () => {
    const first = await post(silence());
    now += minute;
    const longer = { ...silence(), id: first, startsAt: '2026-11-23T12:00:00.000Z' };
    assert.equal(await post(longer), first, 'a new end changes it in place');
    const pending = await post(silence({ startsAt: new Date(now + 10 * minute).toISOString() }));
    const other = await post({ ...longer, matchers: [matcher('service', 'pay|cart', true)] });
    assert.notEqual(other, first, 'other matchers end the old one');
    const list = async (query = '') =>
      (
        (await server.ask(`/api/v2/silences${query}`)).body as { id: string; status: { state: string } }[]
      ).map(({ id, status }) => [id, status.state]);
    assert.deepEqual(await list(), [
      [other, 'active'],
      [pending, 'pending'],
      [first, 'expired'],
    ]);
    assert.deepEqual(await list('?filter=service%3D~%22pay%7Ccart%22'), [[other, 'active']]);
    assert.equal((await server.ask(`/api/v2/silence/${other}`, { method: 'DELETE' })).status, 200);
    assert.equal((await server.ask(`/api/v2/silence/${other}`, { method: 'DELETE' })).status, 200);
    assert.deepEqual((await server.ask(`/api/v2/silence/${other}`)).body, {
      id: other,
      status: { state: 'expired' },
      updatedAt: '2026-11-23T12:01:00.000Z',
      comment: 'being worked on',
      createdBy: 'Ana',
      endsAt: '2026-11-23T12:01:00.000Z',
      matchers: [{ isEqual: true, isRegex: true, name: 'service', value: 'pay|cart' }],
      startsAt: '2026-11-23T12:01:00.000Z',
    });
    const again = await post({ ...longer, id: other, matchers: [matcher('service', 'pay|cart', true)] });
    assert.notEqual(again, other, 'an expired one is made anew');
  });

  const longAgo = { startsAt: '2016-11-27T22:00:00Z', endsAt: '2017-11-27T22:00:00Z' };
  // Each as Alertmanager 0.28.1 answers it: a text is its own handlers' JSON string, the rest the generated layer's.
  const refusals: readonly (readonly [string, unknown, number, unknown])[] = [
    ['no body', '', 422, { code: 602, message: 'silence in body is required' }],
    [
      'half a body',
      '{',
      400,
      { code: 400, message: 'parsing silence body from "" failed, because unexpected EOF' },
    ],
    ['nothing in it', {}, 422, { code: 602, message: 'comment in body is required' }],
    ['no author', { comment: 'c' }, 422, { code: 602, message: 'createdBy in body is required' }],
    ['no end', { comment: 'c', createdBy: 'a' }, 422, { code: 602, message: 'endsAt in body is required' }],
    ['no matchers', silenceBody(longAgo), 422, { code: 602, message: 'matchers in body is required' }],
    [
      'no start',
      { comment: 'c', createdBy: 'a', endsAt: longAgo.endsAt, matchers: [matcherBody({})] },
      422,
      { code: 602, message: 'startsAt in body is required' },
    ],
    [
      'an empty list of matchers',
      silenceBody({ ...longAgo, matchers: [] }),
      422,
      { code: 612, message: 'matchers in body should have at least 1 items' },
    ],
    [
      'a matcher that does not say whether it is a pattern',
      silenceBody({ ...longAgo, matchers: [{ name: 'a', value: 'b' }] }),
      422,
      { code: 602, message: 'matchers.0.isRegex in body is required' },
    ],
    [
      'a matcher without a name',
      silenceBody({ ...longAgo, matchers: [{ value: 'b', isRegex: false }] }),
      422,
      { code: 602, message: 'matchers.0.name in body is required' },
    ],
    [
      'a text for a boolean',
      silenceBody({ ...longAgo, matchers: [{ name: 'a', value: 'b', isRegex: 'no' }] }),
      400,
      {
        code: 400,
        message:
          'parsing silence body from "" failed, because json: cannot unmarshal string into Go struct field Matcher.matchers.isRegex of type bool',
      },
    ],
    [
      'a number for a text',
      { ...silenceBody(longAgo), createdBy: 1 },
      400,
      {
        code: 400,
        message:
          'parsing silence body from "" failed, because json: cannot unmarshal number into Go struct field Silence.createdBy of type string',
      },
    ],
    [
      'a time that is none',
      silenceBody({ startsAt: longAgo.startsAt, endsAt: 'x' }),
      400,
      {
        code: 400,
        message:
          'parsing silence body from "" failed, because parsing time "x" as "2006-01-02": cannot parse "x" as "2006"',
      },
    ],
    [
      'an end before the start',
      silenceBody({ startsAt: longAgo.endsAt, endsAt: longAgo.startsAt, matchers: [matcherBody({})] }),
      400,
      'Failed to create silence: start time must be before end time',
    ],
    [
      'an end in the past',
      silenceBody({ ...longAgo, matchers: [matcherBody({})] }),
      400,
      "Failed to create silence: end time can't be in the past",
    ],
    [
      'matchers that match everything',
      silenceBody({ matchers: [matcherBody({ value: '' })] }),
      400,
      'invalid silence: at least one matcher must not match the empty string',
    ],
    [
      'a broken pattern',
      silenceBody({ matchers: [matcherBody({ value: '(', isRegex: true })] }),
      400,
      'invalid silence: invalid label matcher 0: invalid regular expression "(": error parsing regexp: missing closing ): `(`',
    ],
    [
      'a matcher with an empty name',
      silenceBody({ matchers: [matcherBody({ name: '' })] }),
      400,
      'invalid silence: invalid label matcher 0: invalid label name ""',
    ],
    [
      'an unknown id',
      silenceBody({ id: 'f5a4a0a2-0000-4000-8000-000000000000', matchers: [matcherBody({})] }),
      404,
      'silence not found',
    ],
  ];
  for (const [what, body, status, expected] of refusals)
    it(`refuses a silence: ${what}`, async () => {
      const headers = { 'content-type': 'application/json' };
      const answer = await server.ask('/api/v2/silences', { method: 'POST', body, headers });
      assert.equal(answer.status, status);
      assert.deepEqual(answer.body, expected);
      assert.equal(store.silences.size, 0);
    });

  it('takes the right ones of several alerts and says what is wrong with the others', async () => {
    const answer = await server.ask('/api/v2/alerts', {
      body: [
        ...threeAlerts.slice(2),
        { labels: { alertname: 'A' }, startsAt: longAgo.endsAt, endsAt: longAgo.startsAt },
        { labels: { a: '' } },
      ],
    });
    assert.equal(answer.status, 400);
    assert.equal(answer.body, 'start time must be before end time; at least one label pair required');
    assert.equal((await alerts()).length, 1);
    for (const [body, status, message] of [
      [{}, 400, 'parsing alerts body from "" failed, because json: cannot unmarshal object into Go value of type models.PostableAlerts'], // prettier-ignore
      [[{}], 422, '0.labels in body is required'],
      [
        [{ labels: { a: 'b' }, generatorURL: 'not a url' }],
        422,
        '0.generatorURL in body must be of type uri: "not a url"',
      ],
    ] as const) {
      const refused = await server.ask('/api/v2/alerts', { body });
      assert.equal(refused.status, status);
      assert.equal((refused.body as { message: string }).message, message);
    }
  });

  it('refuses what is no request of its API', async () => {
    const table = [
      ['/api/v2/nope', {}, 404, { code: 404, message: 'path /api/v2/nope was not found' }],
      [
        '/api/v2/silences',
        { method: 'PUT' },
        405,
        { code: 405, message: 'method PUT is not allowed, but [GET,POST] are' },
      ],
      [
        '/api/v2/silences',
        { body: '{}', headers: { 'content-type': 'text/plain' } },
        415,
        { code: 415, message: 'unsupported media type "text/plain", only [application/json] are allowed' },
      ],
      [
        '/api/v2/silence/nouuid',
        {},
        422,
        { code: 601, message: 'silenceID in path must be of type uuid: "nouuid"' },
      ],
      ['/api/v2/silence/f5a4a0a2-0000-4000-8000-000000000000', {}, 404, undefined],
      ['/api/v2/silence/f5a4a0a2-0000-4000-8000-000000000000', { method: 'DELETE' }, 404, undefined],
      ['/api/v2/alerts?filter=bad', {}, 400, 'bad matcher format: bad'],
      [
        '/api/v2/alerts?filter=%7Bservice%3D%22cart%22%7D',
        {},
        400,
        'unexpected open or close brace: {service="cart"}',
      ],
      [
        '/api/v2/alerts?receiver=(',
        {},
        400,
        'failed to parse receiver param: error parsing regexp: missing closing ): `^(?:()$`',
      ],
    ] as const;
    for (const [path, asked, status, body] of table) {
      const answer = await server.ask(path, asked);
      assert.equal(answer.status, status, path);
      assert.deepEqual(answer.body, body, path);
    }
    assert.equal((await server.ask('/api/v1/alerts')).status, 410);
  });

  it('tells its state, and asks for the header it is set to ask for', async () => {
    const { body } = await server.ask('/api/v2/status');
    assert.equal((body as { versionInfo: { version: string } }).versionInfo.version, '0.28.1');
    assert.equal((await server.ask('/-/ready')).body, 'OK');
    assert.deepEqual((await server.ask('/api/v2/receivers')).body, [{ name: 'channel' }, { name: 'pager' }]);
    store.authorization = 'Bearer simulated-alertmanager-word';
    const refused = await server.ask('/api/v2/alerts');
    assert.deepEqual([refused.status, refused.body], [401, 'Unauthorized\n']);
    const headers = { authorization: 'Bearer simulated-alertmanager-word' };
    assert.equal((await server.ask('/api/v2/alerts', { headers })).status, 200);
    assert.deepEqual(store.requests.map(({ path }) => path).slice(-2), ['/api/v2/alerts', '/api/v2/alerts']);
  });
});

function silenceBody(more: Record<string, unknown>): Record<string, unknown> {
  return {
    startsAt: '2026-11-23T12:00:00Z',
    endsAt: '2026-11-23T13:00:00Z',
    createdBy: 'a',
    comment: 'c',
    ...more,
  };
}

function matcherBody(more: Record<string, unknown>): Record<string, unknown> {
  return { name: 'a', value: 'b', isRegex: false, ...more };
}
