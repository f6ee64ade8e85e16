import * as vscode from 'vscode';
import type { Target, ValueKind } from '../../core/plan/plan.ts';
import type { GuideLibrary } from '../guides/guideLibrary.ts';
import type { Session } from '../session.ts';
import { registerDiagnostics } from './diagnostics.ts';
import { registerGuideCompletion } from './guideCompletion.ts';
import { createGuideDocuments } from './guideDocuments.ts';
import { registerPlanHover } from './planHover.ts';
import { registerQuickFixes } from './quickFixes.ts';
import { registerStepLens } from './stepLens.ts';

/** Asks the systems of a pinned target for names of one kind; an empty list where nothing can be known. */
export type LiveNames = (kind: ValueKind, target: Target, signal: AbortSignal) => Promise<readonly string[]>;

export interface AuthoringDeps {
  readonly guides: GuideLibrary;
  readonly session: Session;
  readonly liveNames: LiveNames;
}

/** What helps the author of a guide in the editor: registered for Markdown beside the built-in help. */
export function startAuthoring({ guides, session, liveNames }: AuthoringDeps): vscode.Disposable {
  const documents = createGuideDocuments(guides);
  const diagnostics = registerDiagnostics(documents);
  return vscode.Disposable.from(
    documents,
    diagnostics,
    registerQuickFixes(diagnostics),
    registerStepLens(documents, guides),
    registerPlanHover(documents, session),
    registerGuideCompletion(documents, session, liveNames),
  );
}
