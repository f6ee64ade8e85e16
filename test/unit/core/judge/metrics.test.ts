import assert from 'node:assert/strict';
import type { Step } from '../../../../src/core/guide/guide.ts';
import { judgeStep } from '../../../../src/core/judge/judgeStep.ts';
import { observeRun } from '../../../../src/core/judge/observeRun.ts';
import type { Judged } from '../../../../src/core/judge/judged.ts';
import type { Measured, MeasuredQuery } from '../../../../src/core/metrics/metricQuery.ts';
import { queriesOfSet } from '../../../../src/core/metrics/exporterSets.ts';
import { planStep } from '../../../../src/core/plan/planStep.ts';
import { declared, incidentOf, runEnded, runStarted } from '../../../support/builders.ts';
import { stepOf, worked } from './judging.ts';

const target = { context: 'prod', namespace: 'production' };
const context = {
  target,
  values: {},
  readOnlyPrefixes: [],
  metrics: { server: 'https://prometheus.example', thresholds: {} },
};
const to = Date.parse('2026-11-28T10:00:00.000Z');
const span = { from: to - 3_600_000, to };

/** Series whose last sample is this value; `null`: one that ended half an hour ago. */
const answer = (...values: readonly (number | null)[]): Pick<MeasuredQuery, 'answer'> => ({
  answer: {
    series: values.map((value, at) => ({
      labels: { pod: String(at) },
      points:
        value === null
          ? [{ at: to - 1_800_000, value: 9 }]
          : [
              { at: to - 60_000, value: 0.001 },
              { at: to, value },
            ],
    })),
    warnings: [],
    notNumbers: 0,
  },
});
const down: Pick<MeasuredQuery, 'failure'> = {
  failure: { code: 'unreachable', message: 'Prometheus cannot be reached.' },
};

function seen(step: Step, told: Measured) {
  const plan = planStep(step, context);
  const observer = observeRun(step, plan);
  observer.measured(told);
  const { reading, assertions } = observer.end(worked, {});
  const incident = incidentOf(
    declared({ target }),
    runStarted({ run: 'run', step: step.id, command: plan.preview, target, kind: 'query' }),
    runEnded({ run: 'run', outcome: worked, ...(reading ? { reading } : {}) }),
  );
  return { incident, assertions };
}

const query = stepOf(1, 'sum by (pod) (rate(x[5m]))', { language: 'promql' });
const judged = (when: string, ...result: readonly Pick<MeasuredQuery, 'answer' | 'failure'>[]): Judged => {
  const next = stepOf(2, 'kubectl get pods', { attributes: { 'ir.when': when } });
  const results = result.map((one) => ({ id: 'q', title: 'Q', query: 'x', unit: 'ratio' as const, ...one }));
  const found = judgeStep(next, [query, next], seen(query, { span, stepMs: 15_000, results }).incident);
  assert.ok(found);
  return found;
};
const is = (found: Judged, verdict: Judged['verdict'], because: RegExp): void => {
  assert.equal(found.verdict, verdict, found.because);
  assert.match(found.because, because);
};

