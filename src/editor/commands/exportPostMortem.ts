import * as path from 'node:path';
import * as vscode from 'vscode';
import { messageOf } from '../../core/errors.ts';
import { htmlDocument, picturesIn } from '../../core/postmortem/convert/htmlDocument.ts';
import { slackText } from '../../core/postmortem/convert/slackText.ts';
import { wikiText } from '../../core/postmortem/convert/wikiText.ts';
import { pick } from '../ask/ask.ts';
import type { CommandFactory } from './commandDeps.ts';
import { findPostMortem } from './postMortems.ts';

/** What a browser shows as a picture, by the file's ending. */
const mediaTypes: Readonly<Record<string, string>> = {
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.gif': 'image/gif',
  '.webp': 'image/webp',
};
/** A larger picture stays a link. */
const LARGEST_PICTURE = 10 * 1_048_576;

/** Writes the post-mortem beside itself as one HTML file, styles and pictures in it, to be read or printed. */
export const exportPostMortem: CommandFactory = (deps) => async (clicked) => {
  const open = await findPostMortem(deps, clicked);
  if (!open) return;
  const { document } = open;
  const markdown = document.getText();
  const { pictures, missing } = await readPictures(document.uri, picturesIn(markdown));
  const title = /^#\s+(.*)$/m.exec(markdown)?.[1] ?? path.basename(document.uri.path);
  const uri = document.uri.with({ path: document.uri.path.replace(/\.md$/i, '') + '.html' });
  const name = path.basename(uri.path);
  try {
    await vscode.workspace.fs.writeFile(uri, Buffer.from(htmlDocument({ markdown, title, pictures })));
  } catch (thrown) {
    void vscode.window.showErrorMessage(
      `The post-mortem could not be written to ${name} (${messageOf(thrown)}). The document is whole; make room or choose another folder, and export it again.`,
    );
    return;
  }
  const show = 'Open in Browser';
  const left = missing.length === 0 ? '' : ` Not in it, but linked: ${missing.join(', ')}.`;
  void vscode.window
    .showInformationMessage(`Written to ${name}, ready to be sent or printed as PDF.${left}`, show)
    .then((answer) => {
      if (answer === show) void vscode.env.openExternal(uri);
    });
};

async function readPictures(
  document: vscode.Uri,
  addresses: readonly string[],
): Promise<{ pictures: Map<string, string>; missing: string[] }> {
  const pictures = new Map<string, string>();
  const missing: string[] = [];
  for (const address of addresses) {
    const type = mediaTypes[path.posix.extname(address.split(/[?#]/)[0] ?? '').toLowerCase()];
    if (type === undefined || /^[a-z][a-z0-9+.-]*:/i.test(address)) {
      missing.push(address);
      continue;
    }
    try {
      const file = vscode.Uri.joinPath(document, '..', decodeURI(address));
      const bytes = await vscode.workspace.fs.readFile(file);
      if (bytes.length > LARGEST_PICTURE) missing.push(address);
      else pictures.set(address, `data:${type};base64,${Buffer.from(bytes).toString('base64')}`);
    } catch {
      missing.push(address); // it stays a link, and that is said
    }
  }
  return { pictures, missing };
}

/** Puts the post-mortem on the clipboard as Slack, Confluence or Jira want it. */
export const copyPostMortem: CommandFactory = (deps) => async (clicked) => {
  const open = await findPostMortem(deps, clicked);
  if (!open) return;
  const markdown = open.document.getText();
  const text = await pick<() => string>(
    [
      { label: 'Slack', description: 'mrkdwn, for a message', value: () => slackText(markdown) },
      {
        label: 'Confluence',
        description: 'wiki markup, for Insert > Markup',
        value: () => wikiText(markdown, 'confluence'),
      },
      {
        label: 'Jira',
        description: 'wiki notation, for a description or comment',
        value: () => wikiText(markdown, 'jira'),
      },
    ],
    {
      title: 'Copy Post-Mortem As',
      placeholder: 'Links that only work beside the document become their text',
    },
  );
  if (!text) return;
  await vscode.env.clipboard.writeText(text());
  vscode.window.setStatusBarMessage('Copied', 2_000);
};
