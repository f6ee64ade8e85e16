import assert from 'node:assert/strict';
import type { Step } from '../../../../src/core/guide/guide.ts';
import type { Judged } from '../../../../src/core/judge/judged.ts';
import type { Outcome, Plan } from '../../../../src/core/plan/plan.ts';
import type { RunAllScope } from '../../../../src/core/run/decideRunAll.ts';
import { tagsOf } from '../../../../src/core/run/decideRunAll.ts';
import { runAll, type RunAllPorts, type RunAllRequest } from '../../../../src/core/run/runAll.ts';
import { planOf, step as aStep } from '../plan/planOf.ts';

const done: Outcome = { kind: 'succeeded', exitCode: 0 };
const failing: Outcome = { kind: 'failed', exitCode: 1, message: 'The script ended with exit code 1.' };
const all: RunAllScope = { kind: 'all' };

/** Steps named by their place: the first is 1. A command that is undefined is done by hand. */
const steps = (...parts: readonly Partial<Step>[]): readonly Step[] =>
  parts.map((part, at) => ({
    ...aStep(`kubectl get pods -n ns-${at + 1}`, part),
    id: `s${at + 1}`,
    number: at + 1,
    ...part,
  }));
const attributes = (given: Record<string, string>): Partial<Step> => ({ attributes: given });

interface World {
  readonly outcomes?: Readonly<Record<number, Outcome>>;
  readonly ports?: Partial<RunAllPorts>;
  readonly request?: Partial<RunAllRequest>;
  readonly abort?: AbortController;
}

async function go(list: readonly Step[], { outcomes = {}, ports = {}, request = {}, abort }: World = {}) {
  const ran: number[] = [];
  const report = await runAll(
    { steps: list, scope: all, dry: false, ...request },
    {
      plan: (one): Plan => planOf(one.command, { step: one }),
      isMarked: () => false,
      isSettled: () => false,
      isRunning: () => false,
      judge: () => undefined,
      checks: () => [],
      run: (one) => {
        ran.push(one.number);
        return Promise.resolve({ ok: true, value: outcomes[one.number] ?? done });
      },
      rehearse: (one) => {
        ran.push(one.number);
        return Promise.resolve({ ok: true, value: { kind: 'none' } });
      },
      failedInBackground: () => undefined,
      ask: () => Promise.reject(new Error('nobody is to be asked')),
      progress: () => undefined,
      ...ports,
    },
    (abort ?? new AbortController()).signal,
  );
  return { ran, ...report };
}

