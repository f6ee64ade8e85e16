import * as vscode from 'vscode';
import {
  guideFor,
  insertRunbook,
  plainTitle,
  runbookFile,
  runbookFileName,
  type RunbookForm,
} from '../../core/authoring/skeletons.ts';
import type { Guide } from '../../core/guide/guide.ts';
import type { TextEdit } from '../../core/lint/textEdit.ts';
import { plainText, withoutIcons } from '../../core/signals/plainText.ts';
import { askText, pick } from '../ask/ask.ts';
import { toRange } from '../guides/toRange.ts';
import type { CommandDeps, CommandFactory } from './commandDeps.ts';

/** The folder that new guides go to; without one, says so. */
export function guideFolder(): vscode.Uri | undefined {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  if (!folder)
    void vscode.window.showInformationMessage('Open a folder first: a guide is a file of your repository.');
  return folder;
}

const exists = async (uri: vscode.Uri): Promise<boolean> => {
  try {
    await vscode.workspace.fs.stat(uri);
    return true;
  } catch {
    return false;
  }
};

/** Writes a file that is not there yet, under the name or the next free one (`name-2.md`), and gives where it is. */
export async function writeNew(folder: vscode.Uri, name: string, text: string): Promise<vscode.Uri> {
  let uri = vscode.Uri.joinPath(folder, name);
  for (let number = 2; await exists(uri); number += 1)
    uri = vscode.Uri.joinPath(folder, name.replace(/(?=\.md$)/, `-${String(number)}`));
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
  return uri;
}

/** Puts a text into a guide through its editor, so that it can be taken back there, and shows it. */
export async function editGuide(uri: vscode.Uri, edit: (source: string) => TextEdit): Promise<void> {
  const document = await vscode.workspace.openTextDocument(uri);
  const { range, text } = edit(document.getText());
  const change = new vscode.WorkspaceEdit();
  change.replace(uri, toRange(range), text);
  await vscode.workspace.applyEdit(change);
  const at = new vscode.Position(range.line - 1 + (/^\n*/.exec(text)?.[0].length ?? 0), 0);
  await vscode.window.showTextDocument(document, { selection: new vscode.Range(at, at) });
}

/** Guides of the workspace: the product's own cannot be written. */
export const ownGuides = (deps: CommandDeps): readonly Guide[] =>
  deps.guides.all().filter((guide) => deps.guides.uriOf(guide).toString() !== deps.defaultGuide.toString());

/** Where a guide is, as a row names it: the folder's own name stands before it only where there are several. */
export const shownFile = (deps: CommandDeps, guide: Guide): string =>
  vscode.workspace.asRelativePath(deps.guides.uriOf(guide));

/** Asks for a title, a form and a place, and opens a runbook to be filled in. */
export const newRunbook: CommandFactory = (deps) => async () => {
  const folder = guideFolder();
  if (!folder) return;
  await deps.guides.load();
  const title = await askText({
    title: 'New Runbook (1/2)',
    prompt: 'What is it for? An alert’s name, or the trouble in words.',
    placeholder: 'Checkout Errors',
    validate: (text) => (plainTitle(text) ? undefined : 'Give it a title.'),
  });
  if (title === undefined) return;
  type Where = { readonly form: RunbookForm } | { readonly guide: Guide };
  const where = await pick<Where>(
    [
      {
        label: 'New file with steps',
        description: `runbooks/${runbookFileName(title)}`,
        value: { form: 'steps' },
      },
      {
        label: 'New file for an alert',
        description: `runbooks/${runbookFileName(title)}`,
        detail: 'Meaning, Impact, Diagnosis, Mitigation: what an alert’s runbook_url leads to',
        value: { form: 'alert' },
      },
      ...ownGuides(deps).map((guide) => ({
        label: `Section of ${withoutIcons(plainText(guide.title ?? '', 80)) || shownFile(deps, guide)}`,
        description: `${shownFile(deps, guide)}, ${guide.runbooks.length} ${guide.runbooks.length === 1 ? 'runbook' : 'runbooks'} so far`,
        value: { guide },
      })),
    ],
    { title: 'New Runbook (2/2)', placeholder: 'Where?' },
  );
  if (!where) return;
  if ('guide' in where) {
    await editGuide(deps.guides.uriOf(where.guide), (source) => insertRunbook(source, where.guide, title));
    return;
  }
  const text = runbookFile(title, where.form);
  const uri = await writeNew(vscode.Uri.joinPath(folder, 'runbooks'), runbookFileName(title), text);
  await vscode.window.showTextDocument(uri);
};

/** Copies the product's guide, and what it links to, into the workspace; nothing there is overwritten. */
export const newGuide: CommandFactory = (deps) => async () => {
  const folder = guideFolder();
  if (!folder) return;
  const organisation = await askText({
    title: 'New Guide',
    prompt: 'Whose incidents are these? The name of your organisation or team, for the title.',
    validate: (text) => (plainTitle(text) ? undefined : 'Give it a name.'),
  });
  if (organisation === undefined) return;
  const source = new TextDecoder().decode(await vscode.workspace.fs.readFile(deps.defaultGuide));
  const uri = await writeNew(folder, 'incident-guide.md', guideFor(organisation, source));
  for (const name of ['rollback-guide.md', 'scaling-guide.md', 'deploy-guide.md']) {
    const to = vscode.Uri.joinPath(folder, name);
    if (!(await exists(to)))
      await vscode.workspace.fs.copy(vscode.Uri.joinPath(deps.defaultGuide, '..', name), to);
  }
  await vscode.window.showTextDocument(uri);
};
