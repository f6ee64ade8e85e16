import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Command } from '../../src/core/incident/commands.ts';
import { createIncidents } from '../../src/journal/incidents.ts';
import { createLocalJournal } from '../../src/journal/localJournal.ts';
import { createUlidSource } from '../../src/journal/ulid.ts';
import type { EditorServer } from './editorHost.ts';
import { journalText, type MadeIncident } from './manyIncidents.ts';

/**
 * Writes an incident into the extension's own storage as a writer that is gone by now, each command so many minutes ago:
 * clocks of minutes have run out without anybody waiting for them. To be called before anything is looked at in the
 * window: the journals are read once. The first command is a Declare. Gives the incident's id.
 */
export async function seedIncident(
  server: Pick<EditorServer, 'userDataDir'>,
  ...commands: readonly (readonly [minutesAgo: number, command: Command])[]
): Promise<string> {
  const newId = createUlidSource();
  let ago = 0;
  const now = (): Date => new Date(Date.now() - ago * 60_000);
  const folder = journalFolderOf(server);
  const journal = createLocalJournal({ folder, by: () => 'Ana', now, newId });
  const incidents = createIncidents({ journal, now, newId });
  let id: string | undefined;
  for (const [minutesAgo, command] of commands) {
    ago = minutesAgo;
    const done = await incidents.handle(id, command);
    if (!done.ok) throw new Error(done.failure.message);
    id = done.value.id;
  }
  await incidents.dispose();
  await journal.dispose();
  if (id === undefined) throw new Error('Nothing was declared.');
  return id;
}

/** A SEV2 of the sample's guide on the simulated production, in the guide's first phase. */
export const declareSample = (
  title = 'Payments failing',
  number = `${new Date().toISOString().slice(0, 10)}-0001`,
): Command => ({
  type: 'Declare',
  data: {
    number,
    title,
    severity: 'SEV2',
    service: 'payment-service',
    target: { context: 'simulated-production', namespace: 'production' },
    guide: { file: 'incident-guide.md' },
  },
  phase: { phase: 'triage', name: 'Triage' },
});

/** Where the extension keeps its journals while no setting says otherwise. */
export const journalFolderOf = ({ userDataDir }: Pick<EditorServer, 'userDataDir'>): string =>
  path.join(userDataDir, 'data', 'User', 'globalStorage', 'incident-response.incident-response', 'incidents');

/** Writes generated incidents into a journal's folder, as activations of long ago left them. */
export function seedMadeIncidents(folder: string, made: readonly MadeIncident[]): void {
  for (const { id, events } of made) {
    mkdirSync(path.join(folder, id), { recursive: true });
    writeFileSync(path.join(folder, id, `${events[0]?.writer}.jsonl`), journalText(events));
  }
}
