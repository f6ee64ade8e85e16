import type { RequestLog } from '../webApi.ts';
import { createRequestLog } from '../webApi.ts';

export interface GrafanaFolder {
  readonly id: number;
  readonly uid: string;
  readonly title: string;
}

export interface GrafanaDashboard {
  readonly id: number;
  readonly uid: string;
  readonly title: string;
  readonly tags: readonly string[];
  /** The folder's uid; undefined: at the root. */
  readonly folder?: string;
  /** Names of its template variables; `var-NAME` in the address sets one. */
  readonly variables: readonly string[];
}

/** The state of the simulated Grafana. */
export interface GrafanaStore extends RequestLog {
  /** The token of a service account with the role Viewer: plainly no real one. */
  readonly token: string;
  /** The present, in ms since 1970. */
  readonly now: () => number;
  readonly folders: GrafanaFolder[];
  readonly dashboards: GrafanaDashboard[];
}

/** The dashboards that guides name, each with a `service` variable, among others. */
export const createGrafanaStore = (now: () => number): GrafanaStore => ({
  ...createRequestLog(),
  token: 'simulated-grafana-word',
  now,
  folders: [{ id: 1, uid: 'operations', title: 'Operations' }],
  dashboards: [
    {
      id: 11,
      uid: 'service-health',
      title: 'Service Health',
      tags: ['incident', 'services'],
      folder: 'operations',
      variables: ['namespace', 'service'],
    },
    {
      id: 12,
      uid: 'dependencies',
      title: 'Dependencies',
      tags: ['incident'],
      folder: 'operations',
      variables: ['service'],
    },
    {
      id: 13,
      uid: 'api-errors-by-endpoint',
      title: 'API Errors by Endpoint',
      tags: ['errors', 'incident'],
      folder: 'operations',
      variables: ['service'],
    },
    { id: 14, uid: 'service-costs', title: 'Service Costs', tags: ['finance'], variables: ['month'] },
  ],
});
