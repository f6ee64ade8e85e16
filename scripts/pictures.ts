import { spawn } from 'node:child_process';
import path from 'node:path';
import { fail, root } from './cache.mjs';

/** Makes the documentation's pictures anew: the user-level editor tests, with their pictures kept in docs/pictures. */
async function main(): Promise<void> {
  const env = { ...process.env, INCIDENT_PICTURES: path.join(root, 'docs/pictures') };
  const args = [path.join(root, 'scripts/test.ts'), 'user', ...process.argv.slice(2)];
  const child = spawn(process.execPath, args, { cwd: root, env, stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
  process.exitCode = await new Promise<number>((resolve) => child.on('exit', (code) => resolve(code ?? 1)));
}

await main().catch(fail);
