import type * as vscode from 'vscode';
import { looksLikeGuide } from '../../core/guide/looksLikeGuide.ts';
import type * as Chunk from '../authoring/startAuthoring.ts';
import { requireChunk } from '../chunks/requireChunk.ts';
import { startWhenSeen } from './startWhenSeen.ts';

/**
 * Waits for the first guide in an editor and only then reads what helps its author: diagnostics, quick fixes, lenses,
 * hovers and completions are a lazy chunk, so that a window without a guide in sight starts without them.
 */
export const registerAuthoring = (deps: Chunk.AuthoringDeps): vscode.Disposable =>
  startWhenSeen(
    (document) => looksLikeGuide(document.getText()),
    () => (requireChunk('authoring') as typeof Chunk).startAuthoring(deps),
  );
