import * as path from 'node:path';
import * as vscode from 'vscode';
import type { PostMortemStatus } from '../../core/incident/events.ts';
import { postMortemStatuses, statusNames, whyNotStatus } from '../../core/incident/postMortemStatus.ts';
import { readHead, withStatus } from '../../core/postmortem/documentHead.ts';
import { postMortemFileName } from '../../core/postmortem/fileName.ts';
import { incidentOfDocument } from '../../core/postmortem/generatedBase.ts';
import { lintPostMortem, looksLikePostMortem } from '../../core/postmortem/lint/lintPostMortem.ts';
import { refreshPostMortem as refresh } from '../../core/postmortem/refreshPostMortem.ts';
import { pick } from '../ask/ask.ts';
import { generatePostMortem } from '../postmortem/postMortemText.ts';
import type { CommandDeps, CommandFactory } from './commandDeps.ts';
import { record, type OnIncident } from './onIncident.ts';
import { sha256 } from '../../journal/sha256.ts';

export interface OpenPostMortem {
  readonly document: vscode.TextDocument;
  /** Undefined when the document names no incident, or one that is not in this journal. */
  readonly at: OnIncident | undefined;
}

/**
 * The post-mortem that is meant: the one clicked, the one in front, else that of the incident at hand. Says so where
 * there is none.
 */
export async function findPostMortem(
  deps: CommandDeps,
  clicked?: unknown,
): Promise<OpenPostMortem | undefined> {
  await Promise.all([deps.session.ready(), deps.guides.load()]);
  const document = await documentMeant(deps, clicked);
  if (!document) {
    const draft = 'Draft Post-Mortem';
    void vscode.window
      .showInformationMessage('No post-mortem is open. Open one, or draft it from the journal.', draft)
      .then((answer) => {
        if (answer === draft) void vscode.commands.executeCommand('incident.draftPostMortem');
      });
    return undefined;
  }
  const id = incidentOfDocument(document.getText()) ?? deps.session.current()?.id;
  const incident = id === undefined ? undefined : await incidentOf(deps, id);
  return {
    document,
    at: incident && { incident, guide: deps.guides.guideOf(incident.guideFile) },
  };
}

async function documentMeant(
  { postMortems, session }: CommandDeps,
  clicked: unknown,
): Promise<vscode.TextDocument | undefined> {
  if (clicked instanceof vscode.Uri) return vscode.workspace.openTextDocument(clicked);
  const front = vscode.window.activeTextEditor?.document;
  if (front && looksLikePostMortem(front.getText(), postMortems.isInFolder(front.uri))) return front;
  const incident = session.current();
  if (!incident) return undefined;
  const uri = postMortems.uriFor(postMortemFileName(incident));
  try {
    await vscode.workspace.fs.stat(uri);
  } catch {
    return undefined; // not drafted yet
  }
  return vscode.workspace.openTextDocument(uri);
}

async function incidentOf({ incidents }: CommandDeps, id: string) {
  const known = incidents.get(id);
  if (known) return known;
  const read = await incidents.refresh(id);
  return read.ok ? read.value : undefined;
}

export const folderOf = (document: vscode.TextDocument): string => path.dirname(document.uri.fsPath);

/** Brings the document up to its journal; every line that was edited stays, and it is said which did. */
export const refreshPostMortem: CommandFactory = (deps) => async (clicked, part) => {
  const open = await findPostMortem(deps, clicked);
  if (!open) return;
  const { document, at } = open;
  if (!at) {
    void vscode.window.showWarningMessage(
      'The journal of this post-mortem’s incident is not here. Nothing was touched; open it on the machine, or with the journal folder, it was written in.',
    );
    return;
  }
  const generated = await generatePostMortem(deps, at, document.uri.fsPath);
  const result = refresh(document.getText(), generated, part === 'timeline' ? 'timeline' : 'all');
  if (!result.ok) {
    void vscode.window.showWarningMessage(result.failure.message);
    return;
  }
  const { text, renewed, kept } = result.value;
  await replaceText(document, text);
  const what = part === 'timeline' ? 'The timeline' : 'The post-mortem';
  const news = renewed === 0 ? `${what} is as the journal has it.` : `${what} follows the journal again.`;
  if (kept.length === 0) {
    void vscode.window.showInformationMessage(`${news} Nothing that you wrote was touched.`);
    return;
  }
  const lines = kept.map(({ line }) => line);
  const compare = 'Compare';
  const answer = await vscode.window.showInformationMessage(
    `${news} What you wrote stays at ${lines.length === 1 ? 'line' : 'lines'} ${lines.slice(0, 8).join(', ')}, where the journal says something else by now.`,
    compare,
  );
  if (answer === compare) await deps.readOnlyTexts.compare('post-mortem.md', generated, document.getText());
};

