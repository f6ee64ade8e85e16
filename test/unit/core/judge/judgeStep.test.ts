import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Incident } from '../../../../src/core/incident/incident.ts';
import { createJudge, judgeStep } from '../../../../src/core/judge/judgeStep.ts';
import type { Outcome } from '../../../../src/core/plan/plan.ts';
import {
  crashing,
  curl,
  healthy,
  incidentAfter,
  isVerdict,
  judge,
  podTable,
  pods,
  refused,
  stepOf,
  when,
} from './judging.ts';

const logs = stepOf(1, 'kubectl logs -n production -l app=payment --since=10m');
const psql = stepOf(1, 'kubectl exec db-0 -n production -- psql -c "SELECT count(*) FROM pg_stat_activity"');

describe('a condition in words', () => {
  const shown = (connections: number): string =>
    ` count | max_connections\n-------+-----------------\n ${connections} | 100\n(1 row)\n`;
  const three: readonly (readonly [
    condition: string,
    from: typeof pods,
    yes: string,
    no: string,
    because: RegExp,
  ])[] = [
    [
      'If pods in CrashLoopBackOff',
      pods,
      crashing,
      healthy,
      /^3 of 5 pods are in CrashLoopBackOff \(step 1, /,
    ],
    ['If pods are crash looping', pods, crashing, healthy, /^3 of 5 pods/],
    ['If pods pending', pods, podTable('Pending', 'Running'), healthy, /^1 of 2 pods is in Pending/],
    [
      'If any pod is in ImagePullBackOff',
      pods,
      podTable('ErrImagePull'),
      healthy,
      /^1 of 1 pod is in ErrImagePull/,
    ],
    ['If pods are OOMKilled', pods, podTable('OOMKilled'), healthy, /^1 of 1 pod is in OOMKilled/],
    ['If pods evicted', pods, podTable('Evicted'), healthy, /^1 of 1 pod is in Evicted/],
    ['If pods are terminating', pods, podTable('Terminating'), healthy, /^1 of 1 pod is in Terminating/],
    ['If the pods are healthy', pods, healthy, crashing, /^all 2 pods are running and ready/],
    ['If the pods are not ready', pods, crashing, healthy, /^3 of 5 pods are not running and ready/],
    ['If pods restarted', pods, crashing, healthy, /^3 of 5 pods are restarted before/],
    [
      'If the logs show errors',
      logs,
      'ERROR POST /pay 503\n',
      'all good\n',
      /^1 line tells of errors, most of them at POST/,
    ],
    ['If errors in the logs', logs, 'panic: a\nfatal: b\n', 'all good\n', /^2 lines tell of errors \(step 1/],
    ['If connections are at their limit', psql, shown(100), shown(12), /^100 of 100 connections/],
    ['If too many clients', psql, shown(100), shown(99), /^100 of 100 connections/],
  ];
  for (const [condition, from, yes, no, because] of three)
    it(`“${condition}” applies, does not apply, and cannot be told`, () => {
      isVerdict(judge(condition, incidentAfter([from, yes])), 'applies', because);
      isVerdict(judge(condition, incidentAfter([from, no])), 'does-not-apply', /\(step 1, \d\d:\d\d UTC\)$/);
      isVerdict(
        judge(condition, incidentAfter([from, '', refused])),
        'cannot-tell',
        /^step 1: the run failed/,
      );
      isVerdict(judge(condition, incidentAfter()), 'cannot-tell', /no run has looked yet/);
    });

  it('does not fall back to what an older run showed when the newest look failed', () => {
    const found = judge('If pods pending', incidentAfter([pods, healthy], [pods, '', refused]));
    isVerdict(found, 'cannot-tell', /^step 1: the run failed/);
  });

  it('counts a failed run for a look where the same command has shown the thing before', () => {
    const script = stepOf(1, './look.sh');
    const failing: Outcome = { kind: 'failed', exitCode: 1, message: 'It ended with exit code 1.' };
    const rows = when('pods.Pending == 0', incidentAfter([script, healthy], [script, '', failing]));
    isVerdict(rows, 'cannot-tell', /^step 1: the run failed with exit code 1/);
    const silent = judge('If pods pending', incidentAfter([script, healthy], [script, 'done\n']));
    isVerdict(silent, 'cannot-tell', /^the run showed nothing that can be read/);
    const other = judge(
      'If pods pending',
      incidentAfter([script, healthy], [stepOf(1, 'date'), '', failing]),
    );
    isVerdict(other, 'does-not-apply', /^none of 2 pods/);
  });

  it('counts a failed look for one wherever the flags of its command stand', () => {
    for (const flags of [
      '-n production pods',
      '-o wide pods',
      '-A -owide po',
      '--watch --namespace x pod/a',
    ]) {
      const later = stepOf(1, `kubectl get ${flags}`);
      const found = judge('If pods pending', incidentAfter([pods, healthy], [later, '', refused]));
      isVerdict(found, 'cannot-tell', /^step 1: the run failed/);
    }
    const other = stepOf(1, 'kubectl get -n production deploy');
    const found = judge('If pods pending', incidentAfter([pods, healthy], [other, '', refused]));
    isVerdict(found, 'does-not-apply', /^none of 2 pods is in Pending/);
  });

  it('leaves what it only half understands to a person, with what it knows', () => {
    const incident = incidentAfter([pods, crashing]);
    isVerdict(
      judge('If pods pending in zone B', incident),
      'cannot-tell',
      /^none of 5 pods is in Pending; the rest/,
    );
    isVerdict(
      judge('If the queue is slow', incident),
      'cannot-tell',
      /nothing here knows how to look at that/,
    );
    isVerdict(judge('If no pods are pending', incident), 'cannot-tell', /./);
    isVerdict(judge('Wenn die Datenbank langsam ist', incident), 'cannot-tell', /./);
  });

  it('takes one of several for enough', () => {
    const incident = incidentAfter([pods, podTable('ImagePullBackOff')]);
    isVerdict(
      judge('If pods in CrashLoopBackOff or ImagePullBackOff', incident),
      'applies',
      /ImagePullBackOff/,
    );
    isVerdict(judge('If pods pending or evicted', incident), 'does-not-apply', /./);
  });

  it('tells a failover that is necessary from what the database answered, and never that it is not', () => {
    const failover = 'aws rds failover-db-cluster --db-cluster-identifier techcorp-production';
    const full =
      'psql: error: FATAL:  sorry, too many clients already\ncommand terminated with exit code 2\n';
    const exit: Outcome = { kind: 'failed', exitCode: 2, message: 'Failed.' };
    const at = (incident: Incident) => judge('Failover if necessary', incident, failover);
    isVerdict(
      at(incidentAfter([psql, full, exit])),
      'applies',
      /takes no more connections: sorry, too many clients/,
    );
    isVerdict(
      at(incidentAfter([psql, ' count \n-------\n    97\n(1 row)\n'])),
      'cannot-tell',
      /^97 connections/,
    );
    isVerdict(at(incidentAfter([psql, '', refused])), 'cannot-tell', /^step 1: the run failed/);
  });
});

describe('a condition as ir.when', () => {
  const cases: readonly (readonly [expression: string, from: typeof pods, yes: string, no: string])[] = [
    ['pods.CrashLoopBackOff > 0', pods, crashing, healthy],
    ['pods.healthy < pods.total', pods, crashing, healthy],
    ['cell("STATUS") contains "Crash"', pods, crashing, healthy],
    ['any cell("STATUS") matches "^Pend"', pods, podTable('Pending'), healthy],
    ['rows == 1', pods, podTable('Running'), healthy],
    [
      'json("$.status") == "red"',
      stepOf(1, 'curl https://x.example/s'),
      '{"status":"red"}',
      '{"status":"green"}',
    ],
    ['errors >= 2', logs, 'ERROR POST /pay 503\nerror again\n', 'all good\n'],
    ['connections > 90', psql, ' count \n-------\n    97\n(1 row)\n', ' count \n-------\n    12\n(1 row)\n'],
    ['not (pods.total == 2) and exit == 0', pods, crashing, healthy],
    ['pods.restarted >= 3 or pods.unhealthy > 4', pods, crashing, healthy],
    ['every cell("STATUS") != "Running"', pods, podTable('Pending'), healthy],
    ['lines > 2', pods, podTable('Running', 'Running'), podTable('Running')],
  ];
  for (const [expression, from, yes, no] of cases)
    it(`“${expression}” applies, does not apply, and cannot be told`, () => {
      isVerdict(when(expression, incidentAfter([from, yes])), 'applies', /./);
      isVerdict(when(expression, incidentAfter([from, no])), 'does-not-apply', /./);
      isVerdict(when(expression, incidentAfter([from, '', refused])), 'cannot-tell', /failed/);
      isVerdict(when(expression, incidentAfter()), 'cannot-tell', /no run has looked yet/);
    });

  it('knows the status of an answer that made the run fail, and none of a request that got no answer', () => {
    const bad = (status: number): Outcome => ({ kind: 'failed', status, message: 'It answered that.' });
    const head = 'HTTP/1.1 503 Service Unavailable\n';
    isVerdict(
      when('status == 503', incidentAfter([curl, head, bad(503)])),
      'applies',
      /^status 503 \(step 1/,
    );
    isVerdict(when('status == 503', incidentAfter([curl, '', bad(404)])), 'does-not-apply', /^status 404/);
    const plain = stepOf(1, 'curl https://status.example/health');
    const good: Outcome = { kind: 'succeeded', exitCode: 0, status: 200 };
    isVerdict(when('status == 503', incidentAfter([plain, 'fine\n', good])), 'does-not-apply', /^status 200/);
    // What is in a body is no status of its own.
    isVerdict(when('status == 503', incidentAfter([plain, head, good])), 'does-not-apply', /^status 200/);
    const cut: Outcome = { kind: 'failed', exitCode: 18, message: 'It was cut off.' };
    for (const outcome of [cut, { kind: 'stopped' }, { kind: 'timed-out', afterMs: 1 }] as const)
      isVerdict(when('status != 503', incidentAfter([curl, 'HTTP/2 200\n', outcome])), 'cannot-tell', /./);
    isVerdict(when('status == 503', incidentAfter()), 'cannot-tell', /no run has looked yet/);
  });

  it('counts a container that crashes while the pod begins, as the words do', () => {
    const beginning = incidentAfter([pods, podTable('Init:CrashLoopBackOff', 'Running')]);
    isVerdict(when('pods.CrashLoopBackOff == 0', beginning), 'does-not-apply', /^1 of 2 pods are in Crash/);
    isVerdict(when('pods.crashloopbackoff > 0', beginning), 'applies', /^1 of 2/);
    isVerdict(judge('If pods in CrashLoopBackOff', beginning), 'applies', /^1 of 2/);
  });

  it('reads the exit code of the step it names', () => {
    const named = stepOf(1, 'make check', { attributes: { name: 'check' } });
    const next = stepOf(3, 'make undo', { attributes: { 'ir.when': 'exit(check) != 0' } });
    const judged = (incident: Incident) => judgeStep(next, [named, stepOf(2, 'true'), next], incident);
    const broken = incidentAfter([named, '', { kind: 'failed', exitCode: 2, message: 'Failed.' }]);
    assert.equal(judged(incidentAfter([named, '']))?.verdict, 'does-not-apply');
    assert.equal(judged(broken)?.verdict, 'applies');
    assert.equal(judged(incidentAfter([named, '', refused]))?.verdict, 'cannot-tell', 'it has no exit code');
  });

  it('compares a value of the incident, and waits for one that is not there', () => {
    const incident = incidentAfter([pods, crashing]);
    isVerdict(when('$replicas > 3', { ...incident, values: { replicas: '5' } }), 'applies', /replicas is 5/);
    isVerdict(when('$replicas > 3', incident), 'cannot-tell', /no value yet/);
    isVerdict(when('$namespace == "production"', incident), 'applies', /namespace is production/);
  });

  it('never throws and never applies without a run, whatever it says', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[a-z."()><=! 0-9]{0,40}$/)), (text) => {
        assert.notEqual(
          when(text, incidentAfter()).verdict === 'applies' && /pods|cell|json/.test(text),
          true,
        );
      }),
    );
  });
});

