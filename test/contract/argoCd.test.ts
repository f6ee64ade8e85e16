import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createArgoCdExecutor } from '../../src/executors/argocd/argoCdExecutor.ts';
import {
  createApplicationResources,
  loadKubeconfig,
} from '../../src/executors/kubernetes/kubernetesExecutor.ts';
import { startSimulator } from '../../src/simulator/simulator.ts';
import { startClusterFront } from '../support/clusterFront.ts';
import { writeKubeconfig } from '../unit/executors/kubernetes/kubernetesFixtures.ts';
import { describeArgoCd, type ArgoCdProduction } from './suites/argoCd.suite.ts';
import { describeArgoCdDeploys } from './suites/argoCdDeploys.suite.ts';

const production: ArgoCdProduction = {
  title: 'the simulator',
  async start() {
    const folder = await mkdtemp(join(tmpdir(), 'incident-argocd-'));
    const kubeconfigFile = join(folder, 'simulator');
    const simulator = await startSimulator({
      kubeconfigFile,
      scenario: 'healthy',
      tickEveryMs: 25,
      speed: 200,
    });
    const front = await startClusterFront(simulator.url, join(folder, 'front'));
    const { url, tokens } = simulator.argoCd;
    const files = { responder: 'responder', reader: 'reader', nobody: 'reader' } as const;
    const all: { dispose(): Promise<void> }[] = [];
    const executorAs = (account: keyof typeof files) => {
      const path = writeKubeconfig(
        folder,
        [
          {
            name: 'production',
            server: front.url,
            cluster: { 'certificate-authority': front.authority },
            user: { token: front.tokens[files[account]] },
          },
        ],
        'production',
        account,
      );
      const kubernetes = createApplicationResources({
        loadKubeconfig: () => loadKubeconfig({ paths: [path] }),
      });
      all.push(kubernetes);
      const token = account === 'nobody' ? 'not-a-token' : tokens[account];
      return createArgoCdExecutor({ server: () => ({ baseUrl: url, token }), kubernetes, pollMs: 25 });
    };
    const world = ['payment-service', 'search', 'catalog', 'notifications', 'platform'] as const;
    const [manual, automated, fromSet, child, parent] = world;
    return {
      as: {
        responder: executorAs('responder'),
        reader: executorAs('reader'),
        nobody: executorAs('nobody'),
      },
      targets: {
        server: { argoCdServer: url },
        resources: { context: 'production', server: front.url, namespace: 'production' },
      },
      apps: { manual, automated, fromSet, child, parent },
      releases: simulator.argoCd.releases(manual),
      reviewsAccess: false,
      async dispose() {
        await Promise.all(all.map((one) => one.dispose()));
        await front.dispose();
        await simulator.dispose();
        await rm(folder, { recursive: true, force: true });
      },
    };
  },
};

describeArgoCd(production);
describeArgoCdDeploys(production);
