import assert from 'node:assert/strict';
import { commandsOf, fenced, parsed, stepsOf } from './parsed.ts';

describe('the steps of a fence', () => {
  it('are split at numbered comments, with their conditions', () => {
    const steps = stepsOf(
      '# 1. Check pods',
      'kubectl get pods',
      '',
      '# 2. If pods are pending',
      'kubectl describe pod <pod>',
      '',
      '# 4. If pods healthy but 503',
      '# Check service and ingress',
      'kubectl get svc',
    );
    assert.deepEqual(
      steps.map(({ number, text, condition, command, line, endLine }) => [
        number,
        text,
        condition,
        command,
        line,
        endLine,
      ]),
      [
        [1, 'Check pods', undefined, 'kubectl get pods', 4, 5],
        [2, 'If pods are pending', 'If pods are pending', 'kubectl describe pod <pod>', 7, 8],
        [3, 'Check service and ingress', 'If pods healthy but 503', 'kubectl get svc', 10, 12],
      ],
    );
  });

  it('are manual when there are only comments', () => {
    const [step] = stepsOf('# Check recent metrics', '# Access Grafana: https://grafana.example.com');
    assert.equal(step?.command, undefined);
    assert.equal(step?.text, 'Check recent metrics');
    assert.deepEqual(step?.details, ['Access Grafana: https://grafana.example.com']);
  });

  it('are split at blank lines where no comment is numbered', () => {
    const steps = stepsOf('# Pods', 'kubectl get pods', '', 'kubectl get nodes', 'kubectl get svc');
    assert.deepEqual(commandsOf(steps), ['kubectl get pods', 'kubectl get nodes\nkubectl get svc']);
    assert.equal(steps[1]?.text, 'kubectl get nodes');
  });

  it('keep all commands of one numbered comment together', () => {
    const steps = stepsOf('# 1. Both', 'cd infra', '', '# then', 'make plan', '', '# 2) Next', 'make apply');
    assert.deepEqual(commandsOf(steps), ['cd infra\nmake plan', 'make apply']);
    assert.deepEqual(steps[0]?.details, ['then']);
    assert.equal(steps[1]?.text, 'Next');
  });

  for (const [what, ...lines] of [
    ['a backslash', 'kubectl get svc \\', '  -n production'],
    ['a pipe and a conjunction', 'kubectl get pods |', '', '  grep web &&', '  echo found'],
    ['a heredoc', 'kubectl apply -f - <<EOF', 'kind: Pod', '', '# 1. no step', 'EOF'],
    ['an indented heredoc', "cat <<-'END-OF-IT'", '\tx', '', '\tEND-OF-IT'],
    ['open quotes', 'psql -c "SELECT 1', '', '  FROM t"'],
    ['a loop', 'for pod in a b; do', '', '  kubectl delete pod $pod', 'done'],
    ['a condition and a case', 'if true; then', '', 'case $x in', 'a) echo;;', '', 'esac', 'fi'],
    ['a function', 'restart() {', '', '  kubectl rollout restart $1', '}'],
    ['a substitution', 'echo $(', '', 'date', ')'],
  ] as const)
    it(`keep ${what} in one command`, () => {
      const steps = stepsOf(...lines, '', 'kubectl get nodes');
      assert.deepEqual(commandsOf(steps), [lines.join('\n'), 'kubectl get nodes']);
    });

  it('survive a stray apostrophe, and the guide says where it is', () => {
    const guide = parsed(
      '## Runbooks',
      '### One',
      '```bash',
      '# 1. Say it',
      "echo it's",
      '# 2. Next',
      'date',
      '```',
    );
    assert.deepEqual(commandsOf(guide.runbooks[0]?.steps ?? []), ["echo it's", 'date']);
    assert.deepEqual(
      guide.problems.map(({ line, code, severity }) => [line, code, severity]),
      [[5, 'command-unclosed', 'warning']],
    );
  });

  it('know placeholders from redirections and heredocs', () => {
    assert.deepEqual(commandsOf(stepsOf('cat <<name>>', '', 'kubectl logs <pod> --previous')), [
      'cat <<name>>',
      'kubectl logs <pod> --previous',
    ]);
  });

  it('of a recorded session are what stands behind the prompts', () => {
    const steps = fenced(
      'console',
      '# See the pods',
      '$ kubectl get pods \\',
      '>   -o wide',
      'NAME  READY',
      '# HELP is output',
      'web-1 1/1',
      '$ kubectl get nodes',
    );
    assert.deepEqual(commandsOf(steps), ['kubectl get pods \\\n  -o wide', 'kubectl get nodes']);
    assert.deepEqual(
      steps.map(({ text, line }) => [text, line]),
      [
        ['See the pods', 4],
        ['kubectl get nodes', 10],
      ],
    );
  });

  it('of a console fence without a prompt are all its lines', () => {
    assert.deepEqual(commandsOf(fenced('console', 'kubectl get pods')), ['kubectl get pods']);
  });

  it('are one script behind a shebang', () => {
    const steps = stepsOf('#!/usr/bin/env python3', '# count', 'import sys', '', 'print(1)');
    assert.deepEqual(commandsOf(steps), ['#!/usr/bin/env python3\n# count\nimport sys\n\nprint(1)']);
    assert.equal(steps[0]?.text, 'count');
  });

  it('come from an unlabelled fence only when it begins with a command', () => {
    assert.deepEqual(commandsOf(fenced('', 'FOO=1 sudo kubectl get pods')), ['FOO=1 sudo kubectl get pods']);
    assert.deepEqual(fenced('', 'NAME READY', 'web-1 1/1'), []);
    assert.deepEqual(fenced('yaml', 'kubectl: get pods'), []);
  });

  it('take conditions in other languages', () => {
    for (const comment of ['Falls es hakt', 'Si echoue', 'Если не работает', '如果失败', 'もし失敗したら'])
      assert.equal(stepsOf(`# ${comment}`, 'date')[0]?.condition, comment);
    assert.equal(stepsOf('# Iffy things', 'date')[0]?.condition, undefined);
  });

  it('take the text of the numbered list item above the fence', () => {
    const guide = parsed(
      '## Runbooks',
      '### One',
      '1. If it is down, look at the pods:',
      '   ```sh',
      '   kubectl get pods',
      '   ```',
      '2. Call the provider',
      '   - number 1234',
      '3. Look again',
      '',
      '```sh',
      '# with details',
      'kubectl get pods -o wide',
      '```',
    );
    assert.deepEqual(
      guide.runbooks[0]?.steps.map(({ text, condition, command, details }) => [
        text,
        condition,
        command,
        details,
      ]),
      [
        ['If it is down, look at the pods', 'If it is down, look at the pods', 'kubectl get pods', []],
        ['Call the provider', undefined, undefined, ['number 1234']],
        ['with details', undefined, 'kubectl get pods -o wide', ['Look again']],
      ],
    );
  });
});

