import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FlagService } from '../../src/core/plan/curl/flagService.ts';
import { startSimulator } from '../../src/simulator/simulator.ts';
import type { FlagSite } from './suites/flags.suite.ts';

/** The simulated production's flags behind one of its three APIs. */
export async function startSimulatedFlags(
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
