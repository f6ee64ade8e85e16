import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { runQuietly } from '../../../scripts/cache.mjs';

export interface Kubectl {
  /** Runs kubectl and gives what it printed; throws a PlainFailure with its last lines. */
  run(...args: readonly string[]): Promise<string>;
  /** Creates objects; the file it does so from stays in the folder, named `<name>.json`. */
  create(name: string, objects: readonly object[]): Promise<void>;
}

/** The lab's own kubectl, which knows one kubeconfig and nothing of the person's. */
export function createKubectl(program: string, kubeconfig: string, folder: string): Kubectl {
  const env = { PATH: process.env['PATH'], HOME: folder, KUBECONFIG: kubeconfig };
  const run = (...args: readonly string[]) => runQuietly(program, args, { env });
  return {
    run,
    async create(name, objects) {
      const file = path.join(folder, `${name}.json`);
      await writeFile(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }, null, 2));
      await run('create', '-f', file);
    },
  };
}
