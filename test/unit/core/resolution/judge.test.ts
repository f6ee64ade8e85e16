import assert from 'node:assert/strict';
import { worst, good, bad, notChecked } from '../../../../src/core/resolution/check.ts';
import { appsOf, judgeArgoCd } from '../../../../src/core/resolution/judgeArgoCd.ts';
import { countLogs, judgeLogs } from '../../../../src/core/resolution/judgeLogs.ts';
import { judgeOpenEnds } from '../../../../src/core/resolution/openEnds.ts';
import { judgePods } from '../../../../src/core/resolution/judgePods.ts';
import {
  after,
  changeMade,
  declared,
  fact,
  incidentOf,
  runEnded,
  runStarted,
} from '../../../support/builders.ts';

/** As kubectl prints it. */
const pods = (...rows: readonly string[]): string =>
  ['NAME                               READY   STATUS             RESTARTS      AGE', ...rows].join('\n');
const deployments = (ready: string): string =>
  [
    'NAME              READY   UP-TO-DATE   AVAILABLE   AGE',
    `payment-service   ${ready}     3            3           12d`,
    'search            0/2     2            0           12d',
  ].join('\n');
const healthyPod = 'payment-service-7d9f8c6b5-x2k4q    1/1     Running            0             3m';

describe('pods are ready', () => {
  const judge = (podsText: string, ...texts: readonly string[]) =>
    judgePods('payment-service', podsText, { texts: texts.length > 0 ? texts : [deployments('3/3')] });

  it('is good when all of the service run and are ready, whatever others do', () => {
    const look = judge(
      pods(healthyPod, 'search-5c7b9d-aaaaa                1/1     CrashLoopBackOff   9             3m'),
    );
    assert.deepEqual([look.state, look.sentence], ['good', '1 of 1 pods of payment-service are ready']);
  });

  it('is bad with the states and the pods as evidence', () => {
    const look = judge(
      pods(healthyPod, 'payment-service-7d9f8c6b5-z9z9z    0/1     CrashLoopBackOff   4 (20s ago)   3m'),
    );
    assert.equal(look.state, 'bad');
    assert.equal(look.sentence, '1 of 2 pods of payment-service are ready (CrashLoopBackOff)');
    assert.match(look.evidence?.[0] ?? '', /z9z9z {2}0\/1 {2}CrashLoopBackOff/);
  });

  it('is bad while a container has only just started again', () => {
    const text = (ago: string) =>
      pods(`payment-service-7d9f8c6b5-x2k4q    1/1     Running            3 (${ago} ago)   3m`);
    assert.equal(judge(text('45s')).state, 'bad');
    assert.match(judge(text('45s')).sentence, /1 restarted less than 2 min ago/);
    assert.equal(judge(text('2m5s')).state, 'good');
  });

  it('is bad when replicas are missing or there are to be none', () => {
    assert.match(judge(pods(healthyPod), deployments('1/3')).sentence, /^1 of 3 wanted replicas/);
    assert.match(judge('No resources found', deployments('0/0')).sentence, /scaled to 0/);
  });

  it('counts what every workload of the service wants, by whatever kind and name', () => {
    const of = (...rows: readonly (readonly [name: string, ready: string])[]): string =>
      [['NAME', 'READY'], ...rows].map(([name, ready]) => `${name.padEnd(24)}${ready}`).join('\n');
    const sets = judge(pods(healthyPod), of(), of(['payment-service', '2/5']));
    assert.match(sets.sentence, /^2 of 5 wanted replicas of payment-service are ready$/);
    const other = judge(pods(healthyPod), of(['payment-service-blue', '2/5'], ['search', '0/2']));
    assert.deepEqual(
      [other.state, other.sentence],
      ['bad', '2 of 5 wanted replicas of payment-service-blue are ready'],
    );
    // One that was scaled away beside the one that serves is no trouble; the other way round it is.
    const besides = (main: string, canary: string) =>
      judge(pods(healthyPod), of(['payment-service', main], ['payment-service-canary', canary]));
    assert.equal(besides('3/3', '0/0').state, 'good');
    assert.match(besides('0/0', '1/1').sentence, /payment-service is scaled to 0/);
    assert.equal(judge(pods(healthyPod), of(['payment-service', '?'])).state, 'not-checked');
  });

  it('is not good when nobody knows how many are wanted', () => {
    const unread = (text: string, ...texts: readonly string[]) =>
      judgePods('payment-service', text, { texts, problem: 'you may not list them' });
    const fine = unread(pods(healthyPod));
    assert.deepEqual(
      [fine.state, fine.sentence],
      [
        'not-checked',
        '1 of 1 pods of payment-service are ready, but how many are wanted could not be read: you may not list them',
      ],
    );
    const crash = 'payment-service-7d9f8c6b5-z9z9z    0/1     CrashLoopBackOff   4 (20s ago)   3m';
    assert.equal(unread(pods(healthyPod, crash)).state, 'bad');
    assert.match(unread(pods(healthyPod), deployments('1/3')).sentence, /^1 of 3 wanted replicas/);
  });

  it('is not checked where nothing bears the name of the service', () => {
    const look = judge(
      pods('search-5c7b9d-aaaaa                1/1     Running            0   3m'),
      'NAME READY',
    );
    assert.equal(look.state, 'not-checked');
  });

  it('counts neither finished nor leaving pods', () => {
    const look = judge(
      pods(
        healthyPod,
        'payment-service-migrate-28x        0/1     Completed          0             1h',
        'payment-service-6b6b6b6b6-old00    1/1     Terminating        7             1h',
      ),
    );
    assert.equal(look.sentence, '1 of 1 pods of payment-service are ready');
  });
});

