import assert from 'node:assert/strict';
import { runbookHealth } from '../../../../src/core/history/runbookHealth.ts';
import { useOf, type IncidentUse } from '../../../../src/core/history/runbookUse.ts';
import type { Fact } from '../../../../src/core/incident/events.ts';
import { healthDocument, healthSentences, healthWords } from '../../../../src/core/views/healthText.ts';
import { runbookNodes } from '../../../../src/core/views/runbookTree.ts';
import {
  aGuide,
  after,
  declared,
  fact,
  incidentOf,
  runEnded,
  runStarted,
  step,
} from '../../../support/builders.ts';

const runbook = {
  id: 'service-unavailable',
  title: 'Service Unavailable (503)',
  line: 100,
  steps: [
    step('rb-pods', { text: 'Check pods', command: 'kubectl get pods' }),
    step('rb-logs', { number: 2, text: 'Look at logs', command: 'kubectl logs web' }),
  ],
};

let runs = 0;
/** A run of a step of the runbook, from start to end. */
const ran = (
  id: string,
  {
    original = '',
    ok = true,
    ...more
  }: { original?: string; ok?: boolean; undoes?: string; dryRun?: boolean } = {},
): readonly Fact[] => {
  const run = `run-${(runs += 1)}`;
  return [
    runStarted({ run, step: id, sequence: runbook.id, original, ...more }),
    runEnded({ run, outcome: ok ? { kind: 'succeeded' } : { kind: 'failed', message: 'No.' } }),
  ];
};
const skipped = (id: string): Fact => fact('StepSkipped', { step: id, sequence: runbook.id, text: id });
const used = (facts: readonly Fact[], number = '2026-11-23-0001', drill = false): IncidentUse =>
  useOf(incidentOf(declared({ number, drill }), ...facts));
const good = { original: 'kubectl get pods' };
const words = (uses: readonly IncidentUse[], now = after(60)): string =>
  healthWords(runbookHealth(runbook, uses, now), now);

