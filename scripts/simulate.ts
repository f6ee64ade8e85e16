import { spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { buildProject } from './build.ts';
import { fail, root } from './cache.mjs';

/** Runs the simulated production alone: `npm run simulate -- --kubeconfig FILE`, then `kubectl --kubeconfig FILE …`. */
async function main(): Promise<void> {
  await mkdir(path.join(root, 'out'), { recursive: true });
  await buildProject({ only: 'dist/simulator.cjs' });
  const child = spawn(process.execPath, [path.join(root, 'dist/simulator.cjs'), ...process.argv.slice(2)], {
    stdio: 'inherit',
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
  process.on('disconnect', () => child.kill('SIGTERM'));
  child.on('exit', (code) => process.exit(code ?? 1));
}

await main().catch(fail);
