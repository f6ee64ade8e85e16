import assert from 'node:assert/strict';
import * as vscode from 'vscode';

describe('the editor that runs these tests', () => {
  it('is a real VS Code of the oldest version we support or newer, with a folder open', async () => {
    const [major = 0, minor = 0] = vscode.version.split('.').map(Number);
    assert.ok(major > 1 || (major === 1 && minor >= 125), `VS Code ${vscode.version} is too old`);
    assert.equal(vscode.workspace.workspaceFolders?.length, 1);
    assert.ok((await vscode.commands.getCommands(true)).includes('workbench.action.files.save'));
  });
});
