import assert from 'node:assert/strict';
import type { Fact } from '../../../../src/core/incident/events.ts';
import { replay } from '../../../../src/core/incident/evolve.ts';
import { timelineRows } from '../../../../src/core/views/timeline.ts';
import {
  acknowledged,
  after,
  anEvent,
  answered,
  anUnknownEvent,
  declared,
  entered,
  fact,
  incidentOf,
  itemDone,
  noted,
  reopened,
  resolved,
  runEnded,
  runStarted,
  stepDone,
  ticked,
  updated,
} from '../../../support/builders.ts';

describe('the timeline', () => {
  const table: readonly (readonly [Fact, string])[] = [
    [acknowledged(), 'Acknowledged'],
    [fact('SeverityChanged', { severity: 'SEV1', reason: 'spreading' }), 'Severity set to SEV1: spreading'],
    [
      fact('ImpactSet', { figure: '5%', source: 'Grafana', at: after(3) }),
      'Impact: 5% (source: Grafana, as of 2026-11-23 10:33 UTC)',
    ],
    [fact('OnsetSet', { at: after(-3) }), 'Onset set to 2026-11-23 10:27 UTC'],
    [fact('MitigatedMarked', { at: after(3) }), 'Marked mitigated at 2026-11-23 10:33 UTC'],
    [entered('triage', 'Triage'), 'Entered Triage'],
    [runStarted(), 'Ran Check pods: kubectl --context sim get pods -n production'],
    [
      runEnded({ outcome: { kind: 'failed', exitCode: 1, message: 'No such\ncontext.' } }),
      'Ended run-1: exit code 1: No such / context. (120 ms)',
    ],
    [
      runEnded({ outcome: { kind: 'stopped', message: 'Its page was closed.' } }),
      'Ended run-1: stopped: Its page was closed. (120 ms)',
    ],
    [
      fact('StepSkipped', { step: 's', sequence: 'q', text: 'Look', reason: 'no need' }),
      'Skipped Look: no need',
    ],
    [
      fact('RunAllEnded', {
        sequence: 'q',
        title: '503',
        ended: 'stopped',
        message: 'Stopped at step 2: exit code 1.',
        passedOver: [{ step: 's', text: 'If pending', because: 'it does not apply: 0 pods pending' }],
      }),
      'Ran 503: Stopped at step 2: exit code 1. Passed over: If pending (it does not apply: 0 pods pending).',
    ],
    [stepDone('grafana', 'all green'), 'Done by hand: grafana: all green'],
    [fact('ValueSet', { name: 'pod', value: 'a' }), 'Set pod to a'],
    [fact('ValueCleared', { name: 'pod' }), 'Took back the value of pod'],
    [noted('two\nlines'), 'Note: two / lines'],
    [answered('q', 'When did it start?', '10:20'), 'When did it start? 10:20'],
    [updated(2, 'Looking'), 'Update #2: Looking'],
    [ticked('logs', 'Logs are clean'), 'Checked: Logs are clean'],
    [
      fact('ChecklistItemUnticked', { item: 'logs', text: 'Logs are clean' }),
      'No longer checked: Logs are clean',
    ],
    [fact('TargetPinned', { target: { context: 'prod' } }), 'Target pinned: prod / no namespace'],
    [itemDone('escalate', 'Escalate to CTO'), 'Done: Escalate to CTO'],
    [resolved({ resolution: 'Scaled', cause: 'Load' }), 'Resolved: Scaled; cause: Load'],
    [reopened(), 'Reopened'],
    [fact('PostMortemDrafted', { file: 'pm.md', sha256: 'a' }), 'Post-mortem drafted: pm.md'],
  ];
  for (const [what, sentence] of table) {
    it(`says "${sentence}"`, () => {
      const [, row] = timelineRows(incidentOf(declared(), what));
      assert.deepEqual([row?.text, row?.kind, row?.at, row?.by], [sentence, what.type, after(1), 'Ana']);
    });
  }
  it('names a run that ended by its step', () => {
    const rows = timelineRows(incidentOf(declared({ drill: true, service: '' }), runStarted(), runEnded()));
    assert.equal(rows[0]?.text, 'Declared a drill, SEV2: Payments failing');
    assert.equal(rows[2]?.text, 'Ended Check pods: 3 pods (120 ms)');
    assert.equal(rows[2]?.run, 'run-1');
  });
  it('shows what a newer version recorded', () => {
    const [, row] = timelineRows(replay([anEvent(declared()), anUnknownEvent(2, 'SignalLinked')])!);
    assert.deepEqual([row?.text, row?.kind], ['Recorded by a newer version: SignalLinked', 'unknown']);
  });
});
