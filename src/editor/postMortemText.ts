import * as path from 'node:path';
import * as vscode from 'vscode';
import { messageOf } from '../core/errors.ts';
import { renderPostMortem } from '../core/postmortem/renderPostMortem.ts';
import { evidencePath } from '../journal/evidenceFile.ts';
import type { CommandDeps } from './commands/commandDeps.ts';
import type { OnIncident } from './commands/onIncident.ts';
import { expandHome } from './expandHome.ts';
import { getSetting } from './settings.ts';

type Needs = Pick<CommandDeps, 'incidents' | 'journal' | 'now'>;

/** A document's links, relative to the folder it lies in. */
export const linksFrom = (deps: Pick<Needs, 'journal'>, incident: string, folder: string) => {
  const relative = (file: string): string => encodeURI(path.relative(folder, file).split(path.sep).join('/'));
  return {
    linkToOutput: (output: { readonly file: string }) => relative(deps.journal.outputPath(incident, output)),
    linkToEvidence: (file: Parameters<typeof evidencePath>[1]) =>
      relative(evidencePath(path.join(deps.journal.folder, incident), file)),
  };
};

/** The post-mortem as the journal gives it now, for a document in `folder`. */
export async function generatePostMortem(
  deps: Needs,
  { incident, guide }: OnIncident,
  folder: string,
): Promise<string> {
  const template = await readTemplate();
  const unreadable = deps.incidents
    .problems(incident.id)
    .filter(({ code }) => code === 'unreadable-line' || code === 'torn-tail').length;
  return renderPostMortem({
    incident,
    guide,
    generatedAt: deps.now(),
    ...linksFrom(deps, incident.id, folder),
    ...(template === undefined ? {} : { template }),
    unreadable,
  });
}

/** The organisation's template; one that cannot be read is said, and the guide's stands in for it. */
async function readTemplate(): Promise<string | undefined> {
  const name = getSetting('postMortems.template').trim();
  if (name === '') return undefined;
  const file = expandHome(name, vscode.workspace.workspaceFolders?.[0]?.uri.fsPath);
  try {
    return new TextDecoder().decode(await vscode.workspace.fs.readFile(vscode.Uri.file(file)));
  } catch (thrown) {
    void vscode.window.showWarningMessage(
      `The template ${name} of the setting "incident.postMortems.template" cannot be read (${messageOf(thrown)}). The guide's template is used instead.`,
    );
    return undefined;
  }
}
