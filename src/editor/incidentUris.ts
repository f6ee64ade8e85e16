import * as vscode from 'vscode';

/** Links of the extension, `vscode://incident-response.incident-response/…`: a command takes what they carry apart. */
export const registerIncidentUris = (): vscode.Disposable =>
  vscode.window.registerUriHandler({
    handleUri: ({ path, query }) => void vscode.commands.executeCommand('incident.followLink', path, query),
  });
