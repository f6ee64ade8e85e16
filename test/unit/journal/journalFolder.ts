import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Fact } from '../../../src/core/incident/events.ts';
import type { Result } from '../../../src/core/errors.ts';
import { createLocalJournal } from '../../../src/journal/localJournal.ts';
import type { LocalJournal } from '../../../src/journal/localJournal.ts';
import { createUlidSource } from '../../../src/journal/ulid.ts';

export const newId = createUlidSource();

export const value = <T>(result: Result<T>): T => {
  if (!result.ok)
    throw new Error(`${result.failure.code}: ${result.failure.message} (${result.failure.cause})`);
  return result.value;
};

export const declared = (number = '2026-11-23-0001', title = 'Payments failing'): Fact => ({
  type: 'IncidentDeclared',
  data: { number, title, severity: 'SEV2', service: 'payment-service', target: { namespace: 'prod' } },
});
export const note = (text: string): Fact => ({ type: 'NoteAdded', data: { text } });

/** A journal folder of its own for each test, and journals on it that are closed with it. */
export function createJournalFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'incident-journal-'));
  const open: LocalJournal[] = [];
  return {
    folder,
    journal(by = 'Ana', now: () => Date = () => new Date(), at = folder): LocalJournal {
      const journal = createLocalJournal({ folder: at, by: () => by, now, newId });
      open.push(journal);
      return journal;
    },
    async dispose() {
      for (const journal of open) await journal.dispose();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
export type JournalFolder = ReturnType<typeof createJournalFolder>;