describe('Argo CD is healthy and in sync', () => {
  const list = (status: string, health: string): string =>
    [
      'NAME                    CLUSTER                         NAMESPACE   PROJECT  STATUS     HEALTH    SYNCPOLICY  CONDITIONS',
      `argocd/payment-service  https://kubernetes.default.svc  production  default  ${status.padEnd(9)}  ${health.padEnd(8)}  Manual      <none>`,
      'argocd/search           https://kubernetes.default.svc  production  default  OutOfSync  Degraded  Auto        <none>',
    ].join('\n');

  const named = { touched: [], named: 'payment-service' };

  it('is good, bad or not checked by what Argo CD says of the apps of the incident', () => {
    const judge = (status: string, health: string) => judgeArgoCd(named, list(status, health));
    assert.deepEqual(judge('Synced', 'Healthy'), {
      state: 'good',
      sentence: 'argocd/payment-service is Synced and Healthy',
      evidence: ['argocd/payment-service  Synced  Healthy  sync policy Manual'],
    });
    assert.equal(judge('OutOfSync', 'Healthy').state, 'bad');
    assert.equal(judge('Synced', 'Progressing').state, 'bad');
    assert.equal(judge('Unknown', 'Healthy').state, 'not-checked');
    assert.match(
      judgeArgoCd({ touched: [], named: 'storefront' }, list('Synced', 'Healthy')).sentence,
      /no app called storefront/,
    );
  });

  it('asks for the apps that were touched and the one of the service', () => {
    const incident = incidentOf(
      declared(),
      runStarted({ kind: 'argocd', command: 'argocd app rollback storefront 3 --server x' }),
    );
    assert.deepEqual(appsOf(incident), { touched: ['storefront'], named: 'payment-service' });
    const asked = (kind: 'failed' | 'succeeded') =>
      appsOf(
        incidentOf(
          declared(),
          runStarted({ kind: 'argocd', command: 'argocd app get storefrnot --server x' }),
          runEnded({ outcome: kind === 'failed' ? { kind, message: 'There is none.' } : { kind } }),
        ),
      ).touched;
    assert.deepEqual(
      [asked('failed'), asked('succeeded')],
      [[], ['storefrnot']],
      'a mistyped name is no app',
    );
  });

  it('is not good when an app that was touched is gone, whatever the others say', () => {
    const judge = (touched: string, health = 'Healthy') =>
      judgeArgoCd({ touched: [touched], named: 'payment-service' }, list('Synced', health));
    const gone = judge('storefront');
    assert.deepEqual(
      [gone.state, gone.sentence],
      [
        'not-checked',
        'argocd/payment-service is Synced and Healthy, but Argo CD lists no app called storefront, which was touched',
      ],
    );
    assert.equal(judge('storefront', 'Degraded').state, 'bad');
    assert.equal(judge('payment-service').state, 'good');
    assert.equal(judge('argocd/payment-service').state, 'good');
  });
});

