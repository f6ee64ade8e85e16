import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseGuide } from '../../../../src/core/guide/parseGuide.ts';
import { fillQuery } from '../../../../src/core/plan/promql/fillQuery.ts';
import type { QueryPlan } from '../../../../src/core/plan/plan.ts';
import { missingOf, planOf, trapsOf, type Given } from './planOf.ts';

const metrics = { server: 'https://prometheus.example', thresholds: {} };
const planned = (query: string, given: Given = {}): QueryPlan => {
  const plan = planOf(query, { metrics, ...given, step: { language: 'promql', ...given.step } });
  assert.ok(plan.kind === 'query', `became a ${plan.kind} plan`);
  return plan;
};
const fence = (...lines: readonly string[]) =>
  parseGuide(['# Runbooks', '## One', '', '```promql', ...lines, '```', ''].join('\n'), { file: 'guide.md' })
    .runbooks[0]?.steps ?? [];

describe('a fence of PromQL', () => {
  it('is one step per query, its comments being text, condition and details', () => {
    const steps = fence(
      '# 1. Error rate',
      '# In the last five minutes',
      'sum(rate(http_requests_total{code=~"5.."}[5m]))',
      '  / sum(rate(http_requests_total[5m]))',
      '# 2. If the queue grows',
      'max(queue_length)',
      'up',
      '',
      'sum by (pod) (',
      '',
      '  rate(x[5m])  # inside',
      ') >',
      '  3',
    );
    assert.deepEqual(
      steps.map(({ text, condition, command, details }) => ({ text, condition, command, details })),
      [
        {
          text: 'Error rate',
          condition: undefined,
          command: 'sum(rate(http_requests_total{code=~"5.."}[5m]))\n  / sum(rate(http_requests_total[5m]))',
          details: ['In the last five minutes'],
        },
        {
          text: 'If the queue grows',
          condition: 'If the queue grows',
          command: 'max(queue_length)',
          details: [],
        },
        { text: 'up', condition: undefined, command: 'up', details: [] },
        {
          text: 'sum by (pod) ( rate(x[5m]) # inside ) > 3',
          condition: undefined,
          command: 'sum by (pod) (\n  rate(x[5m])  # inside\n) >\n  3',
          details: [],
        },
      ],
    );
    assert.deepEqual(steps.map(({ line, endLine }) => [line, endLine]), [[5, 8], [9, 10], [11, 11], [13, 17]]); // prettier-ignore
  });

  it('loses no line, whatever stands in it', () => {
    const line = fc
      .stringMatching(/^[a-z0-9 (){}[\]"#/+<>=,$]{1,20}$/)
      .filter((text) => !text.includes('```'));
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), (lines) => {
        const kept = fence(...lines).flatMap(({ command }) => command?.split('\n') ?? []);
        const queries = lines.filter((text) => text.trim() !== '' && !text.trim().startsWith('#'));
        for (const query of queries) assert.ok(kept.includes(query), `${query} of ${JSON.stringify(lines)}`);
      }),
    );
  });
});

describe('the placeholders of a query', () => {
  it('are filled in as their place wants it', () => {
    const values = { team: 'pay.ment"x', window: '15m', n: '5' };
    const filled = fillQuery(
      'rate(x{a="$team",b=~"${team}-.*",c=~"<team>",d=\'{{team}}\',e="$other"}[$window]) > $n # $none',
      values,
    );
    assert.equal(
      filled.query,
      'rate(x{a="pay.ment\\"x",b=~"pay\\\\.ment\\"x-.*",c=~"pay\\\\.ment\\"x",d=\'pay.ment\\"x\',e="$other"}[15m]) > 5 # $none',
    );
    assert.deepEqual(filled.missing.map(({ name, written }) => [name, written]), [['other', '$other']]); // prettier-ignore
    assert.deepEqual(filled.invalid, []);
  });

  it('cannot end the text they stand in, whatever their value is', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.constantFrom('=', '=~', '!~'),
        fc.constantFrom('"', "'"),
        (value, sign, quote) => {
          fc.pre(value !== '');
          const { query } = fillQuery(`x{a${sign}${quote}$v${quote}}`, { v: value });
          const inner = query.slice(`x{a${sign}${quote}`.length, -2);
          assert.ok(!new RegExp(`(?<!\\\\)(?:\\\\\\\\)*${quote}`).test(inner), query);
          assert.ok(!inner.includes('\n'));
          assert.equal(/(?<!\\)(?:\\\\)*\\$/.test(inner), false, query);
        },
      ),
    );
  });

  it('take outside of texts only what can be no expression of its own', () => {
    assert.match(
      trapsOf(planned('rate(x[$window])', { values: { window: '5m]) or vector(1' } })).join(),
      /invalid-value/,
    );
    assert.match(fillQuery('x{} > $limit', { limit: '1 or up' }).invalid[0] ?? '', /outside of quotes/);
  });

  it('compare, and are no placeholder, where blanks stand between', () => {
    assert.deepEqual(missingOf(planned('a < b > c')), []);
    assert.deepEqual(missingOf(planned('sum(a{b="<service>"})')), ['service:service']);
  });
});

