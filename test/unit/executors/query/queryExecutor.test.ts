import assert from 'node:assert/strict';
import { failed, ok, type Result } from '../../../../src/core/errors.ts';
import type { AskInstant } from '../../../../src/core/metrics/findServiceMetrics.ts';
import type { Measured } from '../../../../src/core/metrics/metricQuery.ts';
import type { QueryAnswer } from '../../../../src/core/metrics/series.ts';
import { planStep } from '../../../../src/core/plan/planStep.ts';
import type { QueryPlan } from '../../../../src/core/plan/plan.ts';
import { createQueryExecutor, spanOf } from '../../../../src/executors/query/queryExecutor.ts';
import { runPlots } from '../../../../src/core/metrics/runPlots.ts';
import { parseMeasured, renderMeasured } from '../../../../src/journal/measuredFile.ts';
import { step } from '../../core/plan/planOf.ts';

const server = 'https://prometheus.example';
const now = Date.parse('2026-11-28T10:00:00.000Z');
const planned = (more: Partial<QueryPlan> = {}): QueryPlan => {
  const plan = planStep(step('up', { language: 'promql', text: 'Targets' }), {
    target: {},
    values: {},
    readOnlyPrefixes: [],
    metrics: { server, thresholds: {} },
  });
  assert.ok(plan.kind === 'query');
  return { ...plan, ...more };
};
const answer = (...values: readonly number[]): Result<QueryAnswer> =>
  ok({
    series: values.map((value, at) => ({
      labels: { pod: `web-${at}` },
      points: [{ at: now - 30_000, value }],
    })),
    warnings: ['one store was slow'],
    notNumbers: 0,
  });

function site(given: {
  answers: Result<QueryAnswer>[];
  askInstant?: AskInstant;
  present?: () => number;
  server?: () => string;
}) {
  const executor = createQueryExecutor({
    server: given.server ?? (() => server),
    ask: () => Promise.resolve(given.answers.shift() ?? answer()),
    askInstant: given.askInstant ?? (() => Promise.resolve(answer())),
    now: given.present ?? (() => now),
  });
  return async (plan: QueryPlan, signal = new AbortController().signal) => {
    let text = '';
    let told: Measured | undefined;
    const io = {
      write: (each: string) => void (text += each),
      measured: (each: Measured) => void (told = each),
    };
    return { outcome: await executor.run(plan, io, signal), text, told };
  };
}

