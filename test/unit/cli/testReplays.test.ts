import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseGuide } from '../../../src/core/guide/parseGuide.ts';
import { recordRunbook } from '../../../src/core/replay/recordRunbook.ts';
import { parseRecording, renderRecording } from '../../../src/core/replay/recording.ts';
import { judgeRecorded } from '../../../src/core/replay/judgeRecorded.ts';
import { declared, incidentOf, runEnded, runStarted } from '../../support/builders.ts';
import { createCliFolder, smallGuide, type CliFolder } from './cliFolder.ts';

const file = 'guide.pods-crash.replay.yaml';
const guideText = smallGuide.replace('```bash\n', '```bash {ir.assert="contains Running"}\n');

/** A run of the first step, as Record Replay writes it. */
function recorded(
  output = 'NAME   READY   STATUS\nweb-1  1/1     Running\n',
  condition = 'If one crashes',
): string {
  const source = guideText.replace('If one crashes', condition);
  const [sequence] = parseGuide(source, { file: 'guide.md' }).runbooks;
  assert.ok(sequence);
  const step = sequence.steps[0]?.id ?? '';
  const incident = incidentOf(
    declared({ target: { context: 'blue', server: 'https://10.0.0.1', namespace: 'shop' } }),
    runStarted({ run: 'r1', step, sequence: sequence.id }),
    runEnded({ run: 'r1', outcome: { kind: 'succeeded', exitCode: 0, detail: '1 pod' } }),
    runStarted({ run: 'r2', step, sequence: sequence.id, dryRun: true }),
    runEnded({ run: 'r2' }),
  );
  return renderRecording(
    recordRunbook(
      incident,
      { guide: 'guide.md', sequence, values: { service: 'web', 'db-password': 'horse' } },
      new Map([['r1', output]]),
      judgeRecorded,
    ),
  );
}

