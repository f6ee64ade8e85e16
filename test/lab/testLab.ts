import { globSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { buildProject } from '../../scripts/build.ts';
import { fail, PlainFailure, root, seconds, step } from '../../scripts/cache.mjs';
import { ensureChromium } from '../../scripts/chromium.ts';
import { ensureEditor } from '../../scripts/editorInstall.ts';
import {
  failedWhole,
  mochaCommand,
  nothingRun,
  runTwiceIfNeeded,
  type Outcome,
} from '../../scripts/countedRun.ts';
import { onPath, works } from '../../scripts/programs.ts';
import { missingGo } from './goBuild.ts';
import { descriptionFile, downLab, upLab } from './lab.ts';

/** The suites that run against the lab: globs below the project's folder. */
export const labSuites: readonly string[] = ['test/lab/suites/**/*.test.ts'];

/** Minutes after which suites that still run have failed. */
const limit = 20;

/** Why the lab cannot be brought up on this machine, one sentence each. */
function missing(): string[] {
  const python = onPath('python3', 'python');
  const hasPython = python !== undefined && works(python, ['-c', 'import venv, ensurepip']);
  const noPython =
    'Python 3 with its venv module (on Debian: sudo apt-get install -y python3 python3-venv) does not run: ' +
    "the lab's AWS needs it.";
  return [missingGo(), hasPython ? undefined : noPython].filter((one) => one !== undefined);
}

/**
 * `npm run test:lab [-- MOCHA OPTIONS | FILES]`: a lab of its own up, every suite against it, the lab down. The last line
 * is `N passed, N failed`.
 */
async function main(args: readonly string[]): Promise<Outcome> {
  const reasons = missing();
  if (reasons.length > 0) {
    console.log(`${reasons.join('\n')}\nNothing was tested against real systems.`);
    return nothingRun;
  }
  const files = args.filter((one) => one.endsWith('.ts'));
  const options = args.filter((one) => !one.endsWith('.ts'));
  const specs = files.length > 0 ? files : globSync(labSuites, { cwd: root }).sort();
  const own = await mkdtemp(path.join(os.tmpdir(), 'incident-test-lab-'));
  process.env['INCIDENT_LAB_DIR'] = own;
  const stopped = new AbortController();
  const stop = () => {
    // The second time, the person means at once.
    if (stopped.signal.aborted) process.exit(1);
    stopped.abort(new PlainFailure('The tests were stopped.'));
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'disconnect'] as const) process.on(signal, stop);
  const started = Date.now();
  let isUp = false;
  try {
    // The spine's suite drives the real editor.
    await ensureEditor();
    await ensureChromium();
    await step('Build', () => buildProject());
    const left = await upLab([], stopped.signal);
    isUp = true;
    console.log(`The lab is up after ${seconds(Date.now() - started)}.`);
    for (const [name, reason] of left) console.log(`Nothing was tested against ${name}: ${reason}`);
    const run = runTwiceIfNeeded(
      'lab',
      [...mochaCommand(), '--timeout', '60000', ...options],
      specs,
      { INCIDENT_LAB: descriptionFile() },
      limit,
    );
    const end = new Promise<never>((_, reject) => {
      stopped.signal.addEventListener('abort', () => reject(stopped.signal.reason as Error), { once: true });
      stopped.signal.throwIfAborted();
    });
    return await Promise.race([run, end]);
  } catch (error) {
    fail(error);
    return failedWhole('lab', 'it broke off');
  } finally {
    // A lab that did not start is down already, and its logs are what the person needs now.
    if (isUp) await downLab();
    if (isUp || stopped.signal.aborted) await rm(own, { recursive: true, force: true });
    for (const signal of ['SIGINT', 'SIGTERM', 'disconnect'] as const) process.off(signal, stop);
    console.log(`The lab's tests took ${seconds(Date.now() - started)}.`);
  }
}

const { passed, failed, remarks } = await main(process.argv.slice(2));
for (const remark of remarks) console.log(remark);
console.log(`${passed} passed, ${failed} failed`);
process.disconnect?.();
// What still runs of a stopped suite ends with this process.
process.exit(failed > 0 ? 1 : 0);
