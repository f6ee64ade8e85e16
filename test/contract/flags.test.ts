import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FlagService } from '../../src/core/plan/curl/flagService.ts';
import { startSimulator } from '../../src/simulator/simulator.ts';
import type { FlagSite } from './suites/flags.suite.ts';
import { describeFlags } from './suites/flags.suite.ts';

/** The simulated production's flags behind one of its three APIs. */
async function start(
  service: (url: string) => FlagService,
  ownLine: (url: string) => string | undefined,
): Promise<FlagSite> {
  const folder = await mkdtemp(join(tmpdir(), 'incident-flags-'));
  const simulator = await startSimulator({ kubeconfigFile: join(folder, 'kubeconfig'), tickEveryMs: 0 });
  const flag = 'payment-new-provider';
  return {
    url: simulator.flagService,
    service,
    token: simulator.flags.token,
    flag,
    unknownToken: /401/,
    isOn: () => Promise.resolve(simulator.flags.isOn(flag, 'production') === true),
    set: (on) => Promise.resolve(simulator.flags.set(flag, 'production', on)),
    ownLine,
    async dispose() {
      await simulator.dispose();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

describeFlags({
  title: 'a simulated service of the company’s own',
  start: () =>
    start(
      (baseUrl) => ({
        kind: 'generic',
        baseUrl,
        token: 'FLAG_TOKEN',
        readUrl: '/api/flags/{flag}',
        enableUrl: '/api/flags/{flag}/enable',
        disableUrl: '/api/flags/{flag}/disable',
      }),
      () => undefined,
    ),
});

describeFlags({
  title: 'the simulated Unleash',
  start: () =>
    start(
      (baseUrl) => ({ kind: 'unleash', baseUrl, token: 'FLAG_TOKEN', environment: 'production' }),
      (url) =>
        `curl -X POST ${url}/api/admin/projects/default/features/payment-new-provider/environments/production/off`,
    ),
});

describeFlags({
  title: 'the simulated LaunchDarkly',
  start: () =>
    start(
      (baseUrl) => ({ kind: 'launchdarkly', baseUrl, token: 'FLAG_TOKEN', environment: 'production' }),
      (url) =>
        `curl -X PATCH ${url}/api/v2/flags/default/payment-new-provider ` +
        `-H 'Content-Type: application/json' -d '[{"op":"replace","path":"/environments/production/on","value":false}]'`,
    ),
});