describe('the health of a runbook', () => {
  it('is unknown of one that was never run', () => {
    const health = runbookHealth(runbook, [used([])], after(0));
    assert.equal(healthWords(health, after(0)), 'never run');
    assert.deepEqual(healthSentences(health), ['Never run, neither in an incident nor in a drill.']);
  });

  it('says when it was last run, and last gone through well', () => {
    const uses = [
      used(ran('rb-pods', good), '2026-11-23-0001'),
      used(
        [fact('NoteAdded', { text: 'later' }), ...ran('rb-pods', { ...good, ok: false })],
        '2026-11-23-0002',
      ),
    ];
    const health = runbookHealth(runbook, uses, after(60));
    assert.equal(health.last?.incident, '2026-11-23-0002');
    assert.equal(health.lastSuccess?.incident, '2026-11-23-0001');
    assert.deepEqual(healthSentences(health), [
      'Last run: 2026-11-23, 2026-11-23-0002.',
      'Last success: 2026-11-23, 2026-11-23-0001.',
      'Used in 2 incidents: few data.',
    ]);
    assert.equal(words(uses), 'run 58 min ago');
  });

  it('counts a step that failed first and then succeeded as gone through, with its failure', () => {
    const health = runbookHealth(
      runbook,
      [used([...ran('rb-pods', { ...good, ok: false }), ...ran('rb-pods', good)])],
      after(60),
    );
    assert.ok(health.lastSuccess);
    assert.deepEqual([health.steps[0]?.runs, health.steps[0]?.failed], [2, 1]);
  });

  it('counts neither a dry run nor an undo', () => {
    const facts = [
      ...ran('rb-pods', { ...good, dryRun: true }),
      ...ran('rb-pods', { ...good, undoes: 'event-1' }),
    ];
    assert.equal(words([used(facts)]), 'never run');
  });

  it('counts a drill, and says that it was one', () => {
    const uses = [used(ran('rb-pods', good), '2026-11-23-0001', true)];
    assert.equal(words(uses), 'run 59 min ago in a drill');
    assert.match(
      healthSentences(runbookHealth(runbook, uses, after(60))).join(' '),
      /in a drill.*1 of them a drill/,
    );
  });

  it('tells a runbook that was not run for 180 days, and not one of 179', () => {
    const uses = [used(ran('rb-pods', good))];
    const days = (count: number) => after(1 + count * 24 * 60);
    assert.equal(words(uses, days(180)), 'not run for 180 days');
    assert.equal(words(uses, days(179)), 'run 179 d ago');
  });

  it('tells that a command changed since its last success, whatever failed since', () => {
    const uses = [
      used(ran('rb-pods', { original: 'kubectl get pods -n old' }), '2026-11-23-0001'),
      used(ran('rb-pods', { original: 'kubectl get pods', ok: false }), '2026-11-23-0002'),
    ];
    assert.equal(words(uses), 'commands changed since last success');
    assert.equal(
      healthSentences(runbookHealth(runbook, uses, after(60)))[0],
      'Commands changed since last success: step 1.',
    );
    assert.equal(words([used(ran('rb-pods', good))]), 'run 59 min ago');
  });

  it('takes a command with a hidden secret for the same one', () => {
    const secret = step('rb-pods', { command: 'PGPASSWORD=hunter2 psql -c "select 1"' });
    const use = used(ran('rb-pods', { original: 'PGPASSWORD=••• psql -c "select 1"' }));
    const health = runbookHealth({ ...runbook, steps: [secret] }, [use], after(60));
    assert.deepEqual([health.steps[0]?.succeeded, health.steps[0]?.changed], [true, false]);
  });

  it('gives rates with their counts, and no percentage of few', () => {
    const one = [...ran('rb-pods', { ...good, ok: false }), skipped('rb-logs')];
    const rows = (times: number): string =>
      healthDocument(
        [
          {
            file: 'guide.md',
            health: runbookHealth(
              runbook,
              Array.from({ length: times }, () => used(one)),
              after(60),
            ),
          },
        ],
        after(60),
      );
    assert.match(
      rows(2),
      /\| 1\. Check pods +\| 2 +\| 2 of 2 runs, few data \| 0 of 2 incidents, few data \| never succeeded \|/,
    );
    assert.match(rows(5), /\| 2\. Look at logs \| 0 +\| – +\| 5 of 5 incidents \(100 %\) \| never run +\|/);
  });

  it('is a table whose columns stand below each other, and none where nobody has used the runbook', () => {
    const text = (incidents: readonly IncidentUse[]): string =>
      healthDocument([{ file: 'guide.md', health: runbookHealth(runbook, incidents, after(60)) }], after(60));
    const bars = text([used(ran('rb-pods', good))])
      .split('\n')
      .filter((line) => line.startsWith('|'))
      .map((line) => [...line.matchAll(/\|/g)].map(({ index }) => index));
    assert.equal(bars.length, 4);
    for (const line of bars) assert.deepEqual(line, bars[0]);
    assert.doesNotMatch(text([]), /\|/);
    assert.match(
      text([]),
      /## Never run\n\nNeither in an incident nor in a drill:\n\n- Service Unavailable \(503\) \(guide\.md\)\n/,
    );
  });

  it('stands behind the runbook in its view, and whole in the tooltip', () => {
    const [node] = runbookNodes([aGuide()], {
      incidents: [used(ran('rb-pods', { original: 'kubectl get rb-pods' }))],
      now: after(60),
    });
    assert.equal(node?.description, '2 steps, run 59 min ago');
    assert.match(node.tooltip ?? '', /guide\.md:100\nLast run: 2026-11-23, 2026-11-23-0001\./);
    assert.equal(runbookNodes([aGuide()])[0]?.description, '2 steps');
  });
});
