import * as vscode from 'vscode';
import { completePostMortem, type PostMortemItem } from '../../core/postmortem/completePostMortem.ts';
import { incidentOfDocument } from '../../core/postmortem/generatedBase.ts';
import { markdown } from '../authoring/guideDocuments.ts';
import { toRange } from '../guides/toRange.ts';
import type { PostMortemDeps, PostMortemDocuments } from './startPostMortem.ts';

const kinds: Readonly<Record<PostMortemItem['kind'], vscode.CompletionItemKind>> = {
  person: vscode.CompletionItemKind.User,
  incident: vscode.CompletionItemKind.Reference,
  row: vscode.CompletionItemKind.Event,
};

/** Offers people behind `@`, incidents behind `#` and rows of the journal behind `[` in the timeline. */
export function registerPostMortemCompletion(
  documents: PostMortemDocuments,
  { incidents, people, session }: PostMortemDeps,
): vscode.Disposable {
  return vscode.languages.registerCompletionItemProvider(
    markdown,
    {
      provideCompletionItems: async (document, position) => {
        if (!documents.isOne(document)) return undefined;
        const text = document.getText();
        await session.ready();
        const id = incidentOfDocument(text);
        const incident = id === undefined ? undefined : incidents.get(id);
        const known = (await people.load()).people;
        const others = [...new Set(incident?.events.map(({ by }) => by))]
          .filter((name) => known.every((one) => one.name !== name))
          .map((name) => ({ name, roles: [] }));
        const offer = completePostMortem(
          text.split(/\r?\n/),
          { line: position.line + 1, column: position.character + 1 },
          { people: [...known, ...others], incidents: incidents.summaries(), incident },
        );
        if (!offer) return undefined;
        const range = toRange(offer.range);
        const typed = document.getText(range);
        return offer.items.map(({ label, detail, insert, kind }, index) => {
          const item = new vscode.CompletionItem({ label, description: detail }, kinds[kind]);
          item.insertText = insert;
          item.range = range;
          item.filterText = `${typed.slice(0, 1)}${label.replace(/^\[/, '')} ${detail}`;
          item.sortText = String(index).padStart(5, '0');
          return item;
        });
      },
    },
    '@',
    '#',
    '[',
  );
}
