import * as vscode from 'vscode';
import { incidentOfDocument } from '../../core/postmortem/generatedBase.ts';
import type * as Chunk from './startPostMortem.ts';
import { requireChunk } from '../chunks/requireChunk.ts';
import { startWhenSeen } from '../guides/startWhenSeen.ts';
import type { LazyActs } from '../lazyActs.ts';

/** The action items of a post-mortem written by hand, by the same lazy chunk. */
export const actionsByHand: typeof Chunk.actionsByHand = (markdown, name) =>
  (requireChunk('postmortem') as typeof Chunk).actionsByHand(markdown, name);

/**
 * Waits for the first post-mortem in an editor and only then reads what helps to write it: lint, quick fixes, lenses and
 * completions are a lazy chunk. One of an incident's own has action items to be kept alike with their issues, by what
 * acts.
 */
export const registerPostMortems = (
  deps: Chunk.PostMortemDeps,
  acts: Pick<LazyActs, 'get'>,
): vscode.Disposable =>
  vscode.Disposable.from(
    startWhenSeen(deps.mayBe, () => (requireChunk('postmortem') as typeof Chunk).startPostMortem(deps)),
    startWhenSeen(
      (document) => incidentOfDocument(document.getText()) !== undefined,
      () => {
        acts.get();
        return new vscode.Disposable(() => undefined);
      },
    ),
  );
