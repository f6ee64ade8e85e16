import assert from 'node:assert/strict';
import { approvalState } from '../../../../src/core/approvals/approval.ts';
import { noPolicy, parsePolicy, type ApprovalPolicy } from '../../../../src/core/approvals/policy.ts';
import { ok } from '../../../../src/core/errors.ts';
import type { Command } from '../../../../src/core/incident/commands.ts';
import { decide } from '../../../../src/core/incident/decide.ts';
import { replay } from '../../../../src/core/incident/evolve.ts';
import type { AnyEvent } from '../../../../src/core/incident/events.ts';
import type { Incident } from '../../../../src/core/incident/incident.ts';
import type { KubernetesPlan, Plan, ShellPlan } from '../../../../src/core/plan/plan.ts';
import type { Executor, Inspection } from '../../../../src/core/ports.ts';
import { runStep, type Consent, type RunDeps } from '../../../../src/core/run/runStep.ts';
import type { ApprovalAnswer, ApprovalAsk } from '../../../../src/core/run/seekApproval.ts';
import { renderApprovalAsk } from '../../../../src/core/views/approvalQuestions.ts';
import { noApprovals } from '../../../support/approvalBuilders.ts';
import { after, anEvent, declared, step } from '../../../support/builders.ts';
import { planOfScript } from '../../../support/shellBuilders.ts';
import { scalePlan } from './runWorld.ts';
import { deleteObjects } from '../../executors/kubernetes/kubernetesFixtures.ts';

const target = { context: 'sim', namespace: 'production' };
const plan: KubernetesPlan = {
  ...scalePlan,
  stepId: 'stop/1',
  original: 'kubectl scale deployment payment-service --replicas=0',
  preview: 'kubectl scale deployment payment-service --replicas=0 --context sim -n production',
  risk: 'destructive',
  target,
  action: {
    verb: 'scale',
    resource: { kind: 'deployment', name: 'payment-service' },
    replicas: 0,
    currentReplicas: undefined,
    dryRun: false,
  },
};
const guarded = (replicas: number): KubernetesPlan => ({
  ...plan,
  preview: `${plan.preview} --current-replicas=${replicas}`,
});

/** A journal that decides and folds as the real one does, and a person with prepared answers. */
function world(policy: ApprovalPolicy = noPolicy) {
  const events: AnyEvent[] = [anEvent(declared({ target }))];
  const asks: ApprovalAsk[] = [];
  const told: string[] = [];
  const ran: Plan[] = [];
  const state = {
    minute: 1,
    answer: { kind: 'ask' } as ApprovalAnswer,
    consent: 'run' as Consent,
    attribute: undefined as string | undefined,
    look: { plan: guarded(3) } as Partial<Inspection>,
    policy,
  };
  const incident = (): Incident => replay(events)!;
  const record = (command: Command, by = 'Ana', writer = 'writer-a') => {
    const decided = decide(incident(), command, after(state.minute));
    if (!decided.ok) return decided;
    for (const fact of decided.value)
      events.push(anEvent(fact, events.length + 1, { time: after(state.minute), by, writer }));
    return ok(incident());
  };
  const executor: Executor = {
    run: (one) => {
      ran.push(one);
      return Promise.resolve({ kind: 'succeeded' });
    },
    inspect: () => Promise.resolve(ok({ changes: [], warnings: [], ...state.look })),
  };
  let ids = 0;
  const deps: RunDeps = {
    approvals: {
      ...noApprovals,
      policy: () => state.policy,
      newId: () => `request-${++ids}`,
      ask: (ask) => {
        asks.push(ask);
        return Promise.resolve(state.answer);
      },
      asked: (_incident, request) => told.push(request),
    },
    executorFor: () => Promise.resolve(executor),
    now: () => after(state.minute),
    newId: () => `run-${++ids}`,
    checkTarget: () => undefined,
    confirm: () => Promise.resolve(state.consent),
    record: (command) => Promise.resolve(record(command)),
    openOutput: () => Promise.resolve({ ok: false, failure: { code: 'storage', message: 'none' } }),
    keepPoints: () => Promise.resolve({ ok: false, failure: { code: 'storage', message: 'none' } }),
    view: { started: () => undefined, wrote: () => undefined, ended: () => undefined },
  };
  const run = (one: Plan = plan) =>
    runStep(
      {
        incident: incident(),
        sequence: 'stop',
        step: step('stop/1', {
          attributes: state.attribute === undefined ? {} : { 'ir.approve': state.attribute },
        }),
        plan: one,
        trusted: true,
      },
      deps,
      new AbortController().signal,
    );
  const approve = (request: string, who = 'Ben') =>
    record(
      { type: 'GiveApproval', data: { request, who, how: 'editor' }, writer: 'writer-b' },
      who,
      'writer-b',
    );
  const stateOf = (at: number) => approvalState(incident().approvals[at]!, after(state.minute));
  /** The journal as a build left it that did not know this field yet. */
  const forget = (field: string): void => {
    for (const [at, one] of events.entries())
      events[at] = JSON.parse(
        JSON.stringify(one, (name, part: unknown) => (name === field ? undefined : part)),
      ) as AnyEvent;
  };
  return { run, approve, asks, told, ran, state, incident, stateOf, forget };
}

