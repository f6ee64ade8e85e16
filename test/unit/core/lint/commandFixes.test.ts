import assert from 'node:assert/strict';
import { bash, fixed, found, lint, lintCodes, mends, runbook } from './linted.ts';

const commandOf = (source: string): string => (/```bash\n([^]*?)\n```/.exec(source)?.[1] ?? '').trim();

describe('traps of a guide’s commands and what mends them', () => {
  it('points at the command behind its comment, and adds the namespace the guide uses elsewhere', () => {
    const source = bash(
      '# 1. Pods',
      'kubectl get pods -n shop',
      '# 2. See `kubectl get svc`',
      'kubectl get svc | grep checkout',
    );
    const problem = found(source, 'no-namespace');
    assert.deepEqual([problem.line, problem.text, problem.severity], [11, 'kubectl get svc', 'warning']);
    assert.deepEqual(
      problem.fixes.map(({ title }) => title),
      ['Add -n shop', 'Add -n <namespace>'],
    );
    assert.match(mends(source, 'no-namespace'), /kubectl get svc -n shop \| grep checkout/);
    assert.match(mends(source, 'no-namespace', '<namespace>'), /kubectl get svc -n <namespace> \|/);
  });

  it('leaves what has no namespace, or looks into all of them, alone', () => {
    for (const command of ['kubectl get nodes', 'kubectl get pods -A', 'kubectl get pods -n x'])
      assert.deepEqual(lintCodes(bash(command)), [], command);
  });

  it('finds the trap in each command of a fence, and mends that one', () => {
    const source = bash('kubectl get pods -n shop', 'kubectl get svc', 'kubectl get ingress');
    const at = lint(source)
      .filter(({ code }) => code === 'no-namespace')
      .map(({ line }) => line);
    assert.deepEqual(at, [9, 10]);
    assert.equal(found(source, 'no-namespace').text, 'kubectl get svc');
    assert.equal(
      commandOf(mends(source, 'no-namespace')),
      'kubectl get pods -n shop\nkubectl get svc -n shop\nkubectl get ingress',
    );
  });

  it('finds them in front of a pipe that only a shell knows, and in a loop', () => {
    const awk = bash("kubectl logs -l app=web -n shop | awk '/5../'");
    assert.equal(found(awk, 'logs-selector-tail').text, '-l app=web');
    assert.equal(
      commandOf(mends(awk, 'logs-selector-tail')),
      "kubectl logs -l app=web -n shop --since=30m --tail=-1 | awk '/5../'",
    );
    assert.match(found(awk, 'logs-selector-tail').message, /only the last 10 lines/);
    const two = bash('kubectl get pods -n shop', 'sudo kubectl exec -it web-1 -n shop -- ls > /tmp/x');
    assert.equal(found(two, 'exec-no-terminal').line, 9);
    assert.match(commandOf(mends(two, 'exec-no-terminal')), /^sudo kubectl exec web-1 -n shop -- ls/m);
    const loop = bash('for pod in a b; do kubectl describe pod $pod; done', 'NS=x kubectl get nodes');
    assert.equal(found(loop, 'no-namespace').text, 'kubectl describe pod');
    assert.equal(lintCodes(loop).filter((code) => code === 'no-namespace').length, 1);
    const placeholder = bash('export REGION=eu', 'kubectl get pods -n <namespace>', 'kubectl get svc | jq .');
    assert.equal(found(placeholder, 'no-namespace').line, 10);
  });

  it('leaves alone what a terminal is opened for, what chooses its namespace, and what it cannot read', () => {
    for (const source of [
      runbook('bash { interactive=true }', 'kubectl exec -it web-1 -n shop -- bash', 'ls'),
      bash('kubectl config set-context --current --namespace=shop', 'kubectl get pods | jq .'),
      bash('kubens shop', 'kubectl get pods'),
      bash('cat <<EOF', 'kubectl get pods', 'EOF'),
      bash('echo "kubectl get pods" | awk x'),
      bash('kubectl unheard-of thing | awk x', 'ls'),
      bash('kubectl logs -l app=web -n shop --tail=5 | awk x'),
    ])
      assert.deepEqual(lintCodes(source), [], source);
  });

  it('puts a namespace before the command that exec runs in the pod', () => {
    const source = bash('kubectl exec web-1 -- psql -c "select 1"');
    assert.equal(
      commandOf(mends(source, 'no-namespace', '<namespace>')),
      'kubectl exec web-1 -n <namespace> -- psql -c "select 1"',
    );
  });

  it('gives logs by selector their window', () => {
    const source = bash('kubectl logs -n shop -l app=web');
    assert.equal(found(source, 'logs-selector-tail').text, '-l app=web');
    assert.equal(
      commandOf(mends(source, 'logs-selector-tail')),
      'kubectl logs -n shop -l app=web --since=30m --tail=-1',
    );
    const windowed = bash('kubectl logs -n shop -l app=web --since=5m | grep x');
    assert.equal(
      commandOf(mends(windowed, 'logs-selector-tail')),
      'kubectl logs -n shop -l app=web --since=5m --tail=-1 | grep x',
    );
  });

  for (const [written, mended] of [
    ['kubectl exec -it web-1 -n shop -- ls', 'kubectl exec web-1 -n shop -- ls'],
    ['kubectl exec -i -t web-1 -n shop -- ls -it', 'kubectl exec web-1 -n shop -- ls -it'],
    ['kubectl exec --stdin --tty web-1 -n shop -- ls', 'kubectl exec web-1 -n shop -- ls'],
  ] as const)
    it(`removes the terminal of ${written}`, () => {
      assert.equal(commandOf(mends(bash(written), 'exec-no-terminal')), mended);
    });

  it('turns a failover of a cluster into a reboot of an instance, and back', () => {
    const source = bash('aws rds failover-db-cluster --db-cluster-identifier=shop-main');
    assert.equal(found(source, 'cluster-or-instance').text, 'failover-db-cluster');
    const reboot = fixed(source, 'cluster-or-instance');
    assert.equal(
      commandOf(reboot),
      'aws rds reboot-db-instance --force-failover --db-instance-identifier=shop-main',
    );
    assert.doesNotMatch(found(reboot, 'cluster-or-instance').message, /is for clusters/);
    assert.equal(commandOf(fixed(reboot, 'cluster-or-instance')), commandOf(source));
  });

  it('adds the failover to a reboot that lacks it', () => {
    const source = bash('aws rds reboot-db-instance --db-instance-identifier shop-1');
    const after = fixed(source, 'cluster-or-instance', 'Add --force-failover');
    assert.equal(
      commandOf(after),
      'aws rds reboot-db-instance --force-failover --db-instance-identifier shop-1',
    );
    assert.doesNotMatch(found(after, 'cluster-or-instance').message, /Without --force-failover/);
  });

  it('turns auto-sync off in a step of its own before a rollback', () => {
    const source = bash('argocd app rollback <app> 3');
    assert.equal(found(source, 'argocd-auto-sync').text, 'argocd app rollback');
    assert.equal(
      commandOf(mends(source, 'argocd-auto-sync')),
      'argocd app set <app> --sync-policy none\n\nargocd app rollback <app> 3',
    );
  });

  it('numbers that step, and the ones below it anew', () => {
    const source = bash(
      '# 1. History',
      'argocd app history shop',
      '',
      '# 2. Roll back',
      'argocd app rollback shop',
      '',
      '# 3. Look',
      'argocd app get shop',
    );
    const after = mends(source, 'argocd-auto-sync');
    assert.deepEqual([...after.matchAll(/^# .*$/gm)].map(([line]) => line).slice(1), [
      '# 1. History',
      '# 2. Turn auto-sync off',
      '# 3. Roll back',
      '# 4. Look',
    ]);
    assert.match(after, /# 2\. Turn auto-sync off\nargocd app set shop --sync-policy none\n\n# 3\./);
  });

  it('offers no step of its own where there is no fence to put one in', () => {
    const list = '## Runbooks\n### One\n\n- If it is bad: `argocd app rollback shop`\n- Then look.\n';
    const table =
      '## Runbooks\n### One\n\n| Do | Command |\n|---|---|\n| Back | `argocd app rollback shop` |\n';
    const closed = `${bash('kubectl get pods -n shop')}\n1. Go back with \`argocd app rollback shop\`\n`;
    for (const source of [list, table, closed])
      assert.deepEqual(found(source, 'argocd-auto-sync').fixes, [], source);
  });

  it('keeps the fence of a list and of a quote whole', () => {
    const list = '## Runbooks\n### One\n\n1. Back\n\n   ```sh\n   argocd app rollback shop\n   ```\n';
    assert.match(
      mends(list, 'argocd-auto-sync'),
      /^ {3}```sh\n {3}argocd app set shop --sync-policy none\n\n {3}argocd app rollback shop\n {3}```$/m,
    );
    const quote = '## Runbooks\n### One\n\n> ```sh\n> argocd app rollback shop\n> ```\n';
    assert.match(
      mends(quote, 'argocd-auto-sync'),
      /^> ```sh\n> argocd app set shop --sync-policy none\n>\n> argocd app rollback shop\n> ```$/m,
    );
  });

  it('names what a command leaves out', () => {
    const source = bash(`kubectl patch ingress web -n shop --patch '...'`);
    assert.equal(found(source, 'incomplete-argument').text, '...');
    assert.equal(
      commandOf(mends(source, 'incomplete-argument')),
      `kubectl patch ingress web -n shop --patch '<patch>'`,
    );
    const two = bash('kubectl annotate pod web-1 -n shop ... …');
    assert.equal(
      commandOf(mends(two, 'incomplete-argument')),
      'kubectl annotate pod web-1 -n shop <value> <value-2>',
    );
  });

  it('tells a placeholder that could be anything once, and renames it everywhere', () => {
    const source = bash(
      'kubectl get pods -n shop -l tier=<thing>',
      '',
      'kubectl get svc -n shop -l tier=<thing>',
    );
    const problem = found(source, 'placeholder-kind');
    assert.deepEqual([problem.text, problem.severity], ['<thing>', 'info']);
    assert.equal(commandOf(mends(source, 'placeholder-kind', '<service>')).match(/<service>/g)?.length, 2);
  });

  it('knows the misspelt kind of a placeholder', () => {
    const source = bash('echo <deploymnet>');
    assert.deepEqual(
      found(source, 'placeholder-kind').fixes.map(({ title }) => title),
      ['Rename <deploymnet> to <deployment>'],
    );
    mends(source, 'placeholder-kind');
  });

  it('finds commands behind prompts, in lists and over continued lines', () => {
    const session = runbook('console', '$ kubectl get pods', 'NAME  READY', '$ kubectl get svc -n x');
    assert.deepEqual(
      [found(session, 'no-namespace').range.line, found(session, 'no-namespace').range.column],
      [8, 3],
    );
    const list = [
      '## Runbooks',
      '### One',
      '1. Look',
      '',
      '   ```sh',
      '   kubectl logs \\',
      '     -l app=x -n y',
      '   ```',
    ].join('\n');
    assert.equal(found(list, 'logs-selector-tail').text, '-l app=x');
    assert.match(mends(list, 'logs-selector-tail'), /^ {5}-l app=x -n y --since=30m --tail=-1$/m);
  });

  it('places everything inside the file, whatever stands in it', () => {
    for (const source of [
      '',
      '\uFEFF# x',
      '```bash\r\nkubectl get pods\r\n',
      bash('kubectl get pods \\'),
      '|||\n|-|',
    ])
      for (const { range } of lint(source)) {
        const lines = source.split(/\r\n?|\n/);
        assert.ok(range.line >= 1 && range.endLine <= lines.length, JSON.stringify({ source, range }));
        assert.ok(range.column >= 1 && range.endColumn >= 1);
      }
  });
});
