import assert from 'node:assert/strict';
import type { Step } from '../../../../src/core/guide/guide.ts';
import type { Fact } from '../../../../src/core/incident/events.ts';
import { incidentNodes } from '../../../../src/core/views/incidentTree.ts';
import type { PageTarget, RunbookPageInput } from '../../../../src/core/views/runbookPageState.ts';
import {
  aGuide,
  acknowledged,
  after,
  declared,
  fact,
  incidentOf,
  resolved,
  runEnded,
  runStarted,
  step,
  stepDone,
} from '../../../support/builders.ts';
import { observe } from '../judge/judging.ts';
import { pageOf as page, pagePin as pin } from '../../../support/pageBuilders.ts';

const getPods = step('pods', {
  text: 'Check pods',
  command: 'kubectl get pods -n production -l app=<service>',
});
const logs = step('logs', {
  number: 2,
  text: 'If pods in CrashLoopBackOff',
  condition: 'If pods in CrashLoopBackOff',
  command: 'kubectl logs <pod> -n production --previous',
});
const describePod = step('describe', { number: 3, command: 'kubectl describe pod <pod> -n production' });
const scale = step('scale', {
  number: 4,
  command: 'kubectl scale deployment api -n production --replicas=10',
});
const grafana = step('grafana', {
  number: 5,
  text: 'Check latency',
  command: undefined,
  details: ['Grafana'],
});

const card = (one: Step, more: Partial<RunbookPageInput> = {}) => page([one], more).steps[0]!;
const incidentAfter = (...facts: readonly Fact[]) => ({ incident: incidentOf(declared(), ...facts) });
const valueSet = (name: string, value: string): Fact => fact('ValueSet', { name, value });

describe('conditions on the runbook page and in the tree', () => {
  const podsCrash = step('crash', {
    number: 2,
    condition: 'If pods in CrashLoopBackOff',
    command: 'kubectl logs <pod> -n production --previous',
  });
  const podsPending = step('pending', {
    number: 3,
    condition: 'If pods pending',
    command: 'kubectl describe pod <pod> -n production',
  });
  const steps = [getPods, podsCrash, podsPending];
  const rows = [
    'NAME         READY   STATUS             RESTARTS   AGE',
    'payment-a    0/1     Pending            0          1m',
    'payment-b    0/1     CrashLoopBackOff   5          9m',
    'payment-c    1/1     Running            0          9m',
  ].join('\n');
  const { reading } = observe(getPods, rows);
  const looked = (seen: Record<string, readonly string[]>) => {
    const { incident } = incidentAfter(
      runStarted({ run: 'r1', step: 'pods', sequence: 'runbook-503', command: getPods.command ?? '' }),
      runEnded({ run: 'r1', seen, ...(reading ? { reading } : {}) }),
    );
    return incident;
  };

  it('offers first the pods that the condition of the step found', () => {
    const incident = looked({ pod: ['payment-a', 'payment-b', 'payment-c'] });
    const offered = (of: readonly Step[]) => page([getPods, ...of], { incident }).form.at(-1)?.suggestions;
    assert.deepEqual(offered([podsCrash]), ['payment-b', 'payment-a', 'payment-c']);
    assert.deepEqual(offered([podsPending]), ['payment-a', 'payment-b', 'payment-c']);
    assert.deepEqual(offered([podsCrash, podsPending]), ['payment-b', 'payment-a', 'payment-c']);
  });

  it('looks through the incident’s runs once for a page and once for a tree', () => {
    const incident = looked({});
    let looks = 0;
    const runs = incident.runs.map((run) => ({
      ...run,
      get target() {
        looks += 1;
        return run.target;
      },
    }));
    const counted = { ...incident, runs };
    const { steps: cards } = page(steps, { incident: counted });
    assert.deepEqual(
      cards.map(({ judged }) => judged?.verdict),
      [undefined, 'applies', 'applies'],
    );
    assert.equal(looks, 1);
    const guide = aGuide();
    const [runbook] = guide.runbooks;
    assert.ok(runbook);
    const two = [runbook, { ...runbook, id: 'second' }].map((one) => ({ ...one, steps }));
    incidentNodes(counted, { ...guide, runbooks: two }, after(5));
    assert.equal(looks, 2);
  });
});

