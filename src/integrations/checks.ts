import type { CheckConnection, ConnectedSystem } from './connection.ts';
import { checkGrafana } from './grafana.ts';
import { checkSlack } from './slack/checkSlack.ts';
import { checkStatuspage } from './statuspage/checkStatuspage.ts';

/** How each system is asked who a token is, without changing anything there. */
export const checks: Readonly<Partial<Record<ConnectedSystem, CheckConnection>>> = {
  slack: checkSlack,
  statuspage: checkStatuspage,
  grafana: checkGrafana,
};
