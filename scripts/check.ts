import { spawn } from 'node:child_process';
import path from 'node:path';
import { fail, root, seconds } from './cache.mjs';

const cache = 'node_modules/.cache';

/** What must hold before a test is worth running. All three keep what they know between runs. */
const checks = [
  { name: 'types and borders (tsc)', args: ['typescript/bin/tsc', '-b', '--pretty'] },
  {
    name: 'lint (eslint)',
    args: [
      ...['eslint/bin/eslint.js', '--color', '--cache', '--cache-strategy', 'content'],
      ...['--cache-location', `${cache}/eslint/`, '--max-warnings', '0', '.'],
    ],
  },
  {
    name: 'format (prettier)',
    args: ['prettier/bin/prettier.cjs', '--cache', '--check', '.'],
  },
];

export interface Counts {
  readonly passed: number;
  readonly failed: number;
}

/** Runs the checks side by side; what a failing one printed is shown. */
export async function checkProject(): Promise<Counts> {
  const results = await Promise.all(checks.map(runCheck));
  const passed = results.filter(Boolean).length;
  return { passed, failed: results.length - passed };
}

async function runCheck({ name, args }: (typeof checks)[number]): Promise<boolean> {
  const started = Date.now();
  const [program = '', ...rest] = args;
  const { code, output } = await new Promise<{ code: number | null; output: string }>((resolve) => {
    const child = spawn(process.execPath, [path.join(root, 'node_modules', program), ...rest], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    child.on('close', (exit) => resolve({ code: exit, output: text }));
  });
  const took = seconds(Date.now() - started);
  console.log(`${code === 0 ? 'ok  ' : 'FAIL'} ${name.padEnd(26)} ${took}`);
  if (code !== 0) console.log(output.trimEnd());
  return code === 0;
}

if (import.meta.main) {
  try {
    const { failed } = await checkProject();
    if (failed > 0) process.exitCode = 1;
  } catch (error) {
    fail(error);
  }
}
