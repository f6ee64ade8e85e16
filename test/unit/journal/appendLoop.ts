/** Appends until it is killed or refused, telling of each acknowledged append on stdout. Run by the crash tests. */
import { writeSync } from 'node:fs';
import { createLocalJournal } from '../../../src/journal/localJournal.ts';
import { note, newId } from './journalFolder.ts';

const [folder = '', incident = '', size = '10'] = process.argv.slice(2);
const journal = createLocalJournal({ folder, by: () => 'child', now: () => new Date(), newId });
for (let i = 0; ; i += 1) {
  const appended = await journal.append(incident, [
    note(`${i} ${'x'.repeat(Number(size))}`),
    note(`${i} second`),
  ]);
  if (!appended.ok) {
    writeSync(1, `refused ${JSON.stringify(appended.failure)}\n`);
    break;
  }
  writeSync(1, `${i}\n`);
}
await journal.dispose();
