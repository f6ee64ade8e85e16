import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { exists, root } from './cache.mjs';
import type { Counts } from './check.ts';
import { endTree, spawnLeashed } from './leash.ts';

/** Mocha as arguments of Node, with the reporter that leaves its counts for `runCounted`. */
export const mochaCommand = (): string[] => [
  'node_modules/mocha/bin/mocha.js',
  ...['--reporter', 'scripts/countingReporter.cjs'],
  process.stdout.isTTY ? '--color' : '--no-color',
];

/** The test files below a folder of the project, in order. */
export function findTests(folder: string): string[] {
  if (!existsSync(path.join(root, folder))) return [];
  return readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => path.join(folder, file))
    .sort();
}

/**
 * Runs a suite's program (arguments of Node) and reads the counts it leaves. One that crashed, ran nothing or ran for
 * longer than `minutes` has failed: a hung host must not hang the build.
 */
export async function runCounted(
  name: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  minutes: number,
): Promise<Counts> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'incident-counts-'));
  const file = path.join(folder, 'counts.json');
  try {
    const child = spawnLeashed(process.execPath, args, {
      cwd: root,
      env: { ...process.env, ...env, INCIDENT_COUNTS_FILE: file },
    });
    child.stdout?.pipe(process.stdout, { end: false });
    child.stderr?.pipe(process.stderr, { end: false });
    const code = await ended(child, name, minutes);
    if (!(await exists(file))) {
      console.log(`The ${name} suite ended with ${code} before it had a result.`);
      return { passed: 0, failed: 1 };
    }
    const { passed, failed } = JSON.parse(await readFile(file, 'utf8')) as Counts;
    if (failed === 0 && code !== 0) {
      console.log(`The ${name} suite ended with ${code} although no test failed.`);
      return { passed, failed: 1 };
    }
    if (passed + failed === 0) {
      console.log(`The ${name} suite ran no test.`);
      return { passed, failed: 1 };
    }
    return { passed, failed };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function ended(
  child: ReturnType<typeof spawnLeashed>,
  name: string,
  minutes: number,
): Promise<number | string> {
  const timer = setTimeout(() => {
    console.log(`The ${name} suite did not end within ${minutes} minutes and was stopped.`);
    void endTree(child);
  }, minutes * 60_000);
  const code = await new Promise<number | string>((resolve) =>
    child.once('close', (exit, signal) => resolve(exit ?? signal ?? 1)),
  );
  clearTimeout(timer);
  return code;
}