describe('a condition on what a query gave', () => {
  it('applies, does not apply and cannot be told', () => {
    is(judged('value > 0.05', answer(0.2)), 'applies', /^the value is 20 % \(step 1, \d\d:\d\d UTC\)$/);
    is(judged('value > 0.05', answer(0.01)), 'does-not-apply', /^the value is 1 %/);
    is(judged('value > 0.05', answer()), 'cannot-tell', /the query has no data/);
    is(judged('value > 0.05', down), 'cannot-tell', /was not answered: Prometheus cannot be reached/);
  });

  it('takes one of several series for enough, and every one where that is asked', () => {
    is(judged('value > 0.05', answer(0.01, 0.2)), 'applies', /1 % to 20 %/);
    is(judged('every value > 0.05', answer(0.01, 0.2)), 'does-not-apply', /1 % to 20 %/);
    is(judged('value < 0.05', answer(0.01, 0.2)), 'applies', /./);
    is(judged('every value < 0.05', answer(0.01, 0.2)), 'does-not-apply', /./);
    is(judged('value == 0.2', answer(0.01, 0.2)), 'cannot-tell', /several series/);
    is(judged('value == 0.2', answer(0.2)), 'applies', /./);
  });

  it('does not take a series that has ended for one of now', () => {
    is(judged('value > 0.05', answer(null)), 'cannot-tell', /no data of now/);
    is(judged('value > 0.05', answer(0.01, null)), 'does-not-apply', /1 %/);
  });

  it('is asserted of the step’s own query, of every series', () => {
    const own = stepOf(1, 'x', { language: 'promql', attributes: { 'ir.assert': 'value < 0.05' } });
    const of = (...values: readonly number[]) =>
      seen(own, {
        span,
        stepMs: 15_000,
        results: [{ id: 'q', title: 'Q', query: 'x', unit: 'ratio', ...answer(...values) }],
      }).assertions.map(({ result }) => result);
    assert.deepEqual(of(0.01, 0.02), ['passed']);
    assert.deepEqual(of(0.01, 0.2), ['failed']);
    assert.deepEqual(of(), ['not-checked']);
  });
});

describe('“If database slow” and “If cache slow”', () => {
  const sets = {
    postgresql: stepOf(3, '', {
      condition: 'If database slow',
      text: 'If database slow',
      details: ['See PostgreSQL metrics'],
    }),
    redis: stepOf(4, '', {
      condition: 'If cache slow',
      text: 'If cache slow',
      details: ['See Redis metrics'],
    }),
  };
  const good: Readonly<Record<string, number>> = {
    connections: 0.37, 'longest-transaction': 2, 'cache-hits': 0.99, deadlocks: 0, 'replication-lag': 1, transactions: 40,
    'command-time': 0.0002, memory: 0.5, hits: 0.97, evictions: 0, clients: 0.1, blocked: 0,
  }; // prettier-ignore
  const judgeSet = (
    set: 'postgresql' | 'redis',
    values: Readonly<Record<string, number | undefined>>,
    more = {},
  ) => {
    const results = queriesOfSet(set).map((one): MeasuredQuery => {
      const value = one.id in values ? values[one.id] : good[one.id];
      return { ...one, ...(value === undefined ? answer() : answer(value)), ...more };
    });
    const step = sets[set];
    const found = judgeStep(step, [step], seen(step, { set, span, stepMs: 15_000, results }).incident);
    assert.ok(found);
    return found;
  };

  it('apply with the figures that say so', () => {
    is(judgeSet('postgresql', { connections: 0.97, 'longest-transaction': 300 }), 'applies', /^connections of those allowed 97 %, over the limit of 90 %; longest transaction 300 s, over the limit of 60 s/);
    is(judgeSet('redis', { hits: 0.2 }), 'applies', /^keys found 20 %, under the limit of 80 %/);
  }); // prettier-ignore

  it('do not apply where every figure was seen and is within its limit', () => {
    is(
      judgeSet('postgresql', {}),
      'does-not-apply',
      /connections of those allowed 37 %.*each within its limit/,
    );
    is(judgeSet('redis', { memory: undefined, clients: undefined }), 'does-not-apply', /time of a command/);
  });

  it('cannot be told where a figure is missing, the server is dead, or nobody has looked', () => {
    is(judgeSet('postgresql', { deadlocks: undefined }), 'cannot-tell', /there are no data of deadlocks/);
    is(
      judgeSet('redis', {}, { answer: undefined, ...down }),
      'cannot-tell',
      /nothing is known of time of a command/,
    );
    const [step] = [sets.postgresql];
    is(
      judgeStep(step, [step], incidentOf(declared({ target }))) ?? assert.fail(),
      'cannot-tell',
      /no run has looked yet/,
    );
  });
});
