import assert from 'node:assert/strict';
import type { Fact } from '../../../../src/core/incident/events.ts';
import { belongsTo, sameIncident } from '../../../../src/core/signals/belongsTo.ts';
import { recordOf } from '../../../../src/core/signals/incomingSignal.ts';
import { after, declared, fact, incidentOf, resolved } from '../../../support/builders.ts';
import { paged } from '../../../support/deliveryBuilders.ts';
import { alert, page } from './signals.ts';

const attach = (signal = alert()) => fact('SignalAttached', { signal: recordOf(signal) });
const because = (signal = alert(), ...facts: readonly Fact[]) =>
  belongsTo(signal, [incidentOf(...facts)])?.because;

describe('whether an alert belongs to an open incident', () => {
  it('does when it is attached there, whatever has become of it', () => {
    const facts = [
      declared({ service: 'other' }),
      attach(),
      fact('SignalStateSeen', { signal: alert().id, state: 'resolved', at: after(9) }),
    ];
    assert.equal(because(alert({ startedAt: after(500) }), ...facts), 'attached');
  });

  it('does when it is the page of the incident itself, opened by us or adopted', () => {
    for (const how of ['opened', 'adopted'] as const)
      assert.equal(because(page('Q1'), declared(), ...paged('Q1', how)), 'attached', how);
    assert.equal(because(page('Q2'), declared(), ...paged('Q1')), undefined);
    const dropped = fact('DeliveryDropped', { delivery: 'pagerduty/create-incident', reason: 'not needed' });
    assert.equal(because(page('Q1'), declared(), paged('Q1')[0], dropped), undefined);
  });

  it('does when it is of the same service and began about when the incident did', () => {
    assert.equal(because(alert(), declared()), 'same-service');
    assert.equal(because(alert({ service: 'Payment Service' }), declared()), 'same-service');
    assert.equal(because(alert({ startedAt: after(29) }), declared()), 'same-service');
    assert.equal(because(alert({ startedAt: after(31) }), declared()), undefined);
    assert.equal(because(alert({ startedAt: after(-31) }), declared()), undefined);
    assert.equal(
      because(alert({ startedAt: after(-85) }), declared(), fact('OnsetSet', { at: after(-60) })),
      'same-service',
    );
  });

  it('does at any time when the same alert of another pod is attached', () => {
    const pod = (name: string) => alert({ labels: { ...alert().labels, pod: name }, startedAt: after(400) });
    assert.equal(because(pod('b'), declared(), attach(pod('a'))), 'same-alert');
  });

  it('does not when the incident is over, a drill, or of a service nobody named', () => {
    assert.equal(because(alert(), declared(), resolved()), undefined);
    assert.equal(because(alert(), declared({ drill: true })), undefined);
    assert.equal(because(alert({ labels: { alertname: 'A' } }), declared({ service: '' })), undefined);
    assert.equal(because(alert(), declared({ service: 'checkout' })), undefined);
  });
});

describe('a second declare for the same service', () => {
  const ask = (minutes: number, service = 'payment-service', ...more: readonly Fact[]) =>
    sameIncident(service, [incidentOf(declared(), ...more)], after(minutes))?.number;

  it('may be the same incident within half an hour', () => {
    assert.equal(ask(3), '2026-11-23-0001');
    assert.equal(ask(30), '2026-11-23-0001');
    assert.equal(ask(3, 'Payment_Service'), '2026-11-23-0001');
  });

  it('is another one later, for another service, or when the first is over', () => {
    assert.equal(ask(31), undefined);
    assert.equal(ask(3, 'checkout'), undefined);
    assert.equal(ask(3, ''), undefined);
    assert.equal(ask(3, 'payment-service', resolved()), undefined);
  });
});
