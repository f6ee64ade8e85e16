import assert from 'node:assert/strict';
import { ok } from '../../../src/core/errors.ts';
import { queriesOfSet } from '../../../src/core/metrics/exporterSets.ts';
import { findServiceMetrics } from '../../../src/core/metrics/findServiceMetrics.ts';
import { queryInstant } from '../../../src/integrations/prometheusQuery/queryPrometheus.ts';
import { untilDone } from '../../contract/suites/alertSite.ts';
import { describeMetrics } from '../../contract/suites/metrics.suite.ts';
import { readLab } from '../labDescription.ts';

describeMetrics({
  title: 'the lab',
  start: async () => {
    const { prometheus } = await readLab('prometheus');
    return { prometheus: prometheus.url, dispose: () => Promise.resolve() };
  },
});

describe('the queries that are made here', () => {
  const ask = async (query: string) => {
    const { prometheus } = await readLab('prometheus');
    return queryInstant(
      { baseUrl: prometheus.url, token: undefined },
      { query, at: Date.now() },
      untilDone(),
    );
  };

  it('are all understood by a real Prometheus: ready-made sets', async () => {
    for (const { query } of [...queriesOfSet('postgresql'), ...queriesOfSet('redis')]) {
      const answer = await ask(query);
      assert.ok(answer.ok, answer.ok ? '' : `${query}: ${answer.failure.message}`);
    }
  });

  it('are all understood by a real Prometheus: the search for a service, and what it finds', async () => {
    const awkward = { service: 'pay"ment.\\service', namespace: 'produc"tion' };
    const names = 'http_requests_total http_request_duration_seconds_bucket istio_requests_total container_cpu_usage_seconds_total kube_pod_container_resource_limits'; // prettier-ignore
    const found = await findServiceMetrics(
      awkward,
      {},
      async (query) => {
        const answer = await ask(query);
        assert.ok(answer.ok, answer.ok ? '' : `${query}: ${answer.failure.message}`);
        const labels = names
          .split(' ')
          .map((name) => ({ __name__: name, code: '200', resource: 'cpu', namespace: awkward.namespace }));
        return ok({
          series: labels.map((each) => ({ labels: each, points: [] })),
          warnings: [],
          notNumbers: 0,
        });
      },
      untilDone(),
    );
    assert.ok(found.ok);
    assert.equal(found.value.queries.length, 6);
    for (const { query } of found.value.queries) {
      const answer = await ask(query);
      assert.ok(answer.ok, answer.ok ? '' : `${query}: ${answer.failure.message}`);
    }
  });
});
