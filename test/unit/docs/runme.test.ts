import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { runmeAttributes } from '../../../src/core/lint/lintAttributes.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const page = readFileSync(`${root}docs/runme.md`, 'utf8');
const lines = page
  .split('\n')
  .filter((line) => /^\| (?!Option)/.test(line))
  .map((line) => line.split(' | ').map((cell) => cell.replace(/^\| | \|$/g, '')));
const tests = globSync('test/{unit,contract,editor}/**/*.test.ts', { cwd: root })
  .map((file) => readFileSync(root + file, 'utf8'))
  .join('\n');

describe('docs/runme.md', () => {
  for (const [option = '', , title = ''] of lines)
    it(`proves ${option} by a test that is there`, () => {
      assert.notEqual(title, '');
      assert.ok(tests.includes(`it('${title}'`), `no test is titled "${title}"`);
    });

  it('says of every option of Runme that is known here what it does', () => {
    const quiet = ['ignore'];
    assert.deepEqual(
      runmeAttributes.filter((key) => !quiet.includes(key) && !page.includes(`\`${key}`)),
      [],
    );
  });
});
