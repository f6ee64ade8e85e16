import { mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { makeOnce, PlainFailure, runQuietly, step } from '../../../scripts/cache.mjs';
import { onPath, works } from '../../../scripts/programs.ts';

/** A program, and the environment in which it finds the libraries it was unpacked with. */
export interface FoundProgram {
  readonly command: string;
  readonly env: NodeJS.ProcessEnv;
}

interface Wanted {
  /** The name of its package in Debian and Ubuntu. */
  readonly package: string;
  readonly program: string;
  /** Arguments that make it print its version and exit with 0. */
  readonly proof: readonly string[];
}

/**
 * A server the lab needs: the machine's own, else Debian's unpacked into the cache. Nothing is installed, so no service
 * of the machine starts. Throws a PlainFailure with the command that installs it when neither works.
 */
export async function ensureDebianProgram(wanted: Wanted): Promise<FoundProgram> {
  const own = onPath(wanted.program);
  if (own && works(own, wanted.proof)) return { command: own, env: process.env };
  const advice = `sudo apt-get update && sudo apt-get install -y ${wanted.package}`;
  if (process.platform !== 'linux' || !onPath('apt-get') || !onPath('dpkg')) {
    throw new PlainFailure(
      `The lab needs ${wanted.program} and it is not on PATH. Install it (on Debian: \`${advice}\`) and start the lab again.`,
    );
  }
  const folder = await unpackDebian(wanted.package, advice);
  const found = unpacked(folder, path.join('usr', 'bin', wanted.program));
  await runQuietly(found.command, wanted.proof, { env: found.env, advice: `To install it: ${advice}` });
  return found;
}

/** The program at `file` of an unpacked package, finding its libraries there. */
export function unpacked(folder: string, file: string): FoundProgram {
  const libraries = ['usr/lib', 'lib'].flatMap((base) =>
    ['x86_64-linux-gnu', 'aarch64-linux-gnu'].map((machine) => path.join(folder, base, machine)),
  );
  const known = process.env['LD_LIBRARY_PATH'];
  const search = [...libraries, ...(known ? [known] : [])].join(':');
  return { command: path.join(folder, file), env: { ...process.env, LD_LIBRARY_PATH: search } };
}

/** Unpacks a package, with everything apt would have to install beside it here, into the cache once. */
export async function unpackDebian(name: string, advice: string): Promise<string> {
  return makeOnce(`${name}-debian`, (part) =>
    step(`${name} (Debian's package)`, async () => {
      const archives = path.join(part, 'archives');
      await mkdir(archives);
      try {
        await download(name, archives, advice);
      } catch (error) {
        if (process.getuid?.() !== 0) throw error;
        await runQuietly('apt-get', ['update']);
        await download(name, archives, advice);
      }
      for (const archive of await readdir(archives)) {
        if (archive.endsWith('.deb')) await runQuietly('dpkg', ['-x', path.join(archives, archive), part]);
      }
      await rm(archives, { recursive: true });
    }),
  );
}

async function download(name: string, archives: string, advice: string): Promise<void> {
  const simulated = await runQuietly(
    'apt-get',
    ['install', '--simulate', '--reinstall', '--no-install-recommends', name],
    { advice: `To install it: ${advice}` },
  );
  const packages = [...simulated.matchAll(/^Inst (\S+)/gm)].flatMap((match) => match[1] ?? []);
  if (!packages.includes(name)) throw new PlainFailure(`apt-get knows no package ${name}. ${advice}`);
  await runQuietly('apt-get', ['download', ...packages], {
    cwd: archives,
    advice: `To install it: ${advice}`,
  });
}
