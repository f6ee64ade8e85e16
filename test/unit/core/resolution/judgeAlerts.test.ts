import assert from 'node:assert/strict';
import type { EventData, Fact } from '../../../../src/core/incident/events.ts';
import type { Incident } from '../../../../src/core/incident/incident.ts';
import { judgeAlerts, type AlertsSeen } from '../../../../src/core/resolution/judgeAlerts.ts';
import type { LiveSignal } from '../../../../src/core/signals/incomingSignal.ts';
import { after, declared, fact, incidentOf } from '../../../support/builders.ts';
import { paged } from '../../../support/deliveryBuilders.ts';
import { page } from '../signals/signals.ts';

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
