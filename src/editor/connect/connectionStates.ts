import * as vscode from 'vscode';
import { tellsOfConnection, type Failing, type LastCheck } from '../../core/connections/connectionState.ts';
import type { Failure } from '../../core/errors.ts';
import type { ConnectedAs, ConnectedSystem } from '../../integrations/connection.ts';
import { tokenNameOf } from '../secrets.ts';

/** How each connection went the last time, by system and origin. Checks outlive the window, failures do not. */
export interface ConnectionStates {
  of(
    system: ConnectedSystem,
    baseUrl: string,
  ): { readonly lastCheck: LastCheck | undefined; readonly failing: Failing | undefined };
  /** Something asked of the system failed. What tells of that one thing only is not held against the connection. */
  noteFailure(system: ConnectedSystem, baseUrl: string, failure: Pick<Failure, 'code' | 'message'>): void;
  /** Something asked of the system worked. */
  noteSuccess(system: ConnectedSystem, baseUrl: string): void;
  /** It was asked who the token is, and answered. */
  noteCheck(system: ConnectedSystem, baseUrl: string, checked: ConnectedAs): Promise<void>;
  forget(system: ConnectedSystem, baseUrl: string): Promise<void>;
  readonly onDidChange: vscode.Event<void>;
  dispose(): void;
}

const memoryKey = 'incident.connections';

/** `now` gives UTC ISO 8601. */
export function createConnectionStates(memory: vscode.Memento, now: () => string): ConnectionStates {
  const changed = new vscode.EventEmitter<void>();
  const failing = new Map<string, Failing>();
  const checks = (): Readonly<Record<string, LastCheck>> => memory.get(memoryKey) ?? {};
  const keep = async (key: string, check: LastCheck | undefined): Promise<void> => {
    const others = Object.entries(checks()).filter(([each]) => each !== key);
    await memory.update(memoryKey, Object.fromEntries(check ? [...others, [key, check]] : others));
    changed.fire();
  };
  return {
    of: (system, baseUrl) => {
      const key = tokenNameOf(system, baseUrl);
      return { lastCheck: checks()[key], failing: failing.get(key) };
    },
    noteFailure: (system, baseUrl, { code, message }) => {
      if (!tellsOfConnection(code)) return;
      const key = tokenNameOf(system, baseUrl);
      failing.set(key, { since: failing.get(key)?.since ?? now(), message });
      changed.fire();
    },
    noteSuccess: (system, baseUrl) => {
      if (failing.delete(tokenNameOf(system, baseUrl))) changed.fire();
    },
    noteCheck: async (system, baseUrl, { who, until }) => {
      const key = tokenNameOf(system, baseUrl);
      failing.delete(key);
      await keep(key, { who, ...(until === undefined ? {} : { until }), at: now() });
    },
    forget: async (system, baseUrl) => {
      const key = tokenNameOf(system, baseUrl);
      failing.delete(key);
      await keep(key, undefined);
    },
    onDidChange: changed.event,
    dispose: () => changed.dispose(),
  };
}