const second = parsePolicy([{ floor: { destructive: 'second person' } }], 30);

describe('a step that a second person has to agree to', () => {
  it('runs without a word where neither settings nor guide want one', async () => {
    const { run, asks, ran } = world();
    assert.ok((await run()).ok);
    assert.deepEqual([asks.length, ran.length], [0, 1]);
  });

  it('is asked for, with what the look made of it, and does not run', async () => {
    const { run, told, ran, incident, stateOf } = world(second);
    const result = await run();
    assert.ok(!result.ok && result.failure.code === 'cancelled');
    assert.match(result.failure.message, /a second person was asked, until 11:01 UTC/);
    const [approval] = incident().approvals;
    assert.equal(approval?.command, guarded(3).preview);
    assert.equal(approval.written, plan.preview);
    assert.deepEqual(approval.needs, [{ people: 1 }]);
    assert.deepEqual([told, ran, stateOf(0)], [['request-1'], [], 'waiting']);
  });

  it('runs once it is approved, once', async () => {
    const { run, approve, ran, asks, stateOf, incident } = world(second);
    await run();
    assert.ok(approve('request-1').ok);
    assert.ok((await run()).ok);
    assert.deepEqual([ran.length, stateOf(0)], [1, 'used']);
    assert.equal(incident().approvals[0]?.usedBy, incident().runs[0]?.id);
    const again = await run();
    assert.ok(!again.ok);
    assert.deepEqual([ran.length, asks.length, incident().approvals.length], [1, 2, 2]);
  });

  it('is asked for anew when the look finds another value than was approved', async () => {
    const { run, approve, ran, asks, state } = world(second);
    await run();
    approve('request-1');
    state.look = { plan: guarded(5) };
    await run();
    assert.equal(ran.length, 0);
    assert.equal(asks[1]?.before?.request, 'request-1');
    assert.equal(asks[1]?.wanted.command, guarded(5).preview);
  });

  // The printed command of these says nothing of what was seen.
  const pods: KubernetesPlan = {
    ...plan,
    preview: 'kubectl delete pods -n production --context sim -l app=storefront',
    action: deleteObjects({ kinds: ['pods'], selector: 'app=storefront' }),
  };
  const doomed = (...uids: string[]): Partial<Inspection> => {
    const expected = uids.map((uid) => ({ kind: 'pods', name: `storefront-${uid}`, uid }));
    return {
      plan: { ...pods, action: { ...pods.action, expected } as KubernetesPlan['action'] },
      changes: expected.map(({ name }) => ({
        object: `pod/${name}`,
        field: 'object',
        before: 'there',
        after: 'deleted',
      })),
    };
  };
  const file: KubernetesPlan = {
    ...plan,
    preview: 'kubectl apply -f deploy.yaml -n production --context sim',
    action: {
      verb: 'apply',
      files: ['deploy.yaml'],
      recursive: false,
      serverSide: false,
      forceConflicts: false,
      dryRun: false,
    },
  };
  const applied = (sha256: string, before: string, shown = '3 → 0'): Partial<Inspection> => {
    const expected = [[{ pointer: '/spec/replicas', before, after: '0' }]];
    const [was = '', is = ''] = shown.split(' → ');
    return {
      plan: { ...file, action: { ...file.action, sha256, expected } as KubernetesPlan['action'] },
      changes: [{ object: 'deployment/payment-service', field: 'spec.replicas', before: was, after: is }],
    };
  };
  for (const [what, one, approved, found] of [
    ['more pods of a selector', pods, doomed('a', 'b'), doomed('a', 'b', 'c')],
    [
      'a pod of the same name made anew',
      pods,
      doomed('a'),
      { ...doomed('b'), changes: doomed('a').changes! },
    ],
    ['a file that was edited', file, applied('a'.repeat(64), '3'), applied('b'.repeat(64), '3')],
    ['a field that had another value', file, applied('a'.repeat(64), '3'), applied('a'.repeat(64), '5')],
    [
      'another change than was shown',
      file,
      applied('a'.repeat(64), '3'),
      applied('a'.repeat(64), '3', '3 → 1'),
    ],
  ] as const)
    it(`is asked for anew when the look finds ${what}, though the command is the same`, async () => {
      const { run, approve, ran, asks, state, stateOf } = world(second);
      state.look = approved;
      await run(one);
      assert.ok(approve('request-1').ok);
      state.look = found;
      const refused = await run(one);
      assert.ok(!refused.ok && refused.failure.code === 'cancelled');
      assert.deepEqual([ran.length, stateOf(0), asks.length], [0, 'approved', 2]);
      assert.match(
        renderApprovalAsk(asks[1]!, undefined).detail,
        /The look finds something else than what was approved, so it has to be approved again\./,
      );
      // What was approved is there again, and runs.
      state.look = approved;
      assert.ok((await run(one)).ok);
      assert.deepEqual([ran.length, stateOf(0)], [1, 'used']);
    });

  const script: ShellPlan = planOfScript('./failover.sh', {
    stepId: plan.stepId,
    risk: 'destructive',
    target,
    interpreter: 'bash',
    cwd: '/home/ana/guide/tools',
    folder: 'tools',
  });
  for (const [what, one] of [
    ['a shell’s folder', { ...script, cwd: '/home/ana/guide/other', folder: 'other' }],
    ['a shell’s interpreter', { ...script, interpreter: 'bash -x' }],
    ['no interpreter for the one that a guide named', { ...script, interpreter: undefined }],
  ] as const)
    it(`is asked for anew when the guide has ${what} by now, though the command is the same`, async () => {
      const { run, approve, ran, asks, state, stateOf } = world(second);
      state.look = {};
      await run(script);
      assert.ok(approve('request-1').ok);
      const refused = await run(one);
      assert.ok(!refused.ok && refused.failure.code === 'cancelled');
      assert.deepEqual([ran.length, stateOf(0), asks.length], [0, 'approved', 2]);
      const { detail } = renderApprovalAsk(asks[1]!, undefined);
      assert.match(detail, /another folder or by another interpreter than was approved/);
      // What was approved is there again, and runs.
      assert.ok((await run(script)).ok);
      assert.deepEqual([ran.length, stateOf(0)], [1, 'used']);
    });

  it('is bound to a shell’s folder as the guide has it, not to where that lies on one machine', async () => {
    const { run, approve, ran, asks, state, incident } = world(second);
    state.look = {};
    await run(script);
    approve('request-1');
    assert.doesNotMatch(JSON.stringify(incident().approvals), /home/);
    assert.match(renderApprovalAsk(asks[0]!, undefined).detail, /^Runs: in the folder tools, by bash$/m);
    assert.ok((await run({ ...script, cwd: '/home/cleo/guide/tools' })).ok);
    assert.equal(ran.length, 1);
    const [began] = incident().events.flatMap((one) =>
      'unknown' in one || one.type !== 'RunStarted' ? [] : [one.data],
    );
    assert.deepEqual([began?.folder, began?.interpreter], ['tools', 'bash']);
  });

  it('does not run on what was approved before folder and interpreter were kept', async () => {
    const { run, approve, ran, asks, state, forget } = world(second);
    state.look = {};
    const plain = planOfScript('./failover.sh', { ...script, interpreter: undefined, folder: '.' });
    await run(plain);
    approve('request-1');
    forget('folder');
    assert.ok(!(await run(plain)).ok);
    assert.deepEqual([ran.length, asks.length], [0, 2]);
  });

  it('keeps what was seen as a hash alone: a value of a Secret may be among it', async () => {
    const { run, incident, state } = world(second);
    state.look = applied('a'.repeat(64), '"a value"');
    await run(file);
    const [approval] = incident().approvals;
    assert.match(approval?.guards ?? '', /^[0-9a-f]{64}$/);
    assert.doesNotMatch(JSON.stringify(approval), /a value/);
  });

  it('asks nobody twice while the first question is open', async () => {
    const { run, asks, told, incident } = world(second);
    await run();
    const result = await run();
    assert.ok(!result.ok && /open until 11:01/.test(result.failure.message));
    assert.equal(asks[1]?.waiting?.request, 'request-1');
    assert.deepEqual([incident().approvals.length, told], [1, ['request-1']]);
  });

  it('asks again once the time is over', async () => {
    const { run, asks, state, incident } = world(second);
    await run();
    state.minute = 40;
    await run();
    assert.equal(asks[1]?.waiting, undefined);
    assert.equal(incident().approvals.length, 2);
  });

  it('runs with a typed reason where policy lets it, after the confirmation', async () => {
    const { run, state, ran, told, incident } = world(second);
    state.answer = { kind: 'self', reason: 'Nobody else is awake' };
    state.consent = 'cancel';
    assert.ok(!(await run()).ok);
    assert.equal(ran.length, 0);
    state.consent = 'run';
    assert.ok((await run()).ok);
    assert.deepEqual([ran.length, told], [1, []]);
    assert.equal(incident().approvals[0]?.given[0]?.reason, 'Nobody else is awake');
  });

  it('does not take that reason where policy does not let it', async () => {
    const { run, state, ran } = world(parsePolicy([{ floor: { destructive: '1' }, self: 'change' }], 30));
    state.answer = { kind: 'self', reason: 'Nobody else is awake' };
    const result = await run();
    assert.ok(!result.ok && result.failure.code === 'conflict');
    assert.equal(ran.length, 0);
  });

  it('is not run on a reason that stricter settings no longer take', async () => {
    const { run, state, ran, incident } = world(second);
    state.answer = { kind: 'self', reason: 'Nobody else is awake' };
    state.consent = 'cancel';
    await run();
    state.policy = parsePolicy([{ floor: { destructive: '1' }, self: 'never' }], 30);
    state.answer = { kind: 'ask' };
    state.consent = 'run';
    assert.ok(!(await run()).ok);
    assert.deepEqual([ran.length, incident().approvals.length], [0, 2]);
  });

  it('is wanted by a guide too, also before a read', async () => {
    const { run, state, ran, approve } = world();
    state.attribute = '2';
    const read = { ...plan, risk: 'read' as const };
    assert.ok(!(await run(read)).ok);
    approve('request-1');
    assert.ok(!(await run(read)).ok);
    assert.equal(ran.length, 0);
    approve('request-1', 'Cleo');
    assert.ok((await run(read)).ok);
    assert.equal(ran.length, 1);
  });

  it('uses nothing up for a dry run', async () => {
    const { run, approve, state, stateOf, ran } = world(second);
    await run();
    approve('request-1');
    state.consent = 'dry-run';
    assert.ok((await run()).ok);
    assert.deepEqual([ran.length, stateOf(0)], [1, 'approved']);
  });

  it('runs nothing but reads while the settings cannot be read', async () => {
    const { run, ran } = world(parsePolicy([{ floor: { destructiv: 'second person' } }], 30));
    const result = await run();
    assert.ok(!result.ok && /incident\.approvals\.floor/.test(result.failure.message));
    assert.ok((await run({ ...plan, risk: 'read' })).ok);
    assert.equal(ran.length, 1);
  });
});