describe('running all steps of a runbook', () => {
  it('runs them one after another and says how many', async () => {
    const { ran, ended, message } = await go(steps({}, {}, {}));
    assert.deepEqual(ran, [1, 2, 3]);
    assert.deepEqual([ended, message], ['finished', 'All done: 3 steps ran.']);
  });

  it('never runs a step that the guide excludes, even when asked to run to it', async () => {
    const list = steps({}, attributes({ excludeFromRunAll: 'true' }));
    assert.deepEqual((await go(list)).ran, [1]);
    const to = await go(list, { request: { scope: { kind: 'until', step: 's2' } } });
    assert.deepEqual(to.ran, [1]);
    assert.equal(to.fates[1]?.what.kind, 'passed-over');
  });

  it('runs the steps of one tag alone, by tag or category', async () => {
    const list = steps(
      attributes({ tag: 'build' }),
      {},
      attributes({ category: 'deploy, build' }),
      attributes({ tag: 'deploy' }),
    );
    assert.deepEqual(list.map(tagsOf), [['build'], [], ['deploy', 'build'], ['deploy']]);
    assert.deepEqual((await go(list, { request: { scope: { kind: 'all', tag: 'build' } } })).ran, [1, 3]);
  });

  it('stops at the first failure and says which', async () => {
    const { ran, ended, message, at } = await go(steps({}, {}, {}), { outcomes: { 2: failing } });
    assert.deepEqual(ran, [1, 2]);
    assert.deepEqual([ended, at?.number], ['stopped', 2]);
    assert.equal(message, 'Stopped at step 2: The script ended with exit code 1.');
  });

  it('keeps going only where the step or the frontmatter says so', async () => {
    const outcomes = { 1: failing };
    const byStep = steps(attributes({ 'ir.keepGoing': 'true' }), {});
    const byFile = steps({ document: { keepGoing: true } }, { document: { keepGoing: true } });
    const butOne = steps({ document: { keepGoing: true }, attributes: { 'ir.keepGoing': 'false' } }, {});
    assert.deepEqual((await go(byStep, { outcomes })).ran, [1, 2]);
    const kept = await go(byFile, { outcomes });
    assert.match(kept.message, /1 failed, and the guide says to keep going/);
    assert.deepEqual((await go(butOne, { outcomes })).ran, [1]);
  });

  it('stops when a person says no, stops a step or ends it all, whatever the guide says', async () => {
    const list = steps(attributes({ 'ir.keepGoing': 'true' }), {});
    const refused = await go(list, {
      ports: {
        run: () =>
          Promise.resolve({ ok: false, failure: { code: 'cancelled', message: 'Not run: you said no.' } }),
      },
    });
    assert.deepEqual(
      [refused.ended, refused.message],
      ['stopped', 'Stopped at step 1. Not run: you said no.'],
    );
    assert.deepEqual((await go(list, { outcomes: { 1: { kind: 'stopped' } } })).ran, [1]);
    const abort = new AbortController();
    abort.abort();
    assert.deepEqual((await go(list, { abort })).ran, []);
  });

  it('stops before a step that needs a value, and names it', async () => {
    const { ran, message } = await go(steps({}, { command: 'kubectl logs <pod> -n production' }));
    assert.deepEqual(ran, [1]);
    assert.match(message, /^Stopped before step 2: it needs a value for <pod>\./);
  });

  it('waits at a step done by hand and goes on behind it once it is marked', async () => {
    const list = steps({}, { command: undefined }, {});
    const first = await go(list);
    assert.deepEqual([first.ran, first.ended, first.at?.number], [[1], 'waiting', 2]);
    assert.equal(first.message, 'Step 2 is done by hand: mark it, then Run all goes on from there.');
    const ports = { isMarked: ({ number }: Step) => number === 2 };
    assert.deepEqual((await go(list, { ports, request: { after: 's2' } })).ran, [3]);
    assert.deepEqual((await go(list, { ports })).ran, [1, 3]);
  });

  it('passes over what does not apply, runs what applies and asks where nobody can tell', async () => {
    const judged = (verdict: Judged['verdict']): Judged => ({ verdict, because: '0 pods pending', run: 'r' });
    const list = steps({}, { condition: 'If pods pending' }, {});
    const ports = (verdict: Judged['verdict'] | undefined, answer?: 'run' | 'pass-over' | 'stop') => ({
      judge: ({ condition }: Step) => (condition && verdict ? judged(verdict) : undefined),
      ...(answer && { ask: () => Promise.resolve(answer) }),
    });
    const over = await go(list, { ports: ports('does-not-apply') });
    assert.deepEqual(over.ran, [1, 3]);
    assert.deepEqual(over.fates[1]?.what, {
      kind: 'passed-over',
      because: 'it does not apply: 0 pods pending',
    });
    assert.deepEqual((await go(list, { ports: ports('applies') })).ran, [1, 2, 3]);
    assert.deepEqual((await go(list, { ports: ports('cannot-tell', 'run') })).ran, [1, 2, 3]);
    assert.deepEqual((await go(list, { ports: ports(undefined, 'pass-over') })).ran, [1, 3]);
    assert.deepEqual((await go(list, { ports: ports('cannot-tell', 'stop') })).ran, [1]);
  });

  it('stops at an assertion that failed, and not at one that was not checked', async () => {
    const checks = (result: 'failed' | 'not-checked') => () => [
      { assertion: 'count == 3', result, because: '2 rows' },
    ];
    const failed = await go(steps({}, {}), { ports: { checks: checks('failed') } });
    assert.deepEqual(failed.ran, [1]);
    assert.match(failed.message, /count == 3 does not hold \(2 rows\)/);
    assert.deepEqual((await go(steps({}, {}), { ports: { checks: checks('not-checked') } })).ran, [1, 2]);
  });

  it('does not wait for a step in the background, and stops when that one fails', async () => {
    const list = steps(attributes({ background: 'true' }), {}, {});
    let failed: Step | undefined;
    const ran: number[] = [];
    const ports: Partial<RunAllPorts> = {
      run: (one, plan) => {
        ran.push(one.number);
        if (one.number === 2) failed = list[0];
        return Promise.resolve({ ok: true, value: plan.background ? 'background' : done });
      },
      failedInBackground: () => failed,
    };
    const { ended, message } = await go(list, { ports });
    assert.deepEqual([ran, ended], [[1, 2], 'stopped']);
    assert.match(message, /step 1, in the background, failed/);
  });

  it('passes over a step that goes on in the background already', async () => {
    const list = steps(attributes({ background: 'true' }), {});
    const { ran, fates } = await go(list, { ports: { isRunning: ({ number }) => number === 1 } });
    assert.deepEqual(ran, [2]);
    assert.equal(fates[0]?.what.kind, 'passed-over');
  });

  it('runs to a step from the first that is not settled, and no further', async () => {
    const list = steps({}, {}, {}, {});
    const isSettled = ({ number }: Step) => number === 1;
    const request = { scope: { kind: 'until', step: 's3' } } as const;
    assert.deepEqual((await go(list, { ports: { isSettled }, request })).ran, [2, 3]);
    assert.deepEqual((await go(list, { ports: { isSettled: () => true }, request })).ran, [3]);
  });

  it('tries every step of a dry run, waits for nobody and asks nobody', async () => {
    const list = steps(
      {},
      { command: undefined },
      { condition: 'If pods pending' },
      attributes({ excludeFromRunAll: 'true' }),
      { command: 'kubectl logs <pod>' },
      {},
    );
    const { ran, ended, message } = await go(list, { request: { dry: true } });
    assert.deepEqual([ran, ended], [[1, 3, 5, 6], 'finished']);
    assert.equal(message, 'Dry run through all 6 steps: nothing was changed.');
  });
});
