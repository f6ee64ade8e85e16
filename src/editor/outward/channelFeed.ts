import type * as vscode from 'vscode';
import type { Incident } from '../../core/incident/incident.ts';
import type { Incidents } from '../../journal/incidents.ts';
import type { LocalJournal } from '../../journal/localJournal.ts';
import type { Connections } from './connections.ts';

export interface ChannelFeedDeps {
  readonly incidents: Incidents;
  readonly journal: Pick<LocalJournal, 'claim'>;
  readonly connections: Pick<Connections, 'tokenOf'>;
}

/** An incident's own channel, and how it is read. */
export interface Channel {
  readonly baseUrl: string;
  readonly token: string;
  /** Slack's id of it. */
  readonly channel: string;
}

/** What is read from the channels of incidents, again and again. */
export interface ChannelWatch {
  /** Names the claim by which one window alone looks: `pins`. */
  readonly name: string;
  /** Time between two looks, ms. */
  readonly everyMs: number;
  /** Whether there is anything to look for now; always unless given. */
  readonly isWanted?: (incident: Incident) => boolean;
  /** Resolved incidents that are looked at too; none unless given. */
  readonly isWantedAfterwards?: (resolved: Incident) => boolean;
  readonly lookAt: (incident: Incident, channel: Channel, signal: AbortSignal) => Promise<void>;
}

export type ChannelFeed = vscode.Disposable & { look(): Promise<void> };

/**
 * Looks at the channel of each active incident that is no drill, by one window alone, one look at a time, and only in a
 * trusted workspace: no token is given out in another. A look that fails is noted as how the connection stands; the next one is soon.
 */
export function createChannelFeed(
  { incidents, journal, connections }: ChannelFeedDeps,
  { name, everyMs, isWanted = () => true, isWantedAfterwards = () => false, lookAt }: ChannelWatch,
): ChannelFeed {
  const stop = new AbortController();
  let looking: Promise<void> | undefined;
  let again = false;
  const lookAll = async (): Promise<void> => {
    for (const incident of incidents.all()) {
      const wanted = incident.status === 'active' ? isWanted : isWantedAfterwards;
      if (!incident.drill && wanted(incident)) await lookInto(incident);
    }
  };
  // One that is asked for meanwhile is another look, for something may have changed behind the one under way.
  const look = (): Promise<void> => {
    again = true;
    looking ??= (async () => {
      while (again && !stop.signal.aborted) {
        again = false;
        await lookAll();
      }
    })().finally(() => {
      looking = undefined;
      if (again && !stop.signal.aborted) void look();
    });
    return looking;
  };
  const lookInto = async (incident: Incident): Promise<void> => {
    const made = incident.deliveries.find(({ delivery }) => delivery === 'slack/create-channel');
    const baseUrl = made?.place['baseUrl'];
    const channel = made?.receipt?.id;
    if (baseUrl === undefined || channel === undefined) return;
    const token = await connections.tokenOf('slack', baseUrl);
    if (token === undefined) return;
    const claim = await journal.claim(`${incident.id}/${name}`);
    if (!claim.ok || !claim.value) return;
    try {
      await lookAt(incident, { baseUrl, token, channel }, stop.signal);
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
