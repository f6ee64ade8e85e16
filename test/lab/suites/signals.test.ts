import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AlertSite } from '../../contract/suites/alertSite.ts';
import { describeAlertmanager } from '../../contract/suites/alertmanager.suite.ts';
import { describePrometheus } from '../../contract/suites/prometheus.suite.ts';
import { readLab } from '../labDescription.ts';

/** The lab's own: an alert that fires for ever, and one that resolves while its target answers a scrape. */
async function start(): Promise<AlertSite> {
  const { prometheus } = await readLab('prometheus');
  const { name, url } = prometheus.answeredAlert;
  let answering: Server | undefined;
  const fire = async (): Promise<void> => {
    const server = answering;
    answering = undefined;
    if (!server) return;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  };
  return {
    prometheus: prometheus.url,
    alertmanager: prometheus.alertmanagerUrl,
    firing: prometheus.firingAlert,
    other: {
      name,
      fire,
      resolve: async () => {
        answering = createServer((_request, response) => response.end('answered 1\n'));
        await once(answering.listen(Number(new URL(url).port), '127.0.0.1'), 'listening');
      },
    },
    dispose: fire,
  };
}

describePrometheus({ title: 'the lab', start });
describeAlertmanager({ title: 'the lab', start });
