import assert from 'node:assert/strict';
import type { EventData, Fact } from '../../../../src/core/incident/events.ts';
import type { Incident } from '../../../../src/core/incident/incident.ts';
import { worst, good, bad, notChecked } from '../../../../src/core/resolution/check.ts';
import { judgeAlerts, type AlertsSeen } from '../../../../src/core/resolution/judgeAlerts.ts';
import { appsOf, judgeArgoCd } from '../../../../src/core/resolution/judgeArgoCd.ts';
import { countLogs, judgeLogs } from '../../../../src/core/resolution/judgeLogs.ts';
import { judgeOpenEnds } from '../../../../src/core/resolution/openEnds.ts';
import { judgePods } from '../../../../src/core/resolution/judgePods.ts';
import type { LiveSignal } from '../../../../src/core/signals/incomingSignal.ts';
import {
  after,
  changeMade,
  declared,
  fact,
  incidentOf,
  runEnded,
  runStarted,
} from '../../../support/builders.ts';
import { paged } from '../../../support/deliveryBuilders.ts';
import { page } from '../signals/signals.ts';

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

const alert = (more: Partial<LiveSignal> = {}): LiveSignal => ({
  id: 'alert/1',
  kind: 'alert',
  sources: ['Alertmanager'],
  title: 'PaymentErrorRateHigh',
  service: 'payment-service',
  startedAt: after(-3),
  state: 'firing',
  labels: { alertname: 'PaymentErrorRateHigh', service: 'payment-service' },
  ...more,
});

