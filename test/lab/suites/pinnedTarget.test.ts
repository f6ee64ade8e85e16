import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describePinnedTarget } from '../../contract/suites/pinnedTarget.suite.ts';
import { readLab } from '../labDescription.ts';

describePinnedTarget({
  title: 'the lab and its second server',
  async start(folder) {
    const { kubernetes: lab } = await readLab('kubernetes');
    await mkdir(folder);
    const kubeconfig = path.join(folder, 'kubeconfig');
    const admin = await readFile(lab.kubeconfigs.admin, 'utf8');
    const { production, staging } = lab.contexts;
    const pointed = admin.replace(`current-context: ${production}`, `current-context: ${staging}`);
    await writeFile(kubeconfig, pointed, { mode: 0o600 });
    const readLog = async () =>
      (await readFile(lab.secondServerLog, 'utf8'))
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as { method: string; path: string })
        .map((request) => `${request.method} ${request.path}`);
    const before = (await readLog()).length;
    return {
      kubeconfig,
      target: { context: production, server: lab.server, namespace: 'production' },
      otherContext: staging,
      otherRequests: async () => (await readLog()).slice(before),
      kubectl: lab.kubectl,
      dispose: async () => undefined,
    };
  },
});
