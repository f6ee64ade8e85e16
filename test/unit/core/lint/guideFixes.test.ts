import assert from 'node:assert/strict';
import { linkedFiles } from '../../../../src/core/lint/lintLinks.ts';
import { bash, fixed, found, lint, lintCodes, mends, runbook } from './linted.ts';
import { parseGuide } from '../../../../src/core/guide/parseGuide.ts';

const severities = (...rows: string[]): string =>
  ['# Ops', '', '| Severity | Description | Response Time |', '|---|---|---|', ...rows, ''].join('\n');
const escalation = (...rows: string[]): string =>
  [
    severities('| SEV1 | down | 15 minutes |', '| SEV2 | slow | 1 hour |'),
    '| Severity | Escalate to |',
    '|---|---|',
    ...rows,
    '',
  ].join('\n');

describe('mistakes of a guide and what mends them', () => {
  it('closes a fence below its last line', () => {
    const source = bash('kubectl get pods -n shop').replace(/```\n$/, '');
    assert.equal(found(source, 'fence-unclosed').text, '```bash');
    assert.match(mends(source, 'fence-unclosed'), /kubectl get pods -n shop\n```\n/);
    const cut = [
      '## Runbooks',
      '### One',
      '~~~bash',
      'kubectl get pods -n x',
      '',
      '### Two',
      '',
      '~~~bash',
      'kubectl get svc -n x',
      '~~~',
    ].join('\n');
    assert.match(mends(cut, 'fence-unclosed'), /pods -n x\n~~~\n\n### Two/);
  });

  for (const [written, key, mended] of [
    ['bash { ir.tmeout=5m }', 'ir.tmeout', 'bash { ir.timeout=5m }'],
    ['bash {"ir.rsik":"read"}', 'ir.rsik', 'bash {"ir.risk":"read"}'],
    ['bash { timeout=5m }', 'timeout', 'bash { ir.timeout=5m }'],
    ['bash { nmae=x }', 'nmae', 'bash { name=x }'],
    ['bash { ir_when="pods.pending" }', 'ir_when', 'bash { ir.when="pods.pending" }'],
  ] as const)
    it(`renames ${key} to the attribute it is meant to be`, () => {
      const source = runbook(written, 'kubectl get pods -n shop');
      assert.equal(found(source, 'attribute-unknown').text, key);
      assert.ok(!lintCodes(source).includes('fence-attributes'));
      assert.ok(
        fixed(source, 'attribute-unknown').includes(`\`\`\`${mended}\n`),
        fixed(source, 'attribute-unknown'),
      );
      assert.ok(!lintCodes(fixed(source, 'attribute-unknown')).includes('attribute-unknown'));
    });

  it('leaves Runme’s attributes and those of other tools alone', () => {
    const info =
      'sh {"name":"a","interactive":"false","promptEnv":"auto","tag":"x","terminalRows":"9","zebra":"1"}';
    assert.deepEqual(lintCodes(runbook(info, 'kubectl get pods -n shop')), []);
    assert.deepEqual(found(runbook('sh { ir.zebra=1 }', 'ls -l'), 'attribute-unknown').fixes, []);
  });

  it('reads the values of attributes', () => {
    const risk = runbook('bash { ir.risk=destrutive }', 'kubectl get pods -n shop');
    assert.equal(found(risk, 'attribute-value').text, 'destrutive');
    assert.match(mends(risk, 'attribute-value'), /ir\.risk=destructive/);
    const timeout = runbook('bash {"ir.timeout":"5 minutes"}', 'kubectl get pods -n shop');
    assert.match(mends(timeout, 'attribute-value'), /"ir\.timeout":"5m"/);
    for (const good of ['30s', '1h30m', 'none', '0'])
      assert.deepEqual(
        lintCodes(runbook(`bash { ir.timeout=${good} }`, 'kubectl get pods -n shop')),
        [],
        good,
      );
  });

  it('keeps a fence of JSON readable: what it writes in place of a bare value is quoted', () => {
    const source = runbook('bash {"ir.timeout":5,"ir.approve":"second person"}', 'kubectl get pods -n shop');
    const after = mends(source, 'attribute-value', 'Write 5s');
    assert.match(after, /^```bash \{"ir\.timeout":"5s","ir\.approve":"second person"\}$/m);
    const [step] = parseGuide(after, { file: 'x.md' }).runbooks[0]?.steps ?? [];
    assert.deepEqual(step?.attributes, { 'ir.timeout': '5s', 'ir.approve': 'second person' });
    const risk = runbook('bash {"ir.risk": null, "cwd":"x"}', 'kubectl get pods -n shop');
    assert.match(mends(risk, 'attribute-value', 'Write read'), /\{"ir\.risk": "read", "cwd":"x"\}/);
    const nested = runbook('bash {"ir.timeout":{"s":5},"cwd":"x"}', 'kubectl get pods -n shop');
    assert.deepEqual(found(nested, 'attribute-value').fixes, []);
    const fence = '```bash {"name":7,"ir.approve":"second person"}\nkubectl get nodes\n```\n';
    const named = mends(`## Runbooks\n### One\n${fence}${fence}`, 'step-name-duplicate');
    assert.match(named, /^```bash \{"name":"7-2","ir\.approve":"second person"\}$/m);
    const escaped = runbook('bash {"ir.timeout":5,"name":"a \\"b\\""}', 'kubectl get nodes');
    assert.match(mends(escaped + fence.replace('7', '"a \\"b\\""'), 'step-name-duplicate'), /"a \\"b\\"-2"/);
    // The other style needs no quotes.
    assert.match(
      mends(runbook('bash { ir.timeout=5 }', 'kubectl get pods -n shop'), 'attribute-value'),
      /\{ ir\.timeout=5s \}/,
    );
  });

  it('reads conditions, assertions, captures and approvals with their own grammars', () => {
    const of = (key: string, value: string) =>
      lintCodes(runbook(`bash ${JSON.stringify({ [key]: value })}`, 'kubectl get pods -n shop'));
    for (const [key, good, bad] of [
      ['ir.when', 'pods.Pending > 0', 'pods.Pending > > 0'],
      ['ir.when', 'If pods pending', 'pods or'],
      ['ir.assert', 'exit == 0; lines > 1', 'exit == 0; lines >'],
      ['ir.assert', 'output contains "a;b"', 'output contains'],
      ['ir.capture', 'pod = cell("NAME")', 'pod = the first one'],
      ['ir.approve', '2 of Tech Lead', '2000 people'],
    ] as const) {
      assert.deepEqual(of(key, good), [], `${key} ${good}`);
      assert.deepEqual(of(key, bad), ['attribute-value'], `${key} ${bad}`);
    }
  });

  it('refuses a capture into what is a secret, by its name or by what the guide declares', () => {
    const attributes = JSON.stringify({ 'ir.capture': 'pin = after("pin: ")' });
    const capture = runbook(`bash ${attributes}`, 'kubectl get pods -n shop');
    const declares = (kind: string) => `---\ninputs:\n  pin:\n    kind: ${kind}\n---\n${capture}`;
    assert.deepEqual(lintCodes(declares('text')), []);
    assert.match(
      found(declares('secret'), 'attribute-value').message,
      /^ir\.capture: pin is a secret, and the journal is no place for one/,
    );
    const named = capture.replace('pin =', 'api_token =');
    assert.match(found(named, 'attribute-value').message, /^ir\.capture: api_token is named like a secret/);
  });

  it('numbers a name that two fences share, and not the steps of one fence', () => {
    const fence = (lines: string) => `\`\`\`bash { name=look }\n${lines}\n\`\`\`\n`;
    const two = `## Runbooks\n### One\n${fence('kubectl get pods -n x\n\nkubectl get svc -n x')}`;
    assert.deepEqual(lintCodes(two), []);
    const source = two + fence('kubectl get nodes');
    assert.deepEqual(
      [found(source, 'step-name-duplicate').line, found(source, 'step-name-duplicate').text],
      [8, 'look'],
    );
    assert.match(mends(source, 'step-name-duplicate'), /\{ name=look-2 \}/);
  });

  it('numbers the title that two runbooks share', () => {
    const source = `${bash('kubectl get pods -n x')}\n### one\n\n\`\`\`bash\nkubectl get nodes\n\`\`\`\n`;
    assert.equal(found(source, 'runbook-title-duplicate').text, '### one');
    assert.match(mends(source, 'runbook-title-duplicate'), /^### one \(2\)$/m);
  });

  it('tells links that lead nowhere, and takes them out or offers the file', () => {
    const source = `${bash('kubectl get nodes')}\nSee the [Rollback Guide](more/rollback%20guide.md#top) and [us](https://x.example/a.md), [here](#one).\n`;
    const guide = parseGuide(source, { file: 'docs/guide.md' });
    assert.deepEqual(linkedFiles(guide), ['docs/more/rollback guide.md']);
    assert.deepEqual(lintCodes(source), []);
    const missingFiles = new Set(linkedFiles(guide));
    const problem = found(source, 'link-dead', { missingFiles });
    assert.equal(problem.text, 'more/rollback%20guide.md#top');
    assert.deepEqual(problem.fixes[0], {
      kind: 'create-file',
      title: 'Create docs/more/rollback guide.md',
      path: 'docs/more/rollback guide.md',
      text: '# Rollback Guide\n',
    });
    assert.match(
      mends(source, 'link-dead', 'Remove', { missingFiles }),
      /^See the Rollback Guide and \[us\]/m,
    );
  });

  it('writes the response time that a severity lacks', () => {
    const empty = severities(
      '| SEV1 | down | 15 minutes |',
      '| SEV2 | slow | soon |',
      '| SEV3 | dull | 1 hour |',
    );
    assert.equal(found(empty, 'severity-time-unread').text, 'soon');
    assert.match(mends(empty, 'severity-time-unread'), /^\| SEV2 \| slow \| 30 minutes \|$/m);
    const bare = severities('| SEV1 | down | |', '| SEV2 | slow | 1 hour |');
    assert.match(mends(bare, 'severity-time-unread'), /^\| SEV1 \| down \| 15 minutes \|$/m);
    const short = severities('| SEV1 | down | 15 minutes |', '| SEV2 | slow |', '| SEV3 | dull | 1 hour |');
    assert.match(fixed(short, 'severity-time-unread'), /^\| SEV2 \| slow \| 30 minutes \|$/m);
    assert.deepEqual(lintCodes(fixed(short, 'severity-time-unread')), []);
  });

  it('adds the column of response times where there is none', () => {
    const source = [
      '# Ops',
      '',
      '| Severity | Description |',
      '|---|---|',
      '| SEV1 | down |',
      '| SEV2 | slow |',
      '',
    ].join('\n');
    const after = mends(source, 'severity-time-missing');
    assert.match(after, /^\| Severity \| Description \| Response Time \|\n\|---\|---\| --- \|$/m);
    assert.deepEqual(
      parseGuide(after, { file: 'x.md' }).severities.map(({ responseMinutes }) => responseMinutes),
      [15, 30],
    );
  });

  it('removes a severity listed twice, and fills rows that are short', () => {
    const twice = severities(
      '| SEV1 | down | 15 minutes |',
      '| SEV1 | worse | 5 minutes |',
      '| SEV2 | slow | 1 hour |',
    );
    assert.doesNotMatch(mends(twice, 'severity-duplicate'), /worse/);
    const short = severities('| SEV1 | 15 minutes |', '| SEV2 | slow | 1 hour |');
    assert.match(mends(short, 'table-row-short'), /^\| SEV1 \| 15 minutes \| {2}\|$/m);
  });

  it('adds the line under a table’s header', () => {
    const source = severities('| SEV1 | down | 15 minutes |', '| SEV2 | slow | 1 hour |').replace(
      '|---|---|---|\n',
      '',
    );
    assert.match(mends(source, 'table-broken'), /Response Time \|\n\|---\|---\|---\|\n\| SEV1/);
    const narrow = severities('| SEV1 | down | 15 minutes |', '| SEV2 | slow | 1 hour |').replace(
      '|---|---|---|',
      '|---|---|',
    );
    assert.match(mends(narrow, 'table-broken'), /Response Time \|\n\|---\|---\|---\|\n\| SEV1/);
  });

  it('writes the severity that an escalation row lacks or misspells', () => {
    const missing = escalation('| SEV1 | CTO |', '| | Tech Lead |');
    assert.deepEqual([found(missing, 'escalation-severity-missing').line], [11]);
    assert.match(mends(missing, 'escalation-severity-missing'), /^\| SEV2 *\| Tech Lead \|$/m);
    const misspelt = escalation('| SEV1 | CTO |', '| SEV9 | Tech Lead |');
    assert.match(mends(misspelt, 'escalation-severity-unknown', 'SEV2'), /^\| SEV2 \| Tech Lead \|$/m);
  });

  it('points at the contact that is still a placeholder', () => {
    const source = [
      '# Ops',
      '',
      '## Contacts',
      '',
      '| Role | Name | Phone |',
      '|---|---|---|',
      '| DBA | Ana | [Phone] |',
      '',
    ].join('\n');
    assert.deepEqual(
      [found(source, 'contact-placeholder').text, found(source, 'contact-placeholder').fixes],
      ['[Phone]', []],
    );
  });

  it('renames a misspelt marker', () => {
    const source = `<!-- incident: severties -->\n\n${severities('| SEV1 | down | 15 minutes |', '| SEV2 | slow | 1 hour |')}`;
    assert.equal(found(source, 'marker-unknown').text, 'severties');
    assert.match(mends(source, 'marker-unknown'), /<!-- incident: severities -->/);
  });

  it('sorts by place', () => {
    const at = lint(bash('kubectl exec -it web -- ls', '', 'kubectl get pods')).map(
      ({ range }) => range.line * 1000 + range.column,
    );
    assert.deepEqual(
      at,
      [...at].sort((a, b) => a - b),
    );
    assert.ok(at.length >= 3);
  });
});
