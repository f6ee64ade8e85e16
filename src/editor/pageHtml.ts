import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';

/** The runbook page's shell: strict CSP, one script with a nonce, nothing inline. */
export function pageHtml(webview: vscode.Webview, root: vscode.Uri, sequence: string): string {
  const nonce = randomBytes(16).toString('base64');
  // The toolkit inserts one style element to learn whether :focus-visible works; it takes this nonce from the meta tag.
  const styleNonce = randomBytes(16).toString('base64');
  const asset = (name: string): string =>
    webview.asWebviewUri(vscode.Uri.joinPath(root, 'dist', 'webview', name)).toString();
  const csp = [
    "default-src 'none'",
    `style-src ${webview.cspSource} 'nonce-${styleNonce}'`,
    `font-src ${webview.cspSource}`,
    `script-src 'nonce-${nonce}'`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="en">
  <head>
    <meta charset="UTF-8" />
    <meta http-equiv="Content-Security-Policy" content="${csp}" />
    <meta property="csp-nonce" content="${styleNonce}" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <link rel="stylesheet" href="${asset('runbook.css')}" />
    <title>Runbook</title>
  </head>
  <body data-sequence="${escapeAttribute(sequence)}">
    <div id="root"></div>
    <script nonce="${nonce}" src="${asset('runbook.js')}"></script>
  </body>
</html>`;
}

const escapeAttribute = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
