import type { OutwardSystem } from '../../core/deliveries/delivery.ts';
import type { DeliveryService } from '../../core/deliveries/deliveryPort.ts';
import { ticketSystemOf } from '../../core/deliveries/outwardPlaces.ts';
import type { Result } from '../../core/errors.ts';
import type { ConnectedSystem } from '../../integrations/connection.ts';
import type * as Chunk from '../../integrations/integrations.ts';
import type { ConnectionStates } from '../connect/connectionStates.ts';
import { requireChunk } from './requireChunk.ts';

/** Gives the integrations, read from disk when they are first wanted. */
export type LazyIntegrations = () => Chunk.Integrations;

type Notes = Pick<ConnectionStates, 'noteFailure' | 'noteSuccess'>;

/** How deliveries, alerts and dashboards come through is noted as how their connections stand. */
export function createLazyIntegrations(deps: Chunk.IntegrationDeps, notes: Notes): LazyIntegrations {
  let loaded: Chunk.Integrations | undefined;
  const load = (): Chunk.Integrations =>
    noting((requireChunk('integrations') as typeof Chunk).createIntegrations(deps), notes);
  return () => (loaded ??= load());
}

/** The same integrations, which note how each of their calls went. */
export function noting(made: Chunk.Integrations, notes: Notes): Chunk.Integrations {
  const note = <T>(system: ConnectedSystem, baseUrl: string, result: Result<T>): Result<T> => {
    if (result.ok) notes.noteSuccess(system, baseUrl);
    else notes.noteFailure(system, baseUrl, result.failure);
    return result;
  };
  const { grafana, signals, metrics, pagerduty, slack } = made;
  const deliveries = Object.entries(made.deliveries).map(([system, service]) => [
    system,
    notingService(system as OutwardSystem, service, notes),
  ]);
  return {
    ...made,
    deliveries: Object.fromEntries(deliveries) as typeof made.deliveries,
    grafana: {
      ...grafana,
      findDashboards: async (place, ...rest) =>
        note('grafana', place.baseUrl, await grafana.findDashboards(place, ...rest)),
    },
    pagerduty: {
      fetchOnCalls: async (query, ...rest) =>
        note('pagerduty', query.baseUrl, await pagerduty.fetchOnCalls(query, ...rest)),
      fetchPage: async (connection, ...rest) =>
        note('pagerduty', connection.baseUrl, await pagerduty.fetchPage(connection, ...rest)),
    },
    slack: {
      fetchPins: async (channel, ...rest) =>
        note('slack', channel.baseUrl, await slack.fetchPins(channel, ...rest)),
      fetchReactions: async (message, ...rest) =>
        note('slack', message.baseUrl, await slack.fetchReactions(message, ...rest)),
      fetchReplies: async (message, ...rest) =>
        note('slack', message.baseUrl, await slack.fetchReplies(message, ...rest)),
    },
    fetchTicketState: async (place, ...rest) =>
      note(ticketSystemOf(place), place['baseUrl'] ?? '', await made.fetchTicketState(place, ...rest)),
    metrics: {
      queryInstant: async (connection, ...rest) =>
        note('prometheus', connection.baseUrl, await metrics.queryInstant(connection, ...rest)),
      queryRange: async (connection, ...rest) =>
        note('prometheus', connection.baseUrl, await metrics.queryRange(connection, ...rest)),
    },
    signals: {
      ...signals,
      alertmanager: (connection) => {
        const client = signals.alertmanager(connection);
        const read: typeof client.read = async (signal) =>
          note('alertmanager', connection.baseUrl, await client.read(signal));
        return { ...client, read };
      },
      readPrometheus: async (connection, signal) =>
        note('prometheus', connection.baseUrl, await signals.readPrometheus(connection, signal)),
      readPagerDuty: async (query, signal) =>
        note('pagerduty', query.baseUrl, await signals.readPagerDuty(query, signal)),
    },
  };
}

const notingService = (system: OutwardSystem, service: DeliveryService, notes: Notes): DeliveryService => ({
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