describe('logs show no errors', () => {
  const lines = (minute: number, ...texts: readonly string[]): string =>
    texts
      .map(
        (text) => `[pod/payment-service-7d9f/app] ${after(minute).replace('.000Z', '.123456789Z')} ${text}`,
      )
      .join('\n');
  const now = { from: after(30), to: after(35) };
  const before = { from: after(-10), to: after(-5) };
  const judge = (present: string, past?: string) =>
    judgeLogs(
      'payment-service',
      countLogs(present, now),
      now,
      past === undefined ? undefined : countLogs(past, before),
      before,
    );

  it('is good without an error', () => {
    const look = judge(lines(31, 'INFO paid 12.50', 'INFO paid 7.00'));
    assert.deepEqual(
      [look.state, look.sentence],
      ['good', '0 of 2 log lines of payment-service in the last 5 min tell of an error'],
    );
  });

  it('is good with errors of a kind that was there before, about as often', () => {
    const look = judge(
      lines(31, 'ERROR card 4711 declined', 'INFO paid'),
      lines(-8, 'ERROR card 23 declined', 'INFO paid', 'INFO paid'),
    );
    assert.equal(look.state, 'good');
    assert.match(
      look.sentence,
      /1 of 2 .* \(1 of 3 in the 5 min before the onset\), no kind of error more often/,
    );
  });

  it('is bad with an error of a new kind, or with a known one far more often', () => {
    const fresh = judge(lines(31, 'ERROR connection refused to 10.0.0.7:5432'), lines(-8, 'INFO paid'));
    assert.equal(fresh.state, 'bad');
    assert.deepEqual(fresh.evidence, ['1 × ERROR connection refused to 10.0.0.7:5432']);
    const flood = judge(
      lines(31, ...Array.from({ length: 9 }, (_, at) => `ERROR card ${at} declined`)),
      lines(-8, 'ERROR card 23 declined'),
    );
    assert.equal(flood.state, 'bad');
  });

  it('is bad, and says so, when there are errors and nothing to compare with', () => {
    assert.match(judge(lines(31, 'ERROR boom')).sentence, /nothing is left to compare with/);
  });

  it('is not checked when nothing was logged: silence is no proof', () => {
    assert.equal(judge(lines(10, 'ERROR long ago')).state, 'not-checked');
    assert.equal(judge('').state, 'not-checked');
  });

  it('takes an error that only the quotes of a log tell apart for a new one', () => {
    const log = (at: number, message: string): string =>
      `${after(at)} {"level":"error","msg":"${message}","order":"9f8e7d6c5b"}`;
    const before = { from: after(-60), to: after(-50) };
    const now = { from: after(20), to: after(30) };
    const look = (message: string) =>
      judgeLogs(
        'payments',
        countLogs(log(21, message), now),
        now,
        countLogs(log(-55, 'card declined'), before),
        before,
      ).state;
    assert.equal(look('card declined'), 'good');
    assert.equal(look('disk full'), 'bad');
  });
});

describe('what was changed for the time being', () => {
  const scaled = [declared(), runStarted({ risk: 'change' }), changeMade(), runEnded()] as const;

  it('is bad until it is put back or a person keeps it', () => {
    const open = judgeOpenEnds(incidentOf(...scaled));
    assert.equal(open.state, 'bad');
    assert.match(open.sentence, /^1 of 1 temporary changes still stands: .*replicas/);
    const kept = incidentOf(
      ...scaled,
      fact('ChangeKept', { change: 'event-00003', reason: 'traffic is up' }),
    );
    assert.equal(judgeOpenEnds(kept).state, 'good');
    assert.match(judgeOpenEnds(kept).evidence?.[0] ?? '', /kept by Ana at 10:34 UTC: traffic is up/);
    const back = incidentOf(
      ...scaled,
      runStarted({ run: 'run-2', risk: 'change', undoes: 'event-00003' }),
      runEnded({ run: 'run-2' }),
    );
    assert.equal(judgeOpenEnds(back).state, 'good');
    assert.equal(judgeOpenEnds(incidentOf(declared())).state, 'good');
  });

  it('does not count what an undo changed back, and counts what an undo of that changed again', () => {
    const undo = [
      runStarted({ run: 'run-2', risk: 'change', undoes: 'event-00003' }),
      changeMade({ run: 'run-2', changes: ['deployment/payment-service spec.replicas 10 → 3'] }),
      runEnded({ run: 'run-2' }),
    ] as const;
    const back = incidentOf(...scaled, ...undo);
    assert.deepEqual(
      [judgeOpenEnds(back).state, judgeOpenEnds(back).sentence],
      ['good', '1 of 1 temporary changes is put back or kept'],
    );
    const again = incidentOf(
      ...[...scaled, ...undo],
      runStarted({ run: 'run-3', risk: 'change', undoes: 'event-00006' }),
      changeMade({ run: 'run-3' }),
      runEnded({ run: 'run-3' }),
    );
    assert.match(judgeOpenEnds(again).sentence, /^1 of 2 temporary changes still stands: .* 3 → 10$/);
  });
});

describe('an item that asks for several things', () => {
  it('is as the worst of them, and tells all', () => {
    const look = worst([good('pods fine'), notChecked('no metrics')]);
    assert.deepEqual([look.state, look.sentence], ['not-checked', 'no metrics; pods fine']);
    assert.equal(worst([notChecked('no metrics'), bad('alerts')]).state, 'bad');
  });
});
