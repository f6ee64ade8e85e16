import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { exists, root } from './cache.mjs';
import type { Counts } from './check.ts';
import { endTree, spawnLeashed } from './leash.ts';

/** What came out of one test file, as `countingReporter.cjs` writes it. */
interface FileOutcome {
  readonly passed: number;
  readonly failures: readonly { readonly test: string; readonly reason: string }[];
}

/** What came out of a suite; `remarks` are the lines to repeat at the very end: `FAILED …` and `UNSTEADY …`. */
export interface Outcome extends Counts {
  readonly remarks: readonly string[];
}

export const nothingRun: Outcome = { passed: 0, failed: 0, remarks: [] };

/** A failure of the suite as a whole. */
export const failedWhole = (name: string, why: string): Outcome => ({
  passed: 0,
  failed: 1,
  remarks: [`FAILED ${name}: ${why}`],
});

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
): Promise<Outcome> {
  const ran = await runOnce(name, args, env, minutes);
  return typeof ran === 'string' ? failedWhole(name, ran) : outcomeOf(ran);
}

/**
 * The same for test files that drive a real editor. Those with a failure are run once more, each editor started anew:
 * what passes then has passed, and every test that had failed is named as unsteady, with its reason. Why: decision 0019.
 */
export async function runTwiceIfNeeded(
  name: string,
  mocha: readonly string[],
  specs: readonly string[],
  env: Readonly<Record<string, string>>,
  minutes: number,
): Promise<Outcome> {
  const first = await runOnce(name, [...mocha, ...specs], env, minutes);
  if (typeof first === 'string') return failedWhole(name, first);
  const broken = [...first].filter(([, { failures }]) => failures.length > 0).map(([file]) => file);
  if (broken.length === 0 || broken.some((file) => !specs.includes(file))) return outcomeOf(first);
  console.log(`\nOnce more, since a test in it failed: ${broken.join(', ')}`);
  const second = await runOnce(name, [...mocha, ...broken], env, minutes);
  if (typeof second === 'string') return failedWhole(name, second);
  const { passed, failed, remarks } = outcomeOf(new Map([...first, ...second]));
  const unsteady = broken.filter((file) => (second.get(file)?.failures ?? []).length === 0);
  return {
    passed,
    failed,
    remarks: [...remarks, ...unsteady.flatMap((file) => remarksOn('UNSTEADY', file, first.get(file)))],
  };
}

const remarksOn = (word: string, file: string, outcome: FileOutcome | undefined): string[] =>
  (outcome?.failures ?? []).map(
    ({ test, reason }) => `${word} ${file}: ${test}: ${reason.replaceAll(/\s+/g, ' ').slice(0, 600)}`,
  );

function outcomeOf(files: ReadonlyMap<string, FileOutcome>): Outcome {
  let passed = 0;
  const remarks: string[] = [];
  for (const [file, outcome] of files) {
    passed += outcome.passed;
    remarks.push(...remarksOn('FAILED', file, outcome));
  }
  return { passed, failed: remarks.length, remarks };
}

/** What came out by file, or why nothing can be said. */
async function runOnce(
  name: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  minutes: number,
): Promise<ReadonlyMap<string, FileOutcome> | string> {
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
    const saidAlone = (why: string): string => {
      console.log(`The ${name} suite ${why}.`);
      return why;
    };
    if (!(await exists(file))) return saidAlone(`ended with ${code} before it had a result`);
    const files = new Map(
      Object.entries(JSON.parse(await readFile(file, 'utf8')) as Record<string, FileOutcome>),
    );
    const { passed, failed } = outcomeOf(files);
    if (failed === 0 && code !== 0) return saidAlone(`ended with ${code} although no test failed`);
    if (passed + failed === 0) return saidAlone('ran no test');
    return files;
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
