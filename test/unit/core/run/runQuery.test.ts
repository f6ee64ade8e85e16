import assert from 'node:assert/strict';
import { failed, ok, type Result } from '../../../../src/core/errors.ts';
import type { Command } from '../../../../src/core/incident/commands.ts';
import type { PointsRef } from '../../../../src/core/incident/events.ts';
import type { Measured } from '../../../../src/core/metrics/metricQuery.ts';
import type { Outcome } from '../../../../src/core/plan/plan.ts';
import { planStep } from '../../../../src/core/plan/planStep.ts';
import { runStep } from '../../../../src/core/run/runStep.ts';
import { noApprovals } from '../../../support/approvalBuilders.ts';
import { after, declared, incidentOf } from '../../../support/builders.ts';
import { step } from '../plan/planOf.ts';

const measured: Measured = { span: { from: 0, to: 1 }, stepMs: 15_000, results: [] };

/** Runs a query that ends so, whose points the disk takes or refuses. */
async function run(
  kept: Result<PointsRef>,
  outcome: Outcome = { kind: 'succeeded' },
  signal = new AbortController().signal,
) {
  const recorded: Command[] = [];
  const asked: Measured[] = [];
  let note: string | undefined;
  const incident = incidentOf(declared());
  const query = step('up', { language: 'promql', text: 'Targets' });
  const metrics = { server: 'https://prometheus.example', thresholds: {} };
  const plan = planStep(query, { target: incident.target, values: {}, readOnlyPrefixes: [], metrics });
  await runStep(
    { incident, sequence: 's', step: query, plan, trusted: true },
    {
      approvals: noApprovals,
      executorFor: () =>
        Promise.resolve({
          run: (_plan, io) => {
            io.measured?.(measured);
            return Promise.resolve(outcome);
          },
        }),
      now: () => after(1),
      newId: () => 'run-1',
      checkTarget: () => undefined,
      confirm: () => Promise.reject(new Error('a read asks nobody')),
      record: (command) => Promise.resolve(recorded.push(command) ? ok(incident) : ok(incident)),
      openOutput: () => Promise.resolve(failed('storage', 'no output here')),
      keepPoints: (id, what) => {
        assert.equal(id, 'run-1');
        asked.push(what);
        return Promise.resolve(kept);
      },
      view: {
        started: () => undefined,
        wrote: () => undefined,
        ended: (_run, _outcome, _ms, said) => void (note = said),
      },
    },
    signal,
  );
  const end = recorded.at(-1);
  assert.ok(end?.type === 'EndRun');
  return { end: end.data, asked, note };
}

describe('what the queries of a run gave', () => {
  it('is kept with its points, and the end of the run says where', async () => {
    const ref = { file: 'output/run-1.points.json', sha256: 'cd', bytes: 9 };
    const { end, asked } = await run(ok(ref));
    assert.deepEqual(asked, [measured]);
    assert.deepEqual(end.points, ref);
  });

  it('is said to be lost where the disk refuses it, and the run ends all the same', async () => {
    const { end, note } = await run(failed('storage', 'The points were not kept: the disk is full.'));
    assert.equal(end.points, undefined);
    assert.equal(end.outcome.kind, 'succeeded');
    assert.match(note ?? '', /The points were not kept: the disk is full/);
  });
});

describe('a query that was stopped', () => {
  const message = 'Its page was closed while it ran.';
  const outcomeOf = async (outcome: Outcome, reason?: string): Promise<Outcome> =>
    (await run(failed('storage', 'nothing was measured'), outcome, AbortSignal.abort(reason))).end.outcome;

  it('is recorded with the reason where nobody pressed Stop', async () => {
    assert.deepEqual(await outcomeOf({ kind: 'stopped' }, message), { kind: 'stopped', message });
    assert.deepEqual(await outcomeOf({ kind: 'stopped' }), { kind: 'stopped' });
  });

  it('has no reason where it had ended by itself before', async () =>
    assert.deepEqual(await outcomeOf({ kind: 'succeeded' }, message), { kind: 'succeeded' }));
});
