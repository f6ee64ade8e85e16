import * as vscode from 'vscode';
import type * as Chunk from '../acts.ts';
import { reportPanelType, runbookPanelType } from './manifest.ts';
import { requireChunk } from './chunks/requireChunk.ts';

/** What acts, read from disk when something is first done: a window where nothing is done starts without it. */
export interface LazyActs {
  get(): Chunk.Acts;
  /** Nothing runs in this window before anything was done. */
  isRunning(run?: string): boolean;
  /** Fires with the run's id. */
  readonly onDidChange: vscode.Event<string>;
  /** Ends what runs; settles when each end is in the journal. */
  end(): Promise<void>;
  dispose(): void;
}

export function createLazyActs(deps: () => Chunk.ActsDeps): LazyActs {
  let acts: Chunk.Acts | undefined;
  const changed = new vscode.EventEmitter<string>();
  const get = (): Chunk.Acts => {
    if (acts) return acts;
    acts = (requireChunk('acts') as typeof Chunk).createActs(deps());
    acts.runs.onDidChange((run) => changed.fire(run));
    return acts;
  };
  const serializer = vscode.window.registerWebviewPanelSerializer(runbookPanelType, {
    deserializeWebviewPanel: (panel, state: unknown) => get().restorePage(panel, state),
  });
  const reports = vscode.window.registerWebviewPanelSerializer(reportPanelType, {
    deserializeWebviewPanel: (panel, state: unknown) => {
      get().restoreReport(panel, state);
      return Promise.resolve();
    },
  });
  return {
    get,
    isRunning: (run) => acts?.runs.isRunning(run) ?? false,
    onDidChange: changed.event,
    end: async () => acts?.dispose(),
    dispose: () => {
      serializer.dispose();
      reports.dispose();
      changed.dispose();
    },
  };
}
