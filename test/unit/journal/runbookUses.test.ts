import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createIncidents } from '../../../src/journal/incidents.ts';
import { createRunbookUses } from '../../../src/journal/runbookUses.ts';
import { SUMMARIES_FILE } from '../../../src/journal/summaries.ts';
import { createJournalFolder, newId, value, type JournalFolder } from './journalFolder.ts';

describe('what a journal’s incidents did with runbooks', () => {
  let at: JournalFolder;
  beforeEach(() => {
    at = createJournalFolder();
  });
  afterEach(() => at.dispose());

  const start = () => createIncidents({ journal: at.journal(), now: () => new Date(), newId });
  const runOf = async (resolve: boolean): Promise<void> => {
    const incidents = start();
    const { id } = value(
      await incidents.handle(undefined, {
        type: 'Declare',
        data: { number: '2026-11-23-0001', title: 'Payments failing', severity: 'SEV2', target: {} },
      }),
    );
    const data = { step: 's1', sequence: 'q1', text: 'Check pods', target: {}, confirmed: false } as const;
    value(
      await incidents.handle(id, {
        type: 'StartRun',
        data: { ...data, run: 'r1', kind: 'shell', command: 'true', original: 'true', risk: 'read' },
      }),
    );
    value(
      await incidents.handle(id, {
        type: 'EndRun',
        data: { run: 'r1', outcome: { kind: 'succeeded' }, durationMs: 1 },
      }),
    );
    if (resolve) value(await incidents.handle(id, { type: 'Resolve', data: { heads: {} } }));
    await incidents.dispose();
  };
  const seen = async (): Promise<readonly string[]> => {
    const incidents = start();
    value(await incidents.load());
    const uses = createRunbookUses(incidents)
      .all()
      .flatMap(({ uses }) =>
        uses.flatMap(({ sequence, steps }) => steps.map(({ step, runs }) => `${sequence}/${step} ${runs}`)),
      );
    await incidents.dispose();
    return uses;
  };

  it('is known of an active incident from its events', async () => {
    await runOf(false);
    assert.deepEqual(await seen(), ['q1/s1 1']);
  });

  it('is known of a resolved one from the cache alone, and what makes no sense there is not believed', async () => {
    await runOf(true);
    assert.deepEqual(await seen(), ['q1/s1 1']);
    const path = join(at.folder, SUMMARIES_FILE);
    const cache = readFileSync(path, 'utf8');
    writeFileSync(path, cache.replaceAll('q1', 'cached'));
    assert.deepEqual(await seen(), ['cached/s1 1']);
    writeFileSync(path, cache.replaceAll('\\"runs\\":1', '\\"runs\\":[]'));
    assert.deepEqual(await seen(), []);
  });
});
