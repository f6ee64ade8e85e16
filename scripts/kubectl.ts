import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { makeOnce, PlainFailure, runQuietly, step } from './cache.mjs';
import { onPath, works } from './programs.ts';

const clientVersion = ['version', '--client'];

/**
 * An unmodified kubectl for the contract tests: `INCIDENT_KUBECTL`, else Debian's unpacked into the cache (never
 * installed, so a kubectl the machine has stays what it was), else the one on PATH.
 */
export async function ensureKubectl(): Promise<string> {
  const own = process.env['INCIDENT_KUBECTL'];
  if (own) {
    if (works(own, clientVersion)) return own;
    throw new PlainFailure(`INCIDENT_KUBECTL is ${own}, and \`${own} version --client\` does not run.`);
  }
  if (process.platform === 'linux' && onPath('apt-get') && onPath('dpkg')) {
    try {
      return await debianKubectl();
    } catch (error) {
      process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    }
  }
  const found = onPath('kubectl');
  if (found && works(found, clientVersion)) return found;
  throw new PlainFailure(
    'The contract tests need a kubectl and none was found. Install one (https://kubernetes.io/docs/tasks/tools/) ' +
      'or set INCIDENT_KUBECTL to its program.',
  );
}

async function debianKubectl(): Promise<string> {
  const folder = await makeOnce('kubectl-debian', (part) =>
    step("kubectl (Debian's kubernetes-client)", async () => {
      const download = () => runQuietly('apt-get', ['download', 'kubernetes-client'], { cwd: part });
      try {
        await download();
      } catch (error) {
        if (process.getuid?.() !== 0) throw error;
        await runQuietly('apt-get', ['update']);
        await download();
      }
      const archive = (await readdir(part)).find((name) => name.endsWith('.deb'));
      if (!archive) throw new PlainFailure('apt-get downloaded no kubernetes-client package.');
      await runQuietly('dpkg', ['-x', archive, '.'], { cwd: part });
      await runQuietly(path.join(part, 'usr', 'bin', 'kubectl'), clientVersion);
    }),
  );
  return path.join(folder, 'usr', 'bin', 'kubectl');
}
