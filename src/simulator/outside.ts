import type { Server } from 'node:http';
import { close, listen } from './listen.ts';
import { createAlertRules } from './scenario/alertRules.ts';
import { createMetricSeries } from './scenario/metricSeries.ts';
import { recordReleases } from './scenario/releaseChanges.ts';
import type { World } from './state/world.ts';
import { createAlertmanagerServer } from './systems/alertmanager/alertmanagerServer.ts';
import type { AlertmanagerStore } from './systems/alertmanager/alertmanagerStore.ts';
import { createAlertmanagerStore } from './systems/alertmanager/alertmanagerStore.ts';
import { forwardAlerts } from './systems/alertmanager/forwardAlerts.ts';
import { createGitHubServer } from './systems/github/gitHubServer.ts';
import type { GitHubStore } from './systems/github/gitHubStore.ts';
import { createGitHubStore } from './systems/github/gitHubStore.ts';
import { createGrafanaServer } from './systems/grafana/grafanaServer.ts';
import type { GrafanaStore } from './systems/grafana/grafanaStore.ts';
import { createGrafanaStore } from './systems/grafana/grafanaStore.ts';
import { createJiraServer } from './systems/jira/jiraServer.ts';
import type { JiraStore } from './systems/jira/jiraStore.ts';
import { createJiraStore } from './systems/jira/jiraStore.ts';
import { createPagerDutyServer } from './systems/pagerduty/pagerDutyServer.ts';
import type { PagerDutyStore } from './systems/pagerduty/pagerDutyStore.ts';
import { createPagerDutyStore } from './systems/pagerduty/pagerDutyStore.ts';
import { createPrometheusServer } from './systems/prometheus/prometheusServer.ts';
import type { PrometheusStore } from './systems/prometheus/prometheusStore.ts';
import { createPrometheusStore } from './systems/prometheus/prometheusStore.ts';
import { createSlackServer } from './systems/slack/slackServer.ts';
import type { SlackStore } from './systems/slack/slackStore.ts';
import { createSlackStore } from './systems/slack/slackStore.ts';
import { createStatuspageServer } from './systems/statuspage/statuspageServer.ts';
import type { StatuspageStore } from './systems/statuspage/statuspageStore.ts';
import { createStatuspageStore } from './systems/statuspage/statuspageStore.ts';
import { createWebhookServer } from './systems/webhook/webhookServer.ts';
import type { WebhookStore } from './systems/webhook/webhookStore.ts';
import { createWebhookStore } from './systems/webhook/webhookStore.ts';

/** A simulated service: where it listens, and its state, which tests may read and set. */
export interface Served<Store> {
  /** Base URL on 127.0.0.1, without a slash at its end. */
  readonly url: string;
  readonly store: Store;
}

/** The services of others that an incident reaches: simulated, each on a port of its own. */
export interface Outside {
  readonly slack: Served<SlackStore>;
  readonly github: Served<GitHubStore>;
  readonly jira: Served<JiraStore>;
  /** REST API and Events API on one port. */
  readonly pagerduty: Served<PagerDutyStore>;
  readonly prometheus: Served<PrometheusStore>;
  /** Gets the alerts of that Prometheus, under the same fingerprints. */
  readonly alertmanager: Served<AlertmanagerStore>;
  readonly grafana: Served<GrafanaStore>;
  /** Its API begins at `/v1`. */
  readonly statuspage: Served<StatuspageStore>;
  /** A company's own receiver: any path. */
  readonly webhook: Served<WebhookStore>;
}

export interface RunningOutside {
  readonly outside: Outside;
  /** Ends every server with all its connections. */
  dispose(): Promise<void>;
}

/**
 * Starts them all on free ports; `now` is the simulated production's present, in ms since 1970. `world` is that
 * production moved to the present: its state is what Prometheus alerts on, its releases are PagerDuty's change events;
 * without one nothing fires and nothing has changed.
 */
export async function startOutside(now: () => number, world?: () => World): Promise<RunningOutside> {
  const servers: Server[] = [];
  const serve = async <Store>(
    store: Store,
    createServer: (store: Store) => Server,
  ): Promise<Served<Store>> => {
    const server = createServer(store);
    servers.push(server);
    return { url: await listen(server, 0), store };
  };
  const dispose = async (): Promise<void> => void (await Promise.all(servers.map(close)));
  try {
    const rules = world === undefined ? [] : createAlertRules(world);
    const live = world && createMetricSeries(world);
    const outside: Outside = {
      slack: await serve(createSlackStore(now), createSlackServer),
      github: await serve(createGitHubStore(now), createGitHubServer),
      jira: await serve(createJiraStore(now), createJiraServer),
      pagerduty: await serve(createPagerDutyStore(now), createPagerDutyServer),
      prometheus: await serve(createPrometheusStore(now, rules, [], live), createPrometheusServer),
      alertmanager: await serve(createAlertmanagerStore(now), createAlertmanagerServer),
      grafana: await serve(createGrafanaStore(now), createGrafanaServer),
      statuspage: await serve(createStatuspageStore(now), createStatuspageServer),
      webhook: await serve(createWebhookStore(now), createWebhookServer),
    };
    const { prometheus, alertmanager, pagerduty } = outside;
    prometheus.store.externalUrl = prometheus.url;
    alertmanager.store.beforeAnswer = forwardAlerts(prometheus.store, alertmanager.store);
    if (world !== undefined) recordReleases(world(), pagerduty.store);
    return { outside, dispose };
  } catch (thrown) {
    await dispose();
    throw thrown;
  }
}

/** What a client needs to reach each of them, as it goes into the standalone simulator's JSON line. */
export function outsideLogins(outside: Outside): Record<keyof Outside, Record<string, unknown>> {
  const { slack, github, jira, pagerduty, prometheus, alertmanager, grafana, statuspage, webhook } = outside;
  return {
    slack: { url: slack.url, token: slack.store.token, userToken: slack.store.userToken },
    github: { url: github.url, token: github.store.token, repository: github.store.repository },
    jira: {
      url: jira.url,
      email: jira.store.email,
      token: jira.store.token,
      project: jira.store.project,
    },
    pagerduty: {
      url: pagerduty.url,
      token: pagerduty.store.token,
      userToken: pagerduty.store.userToken,
      from: pagerduty.store.users[0]?.email,
      routingKey: pagerduty.store.services[0]?.routingKey,
    },
    prometheus: { url: prometheus.url },
    alertmanager: { url: alertmanager.url },
    grafana: { url: grafana.url, token: grafana.store.token },
    statuspage: {
      url: statuspage.url,
      token: statuspage.store.token,
      page: statuspage.store.pages[0]?.id,
    },
    webhook: { url: webhook.url },
  };
}
