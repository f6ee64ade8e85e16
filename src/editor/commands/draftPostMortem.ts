import * as vscode from 'vscode';
import { postMortemFileName } from '../../core/postmortem/fileName.ts';
import { withBase } from '../../core/postmortem/generatedBase.ts';
import { generatePostMortem } from '../postMortemText.ts';
import type { CommandFactory } from './commandDeps.ts';
import { currentIncident, record } from './onIncident.ts';

/** Writes the post-mortem from the journal and opens it; edits of an earlier draft are never overwritten. */
export const draftPostMortem: CommandFactory = (deps) => async () => {
  const at = await currentIncident(deps, 'any');
  if (!at) return;
  const fileName = postMortemFileName(at.incident);
  const file = deps.postMortems.uriFor(fileName).fsPath;
  const text = withBase(await generatePostMortem(deps, at, file), at.incident.id);
  const saved = await deps.postMortems.open(fileName, text);
  if (!saved.ok) {
    void vscode.window.showErrorMessage(saved.failure.message);
    return;
  }
  if (saved.value.isDiff) {
    void vscode.window.showInformationMessage(
      'Your post-mortem was left as it is: the new draft is on the left.',
    );
    return;
  }
  await record(deps, at.incident, {
    type: 'RecordPostMortem',
    data: { file: saved.value.file, sha256: saved.value.sha256 },
  });
};
