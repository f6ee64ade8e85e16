import assert from 'node:assert/strict';
import type { Incident } from '../../../../src/core/incident/incident.ts';
import type { KubernetesPlan, Outcome, Plan } from '../../../../src/core/plan/plan.ts';
import type { MadeChange } from '../../../../src/core/plan/undo.ts';
import { input } from '../../../support/inputBuilders.ts';
import { scalePlan, shellPlan, world } from './runWorld.ts';

describe('running a step', () => {
  it('asks before a change, showing what would change, and records what was agreed to', async () => {
    const { run, asked, recorded } = world();
    assert.equal((await run(scalePlan)).ok, true);
    assert.deepEqual(
      asked[0]?.changes.map(({ before, after }) => [before, after]),
      [['3', '10']],
    );
    const [start, end] = recorded;
    assert.ok(start?.type === 'StartRun' && start.data.confirmed);
    assert.deepEqual(start.data.changes, ['deployment/payment-service spec.replicas 3 → 10']);
    assert.ok(end?.type === 'EndRun' && end.data.output?.file === 'output/run-1.log');
    assert.equal(end.data.durationMs > 0, true);
  });

  it('runs what the look made of the plan, with the guard it filled in', async () => {
    const guarded = { ...scalePlan, action: { ...scalePlan.action, currentReplicas: 3 } } as KubernetesPlan;
    const { run, asked, ran } = world({ look: { plan: guarded, diff: '-replicas: 3\n+replicas: 10' } });
    await run(scalePlan);
    assert.deepEqual([asked[0]?.plan, ran[0]], [guarded, guarded]);
    assert.equal(asked[0]?.diff, '-replicas: 3\n+replicas: 10');
  });

  it('does not even ask when the look says that it must not run', async () => {
    const { run, asked, ran, recorded } = world({
      look: { refusal: 'orders is an instance, not a cluster.' },
    });
    const result = await run(scalePlan);
    assert.ok(!result.ok && result.failure.code === 'conflict');
    assert.equal(result.failure.message, 'orders is an instance, not a cluster. Nothing was run.');
    assert.deepEqual([asked, ran, recorded], [[], [], []]);
  });

  it('states a change in the journal while the run goes on, before its end', async () => {
    const made: MadeChange = { changes: ['deployment/payment-service spec.replicas 3 → 10'] };
    const { run, recorded } = world({ made, outcome: { kind: 'stopped' } });
    await run(scalePlan);
    assert.deepEqual(
      recorded.map(({ type }) => type),
      ['StartRun', 'RecordChange', 'EndRun'],
    );
    assert.deepEqual(recorded[1], { type: 'RecordChange', data: { run: 'run-1', ...made } });
  });

  it('captures values for later steps, never into what is a secret', async () => {
    const { run, recorded, notes } = world();
    const inputs = [input('pin', { kind: 'secret' }), input('head', { kind: 'text' })];
    await run({ ...scalePlan, risk: 'read' }, {}, true, {
      attributes: { 'ir.capture': 'head=after("NAME"); PIN=after("NAME"); api_token=after("NAME")' },
      document: { inputs },
    });
    assert.deepEqual(
      recorded.flatMap((command) => (command.type === 'SetValue' ? [command.data] : [])),
      [{ name: 'head', value: 'READY', run: 'run-1' }],
    );
    assert.match(notes[0] ?? '', /ir\.capture took nothing: PIN is a secret, and the journal is no place/);
    assert.match(notes[0] ?? '', /ir\.capture took nothing: api_token is named like a secret/);
  });

  describe('whose guide writes how to take it back', () => {
    const attributes = { 'ir.undo': 'queue fill <queue>' };
    const undone = async (plan: Plan, answers: Parameters<typeof world>[0] = {}, undoes = {}) => {
      const { run, recorded } = world(answers);
      await run(plan, { values: { queue: 'payments' } }, true, { attributes }, undoes);
      return recorded.flatMap((command) =>
        command.type === 'RecordChange' ? [[command.data.changes, command.data.undo?.preview]] : [],
      );
    };
    const failing: Outcome = { kind: 'failed', exitCode: 1, message: 'Failed.' };

    it('states that with the run of a shell, also of one that failed half of the way', async () => {
      const stated = [[['ran argocd app history payment-service'], 'queue fill payments']];
      assert.deepEqual(await undone(shellPlan), stated);
      assert.deepEqual(await undone(shellPlan, { outcome: failing }), stated);
    });

    it('states it with the change that the other side accepted, and nothing where none was', async () => {
      const made: MadeChange = { changes: ['replicas 3 → 10'] };
      assert.deepEqual(await undone(scalePlan, { made }), [[['replicas 3 → 10'], 'queue fill payments']]);
      assert.deepEqual(await undone(scalePlan, { outcome: failing }), []);
      assert.deepEqual(await undone(scalePlan), []);
    });

    it('states nothing for a read, a dry run, and the undo itself', async () => {
      assert.deepEqual(await undone({ ...shellPlan, risk: 'read' }), []);
      assert.deepEqual(await undone({ ...shellPlan, dryRun: true }), []);
      assert.deepEqual(await undone(shellPlan, {}, { undoes: 'change-1' }), []);
    });
  });

  it('runs and records nothing when the person says no', async () => {
    const { run, ran, recorded } = world({ consent: 'cancel' });
    const result = await run(scalePlan);
    assert.ok(!result.ok && result.failure.code === 'cancelled');
    assert.deepEqual([ran, recorded], [[], []]);
  });

  it('does not ask before a read', async () => {
    const { run, asked, ran } = world();
    await run({ ...scalePlan, risk: 'read' });
    assert.deepEqual([asked.length, ran.length], [0, 1]);
  });

  it('sends the same plan as a dry run when that is chosen', async () => {
    const { run, ran } = world({ consent: 'dry-run' });
    await run(scalePlan);
    const [plan] = ran;
    assert.ok(plan?.kind === 'kubernetes' && plan.action.verb === 'scale' && plan.action.dryRun);
    assert.match(plan.preview, /--dry-run=server$/);
  });

  it('asks for the name of the object before a destructive plan', async () => {
    const { run, asked } = world();
    await run({ ...scalePlan, risk: 'destructive' });
    assert.equal(asked[0]?.typedName, 'payment-service');
    const { run: runRds, asked: askedOfRds } = world();
    const action = { operation: 'reboot-db-instance', instance: 'db1', forceFailover: false } as const;
    const preview =
      'aws rds reboot-db-instance --db-instance-identifier db1 --profile prod --region eu-west-1';
    await runRds({ ...scalePlan, kind: 'rds', action, preview, risk: 'destructive' });
    assert.equal(askedOfRds[0]?.typedName, 'db1');
  });

  it('asks for the filled-in name where only a shell knows the command', async () => {
    const typed = async (preview: string, original = preview) => {
      const { run, asked } = world();
      await run({ ...shellPlan, preview, original, script: preview, risk: 'destructive' });
      return asked[0]?.typedName;
    };
    assert.equal(
      await typed('kubectl delete pod payment-1 -n production', 'kubectl delete pod <pod> -n production'),
      'payment-1',
    );
    assert.equal(await typed('kubectl delete pod payment-1 --context prod --wait=false'), 'payment-1');
    const reboot = 'aws rds reboot-db-instance --db-instance-identifier db1';
    assert.equal(await typed(`${reboot} --profile prod --region eu-west-1`), 'db1');
    assert.equal(await typed('dropdb "shop"'), 'shop');
  });

  it('keeps no secret of the guide in the journal, and still runs the command as it is written', async () => {
    const script = "curl -k -X POST -H 'Authorization: Bearer not-real' https://a.test";
    const plan: Plan = { ...shellPlan, preview: script, original: script, script };
    const { run, ran, recorded } = world({ consent: 'run-read' });
    await run(plan);
    assert.doesNotMatch(JSON.stringify(recorded), /not-real/);
    assert.ok(ran[0]?.kind === 'shell' && ran[0].script === script);
    const [start] = recorded;
    assert.ok(start?.type === 'StartRun' && start.data.command.startsWith('curl -k -X POST'));
    const again = world();
    const events = [{ type: 'RunStarted', data: start.data }] as unknown as Incident['events'];
    await again.run(plan, { events });
    assert.equal(again.asked.length, 0);
  });

  it('does not run when the pinned target came into doubt while the question was open', async () => {
    const { run, ran, recorded, answers, asked } = world();
    answers.onAsked = () => (answers.wrong = 'The current context was switched.');
    const result = await run(scalePlan);
    assert.ok(!result.ok && result.failure.code === 'wrong-target');
    assert.deepEqual([asked.length, ran, recorded], [1, [], []]);
  });

  it('looks at nothing where the plan goes to another place than the pin: an old undo', async () => {
    const { run, ran, asked, inspected } = world();
    const result = await run({ ...scalePlan, target: { context: 'staging', namespace: 'production' } });
    assert.ok(!result.ok && result.failure.code === 'wrong-target');
    assert.match(result.failure.message, /context prod by now.*staging/);
    assert.deepEqual([ran, asked, inspected()], [[], [], 0]);
  });

  const refusals: readonly [string, Plan, Partial<Incident>, boolean, string | undefined, RegExp][] = [
    ['in Restricted Mode', scalePlan, {}, false, undefined, /Restricted Mode/],
    ['on a resolved incident', scalePlan, { status: 'resolved' }, true, undefined, /Reopen/],
    [
      'with a value missing',
      { ...scalePlan, missing: [{ name: 'pod', written: '<pod>', kind: 'pod' }] },
      {},
      true,
      undefined,
      /Fill in <pod>/,
    ],
    [
      'with a trap that blocks',
      { ...scalePlan, traps: [{ code: 'target-differs', message: 'Other namespace.', blocks: true }] },
      {},
      true,
      undefined,
      /Other namespace\. Nothing was run/,
    ],
    [
      'on a cluster that is not the pinned one',
      scalePlan,
      {},
      true,
      'The context is gone.',
      /context is gone/,
    ],
  ];
  for (const [when, plan, changes, trusted, wrong, sentence] of refusals) {
    it(`is refused ${when}, and nothing reaches the executor or the journal`, async () => {
      const { run, ran, recorded, asked } = world(wrong === undefined ? {} : { wrong });
      const result = await run(plan, changes, trusted);
      assert.ok(!result.ok);
      assert.match(result.failure.message, sentence);
      assert.deepEqual([ran, recorded, asked], [[], [], []]);
    });
  }

  it('does not run what it cannot record', async () => {
    const { run, ran } = world({ recordFails: true });
    const result = await run(scalePlan);
    assert.ok(!result.ok && result.failure.code === 'storage');
    assert.deepEqual(ran, []);
  });
});
