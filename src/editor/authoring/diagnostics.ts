import * as vscode from 'vscode';
import { lintGuide } from '../../core/lint/lintGuide.ts';
import { linkedFiles } from '../../core/lint/lintLinks.ts';
import { getSetting } from '../settings.ts';
import { pauseMs, registerDocumentDiagnostics, type Diagnostics } from './documentDiagnostics.ts';
import type { GuideDocuments } from './guideDocuments.ts';

/** Shows what is wrong in the guides that stand in editors, a moment after each change; the setting turns it off. */
export function registerDiagnostics(documents: GuideDocuments): Diagnostics {
  const diagnostics = registerDocumentDiagnostics({
    name: 'incident',
    schemes: ['file', 'untitled', 'vscode-remote'],
    settings: 'incident.authoring',
    find: async (document) => {
      const open = getSetting('authoring.diagnostics') ? documents.read(document) : undefined;
      if (!open) return undefined;
      const missingFiles = await missingBeside(document.uri, linkedFiles(open.guide));
      const ignored = new Set(getSetting('authoring.ignore'));
      return lintGuide(open.source, open.guide, { missingFiles }).filter(({ code }) => !ignored.has(code));
    },
  });
  const files = vscode.workspace.createFileSystemWatcher('**/*');
  // A file that comes or goes may be one that is linked to.
  files.onDidCreate(() => diagnostics.refreshAll(pauseMs));
  files.onDidDelete(() => diagnostics.refreshAll(pauseMs));
  return {
    ...diagnostics,
    dispose: () => {
      files.dispose();
      diagnostics.dispose();
    },
  };
}

/** Those of the linked files (paths as the document's own) that are not there; what cannot be looked at counts as there. */
async function missingBeside(uri: vscode.Uri, paths: readonly string[]): Promise<ReadonlySet<string>> {
  if (uri.scheme === 'untitled') return new Set();
  const looked = await Promise.all(
    paths.map(async (path) => {
      try {
        await vscode.workspace.fs.stat(uri.with({ path }));
        return [];
      } catch (thrown) {
        return thrown instanceof vscode.FileSystemError && thrown.code === 'FileNotFound' ? [path] : [];
      }
    }),
  );
  return new Set(looked.flat());
}
