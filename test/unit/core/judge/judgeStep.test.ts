import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Incident } from '../../../../src/core/incident/incident.ts';
import { createJudge, judgeStep } from '../../../../src/core/judge/judgeStep.ts';
import type { ServiceRead } from '../../../../src/core/judge/reading.ts';
import type { Outcome } from '../../../../src/core/plan/plan.ts';
import type { Judged } from '../../../../src/core/judge/judged.ts';
import { incidentAfter, podTable, refused, stepOf, worked } from './judging.ts';

const pods = stepOf(1, 'kubectl get pods -n production -l app=payment');
const logs = stepOf(1, 'kubectl logs -n production -l app=payment --since=10m');
const psql = stepOf(1, 'kubectl exec db-0 -n production -- psql -c "SELECT count(*) FROM pg_stat_activity"');
const curl = stepOf(1, 'curl -I https://status.example/health');

const judge = (condition: string, incident: Incident, command = 'kubectl logs <pod>'): Judged => {
  const next = stepOf(2, command, { condition });
  const judged = judgeStep(next, [pods, next], incident);
  assert.ok(judged);
  return judged;
};
const isVerdict = (found: Judged, verdict: Judged['verdict'], because: RegExp): void => {
  assert.equal(found.verdict, verdict, found.because);
  assert.match(found.because, because);
};

