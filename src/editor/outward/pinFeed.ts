import type { Result } from '../../core/errors.ts';
import type { Incident, Pin } from '../../core/incident/incident.ts';
import { msBetween } from '../../core/incident/instants.ts';
import type { Signal } from '../../core/ports.ts';
import { createChannelFeed, type Channel, type ChannelFeed, type ChannelFeedDeps } from './channelFeed.ts';

/** How often the channel's pins are looked at, ms: Slack allows some twenty such calls a minute. */
const everyMs = 30_000;
/** How long after a resolution the last look is tried again, where it fails, ms. */
const lastLookMs = 10 * 60_000;

export interface PinFeedDeps extends ChannelFeedDeps {
  /** UTC ISO 8601. */
  readonly now: () => string;
  readonly fetchPins: (channel: Channel, signal: Signal) => Promise<Result<readonly Pin[]>>;
}

/** What people pin in the channel of an incident comes into its timeline: until it is over, and once more right then. */
export function createPinFeed(deps: PinFeedDeps): ChannelFeed {
  const { incidents, now } = deps;
  const seen = new Set<string>();
  const endOf = ({ id, resolvedAt }: Incident): string => `${id}/${resolvedAt ?? ''}`;
  const isWantedAfterwards = (incident: Incident): boolean =>
    !seen.has(endOf(incident)) && (msBetween(incident.resolvedAt ?? '', now()) ?? lastLookMs) < lastLookMs;
  const feed = createChannelFeed(deps, {
    name: 'pins',
    everyMs,
    isWantedAfterwards,
    lookAt: async (incident, channel, signal) => {
      const pins = await deps.fetchPins(channel, signal);
      if (!pins.ok || signal.aborted) return;
      for (const pin of pins.value) {
        if (incidents.get(incident.id)?.pins.some(({ message }) => message === pin.message)) continue;
        await incidents.handle(incident.id, { type: 'ReceivePin', data: pin });
      }
      if (incident.status === 'resolved') seen.add(endOf(incident));
    },
  });
  // A window that is closed after Resolve still has what was pinned before it.
  const subscription = incidents.onDidChange((id) => {
    const incident = incidents.get(id);
    if (incident?.status === 'resolved' && isWantedAfterwards(incident)) void feed.look();
  });
  return {
    look: feed.look,
    dispose: () => {
      subscription.dispose();
      feed.dispose();
    },
  };
}
