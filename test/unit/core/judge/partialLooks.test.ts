import assert from 'node:assert/strict';
import { incidentAfter, isVerdict, judge, observe, podTable, stepOf, when } from './judging.ts';

describe('a look that shows only a part', () => {
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

  const singleLogs: readonly string[] = [
    'kubectl logs web-1',
    'kubectl logs web-1 --previous',
    'kubectl logs pod/web-1 -c app --since=10m',
    'kubectl logs deployment/web',
    'kubectl logs web-1 && date',
    'kubectl -n production logs deploy/web 2>&1; date',
    "bash -c 'kubectl logs web-1'",
  ];
  for (const command of singleLogs)
    it(`lets the log of one pod in “${command}” not stand for those of its service`, () => {
      const one = stepOf(1, command);
      const calm = incidentAfter([one, 'all good\n']);
      const because = /, but only logs of single pods were looked at \(step 1/;
      isVerdict(judge('If errors in the logs', calm), 'cannot-tell', because);
      isVerdict(when('errors == 0', calm), 'cannot-tell', /^0 lines .* only logs of single pods/);
      isVerdict(when('errors < 5', calm), 'cannot-tell', /only logs of single pods/);
      const loud = incidentAfter([one, 'ERROR x\n']);
      isVerdict(judge('If errors in the logs', loud), 'applies', /^1 line tells/);
      isVerdict(when('errors >= 1', loud), 'applies', /^1 lines with errors/);
      // What it printed is all of what it was asked for.
      isVerdict(when('lines == 1', calm), 'applies', /^1 lines/);
    });

  const allLogs: readonly string[] = [
    'kubectl logs -l app=web',
    'kubectl logs --selector=app=web --previous',
    'kubectl logs deployment/web --all-pods',
    'kubectl logs -l app=web --tail=-1 && date',
    'kubectl logs deployment/web --all-pods=true && date',
    'journalctl -u app',
    'docker logs app',
  ];
  for (const command of allLogs)
    it(`takes what “${command}” shows for the whole log`, () => {
      const calm = incidentAfter([stepOf(1, command), 'all good\n']);
      isVerdict(judge('If errors in the logs', calm), 'does-not-apply', /^0 lines tell of errors \(step 1/);
      isVerdict(when('errors == 0', calm), 'applies', /^0 lines with errors/);
    });

  it('holds a step’s own assertion against the one log that it was asked for', () => {
    const one = stepOf(1, 'kubectl logs web-1', { attributes: { 'ir.assert': 'errors == 0' } });
    assert.deepEqual(
      ['all good\n', 'ERROR x\n'].map((output) => observe(one, output).assertions[0]?.result),
      ['passed', 'failed'],
    );
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
    isVerdict(when('every cell("STATUS") == "Running"', part), 'cannot-tell', /, but only a part of the out/);
    const long = incidentAfter([
      stepOf(1, 'kubectl get pods'),
      podTable(...Array<string>(500).fill('Running')),
    ]);
    isVerdict(when('any cell("STATUS") == "Pending"', long), 'cannot-tell', /, but the table was cut/);
    // The table is what was asked for.
    isVerdict(when('rows == 1', some), 'applies', /^1 rows/);
    isVerdict(when('every cell("STATUS") == "Running"', some), 'applies', /./);
  });
});
