import * as path from 'node:path';

import * as vscode from 'vscode';
import { registerApprovalWatch } from './editor/approvals/approvalWatch.ts';
import { registerAuthoring } from './editor/guides/authoringWatch.ts';
import { registerClockWatch } from './editor/outward/clockWatch.ts';
import { expandHome } from './editor/expandHome.ts';
import { createGuideLibrary } from './editor/guides/guideLibrary.ts';
import { registerIncidentUris } from './editor/incidentUris.ts';
import { createLazyActs } from './editor/lazyActs.ts';
import { createPeople } from './editor/people/peopleFile.ts';
import { registerCommands } from './editor/registerCommands.ts';
import { registerResolutionWatch } from './editor/resolution/resolutionWatch.ts';
import { registerRunbookLens } from './editor/guides/runbookLens.ts';
import { actionsByHand, registerPostMortems } from './editor/postmortem/postMortemWatch.ts';
import { isInFolder, postMortemFolder } from './editor/postmortem/postMortemPlace.ts';
import { createSession } from './editor/session.ts';
import { getSetting } from './editor/settings.ts';
import { registerSignalsView } from './editor/signals/signalsView.ts';
import { registerStatusBar } from './editor/views/statusBar.ts';
import { registerTrees } from './editor/views/trees.ts';
import { createUpdateDrafts } from './editor/outward/updateDrafts.ts';
import { createUserName } from './editor/people/userName.ts';
import { hasUnsent } from './core/deliveries/delivery.ts';
import { pageToWatch } from './core/signals/pageInStep.ts';
import { endInterruptedRuns } from './journal/endInterruptedRuns.ts';
import { readGitUser } from './journal/gitUser.ts';
import { createImportedSummaries } from './journal/importedSummaries.ts';
import { createIncidents } from './journal/incidents.ts';
import { createLocalJournal } from './journal/localJournal.ts';
import { createUlidSource } from './journal/ulid.ts';

let end: (() => Promise<void>) | undefined;

/** The composition root: what shows is made here, what acts in acts.ts at the first command, and nothing else is done. */
export function activate(context: vscode.ExtensionContext): void {
  const now = (): string => new Date().toISOString();
  const newId = createUlidSource();
  const user = createUserName(readGitUser);
  const journal = createLocalJournal({
    folder: journalFolder() ?? path.join(context.globalStorageUri.fsPath, 'incidents'),
    by: user.get,
    now: () => new Date(),
    newId,
  });
  const incidents = createIncidents({ journal, now: () => new Date(), newId });
  const guides = createGuideLibrary(
    vscode.Uri.joinPath(context.extensionUri, 'media', 'default-guide.md'),
    path.join(context.globalStorageUri.fsPath, 'guides'),
  );
  const people = createPeople(context.globalStorageUri);
  const drafts = createUpdateDrafts(context.workspaceState);
  const acts = createLazyActs(() => ({
    context,
    incidents,
    journal,
    session,
    guides,
    people,
    drafts,
    userName: user.get,
    now,
    newId,
  }));
  const session = createSession(incidents, context.workspaceState, acts, {
    before: user.learn,
    after: async () => {
      await endInterruptedRuns(incidents, journal, now);
      // What a window that is gone has left unsent is sent now; without any, what acts stays unread.
      if (incidents.all().some(hasUnsent)) acts.get().deliveries.pump();
      // And what becomes of a page in PagerDuty is looked for.
      else if (vscode.workspace.isTrusted && incidents.active().some(pageToWatch)) acts.get();
    },
  });

  context.subscriptions.push(
    registerCommands(acts),
    registerTrees({
      ...{ session, guides, people, incidents, runs: acts, now },
      readImported: createImportedSummaries(journal.folder, journal.writer, actionsByHand),
    }),
    registerSignalsView({ session, now }, acts, context.secrets),
    registerIncidentUris(),
    registerStatusBar({ session, guides, incidents, now }),
    registerRunbookLens(guides),
    registerAuthoring({ guides, session, liveNames: (...args) => acts.get().liveNames(...args) }),
    registerPostMortems(
      {
        ...{ session, incidents, people, now },
        mayBe: (document) =>
          document.getText().includes('<!-- incident post-mortem ') ||
          isInFolder(document.uri, postMortemFolder(context.globalStorageUri)),
      },
      acts,
    ),
    registerClockWatch({ session, guides, incidents, journal, acts, now }),
    registerResolutionWatch({ session, incidents, acts }),
    registerApprovalWatch({ session, incidents, now, userName: user.get }),
    acts,
    session,
    guides,
    people,
    drafts,
  );
  end = async () => {
    await acts.end();
    await incidents.dispose();
    await journal.dispose();
  };
}

/**
 * Stops what still runs, with everything it started, and records how it ended, before the journal closes: VS Code
 * disposes subscriptions at once, but waits some seconds for this.
 */
export const deactivate = (): Promise<void> | undefined => end?.();

/** The journal's folder of the setting; it is read once, a change needs a reload. */
function journalFolder(): string | undefined {
  const folder = getSetting('journal.folder').trim();
  return folder ? expandHome(folder, vscode.workspace.workspaceFolders?.[0]?.uri.fsPath) : undefined;
}
