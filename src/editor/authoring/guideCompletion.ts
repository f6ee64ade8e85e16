import * as vscode from 'vscode';
import { completeGuide, type Completion } from '../../core/authoring/completeGuide.ts';
import { suggestValues } from '../../core/plan/words/placeholders.ts';
import type { Session } from '../session.ts';
import { toRange } from '../guides/toRange.ts';
import { markdown, type GuideDocuments } from './guideDocuments.ts';
import type { LiveNames } from './startAuthoring.ts';

/** A list that is not there by then is offered at the next key: the look-up goes on and is kept. */
const patienceMs = 1_000;
/** How long names of a system hold. */
const holdsMs = 15_000;

/** Offers attributes, kinds and names while a guide is written. Systems are asked for names of a pinned target alone. */
export function registerGuideCompletion(
  documents: GuideDocuments,
  session: Session,
  liveNames: LiveNames,
): vscode.Disposable {
  const abort = new AbortController();
  const known = new Map<string, { readonly askedAt: number; readonly names: Promise<readonly string[]> }>();
  const ask: LiveNames = (kind, target, signal) => {
    const key = JSON.stringify([kind, target]);
    const before = known.get(key);
    if (before && performance.now() - before.askedAt < holdsMs) return before.names;
    const names = liveNames(kind, target, signal);
    known.set(key, { askedAt: performance.now(), names });
    return names;
  };

  const fromSystems = async (
    { of, namespace }: Extract<Completion, { kind: 'names' }>,
    token: vscode.CancellationToken,
  ): Promise<readonly string[]> => {
    const incident = session.current();
    // Without a pinned target no system is asked: an author need not even have access to one.
    if (!incident || incident.status !== 'active' || !vscode.workspace.isTrusted) return [];
    const target = namespace === undefined ? incident.target : { ...incident.target, namespace };
    if (target.context === undefined && target.argoCdServer === undefined) return [];
    const cut = new Promise<readonly string[]>((resolve) => {
      const timer = setTimeout(() => resolve([]), patienceMs);
      token.onCancellationRequested(() => {
        clearTimeout(timer);
        resolve([]);
      });
    });
    return Promise.race([ask(of, target, abort.signal), cut]);
  };
  const seenNames = ({ of }: Extract<Completion, { kind: 'names' }>): readonly string[] => {
    const incident = session.current();
    return incident
      ? suggestValues(
          { name: of, written: `<${of}>`, kind: of },
          {
            ...(incident.service === undefined ? {} : { service: incident.service }),
            target: incident.target,
            seen: incident.seen,
          },
        )
      : [];
  };

  const provider = vscode.languages.registerCompletionItemProvider(
    markdown,
    {
      provideCompletionItems: async (document, position, token) => {
        const open = documents.read(document);
        if (!open) return undefined;
        const found = completeGuide(open.lines, open.steps, {
          line: position.line + 1,
          column: position.character + 1,
        });
        if (!found) return undefined;
        const range = toRange(found.range);
        if (found.kind === 'items')
          return found.items.map(({ label, detail, documentation, insert }) => {
            const item = new vscode.CompletionItem(label, vscode.CompletionItemKind.Property);
            item.detail = detail;
            if (documentation !== '') item.documentation = documentation;
            item.insertText = new vscode.SnippetString(insert.replaceAll('}', '\\}'));
            item.range = range;
            item.filterText = document.getText(range).startsWith('"') ? `"${label}` : label;
            return item;
          });
        const seen = seenNames(found);
        const live = await fromSystems(found, token);
        const items = [...new Set([...seen, ...live])].map((name, index) => {
          const item = new vscode.CompletionItem(name, vscode.CompletionItemKind.Value);
          item.detail = seen.includes(name) ? `${found.of}, seen in this incident` : found.of;
          item.range = range;
          item.sortText = String(index).padStart(5, '0');
          return item;
        });
        return new vscode.CompletionList(items, true);
      },
    },
    '{',
    '"',
    '=',
    '<',
    '/',
    ' ',
    '.',
  );
  return {
    dispose: () => {
      abort.abort();
      provider.dispose();
    },
  };
}
