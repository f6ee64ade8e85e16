import assert from 'node:assert/strict';
import { codes, commandsOf, parsed, partsOf } from './parsed.ts';

const severities = ['| Level | Time |', '|--|--|', '| P0 | 10 min |', '| P1 | 1 h |', '| P2 | 1 day |', ''];
const phase = (number: number, name: string, ...lines: string[]) => [
  `## Phase ${String(number)}: ${name}`,
  ...lines,
  '',
];

describe('runbooks', () => {
  const fence = (...lines: string[]) => ['```sh', ...lines, '```', ''];

  it('are the headings under one that says runbooks, each with all below it', () => {
    const guide = parsed(
      '# T',
      '## Playbooks',
      '### One',
      ...fence('date'),
      '#### Deeper',
      ...fence('id'),
      '### Empty',
      'Prose.',
    );
    assert.deepEqual(
      guide.runbooks.map(({ title, line, source, steps }) => [title, line, source, commandsOf(steps)]),
      [
        ['One', 3, 'section', ['date', 'id']],
        ['Empty', 13, 'section', [undefined]],
      ],
    );
    assert.deepEqual(codes(guide), ['runbook-empty']);
  });

  it('are found by structure where no heading says so', () => {
    const guide = parsed(
      '# T',
      '## Was tun bei',
      '### Eins',
      ...fence('date'),
      '### Zwei',
      ...fence('id'),
      '## Sonst',
      ...fence('who'),
    );
    assert.deepEqual(
      guide.runbooks.map(({ title }) => title),
      ['Eins', 'Zwei', 'Sonst'],
    );
  });

  it('keep numbered sub-headings as one', () => {
    const guide = parsed(
      '# T',
      '## Disk full',
      '### Step 1: look',
      ...fence('df'),
      '### Step 2: free',
      ...fence('rm x'),
    );
    assert.deepEqual(
      guide.runbooks.map(({ title, steps }) => [title, commandsOf(steps)]),
      [['Disk full', ['df', 'rm x']]],
    );
  });

  it('have no command out of reach, even under no heading', () => {
    const guide = parsed(...fence('date'));
    assert.deepEqual(
      guide.runbooks.map(({ title, line }) => [title, line]),
      [['guide', 1]],
    );
  });

  it('may be a whole file in the alert-runbook form', () => {
    const guide = parsed(
      '# DiskFull',
      '## Meaning',
      'No *space*.',
      '## Impact',
      'Writes fail.',
      '## Diagnosis',
      'See what is full:',
      ...fence('df -h'),
      '- If it is the log:',
      ...fence('du -sh /var/log'),
      '## Mitigation',
      '- Call storage',
      '- Buy more',
    );
    const [runbook, ...more] = guide.runbooks;
    assert.deepEqual(more, []);
    assert.deepEqual([runbook?.title, runbook?.source], ['DiskFull', 'file']);
    assert.equal(runbook?.about, '## Meaning\nNo *space*.\n\n## Impact\nWrites fail.');
    assert.deepEqual(
      runbook?.steps.map(({ text, condition, command }) => [text, condition, command]),
      [
        ['See what is full', undefined, 'df -h'],
        ['If it is the log', 'If it is the log', 'du -sh /var/log'],
        ['Call storage', undefined, undefined],
        ['Buy more', undefined, undefined],
      ],
    );
  });
});

describe('contacts, links and acts', () => {
  it('reads contacts by what their cells look like', () => {
    const guide = parsed(
      '| A | B | C |',
      '|--|--|--|',
      '| DBA | Ana | +1 555 0100 |',
      '| Net | Bo | bo@example.com |',
      '| Sec | TBD | #sec |',
    );
    assert.deepEqual(
      guide.contacts.map(({ role, name, contact, placeholder }) => [role, name, contact, placeholder]),
      [
        ['DBA', 'Ana', '+1 555 0100', false],
        ['Net', 'Bo', 'bo@example.com', false],
        ['Sec', 'TBD', '#sec', true],
      ],
    );
  });

  it('resolves links against the file and keeps their lines', () => {
    const guide = parsed(
      'See [a](a%20b.md#x)',
      'and [b](../b.md), [c](/c.md), [d](#d)',
      '<https://e.example.com> https://f.example.com/g.',
      '',
      '| [h](./h.md) |',
      '|--|',
      '| [i][ref] |',
      '',
      '[ref]: i.md',
    );
    assert.deepEqual(
      guide.links.map(({ resolved, line }) => [resolved, line]),
      [
        ['docs/a b.md#x', 1],
        ['b.md', 2],
        ['/c.md', 2],
        ['docs/guide.md#d', 2],
        ['https://e.example.com', 3],
        ['https://f.example.com/g', 3],
        ['docs/h.md', 5],
        ['docs/i.md', 7],
      ],
    );
  });

  it('takes slash lines apart', () => {
    const guide = parsed(
      ...severities,
      ...phase(
        1,
        'Triage',
        'For P0/P1:',
        '```',
        '/incident create "It is \\"down\\"" now --severity=P0 --quiet',
        '```',
      ),
      ...phase(2, 'Diagnosis'),
    );
    const [part] = partsOf(guide, 'act');
    assert.deepEqual(
      [part?.act.name, part?.act.verb, part?.act.args, part?.act.flags, part?.act.severities, part?.act.line],
      ['incident', 'create', ['It is "down"', 'now'], { severity: 'P0', quiet: 'true' }, ['P0', 'P1'], 10],
    );
  });

  it('reads the frontmatter and keeps line numbers', () => {
    const guide = parsed(
      '---',
      'shell: zsh # ours',
      'cwd: "a b"',
      'runme:',
      '  id: x',
      '---',
      '# T',
      '## Runbooks',
      '### R',
      '```sh',
      'date',
      '```',
    );
    assert.deepEqual(guide.frontmatter, { shell: 'zsh', cwd: 'a b', runme: '' });
    assert.equal(guide.runbooks[0]?.steps[0]?.line, 11);
    assert.deepEqual(parsed('---', '', 'prose', '', '---').frontmatter, {});
  });

  it('says which marker it does not know', () => {
    const guide = parsed('<!-- incident: severitys -->', '# T', '', 'Text <!-- incident: x -->');
    assert.deepEqual(
      guide.problems.filter(({ code }) => code === 'marker-unknown').map(({ line }) => line),
      [1],
    );
  });
});
