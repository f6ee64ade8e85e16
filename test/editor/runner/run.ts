import { readdirSync } from 'node:fs';
import path from 'node:path';
import { format } from 'node:util';
import Mocha from 'mocha';
import CountingReporter from '../../../scripts/countingReporter.cjs';

/**
 * The entry VS Code calls in its extension host. Runs every bundled test file beside it; rejects when a test failed
 * or there was none, which makes the editor exit with 1.
 */
export async function run(): Promise<void> {
  // The mark tells the launcher the tests' lines from everything else the editor logs.
  Mocha.reporters.Base.consoleLog = (...args: unknown[]) => {
    for (const line of format(...args).split('\n')) console.log(`[test] ${line}`);
  };
  const grep = process.env['INCIDENT_GREP'];
  const mocha = new Mocha({
    ui: 'bdd',
    color: false,
    timeout: 30_000,
    reporter: CountingReporter,
    ...(grep ? { grep } : {}),
  });
  const folder = path.join(__dirname, 'host');
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.test.cjs'))) {
    mocha.addFile(path.join(folder, file));
  }
  await new Promise<void>((resolve, reject) => {
    const runner = mocha.run((failures) => {
      const ran = (runner.stats?.passes ?? 0) + failures;
      if (ran === 0) reject(new Error('No test ran.'));
      else if (failures > 0) reject(new Error(`${failures} of ${ran} tests failed.`));
      else resolve();
    });
  });
}
