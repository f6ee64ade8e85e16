import type { CheckConnection, ConnectedSystem } from './connection.ts';
import { checkAlertmanager } from './alertmanager.ts';
import { checkGitHub } from './github/checkGitHub.ts';
import { checkGrafana } from './grafana.ts';
import { checkJira } from './jira/checkJira.ts';
import { checkPrometheus } from './prometheus.ts';
import { checkPagerDuty } from './pagerduty/checkPagerDuty.ts';
import { checkSlack } from './slack/checkSlack.ts';
import { checkStatuspage } from './statuspage/checkStatuspage.ts';

/** How each system is asked who a token is, without changing anything there. */
export const checks: Readonly<Partial<Record<ConnectedSystem, CheckConnection>>> = {
  slack: checkSlack,
  github: checkGitHub,
  jira: checkJira,
  alertmanager: checkAlertmanager,
  prometheus: checkPrometheus,
  pagerduty: checkPagerDuty,
  statuspage: checkStatuspage,
  grafana: checkGrafana,
};
