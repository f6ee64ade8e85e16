import * as vscode from 'vscode';
import type { IncidentRecord } from '../../core/history/incidentRecord.ts';
import { parsePostMortem } from '../../core/history/parsePostMortem.ts';
import type { LintProblem } from '../../core/lint/lintProblem.ts';
import { lintPostMortem, looksLikePostMortem } from '../../core/postmortem/lint/lintPostMortem.ts';
import type { Incidents } from '../../journal/incidents.ts';
import { registerQuickFixes } from '../authoring/quickFixes.ts';
import type { People } from '../people/peopleFile.ts';
import type { Session } from '../session.ts';
import { registerPostMortemCompletion } from './postMortemCompletion.ts';
import { registerPostMortemDiagnostics } from './postMortemDiagnostics.ts';
import { registerPostMortemLens } from './postMortemLens.ts';

export interface PostMortemDeps {
  readonly session: Session;
  readonly incidents: Incidents;
  readonly people: People;
  /** UTC ISO 8601. */
  readonly now: () => string;
  /** Whether a Markdown document may be a post-mortem: cheap, and never false for one that is. */
  readonly mayBe: (document: vscode.TextDocument) => boolean;
}

export interface PostMortemDocuments {
  isOne(document: vscode.TextDocument): boolean;
  lint(document: vscode.TextDocument): Promise<readonly LintProblem[]>;
}

/** The action items of a post-mortem written by hand: here, with the rest of what reads one. */
export const actionsByHand = (markdown: string, name: string): IncidentRecord['actions'] =>
  parsePostMortem(markdown, name)?.record.actions;

/** What helps to write a post-mortem in the editor, beside the built-in help for Markdown. */
export function startPostMortem(deps: PostMortemDeps): vscode.Disposable {
  const documents: PostMortemDocuments = {
    // What may be one without saying so lies in the folder.
    isOne: (document) =>
      document.languageId === 'markdown' &&
      deps.mayBe(document) &&
      looksLikePostMortem(document.getText(), true),
    lint: async (document) => {
      const { people } = await deps.people.load();
      return lintPostMortem(document.getText(), {
        now: deps.now(),
        people: people.map(({ name }) => name),
      });
    },
  };
  const diagnostics = registerPostMortemDiagnostics(documents);
  return vscode.Disposable.from(
    diagnostics,
    registerQuickFixes(diagnostics),
    registerPostMortemLens(documents),
    registerPostMortemCompletion(documents, deps),
  );
}
