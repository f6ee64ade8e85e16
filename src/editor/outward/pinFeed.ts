import type { Pin } from '../../core/incident/incident.ts';
import type { Result } from '../../core/errors.ts';
import type { Signal } from '../../core/ports.ts';
import { createChannelFeed, type Channel, type ChannelFeed, type ChannelFeedDeps } from './channelFeed.ts';

/** How often the channel's pins are looked at, ms: Slack allows some twenty such calls a minute. */
const everyMs = 30_000;

export interface PinFeedDeps extends ChannelFeedDeps {
  readonly fetchPins: (channel: Channel, signal: Signal) => Promise<Result<readonly Pin[]>>;
}

/** What people pin in the channel of an active incident comes into its timeline. */
export const createPinFeed = (deps: PinFeedDeps): ChannelFeed =>
  createChannelFeed(deps, {
    name: 'pins',
    everyMs,
    lookAt: async ({ id }, channel, signal) => {
      const pins = await deps.fetchPins(channel, signal);
      if (!pins.ok || signal.aborted) return;
      for (const pin of pins.value) {
        if (deps.incidents.get(id)?.pins.some(({ message }) => message === pin.message)) continue;
        await deps.incidents.handle(id, { type: 'ReceivePin', data: pin });
      }
    },
  });
