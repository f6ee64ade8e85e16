import assert from 'node:assert/strict';
import { parseFenceInfo } from '../../../../src/core/guide/attributes.ts';
import { parseGuide } from '../../../../src/core/guide/parseGuide.ts';
import type { Step } from '../../../../src/core/guide/guide.ts';
import { suggestValues } from '../../../../src/core/plan/words/placeholders.ts';
import { missingOf, planOf, shellPlan } from './planOf.ts';

/** A file as Runme saves it: a version and an id in the head, one in each fence. */
const saved = (fences: string, head = ''): string => `---
${head}runme:
  id: 01HF7B0KJWYTVQEAZ3GA7C3H8H
  version: v3
---

# Host

## Runbooks

### Warm up

${fences}`;
const stepsOf = (source: string): readonly Step[] =>
  parseGuide(source, { file: 'host.md' }).runbooks[0]?.steps ?? [];
const cell = (info: string, command: string): string => `\`\`\`${info}\n${command}\n\`\`\`\n\n`;
const first = (source: string): Step => {
  const [step] = stepsOf(source);
  assert.ok(step, 'the file has a step');
  return step;
};
const at = (step: Step) => ({ step });

describe('what Runme writes into a file', () => {
  it('reads the attributes of a fence alike in both styles', () => {
    const json = '{"background":"true","id":"01HF7B0KJWYTVQEAZ3G67T0MBD","ir.timeout":"30s","name":"WATCH"}';
    const pairs = '{ background=true id=01HF7B0KJWYTVQEAZ3G67T0MBD ir.timeout=30s name=WATCH }';
    assert.deepEqual(parseFenceInfo(`sh ${json}`), parseFenceInfo(`sh ${pairs}`));
    assert.deepEqual(
      parseFenceInfo('sh {"name":"x"}').attributes,
      parseFenceInfo('sh { name=x }').attributes,
    );
  });

  it('keeps our keys through a save by Runme, and Runme’s beside ours', () => {
    const ours = parseFenceInfo('sh { name=SCALE ir.risk="change" ir.keepGoing=true terminalRows=20 }');
    // Runme writes every attribute as text, in JSON, sorted by name, with an id of its own.
    const save = (attributes: Readonly<Record<string, string>>): string =>
      JSON.stringify(Object.fromEntries(Object.entries(attributes).sort(([a], [b]) => a.localeCompare(b))));
    const id = '01HF7B0KJWYTVQEAZ3G91BTEHW';
    const again = parseFenceInfo(`sh ${save({ ...ours.attributes, id })}`);
    assert.deepEqual(again.attributes, { ...ours.attributes, id });
    assert.equal(again.problem, undefined);
  });

  it('says nothing about keys that it does not know of Runme’s', () => {
    const source = saved(
      cell(
        'sh {"closeTerminalOnSuccess":"false","id":"01HF7B0KJWYTVQEAZ3G67T0MBD","terminalRows":"20","whatever":"x"}',
        'uptime',
      ),
      'terminalRows: 12\n',
    );
    const guide = parseGuide(source, { file: 'host.md' });
    assert.deepEqual(
      guide.problems.filter(({ severity }) => severity !== 'info'),
      [],
    );
    assert.equal(guide.runbooks[0]?.steps[0]?.attributes['whatever'], 'x');
  });

  it('runs a cell with a name or an id as a whole, blank lines and all', () => {
    const script = 'cd /tmp\n\nls';
    assert.deepEqual(
      stepsOf(saved(cell('sh {"name":"LIST"}', script) + cell('sh', script))).map(({ command }) => command),
      ['cd /tmp\nls', 'cd /tmp', 'ls'],
    );
  });
});