describe('pods that a condition found', () => {
  const pods = stepOf(1, 'kubectl get pods -n production');
  const seen = podTable('Running', 'Pending', 'CrashLoopBackOff', 'CrashLoopBackOff', 'ErrImagePull');
  const found = (condition: string, attributes = {}, output = seen) => {
    const next = stepOf(2, 'kubectl logs <pod>', { condition, attributes });
    return judgeStep(next, [pods, next], incidentAfter([pods, output]))?.pods;
  };

  it('are those in the state it names, or all in trouble, in words and as ir.when', () => {
    const crashing = ['payment-7d9f-2', 'payment-7d9f-3'];
    assert.deepEqual(found('If pods in CrashLoopBackOff'), crashing);
    assert.deepEqual(found('If pods pending'), ['payment-7d9f-1']);
    assert.deepEqual(found('If pods are not ready')?.length, 4);
    assert.deepEqual(found('x', { 'ir.when': 'pods.Pending > 0' }), ['payment-7d9f-1']);
    assert.deepEqual(found('x', { 'ir.when': 'pods.unhealthy > 2 and pods.Pending > 0' })?.length, 4);
  });

  it('are none where it does not apply or speaks of nothing that is named', () => {
    assert.equal(found('If pods pending', {}, podTable('Running')), undefined);
    assert.equal(found('If pods healthy', {}, podTable('Running')), undefined);
    assert.equal(found('x', { 'ir.when': 'pods.total > 2' }), undefined);
    assert.equal(found('If pods pending in zone B'), undefined);
  });
});

describe('a judge of many steps', () => {
  it('gathers the incident’s runs once, and not before a step has a condition', () => {
    const look = stepOf(1, 'kubectl get pods -n production');
    const conditions = Array.from({ length: 20 }, (_each, at) =>
      stepOf(at + 2, 'kubectl logs <pod>', { condition: 'If pods pending' }),
    );
    const steps = [look, ...conditions];
    const { runs, ...rest } = incidentAfter([look, podTable('Pending')]);
    let gathered = 0;
    const judge = createJudge({
      ...rest,
      get runs() {
        gathered += 1;
        return runs;
      },
    });
    assert.equal(judge(look, steps), undefined);
    assert.equal(gathered, 0);
    assert.ok(conditions.every((step) => judge(step, steps)?.verdict === 'applies'));
    const other = [look, ...conditions.slice(0, 3)];
    assert.equal(judge(conditions[0]!, other)?.verdict, 'applies');
    assert.equal(gathered, 1);
  });
});
