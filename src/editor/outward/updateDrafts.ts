import * as vscode from 'vscode';
import type { Audience } from '../../core/incident/events.ts';

const memoryKey = 'incident.updateDrafts';

/** What a draft that is edited as a document will be, once it is sent. */
export interface UpdateDraft {
  /** The incident's ULID. */
  readonly incident: string;
  readonly audience: 'internal' | Audience;
  /** The guide's slash line it is of: done when it is sent. */
  readonly item?: { readonly id: string; readonly text: string };
}

/** Drafts of updates as untitled documents; an editor that is opened again after a reload still knows them. */
export interface UpdateDrafts {
  open(draft: UpdateDraft, text: string): Promise<void>;
  of(document: vscode.TextDocument): UpdateDraft | undefined;
  /** Closes the document of a draft that has been sent, without asking whether to save it. */
  close(document: vscode.TextDocument): Promise<void>;
  dispose(): void;
}

const titles: Readonly<Record<UpdateDraft['audience'], string>> = {
  internal: 'Send this update',
  executive: 'Send this executive update',
  public: 'Send this public update',
};

export function createUpdateDrafts(memory: vscode.Memento): UpdateDrafts {
  const known = new Map(Object.entries(memory.get<Record<string, UpdateDraft>>(memoryKey, {})));
  const changed = new vscode.EventEmitter<void>();
  const keep = async (): Promise<void> => {
    changed.fire();
    await memory.update(memoryKey, Object.fromEntries(known));
  };
  const of = (document: vscode.TextDocument): UpdateDraft | undefined =>
    document.isUntitled ? known.get(document.uri.toString()) : undefined;
  const subscriptions = [
    changed,
    vscode.workspace.onDidCloseTextDocument((document) => {
      // Also told when the language is changed: then the document is open again at once, and still a draft.
      const isGone = !vscode.workspace.textDocuments.some(
        (open) => open.uri.toString() === document.uri.toString(),
      );
      if (isGone && known.delete(document.uri.toString())) void keep();
    }),
    vscode.languages.registerCodeLensProvider(
      { scheme: 'untitled' },
      {
        onDidChangeCodeLenses: changed.event,
        provideCodeLenses: (document) => {
          const draft = of(document);
          if (!draft) return [];
          const top = new vscode.Range(0, 0, 0, 0);
          return [
            new vscode.CodeLens(top, {
              title: `$(send) ${titles[draft.audience]}`,
              command: 'incident.sendDraft',
              arguments: [document.uri],
            }),
          ];
        },
      },
    ),
  ];
  return {
    of,
    open: async (draft, text) => {
      const document = await vscode.workspace.openTextDocument({ content: text, language: 'markdown' });
      known.set(document.uri.toString(), draft);
      await keep();
      await vscode.window.showTextDocument(document, { preview: false });
    },
    close: async (document) => {
      known.delete(document.uri.toString());
      await keep();
      await vscode.window.showTextDocument(document);
      await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    },
    dispose: () => {
      for (const subscription of subscriptions) subscription.dispose();
    },
  };
}
