import assert from 'node:assert/strict';
import * as vscode from 'vscode';

const guide = `# Shop incidents

## Severities

| Severity | Description | Response Time |
|---|---|---|
| SEV1 | down | 15 minutes |
| SEV2 | slow | |

## Runbooks

### Pods crash

\`\`\`bash { ir.tmeout=5m }
# 1. Look at the pods
kubectl get pods -n shop

# 2. If one crashes
kubectl exec -it <pod> -n shop -- ls
\`\`\`

See the [Rollback Guide](rollback-guide.md).
`;

/** The guide's author in a real editor; providers are asked as the editor asks them. */
describe('writing a guide', () => {
  const folder = (): vscode.Uri => {
    const uri = vscode.workspace.workspaceFolders?.[0]?.uri;
    assert.ok(uri);
    return uri;
  };
  const file = (): vscode.Uri => vscode.Uri.joinPath(folder(), 'shop-guide.md');
  let document: vscode.TextDocument;

  before(async () => {
    await vscode.workspace.fs.writeFile(file(), new TextEncoder().encode(guide));
    document = await vscode.workspace.openTextDocument(file());
    await vscode.window.showTextDocument(document);
  });
  after(async () => {
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    for (const name of ['shop-guide.md', 'rollback-guide.md'])
      await vscode.workspace.fs.delete(vscode.Uri.joinPath(folder(), name)).then(undefined, () => undefined);
  });

  const ours = (): readonly vscode.Diagnostic[] =>
    vscode.languages.getDiagnostics(file()).filter(({ source }) => source === 'Incident');
  const codes = (): readonly unknown[] => ours().map(({ code }) => code);
  /** Settles when the diagnostics of the guide are as wanted. */
  const until = (holds: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (!holds()) return;
        subscription.dispose();
        resolve();
      };
      const subscription = vscode.languages.onDidChangeDiagnostics(look);
      look();
    });
  const apply = async (code: string, title: RegExp): Promise<void> => {
    await until(() => codes().includes(code));
    const diagnostic = ours().find((each) => each.code === code);
    assert.ok(diagnostic);
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      file(),
      diagnostic.range,
      vscode.CodeActionKind.QuickFix.value,
    );
    const action = actions.find((each) => title.test(each.title));
    assert.ok(action?.edit, actions.map((each) => each.title).join(', '));
    assert.ok(await vscode.workspace.applyEdit(action.edit));
    await until(() => !codes().includes(code));
  };
  const position = (text: string, behind = 0): vscode.Position =>
    document.positionAt(document.getText().indexOf(text) + behind);

  it('shows each mistake at its place', async () => {
    await until(() => codes().length >= 4);
    assert.deepEqual(
      ours().map(({ code, range }) => [code, document.getText(range)]),
      [
        ['severity-time-unread', ' '],
        ['attribute-unknown', 'ir.tmeout'],
        ['exec-no-terminal', '-it'],
        ['link-dead', 'rollback-guide.md'],
      ],
    );
  });

  it('shows the plan of a command under the mouse', async () => {
    const at = position('kubectl exec', 3);
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      file(),
      at,
    );
    const text = hovers.flatMap(({ contents }) =>
      contents.map((each) => (each as vscode.MarkdownString).value),
    );
    const shown = text.join('\n').replace(/\\(.)/g, '$1');
    assert.match(shown, /kubectl exec <pod> -n shop/);
    assert.match(shown, /\*\*Risk\*\* change/);
    assert.match(shown, /\*\*Missing\*\*[^*]*pod/);
    assert.match(shown, /\*\*Traps\*\*[^*]*no terminal/);
  });

  it('takes the person’s word for which commands only read, and a file’s for none', async () => {
    const other = vscode.Uri.joinPath(folder(), 'files-guide.md');
    const text = '# Files\n\n## Runbooks\n\n### Look\n\n```bash\n# 1. Look at the files\nls -l\n```\n';
    await vscode.workspace.fs.writeFile(other, new TextEncoder().encode(text));
    const settings = vscode.workspace.getConfiguration('incident.shell');
    const risk = async (): Promise<string | undefined> => {
      const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
        'vscode.executeHoverProvider',
        other,
        new vscode.Position(8, 1),
      );
      const shown = hovers.flatMap(({ contents }) =>
        contents.map((each) => (each as vscode.MarkdownString).value),
      );
      return /\*\*Risk\*\* (\w+)/.exec(shown.join('\n'))?.[1];
    };
    try {
      await vscode.workspace.openTextDocument(other);
      assert.equal(await risk(), 'change');
      await settings.update('readOnlyCommands', ['ls'], vscode.ConfigurationTarget.Global);
      assert.equal(await risk(), 'read');
      await settings.update('readOnlyCommands', ['ls -a'], vscode.ConfigurationTarget.Global);
      assert.equal(await risk(), 'change');
    } finally {
      await settings.update('readOnlyCommands', undefined, vscode.ConfigurationTarget.Global);
      await vscode.workspace.fs.delete(other);
    }
  });

  it('offers attributes in the braces, and kinds behind <', async () => {
    const complete = async (at: vscode.Position, trigger: string) =>
      (
        await vscode.commands.executeCommand<vscode.CompletionList>(
          'vscode.executeCompletionItemProvider',
          file(),
          at,
          trigger,
        )
      ).items.map(({ label }) => (typeof label === 'string' ? label : label.label));
    assert.ok((await complete(position('ir.tmeout', 3), '.')).includes('ir.timeout'));
    assert.ok((await complete(position('<pod>', 1), '<')).includes('deployment'));
  });

  it('puts Run and Preview plan over each step', async () => {
    const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
      'vscode.executeCodeLensProvider',
      file(),
      100,
    );
    const line = (text: string) => position(text).line;
    const of = (command: string) =>
      lenses.filter((lens) => lens.command?.command === command).map(({ range }) => range.start.line);
    assert.deepEqual(of('incident.previewPlan'), [line('```bash'), line('# 2.')]);
    assert.deepEqual(of('incident.runStepAtCursor'), of('incident.previewPlan'));
  });

  it('opens the plan as a document to read', async () => {
    await vscode.commands.executeCommand('incident.previewPlan', file(), position('kubectl exec').line + 1);
    const shown = vscode.window.activeTextEditor?.document;
    assert.equal(shown?.uri.scheme, 'incident-text');
    assert.match(
      shown?.getText() ?? '',
      /^If one crashes\n\nkubectl exec <pod>[^]*\nRisk +change[^]*\nTimeout /,
    );
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
    await vscode.window.showTextDocument(document);
  });

  it('mends what can be mended', async () => {
    await apply('attribute-unknown', /^Rename to ir\.timeout$/);
    await apply('exec-no-terminal', /^Remove -it$/);
    await apply('severity-time-unread', /30 minutes/);
    await apply('link-dead', /^Create/);
    assert.deepEqual(codes(), []);
    assert.match(document.getText(), /\| SEV2 \| slow \| 30 minutes \|/);
  });

  it('says nothing while the setting is off, and no code that is ignored', async () => {
    const settings = vscode.workspace.getConfiguration('incident.authoring');
    const edit = new vscode.WorkspaceEdit();
    edit.insert(file(), position('kubectl get pods'), 'kubectl exec -it web -- ls; ');
    edit.insert(file(), position('kubectl exec', 12), ' -t');
    await vscode.workspace.applyEdit(edit);
    await until(() => codes().includes('exec-no-terminal'));
    try {
      await settings.update('ignore', ['exec-no-terminal'], vscode.ConfigurationTarget.Workspace);
      await until(() => !codes().includes('exec-no-terminal'));
      await settings.update('ignore', undefined, vscode.ConfigurationTarget.Workspace);
      await until(() => codes().includes('exec-no-terminal'));
      await settings.update('diagnostics', false, vscode.ConfigurationTarget.Workspace);
      await until(() => codes().length === 0);
    } finally {
      await settings.update('diagnostics', undefined, vscode.ConfigurationTarget.Workspace);
      await settings.update('ignore', undefined, vscode.ConfigurationTarget.Workspace);
    }
  });

  it('says nothing of Markdown that is no guide', async () => {
    const readme = vscode.Uri.joinPath(folder(), 'README.md');
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(readme));
    await vscode.window.showTextDocument(document);
    assert.deepEqual(
      vscode.languages.getDiagnostics(readme).filter(({ source }) => source === 'Incident'),
      [],
    );
  });
});