describe('incident-guide test', () => {
  let folder: CliFolder;
  beforeEach(() => {
    folder = createCliFolder({ 'ops/guide.md': guideText, [`ops/${file}`]: recorded() });
  });
  afterEach(() => folder.dispose());
  const change = (from: string, to: string): void => {
    assert.ok(guideText.includes(from));
    folder.write('ops/guide.md', guideText.replace(from, to));
  };

  it('keeps a recording readable: commands, target, outcome, and the output as a block', () => {
    const text = recorded();
    assert.match(text, /^ {4}command: kubectl get pods -n shop -l app=<service>$/m);
    assert.match(text, /^ {4}runs: kubectl get pods -n shop --context blue -l app=web$/m);
    assert.match(text, /^ {4}output: \|\n {6}NAME {3}READY {3}STATUS\n {6}web-1 {2}1\/1 {5}Running$/m);
    assert.match(text, /^ {4}exit: '?0'?$/m);
    assert.doesNotMatch(text, /10\.0\.0\.1|horse/);
  });

  it('hides what looks like a credential and keeps the rest of a long output short', () => {
    const token = `ghp_${'a1B2'.repeat(9)}`;
    const lines = Array.from({ length: 5_000 }, (_each, at) => `line ${at}`);
    const text = recorded(`password=hunter2 ${token}\n${lines.join('\n')}\n\u001b[31mred\n`);
    assert.doesNotMatch(text, new RegExp(`hunter2|${token}|\u001b`));
    assert.match(text, /… 48\d\d lines left out …/);
    assert.ok(text.length < 25_000);
    const read = parseRecording(text);
    assert.ok(read.ok && read.value.steps[0]?.output?.includes('line 4999'));
  });

  it('hides in a condition and a step’s name what it hides in an output', () => {
    // Known by its look alone, to the rules for what leaves the machine.
    const token = `npm_${'a1B2'.repeat(9)}`;
    const text = recorded(undefined, `If password=hunter2 leaks or ${token} is used`);
    assert.match(text, /^ {4}condition: If password=•+ leaks or •{40} is used$/m);
    assert.doesNotMatch(text, new RegExp(`hunter2|${token}`));
  });

  it('passes while the guide says what was recorded, by folder, by recording and by guide', async () => {
    for (const path of ['ops', `ops/${file}`, 'ops/guide.md']) {
      const { code, out, err } = await folder.run('test', path);
      assert.deepEqual(
        [code, out, err],
        [0, `passed  ops/${file}: Pods crash\n1 recording: 1 passed, 0 failed.\n`, ''],
      );
    }
  });

  const changes: readonly (readonly [string, from: string, to: string, line: RegExp])[] = [
    [
      'a command',
      'get pods -n shop -l',
      'get pods -n shop -o wide -l',
      /ops\/guide\.md:15: Step “Look at the pods” has another command\.\n {4}- kubectl get pods -n shop -l .*\n {4}\+ kubectl get pods -n shop -o wide/,
    ],
    [
      'a risk',
      'kubectl logs <pod>',
      'kubectl delete pod <pod>',
      /ops\/guide\.md:18: Step “If one crashes” has another risk\.\n {4}- read\n {4}\+ destructive/,
    ],
    [
      'a target',
      '-n shop --previous',
      '-n store --previous',
      /:18: .* goes elsewhere\.\n(?: {4}- .*\n)? {4}\+ namespace store/,
    ],
    [
      'a condition',
      'If one crashes',
      'If one is pending',
      /:18: .* has another condition\.\n {4}- If one crashes\n {4}\+ If one is pending/,
    ],
    [
      'an assertion',
      'contains Running',
      'exit == 0',
      /:15: Step “Look at the pods” has another result of an assertion\.\n {4}- contains Running: not-checked\n/,
    ],
    [
      'a new step',
      '# 3. Look at the board',
      '# 3. Look at nodes\nkubectl get nodes\n\n# 4. Look at the board',
      /:21: Step “Look at nodes” is not in the recording\.\n {4}\+ kubectl get nodes/,
    ],
    [
      'a step that is gone',
      '# 2. If one crashes\nkubectl logs <pod> -n shop --previous\n\n',
      '',
      /:12: Step “If one crashes” was recorded and is no longer in the guide/,
    ],
    ['the runbook’s name', '### Pods crash', '### Pods fail', /no runbook “Pods crash” any more/],
  ];
  for (const [what, from, to, line] of changes)
    it(`fails with the place in the guide when it changed: ${what}`, async () => {
      change(from, to);
      const { code, out } = await folder.run('test', 'ops');
      assert.equal(code, 1);
      assert.match(out, line);
      assert.match(out, /1 recording: 0 passed, 1 failed\.\n$/);
    });

  it('tells steps that changed places', async () => {
    const [pods, logs] = [
      '# 1. Look at the pods\nkubectl get pods -n shop -l app=<service>',
      '# 2. If one crashes\nkubectl logs <pod> -n shop --previous',
    ];
    change(`${pods}\n\n${logs}`, `${logs}\n\n${pods}`);
    const { code, out } = await folder.run('test', 'ops');
    assert.equal(code, 1);
    assert.match(out, /stands in another place/);
  });

  it('rewrites what is expected with --update, keeps the output, and passes then', async () => {
    change('get pods -n shop -l', 'get pods -n shop -o wide -l');
    const { code, out } = await folder.run('test', 'ops', '--update');
    assert.equal(code, 0);
    assert.match(out, /^updated /);
    const text = readFileSync(join(folder.path, 'ops', file), 'utf8');
    assert.match(text, /get pods -n shop -o wide/);
    assert.match(text, /web-1 {2}1\/1 {5}Running/);
    assert.equal((await folder.run('test', 'ops')).code, 0);
  });

  it('gives JSON with what would run, what applied and what was asserted', async () => {
    const { out } = await folder.run('test', 'ops', '--format', 'json');
    const [report] = JSON.parse(out) as [{ result: string; steps: Record<string, unknown>[] }];
    assert.equal(report.result, 'passed');
    assert.deepEqual(report.steps[0], {
      step: 'Look at the pods',
      line: 15,
      runs: 'kubectl get pods -n shop --context blue -l app=web',
      verdict: null,
      because: null,
      asserts: { 'contains Running': 'not-checked' },
    });
    assert.equal(report.steps[1]?.['verdict'], 'cannot-tell');
  });

  it('annotates the guide’s line on GitHub', async () => {
    change('get pods -n shop -l', 'get pods -n shop -o wide -l');
    const { out } = await folder.run('test', 'ops', '--format', 'github');
    assert.match(
      out,
      /^::error file=ops\/guide\.md,line=15,title=replay-command::Step “Look at the pods” has another command\.%0A- kubectl/m,
    );
  });

  it('fails where there is nothing to test, and where a recording or its guide cannot be read', async () => {
    folder.write('empty/notes.md', 'Nothing.');
    const none = await folder.run('test', 'empty');
    assert.equal(none.code, 1);
    assert.match(none.err, /nothing was tested/);
    for (const [name, text, sentence] of [
      ['a', 'version: [', /no valid YAML in line/],
      ['b', 'version: 1\nguide: guide.md\n', /is wrong/],
      ['c', recorded().replace('guide: guide.md', 'guide: ../gone.md'), /Its guide gone\.md cannot be read/],
      ['d', '', /no valid YAML|is wrong/],
    ] as const) {
      folder.write(`bad/${name}.replay.yaml`, text);
      const { code, out } = await folder.run('test', `bad/${name}.replay.yaml`);
      assert.equal(code, 1, name);
      assert.match(out, sentence);
    }
  });
});