describe('the runbook page', () => {
  it('names the sequence, its place in the guide and its condition', () => {
    const state = page([], {
      sequence: {
        id: 'b',
        title: 'Scale',
        line: 9,
        steps: [],
        condition: 'If capacity',
        about: 'More pods.',
      },
    });
    assert.deepEqual(
      [state.sequence, state.title, state.guideFile, state.line, state.condition, state.about],
      ['b', 'Scale', 'guide.md', 9, 'If capacity', 'More pods.'],
    );
  });

  it('shows the exact command with the incident’s values and its target', () => {
    const { command, kind, executor, risk, blocked } = card(getPods);
    assert.match(command ?? '', /-l app=payment-service/);
    assert.match(command ?? '', /--context sim/);
    assert.deepEqual([kind, executor, risk, blocked], ['kubernetes', 'Kubernetes API', 'read', undefined]);
  });

  it('shows what a manual step says, without a command', () => {
    const { command, executor, details, blocked } = card(grafana);
    assert.deepEqual([command, executor, details, blocked], [undefined, 'by hand', ['Grafana'], undefined]);
  });

  it('marks the placeholders a command still lacks', () => {
    const { missing, unfilled, command } = card(logs);
    assert.deepEqual([missing, unfilled], [['pod'], ['<pod>']]);
    assert.match(command ?? '', /<pod>/);
  });
});

describe('the head of the runbook page', () => {
  const clocks = { responseDueAt: after(30), updateDueAt: after(15) };

  it('ranks the severity by the guide, an unknown one last', () => {
    const rankOf = (severity: string) =>
      page([], { incident: incidentOf(declared({ severity })) }).incident?.rank;
    assert.deepEqual(['SEV1', 'SEV2', 'P9'].map(rankOf), [0, 1, 3]);
  });

  it('ranks it by the guide that the incident follows, not by that of the runbook', () => {
    const incident = incidentOf(declared({ severity: 'SEV2' }));
    const guide = { ...aGuide(), severities: [] };
    assert.equal(page([], { incident, guide }).incident?.rank, 1);
    assert.equal(page([], { incident, guide, severities: [] }).incident?.rank, 3);
  });

  it('shows both deadlines while nobody acknowledged', () => {
    const { incident } = page([], { clocks });
    assert.deepEqual([incident?.responseDueAt, incident?.updateDueAt], [after(30), after(15)]);
  });

  it('drops the response once acknowledged', () => {
    const { incident } = page([], { clocks, ...incidentAfter(acknowledged()) });
    assert.deepEqual([incident?.responseDueAt, incident?.updateDueAt], [undefined, after(15)]);
  });

  it('drops both once resolved', () => {
    const { incident } = page([], { clocks, ...incidentAfter(resolved()) });
    assert.deepEqual(
      [incident?.status, incident?.responseDueAt, incident?.updateDueAt],
      ['resolved', undefined, undefined],
    );
  });

  it('counts a soak window down, and says what came back in it', () => {
    const started = fact('SoakStarted', { soak: 's', durationMs: 600_000, then: 'ask' });
    const running = page([], { clocks: { soakEndsAt: after(20) }, ...incidentAfter(started) }).incident;
    assert.deepEqual([running?.soakEndsAt, running?.relapse], [after(20), undefined]);
    const back = fact('RelapseSeen', { soak: 's', sentences: ['No active alerts: 1 active alert'] });
    const relapsed = page([], incidentAfter(started, back)).incident;
    assert.deepEqual(
      [relapsed?.soakEndsAt, relapsed?.relapse],
      [undefined, 'No active alerts: 1 active alert'],
    );
  });

  it('is empty without an incident', () =>
    assert.equal(page([], { incident: undefined }).incident, undefined));
});

