import path from 'node:path';
import { makeOnce, npmCommand, runQuietly, step, withPath } from '../../../scripts/cache.mjs';

/**
 * The folder of an npm package at exactly this version, installed into the cache once and never a dependency of the
 * project. Its install scripts are not run.
 */
export async function ensureNpmProgram(name: string, version: string): Promise<string> {
  const folder = await makeOnce(`${name}-${version}`, (part) =>
    step(`${name} ${version} from npm`, async () => {
      const [npm, args] = npmCommand();
      const flags = ['--ignore-scripts', '--omit=dev', '--loglevel=error', '--no-audit', '--no-fund'];
      await runQuietly(npm, [...args, 'install', ...flags, '--prefix', part, `${name}@${version}`], {
        cwd: part,
        env: withPath(path.dirname(process.execPath)),
        advice: `Check that npm can reach its registry and start the lab again.`,
      });
    }),
  );
  return path.join(folder, 'node_modules', name);
}
