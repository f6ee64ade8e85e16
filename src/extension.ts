import * as os from 'node:os';
import * as path from 'node:path';

import * as vscode from 'vscode';
import { expandHome } from './editor/expandHome.ts';
import { createExecutors } from './editor/executors.ts';
import { createGuideLibrary } from './editor/guideLibrary.ts';
import { createKubernetes } from './editor/kubernetesChunk.ts';
import { createOutputChannels } from './editor/outputChannels.ts';
import { createPostMortemFiles } from './editor/postMortemFile.ts';
import { registerCommands } from './editor/registerCommands.ts';
import { registerRunbookLens } from './editor/runbookLens.ts';
import { createRunbookPages } from './editor/runbookPages.ts';
import { createRunController } from './editor/runController.ts';
import { createSession } from './editor/session.ts';
import { getSetting } from './editor/settings.ts';
import { registerStatusBar } from './editor/statusBar.ts';
import { checkTarget } from './editor/targets.ts';
import { createTerminalExecutor } from './editor/terminalExecutor.ts';
import { registerTrees } from './editor/trees.ts';
import { createUserName } from './editor/userName.ts';
import { createHttpExecutor } from './executors/http/httpExecutor.ts';
import { findInterpreter } from './executors/shell/interpreter.ts';
import { createPinnedEnvironment } from './executors/shell/pinnedEnvironment.ts';
import { createShellExecutor, type ShellDeps } from './executors/shell/shellExecutor.ts';
import { endInterruptedRuns } from './journal/endInterruptedRuns.ts';
import { readGitUser } from './journal/gitUser.ts';
import { createIncidents } from './journal/incidents.ts';
import { createLocalJournal } from './journal/localJournal.ts';
import { createUlidSource } from './journal/ulid.ts';

let end: (() => Promise<void>) | undefined;

/** The composition root: everything concrete is made here, and nothing else is done. */
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
  const guides = createGuideLibrary(vscode.Uri.joinPath(context.extensionUri, 'media', 'default-guide.md'));
  const kubernetes = createKubernetes();
  const shellDeps: ShellDeps = {
    kubeconfigFor: kubernetes.pinnedKubeconfig,
    cwd: () => vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? os.homedir(),
    env: () => process.env,
    tempFolder: os.tmpdir,
  };
  const outputs = createOutputChannels();
  const runs = createRunController({
    incidents,
    journal,
    outputs,
    now,
    newId,
    executorFor: createExecutors({
      kubernetes: kubernetes.executor,
      http: createHttpExecutor(),
      shell: createShellExecutor(shellDeps),
      terminal: createTerminalExecutor({ ...shellDeps, createPinnedEnvironment, findInterpreter }),
    }),
    folderOf: guides.folderOf,
    checkTarget: (plan, pinned) => checkTarget(plan, pinned, kubernetes.reader),
  });
  const session = createSession(incidents, context.workspaceState, runs, {
    before: user.learn,
    after: () => endInterruptedRuns(incidents, journal, now),
  });
  const postMortems = createPostMortemFiles(context.globalStorageUri);
  const shared = {
    incidents,
    journal,
    session,
    guides,
    runs,
    outputs,
    postMortems,
    cluster: kubernetes.reader,
    now,
  };
  const pages = createRunbookPages(shared, context.extensionUri);

  context.subscriptions.push(
    registerCommands({ ...shared, pages }),
    registerTrees(shared),
    registerStatusBar(session, guides, now),
    registerRunbookLens(guides),
    pages,
    postMortems,
    session,
    guides,
  );
  end = async () => {
    await runs.stopAll();
    runs.dispose();
    outputs.dispose();
    await incidents.dispose();
    await journal.dispose();
    await kubernetes.dispose();
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
