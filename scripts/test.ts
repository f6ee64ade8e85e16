import path from 'node:path';
import { buildHostTests, buildProject } from './build.ts';
import { fail, PlainFailure, root, seconds, step } from './cache.mjs';
import { checkProject, type Counts } from './check.ts';
import { ensureChromium } from './chromium.ts';
import {
  failedWhole,
  findTests,
  mochaCommand,
  nothingRun,
  runCounted,
  runTwiceIfNeeded,
  type Outcome,
} from './countedRun.ts';
import { ensureEditor } from './editorInstall.ts';
import { ensureKubectl } from './kubectl.ts';

/** Minutes after which a suite that still runs has failed: a hung host must not hang the build. */
const limits = { unit: 10, contract: 15, 'editor (in the host)': 10, 'editor (by hand)': 45 } as const;

/** The suites by the name one gives to `scripts/test.ts`; each may have several parts, run one after another. */
const suites: Record<string, (args: string[]) => Promise<[name: string, outcome: Outcome][]>> = {
  check: async () => [['check', await check()]],
  unit: async (args) => [['unit', await runMocha('unit', 'test/unit', args, {})]],
  contract: async (args) => {
    const env = { INCIDENT_KUBECTL: await ensureKubectl() };
    return [['contract', await runMocha('contract', 'test/contract', args, env)]];
  },
  host: async (args) => {
    if (process.env['INCIDENT_DESKTOP'] !== '1') await ensureServerEditor();
    await step('Build', async () => Promise.all([buildProject(), buildHostTests()]));
    return [['editor (in the host)', await runInHost(args)]];
  },
  user: async (args) => {
    await ensureServerEditor();
    await step('Build', () => buildProject());
    return [['editor (by hand)', await runMocha('editor (by hand)', 'test/editor/user', args, {})]];
  },
};

// Where a desktop VS Code runs the tests, the ones that need the server editor are left to another machine.
const editorSuites = process.env['INCIDENT_DESKTOP'] === '1' ? ['host'] : ['host', 'user'];

/** Names that stand for several suites. */
const groups: Record<string, string[]> = {
  all: ['check', 'unit', 'contract', ...editorSuites],
  editor: editorSuites,
};

async function check(): Promise<Outcome> {
  const counts = await checkProject();
  return { ...counts, remarks: counts.failed > 0 ? ['FAILED check: what it printed says where'] : [] };
}

async function ensureServerEditor(): Promise<void> {
  await ensureEditor();
  await ensureChromium();
}

/** The value after `--grep` or `-g`. */
const grepOf = (args: string[]) => args[args.findIndex((one) => one === '--grep' || one === '-g') + 1];

async function runInHost(args: string[]): Promise<Outcome> {
  const files = args.filter((one) => one.endsWith('.ts'));
  // Asked for user-level files only: there is nothing to run in the host.
  if (files.length > 0 && !files.some((file) => file.includes('editor/host'))) return nothingRun;
  const grep = args.some((one) => one === '--grep' || one === '-g') ? grepOf(args) : undefined;
  const env = grep ? { INCIDENT_GREP: grep } : {};
  return runCounted(
    'editor (in the host)',
    ['test/editor/runner/main.ts'],
    env,
    limits['editor (in the host)'],
  );
}

async function runMocha(
  name: keyof typeof limits,
  folder: string,
  args: string[],
  env: Record<string, string>,
): Promise<Outcome> {
  const files = args.filter((one) => one.endsWith('.ts'));
  const ours = files.filter((file) => path.resolve(root, file).startsWith(path.join(root, folder)));
  if (files.length > 0 && ours.length === 0) return nothingRun;
  const specs = ours.length > 0 ? ours : findTests(folder);
  if (specs.length === 0) return failedWhole(name, `there are no tests in ${folder}`);
  const mocha = [...mochaCommand(), ...args.filter((one) => !one.endsWith('.ts'))];
  if (name === 'editor (by hand)')
    return runTwiceIfNeeded(name, [...mocha, '--timeout', '180000'], specs, env, limits[name]);
  return runCounted(name, [...mocha, ...specs], env, limits[name]);
}

async function main(): Promise<void> {
  const [first = 'all', ...args] = process.argv.slice(2);
  const chosen = groups[first] ?? [first];
  const results: [string, Outcome, number][] = [];
  for (const name of chosen) {
    const run = suites[name];
    if (!run)
      throw new PlainFailure(
        `There is no suite "${name}". Known: ${[...Object.keys(suites), ...Object.keys(groups)].join(', ')}.`,
      );
    console.log(`\n== ${name}`);
    const started = Date.now();
    try {
      for (const [part, outcome] of await run(args)) results.push([part, outcome, Date.now() - started]);
    } catch (error) {
      fail(error);
      results.push([name, failedWhole(name, 'it broke off'), Date.now() - started]);
    }
  }
  console.log('');
  for (const remark of results.flatMap(([, { remarks }]) => remarks)) console.log(remark);
  for (const [name, { passed, failed }, took] of results) {
    console.log(`${name.padEnd(22)} ${passed} passed, ${failed} failed   ${seconds(took)}`);
  }
  const sum = (key: keyof Counts) => results.reduce((total, [, outcome]) => total + outcome[key], 0);
  process.exitCode = sum('failed') > 0 || sum('passed') === 0 ? 1 : 0;
  console.log(`${sum('passed')} passed, ${sum('failed')} failed`);
}

// The bootstrap is gone: nobody waits for the result, and the suites end with us.
const leave = () => process.exit(1);
process.once('disconnect', leave);
await main().catch(fail);
process.off('disconnect', leave);
process.disconnect?.();
