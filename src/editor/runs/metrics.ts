import { failed } from '../../core/errors.ts';
import type { AskMetrics } from '../../core/metrics/metricQuery.ts';
import type { AskInstant } from '../../core/metrics/findServiceMetrics.ts';
import type { TokenOf } from '../../integrations/connection.ts';
import type { LazyIntegrations } from '../chunks/integrationsChunk.ts';
import { getSetting } from '../settings.ts';

/** Base URL of the server that queries go to, without a slash at its end; undefined where none that can be asked is set. */
export function prometheusServer(): string | undefined {
  const written = getSetting('prometheus.baseUrl').trim().replace(/\/+$/, '');
  return URL.canParse(written) && /^https?:$/.test(new URL(written).protocol) ? written : undefined;
}

export interface MetricsServer {
  readonly server: typeof prometheusServer;
  readonly askRange: AskMetrics;
  /** The value of now. */
  readonly askInstant: AskInstant;
}

/** Asks the server of the settings with its token, user and tenant. */
export function createMetricsServer(
  connections: { readonly tokenOf: TokenOf },
  integrations: LazyIntegrations,
  now: () => number,
): MetricsServer {
  const connection = async () => {
    const baseUrl = prometheusServer();
    if (baseUrl === undefined) return undefined;
    const token = await connections.tokenOf('prometheus', baseUrl);
    const [user, tenant] = [getSetting('prometheus.user').trim(), getSetting('prometheus.tenant').trim()];
    return { baseUrl, token, user, tenant };
  };
  const none = () =>
    failed('invalid', 'No Prometheus is set (incident.prometheus.baseUrl), so nobody was asked.');
  return {
    server: prometheusServer,
    askRange: async (query, signal) => {
      const to = await connection();
      return to ? integrations().metrics.queryRange(to, query, signal) : none();
    },
    askInstant: async (query, signal) => {
      const to = await connection();
      return to ? integrations().metrics.queryInstant(to, { query, at: now() }, signal) : none();
    },
  };
}
