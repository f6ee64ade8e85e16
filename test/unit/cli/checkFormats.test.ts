import assert from 'node:assert/strict';
import { join } from 'node:path';
import { createCliFolder, smallGuide, type CliFolder } from './cliFolder.ts';
import { parseSarif } from './sarifSchema.ts';

/** One warning (line 16) and one error (line 24: the last fence has no end). */
const broken = smallGuide.replace('get pods', 'logs').replace(/```\n$/, '');
const warned = smallGuide.replace('get pods', 'logs');

describe('what incident-guide check gives to other programs', () => {
  let folder: CliFolder;
  beforeEach(() => {
    folder = createCliFolder();
  });
  afterEach(() => folder.dispose());

  describe('SARIF', () => {
    const sarif = async (...paths: string[]) => {
      const { code, out, err } = await folder.run('check', '--format', 'sarif', ...paths);
      assert.equal(err, '');
      return { code, log: parseSarif(out) };
    };

    it('is a log of the schema, with a rule for each code and a place for each problem', async () => {
      folder.write('guides/on call & more.md', warned);
      const { code, log } = await sarif('guides');
      assert.equal(code, 0);
      const [run] = log.runs;
      assert.ok(run);
      const [problem] = run.results;
      assert.ok(problem);
      assert.equal(problem.ruleId, 'logs-selector-tail');
      assert.equal(problem.level, 'warning');
      assert.match(problem.message.text, /last 10 lines/);
      assert.deepEqual(problem.locations[0]?.physicalLocation, {
        artifactLocation: { uri: 'guides/on%20call%20%26%20more.md', uriBaseId: '%SRCROOT%' },
        region: { startLine: 16, startColumn: 22, endLine: 16, endColumn: 38 },
      });
      assert.equal(run.tool.driver.rules[problem.ruleIndex]?.id, 'logs-selector-tail');
      assert.equal(run.results.length, 1);
    });

    it('has the level of each problem, and an absolute address for what lies outside', async () => {
      folder.write('ops.md', warned);
      const outside = createCliFolder({
        'guide.md': smallGuide.replace('| P1 | Shop is slow | 1 hour |', '| P1 |'),
      });
      try {
        const { code, log } = await sarif('ops.md', join(outside.path, 'guide.md'), 'missing.md');
        assert.equal(code, 1);
        const results = log.runs[0]?.results ?? [];
        assert.deepEqual(
          results.filter(({ ruleId }) => ruleId === 'unreadable').map(({ level }) => level),
          ['error'],
        );
        const away = results.filter(({ locations }) =>
          locations[0]?.physicalLocation.artifactLocation.uri.startsWith('file:///'),
        );
        assert.ok(away.length > 0);
        assert.ok(away.every(({ locations }) => !locations[0]?.physicalLocation.artifactLocation.uriBaseId));
      } finally {
        outside.dispose();
      }
    });

    it('is held against a schema that refuses what is none', async () => {
      folder.write('ops.md', warned);
      const { out } = await folder.run('check', '--format', 'sarif', 'ops.md');
      for (const [from, to] of [
        ['"level": "warning"', '"level": "info"'],
        ['"startLine": 16', '"startLine": 0'],
        ['"uri": "ops.md"', '"uri": "o p s.md"'],
        ['"ruleIndex": 0', '"ruleNumber": 0'],
        ['"version": "2.1.0"', '"version": "2.0.0"'],
      ] as const) {
        assert.ok(out.includes(from), from);
        assert.throws(() => parseSarif(out.replace(from, to)), to);
      }
    });

    it('is a log without results where nothing is wrong', async () => {
      folder.write('guide.md', smallGuide);
      const { code, log } = await sarif('guide.md');
      assert.deepEqual([code, log.runs[0]?.results, log.runs[0]?.tool.driver.rules], [0, [], []]);
    });
  });

  describe('annotations of a GitHub Actions run', () => {
    it('name file, line and code, one line each, and the sums behind them', async () => {
      folder.write('guides/a,b: c%.md', broken);
      const { code, out } = await folder.run('check', '--format', 'github', 'guides');
      const lines = out.trimEnd().split('\n');
      const warning = lines.find((line) => line.includes('logs-selector-tail'));
      assert.ok(
        warning?.startsWith(
          '::warning file=guides/a%2Cb%3A c%25.md,line=16,col=22,endColumn=38,title=logs-selector-tail::',
        ),
        out,
      );
      assert.ok(
        lines.some((line) => /^::(?:error|warning|notice) .*title=fence-unclosed::/.test(line)),
        out,
      );
      assert.match(lines.at(-1) ?? '', /^1 file: \d+ errors?, \d+ warnings?, \d+ notes?\.$/);
      assert.equal(code, lines.some((line) => line.startsWith('::error ')) ? 1 : 0);
    });

    it('cannot be made to give a command by what a guide says', async () => {
      folder.write(
        'guide.md',
        `${smallGuide}\n\`\`\`bash {ir.risk="x" ir.wh%0A::stop-commands::x="1"}\nls\n\`\`\`\n`,
      );
      const { out } = await folder.run('check', '--format', 'github', 'guide.md');
      for (const line of out.trimEnd().split('\n').slice(0, -1))
        assert.match(
          line,
          /^::(?:error|warning|notice) file=guide\.md,line=\d+(?:,col=\d+,endColumn=\d+)?,title=[\w-]+::[^\r\n]*$/,
        );
    });
  });

  describe('the exit status', () => {
    const status = async (...args: string[]): Promise<number> => (await folder.run('check', ...args)).code;
    beforeEach(() => {
      folder.write('warned.md', warned);
      folder.write('fine.md', smallGuide);
    });

    it('lets warnings pass unless they are counted', async () => {
      assert.equal(await status('warned.md'), 0);
      assert.equal(await status('warned.md', '--max-warnings', '1'), 0);
      assert.equal(await status('warned.md', 'fine.md', '--max-warnings', '0'), 1);
      assert.equal(await status('warned.md', '--strict'), 1);
      assert.equal(await status('fine.md', '--strict'), 0);
    });

    it('says how many there were when it were too many', async () => {
      const { err } = await folder.run('check', 'warned.md', '--max-warnings', '0', '--format', 'json');
      assert.equal(err, 'incident-guide: 1 warning, allowed are 0.\n');
    });

    it('is no success under --strict when there was nothing to check', async () => {
      folder.write('empty/notes.md', 'Nothing here.');
      assert.equal(await status('empty'), 0);
      assert.equal(await status('empty', '--strict'), 1);
    });
  });
});