const crashing = podTable('CrashLoopBackOff', 'CrashLoopBackOff', 'Running', 'CrashLoopBackOff', 'Running');
const healthy = podTable('Running', 'Running');

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

  const cut: readonly string[] = [
    'kubectl get pods -n production | head -2',
    "kubectl get pods -n production | awk 'NR<3'",
    "kubectl get pods -n production | grep -P 'web|api'",
    'kubectl get pods -n production | head -2 && date',
    "bash -c 'kubectl get pods | head -2'",
    'kubectl get pods > /tmp/seen; head -2 /tmp/seen',
  ];
  for (const command of cut)
    it(`says nothing for certain of what “${command}” may have hidden, and much of what it shows`, () => {
      const part = stepOf(1, command);
      const one = incidentAfter([part, podTable('Running')]);
      isVerdict(judge('If pods pending', one), 'cannot-tell', /only a part of the output was seen/);
      isVerdict(judge('If pods are healthy', one), 'cannot-tell', /only a part of the output was seen/);
      const two = incidentAfter([part, podTable('Running', 'Pending')]);
      isVerdict(judge('If pods pending', two), 'applies', /^1 of 2 pods is in Pending/);
      isVerdict(judge('If pods are healthy', two), 'does-not-apply', /^1 of 2 pods is not/);
    });

  const whole = [
    'kubectl get pods -n production && date',
    'kubectl get pods -n production || kubectl get po',
  ];
  for (const command of [...whole, 'kubectl get pods -n production 2>/dev/null; date # all of them'])
    it(`takes what “${command}” shows for all there is`, () => {
      const all = incidentAfter([stepOf(1, command), podTable('Running')]);
      isVerdict(judge('If pods pending', all), 'does-not-apply', /^none of 1 pod is in Pending \(step 1/);
    });

  const chosen: readonly string[] = [
    'kubectl get pod web-1',
    'kubectl get pod/web-1 pod/web-2',
    'kubectl get pods -n production web-1',
    'kubectl get pods --field-selector=status.phase=Running',
    'kubectl get pods --field-selector status.phase=Running -l app=web',
    'kubectl get pod web-1 && date',
  ];
  for (const command of chosen)
    it(`lets the pods of “${command}” not stand for all, only for themselves`, () => {
      const some = stepOf(1, command);
      const one = incidentAfter([some, podTable('Running')]);
      const because = /but only pods chosen by name or by a field were looked at \(step 1/;
      isVerdict(judge('If pods pending', one), 'cannot-tell', because);
      isVerdict(judge('If pods are healthy', one), 'cannot-tell', because);
      isVerdict(
        judge('If pods pending', incidentAfter([some, podTable('Pending')])),
        'applies',
        /^1 of 1 pod/,
      );
    });

  const shortLogs: readonly string[] = [
    'kubectl logs web-1 --tail=5',
    'kubectl logs web-1 --limit-bytes=2000',
    'kubectl logs web-1 --tail=5 && date',
    'kubectl logs -l app=web && date',
    'tail -n 20 /var/log/app.log',
    'journalctl -u app -n 20',
    'docker logs --tail 20 app',
  ];
  for (const command of shortLogs)
    it(`knows that “${command}” reads the end of a log, not all of it`, () => {
      const short = stepOf(1, command);
      const calm = incidentAfter([short, 'all good\n']);
      isVerdict(judge('If errors in the logs', calm), 'cannot-tell', /^0 lines .* only a part of the output/);
      isVerdict(
        judge('If errors in the logs', incidentAfter([short, 'ERROR x\n'])),
        'applies',
        /^1 line tells/,
      );
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

  it('counts no run on another cluster than the incident is pinned to now', () => {
    const incident = { ...incidentAfter([pods, crashing]), target: { context: 'staging' } };
    isVerdict(judge('If pods in CrashLoopBackOff', incident), 'cannot-tell', /no run has looked yet/);
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

describe('a condition about what stands behind a service', () => {
  const svc = stepOf(3, 'kubectl get svc,ingress -n production | grep payment');
  const row = 'service/payment   ClusterIP   10.0.0.7   <none>   8080/TCP   3d\n';
  const hidden = [{ name: 'payment', because: 'you may not list endpointslices there (403 Forbidden)' }];
  const at = (condition: string, incident: Incident): Judged => {
    const next = stepOf(4, 'kubectl get svc', { condition });
    const judged = judgeStep(next, [pods, curl, svc, next], incident);
    assert.ok(judged);
    return judged;
  };
  const both = 'If pods healthy but 503';
  const after = (...services: readonly ServiceRead[]) =>
    incidentAfter([pods, healthy], [svc, row, worked, services]);

  it('applies with both looks as evidence, and names the service', () => {
    isVerdict(
      at(both, after({ name: 'payment', endpoints: 0 })),
      'applies',
      /^all 2 pods are running and ready \(step 1, \d\d:\d\d UTC\); service payment has no ready endpoints \(step 3, \d\d:\d\d UTC\)$/,
    );
    const many = ['a', 'b', 'c', 'd', 'e'].map((name) => ({ name, endpoints: 0 }));
    isVerdict(at(both, after(...many)), 'applies', /; services a, b, c and 2 more have no ready endpoints/);
    isVerdict(at(both, after(...many.slice(0, 2))), 'applies', /; services a and b have no ready endpoints/);
  });

  it('does not apply while pods are not healthy, whatever stands behind the service', () => {
    const incident = incidentAfter([pods, crashing], [svc, row, worked, [{ name: 'payment', endpoints: 0 }]]);
    isVerdict(at(both, incident), 'does-not-apply', /^3 of 5 pods are not \(step 1, /);
  });

  it('cannot be told while one of the two was not looked at, and says which', () => {
    isVerdict(
      at(both, incidentAfter([pods, healthy])),
      'cannot-tell',
      /^all 2 pods are running and ready \(step 1, \S+ UTC\); no run has looked at its services yet$/,
    );
    isVerdict(
      at(both, incidentAfter([svc, row, worked, [{ name: 'payment', endpoints: 0 }]])),
      'cannot-tell',
      /^no run has looked yet; service payment has no ready endpoints \(step 3, /,
    );
    isVerdict(
      at(both, incidentAfter([pods, healthy], [svc, row])),
      'cannot-tell',
      /; the run showed nothing that can be read \(step 3/,
    );
  });

  it('cannot be told where the endpoints could not be looked up, and never reads as if there were some', () => {
    isVerdict(
      at(both, after(...hidden)),
      'cannot-tell',
      /; whether service payment has endpoints is not known: you may not list endpointslices there \(403/,
    );
    isVerdict(
      at(both, incidentAfter([pods, healthy], [svc, '', refused])),
      'cannot-tell',
      /; step 3: the run failed/,
    );
    isVerdict(at(both, after()), 'cannot-tell', /; no service that has endpoints of its own was shown/);
  });

  it('cannot be told after a failed look at services, wherever the flags of its command stand', () => {
    for (const flags of [
      '-n production svc',
      '-o wide services,ingress',
      '-Al app=payment service/payment',
    ]) {
      const later = stepOf(3, `kubectl get ${flags}`);
      const first = [svc, row, worked, [{ name: 'payment', endpoints: 0 }]] as const;
      const incident = incidentAfter([pods, healthy], first, [later, '', refused]);
      isVerdict(at(both, incident), 'cannot-tell', /; step 3: the run failed/);
    }
  });

  it('is not over because every service has endpoints, only when a request since was answered well', () => {
    const served = after({ name: 'payment', endpoints: 3 });
    isVerdict(
      at(both, served),
      'cannot-tell',
      /; every service shown has ready endpoints, and no run has shown whether it still answers 503 \(step 3/,
    );
    const none = [{ name: 'payment', endpoints: 0 }];
    const ended = (status: number): Outcome =>
      status < 400
        ? { kind: 'succeeded', exitCode: 0, status }
        : { kind: 'failed', status, message: 'It answered that.' };
    const http = (status: number, from = curl) => [from, `HTTP/1.1 ${status} \n`, ended(status)] as const;
    const with200 = incidentAfter([pods, healthy], [svc, row, worked, none], http(200));
    isVerdict(at(both, with200), 'does-not-apply', /^the last request was answered with 200 \(step 1/);
    const earlier = incidentAfter([pods, healthy], http(200), [svc, row, worked, none]);
    isVerdict(at(both, earlier), 'applies', /; service payment has no ready endpoints/);
    isVerdict(at(both, incidentAfter([pods, healthy], http(503))), 'applies', /answered with 503/);
    isVerdict(at(both, incidentAfter([pods, healthy], http(404))), 'cannot-tell', /looked at its services/);
    // What somebody else answered to a message says nothing of the service.
    const hook = stepOf(3, 'curl -X POST https://hooks.example/deploys');
    const told = incidentAfter([pods, healthy], [svc, row, worked, none], http(200, hook));
    isVerdict(at(both, told), 'applies', /; service payment has no ready endpoints/);
    const seen503 = incidentAfter([pods, healthy], http(503), http(200, hook));
    isVerdict(at(both, seen503), 'applies', /; the last request was answered with 503 \(step 1/);
    // A look that got no answer takes away what an older one said; a message that got none does not.
    const lost: Outcome = { kind: 'failed', exitCode: 7, message: 'Nobody answers there.' };
    const unanswered = (from: typeof curl) =>
      at(both, incidentAfter([pods, healthy], http(503), [from, '', lost]));
    isVerdict(unanswered(curl), 'cannot-tell', /no run has looked at its services yet/);
    isVerdict(unanswered(hook), 'applies', /; the last request was answered with 503 \(step 1/);
    isVerdict(at(both, incidentAfter([pods, healthy], http(503, hook))), 'cannot-tell', /looked at its serv/);
  });

  const words = 'If the service has no endpoints';
  it('“no endpoints” applies, does not apply, and cannot be told', () => {
    const whole = stepOf(3, 'kubectl get svc payment');
    const told = (services: readonly ServiceRead[]) =>
      at(words, incidentAfter([whole, row, worked, services]));
    isVerdict(told([{ name: 'payment', endpoints: 0 }]), 'applies', /^service payment has no ready/);
    isVerdict(told([{ name: 'payment', endpoints: 2 }]), 'does-not-apply', /^every service shown has ready/);
    isVerdict(told(hidden), 'cannot-tell', /is not known: you may not/);
    isVerdict(at(words, incidentAfter([whole, '', refused])), 'cannot-tell', /^step 3: the run failed/);
    isVerdict(at(words, incidentAfter()), 'cannot-tell', /^no run has looked yet/);
    // What a grep took out may be the one.
    isVerdict(at(words, after({ name: 'payment', endpoints: 2 })), 'cannot-tell', /only a part/);
  });
});

describe('a condition as ir.when', () => {
  const when = (expression: string, incident: Incident): Judged => {
    const next = stepOf(2, 'kubectl get svc', { attributes: { 'ir.when': expression } });
    const judged = judgeStep(next, [pods, next], incident);
    assert.ok(judged);
    return judged;
  };
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

  it('knows of a part at least what is in it, and of pods chosen by name nothing more', () => {
    const part = incidentAfter([stepOf(1, 'kubectl get pods | head -2'), podTable('Running')]);
    const some = incidentAfter([stepOf(1, 'kubectl get pod web-1'), podTable('Running')]);
    for (const incident of [part, some]) {
      isVerdict(when('pods.healthy >= 1', incident), 'applies', /^1 of 1/);
      isVerdict(when('pods.healthy >= pods.total', incident), 'cannot-tell', /but only /);
      isVerdict(when('pods.Pending == 0', incident), 'cannot-tell', /but only /);
    }
    isVerdict(when('rows == 1', part), 'cannot-tell', /but only a part of the output was seen/);
    isVerdict(when('every cell("STATUS") == "Running"', part), 'cannot-tell', /./);
    // The table is what was asked for.
    isVerdict(when('rows == 1', some), 'applies', /^1 rows/);
    isVerdict(when('every cell("STATUS") == "Running"', some), 'applies', /./);
  });

  it('cannot compare by size what is no number, nor its contrary', () => {
    const curl = stepOf(1, 'curl https://x.example/lag');
    const lag = (value: string) => incidentAfter([curl, `{"lag":${value}}`]);
    for (const operator of ['<', '<=', '>', '>='])
      for (const not of ['', 'not '])
        isVerdict(
          when(`${not}json("$.lag") ${operator} 100`, lag('"unknown"')),
          'cannot-tell',
          /“unknown” is no num/,
        );
    isVerdict(when('not json("$.lag") > 100', lag('"99"')), 'applies', /is 99/);
    isVerdict(when('json("$.lag") > 100 or exit == 0', lag('"unknown"')), 'applies', /exit code 0/);
    isVerdict(
      when('$limit >= rows', { ...incidentAfter([pods, healthy]), values: { limit: 'many' } }),
      'cannot-tell',
      /“many” is no number/,
    );
    isVerdict(when('json("$.lag") == 100', lag('"unknown"')), 'does-not-apply', /is unknown/);
  });

  it('reads restarts by their number, and figures with the same unit', () => {
    const table = (...restarts: readonly string[]) =>
      [
        'NAME   READY   STATUS    RESTARTS       AGE',
        ...restarts.map((each) => `web    1/1     Running   ${each.padEnd(14)} 4d`),
        '',
      ].join('\n');
    const of = (...restarts: readonly string[]) => incidentAfter([pods, table(...restarts)]);
    isVerdict(when('any cell("RESTARTS") > 5', of('0', '12 (3m ago)')), 'applies', /^1 of 2 rows/);
    isVerdict(when('any cell("RESTARTS") > 5', of('0', '2 (3m ago)')), 'does-not-apply', /^0 of 2 rows/);
    isVerdict(when('every cell("RESTARTS") == 2', of('2 (3m ago)', '2')), 'applies', /^2 of 2 rows/);
    isVerdict(when('any cell("RESTARTS") contains "3m ago"', of('2 (3m ago)')), 'applies', /./);
    const top = stepOf(1, 'kubectl top pods');
    const usage = (...cpu: readonly string[]) =>
      incidentAfter([
        top,
        [
          'NAME   CPU(cores)   MEMORY(bytes)',
          ...cpu.map((each) => `web    ${each.padEnd(12)} 61Mi`),
          '',
        ].join('\n'),
      ]);
    isVerdict(when('any cell("CPU(cores)") > "200m"', usage('90m', '1250m')), 'applies', /^1 of 2 rows/);
    isVerdict(when('any cell("CPU(cores)") > "200m"', usage('90m')), 'does-not-apply', /^0 of 1 rows/);
    isVerdict(
      when('any cell("MEMORY(bytes)") > "1Gi"', usage('90m')),
      'cannot-tell',
      /“61Mi” is no number of “Gi”/,
    );
    // One row that fits is enough, one that cannot be compared is not none.
    isVerdict(
      when('any cell("CPU(cores)") > "200m"', usage('<unknown>', '1250m')),
      'applies',
      /^1 of 2 rows/,
    );
    isVerdict(
      when('any cell("CPU(cores)") > "200m"', usage('<unknown>', '90m')),
      'cannot-tell',
      /“<unknown>” is no number/,
    );
    isVerdict(
      when('every cell("CPU(cores)") > "200m"', usage('<unknown>', '90m')),
      'does-not-apply',
      /^0 of 2/,
    );
    isVerdict(
      when('every cell("CPU(cores)") > "200m"', usage('<unknown>', '1250m')),
      'cannot-tell',
      /no number/,
    );
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
