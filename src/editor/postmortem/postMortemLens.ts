import * as vscode from 'vscode';
import { readHead } from '../../core/postmortem/documentHead.ts';
import { incidentOfDocument } from '../../core/postmortem/generatedBase.ts';
import { sectionsOf } from '../../core/postmortem/sectionRange.ts';
import { markdown } from '../authoring/guideDocuments.ts';
import type { PostMortemDocuments } from './startPostMortem.ts';

/**
 * *Refresh timeline* over the timeline and *Refresh everything* over the title, where the document says what was
 * generated; what comes next for its status over its status.
 */
export function registerPostMortemLens(documents: PostMortemDocuments): vscode.Disposable {
  return vscode.languages.registerCodeLensProvider(markdown, {
    provideCodeLenses: (document) => {
      if (!documents.isOne(document)) return [];
      const text = document.getText();
      const lines = text.split(/\r?\n/);
      const sections = sectionsOf(lines);
      const lens = (line: number, title: string, command: string, ...rest: readonly unknown[]) =>
        new vscode.CodeLens(new vscode.Range(line, 0, line, 0), {
          title,
          command,
          arguments: [document.uri, ...rest],
        });
      const { status } = readHead(lines);
      const lenses = status?.value
        ? [lens(status.line, '$(checklist) Change the status', 'incident.setPostMortemStatus')]
        : [];
      if (incidentOfDocument(text) === undefined) return lenses;
      const timeline = sections.find(({ kind }) => kind === 'timeline');
      const title = sections.find(({ level }) => level === 1);
      if (title)
        lenses.push(lens(title.line, '$(sync) Refresh everything', 'incident.refreshPostMortem', 'all'));
      if (timeline)
        lenses.push(
          lens(timeline.line, '$(sync) Refresh timeline', 'incident.refreshPostMortem', 'timeline'),
        );
      return lenses;
    },
  });
}