describe('document options of Runme', () => {
  const one = (head: string, info = 'sh', command = 'uptime'): Step =>
    first(saved(cell(info, command), head));

  it('runs steps in the shell of the frontmatter, unless they name an interpreter', () => {
    assert.equal(shellPlan('uptime', at(one('shell: zsh\n'))).interpreter, 'zsh');
    assert.equal(shellPlan('uptime', at(one('shell: /bin/ksh\n', 'bash'))).interpreter, '/bin/ksh');
    assert.equal(shellPlan('uptime', at(one('shell: zsh\n', 'sh { interpreter=dash }'))).interpreter, 'dash');
    assert.equal(shellPlan('uptime', at(one('shell: zsh\n', 'fish'))).interpreter, 'fish');
  });

  it('reads the frontmatter in YAML, TOML and JSON', () => {
    const body = `\n# Host\n\n## Runbooks\n\n### Warm up\n\n${cell('sh', 'uptime')}`;
    const heads = [
      '---\nshell: zsh\ncwd: ..\n---\n',
      '+++\nshell = "zsh"\ncwd = ".."\n\n[runme]\nversion = "v3"\nshell = "other"\n+++\n',
      '---\n{\n  "shell": "zsh", "cwd": "..",\n  "runme": { "version": "v3" }\n}\n---\n',
    ];
    for (const head of heads) {
      const { document, line } = first(head + body);
      assert.deepEqual(document, { shell: 'zsh', cwd: '..' });
      assert.equal(line, head.split('\n').length + 8);
    }
    assert.equal(first(`---\n{ not JSON\n---\n${body}`).document, undefined);
  });

  it('joins the cwd of a step to that of the frontmatter', () => {
    const cwd = (head: string, info: string) => shellPlan('uptime', at(one(head, info))).cwd;
    assert.equal(cwd('cwd: ../infra\n', 'sh'), '../infra');
    assert.equal(cwd('cwd: /tmp/dummy\n', 'sh { cwd=.. }'), '/tmp/dummy/..');
    assert.equal(cwd('cwd: ../infra\n', 'sh { cwd=/srv }'), '/srv');
    assert.equal(cwd('', 'sh { cwd=.. }'), '..');
    assert.equal(cwd('', 'sh'), undefined);
  });

  it('takes an export as it stands under skipPrompts, unless its step says promptEnv', () => {
    const head = 'skipPrompts: true\n';
    const command = 'export ENV="dev"\nuptime';
    const script = (info: string) => planOf(command, at(one(head, info, command)));
    assert.deepEqual(missingOf(script('sh')), []);
    assert.deepEqual(missingOf(script('sh { promptEnv=yes }')), ['env:text']);
  });
});

describe('cell options of Runme', () => {
  const command = 'export SLEEP_SECS="5"\nexport REGION=<region>\nexport DAY=$(date)\nsleep $SLEEP_SECS';
  const values = { 'sleep-secs': '7', region: 'eu west' };

  it('asks once for the variables that a step exports, and offers what the guide has', () => {
    const plan = shellPlan(command);
    assert.deepEqual(missingOf(plan), ['sleep-secs:text', 'region:text']);
    const from = { target: {}, seen: {} };
    assert.deepEqual(
      plan.missing.map((missing) => suggestValues(missing, from)),
      [['5'], []],
    );
    assert.equal(
      shellPlan(command, { values }).script,
      "export SLEEP_SECS=7\nexport REGION='eu west'\nexport DAY=$(date)\nsleep $SLEEP_SECS",
    );
  });

  it('runs the export as it is written where promptEnv is no', () => {
    const plan = shellPlan('export SLEEP_SECS="5"\nsleep $SLEEP_SECS', {
      step: { attributes: { promptEnv: 'false' } },
      values,
    });
    assert.deepEqual(plan.missing, []);
    assert.equal(plan.script, 'export SLEEP_SECS="5"\nsleep $SLEEP_SECS');
  });

  it('takes an export that is named like a secret from SecretStorage', () => {
    const plan = shellPlan('export DENO_ACCESS_TOKEN=<insert-token-here>\ndeno deploy');
    assert.deepEqual(plan.secrets, ['DENO_ACCESS_TOKEN']);
    assert.deepEqual(plan.missing, []);
    assert.equal(plan.script, 'export DENO_ACCESS_TOKEN\ndeno deploy');
  });

  it('never asks for what says where commands go: that is the pin’s', () => {
    const plan = shellPlan('export AWS_PROFILE=other\nexport PATH=/opt\nexport KUBECONFIG=/tmp/k\naws s3 ls');
    assert.deepEqual(plan.missing, []);
    assert.ok(
      plan.traps.some(({ blocks }) => blocks),
      'a kubeconfig of its own is refused',
    );
  });

  it('leaves a variable that an earlier step exported to the shell', () => {
    assert.deepEqual(missingOf(planOf('kubectl get pods -n $TEAM_NS')), ['team-ns:namespace']);
    const plan = shellPlan('kubectl get pods -n $TEAM_NS', { exported: ['TEAM_NS'] });
    assert.deepEqual(plan.missing, []);
    assert.equal(plan.script, 'kubectl get pods -n $TEAM_NS');
    assert.deepEqual(shellPlan('echo "$__" | sort').missing, []);
  });

  it('plans a step in the background without a limit of time but its own', () => {
    const plan = (attributes: Record<string, string>) => planOf('sleep 600', { step: { attributes } });
    assert.equal(plan({ background: 'true' }).background, true);
    assert.equal(plan({ background: 'true' }).timeoutMs, undefined);
    assert.equal(plan({ background: 'true', 'ir.timeout': '30s' }).timeoutMs, 30_000);
    assert.equal(plan({ background: 'false' }).background, undefined);
  });

  it('opens a terminal only where interactive is written and true', () => {
    const interactive = (attributes: Record<string, string>) =>
      shellPlan('top', { step: { attributes } }).interactive;
    assert.deepEqual([{}, { interactive: 'false' }, { interactive: 'true' }].map(interactive), [
      false,
      false,
      true,
    ]);
  });
});
