import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fillMeasure } from '../../src/core/metrics/labelText.ts';
import { queriesOfSet } from '../../src/core/metrics/exporterSets.ts';
import { findServiceMetrics } from '../../src/core/metrics/findServiceMetrics.ts';
import { queryInstant, queryRange } from '../../src/integrations/prometheusQuery/queryPrometheus.ts';
import type { ScenarioName } from '../../src/simulator/scenario/scenario.ts';
import { startSimulator, type Simulator } from '../../src/simulator/simulator.ts';
import { untilDone } from './suites/alertSite.ts';

const noon = Date.UTC(2026, 10, 23, 12);
const minute = 60_000;

/** What a person's queries find in the simulated production, an outage of twelve minutes behind it. */
describe('figures of the simulated production', () => {
  let folder: string;
  let simulator: Simulator;
  let ahead = 0;
  const start = async (scenario: ScenarioName): Promise<void> => {
    ahead = 0;
    const kubeconfigFile = join(folder, 'kubeconfig');
    simulator = await startSimulator({ kubeconfigFile, scenario, tickEveryMs: 0, now: () => new Date(noon) });
  };
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'simulated-metrics-'));
    await start('payment-overload');
  });
  afterEach(async () => {
    await simulator.dispose();
    await rm(folder, { recursive: true, force: true });
  });
  const connection = () => ({ baseUrl: simulator.outside.prometheus.url, token: undefined });
  const ask = async (query: string, at = noon + ahead) => {
    const answer = await queryInstant(connection(), { query, at }, untilDone());
    assert.ok(answer.ok, answer.ok ? '' : `${query}: ${answer.failure.message}`);
    return answer.value.series.map(({ points }) => points[0]?.value ?? NaN);
  };
  const figuresOf = async (service: string, at?: number): Promise<Record<string, number>> => {
    const found = await findServiceMetrics(
      { service, namespace: 'production' },
      {},
      (query, signal) => queryInstant(connection(), { query, at: noon + ahead }, signal),
      untilDone(),
    );
    assert.ok(found.ok, found.ok ? '' : found.failure.message);
    assert.deepEqual(found.value.lacking, []);
    const figures = found.value.queries.map(
      async ({ id, query }) => [id, (await ask(query, at))[0]] as const,
    );
    return Object.fromEntries(await Promise.all(figures)) as Record<string, number>;
  };

  it('are found by the usual names, high for what is out, low before it and beside it', async () => {
    const [out, before, beside] = [
      await figuresOf('payment-service'),
      await figuresOf('payment-service', noon - 40 * minute),
      await figuresOf('catalog'),
    ];
    const says = JSON.stringify({ out, before, beside });
    assert.ok(out['errorRate']! > 0.8 && before['errorRate']! < 0.002 && beside['errorRate']! < 0.002, says);
    assert.ok(out['latencyP95']! > 4 && before['latencyP95']! < 0.3 && beside['latencyP95']! < 0.3, says);
    for (const each of [out, before, beside]) {
      assert.ok(each['latencyP50']! < each['latencyP95']! && each['latencyP95']! < each['latencyP99']!, says);
      assert.ok(each['traffic']! > 20 && each['traffic']! < 80, says);
    }
    assert.ok(out['saturation']! > 0.85 && beside['saturation']! < 0.6, says);
  });

  it('come back to what they were once it is mended, as slowly as the window of a rate', async () => {
    await fetch(`${simulator.url}/apis/apps/v1/namespaces/production/deployments/payment-service`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/merge-patch+json' },
      body: JSON.stringify({ spec: { replicas: 10 } }),
    });
    const pass = (ms: number): void => {
      ahead += ms;
      simulator.advance(ms);
    };
    pass(2 * minute);
    const soon = (await figuresOf('payment-service'))['errorRate']!;
    pass(8 * minute);
    const later = await figuresOf('payment-service');
    assert.ok(soon > 0.1 && later['errorRate']! < 0.002 && later['latencyP95']! < 0.3, JSON.stringify({ soon, later })); // prettier-ignore
  });

  it('are low on an ordinary day', async () => {
    await simulator.dispose();
    await start('healthy');
    const calm = await figuresOf('payment-service');
    assert.ok(calm['errorRate']! < 0.002 && calm['latencyP95']! < 0.3, JSON.stringify(calm));
  });

  it('answer the queries that the documentation has', async () => {
    const text = await readFile('docs/metrics.md', 'utf8');
    const fences = [...text.matchAll(/```promql\n([\s\S]*?)```/g)].map(([, query = '']) => query);
    assert.ok(fences.length > 0);
    for (const fence of fences) {
      const query = fillMeasure(fence.replaceAll('$service', '{{service}}'), { service: 'payment-service' });
      const [value] = await ask(query ?? '');
      assert.ok(value !== undefined && value > 0.5, `${query}: ${value}`);
    }
  });

  it('of the database tell of its connections, and of a cache that it does not have nothing', async () => {
    const values = new Map<string, number | undefined>();
    for (const { id, query } of queriesOfSet('postgresql')) values.set(id, (await ask(query))[0]);
    assert.ok((values.get('connections') ?? 0) > 0.9, JSON.stringify([...values]));
    assert.ok((values.get('cache-hits') ?? 0) > 0.95, JSON.stringify([...values]));
    assert.equal(values.get('deadlocks'), 0);
    assert.equal(values.get('replication-lag'), undefined);
    for (const { query } of queriesOfSet('redis')) assert.deepEqual(await ask(query), []);
  });

  it('end at the present, and are steady over a span', async () => {
    const span = { from: noon - 60 * minute, to: noon + 10 * minute, stepMs: 15_000 };
    const asked = await queryRange(
      connection(),
      { query: 'sum(rate(http_requests_total[5m]))', ...span },
      untilDone(),
    );
    assert.ok(asked.ok);
    const [only] = asked.value.series;
    assert.ok(only && only.points.every(({ value }) => value > 120 && value < 200));
    assert.ok(
      (only.points.at(-1)?.at ?? 0) <= noon + 5 * minute,
      'a rate lives as long as its window has samples',
    );
  });

  it('are refused where the simulator cannot compute them, and nothing is made up', async () => {
    for (const query of ['topk(3, up)', 'up offset 5m', 'deriv(up[5m])', 'sum(up) / on (job) up', 'up ^ 2']) {
      const answer = await queryInstant(connection(), { query, at: noon }, untilDone());
      assert.match(answer.ok ? 'answered' : answer.failure.message, /does not compute/, query);
    }
  });
});
