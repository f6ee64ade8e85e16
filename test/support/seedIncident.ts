import path from 'node:path';
import type { Command } from '../../src/core/incident/commands.ts';
import { createIncidents } from '../../src/journal/incidents.ts';
import { createLocalJournal } from '../../src/journal/localJournal.ts';
import { createUlidSource } from '../../src/journal/ulid.ts';
import type { EditorServer } from './editorHost.ts';

/**
 * Writes an incident into the extension's own storage as a writer that is gone by now, each command so many minutes ago:
 * clocks of minutes have run out without anybody waiting for them. To be called before anything is looked at in the
 * window: the journals are read once. The first command is a Declare. Gives the incident's id.
 */
export async function seedIncident(
  server: Pick<EditorServer, 'userDataDir'>,
  ...commands: readonly (readonly [minutesAgo: number, command: Command])[]
): Promise<string> {
  const storage = path.join('data', 'User', 'globalStorage', 'incident-response.incident-response');
  const newId = createUlidSource();
  let ago = 0;
  const now = (): Date => new Date(Date.now() - ago * 60_000);
  const folder = path.join(server.userDataDir, storage, 'incidents');
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
export const declareSample = (title = 'Payments failing'): Command => ({
  type: 'Declare',
  data: {
    number: `${new Date().toISOString().slice(0, 10)}-0001`,
    title,
    severity: 'SEV2',
    service: 'payment-service',
    target: { context: 'simulated-production', namespace: 'production' },
    guide: { file: 'incident-guide.md' },
  },
  phase: { phase: 'triage', name: 'Triage' },
});