describe('running a query', () => {
  it('prints a table of last, lowest and highest, the highest first, with what the server warned of', async () => {
    const { outcome, text, told } = await site({ answers: [answer(1, 2500)] })(planned());
    assert.deepEqual(outcome, { kind: 'succeeded' });
    assert.match(
      text,
      /Targets\nup\nSERIES +LAST +MIN +MAX\npod="web-1" +2,500 +2,500 +2,500\npod="web-0" +1 +1 +1\n/,
    );
    assert.match(text, /The server says: one store was slow/);
    assert.equal(told?.results[0]?.answer?.series.length, 2);
  });

  it('says that there are no data', async () => {
    const { outcome, text } = await site({ answers: [answer()] })(planned());
    assert.deepEqual(outcome, { kind: 'succeeded', detail: 'no data' });
    assert.match(text, /\nno data\n/);
  });

  it('fails when the server is dead, with the age of the data it gave before', async () => {
    let present = now;
    const dead = failed(
      'unreachable',
      'Prometheus cannot be reached (refused). Run it again once it answers.',
    );
    const run = site({ answers: [dead, answer(1), dead], present: () => present });
    const first = await run(planned());
    assert.ok(first.outcome.kind === 'failed');
    assert.match(first.outcome.message, /cannot be reached.*No earlier data are at hand\.$/);
    assert.equal(first.told?.results[0]?.held, undefined);
    await run(planned());
    present += 12 * 60_000;
    const last = await run(planned());
    assert.ok(last.outcome.kind === 'failed');
    assert.match(last.outcome.message, /The last data at hand are 13 min old\.$/);
    assert.equal(last.told?.results[0]?.held?.answer.series.length, 1);
  });

  it('tells when some of several failed', async () => {
    const [query] = planned().queries;
    assert.ok(query);
    const three = planned({ queries: [query, query, query] });
    const { outcome } = await site({ answers: [answer(1), failed('timeout', 'Late.'), answer()] })(three);
    assert.deepEqual(outcome, { kind: 'succeeded', detail: '1 of 3 queries failed, 1 of 3 have no data' });
  });

  it('asks nobody when the settings name another server by now', async () => {
    const answers = [answer(1)];
    const { outcome } = await site({ answers, server: () => 'https://other.example' })(planned());
    assert.equal(outcome.kind, 'failed');
    assert.equal(answers.length, 1);
  });

  it('is stopped by its signal', async () => {
    const stop = new AbortController();
    const executor = createQueryExecutor({
      server: () => server,
      ask: (_query, signal) =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () => resolve(failed('cancelled', 'Stopped.')));
          stop.abort();
        }),
      askInstant: () => Promise.resolve(answer()),
      now: () => now,
    });
    assert.deepEqual(await executor.run(planned(), { write: () => undefined }, stop.signal), {
      kind: 'stopped',
    });
  });

  describe('of a service, whose metrics are found first', () => {
    const looking = (more: { queries?: Record<string, unknown>; values?: Record<string, string> } = {}) => {
      const plan = planStep(step(undefined, { text: 'See service metrics' }), {
        target: { namespace: 'production' },
        values: more.values ?? { service: 'checkout' },
        readOnlyPrefixes: [],
        metrics: { server, thresholds: {}, queries: more.queries ?? {} },
      });
      assert.ok(plan.kind === 'query');
      return plan;
    };
    /** Requests and their times by `app`, and no limits of pods. */
    const requests: AskInstant = (query) => {
      const labels = query.includes(',app="checkout"')
        ? [{ __name__: 'http_requests_total' }, { __name__: 'http_request_duration_seconds_bucket' }]
        : query.includes('(http_requests_total{')
          ? [{ code: '200' }]
          : [];
      const series = labels.map((each) => ({ labels: each, points: [{ at: now, value: 1 }] }));
      return Promise.resolve(ok({ series, warnings: [], notNumbers: 0 }));
    };
    const five = () => Array.from({ length: 5 }, () => answer(1));

    it('draws error rate, percentiles and traffic, with why, and says what nothing was found for', async () => {
      const { outcome, text, told } = await site({ answers: five(), askInstant: requests })(looking());
      assert.deepEqual(
        told?.results.map(({ title, answer: given }) => [title, given?.series.length]),
        [
          ['Error rate', 1],
          ['Latency (p50)', 1],
          ['Latency (p95)', 1],
          ['Latency (p99)', 1],
          ['Traffic', 1],
          ['Saturation', undefined],
        ],
      );
      assert.equal(told?.set, 'service');
      assert.deepEqual(outcome, { kind: 'succeeded', detail: 'nothing found for 1 of 6' });
      assert.match(
        text,
        /Traffic\nFound http_requests_total with app="checkout".*\nsum\(rate\(http_requests_total/,
      );
      assert.match(text, /\nSaturation: no metric that is known was found for checkout\. Name a query in/);
      const { plots } = runPlots(told, undefined);
      assert.match(plots[5]?.notes[0] ?? '', /^Saturation: no metric that is known/);
      assert.equal(plots[5]?.failure, undefined);
      // It is the same when a page that is opened later reads it from its file.
      assert.deepEqual(runPlots(parseMeasured(renderMeasured(told)) ?? told, undefined).plots, plots);
    });

    it('says that saturation could not be looked for, and draws the others', async () => {
      const ask: AskInstant = (query, signal) =>
        query.includes('kube_pod_container_resource_limits')
          ? Promise.resolve(failed('forbidden', 'The server refuses these metrics.'))
          : requests(query, signal);
      const { outcome, text } = await site({ answers: five(), askInstant: ask })(looking());
      assert.equal(outcome.kind, 'succeeded');
      assert.match(text, /Saturation: it could not be looked for\. The server refuses these metrics\./);
    });

    it('is no success where nothing was found, or the server is dead, and then shows what it gave before', async () => {
      const none = await site({ answers: [], askInstant: () => Promise.resolve(answer()) })(looking());
      assert.ok(none.outcome.kind === 'failed');
      assert.match(none.outcome.message, /^Nothing was found to ask\. Error rate: no metric that is known/);
      const dead = failed('unreachable', 'Prometheus cannot be reached.');
      let isDead = true;
      const answers: Result<QueryAnswer>[] = five();
      const run = site({
        answers,
        askInstant: (...args) => (isDead ? Promise.resolve(dead) : requests(...args)),
      });
      const first = await run(looking());
      assert.ok(first.outcome.kind === 'failed' && first.outcome.message === 'Prometheus cannot be reached.');
      assert.equal(answers.length, 5);
      isDead = false;
      await run(looking());
      isDead = true;
      answers.push(dead, dead, dead, dead, dead);
      const last = await run(looking());
      assert.equal(last.told?.results.filter(({ held }) => held !== undefined).length, 5);
    });

    it('asks the queries of the settings as they stand', async () => {
      const named = ['errorRate', 'latencyP50', 'latencyP95', 'latencyP99', 'traffic', 'saturation'];
      const queries = Object.fromEntries(named.map((name) => [name, `${name}{s="{{service}}"}`]));
      const { told } = await site({ answers: [...five(), answer(1)] })(looking({ queries }));
      assert.deepEqual(
        told?.results.map(({ query }) => query),
        named.map((name) => `${name}{s="checkout"}`),
      );
    });
  });

  it('looks from an hour before onset until now, and a week back at most', () => {
    const hour = 3_600_000;
    assert.deepEqual(spanOf({}, now), { from: now - hour, to: now });
    assert.deepEqual(spanOf({ onsetAt: '2026-11-28T08:00:00.000Z' }, now), { from: now - 3 * hour, to: now });
    assert.deepEqual(spanOf({ onsetAt: '2026-11-28T12:00:00.000Z' }, now), { from: now - hour, to: now });
    assert.deepEqual(spanOf({ onsetAt: '2026-01-01T00:00:00.000Z' }, now), {
      from: now - 168 * hour,
      to: now,
    });
  });
});
