import assert from 'node:assert/strict';
import type { Incident } from '../../../../src/core/incident/incident.ts';
import { scalePlan, shellPlan, step, world } from './runWorld.ts';

describe('a command that only reads', () => {
  it('is remembered, for that exact command alone', async () => {
    const { preview: command, target: pinned } = shellPlan;
    const saidOf = (more: object) =>
      [
        { type: 'RunStarted', data: { step: step.id, command, target: pinned, onlyReads: true, ...more } },
      ] as unknown as Incident['events'];
    const events = saidOf({ folder: '.' });
    const same = world();
    await same.run(shellPlan, { events });
    assert.equal(same.asked.length, 0);
    const other = world();
    await other.run({ ...shellPlan, preview: 'argocd app delete payment-service' }, { events });
    assert.equal(other.asked.length, 1);
    const elsewhere = world();
    const target = { context: 'other', namespace: 'production' };
    await elsewhere.run({ ...shellPlan, target }, { events, target });
    assert.equal(elsewhere.asked.length, 1);
    for (const [changed, said] of [
      [{ folder: 'tools' }, events],
      [{ interpreter: 'node' }, events],
      // From before a journal said in which folder a shell began.
      [{}, saidOf({})],
    ] as const) {
      const edited = world();
      await edited.run({ ...shellPlan, ...changed }, { events: said });
      assert.equal(edited.asked.length, 1);
    }
  });

  it('is no change: that is asked about again, whatever the journal says of it: only a shell may have been a read', async () => {
    const events = [
      {
        type: 'RunStarted',
        data: { step: step.id, command: scalePlan.preview, target: scalePlan.target, onlyReads: true },
      },
    ] as unknown as Incident['events'];
    const { run, asked } = world();
    await run(scalePlan, { events });
    assert.equal(asked.length, 1);
  });
});
