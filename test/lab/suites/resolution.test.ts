import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { describeResolution, soakSetting } from '../../editor/user/resolution.suite.ts';
import { waitUntil } from '../../support/editorPage.ts';
import { openSampleEditor } from '../../support/sampleEditor.ts';
import { readLab } from '../labDescription.ts';

/** The words of the product's own guide, which the sample workspace has. */
const words = {
  metrics: 'Error rate and latency are where they were before',
  logs: 'The logs are free of new errors',
  alerts: 'No alert is firing',
  byHand: 'Somebody used the product and it worked',
};

/** A real alert of Prometheus that resolves while its target answers, and fires again, through a real Alertmanager. */
describe('the lab', () => {
  let answering: Server | undefined;
  const listen = async (): Promise<void> => {
    const { prometheus } = await readLab('prometheus');
    answering = createServer((_request, response) => response.end('answered 1\n'));
    await once(
      answering.listen(Number(new URL(prometheus.answeredAlert.url).port), '127.0.0.1'),
      'listening',
    );
    await waitUntil('the end of the alert in Alertmanager', async () => !(await isFiring()));
  };
  const hangUp = async (): Promise<void> => {
    const server = answering;
    answering = undefined;
    if (!server) return;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  };
  const isFiring = async (): Promise<boolean> => {
    const { prometheus } = await readLab('prometheus');
    const filter = encodeURIComponent(`alertname="${prometheus.answeredAlert.name}"`);
    const response = await fetch(`${prometheus.alertmanagerUrl}/api/v2/alerts?active=true&filter=${filter}`);
    return ((await response.json()) as unknown[]).length > 0;
  };
  before(() => waitUntil('the alert in Alertmanager', isFiring));
  after(hangUp);

  describeResolution({
    name: 'the lab',
    open: async () => {
      const { kubernetes, prometheus, emulate } = await readLab('kubernetes', 'prometheus', 'emulate');
      return openSampleEditor({
        kubeconfig: kubernetes.kubeconfigs.admin,
        files: { 'incident-people.yaml': JSON.stringify([{ name: 'Ben', roles: ['Tech Lead'] }]) },
        workspaceSettings: () => ({
          'incident.alertmanager.baseUrl': prometheus.alertmanagerUrl,
          'incident.github.baseUrl': emulate.githubUrl,
          'incident.github.repository': emulate.repository,
          'incident.signals.pollSeconds': 5,
          'incident.resolution.soak': soakSetting,
        }),
      });
    },
    // No pod bears its name: what cannot be looked at is not good.
    service: 'checkout-service',
    context: 'production',
    burning: {
      [words.metrics]: 'not-checked',
      [words.logs]: 'not-checked',
      [words.alerts]: 'bad',
      'Pods are ready': 'not-checked',
    },
    seenBurning: /CheckoutDown \(firing\)/,
    mend: listen,
    calm: { [words.alerts]: 'good' },
    relapse: hangUp,
    words,
    says: /No alert is firing: .*CheckoutDown \(firing\)/,
    calmAgain: listen,
    tickets: async () => {
      const { emulate } = await readLab('emulate');
      return { url: emulate.githubUrl, repository: emulate.repository, token: emulate.token };
    },
    secondWindow: false,
    pictures: false,
  });
});
