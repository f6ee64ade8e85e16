import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { root } from '../../../scripts/cache.mjs';
import { mochaCommand, runCounted, runTwiceIfNeeded } from '../../../scripts/countedRun.ts';

const mocha = [...mochaCommand(), '--no-config'];

describe('counting what came out of a suite', function () {
  this.timeout(30_000);
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'incident-counted-'));
  });
  afterEach(async () => rm(folder, { recursive: true, force: true }));

  const spec = async (name: string, body: string): Promise<string> => {
    const file = path.relative(root, path.join(folder, name));
    await writeFile(path.join(folder, name), `const fs = require('node:fs');\n${body}`);
    return file;
  };
  const good = "it('is good', () => {});";
  /** A test that fails in the first run only. */
  const first = () => {
    const mark = JSON.stringify(path.join(folder, 'mark'));
    return `it('waits', () => { if (!fs.existsSync(${mark})) { fs.writeFileSync(${mark}, ''); throw new Error('no\\nlist'); } });`;
  };

  it('runs a file with a failure once more, and names what was unsteady', async () => {
    const specs = [await spec('a.cjs', good), await spec('b.cjs', `${good}${first()}`)];
    const outcome = await runTwiceIfNeeded('x', mocha, specs, {}, 1);
    assert.deepEqual(outcome, {
      passed: 3,
      failed: 0,
      remarks: [`UNSTEADY ${specs[1]}: waits: no list`],
    });
  });

  it('fails what fails twice', async () => {
    const file = await spec('a.cjs', `${good}it('is bad', () => { throw new Error('broken'); });`);
    const outcome = await runTwiceIfNeeded('x', mocha, [file], {}, 1);
    assert.deepEqual(outcome, { passed: 1, failed: 1, remarks: [`FAILED ${file}: is bad: broken`] });
  });

  it('fails a hook with the file it is in', async () => {
    const file = await spec(
      'a.cjs',
      `describe('x', () => { before('all', () => { throw new Error('broken'); });${good} });`,
    );
    const outcome = await runCounted('x', [...mocha, file], {}, 1);
    assert.equal(outcome.failed, 1);
    assert.match(outcome.remarks[0] ?? '', /^FAILED \S+a\.cjs: x "before all" hook: all .*: broken$/);
  });

  it('runs unit tests once only', async () => {
    const file = await spec('a.cjs', first());
    assert.equal((await runCounted('x', [...mocha, file], {}, 1)).failed, 1);
  });

  it('fails a suite that ran nothing, and one that broke off', async () => {
    const nothing = await runCounted('x', [...mocha, await spec('a.cjs', '')], {}, 1);
    assert.deepEqual(nothing, { passed: 0, failed: 1, remarks: ['FAILED x: ran no test'] });
    const broken = await spec('b.cjs', `it('ends', () => process.exit(3));`);
    assert.deepEqual(await runTwiceIfNeeded('x', mocha, [broken], {}, 1), {
      passed: 0,
      failed: 1,
      remarks: ['FAILED x: ended with 3 before it had a result'],
    });
  });
});
