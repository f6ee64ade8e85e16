import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { join } from 'node:path';
import { createCliFolder, smallGuide, type CliAnswer, type CliFolder } from './cliFolder.ts';

const main = join(import.meta.dirname, '../../../src/cli/main.ts');

describe('the incident-guide process', () => {
  let folder: CliFolder;
  before(() => {
    folder = createCliFolder({ 'guide.md': smallGuide });
  });
  after(() => folder.dispose());

  const start = (...args: string[]) =>
    spawn(process.execPath, [main, ...args], { cwd: folder.path, stdio: ['ignore', 'pipe', 'pipe'] });
  const spawned = async (...args: string[]): Promise<CliAnswer> => {
    const child = start(...args);
    const [out, err, [code]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'close'),
    ]);
    return { code: Number(code), out, err };
  };

  it('ends with 0, 1 or 2', async () => {
    const [fine, missing, wrong] = await Promise.all([
      spawned('check', 'guide.md', '--json'),
      spawned('check', 'missing.md', '--json'),
      spawned('chek'),
    ]);
    assert.deepEqual([fine.code, fine.err], [0, '']);
    assert.equal((JSON.parse(fine.out) as unknown[]).length, 1);
    assert.equal(missing.code, 1);
    assert.match(missing.out, /no such file or folder/);
    assert.equal(wrong.code, 2);
    assert.match(wrong.err, /Usage/);
  });

  it('writes long output whole into a pipe', async () => {
    folder.write('long.md', smallGuide + '\n### More\n\n```bash\nkubectl get pods\n```\n'.repeat(2000));
    const { code, out } = await spawned('plan', 'long.md', '--json');
    assert.equal(code, 0);
    assert.equal((JSON.parse(out) as unknown[]).length, 2003);
  });

  it('ends quietly when its reader has gone', async () => {
    const child = start('check', 'guide.md', '--json');
    child.stdout.destroy();
    const [err, [code, signal]] = await Promise.all([text(child.stderr), once(child, 'close')]);
    assert.deepEqual([err, code, signal], ['', 0, null]);
  });
});
