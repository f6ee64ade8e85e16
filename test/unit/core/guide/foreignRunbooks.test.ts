import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Guide } from '../../../../src/core/guide/guide.ts';
import { looksLikeGuide } from '../../../../src/core/guide/looksLikeGuide.ts';
import { parseGuide } from '../../../../src/core/guide/parseGuide.ts';
import { codes, commandsOf, parsed } from './parsed.ts';

const root = path.join(import.meta.dirname, '../../../..');
const folder = path.join(root, 'test/fixtures/runbooks');
const golden = path.join(root, 'test/golden/runbooks.json');
const files = readdirSync(folder, { recursive: true })
  .map((file) => String(file).replaceAll('\\', '/'))
  .filter((file) => file.endsWith('.md'))
  .sort();
const sourceOf = (file: string) => readFileSync(path.join(folder, file), 'utf8');
const read = (file: string): Guide => parseGuide(sourceOf(file), { file });

/** Steps to run, steps by hand, and runbooks that are prose only, as counted by a person in each file. */
const counted: Readonly<Record<string, readonly [number, number, number]>> = {
  'alert-inline/CertificateExpires.md': [2, 1, 0],
  'alert-inline/ExporterDown.md': [3, 0, 0],
  'alert-inline/JobDidNotFinish.md': [3, 0, 0],
  'alert-inline/NodeNotReady.md': [5, 1, 0],
  'alert-inline/PodRestartsTooOften.md': [3, 3, 0],
  'alert-inline/QueueGrows.md': [2, 0, 0],
  'alert-inline/ToolMissing.md': [1, 1, 0],
  'alert-inline/VolumeAlmostFull.md': [3, 0, 0],
  'console/ClockSkew.md': [4, 1, 0],
  'console/EtcdMemberLost.md': [4, 0, 0],
  'console/IngressErrors.md': [3, 0, 0],
  'console/NoEndpoints.md': [3, 0, 0],
  'console/database-locks.md': [2, 1, 0],
  'console/long-lines.md': [2, 1, 0],
  'console/root-shell.md': [4, 0, 0],
  'console/windows.md': [3, 0, 0],
  'languages/BaseDeDatosLenta.md': [2, 1, 0],
  'languages/DienstNichtErreichbar.md': [3, 0, 0],
  'languages/server-teishi.md': [3, 0, 0],
  'nested/DiskPressure.md': [5, 1, 0],
  'nested/fence-at-the-margin.md': [2, 0, 0],
  'nested/quoted-list.md': [2, 0, 0],
  'nested/several-in-one-item.md': [3, 1, 0],
  'nested/three-deep.md': [5, 1, 0],
  'one-page/cloud-ops.md': [6, 2, 0],
  'one-page/metrics-store.md': [3, 3, 1],
  'one-page/on-call.md': [1, 1, 1],
  'one-page/platform-alerts.md': [3, 1, 1],
  'prose/FilesystemWillFill.md': [0, 2, 1],
  'prose/MoneyDoesNotArrive.md': [0, 3, 1],
  'prose/Watchdog.md': [0, 3, 1],
  'prose/call-someone.md': [0, 4, 2],
  'site/comments.md': [4, 0, 0],
  'site/docusaurus.md': [2, 0, 0],
  'site/heredoc.md': [2, 1, 0],
  'site/hugo.md': [4, 0, 0],
  'site/mkdocs.md': [5, 0, 0],
  'site/walkthrough.md': [4, 0, 0],
  'tables/GatewayRefuses.md': [2, 0, 0],
  'tables/cheat-sheet.md': [3, 1, 0],
  'tables/symptom-and-fix.md': [3, 1, 0],
  'wiki/block-a-path.md': [3, 0, 0],
  'wiki/files-are-gone.md': [2, 2, 0],
  'wiki/mail-does-not-leave.md': [4, 0, 0],
  'wiki/runners-are-stuck.md': [4, 1, 0],
  'wiki/search-is-red.md': [3, 0, 0],
  'wiki/workers-are-slow.md': [3, 0, 0],
};