describe('planning a query', () => {
  it('gives a read with the query, its unit and where it goes', () => {
    const plan = planned('histogram_quantile(0.95, sum by (le) (rate(x_seconds_bucket[5m])))', {
      onsetAt: '2026-11-23T10:00:00.000Z',
      step: { text: 'Latency' },
    });
    assert.equal(plan.risk, 'read');
    assert.equal(plan.server, 'https://prometheus.example');
    assert.equal(plan.onsetAt, '2026-11-23T10:00:00.000Z');
    assert.deepEqual(plan.queries, [{ id: 'query', title: 'Latency', query: plan.preview, unit: 'seconds' }]);
    assert.deepEqual(plan.traps, []);
  });

  it('says that a variable of Grafana is not understood, and does not run', () => {
    for (const query of ['rate(x[$__range])', 'rate(x[${__rate_interval}])', 'x{a=~"${service:regex}"}', 'x{a="[[service]]"}'])
      assert.deepEqual(planned(query).traps.map(({ code, blocks }) => [code, blocks]), [['not-understood', true]], query); // prettier-ignore
  });

  it('says that no Prometheus is set, and does not run', () => {
    const plan = planOf('up', { step: { language: 'promql' } });
    assert.ok(plan.kind === 'query');
    assert.deepEqual(plan.traps.map(({ code, blocks }) => [code, blocks]), [['no-prometheus', true]]); // prettier-ignore
  });

  it('gives "See PostgreSQL metrics" a ready-made set once there is a Prometheus, with the limits of the settings', () => {
    const seen = { text: 'If database slow', details: ['See PostgreSQL metrics'] };
    assert.equal(planOf(undefined, { step: seen }).kind, 'manual');
    const plan = planOf(undefined, {
      step: seen,
      metrics: { ...metrics, thresholds: { 'postgresql.connections': 0.5, 'redis.hits': 'many' } },
    });
    assert.ok(plan.kind === 'query');
    assert.equal(plan.set, 'postgresql');
    assert.match(plan.preview, /^# PostgreSQL metrics\n# Connections of those allowed\nsum by \(instance\)/);
    assert.deepEqual(plan.queries[0]?.limit, { is: 'over', value: 0.5 });
    assert.equal(planOf(undefined, { metrics, step: { text: 'See Redis metrics' } }).kind, 'query');
    assert.equal(planOf(undefined, { metrics, step: { text: 'See MySQL metrics' } }).kind, 'manual');
  });

  it('gives "See service metrics" what is to be found of the incident’s service, and what the settings have', () => {
    const asked = { text: 'See service metrics' };
    assert.equal(planOf(undefined, { step: asked }).kind, 'manual');
    assert.equal(planOf(undefined, { metrics, step: { text: 'See service dashboards' } }).kind, 'manual');
    const queries = { traffic: 'sum(rate(hits{s="{{service}}",n="{{namespace}}"}[5m]))' };
    const plan = planOf(undefined, {
      step: asked,
      metrics: { ...metrics, queries },
      target: { namespace: 'shop' },
      values: { service: 'checkout' },
    });
    assert.ok(plan.kind === 'query');
    assert.deepEqual([plan.set, plan.missing, plan.risk], ['service', [], 'read']);
    assert.deepEqual(plan.find, { service: 'checkout', namespace: 'shop', settings: queries });
    assert.equal(
      plan.preview,
      [
        '# Service metrics of checkout',
        '# Traffic',
        'sum(rate(hits{s="checkout",n="shop"}[5m]))',
        '# Looked for by the usual names when it runs: Error rate, Latency (p50), Latency (p95), Latency (p99), Saturation',
      ].join('\n'),
    );
    const nobody = planOf(undefined, { step: asked, metrics, values: {} });
    assert.deepEqual(
      nobody.missing.map(({ name }) => name),
      ['service'],
    );
  });
});
