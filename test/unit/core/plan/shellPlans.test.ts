import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { planOf, shellPlan, trapsOf, why } from './planOf.ts';

const bash = (script: string): string =>
  execFileSync('bash', ['--norc', '-c', script], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] ?? '' },
  });

/** Values that a careless quoting would let change the command. */
const nasty = [
  'a b',
  "it's",
  '"quoted"',
  '$HOME',
  '`date`',
  '$(date)',
  'a;b',
  'a|b',
  'a&b',
  '*',
  '~',
  'a\nb',
  '\\',
  'end\\',
  '!x',
  '#x',
  '{a,b}',
  '=ls',
  "'; echo broken; '",
  'ü→\u{1F600}',
  '\t',
];

describe('shell plans', () => {
  const places: readonly (readonly [where: string, command: string, expected: (value: string) => string])[] =
    [
      ['bare', 'printf "%s\\n" <x>', (value) => value],
      ['bare inside a word', 'printf "%s\\n" a=<x>/b', (value) => `a=${value}/b`],
      ['between single quotes', "printf '%s\\n' 'a <x> b'", (value) => `a ${value} b`],
      ['between double quotes', 'printf "%s\\n" "a <x> b"', (value) => `a ${value} b`],
      ['as a variable', 'printf "%s\\n" "$X" ${X}', (value) => `${value}\n${value}`],
      ['in a substitution', 'printf "%s\\n" "$(printf "%s" "<x>")"', (value) => value.replace(/\n+$/, '')],
      ['in an expansion', 'printf "%s\\n" "${X%never}"', (value) => value],
      ['between braces', 'printf "%s\\n" {{x}}', (value) => value],
    ];
  for (const [where, command, expected] of places)
    it(`hand a value to bash unchanged ${where}`, () => {
      for (const value of nasty) {
        const plan = shellPlan(command, { values: { x: value } });
        assert.equal(bash(plan.script), `${expected(value)}\n`, `${JSON.stringify(value)}: ${plan.script}`);
        assert.equal(plan.preview, plan.script);
        assert.deepEqual(plan.missing, []);
      }
    });

  it('keep the script as written but for its values', () => {
    const script = 'kubectl get pods -o name | while read -r P; do\n  echo "$P" # each <pod>\ndone';
    assert.equal(shellPlan(script).script, script);
    assert.deepEqual(shellPlan(script).missing, []);
    const open = shellPlan('terraform apply -target=<x> "$Y"');
    assert.equal(open.script, 'terraform apply -target=<x> "$Y"');
  });

  it('are run by the interpreter the fence names', () => {
    const interpreter = (language: string, attributes = {}): string | undefined =>
      shellPlan('make x', { step: { language, attributes } }).interpreter;
    assert.deepEqual(
      ['bash', 'sh', 'zsh', 'pwsh', 'powershell', 'shell', 'console', ''].map((each) => interpreter(each)),
      ['bash', 'sh', 'zsh', 'pwsh', 'pwsh', undefined, undefined, undefined],
    );
    assert.equal(interpreter('bash', { interpreter: 'python3' }), 'python3');
  });

  it('take their folder from the guide, and a terminal only when it says so outright', () => {
    const plan = (attributes: Record<string, string>) => shellPlan('make x', { step: { attributes } });
    assert.equal(plan({ cwd: 'tools' }).cwd, 'tools');
    assert.equal(plan({}).cwd, undefined);
    assert.equal(plan({}).interactive, false);
    assert.equal(plan({ interactive: 'false' }).interactive, false);
    assert.equal(plan({ interactive: 'true' }).interactive, true);
    assert.equal(plan({ interactive: 'true' }).timeoutMs, undefined);
    const native = planOf('kubectl exec -it web-1 -- sh', { step: { attributes: { interactive: 'true' } } });
    assert.equal(native.kind, 'shell');
    assert.match(why(native), /terminal/);
  });

  it('quote nothing they cannot: another language’s text takes plain values only', () => {
    const python = { step: { attributes: { interpreter: 'python3' } } };
    const plain = shellPlan('print("<x>")', { ...python, values: { x: 'web-1' } });
    assert.equal(plain.script, 'print("web-1")');
    const nasty = shellPlan('print("<x>")', { ...python, values: { x: '") or 1' } });
    assert.equal(nasty.script, 'print("<x>")');
    assert.ok(trapsOf(nasty).includes('invalid-value!'));
    assert.deepEqual(shellPlan('print($X)', python).missing, []);
    const pwsh = shellPlan('Get-Item <x>', { step: { language: 'pwsh' }, values: { x: "it's" } });
    assert.equal(pwsh.script, "Get-Item 'it''s'");
  });

  describe('risk', () => {
    const destructive = [
      'kubectl delete pod web-1',
      'kubectl -n production delete pod web-1',
      'kubectl drain node-1',
      'kubectl get pods -o name | xargs kubectl delete',
      'sudo /usr/bin/kubectl delete ns production',
      'ssh host "kubectl delete pod web-1"',
      "bash -c 'rm -rf /data'",
      'echo $(rm -rf /data)',
      'helm uninstall web',
      'terraform destroy',
      'terraform apply -destroy',
      'rm -rf /data',
      'dropdb shop',
      'psql -c "drop table users"',
      'aws rds failover-db-cluster --db-cluster-identifier a --query DBCluster.Status',
      'aws rds reboot-db-instance --db-instance-identifier a && make x',
      'aws dynamodb delete-table --table-name a',
      'aws s3 rm s3://a --recursive',
      'argocd app delete web',
      'argocd app sync web --prune',
      'docker rm -f web',
      'systemctl stop web',
      'redis-cli FLUSHALL',
      'git push --force',
      'curl -k -X DELETE https://a.test/x',
      'kubectl get pods && kubectl scale deploy/web --replicas=0',
    ];
    for (const command of destructive)
      it(`${command} is destructive`, () => {
        assert.equal(planOf(command).risk, 'destructive');
        const [first = ''] = command.split(' ');
        assert.equal(planOf(command, { readOnlyPrefixes: [first, command] }).risk, 'destructive');
      });

    it('is a change for everything else', () => {
      for (const command of [
        'make deploy',
        'helm list',
        'aws rds describe-db-clusters --query x',
        'cat file',
        'kubectl cluster-info',
      ])
        assert.equal(planOf(command).risk, 'change', command);
    });

    it('is a read only for one simple command that the settings name word by word', () => {
      const risk = (command: string): string =>
        planOf(command, { readOnlyPrefixes: ['argocd app manifests', 'cat'] }).risk;
      assert.equal(risk('argocd app manifests web'), 'read');
      assert.equal(risk('argocd app manifests-of web'), 'change');
      assert.equal(risk('argocd app manifestsx'), 'change');
      assert.equal(risk('cat file'), 'read');
      for (const command of [
        'cat file; make x',
        'cat file && make x',
        'cat file | sh',
        'cat file > other',
        'cat $(make x)',
        'cat `make x`',
        'cat file\nmake x',
        'cat file & make x',
        'cat <(make x)',
        'X=1 cat file',
      ])
        assert.equal(risk(command), 'change', command);
      assert.equal(planOf('make x', { readOnlyPrefixes: ['', '  '] }).risk, 'change');
    });
  });

  describe('traps', () => {
    const traps = (command: string): readonly string[] =>
      trapsOf(planOf(command)).filter((code) => code !== 'runs-in-shell');
    it('know tools that disappoint', () => {
      assert.deepEqual(traps('argocd app rollback web 3'), ['argocd-auto-sync']);
      assert.deepEqual(traps('argocd app history web'), []);
      assert.deepEqual(traps('aws rds failover-db-cluster --db-cluster-identifier a && make x'), [
        'no-aws-target',
        'cluster-or-instance',
      ]);
      assert.deepEqual(traps('aws rds reboot-db-instance --db-instance-identifier a && make x'), [
        'no-aws-target',
        'cluster-or-instance',
      ]);
      assert.deepEqual(traps('helm list | grep web'), ['grep-no-match']);
    });

    it('see another target inside a script', () => {
      assert.deepEqual(traps('kubectl delete pod web-1 -n staging'), ['target-differs!']);
      assert.deepEqual(traps('kubectl delete pod web-1 -n production --context sim'), []);
      assert.deepEqual(traps('make x && kubectl --context=other apply -f x'), ['target-differs!']);
      assert.deepEqual(traps('helm --kube-context other list'), ['target-differs!']);
      assert.deepEqual(traps('kubectl --kubeconfig other top pods'), ['target-differs!']);
      assert.deepEqual(traps('KUBECONFIG=other kubectl top pods'), ['target-differs!']);
      assert.deepEqual(traps('kubectl top pods -n $NS'), []);
    });

    it('see every way out of the pinned kubeconfig', () => {
      for (const command of [
        'sudo kubectl apply -f x',
        'sudo -u ops /usr/bin/kubectl apply -f x',
        'unset KUBECONFIG; kubectl apply -f x',
        'env -u KUBECONFIG kubectl apply -f x',
        'env -i PATH=/usr/bin kubectl apply -f x',
        'export KUBECONFIG=~/.kube/other\nkubectl apply -f x',
        '$env:KUBECONFIG = "other"; kubectl apply -f x',
        'set -gx KUBECONFIG other; kubectl apply -f x',
        'kubectl -s https://other apply -f x',
        'kubectl --server=https://other apply -f x',
        'helm --kube-apiserver https://other upgrade web chart',
      ])
        assert.deepEqual(traps(command), ['target-differs!'], command);
      for (const command of [
        'sudo systemctl restart nginx',
        'sudo -E kubectl apply -f x',
        'sudo --preserve-env=PATH,KUBECONFIG kubectl apply -f x',
        'cat "$KUBECONFIG" && kubectl apply -f x',
        'set -eu; kubectl apply -f x --server-side',
        'helm template web chart -s templates/a.yaml',
        'env kubectl apply -f x',
      ])
        assert.deepEqual(traps(command), [], command);
    });
  });

  it('say why they need a shell, with the pinned cluster', () => {
    assert.equal(
      why(planOf('helm list')),
      'Runs in your own shell, with sim as the only cluster it sees, because helm has no plan of its own yet.',
    );
  });
});