describe('fence attributes', () => {
  for (const info of [
    'bash {"name":"scale","interactive":"false","ir.risk":"change"}',
    'bash { name=scale interactive=false ir.risk="change" }',
    "bash {name='scale', interactive=false, ir.risk=change}",
  ])
    it(`are read from ${info}`, () => {
      const [step] = fenced(info, 'date');
      assert.deepEqual(step?.attributes, { name: 'scale', interactive: 'false', 'ir.risk': 'change' });
      assert.equal(step?.language, 'bash');
    });

  it('keep values that are not text as text', () => {
    assert.deepEqual(fenced('sh {"interactive":true,"ir.timeout":"30s"}', 'date')[0]?.attributes, {
      interactive: 'true',
      'ir.timeout': '30s',
    });
  });

  it('give the condition when no comment does', () => {
    assert.equal(fenced('sh { ir.when="load is high" }', 'date')[0]?.condition, 'load is high');
  });

  it('that cannot be read are a warning, and the rest is kept', () => {
    for (const [info, kept] of [
      ['sh { name=x', { name: 'x' }],
      ['sh { name=x interactive }', { name: 'x' }],
      ['sh { name=x =y }', { name: 'x' }],
      ['sh { ir.rsik=read }', { 'ir.rsik': 'read' }],
    ] as const) {
      const guide = parsed('## Runbooks', '### One', `\`\`\`${info}`, 'date', '```');
      assert.deepEqual(guide.runbooks[0]?.steps[0]?.attributes, kept, info);
      assert.deepEqual(
        guide.problems.map(({ line, code, severity }) => [line, code, severity]),
        [[3, 'fence-attributes', 'warning']],
        info,
      );
    }
  });

  it('name the language inside the braces as Pandoc does', () => {
    for (const info of ['{.bash}', '{bash}']) assert.equal(fenced(info, 'date')[0]?.language, 'bash', info);
  });
});
