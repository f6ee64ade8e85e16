import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';

/** Which page: its script and style by name, its title, and what it is told at once, as `data-` attributes. */
export interface PageShell {
  readonly name: 'runbook' | 'report';
  readonly title: string;
  readonly data: Readonly<Record<string, string>>;
}

/** A page's shell: strict CSP, one script with a nonce, nothing inline. */
export function pageHtml(
  webview: vscode.Webview,
  root: vscode.Uri,
  { name, title, data }: PageShell,
): string {
  const nonce = randomBytes(16).toString('base64');
  // The toolkit inserts one style element to learn whether :focus-visible works; it takes this nonce from the meta tag.
  const styleNonce = randomBytes(16).toString('base64');
  const asset = (file: string): string =>
    webview.asWebviewUri(vscode.Uri.joinPath(root, 'dist', 'webview', file)).toString();
  const csp = [
    "default-src 'none'",
    `style-src ${webview.cspSource} 'nonce-${styleNonce}'`,
    `font-src ${webview.cspSource}`,
    `script-src 'nonce-${nonce}'`,
  ].join('; ');
  const attributes = Object.entries(data)
    .map(([key, value]) => ` data-${key}="${escapeAttribute(value)}"`)
    .join('');
  return `<!DOCTYPE html>
<html lang="en">
  <head>
    <meta charset="UTF-8" />
    <meta http-equiv="Content-Security-Policy" content="${csp}" />
    <meta property="csp-nonce" content="${styleNonce}" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <link rel="stylesheet" href="${asset(`${name}.css`)}" />
    <title>${escapeAttribute(title)}</title>
  </head>
  <body${attributes}>
    <div id="root"></div>
    <script nonce="${nonce}" src="${asset(`${name}.js`)}"></script>
  </body>
</html>`;
}

const escapeAttribute = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
