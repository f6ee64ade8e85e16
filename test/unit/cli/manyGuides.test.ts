import assert from 'node:assert/strict';
import { manyGuides } from '../../support/manyGuides.ts';
import { createCliFolder, type CliFolder } from './cliFolder.ts';
import { parseSarif } from './sarifSchema.ts';

describe('incident-guide check over a thousand files', function () {
  this.timeout(120_000);
  const guides = manyGuides(1_000);
  const files = guides.map(({ file }) => file);
  let folder: CliFolder;
  before(() => {
    folder = createCliFolder(Object.fromEntries(guides.map(({ file, text }) => [file, text])));
  });
  after(() => folder.dispose());

  it('reads each, and ends with an answer', async () => {
    const { code, out, err } = await folder.run('check', '--json', ...files);
    assert.equal(err, '');
    const reports = JSON.parse(out) as {
      file: string;
      runbooks: unknown[];
      problems: { code: string; severity: string }[];
    }[];
    assert.equal(reports.length, files.length);
    assert.ok(reports.filter(({ runbooks }) => runbooks.length > 0).length > 950);
    assert.deepEqual(
      reports.flatMap(({ file, problems }) =>
        problems.some(({ code }) => code === 'internal' || code === 'unreadable') ? [file] : [],
      ),
      [],
    );
    // As documented: 1 for an error of a guide, else 0; warnings alone are none.
    const problems = reports.flatMap((report) => report.problems);
    assert.equal(code, problems.some(({ severity }) => severity === 'error') ? 1 : 0);
    const warnings = problems.filter(({ severity }) => severity === 'warning').length;
    assert.ok(warnings > 0);
    assert.equal((await folder.run('check', '--max-warnings', String(warnings), ...files)).code, code);
    const tooMany = await folder.run('check', '--max-warnings', String(warnings - 1), ...files);
    assert.deepEqual(
      [tooMany.code, tooMany.err],
      [1, `incident-guide: ${warnings} warnings, allowed are ${warnings - 1}.\n`],
    );
  });

  for (const format of ['text', 'sarif', 'github'])
    it(`says it as ${format} too, with the same answer`, async () => {
      const { code } = await folder.run('check', '--json', ...files);
      const told = await folder.run('check', '--format', format, ...files);
      assert.deepEqual([told.code, told.err], [code, '']);
      assert.notEqual(told.out, '');
      if (format === 'sarif') assert.ok((parseSarif(told.out).runs[0]?.results.length ?? 0) > 100);
    });
});
