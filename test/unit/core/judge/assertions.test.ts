import assert from 'node:assert/strict';
import fc from 'fast-check';
import { clausesOf } from '../../../../src/core/judge/assertions.ts';
import { parseExpression } from '../../../../src/core/judge/expression.ts';
import type { Outcome } from '../../../../src/core/plan/plan.ts';
import { observe, podTable, stepOf } from './judging.ts';

const check = (assertion: string, output: string, outcome?: Outcome, command = 'kubectl get pods') =>
  observe(stepOf(1, command, { attributes: { 'ir.assert': assertion } }), output, outcome, {
    values: { replicas: '3' },
  }).assertions;

const unreachable: Outcome = { kind: 'failed', message: 'The server does not answer.' };

describe('an assertion', () => {
  const rows = (connections: number): string => ` count \n-------\n ${connections}\n(1 row)\n`;
  const psql = 'kubectl exec db-0 -n production -- psql -c "SELECT count(*) FROM pg_stat_activity"';
  const log = 'kubectl logs -l app=payment --since=10m';
  const three: readonly (readonly [assertion: string, yes: string, no: string, command?: string])[] = [
    ['contains "Running"', podTable('Running'), podTable('Pending')],
    ['not contains "Crash"', podTable('Running'), podTable('CrashLoopBackOff')],
    ['matches "payment-[0-9a-f]+"', podTable('Running'), 'NAME\n'],
    ['count("Running") == 2', podTable('Running', 'Running'), podTable('Running')],
    ['lines > 2', 'a\nb\nc\n', 'a\n'],
    ['cell("STATUS") == "Running"', podTable('Running', 'Running'), podTable('Running', 'Pending')],
    ['any cell("STATUS") == "Pending"', podTable('Running', 'Pending'), podTable('Running')],
    ['pods.healthy == pods.total', podTable('Running'), podTable('Running', 'Pending')],
    ['every cell("STATUS") matches "^Run"', podTable('Running'), podTable('Running', 'Pending')],
    ['rows == 2', podTable('Running', 'Running'), podTable('Running')],
    ['pods.Pending != 0', podTable('Pending'), podTable('Running')],
    ['output == "ready"', 'ready\n', 'not ready\n'],
    ['$replicas <= 3 and contains "x"', 'x\n', 'y\n'],
    ['errors < 2', 'ERROR a\n', 'ERROR a\nERROR b\n', log],
    ['connections < 90', rows(12), rows(97), psql],
    ['json("$.items[1].ok") == "true"', '{"items":[{},{"ok":true}]}', '{"items":[{},{"ok":false}]}'],
  ];
  for (const [assertion, yes, no, command] of three)
    it(`“${assertion}” passes, fails, and is not checked`, () => {
      assert.deepEqual(
        check(assertion, yes, undefined, command).map(({ result }) => result),
        ['passed'],
      );
      assert.deepEqual(
        check(assertion, no, undefined, command).map(({ result }) => result),
        ['failed'],
      );
      const [found] = check(assertion, '', unreachable, command);
      assert.deepEqual([found?.result, found?.because], ['not-checked', 'the run failed']);
      assert.equal(check(assertion, yes, { kind: 'stopped' }, command)[0]?.result, 'not-checked');
    });

  it('holds an exit code against what the process ended with, also a failed one', () => {
    const failing: Outcome = { kind: 'failed', exitCode: 3, message: 'Failed.' };
    assert.equal(check('exit == 0', '')[0]?.result, 'passed');
    assert.deepEqual(check('exit == 0', '', failing)[0], {
      assertion: 'exit == 0',
      result: 'failed',
      because: 'exit code 3',
    });
    assert.equal(check('exit == 0', '', unreachable)[0]?.result, 'not-checked');
  });

  it('holds a status against what was answered, though an error status makes the run fail', () => {
    const curl = 'curl -I https://a.example/';
    const bad: Outcome = { kind: 'failed', status: 503, message: 'It answered 503.' };
    const good: Outcome = { kind: 'succeeded', exitCode: 0, status: 200 };
    assert.equal(check('status == 200', 'HTTP/1.1 200 OK\n', good, curl)[0]?.result, 'passed');
    assert.deepEqual(check('status == 200', 'HTTP/1.1 503 Service Unavailable\n', bad, curl)[0], {
      assertion: 'status == 200',
      result: 'failed',
      because: 'status 503',
    });
    assert.equal(check('status == 503', '', bad, curl)[0]?.result, 'passed');
    assert.equal(check('status != 200', '', unreachable, curl)[0]?.result, 'not-checked');
    assert.equal(check('contains "x"', '', bad, curl)[0]?.result, 'not-checked');
  });

  it('about a value alone holds whatever the run came to, and is not checked while it has none', () => {
    assert.equal(check('$replicas == 3', '')[0]?.result, 'passed');
    assert.equal(check('$replicas > 3', '')[0]?.result, 'failed');
    assert.deepEqual(check('$other == 3', '')[0], {
      assertion: '$other == 3',
      result: 'not-checked',
      because: 'other has no value yet',
    });
  });

  it('is about what its own step shows, also where that is a part', () => {
    for (const command of [
      'kubectl get pod web-1',
      "kubectl get pods | awk 'NR<3'",
      'kubectl get pods | head -2',
    ])
      assert.equal(check('pods.Pending == 0', podTable('Running'), undefined, command)[0]?.result, 'passed');
  });

  it('is not checked where what it compares by size is no number', () => {
    const found = check('not json("$.lag") > 100; cell("AGE") < 5', '{"lag":"unknown"}');
    assert.deepEqual(found[0], {
      assertion: 'not json("$.lag") > 100',
      result: 'not-checked',
      because: '$.lag is unknown, and “unknown” is no number',
    });
    assert.equal(check('not cell("AGE") > 5', podTable('Running'))[0]?.result, 'not-checked');
  });

  it('is never passed where nothing can be read of it', () => {
    for (const odd of [
      'is fine',
      'json("$.a") == 1',
      'cell("NOPE") == "x"',
      'matches "("',
      'pods.total',
      '==',
    ])
      assert.equal(check(odd, 'some text\n')[0]?.result, 'not-checked', odd);
    assert.equal(check('every cell("STATUS") == "Running"', 'NAME  STATUS\n')[0]?.result, 'not-checked');
  });

  it('is one of several, each with its own result', () => {
    const found = check('exit == 0; contains "a;b"\ncount("x") == 0', 'a;b\nx\n');
    assert.deepEqual(
      found.map(({ assertion, result }) => [assertion, result]),
      [
        ['exit == 0', 'passed'],
        ['contains "a;b"', 'passed'],
        ['count("x") == 0', 'failed'],
      ],
    );
  });

  it('is read without throwing, whatever is written', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (assertion, output) => {
        parseExpression(assertion);
        for (const { result } of check(assertion, output, unreachable)) assert.notEqual(result, 'passed');
        assert.ok(clausesOf(assertion).every((clause) => clause.trim() !== ''));
      }),
    );
  });
});

describe('what a step captures', () => {
  const captured = (capture: string, output: string) =>
    observe(stepOf(1, 'kubectl get pods', { attributes: { 'ir.capture': capture } }), output).captured;

  it('comes from a table, JSON, a count or the word behind a text', () => {
    const table = podTable('Running', 'CrashLoopBackOff');
    assert.deepEqual(captured('pod = cell("NAME") where STATUS == "CrashLoopBackOff"', table), {
      pod: 'payment-7d9f-1',
    });
    assert.deepEqual(captured('first=cell("NAME"); n=count("Running")', table), {
      first: 'payment-7d9f-0',
      n: '1',
    });
    assert.deepEqual(captured('rev=json("$.items[0].id")', '{"items":[{"id":41}]}'), { rev: '41' });
    assert.deepEqual(captured('id=after("id: ")', 'the id: abc-1, done\n'), { id: 'abc-1' });
  });

  it('is nothing where the output has none, or the guide writes it wrong', () => {
    assert.deepEqual(captured('pod=cell("NAME") where STATUS == Pending', podTable('Running')), {});
    assert.deepEqual(captured('pod=first pod; =x; a=json("$.x")', 'text\n'), {});
  });
});
