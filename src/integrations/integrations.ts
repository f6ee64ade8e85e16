import type { OutwardSystem } from '../core/deliveries/delivery.ts';
import type { DeliveryService } from '../core/deliveries/deliveryPort.ts';
import { composeLinks } from './calendar/composeLinks.ts';
import { renderCalendarFile } from './calendar/calendarFile.ts';
import { checks } from './checks.ts';
import type { AccountOf, TokenOf, WebhookOf } from './connection.ts';
import { fetchVariables, findDashboards } from './grafana.ts';
import { createGitHubService } from './github/githubService.ts';
import { createJiraService } from './jira/jiraService.ts';
import { fetchPins } from './slack/fetchPins.ts';
import { fetchReactions } from './slack/fetchReactions.ts';
import { fetchReplies } from './slack/fetchReplies.ts';
import { fetchOnCalls } from './pagerduty/fetchOnCalls.ts';
import { fetchPage } from './pagerduty/fetchPage.ts';
import { createPagerDutyService } from './pagerduty/pagerDutyService.ts';
import { createSlackService } from './slack/slackService.ts';
import { createStatuspageService } from './statuspage/statuspageService.ts';
import { fetchTicketState } from './tickets/fetchTicketState.ts';
import { createWebhookService } from './webhook.ts';
import { queryInstant, queryRange } from './prometheusQuery/queryPrometheus.ts';
import { signalReaders, type SignalReaders } from './signalReaders.ts';

export interface IntegrationDeps {
  readonly tokenOf: TokenOf;
  readonly accountOf: AccountOf;
  readonly webhookOf: WebhookOf;
}

/** Everything that speaks to the services of others. */
export interface Integrations {
  /** Who delivers, by system. */
  readonly deliveries: Readonly<Partial<Record<OutwardSystem, DeliveryService>>>;
  readonly checks: typeof checks;
  readonly grafana: {
    readonly findDashboards: typeof findDashboards;
    readonly fetchVariables: typeof fetchVariables;
  };
  /** Who is on call now, and how an incident's own page stands. */
  readonly pagerduty: { readonly fetchOnCalls: typeof fetchOnCalls; readonly fetchPage: typeof fetchPage };
  /** What people pinned in an incident's channel. */
  readonly slack: {
    readonly fetchPins: typeof fetchPins;
    /** Who reacted to a message that asks for an approval. */
    readonly fetchReactions: typeof fetchReactions;
    /** What was written after it that looks like an answer. */
    readonly fetchReplies: typeof fetchReplies;
  };
  readonly signals: SignalReaders;
  /** Whether the issue of an action item is open. */
  readonly fetchTicketState: typeof fetchTicketState;
  readonly calendar: {
    readonly renderCalendarFile: typeof renderCalendarFile;
    readonly composeLinks: typeof composeLinks;
  };
  /** Figures of any server that answers PromQL. */
  readonly metrics: { readonly queryInstant: typeof queryInstant; readonly queryRange: typeof queryRange };
}

/** The entry of the chunk: nothing is asked of anybody before one of its parts is called. */
export const createIntegrations = (deps: IntegrationDeps): Integrations => ({
  deliveries: {
    slack: createSlackService(deps),
    github: createGitHubService(deps),
    jira: createJiraService(deps),
    pagerduty: createPagerDutyService(deps),
    statuspage: createStatuspageService(deps),
    webhook: createWebhookService(deps),
  },
  checks,
  grafana: { findDashboards, fetchVariables },
  pagerduty: { fetchOnCalls, fetchPage },
  slack: { fetchPins, fetchReactions, fetchReplies },
  signals: signalReaders,
  fetchTicketState,
  calendar: { renderCalendarFile, composeLinks },
  metrics: { queryInstant, queryRange },
});
