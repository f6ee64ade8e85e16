import * as vscode from 'vscode';
import { soakNow } from '../core/resolution/foldResolution.ts';
import type { Incident } from '../core/incident/incident.ts';
import type { Incidents } from '../journal/incidents.ts';
import type { ContextKey } from './manifest.ts';

const currentKey = 'incident.current';

/** Which incident this window works on. */
export interface Session {
  current(): Incident | undefined;
  switchTo(id: string): Promise<void>;
  /** Reads the journals once and sets the context keys. */
  ready(): Promise<void>;
  /** Has everybody who draws look again: for what no journal tells of. */
  redraw(): void;
  readonly onDidChange: vscode.Event<void>;
  dispose(): void;
}

export function createSession(
  incidents: Incidents,
  memory: vscode.Memento,
  runs: { isRunning(): boolean; readonly onDidChange: vscode.Event<string> },
  prepare: { before: () => Promise<void>; after: () => Promise<void> },
): Session {
  const changed = new vscode.EventEmitter<void>();
  let chosen = memory.get<string>(currentKey);
  let loading: Promise<void> | undefined;
  const current = (): Incident | undefined =>
    (chosen === undefined ? undefined : incidents.get(chosen)) ?? incidents.active()[0];
  let isLoaded = false;
  const refresh = (): void => {
    const incident = current();
    // Once shown, an incident stays the current one: another window's declare must not put its own in this place.
    if (isLoaded) chosen = incident?.id ?? chosen;
    const keys: Record<Exclude<ContextKey, 'incident.isReady'>, boolean> = {
      'incident.isActive': incident?.status === 'active',
      'incident.isResolved': incident?.status === 'resolved',
      'incident.hasIncident': incident !== undefined,
      'incident.isAcknowledged': incident?.acknowledgedAt !== undefined,
      'incident.isRunning': runs.isRunning(),
      'incident.isSoaking': incident?.status === 'active' && soakNow(incident) !== undefined,
      'incident.hasSeveral': incidents.active().length > 1,
    };
    for (const [key, value] of Object.entries(keys))
      void vscode.commands.executeCommand('setContext', key, value);
    changed.fire();
  };
  const subscriptions = [
    incidents.onDidChange(refresh),
    runs.onDidChange(() => {
      void vscode.commands.executeCommand('setContext', 'incident.isRunning', runs.isRunning());
    }),
  ];
  return {
    current,
    switchTo: async (id) => {
      chosen = id;
      await memory.update(currentKey, id);
      refresh();
    },
    ready: () =>
      (loading ??= (async () => {
        const [loaded] = await Promise.all([incidents.load(), prepare.before()]);
        isLoaded = true;
        if (!loaded.ok) {
          // The next thing that needs the journals tries again: a folder on a network may be back by then.
          loading = undefined;
          void vscode.window.showErrorMessage(loaded.failure.message);
        }
        await prepare.after();
        await vscode.commands.executeCommand('setContext', 'incident.isReady', true);
        refresh();
      })()),
    redraw: () => changed.fire(),
    onDidChange: changed.event,
    dispose: () => {
      for (const subscription of subscriptions) subscription.dispose();
      changed.dispose();
    },
  };
}
