import * as vscode from 'vscode';
import type { Incident, Pin } from '../core/incident/incident.ts';
import type { Result } from '../core/errors.ts';
import type { Signal } from '../core/ports.ts';
import type { Incidents } from '../journal/incidents.ts';
import type { LocalJournal } from '../journal/localJournal.ts';
import type { Connections } from './connections.ts';

/** How often the channel's pins are looked at, ms: Slack allows some twenty such calls a minute. */
const everyMs = 30_000;

export interface PinFeedDeps {
  readonly incidents: Incidents;
  readonly journal: Pick<LocalJournal, 'claim'>;
  readonly connections: Pick<Connections, 'tokenOf'>;
  readonly fetchPins: (
    channel: { readonly baseUrl: string; readonly token: string; readonly channel: string },
    signal: Signal,
  ) => Promise<Result<readonly Pin[]>>;
}

/**
 * What people pin in the channel of an active incident comes into its timeline, by one window alone. A look that fails
 * is not told: the deliveries' rows say when Slack refuses, and the next look is soon.
 */
export function createPinFeed(deps: PinFeedDeps): vscode.Disposable & { look(): Promise<void> } {
  const stop = new AbortController();
  let looking = false;
  const look = async (): Promise<void> => {
    if (looking || !vscode.workspace.isTrusted) return;
    looking = true;
    try {
      for (const incident of deps.incidents.active()) await lookAt(incident);
    } finally {
      looking = false;
    }
  };
  const lookAt = async (incident: Incident): Promise<void> => {
    const channel = incident.deliveries.find(({ delivery }) => delivery === 'slack/create-channel');
    const baseUrl = channel?.place['baseUrl'];
    if (incident.drill || !channel?.receipt || baseUrl === undefined) return;
    const token = await deps.connections.tokenOf('slack', baseUrl);
    if (token === undefined) return;
    const claim = await deps.journal.claim(`${incident.id}/pins`);
    if (!claim.ok || !claim.value) return;
    try {
      const pins = await deps.fetchPins({ baseUrl, token, channel: channel.receipt.id }, stop.signal);
      if (!pins.ok || stop.signal.aborted) return;
      for (const pin of pins.value) {
        if (deps.incidents.get(incident.id)?.pins.some(({ message }) => message === pin.message)) continue;
        await deps.incidents.handle(incident.id, { type: 'ReceivePin', data: pin });
      }
    } finally {
      await claim.value.release();
    }
  };
  const timer = setInterval(() => void look(), everyMs);
  return {
    look,
    dispose: () => {
      clearInterval(timer);
      stop.abort();
    },
  };
}
