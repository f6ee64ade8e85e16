import * as path from 'node:path';
import * as vscode from 'vscode';
import { failed, messageOf, ok, type Result } from '../../core/errors.ts';
import { isInFolder, postMortemFolder } from './postMortemPlace.ts';
import { sha256 } from '../../journal/sha256.ts';

const draftScheme = 'incident-draft';

export interface SavedDraft {
  readonly file: string;
  readonly sha256: string;
}

export interface PostMortemFiles {
  /** The folder of the setting, in the workspace; without a workspace the given fallback folder. */
  uriFor(fileName: string): vscode.Uri;
  isInFolder(uri: vscode.Uri): boolean;
  /** Writes and opens the first draft; a file that is there already is opened and left as it is. */
  open(uri: vscode.Uri, text: string): Promise<Result<SavedDraft & { readonly wasThere: boolean }>>;
  /** Shows a new draft beside the file, which stays editable. */
  compare(uri: vscode.Uri, text: string): Promise<void>;
  dispose(): void;
}

export function createPostMortemFiles(fallbackFolder: vscode.Uri): PostMortemFiles {
  const drafts = new Map<string, string>();
  const provider = vscode.workspace.registerTextDocumentContentProvider(draftScheme, {
    provideTextDocumentContent: (uri) => drafts.get(uri.path) ?? '',
  });
  const uriFor = (fileName: string): vscode.Uri =>
    vscode.Uri.joinPath(postMortemFolder(fallbackFolder), fileName);
  return {
    uriFor,
    isInFolder: (uri) => isInFolder(uri, postMortemFolder(fallbackFolder)),
    async open(uri, text) {
      const file = vscode.workspace.asRelativePath(uri, false);
      try {
        const there = await readIfThere(uri);
        if (there === undefined) await vscode.workspace.fs.writeFile(uri, Buffer.from(text));
        await vscode.window.showTextDocument(uri, { preview: false });
        return ok({ file, sha256: sha256(there ?? text), wasThere: there !== undefined });
      } catch (thrown) {
        return failed(
          'storage',
          `The post-mortem could not be saved to ${file}. The incident's journal is whole; choose another folder in the setting "incident.postMortems.folder" and draft it again.`,
          messageOf(thrown),
        );
      }
    },
    async compare(uri, text) {
      const fileName = path.posix.basename(uri.path);
      const draft = vscode.Uri.from({
        scheme: draftScheme,
        path: `/${sha256(text).slice(0, 12)}/${fileName}`,
      });
      drafts.set(draft.path, text);
      await vscode.commands.executeCommand('vscode.diff', draft, uri, `${fileName}: new draft ↔ yours`);
    },
    dispose: () => provider.dispose(),
  };
}

async function readIfThere(uri: vscode.Uri): Promise<string | undefined> {
  try {
    return new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
  } catch (thrown) {
    if (thrown instanceof vscode.FileSystemError && thrown.code === 'FileNotFound') return undefined;
    throw thrown;
  }
}
