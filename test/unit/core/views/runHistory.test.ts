import assert from 'node:assert/strict';
import type { Step } from '../../../../src/core/guide/guide.ts';
import type { Fact } from '../../../../src/core/incident/events.ts';
import { isStepSettled, stepState } from '../../../../src/core/incident/progress.ts';
import { after, declared, incidentOf, runEnded, runStarted, step } from '../../../support/builders.ts';
import { pageOf as page } from '../../../support/pageBuilders.ts';

const getPods = step('pods', { command: 'kubectl get pods -n production' });

describe('steps that run together, and again', () => {
  const watch = step('watch', { attributes: { background: 'true', tag: 'prepare' }, command: 'sleep 600' });
  const alone = step('alone', { number: 2, attributes: { excludeFromRunAll: 'true' }, command: 'uptime' });

  it('says on the card how a step runs, and offers the tags there are', () => {
    const { steps, tags } = page([watch, alone]);
    assert.deepEqual(
      steps.map(({ marks }) => marks),
      [['in the background', '#prepare'], ['not in Run all']],
    );
    assert.deepEqual(tags, ['prepare']);
  });

  it('says of a stopped run why, where nobody pressed Stop', () => {
    const stopped = (more: { readonly message?: string }) => {
      const ended = runEnded({ run: 'r', outcome: { kind: 'stopped', ...more } });
      const incident = incidentOf(declared(), runStarted({ run: 'r', step: 'pods' }), ended);
      const run = page([getPods], { incident }).steps[0]?.run;
      return [run?.outcome, run?.tone, run?.message];
    };
    assert.deepEqual(stopped({}), ['stopped', 'neutral', undefined]);
    assert.deepEqual(stopped({ message: 'Its page was closed.' }), [
      ...['stopped', 'neutral'],
      'Its page was closed.',
    ]);
  });

  it('keeps every earlier run of a step, the newest first', () => {
    const ran = (run: string, minute: number, more: object = {}) =>
      [
        [after(minute), runStarted({ run, step: 'pods', ...more })],
        [after(minute, 10), runEnded({ run })],
      ] as const;
    const incident = incidentOf(declared(), ...ran('a', 1), ...ran('b', 2, { dryRun: true }), ...ran('c', 3));
    const [card] = page([getPods], { incident }).steps;
    assert.equal(card?.run?.id, 'c');
    assert.deepEqual(
      card?.earlier.map(({ id, startedAt, outcome }) => [id, startedAt, outcome]),
      [
        ['b', after(2), '3 pods (dry run)'],
        ['a', after(1), '3 pods'],
      ],
    );
  });

  it('names what goes on in the background, of whatever runbook, while this window runs it', () => {
    const incident = incidentOf(
      declared(),
      runStarted({ background: true, step: 'elsewhere', text: 'Watch' }),
    );
    const names = (runningHere: boolean) =>
      page([getPods], { incident, runningHere: () => runningHere }).background.map(({ text }) => text);
    assert.deepEqual([names(true), names(false)], [['Watch'], []]);
  });

  it('shows JSON a member a line where the guide says that it is JSON, once the run has ended', () => {
    const json = step('pods', { attributes: { mimeType: 'application/json' }, command: 'cat x' });
    const tails = () => ({ tail: '{"a":1}\n', lines: 1 });
    const incident = incidentOf(declared(), runStarted({ step: 'pods' }), runEnded());
    const tailOf = (one: Step) => page([one], { incident, tails }).steps[0]?.run?.tail;
    assert.equal(tailOf(json), '{\n  "a": 1\n}\n');
    assert.equal(tailOf(getPods), '{"a":1}\n');
  });

  it('settles nothing by a dry run, and leaves the step as it was before', () => {
    const dry = [runStarted({ run: 'd', step: 'pods', dryRun: true }), runEnded({ run: 'd' })] as const;
    const real = [runStarted({ run: 'r', step: 'pods' }), runEnded({ run: 'r' })] as const;
    const of = (...facts: readonly Fact[]) => {
      const incident = incidentOf(declared(), ...facts);
      return [isStepSettled(incident, 'pods'), stepState(incident, 'pods')];
    };
    assert.deepEqual(of(...dry), [false, 'idle']);
    assert.deepEqual(of(...real, ...dry), [true, 'succeeded']);
  });
});

describe('a variable that an earlier step leaves', () => {
  const give = step('give', { attributes: { name: 'TEAM_NS' }, command: 'cat namespace' });
  const day = step('day', { number: 2, attributes: {}, command: 'export TODAY=$(date +%F)' });
  const use = step('use', { number: 3, command: 'kubectl get pods -n $TEAM_NS -l day=$TODAY' });
  const steps = [give, day, use];

  it('is not asked for: the card says which step to run first', () => {
    const { form, steps: cards } = page(steps);
    assert.deepEqual(form, []);
    assert.equal(cards[2]?.blocked, 'Run step 1 first: this step uses what that one leaves to it.');
  });

  it('is found by the shell once the steps have run, and asked for where they left nothing', () => {
    const ran = ['give', 'day'].flatMap((id) => [runStarted({ run: id, step: id }), runEnded({ run: id })]);
    const incident = incidentOf(declared(), ...ran);
    const planning = { readOnlyPrefixes: [], exported: ['TEAM_NS', 'TODAY'] };
    const found = page(steps, { incident, planning });
    assert.deepEqual([found.form, found.steps[2]?.blocked], [[], undefined]);
    assert.deepEqual(
      page(steps, { incident }).form.map(({ name }) => name),
      ['team-ns', 'today'],
    );
  });
});
