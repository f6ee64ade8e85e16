import path from 'node:path';
import { makeOnce, PlainFailure, runQuietly, step } from '../../../scripts/cache.mjs';
import { onPath, works } from '../../../scripts/programs.ts';

const motoVersion = '5.2.5';
const advice = 'On Debian: sudo apt-get install -y python3 python3-venv';

/** Why moto cannot be made here, or undefined when it can. */
export function missingPython(): string | undefined {
  const python = onPath('python3', 'python');
  if (python && works(python, ['-c', 'import venv, ensurepip'])) return undefined;
  return `Python 3 with its venv module does not run: the lab's AWS (moto) needs it. ${advice}`;
}

/** The Python that carries moto (https://docs.getmoto.org/en/latest/docs/server_mode.html), in the cache. */
export async function ensureMoto(): Promise<string> {
  const python = onPath('python3', 'python');
  const missing = missingPython();
  if (!python || missing !== undefined) throw new PlainFailure(missing);
  const folder = await makeOnce(`moto-${motoVersion}`, (part) =>
    step(`moto ${motoVersion} from PyPI`, async () => {
      await runQuietly(python, ['-m', 'venv', part], { advice });
      const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];
      await runQuietly(pythonIn(part), [...pip, `moto[server,rds]==${motoVersion}`], {
        advice: 'Check that pip can reach its registry and start the lab again.',
      });
      await runQuietly(pythonIn(part), ['-m', 'moto.server', '--help']);
    }),
  );
  // The scripts beside it name the folder it was made in; the interpreter itself may be moved.
  return pythonIn(folder);
}

function pythonIn(folder: string): string {
  return process.platform === 'win32'
    ? path.join(folder, 'Scripts', 'python.exe')
    : path.join(folder, 'bin', 'python3');
}
