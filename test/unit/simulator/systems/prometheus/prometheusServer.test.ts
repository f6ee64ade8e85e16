import assert from 'node:assert/strict';
import { createPrometheusServer } from '../../../../../src/simulator/systems/prometheus/prometheusServer.ts';
import type {
  PrometheusStore,
  RuleHit,
} from '../../../../../src/simulator/systems/prometheus/prometheusStore.ts';
import { createPrometheusStore } from '../../../../../src/simulator/systems/prometheus/prometheusStore.ts';
import type { Asked, ServedServer } from '../../../../support/servedStore.ts';
import { serveStore } from '../../../../support/servedStore.ts';

const noon = Date.UTC(2026, 10, 23, 12);
const minute = 60_000;

describe('the simulated Prometheus', () => {
  let now: number;
  let hits: RuleHit[];
  let store: PrometheusStore;
  let server: ServedServer;
  beforeEach(async () => {
    now = noon;
    hits = [];
    const rule = {
      name: 'ErrorsHigh',
      group: 'shop',
      query: 'errors:ratio > 0.05',
      forMs: 2 * minute,
      labels: { severity: 'critical' },
      annotations: { summary: '{{ $labels.service }} fails' },
      hits: () => hits,
    };
    const series = [
      { name: 'up', labels: { service: 'pay' }, valueAt: () => 1 },
      { name: 'up', labels: { service: 'cart' }, valueAt: (at: number) => (at < noon ? 1 : undefined) },
    ];
    store = createPrometheusStore(() => now, [rule], series);
    server = await serveStore(createPrometheusServer(store));
  });
  afterEach(() => server.close());

  const data = async (path: string, asked?: Asked): Promise<unknown> => {
    const { status, body } = await server.ask(path, asked);
    assert.equal(status, 200, JSON.stringify(body));
    const envelope = body as { status: string; data: unknown };
    assert.equal(envelope.status, 'success');
    return envelope.data;
  };
  const query = (text: string, more = '') =>
    data(`/api/v1/query?query=${encodeURIComponent(text)}${more}`) as Promise<{
      resultType: string;
      result: unknown;
    }>;
  const hit = (): RuleHit => ({
    labels: { alertname: 'ErrorsHigh', service: 'pay', severity: 'critical' },
    annotations: { summary: 'pay fails' },
    activeAt: noon,
    value: 0.73,
  });

  it('shows an alert as pending, then firing, then no more, with its rule', async () => {
    const state = async () => {
      const { groups } = (await data('/api/v1/rules?type=alert')) as {
        groups: { name: string; rules: { state: string; duration: number; alerts: object[] }[] }[];
      };
      const [rule] = groups[0]?.rules ?? [];
      assert.equal(rule?.duration, 120);
      return [rule?.state, rule?.alerts.length];
    };
    assert.deepEqual(await state(), ['inactive', 0]);
    assert.deepEqual(await data('/api/v1/alerts'), { alerts: [] });
    hits = [hit()];
    now += minute;
    assert.deepEqual(await state(), ['pending', 1]);
    now += minute;
    assert.deepEqual(await state(), ['firing', 1]);
    assert.deepEqual(await data('/api/v1/alerts'), {
      alerts: [
        {
          labels: { alertname: 'ErrorsHigh', service: 'pay', severity: 'critical' },
          annotations: { summary: 'pay fails' },
          state: 'firing',
          activeAt: '2026-11-23T12:00:00.000540807Z',
          value: '7.3e-01',
        },
      ],
    });
    hits = [];
    assert.deepEqual(await state(), ['inactive', 0]);
  });

  it('answers queries that it can compute', async () => {
    hits = [hit()];
    now += 3 * minute;
    const at = now / 1000;
    assert.deepEqual(await query('1.5'), { resultType: 'scalar', result: [at, '1.5'] });
    assert.deepEqual(await query('vector(2)', '&time=2026-11-23T11:00:00Z'), {
      resultType: 'vector',
      result: [{ metric: {}, value: [1795431600, '2'] }],
    });
    assert.deepEqual(await query('up{service=~"p.*"}'), {
      resultType: 'vector',
      result: [{ metric: { __name__: 'up', service: 'pay' }, value: [at, '1'] }],
    });
    assert.deepEqual(await query('ALERTS{alertstate="firing"}'), {
      resultType: 'vector',
      result: [{ metric: { __name__: 'ALERTS', alertstate: 'firing', ...hit().labels }, value: [at, '1'] }],
    });
    assert.deepEqual(await query('errors:ratio > 0.05'), {
      resultType: 'vector',
      result: [{ metric: { service: 'pay' }, value: [at, '0.73'] }],
    });
    assert.deepEqual(await query('nosuch'), { resultType: 'vector', result: [] });
    const posted = await data('/api/v1/query', {
      body: 'query=vector(1)',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    assert.deepEqual(posted, { resultType: 'vector', result: [{ metric: {}, value: [at, '1'] }] });
  });

  it('answers a range with one row for each series', async () => {
    const start = noon / 1000 - 60;
    assert.deepEqual(await data(`/api/v1/query_range?query=up&start=${start}&end=${start + 60}&step=30s`), {
      resultType: 'matrix',
      result: [
        {
          metric: { __name__: 'up', service: 'pay' },
          values: [start, start + 30, start + 60].map((at) => [at, '1']),
        },
        {
          metric: { __name__: 'up', service: 'cart' },
          values: [start, start + 30].map((at) => [at, '1']),
        },
      ],
    });
  });

  // Each as Prometheus 2.42 answers it, but the one that names the simulator.
  const bad = (error: string, status = 400, errorType = 'bad_data') => ({ status, errorType, error });
  const range = '/api/v1/query_range?query=vector(1)';
  const refusals: readonly (readonly [string, ReturnType<typeof bad>])[] = [
    ['/api/v1/rules?type=x', bad('invalid parameter "type": not supported value "x"')],
    ['/api/v1/query', bad('invalid parameter "query": 1:1: parse error: no expression found in input')],
    [
      '/api/v1/query?query=up%7B',
      bad('invalid parameter "query": 1:4: parse error: unexpected end of input inside braces'),
    ],
    [
      '/api/v1/query?query=1&time=x',
      bad('invalid parameter "time": Invalid time value for \'time\': cannot parse "x" to a valid timestamp'),
    ],
    [
      '/api/v1/query?query=deriv(up%5B5m%5D)',
      bad('the simulated Prometheus does not compute deriv of these arguments', 422, 'execution'),
    ],
    ['/api/v1/query_range?query=up', bad('invalid parameter "start": cannot parse "" to a valid timestamp')],
    [
      `${range}&start=3&end=1&step=1`,
      bad('invalid parameter "end": end timestamp must not be before start time'),
    ],
    [
      `${range}&start=1&end=3&step=0`,
      bad(
        'invalid parameter "step": zero or negative query resolution step widths are not accepted. Try a positive integer',
      ),
    ],
    [
      `${range}&start=1&end=3&step=abc`,
      bad('invalid parameter "step": cannot parse "abc" to a valid duration'),
    ],
    [
      `${range}&start=1&end=30000000&step=1`,
      bad(
        'exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)',
      ),
    ],
  ];
  for (const [path, { status, errorType, error }] of refusals)
    it(`refuses ${path}`, async () => {
      const answer = await server.ask(path);
      assert.equal(answer.status, status);
      assert.deepEqual(answer.body, { status: 'error', errorType, error });
    });

  it('answers unknown paths and wrong methods outside its envelope', async () => {
    const unknown = await server.ask('/api/v1/nope');
    assert.deepEqual([unknown.status, unknown.body], [404, '404 page not found\n']);
    const posted = await server.ask('/api/v1/alerts', { method: 'POST' });
    assert.deepEqual([posted.status, posted.body], [405, 'Method Not Allowed\n']);
    assert.equal(posted.headers.get('allow'), 'GET, OPTIONS');
  });

  it('says when it is ready, and asks for the header it is set to ask for', async () => {
    assert.equal((await server.ask('/-/ready')).body, 'Prometheus Server is Ready.\n');
    store.ready = false;
    assert.equal((await server.ask('/-/ready')).status, 503);
    assert.equal((await server.ask('/api/v1/alerts')).status, 503);
    assert.equal((await server.ask('/-/healthy')).status, 200);
    store.ready = true;
    store.authorization = 'Bearer simulated-prometheus-word';
    assert.equal((await server.ask('/api/v1/alerts')).status, 401);
    const headers = { authorization: 'Bearer simulated-prometheus-word' };
    assert.equal((await server.ask('/api/v1/alerts', { headers })).status, 200);
  });
});
