import type * as vscode from 'vscode';
import type * as Chunk from './startPostMortem.ts';
import { requireChunk } from '../chunks/requireChunk.ts';
import { startWhenSeen } from '../guides/startWhenSeen.ts';

/** The action items of a post-mortem written by hand, by the same lazy chunk. */
export const actionsByHand: typeof Chunk.actionsByHand = (markdown, name) =>
  (requireChunk('postmortem') as typeof Chunk).actionsByHand(markdown, name);

/**
 * Waits for the first post-mortem in an editor and only then reads what helps to write it: lint, quick fixes, lenses and
 * completions are a lazy chunk.
 */
export const registerPostMortems = (deps: Chunk.PostMortemDeps): vscode.Disposable =>
  startWhenSeen(deps.mayBe, () => (requireChunk('postmortem') as typeof Chunk).startPostMortem(deps));
