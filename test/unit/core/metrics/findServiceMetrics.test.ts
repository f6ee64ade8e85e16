import assert from 'node:assert/strict';
import { failed, ok } from '../../../../src/core/errors.ts';
import { findServiceMetrics, type AskInstant } from '../../../../src/core/metrics/findServiceMetrics.ts';

const never = new AbortController().signal;
const pay = { service: 'payment-service', namespace: 'production' };

/** A server that has these metrics under these labels; queries it was asked are kept. */
function server(have: Readonly<Record<string, readonly Readonly<Record<string, string>>[]>>) {
  const asked: string[] = [];
  const ask: AskInstant = (query) => {
    asked.push(query);
    const found = Object.entries(have).flatMap(([start, labels]) => (query.includes(start) ? labels : []));
    return Promise.resolve(
      ok({
        series: found.map((labels) => ({ labels, points: [{ at: 0, value: 1 }] })),
        warnings: [],
        notNumbers: 0,
      }),
    );
  };
  return { ask, asked };
}
const find = async (settings: Record<string, unknown>, ask: AskInstant) => {
  const found = await findServiceMetrics(pay, settings, ask, never);
  assert.ok(found.ok);
  return found.value;
};

describe('finding the metrics of a service', () => {
  it('takes the usual names with the label and status that are there, and says so', async () => {
    const { ask } = server({
      ',service="payment-service"})': [{ __name__: 'http_requests_total' }, { __name__: 'http_request_duration_seconds_bucket' }],
      '(http_requests_total{service="payment-service"})': [{ namespace: 'production', code: '200' }, { namespace: 'staging', code: '500' }],
      'container_cpu_usage_seconds_total|': [{ __name__: 'container_cpu_usage_seconds_total' }, { __name__: 'kube_pod_container_resource_limits', resource: 'cpu' }],
    }); // prettier-ignore
    const { queries, lacking } = await find({}, ask);
    assert.deepEqual(queries.map(({ id }) => id), ['errorRate', 'latencyP50', 'latencyP95', 'latencyP99', 'traffic', 'saturation']); // prettier-ignore
    assert.deepEqual(lacking, []);
    const is = 'service="payment-service",namespace="production"';
    const total = `sum(rate(http_requests_total{${is}}[5m]))`;
    assert.equal(
      queries[0]?.query,
      `(sum(rate(http_requests_total{${is},code=~"5.."}[5m])) or 0 * ${total}) / ${total}`,
    );
    assert.match(
      queries[0]?.because ?? '',
      /Found http_requests_total with service="payment-service".*code=~"5\.\."/,
    );
    assert.equal(
      queries[2]?.query,
      `histogram_quantile(0.95, sum by (le) (rate(http_request_duration_seconds_bucket{${is}}[5m])))`,
    );
    assert.match(queries[5]?.query ?? '', /pod=~"payment-service-\.\+",namespace="production"/);
    assert.equal(queries[5]?.title, 'Saturation (CPU)');
  });

  it('takes memory for saturation where CPU time is not limited, and neither where nothing is', async () => {
    const cpu = { __name__: 'container_cpu_usage_seconds_total' };
    const memory = { __name__: 'container_memory_working_set_bytes' };
    const limits = { __name__: 'kube_pod_container_resource_limits', resource: 'memory' };
    const of = async (...labels: readonly Record<string, string>[]) =>
      (await find({}, server({ 'container_cpu_usage_seconds_total|': labels }).ask)).queries.find(
        ({ id }) => id === 'saturation',
      );
    const found = await of(cpu, memory, limits);
    assert.equal(found?.title, 'Saturation (memory)');
    const pods = 'pod=~"payment-service-.+",namespace="production"';
    assert.equal(
      found?.query,
      `sum(container_memory_working_set_bytes{${pods},container!=""}) / sum(kube_pod_container_resource_limits{${pods},resource="memory"})`,
    );
    assert.equal(await of(cpu, memory), undefined);
  });

  it('reads the milliseconds of Istio as seconds, at the end that was called', async () => {
    const { ask } = server({
      ',destination_service_name="payment-service"})': [{ __name__: 'istio_requests_total' }, { __name__: 'istio_request_duration_milliseconds_bucket' }],
      '(istio_requests_total{': [{ response_code: '200' }],
    }); // prettier-ignore
    const { queries } = await find({}, ask);
    const p99 = queries.find(({ id }) => id === 'latencyP99')?.query ?? '';
    assert.match(p99, /reporter="destination"/);
    assert.match(p99, /\/ 1000$/);
  });

  it('claims no error rate where no label tells a status, and says what is lacking', async () => {
    const { ask } = server({
      ',app="payment-service"})': [{ __name__: 'http_requests_total' }],
      '(http_requests_total{': [{ namespace: 'production' }],
    });
    const { queries, lacking } = await find({}, ask);
    assert.deepEqual(queries.map(({ id }) => id), ['traffic']); // prettier-ignore
    assert.equal(lacking.length, 5);
    assert.match(lacking[0] ?? '', /^Error rate: no metric that is known was found for payment-service/);
  });

  it('takes no metrics of another namespace for the service’s own, and goes on to those that are', async () => {
    const staging = { namespace: 'staging', code: '200' };
    const only = server({
      ',app="payment-service"})': [{ __name__: 'http_requests_total' }],
      '(http_requests_total{': [staging, { ...staging, namespace: 'dev' }],
    });
    const { queries, lacking } = await find({}, only.ask);
    assert.deepEqual(queries, []);
    assert.match(
      lacking[0] ?? '',
      /^Error rate: metrics of payment-service are only in dev, staging, none in production\. Name a query/,
    );
    const besides = server({
      ',app="payment-service"})': [{ __name__: 'http_requests_total' }],
      '(http_requests_total{': [staging],
      ',exported_service="payment-service"})': [{ __name__: 'nginx_ingress_controller_requests' }],
      '(nginx_ingress_controller_requests{': [
        { namespace: 'ingress-nginx', exported_namespace: 'production', status: '200' },
      ],
    });
    const found = await find({}, besides.ask);
    assert.match(
      found.queries.find(({ id }) => id === 'errorRate')?.query ?? '',
      /nginx_ingress_controller_requests\{exported_service="payment-service",exported_namespace="production",status=~"5/,
    );
  });

  it('knows the label of a status by the series of its own namespace alone', async () => {
    const { ask } = server({
      ',app="payment-service"})': [{ __name__: 'http_requests_total' }],
      '(http_requests_total{': [{ namespace: 'production' }, { namespace: 'staging', code: '200' }],
    });
    const { queries, lacking } = await find({}, ask);
    assert.deepEqual(queries.map(({ id }) => id), ['traffic']); // prettier-ignore
    assert.match(lacking[0] ?? '', /^Error rate: no metric that is known was found for payment-service/);
  });

  it('takes what the settings say first, and searches only for the rest', async () => {
    const { ask, asked } = server({});
    const settings = {
      errorRate: 'err{s="{{service}}",n="{{ namespace }}"}',
      'queue length': 'q',
      traffic: 7,
    };
    const { queries, lacking } = await find(settings, ask);
    assert.deepEqual(
      queries.map(({ id, query, unit }) => [id, query, unit]),
      [
        ['errorRate', 'err{s="payment-service",n="production"}', 'ratio'],
        ['queue length', 'q', 'count'],
      ],
    );
    assert.equal(lacking.length, 5);
    assert.ok(asked.length > 0);
    const whole = Object.fromEntries(
      ['errorRate', 'latencyP50', 'latencyP95', 'latencyP99', 'traffic', 'saturation'].map((name) => [
        name,
        'x',
      ]),
    );
    const other = server({});
    await find(whole, other.ask);
    assert.deepEqual(other.asked, []);
  });

  it('fails with the server’s sentence when it does not answer', async () => {
    const found = await findServiceMetrics(
      pay,
      {},
      () => Promise.resolve(failed('unreachable', 'Gone.')),
      never,
    );
    assert.equal(found.ok ? '' : found.failure.message, 'Gone.');
  });

  it('keeps what was found where only the look for saturation fails, and says so of that', async () => {
    const { ask } = server({
      ',app="payment-service"})': [{ __name__: 'http_requests_total' }],
      '(http_requests_total{': [{ code: '200' }],
    });
    const { queries, lacking } = await find({}, (query, signal) =>
      query.includes('container_cpu')
        ? Promise.resolve(failed('forbidden', 'The server refuses these metrics.'))
        : ask(query, signal),
    );
    assert.deepEqual(queries.map(({ id }) => id), ['errorRate', 'traffic']); // prettier-ignore
    assert.equal(
      lacking.find((sentence) => sentence.startsWith('Saturation')),
      'Saturation: it could not be looked for. The server refuses these metrics.',
    );
  });

  it('cannot be led astray by a name', async () => {
    const { ask, asked } = server({});
    await findServiceMetrics({ service: 'a"} or vector(1) #' }, {}, ask, never);
    assert.ok(asked.every((query) => query.includes('a\\"') && !query.includes('"a"')));
  });
});