describe('no active alerts', () => {
  const answered = { name: 'Alertmanager', problem: undefined };
  const eu = 'alertmanager https://eu.example';
  /** What a window says that asks the Alertmanager of this region and PagerDuty. */
  const told = (signals: readonly LiveSignal[], more: Partial<AlertsSeen> = {}): AlertsSeen => ({
    signals,
    sources: [answered],
    servers: [
      { name: 'Alertmanager', key: `${eu} `, origin: eu, answered: true },
      { name: 'PagerDuty', key: 'pagerduty', origin: undefined, answered: true },
    ],
    shown: new Map(),
    ...more,
  });
  const judge = (signals: readonly LiveSignal[], sources: AlertsSeen['sources'] = [answered]) =>
    judgeAlerts(incidentOf(declared()), told(signals, { sources }));

  it('is good when every source has answered and names none of the service', () => {
    const look = judge([alert({ service: 'search' }), alert({ state: 'resolved' })]);
    assert.deepEqual(
      [look.state, look.sentence],
      ['good', 'no active alert of payment-service in Alertmanager'],
    );
  });

  it('is bad with one that fires, is acknowledged, is about to fire, or is only silenced', () => {
    for (const state of ['firing', 'acknowledged', 'pending', 'silenced'] as const) {
      const look = judge([alert({ state })]);
      assert.equal(look.state, 'bad', state);
      assert.equal(look.sentence, `1 active alert of payment-service: PaymentErrorRateHigh (${state})`);
    }
  });

  it('is bad with an attached one of another service', () => {
    const { id, ...more } = alert({ service: 'gateway', id: 'alert/2', labels: { alertname: 'Gateway5xx' } });
    const signal = { id, ...more };
    const incident = incidentOf(declared(), fact('SignalAttached', { signal }));
    assert.equal(judgeAlerts(incident, told([signal])).state, 'bad');
  });

  it('is not held up by the page that was opened for the incident itself, but by one of others', () => {
    const service = 'payment-service';
    const own = page('Q1', { service });
    const of = (signals: readonly LiveSignal[], facts: readonly Fact[] = paged('Q1')) =>
      judgeAlerts(incidentOf(declared(), ...facts), told(signals)).state;
    assert.equal(of([own]), 'good');
    assert.equal(of([{ ...own, state: 'acknowledged' }]), 'good');
    assert.equal(of([own, page('Q2', { service })]), 'bad');
    assert.equal(of([own], [fact('SignalAttached', { signal: own }), ...paged('Q1')]), 'good');
    assert.equal(of([own], paged('Q1').slice(0, 1)), 'bad', 'not known yet to be ours');
  });

  it('is bad while the page it was declared from stands: a monitor says so', () => {
    const signal = page('Q1');
    const facts = [declared(), fact('SignalAttached', { signal }), ...paged('Q1', 'adopted')];
    assert.equal(judgeAlerts(incidentOf(...facts), told([signal])).state, 'bad');
  });

  it('is not checked while an attached alert is of a server that is not asked here', () => {
    const attached = (more: Partial<LiveSignal> = {}, ...facts: readonly Fact[]) =>
      incidentOf(declared(), fact('SignalAttached', { signal: alert({ origins: [eu], ...more }) }), ...facts);
    const of = (incident: Incident, more: Partial<AlertsSeen> = {}) =>
      judgeAlerts(incident, told([], more)).state;
    assert.equal(of(attached()), 'good', 'it has told of it, and does so no more');
    assert.equal(of(attached({ origins: ['alertmanager https://us.example'] })), 'not-checked');
    assert.match(
      judgeAlerts(attached({ origins: ['alertmanager https://us.example'] }), told([])).sentence,
      /^nobody who is asked here has told of PaymentErrorRateHigh, so it is not known whether that has ended$/,
    );
    const ended = fact('SignalStateSeen', { signal: alert().id, state: 'resolved', at: after(3) });
    assert.equal(of(attached({ origins: ['alertmanager https://us.example'] }, ended)), 'good');
    // Of a link, or of an older journal: nobody knows whose it is before somebody has told of it here.
    assert.equal(of(attached({ origins: [] })), 'not-checked');
    assert.equal(
      of(attached({ origins: [] }), { shown: new Map([[alert().id, new Set([`${eu} `])]]) }),
      'good',
    );
    assert.equal(of(attached({ sources: ['Link'] })), 'not-checked');
  });

  it('takes an adopted page for ended once PagerDuty says that of it', () => {
    const facts = [declared(), fact('SignalAttached', { signal: page('Q1') }), ...paged('Q1', 'adopted')];
    assert.equal(judgeAlerts(incidentOf(...facts), told([])).state, 'not-checked');
    const seen = fact('PageResolvedSeen', { page: 'Q1', at: after(5) });
    assert.equal(judgeAlerts(incidentOf(...facts, seen), told([])).state, 'good');
  });

  it('is not checked when a source is silent or there is none', () => {
    const dead = { name: 'PagerDuty', problem: 'PagerDuty cannot be reached' };
    assert.deepEqual(judge([], [answered, dead]), {
      state: 'not-checked',
      sentence: 'PagerDuty did not answer',
      evidence: ['PagerDuty: PagerDuty cannot be reached'],
    });
    assert.equal(judge([], []).state, 'not-checked');
    assert.equal(judge([alert()], [dead]).state, 'bad', 'what another said of it still counts');
  });

  it('takes every alert for the incident’s where it names no service', () => {
    const { service: _none, ...data } = { ...declared().data } as EventData['IncidentDeclared'];
    const incident = incidentOf(fact('IncidentDeclared', data));
    assert.equal(judgeAlerts(incident, told([alert()])).state, 'bad');
    const paging = incidentOf(fact('IncidentDeclared', data), ...paged('Q1'));
    assert.equal(judgeAlerts(paging, told([page('Q1')])).state, 'good');
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
});

describe('an item that asks for several things', () => {
  it('is as the worst of them, and tells all', () => {
    const look = worst([good('pods fine'), notChecked('no metrics')]);
    assert.deepEqual([look.state, look.sentence], ['not-checked', 'no metrics; pods fine']);
    assert.equal(worst([notChecked('no metrics'), bad('alerts')]).state, 'bad');
  });
});
