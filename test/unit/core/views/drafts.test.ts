import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Fact } from '../../../../src/core/incident/events.ts';
import { draftResolution, draftUpdate } from '../../../../src/core/views/drafts.ts';
import {
  acknowledged,
  aGuide,
  after,
  declared,
  entered,
  fact,
  incidentOf,
  noted,
  resolved,
  runEnded,
  runStarted,
  template,
  updated,
} from '../../../support/builders.ts';

const guide = aGuide();
const update = (facts: readonly Fact[], text?: string, now = after(20)) =>
  draftUpdate(
    incidentOf(...facts),
    text === undefined ? guide : aGuide({ templates: [template('update', text)] }),
    now,
  );
const diagnosing = [
  declared(),
  acknowledged(),
  entered('diagnosis', 'Diagnosis'),
  noted('OOM after\nthe deploy'),
];

describe('the draft of an update', () => {
  it('is the guide’s template with what is known', () => {
    assert.equal(
      update(diagnosing),
      `**Update [10:50 UTC]**
- Status: Diagnosis
- Hypothesis: OOM after / the deploy
- Next steps: Check pods
- ETA for resolution: unknown`,
    );
  });
  it('says unknown where nothing is known, and never keeps the template’s example', () => {
    assert.match(update([declared()]), /- Hypothesis: unknown/);
    assert.match(update([declared()], 'Reason: bad deploy\n- Status: x'), /^Reason: unknown/);
  });
  it('tells that it is mitigated, and when', () => {
    const mitigated = fact('MitigatedMarked', { at: after(3) });
    assert.match(update([...diagnosing, mitigated]), /Status: Mitigated at 10:33 UTC, Diagnosis/);
  });
  it('goes by the labels’ words in other languages, in any order', () => {
    assert.equal(
      update(
        diagnosing,
        '**Lagebericht [HH:MM]**\n* Nächste Schritte: x\n* **Vermutung:** y\n* Stand: z\n* Voraussichtlich behoben: w',
      ),
      '**Lagebericht [10:50 UTC]**\n* Nächste Schritte: Check pods\n* **Vermutung:** OOM after / the deploy\n* Stand: Diagnosis\n* Voraussichtlich behoben: unknown',
    );
  });
  it('goes by the order where no word is known, and leaves headings alone', () => {
    assert.equal(
      update(diagnosing, '**Qqq:**\n- Aaa: x\n- Bbb: y\n- Ccc: z\n- Ddd: w\nEnd.'),
      '**Qqq:**\n- Aaa: Diagnosis\n- Bbb: OOM after / the deploy\n- Ccc: Check pods\n- Ddd: unknown\nEnd.',
    );
  });
  it('has a template of its own where the guide has none, and numbers it', () => {
    const text = draftUpdate(incidentOf(declared(), updated(1)), undefined, after(5));
    assert.match(text, /^\*\*Update #2 \[10:35 UTC\]\*\*\n- Status: Investigating\n/);
  });
  it('never throws', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.string(), fc.constantFrom('- : x', '| a | b |', '**:**', ':'))),
        (lines) => {
          assert.equal(typeof update(diagnosing, lines.join('\n'), 'never'), 'string');
        },
      ),
    );
  });
});

describe('the draft of the resolution message', () => {
  const draft = (facts: readonly (Fact | readonly [at: string, fact: Fact])[]) =>
    draftResolution(incidentOf(...facts), guide, after(30));

  it('tells cause, resolution, the computed duration and the impact with its source', () => {
    const impact = fact('ImpactSet', { figure: '~5% of payments', source: 'Grafana', at: after(2) });
    const mitigated = fact('MitigatedMarked', { at: after(10) });
    const end = resolved({ cause: 'OOM', resolution: 'Scaled out' });
    assert.equal(
      draft([declared(), fact('OnsetSet', { at: after(-5) }), impact, mitigated, [after(12), end]]),
      `**Incident Resolved [10:42 UTC]**
- Cause: OOM
- Resolution: Scaled out
- Duration: 15 min (onset to mitigation, 10:25 to 10:40 UTC)
- Impact: ~5% of payments (Grafana, 2026-11-23 10:32 UTC)`,
    );
  });
  it('says unknown and "so far" before anybody said how it ended', () => {
    assert.equal(
      draft([declared()]),
      `**Incident Resolved [11:00 UTC]**
- Cause: unknown
- Resolution: unknown
- Duration: 30 min so far (since the declaration, 10:30 UTC)
- Impact: unknown`,
    );
  });
  it('offers the changes that were really made, and only those that went through', () => {
    const change = { risk: 'change', text: 'Scale', command: 'kubectl scale x' } as const;
    const made = [runStarted({ ...change, run: 'a', step: 'a' }), runEnded({ run: 'a' })];
    const refused = [
      runStarted({ ...change, run: 'b', step: 'b', command: 'kubectl patch y' }),
      runEnded({ run: 'b', outcome: { kind: 'failed', message: 'No.' } }),
    ];
    assert.match(
      draft([declared(), ...made, ...refused]),
      /- Resolution: Changes made: Scale \(kubectl scale x\)\n/,
    );
  });
});