describe('a runbook of somebody else', () => {
  it('is there in more than forty forms', () => {
    assert.deepEqual(Object.keys(counted), files);
    assert.ok(files.length > 40);
  });

  for (const file of files)
    it(`is read whole: ${file}`, () => {
      const { runbooks, problems } = read(file);
      assert.deepEqual(
        problems.filter(({ code, severity }) => severity !== 'info' || code !== 'runbook-empty'),
        [],
      );
      const steps = runbooks.flatMap((runbook) => runbook.steps);
      const run = steps.filter(({ command }) => command !== undefined).length;
      const prose = runbooks.filter(({ proseOnly }) => proseOnly === true).length;
      assert.deepEqual([run, steps.length - run, prose], counted[file]);
    });

  it('gives the same texts, conditions, commands and details as before', () => {
    const told = Object.fromEntries(
      files.map((file) => [
        file,
        read(file).runbooks.map(({ title, steps }) => ({
          title,
          steps: steps.map(({ line, endLine, text, condition, command, details }) => ({
            lines: `${String(line)}-${String(endLine)}`,
            text,
            ...(condition === undefined ? {} : { condition }),
            ...(command === undefined ? {} : { command }),
            ...(details.length === 0 ? {} : { details }),
          })),
        })),
      ]),
    );
    const text = `${JSON.stringify(told, undefined, 2)}\n`;
    if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(golden, text);
    assert.equal(text, readFileSync(golden, 'utf8'), 'UPDATE_GOLDEN=1 rewrites runbooks.json');
  });

  it('is found among other Markdown by its headings, its folder or its title', () => {
    for (const file of files) assert.ok(looksLikeGuide(sourceOf(file), `ops/runbooks/${file}`), file);
    const byItself = files.filter((file) => looksLikeGuide(sourceOf(file), 'x.md'));
    assert.ok(byItself.length * 2 > files.length, String(byItself.length));
    const readme = '# Tool\n\n## Description\n\nNice.\n\n## Troubleshooting\n\n```bash\nnpm ci\n```\n';
    assert.ok(!looksLikeGuide(readme, 'README.md'));
    assert.ok(!looksLikeGuide('# Changes\n\nNothing here.\n', 'runbooks/CHANGELOG.md'));
  });
});

describe('commands in running text', () => {
  const alert = (...lines: string[]) =>
    parsed('# A', '## Meaning', 'x', '## Impact', 'y', '## Diagnosis', ...lines, '', '## Mitigation', '- z')
      .runbooks.flatMap(({ steps }) => steps)
      .filter(({ command }) => command !== undefined);

  for (const [code, isCommand] of [
    ['kubectl', false],
    ['kubectl get', false],
    ['kubectl get pods', true],
    ['kubectl -n shop get pods', true],
    ['$ kubectl get pods', true],
    ['kubectl version', true],
    ['helm chart', false],
    ['service discovery', false],
    ['make sure', false],
    ['df -h', true],
    ['FOO=1 sudo systemctl restart web', true],
    ['systemctl status web', true],
    ['mytool status web', false],
    ['max_series', false],
    ['rate(up[5m]) > 0', false],
    ['kubectl: command not found', false],
  ] as const)
    it(`${isCommand ? 'are' : 'are not'}: ${code}`, () => {
      assert.equal(alert(`See \`${code}\`.`).length, isCommand ? 1 : 0);
    });

  for (const [said, isStep] of [
    ['Run `kubectl delete pod a`.', true],
    ['Do not run `kubectl delete pod a`.', false],
    ['Never ever use `kubectl delete pod a`.', false],
    ['Führen Sie `kubectl delete pod a` nicht aus.', false],
    ['`kubectl delete pod a` を実行しないでください。', false],
    ['If it is not ready, run `kubectl delete pod a`.', true],
    ['It was set by `kubectl delete pod a`.', false],
    ['Use the button instead of `kubectl delete pod a`.', false],
  ] as const)
    it(`${isStep ? 'are a step' : 'are no step'} in “${said}”`, () => {
      assert.deepEqual(commandsOf(alert(said)), isStep ? ['kubectl delete pod a'] : []);
    });

  it('are no step where a section explains', () => {
    const guide = parsed(
      '# T',
      '## Runbooks',
      '### R',
      '#### Background',
      'See `kubectl get pods -n a`.',
      '#### Do',
      '1. x',
    );
    assert.deepEqual(
      guide.runbooks.map(({ steps }) => commandsOf(steps)),
      [[undefined]],
    );
  });

  it('are steps of a phase and of an option as well', () => {
    const { phases } = parsed(
      '## Phase 1: Triage',
      '- See `kubectl get pods -n a`',
      '- Ask around',
      '- [ ] told `kubectl get x -n a`',
      '## Phase 2: Mitigation',
      '### Option A: Restart',
      'Run `kubectl rollout restart deploy/a -n a`.',
    );
    const held = phases.flatMap(({ parts }) => parts).flatMap((part) => ('steps' in part ? part.steps : []));
    assert.deepEqual(commandsOf(held).filter(Boolean).at(-1), 'kubectl rollout restart deploy/a -n a');
  });

  it('that a runbook does without are said once', () => {
    const guide = parsed('# T', '## Runbooks', '### R', 'Call the bank.', '### Empty');
    assert.deepEqual(codes(guide), ['runbook-empty', 'runbook-empty']);
    assert.deepEqual(
      guide.runbooks.map(({ title, proseOnly }) => [title, proseOnly]),
      [['R', true]],
    );
  });
});