/** Only what differs is replaced, as one step that can be undone: cursors and folds elsewhere stay. */
async function replaceText(document: vscode.TextDocument, text: string): Promise<void> {
  const before = document.getText();
  if (before === text) return;
  let start = 0;
  while (start < before.length && before[start] === text[start]) start++;
  let end = 0;
  const most = Math.min(before.length, text.length) - start;
  while (end < most && before[before.length - 1 - end] === text[text.length - 1 - end]) end++;
  const range = new vscode.Range(document.positionAt(start), document.positionAt(before.length - end));
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, range, text.slice(start, text.length - end));
  await vscode.workspace.applyEdit(edit);
}

/** Draft, in review, reviewed: what the lint calls an error keeps it from the last two. */
export const setPostMortemStatus: CommandFactory = (deps) => async (clicked) => {
  const open = await findPostMortem(deps, clicked);
  if (!open) return;
  const { document, at } = open;
  const eol = document.eol === vscode.EndOfLine.CRLF ? '\r\n' : '\n';
  const linesOf = (): string[] => document.getText().split(/\r?\n/);
  const file = vscode.workspace.asRelativePath(document.uri, false);
  // A document by hand that no incident calls its own has its status in itself alone.
  const isOwn =
    incidentOfDocument(document.getText()) !== undefined || at?.incident.postMortem?.file === file;
  const incident = isOwn ? at?.incident : undefined;
  const now = incident?.postMortem?.status ?? readHead(linesOf()).status?.value ?? 'draft';
  const status = await pick<PostMortemStatus>(
    postMortemStatuses.map((one) => ({
      label: statusNames[one],
      description: one === now ? 'as it is' : (whyNotStatus(now, one) ?? ''),
      value: one,
    })),
    {
      title: 'Status of the Post-Mortem',
      placeholder: 'What the lint calls an error has to be mended first',
    },
  );
  if (status === undefined) return;
  const refusal = whyNotStatus(now, status);
  if (refusal !== undefined) {
    void vscode.window.showWarningMessage(refusal);
    return;
  }
  if (status !== 'draft' && (await isHeldBack(deps, document, statusNames[status]))) return;
  await replaceText(document, withStatus(linesOf(), status).join(eol));
  if (!(await document.save())) {
    void vscode.window.showErrorMessage(
      'The post-mortem could not be saved, so its status was not recorded. Save it and set the status again.',
    );
    return;
  }
  if (!incident) return;
  await record(deps, incident, {
    type: 'SetPostMortemStatus',
    data: { status, file, sha256: sha256(document.getText()) },
  });
};

async function isHeldBack(
  deps: CommandDeps,
  document: vscode.TextDocument,
  wanted: string,
): Promise<boolean> {
  const people = (await deps.people.load()).people.map(({ name }) => name);
  const errors = lintPostMortem(document.getText(), { now: deps.now(), people }).filter(
    ({ severity }) => severity === 'error',
  );
  const [first] = errors;
  if (!first) return false;
  const show = 'Show Problems';
  const more =
    errors.length > 1
      ? ` ${errors.length - 1} more ${errors.length === 2 ? 'is' : 'are'} among the problems.`
      : '';
  void vscode.window
    .showWarningMessage(
      `It is not “${wanted}” yet. Line ${first.line}: ${first.message}${more} Nothing was changed.`,
      show,
    )
    .then((answer) => {
      if (answer === show) void vscode.commands.executeCommand('workbench.actions.view.problems');
    });
  return true;
}
