import * as vscode from 'vscode';
import { postMortemFileName } from '../../core/postmortem/fileName.ts';
import { withBase } from '../../core/postmortem/generatedBase.ts';
import { openPostMortem } from '../postmortem/actionItemSync.ts';
import { generatePostMortem } from '../postmortem/postMortemText.ts';
import { lookForRecurrence } from '../resolution/recurrenceLook.ts';
import type { CommandDeps, CommandFactory } from './commandDeps.ts';
import { atIncident, record, type OnIncident } from './onIncident.ts';

/**
 * Writes the post-mortem from the journal and opens it. One that is there already is opened as it is; what a new draft
 * would say is one click away. Of an incident by its id, else of the one at hand.
 */
export const draftPostMortem: CommandFactory = (deps) => async (id) => {
  const found = await atIncident(deps, id);
  if (!found) return;
  const at = await lookForRecurrence(deps, found);
  const known = await openPostMortem(at.incident);
  if (known.ok) {
    await vscode.window.showTextDocument(known.value, { preview: false });
    return offerNewer(deps, at, known.value.uri);
  }
  const uri = deps.postMortems.uriFor(postMortemFileName(at.incident));
  const saved = await deps.postMortems.open(uri, await draftFor(deps, at, uri));
  if (!saved.ok) {
    void vscode.window.showErrorMessage(saved.failure.message);
    return;
  }
  const { file, sha256, wasThere } = saved.value;
  await record(deps, at.incident, { type: 'RecordPostMortem', data: { file, sha256 } });
  if (wasThere) await offerNewer(deps, at, uri);
};

const draftFor = async (deps: CommandDeps, at: OnIncident, uri: vscode.Uri): Promise<string> =>
  withBase(await generatePostMortem(deps, at, uri.fsPath), at.incident.id);

async function offerNewer(deps: CommandDeps, at: OnIncident, uri: vscode.Uri): Promise<void> {
  const refresh = 'Refresh';
  const compare = 'Compare with a New Draft';
  const answer = await vscode.window.showInformationMessage(
    `The post-mortem of ${at.incident.number} is there already and was left as it is.`,
    refresh,
    compare,
  );
  if (answer === refresh) await vscode.commands.executeCommand('incident.refreshPostMortem', uri, 'all');
  if (answer === compare) await deps.postMortems.compare(uri, await draftFor(deps, at, uri));
}
