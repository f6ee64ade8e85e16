import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseFenceInfo } from '../../../src/core/guide/attributes.ts';
import { manyGuides } from '../../support/manyGuides.ts';
import { createCliFolder, type CliFolder } from './cliFolder.ts';
import { parseSarif } from './sarifSchema.ts';

describe('incident-guide check over a thousand files', function () {
  this.timeout(120_000);
  let folder: CliFolder;
  before(() => {
    folder = createCliFolder(Object.fromEntries(manyGuides(1_000).map(({ file, text }) => [file, text])));
  });
  after(() => folder.dispose());

  it('reads each, and ends with an answer', async () => {
    const { code, out, err } = await folder.run('check', '--json', '.');
    assert.ok(code === 0 || code === 1, err);
    const reports = JSON.parse(out) as { file: string; runbooks: unknown[]; problems: { code: string }[] }[];
    assert.ok(reports.length > 950, String(reports.length));
    assert.ok(reports.filter(({ runbooks }) => runbooks.length > 0).length > 950);
    assert.deepEqual(
      reports.flatMap(({ file, problems }) =>
        problems.some(({ code }) => code === 'internal' || code === 'unreadable') ? [file] : [],
      ),
      [],
    );
    for (const format of ['text', 'sarif', 'github']) {
      const ran = await folder.run('check', '--format', format, 'hand-made', 'team-1');
      assert.doesNotMatch(ran.err, /mistake in this program/);
      if (format === 'sarif') assert.ok((parseSarif(ran.out).runs[0]?.results.length ?? 0) > 100);
    }
  });
});

describe('the attributes of a fence, whatever is written', () => {
  const piece = fc.constantFrom(
    ...[
      '{',
      '}',
      '"',
      "'",
      '=',
      ',',
      ' ',
      ':',
      '\\',
      'ir.when',
      'ir.assert',
      'name',
      'x',
      'bash',
      '__proto__',
      '[',
      '.bash',
    ],
  );
  const info = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 80 }),
    fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join('')),
    fc.json().map((json) => `bash ${json}`),
  );

  it('never throw, and are text by name', () => {
    fc.assert(
      fc.property(info, (written) => {
        const { language, attributes, problem } = parseFenceInfo(written);
        assert.equal(language, language.toLowerCase());
        assert.ok(Object.values(attributes).every((value) => typeof value === 'string'));
        assert.ok(problem === undefined || /[.”}]$/.test(problem));
      }),
      { numRuns: 2_000 },
    );
  });

  it('come back as they were written, in both styles', () => {
    const name = fc.stringMatching(/^[a-z][a-z.]{0,9}$/).filter((key) => key !== 'constructor');
    const value = fc.string({ maxLength: 20 }).filter((text) => !/[\r\n`\\]/.test(text));
    fc.assert(
      fc.property(fc.dictionary(name, value, { minKeys: 1, maxKeys: 5 }), (wanted) => {
        const plain = { ...wanted };
        assert.deepEqual({ ...parseFenceInfo(`bash ${JSON.stringify(plain)}`).attributes }, plain);
        const pairs = Object.entries(plain).map(
          ([key, text]) => `${key}="${text.replace(/["\\]/g, '\\$&')}"`,
        );
        assert.deepEqual({ ...parseFenceInfo(`bash { ${pairs.join(' ')} }`).attributes }, plain);
      }),
    );
  });
});
