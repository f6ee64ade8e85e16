import * as os from 'node:os';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { documentsBeside } from '../../journal/audit/documentsBeside.ts';
import { exportBundle } from '../../journal/audit/exportBundle.ts';
import { askText } from '../ask/ask.ts';
import { expandHome } from '../expandHome.ts';
import type { CommandFactory } from './commandDeps.ts';
import { currentIncident } from './onIncident.ts';

/** Writes everything of an incident into a new folder with a manifest that `incident-guide verify` checks. */
export const exportAudit: CommandFactory = (deps) => async () => {
  const at = await currentIncident(deps, 'any');
  if (!at) return;
  const { incident } = at;
  const { postMortem } = incident;
  const base = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? os.homedir();
  const answer = await askText({
    title: `Export Audit Bundle of ${incident.number}`,
    prompt:
      'A new folder: journal, outputs, evidence and post-mortem as they are, secrets of outputs included.',
    value: path.join(base, `audit-${incident.number}`),
    validate: (text) => (text.trim() === '' ? 'Name the folder that is to be made.' : undefined),
  });
  if (answer === undefined) return;
  const into = expandHome(answer.trim(), base);
  const document = postMortem && path.resolve(base, postMortem.file);
  const documents = document === undefined ? [] : await documentsBeside(document);
  const exported = await vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: `Exporting ${incident.number}`,
      cancellable: true,
    },
    async (_progress, token) => {
      const stop = new AbortController();
      token.onCancellationRequested(() => stop.abort());
      const source = {
        folder: path.join(deps.journal.folder, incident.id),
        incident: { id: incident.id, number: incident.number, title: incident.title },
        documents,
        into,
        exportedAt: deps.now(),
        exportedBy: deps.userName(),
      };
      return exportBundle(source, stop.signal);
    },
  );
  if (!exported.ok) {
    if (exported.failure.code !== 'cancelled') void vscode.window.showErrorMessage(exported.failure.message);
    return;
  }
  const { files, manifestSha256, problems } = exported.value;
  const copy = 'Copy SHA-256';
  if (problems.length > 0) void vscode.window.showWarningMessage(findingsText(incident.number, problems));
  const isLeftOut = postMortem && !documents.some(({ from }) => from === document);
  const without = isLeftOut
    ? ` The post-mortem is not at ${postMortem.file} any more, so it is not among them.`
    : '';
  const chosen = await vscode.window.showInformationMessage(
    `${files} files of ${incident.number} are in ${into}.${without} The manifest's SHA-256 begins with ${manifestSha256.slice(0, 12)}: keep it somewhere else, so that nobody can change the bundle unseen.`,
    copy,
  );
  if (chosen === copy) await vscode.env.clipboard.writeText(manifestSha256);
};

function findingsText(number: string, [first, ...others]: readonly { readonly message: string }[]): string {
  const more = others.length === 0 ? '' : ` Findings beside it: ${others.length}.`;
  return `The journal of ${number} was not as it was written when it was exported. ${first?.message ?? ''}${more} The bundle holds it as it is; incident-guide verify names all of it.`;
}