describe('what keeps a step from running', () => {
  const gone: PageTarget = {
    ...pin,
    warning: { message: 'The context sim is no longer in your kubeconfig.', blocks: 'everything' },
  };
  const switched: PageTarget = {
    ...pin,
    warning: { message: 'The current context was switched to staging.', blocks: 'changes' },
  };
  for (const [what, one, more, blocked] of [
    ['Restricted Mode', getPods, { trusted: false }, /Restricted Mode/],
    ['no incident', getPods, { incident: undefined }, /^Declare an incident first/],
    ['no incident, for a manual step too', grafana, { incident: undefined }, /^Declare an incident first/],
    ['a resolved incident', getPods, incidentAfter(resolved()), /resolved.*Reopen/],
    ['a resolved incident, for a manual step too', grafana, incidentAfter(resolved()), /resolved.*Reopen/],
    ['a missing value', logs, {}, /^Fill in pod first\.$/],
    [
      'several missing values',
      step('rollback', { command: 'kubectl logs <pod> -c <container>' }),
      {},
      /^Fill in pod and container first\.$/,
    ],
    ['no cluster', getPods, { target: { ...pin, context: undefined } }, /[Pp]in/],
    ['a change while the target is in doubt', scale, { target: gone }, /no longer in your kubeconfig/],
    ['a read while the pinned context is gone', getPods, { target: gone }, /no longer in your kubeconfig/],
    ['a change after the current context was switched', scale, { target: switched }, /Changes wait/],
    [
      'a change in another namespace than pinned',
      scale,
      { target: { ...pin, namespace: 'lab' } },
      /pinned to lab/,
    ],
  ] as const) {
    it(`is said: ${what}`, () => assert.match(card(one, more).blocked ?? 'nothing', blocked));
  }

  for (const [what, one, more] of [
    ['a read after the current context was switched', getPods, { target: switched }],
    ['a manual step in Restricted Mode', grafana, { trusted: false }],
    ['a change on the pinned target', scale, {}],
    ['a filled-in command', logs, incidentAfter(valueSet('pod', 'api-1'))],
  ] as const) {
    it(`is nothing for ${what}`, () => assert.equal(card(one, more).blocked, undefined));
  }

  it('is not repeated as a missing pin on every card before a declare', () => {
    const nothingPinned = { ...pin, context: undefined, namespace: undefined };
    const bare = step('bare', { command: 'kubectl get pods' });
    assert.deepEqual(card(bare, { incident: undefined, target: nothingPinned }).traps, []);
    assert.notDeepEqual(card(bare, { target: nothingPinned }).traps, []);
  });
});

describe('the form of the runbook page', () => {
  it('asks once for a value that several steps need', () => {
    const { form } = page([logs, describePod]);
    assert.deepEqual(
      form.map(({ name, written, kind, value, usedBy }) => ({ name, written, kind, value, usedBy })),
      [{ name: 'pod', written: '<pod>', kind: 'pod', value: undefined, usedBy: [2, 3] }],
    );
  });

  it('keeps a value that is set, so that it can be changed', () => {
    const { form } = page([logs], incidentAfter(valueSet('pod', 'api-1')));
    assert.deepEqual(
      form.map(({ name, value }) => [name, value]),
      [['pod', 'api-1']],
    );
  });

  it('shows what the incident fills in, and lets a person’s value win', () => {
    const valueAfter = (...facts: readonly Fact[]) => page([getPods], incidentAfter(...facts)).form[0]?.value;
    assert.equal(valueAfter(), 'payment-service');
    assert.equal(valueAfter(valueSet('service', 'checkout')), 'checkout');
  });

  it('suggests names seen in earlier output', () => {
    const seen = runEnded({ seen: { pod: ['payment-service-1', 'payment-service-2'] } });
    const { form } = page([logs], incidentAfter(runStarted(), seen));
    assert.deepEqual(form[0]?.suggestions, ['payment-service-1', 'payment-service-2']);
  });

  for (const [what, more] of [
    ['no incident to keep values with', { incident: undefined }],
    ['a resolved one', incidentAfter(resolved())],
  ] as const) {
    it(`is empty with ${what}`, () => assert.deepEqual(page([logs], more).form, []));
  }
});

