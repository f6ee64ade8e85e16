import * as vscode from 'vscode';
import { contactNodes } from '../../core/views/contactsTree.ts';
import { historyNodes, type ImportedSummary } from '../../core/views/historyTree.ts';
import { incidentNodes, otherIncidentNode } from '../../core/views/incidentTree.ts';
import { runbookNodes } from '../../core/views/runbookTree.ts';
import type { CommandDeps } from '../commands/commandDeps.ts';
import type { LazyActs } from '../lazyActs.ts';
import { createRunbookUses } from '../../journal/runbookUses.ts';
import { registerTree } from './treeView.ts';

/** Clocks in the tree are in minutes: a redraw more often would only move what a person is reading. */
const redrawMs = 10_000;

/** The views; each reads on first sight and redraws when its source changes. */
export function registerTrees(
  deps: Pick<CommandDeps, 'session' | 'guides' | 'people' | 'incidents' | 'now'> & {
    readonly runs: Pick<LazyActs, 'isRunning' | 'onDidChange'>;
    readonly readImported: () => Promise<ImportedSummary>;
  },
): vscode.Disposable {
  const { session, guides, people, incidents, runs, now, readImported } = deps;
  const load = (): Promise<unknown> => Promise.all([guides.load(), session.ready()]);
  const incidentTree = registerTree('incident.incidents', async () => {
    await load();
    const current = session.current();
    const shown = [...incidents.active(), ...(current?.status === 'resolved' ? [current] : [])];
    return shown.flatMap((incident) => {
      const guide = guides.guideOf(incident.guideFile);
      return incident.id === current?.id
        ? incidentNodes(
            incident,
            guide,
            now(),
            guides.all().flatMap(({ runbooks }) => runbooks),
          )
        : [otherIncidentNode(incident, guide, now())];
    });
  });
  const uses = createRunbookUses(incidents);
  const runbookTree = registerTree('incident.runbooks', async () => {
    const [known] = await Promise.all([guides.first(), session.ready()]);
    return runbookNodes(known, { incidents: uses.all(), now: now() });
  });
  const contactTree = registerTree('incident.contacts', async () => {
    const [known] = await Promise.all([people.load(), guides.load()]);
    // Without an incident they are the workspace's: whom to call is asked before one is declared, too.
    const guide = guides.guideOf(session.current()?.guideFile);
    return contactNodes({ guide, people: known, peopleFile: people.name() });
  });
  const historyTree = registerTree('incident.history', async () => {
    await session.ready();
    const all = incidents.summaries();
    const resolved = all.filter(({ status }) => status === 'resolved');
    const imported = await readImported();
    const openActions = [...all.flatMap((summary) => summary.openActions ?? []), ...imported.openActions];
    return historyNodes(resolved, { now: now(), openActions, imported: imported.count });
  });
  let contactsOf: string | undefined;
  const timer = setInterval(() => {
    // A resolved one has the clock of its post-mortem.
    if (session.current()) incidentTree.refresh();
  }, redrawMs);
  return vscode.Disposable.from(
    incidentTree,
    runbookTree,
    contactTree,
    historyTree,
    session.onDidChange(() => {
      incidentTree.refresh();
      historyTree.refresh();
      runbookTree.refresh();
      const guide = guides.guideOf(session.current()?.guideFile)?.file;
      if (guide !== contactsOf) contactTree.refresh();
      contactsOf = guide;
    }),
    guides.onDidChange(() => {
      incidentTree.refresh();
      runbookTree.refresh();
      contactTree.refresh();
    }),
    people.onDidChange(contactTree.refresh),
    runs.onDidChange((run) => {
      if (!runs.isRunning(run)) incidentTree.refresh();
    }),
    new vscode.Disposable(() => clearInterval(timer)),
  );
}
