import * as vscode from 'vscode';
import type { Guide } from '../../core/guide/guide.ts';
import { looksLikeGuide } from '../../core/guide/looksLikeGuide.ts';
import { lintedSteps, type LintedStep } from '../../core/lint/lintedStep.ts';
import { linesOf } from '../../core/lint/textEdit.ts';
import { parseGuide, type GuideLibrary } from '../guides/guideLibrary.ts';

export const markdown: vscode.DocumentSelector = { language: 'markdown' };

/** A guide as it stands in an editor, saved or not. */
export interface OpenGuide {
  readonly source: string;
  readonly lines: readonly string[];
  readonly guide: Guide;
  readonly steps: readonly LintedStep[];
}

export interface GuideDocuments {
  /** The guide in a document; undefined for Markdown that is none. Read once for each version. */
  read(document: vscode.TextDocument): OpenGuide | undefined;
  dispose(): void;
}

/** Reads guides out of editors. Their paths are the documents' own, so that links resolve beside them. */
export function createGuideDocuments(guides: Pick<GuideLibrary, 'all' | 'uriOf'>): GuideDocuments {
  const known = new Map<string, { readonly version: number; readonly guide: OpenGuide | undefined }>();
  const closed = vscode.workspace.onDidCloseTextDocument(({ uri }) => known.delete(uri.toString()));
  const isKnown = (uri: vscode.Uri): boolean =>
    guides.all().some((guide) => guides.uriOf(guide).toString() === uri.toString());
  const parse = (document: vscode.TextDocument): OpenGuide | undefined => {
    const source = document.getText();
    // A guide that is broken in the middle of an edit is still the one it was.
    if (!looksLikeGuide(source) && !isKnown(document.uri)) return undefined;
    const lines = linesOf(source);
    const guide = parseGuide(source, { file: document.uri.path });
    return { source, lines, guide, steps: lintedSteps(guide, lines) };
  };
  return {
    read(document) {
      if (document.languageId !== 'markdown') return undefined;
      const key = document.uri.toString();
      const before = known.get(key);
      if (before?.version === document.version) return before.guide;
      const guide = parse(document);
      known.set(key, { version: document.version, guide });
      return guide;
    },
    dispose: () => closed.dispose(),
  };
}