describe('how the last run of a step is shown', () => {
  const started = runStarted({ run: 'r1', step: 'pods' });
  const skipped = fact('StepSkipped', {
    step: 'pods',
    sequence: 'any',
    text: 'Check pods',
    reason: 'seen it',
  });

  it('as idle before any', () => {
    const { state, run, marked } = card(getPods);
    assert.deepEqual([state, run, marked], ['idle', undefined, undefined]);
  });

  it('as running with its live tail while it runs here', () => {
    const { state, run } = card(getPods, {
      ...incidentAfter(started),
      runningHere: (id) => id === 'r1',
      tails: (id) => ({ tail: `tail of ${id}`, lines: 531 }),
    });
    assert.equal(state, 'running');
    assert.deepEqual(run, {
      id: 'r1',
      startedAt: after(1),
      by: 'Ana',
      durationMs: undefined,
      outcome: undefined,
      tone: 'neutral',
      message: undefined,
      remedy: undefined,
      plots: false,
      tail: 'tail of r1',
      lines: 531,
    });
  });

  it('as interrupted when nobody here runs it', () => {
    const { state, run } = card(getPods, incidentAfter(started));
    assert.deepEqual([state, run?.outcome, run?.tone], ['ended', 'interrupted', 'neutral']);
    assert.match(run?.message ?? '', /no recorded end/);
  });

  it('as running elsewhere while the window that runs it lives', () => {
    const { state, run } = card(getPods, { ...incidentAfter(started), isAlive: () => true });
    assert.deepEqual([state, run?.outcome, run?.tone], ['ended', 'running in another window', 'neutral']);
    assert.match(run?.message ?? '', /^Another window/);
  });

  it('as interrupted, without an invented duration, when its end is only presumed', () => {
    const presumed = runEnded({
      run: 'r1',
      outcome: { kind: 'failed', message: 'Interrupted: look.' },
      interrupted: true,
    });
    const { run } = card(getPods, incidentAfter(started, presumed));
    assert.deepEqual(
      [run?.outcome, run?.tone, run?.durationMs, run?.message],
      ['interrupted', 'bad', undefined, 'Interrupted: look.'],
    );
  });

  it('as ended with outcome and duration', () => {
    const { state, run } = card(getPods, incidentAfter(started, runEnded({ run: 'r1' })));
    assert.deepEqual(
      [state, run?.outcome, run?.tone, run?.durationMs, run?.message],
      ['ended', '3 pods', 'ok', 120, undefined],
    );
  });

  it('with the whole sentence of a failure', () => {
    const outcome = { kind: 'failed', status: 403, message: 'You may not list pods there.' } as const;
    const { run } = card(getPods, incidentAfter(started, runEnded({ run: 'r1', outcome })));
    assert.deepEqual([run?.tone, run?.message], ['bad', 'You may not list pods there.']);
  });

  it('by the newest of several', () => {
    const again = runStarted({ run: 'r2', step: 'pods' });
    const { run } = card(getPods, {
      ...incidentAfter(started, runEnded({ run: 'r1' }), again),
      runningHere: (id) => id === 'r2',
    });
    assert.deepEqual([run?.id, run?.outcome], ['r2', undefined]);
  });

  it('not on the card of another step', () => {
    assert.equal(card(scale, incidentAfter(started)).run, undefined);
  });

  it('as skipped with reason, person and time', () => {
    const { state, note, marked } = card(getPods, incidentAfter(skipped));
    assert.deepEqual([state, note, marked], ['skipped', 'seen it', { at: after(1), by: 'Ana' }]);
  });

  it('as done with the note of a manual step', () => {
    const { state, note } = card(grafana, incidentAfter(stepDone('grafana', 'p99 at 4 s')));
    assert.deepEqual([state, note], ['done', 'p99 at 4 s']);
  });

  it('as run again when it ran after it was skipped', () => {
    const { state, note } = card(getPods, incidentAfter(skipped, started, runEnded({ run: 'r1' })));
    assert.deepEqual([state, note], ['ended', undefined]);
  });

  it('as skipped when it was skipped after it ran, the run still there to read', () => {
    const { state, run } = card(getPods, incidentAfter(started, runEnded({ run: 'r1' }), skipped));
    assert.deepEqual([state, run?.id], ['skipped', 'r1']);
  });

  it('safely for a step whose id is a name of Object', () => {
    assert.equal(card(step('constructor', { command: undefined })).state, 'idle');
  });
});
