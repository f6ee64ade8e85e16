import type { OutwardSystem } from '../core/deliveries/delivery.ts';
import type { DeliveryService } from '../core/deliveries/deliveryPort.ts';
import type * as Chunk from '../integrations/integrations.ts';
import type { ConnectionStates } from './connect/connectionStates.ts';
import { requireChunk } from './requireChunk.ts';

/** Gives the integrations, read from disk when they are first wanted. */
export type LazyIntegrations = () => Chunk.Integrations;

type Notes = Pick<ConnectionStates, 'noteFailure' | 'noteSuccess'>;

export function createLazyIntegrations(deps: Chunk.IntegrationDeps, notes: Notes): LazyIntegrations {
  let loaded: Chunk.Integrations | undefined;
  const load = (): Chunk.Integrations => {
    const made = (requireChunk('integrations') as typeof Chunk).createIntegrations(deps);
    const deliveries = Object.entries(made.deliveries).map(([system, service]) => [
      system,
      noting(system as OutwardSystem, service, notes),
    ]);
    return { ...made, deliveries: Object.fromEntries(deliveries) as typeof made.deliveries };
  };
  return () => (loaded ??= load());
}

/** How deliveries to a system go is how its connection stands. */
const noting = (system: OutwardSystem, service: DeliveryService, notes: Notes): DeliveryService => ({
  deliver: async (context, signal) => {
    const result = await service.deliver(context, signal);
    const baseUrl = context.delivery.place['baseUrl'];
    if (baseUrl !== undefined) {
      if (result.kind === 'failed') notes.noteFailure(system, baseUrl, result.failure);
      else notes.noteSuccess(system, baseUrl);
    }
    return result;
  },
});
