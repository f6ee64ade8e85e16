import { registerDocumentDiagnostics, type Diagnostics } from '../authoring/documentDiagnostics.ts';
import { getSetting } from '../settings.ts';
import type { PostMortemDocuments } from './startPostMortem.ts';

/** A deadline passes while nobody types. */
const lookAgainMs = 60_000;

/** Shows what keeps the post-mortems in editors from being read with profit; only files, never the sides of a diff. */
export function registerPostMortemDiagnostics(documents: PostMortemDocuments): Diagnostics {
  const diagnostics = registerDocumentDiagnostics({
    name: 'incident.postMortems',
    schemes: ['file', 'vscode-remote'],
    settings: 'incident.postMortems',
    find: async (document) =>
      getSetting('postMortems.lint') && documents.isOne(document) ? documents.lint(document) : undefined,
  });
  const again = setInterval(diagnostics.refreshAll, lookAgainMs);
  return {
    ...diagnostics,
    dispose: () => {
      clearInterval(again);
      diagnostics.dispose();
    },
  };
}
