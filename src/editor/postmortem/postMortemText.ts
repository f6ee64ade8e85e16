import * as path from 'node:path';
import * as vscode from 'vscode';
import { messageOf } from '../../core/errors.ts';
import type { Incident } from '../../core/incident/incident.ts';
import { plotFiles, plotLines } from '../../core/postmortem/plotFiles.ts';
import { renderPostMortem, type PostMortemInput } from '../../core/postmortem/renderPostMortem.ts';
import { evidencePath } from '../../journal/evidenceFile.ts';
import type { CommandDeps } from '../commands/commandDeps.ts';
import type { OnIncident } from '../commands/onIncident.ts';
import { expandHome } from '../expandHome.ts';
import { getSetting } from '../settings.ts';

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

/** The post-mortem as the journal gives it now, for the document at `file`; its plots are written beside that. */
export async function generatePostMortem(
  deps: Needs,
  { incident, guide }: OnIncident,
  file: string,
): Promise<string> {
  const folder = path.dirname(file);
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
    ...(await savePlots(deps, incident, file)),
  });
}

/** Draws what the incident's queries gave into `<document>-plots`. Where that cannot be saved nothing links there. */
async function savePlots(
  { journal }: Pick<Needs, 'journal'>,
  incident: Incident,
  document: string,
): Promise<Pick<PostMortemInput, 'plots' | 'unreadPoints'>> {
  const refs = incident.runs.flatMap(({ end }) => end?.points ?? []);
  const read = await Promise.all(refs.map((ref) => journal.readPoints(incident.id, ref)));
  const measured = read.flatMap((each) => (each.ok ? [each.value] : []));
  const unreadPoints = read.length - measured.length;
  const plots = plotFiles(incident, measured);
  const folder = `${document.replace(/\.md$/i, '')}-plots`;
  try {
    for (const { name, svg } of plots)
      await vscode.workspace.fs.writeFile(vscode.Uri.file(path.join(folder, name)), Buffer.from(svg));
  } catch (thrown) {
    void vscode.window.showWarningMessage(
      `The plots could not be saved to ${folder} (${messageOf(thrown)}). The post-mortem is whole without them; what was measured is kept with the incident.`,
    );
    return { unreadPoints };
  }
  return {
    plots: plotLines(plots, (name) => [path.basename(folder), name].map(linkPart).join('/')),
    unreadPoints,
  };
}

const linkPart = (name: string): string =>
  encodeURIComponent(name).replace(/[()]/g, (one) => `%${one.charCodeAt(0).toString(16)}`);

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
