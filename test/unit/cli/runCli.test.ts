import assert from 'node:assert/strict';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { createCliFolder, smallGuide, type CliFolder } from './cliFolder.ts';

interface Entry {
  readonly file: string;
  readonly problems: readonly { line: number; code: string; severity: string; message: string }[];
}

describe('incident-guide', () => {
  let folder: CliFolder;
  beforeEach(() => {
    folder = createCliFolder({ 'guide.md': smallGuide });
  });
  afterEach(() => folder.dispose());

  const check = async (...args: string[]): Promise<{ code: number; entries: readonly Entry[] }> => {
    const { code, out } = await folder.run('check', '--json', ...args);
    return { code, entries: JSON.parse(out) as readonly Entry[] };
  };
  const codes = ({ problems }: Entry): readonly string[] => problems.map(({ code }) => code);

  describe('wrong usage', () => {
    const wrong: readonly (readonly [args: readonly string[], sentence: RegExp])[] = [
      [[], /check, plan, test or verify/],
      [['chek', 'guide.md'], /no command "chek"/],
      [['check'], /Name the files or folders to check/],
      [['plan', '--json'], /Name the files or folders to plan/],
      [['check', 'guide.md', '--jsno'], /--jsno/],
      [['check', 'guide.md', '--json=yes'], /--json/],
      [['check', ''], /empty/],
      [['check', 'guide.md', '--set', 'pod=a'], /--set belongs to plan/],
      [['plan', 'guide.md', '--set'], /--set/],
      [['plan', 'guide.md', '--set', 'pod'], /NAME=VALUE/],
      [['plan', 'guide.md', '--set', '=web-1'], /NAME=VALUE/],
      [['check', 'guide.md', '--format', 'xml'], /no format "xml": it is text, json, sarif or github/],
      [['check', 'guide.md', '--json', '--format', 'sarif'], /contradict/],
      [['check', 'guide.md', '--max-warnings', '-1'], /whole number|ambiguous/],
      [['check', 'guide.md', '--max-warnings', 'few'], /whole number/],
      [['check', 'guide.md', '--strict', '--max-warnings=3'], /leave --max-warnings out/],
      [['plan', 'guide.md', '--format', 'json'], /--format belongs to check and test/],
      [['plan', 'guide.md', '--strict'], /--strict belongs to check/],
      [['test', 'guide.md', '--format', 'sarif'], /no format "sarif"/],
      [['check', 'guide.md', '--update'], /--update belongs to test/],
    ];
    for (const [args, sentence] of wrong)
      it(`is refused with status 2: ${args.join(' ') || '(nothing)'}`, async () => {
        const { code, out, err } = await folder.run(...args);
        assert.equal(code, 2);
        assert.equal(out, '');
        assert.match(err, sentence);
        assert.match(err, /Usage: incident-guide/);
      });

    it('is not asking for help', async () => {
      const { code, out, err } = await folder.run('--help');
      assert.deepEqual([code, err], [0, '']);
      assert.match(out, /--set NAME=VALUE/);
    });
  });

  describe('check', () => {
    it('reports what a guide holds', async () => {
      const { code, entries } = await check('guide.md');
      assert.equal(code, 0);
      assert.equal(entries.length, 1);
      const { severities, runbooks, problems, ...rest } = entries[0] as Entry & Record<string, unknown>;
      assert.deepEqual(
        (severities as { name: string; responseMinutes: number }[]).map((each) => [
          each.name,
          each.responseMinutes,
        ]),
        [
          ['P0', 5],
          ['P1', 60],
        ],
      );
      const [runbook] = runbooks as { title: string; line: number; steps: unknown[] }[];
      assert.equal(runbook?.title, 'Pods crash');
      assert.equal(runbook.line, 12);
      assert.deepEqual(runbook.steps, [
        {
          number: 1,
          text: 'Look at the pods',
          condition: null,
          command: 'kubectl get pods -n shop -l app=<service>',
          details: [],
          line: 15,
        },
        {
          number: 2,
          text: 'If one crashes',
          condition: 'If one crashes',
          command: 'kubectl logs <pod> -n shop --previous',
          details: [],
          line: 18,
        },
        {
          number: 3,
          text: 'Look at the board',
          condition: null,
          command: null,
          details: ['Grafana > Shop'],
          line: 21,
        },
      ]);
      assert.deepEqual(problems, []);
      assert.deepEqual(Object.keys(rest).sort(), [
        'cadence',
        'checklist',
        'contacts',
        'deadlines',
        'escalations',
        'file',
        'links',
        'options',
        'phases',
        'questions',
        'steps',
        'templates',
        'title',
      ]);
      assert.equal(rest['cadence'], null);
    });

    it('warns of the traps in the commands and still succeeds', async () => {
      folder.write('guide.md', smallGuide.replace('get pods', 'logs'));
      const { code, entries } = await check('guide.md');
      assert.equal(code, 0);
      assert.deepEqual(
        entries[0]?.problems.map(({ line, code, severity }) => [line, code, severity]),
        [[16, 'logs-selector-tail', 'warning']],
      );
    });

    it('walks folders for guides alone, and reads what is named whatever it is', async () => {
      for (const file of ['a/deep/ops.MD', 'node_modules/x/guide.md', '.hidden/guide.md', 'a/guide.txt'])
        folder.write(file, smallGuide);
      folder.write('a/notes.md', '# Shopping\n\nMilk and bread.\n');
      symlinkSync(folder.path, join(folder.path, 'a', 'circle'));
      assert.deepEqual(
        (await check('.')).entries.map(({ file }) => file),
        [join('a', 'deep', 'ops.MD'), 'guide.md'],
      );
      const named = await check('a/notes.md', 'a', 'guide.md', './guide.md', '.hidden');
      assert.deepEqual(
        named.entries.map(({ file }) => file),
        ['a/notes.md', join('a', 'deep', 'ops.MD'), 'guide.md', join('.hidden', 'guide.md')],
      );
      assert.deepEqual(codes(named.entries[0] as Entry), ['nothing-recognised']);
    });

    it('says that a folder holds no guide', async () => {
      folder.write('empty/notes.md', 'Nothing here.');
      const { code, out, err } = await folder.run('check', 'empty', '--json');
      assert.deepEqual([code, out], [0, '[]\n']);
      assert.match(err, /no guide was found/);
    });

    for (const path of ['missing.md', 'guide.md/inside.md', 'nul\0.md', '/dev/null', 'x'.repeat(5000)])
      it(`reports a path that cannot be read and goes on: ${JSON.stringify(path.slice(0, 20))}`, async () => {
        const { code, entries } = await check(path, 'guide.md');
        assert.equal(code, 1);
        assert.deepEqual(
          entries.map(({ file }) => file),
          [path, 'guide.md'],
        );
        assert.deepEqual(
          entries[0]?.problems.map(({ code, severity }) => [code, severity]),
          [['unreadable', 'error']],
        );
        assert.match(entries[0]?.problems[0]?.message ?? '', /^[A-Z].*\.$/);
        const planned = await folder.run('plan', '--json', path, 'guide.md');
        assert.equal(planned.code, 1);
        assert.match(planned.err, /error: /);
        assert.equal((JSON.parse(planned.out) as unknown[]).length, 3);
      });

    it('lists what is broken in a guide beside what works', async () => {
      folder.write(
        'guide.md',
        smallGuide.replace(/```\n$/, '').replace('| P1 | Shop is slow | 1 hour |', '| P1 |'),
      );
      const { entries } = await check('guide.md');
      const [entry] = entries as [Entry & { runbooks: { steps: unknown[] }[]; severities: unknown[] }];
      assert.equal(entry.runbooks[0]?.steps.length, 3);
      assert.equal(entry.severities.length, 2);
      assert.ok(codes(entry).includes('fence-unclosed'), codes(entry).join());
      assert.ok(
        codes(entry).some((code) => code.startsWith('table-')),
        codes(entry).join(),
      );
      assert.ok(entry.problems.every(({ line, message }) => line >= 1 && message !== ''));
    });

    it('reads UTF-16 and says where bytes are not UTF-8', async () => {
      folder.write('utf16.md', Buffer.from(`\uFEFF${smallGuide}`, 'utf16le'));
      folder.write('latin1.md', Buffer.from(smallGuide.replace('Shop is slow', 'Shop très lent'), 'latin1'));
      const { entries } = await check('utf16.md', 'latin1.md');
      const [utf16, latin1] = entries as [
        Entry & { severities: unknown[] },
        Entry & { severities: unknown[] },
      ];
      assert.deepEqual([utf16.severities.length, codes(utf16)], [2, []]);
      assert.equal(latin1.severities.length, 2);
      assert.deepEqual(
        latin1.problems.map(({ line, code }) => [line, code]),
        [[8, 'not-utf8']],
      );
    });

    it('prints aligned lines for people that no guide can turn into terminal codes', async () => {
      folder.write('guide.md', smallGuide.replace('# Shop incidents', '# Shop \u001b[2J incidents'));
      const { out } = await folder.run('check', 'guide.md');
      assert.equal(
        out,
        [
          'guide.md: Shop \uFFFD[2J incidents',
          '  severities  2  P0 5 minutes, P1 1 hour',
          '  runbooks    1  Pods crash (3 steps)',
          '',
          '2 steps to run, 1 by hand.',
          '1 file: 0 errors, 0 warnings, 0 notes.',
          '',
        ].join('\n'),
      );
    });
  });

  describe('plan', () => {
    const plans = async (...args: string[]): Promise<readonly Record<string, unknown>[]> =>
      JSON.parse((await folder.run('plan', 'guide.md', '--json', ...args)).out) as Record<string, unknown>[];

    it('shows every step with its kind, risk and missing values', async () => {
      const common = { file: 'guide.md', runbook: 'Pods crash', risk: 'read' };
      assert.deepEqual(await plans(), [
        {
          ...common,
          line: 15,
          step: 1,
          kind: 'kubernetes',
          executor: 'kubernetes',
          preview: 'kubectl get pods -n shop -l app=<service>',
          missing: ['service'],
        },
        {
          ...common,
          line: 18,
          step: 2,
          kind: 'kubernetes',
          executor: 'kubernetes',
          preview: 'kubectl logs <pod> -n shop --previous',
          missing: ['pod'],
        },
        {
          ...common,
          line: 21,
          step: 3,
          kind: 'manual',
          executor: 'manual',
          preview: 'Look at the board\nGrafana > Shop',
          missing: [],
        },
      ]);
    });

    it('fills values in, and namespace and context as the target too', async () => {
      const [pods, logs] = await plans(
        ...['--set', 'service=web', '--set', 'POD=first', '--set', 'pod=web-1'],
        ...['--set', 'namespace=shop', '--set=context=blue'],
      );
      assert.equal(pods?.['preview'], 'kubectl get pods -n shop --context blue -l app=web');
      assert.equal(logs?.['preview'], 'kubectl logs web-1 -n shop --context blue --previous');
      assert.deepEqual([pods['missing'], logs['missing']], [[], []]);
    });

    it('says when a value fills nothing, and when a value cannot be used', async () => {
      const { code, out, err } = await folder.run(
        'plan',
        'guide.md',
        '--set',
        'pdo=x',
        '--set',
        'pod=--all x',
      );
      assert.equal(code, 0);
      assert.match(err, /--set pdo fills nothing/);
      assert.doesNotMatch(err, /--set pod /);
      assert.match(out, /invalid-value: /);
    });

    it('prints steps under their runbook for people', async () => {
      const { out } = await folder.run('plan', 'guide.md', '--set', 'pod=web-1');
      assert.equal(
        out,
        [
          'guide.md',
          '  Pods crash (line 12)',
          '    1.  read  kubernetes  kubectl get pods -n shop -l app=<service>',
          '       missing: service',
          '    2.  read  kubernetes  kubectl logs web-1 -n shop --previous',
          '    3.  read  manual      Look at the board / Grafana > Shop',
          '',
          '3 steps, 1 of them with missing values.',
          '',
        ].join('\n'),
      );
    });
  });

  it('never throws, whatever a file holds, and always prints JSON', async () => {
    const pieces = fc.constantFrom(
      ...['# Runbooks\n', '### A\n', '```bash\n', '```\n', '| SEV1 | 5 min |\n', '|---|---|\n', '# 1. Do\n'],
      ...[
        'kubectl get <pod> | grep "',
        '<!-- incident:',
        '- [ ] x\n',
        '$(',
        '---\n',
        '\r',
        '\0',
        '\uD800',
        '{{',
      ],
    );
    const text = fc
      .array(fc.oneof(pieces, fc.string({ unit: 'binary', maxLength: 20 })), { maxLength: 60 })
      .map((parts) => Buffer.from(parts.join('')));
    await fc.assert(
      fc.asyncProperty(fc.oneof(text, fc.uint8Array({ maxLength: 300 })), async (content) => {
        folder.write('any.md', content);
        for (const command of ['check', 'plan']) {
          const { code, out } = await folder.run(command, '--json', 'any.md');
          assert.ok(code === 0 || code === 1);
          assert.ok(Array.isArray(JSON.parse(out)));
          const people = await folder.run(command, 'any.md', '.');
          assert.doesNotMatch(`${out}${people.out}${people.err}`, /mistake in this program/);
        }
      }),
      { numRuns: 150 },
    );
  });
});
