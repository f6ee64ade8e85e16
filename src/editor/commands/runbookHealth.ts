import { runbookHealth } from '../../core/history/runbookHealth.ts';
import { healthDocument } from '../../core/views/healthText.ts';
import { createRunbookUses } from '../../journal/runbookUses.ts';
import type { CommandFactory } from './commandDeps.ts';

/** Opens a table of how well practised each runbook is, to be read beside the editor. */
export const showRunbookHealth: CommandFactory = (deps) => async () => {
  await Promise.all([deps.guides.load(), deps.session.ready()]);
  const now = deps.now();
  const uses = createRunbookUses(deps.incidents).all();
  const all = deps.guides
    .all()
    .flatMap(({ file, runbooks }) =>
      runbooks.map((runbook) => ({ file, health: runbookHealth(runbook, uses, now) })),
    );
  await deps.readOnlyTexts.show('runbook-health.md', healthDocument(all, now));
};
