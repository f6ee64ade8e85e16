import assert from 'node:assert/strict';
import fc from 'fast-check';
import { fillReceipts } from '../../../../src/core/deliveries/fillReceipts.ts';
import { deliveriesSummary, deliveryNodes, deliveryRow } from '../../../../src/core/views/deliveryNodes.ts';
import type { Fact } from '../../../../src/core/incident/events.ts';
import { given } from '../incident/given.ts';
import { declared, fact, incidentOf } from '../../../support/builders.ts';
import {
  delivered,
  deliveryFailed,
  deliveryRequested,
  deliveryStarted,
} from '../../../support/deliveryBuilders.ts';

const key = 'slack/create-channel';
const only = (...facts: readonly Fact[]) => incidentOf(declared(), ...facts).deliveries[0];

describe('deliveries of an incident', () => {
  it('go from requested over started to delivered', () => {
    assert.equal(only(deliveryRequested())?.state, 'requested');
    assert.equal(only(deliveryRequested(), deliveryStarted())?.state, 'started');
    const done = only(deliveryRequested(), deliveryStarted(), delivered());
    assert.equal(done?.state, 'delivered');
    assert.equal(done?.receipt?.id, 'C1');
  });

  it('stay delivered, whoever else tried or says otherwise', () => {
    const done = only(
      deliveryRequested(),
      deliveryStarted(),
      delivered(),
      deliveryStarted(key, 2),
      deliveryFailed({ attempt: 2 }),
      fact('DeliveryDropped', { delivery: key }),
      delivered(key, { id: 'C2' }),
    );
    assert.equal(done?.state, 'delivered');
    assert.equal(done?.receipt?.id, 'C1');
    assert.equal(done?.failure, undefined);
  });

  it('are delivered when the word of it comes after a failure or a call-off: what exists, exists', () => {
    assert.equal(
      only(deliveryRequested(), deliveryStarted(), deliveryFailed(), delivered())?.state,
      'delivered',
    );
    const off = fact('DeliveryDropped', { delivery: key });
    assert.equal(only(deliveryRequested(), deliveryStarted(), off, delivered())?.state, 'delivered');
  });

  it('take no word of an older attempt for the present one', () => {
    const going = only(
      deliveryRequested(),
      deliveryStarted(),
      deliveryStarted(key, 2),
      deliveryFailed({ attempt: 1 }),
    );
    assert.equal(going?.state, 'started');
  });

  it('count once per key, and anew after a call-off', () => {
    const off = fact('DeliveryDropped', { delivery: key });
    assert.equal(incidentOf(declared(), deliveryRequested(), deliveryRequested()).deliveries.length, 1);
    assert.equal(only(deliveryRequested(), deliveryStarted(), off, deliveryRequested())?.state, 'requested');
  });

  it('fold without a throw in any order', () => {
    const facts = [
      deliveryRequested(),
      deliveryStarted(),
      deliveryFailed(),
      delivered(),
      fact('DeliveryMarkedDone', { delivery: key }),
      fact('DeliveryDropped', { delivery: 'unknown' }),
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...facts), { maxLength: 12 }), (some) => {
        const { deliveries, events } = incidentOf(declared(), ...some);
        assert.ok(deliveries.length <= 1);
        assert.equal(events.length, some.length + 1);
        // Delivered once, it is delivered for good.
        const at = some.indexOf(facts[0]!);
        if (at >= 0 && some.slice(at).includes(facts[3]!)) assert.equal(deliveries[0]?.state, 'delivered');
      }),
    );
  });

  it('are refused for a drill, and not started once they are over', () => {
    const task = { system: 'slack', act: 'archive' } as const;
    const wanted = { delivery: 'a', task, place: {}, after: [] };
    given(declared({ drill: true }))
      .when({ type: 'RequestDeliveries', data: { deliveries: [wanted] } })
      .thenRefused('conflict', /drill/);
    given(declared(), deliveryRequested(), delivered())
      .when({ type: 'StartDelivery', data: { delivery: key } })
      .thenRefused('conflict', /#incident-2026-11-23-0001/);
    given(declared())
      .when({ type: 'StartDelivery', data: { delivery: key } })
      .thenRefused('not-found');
    given(declared(), deliveryRequested(), deliveryStarted())
      .when({ type: 'StartDelivery', data: { delivery: key } })
      .then(deliveryStarted(key, 2));
  });

  it('say in their row what happened and what it waits for', () => {
    const post = deliveryRequested({
      delivery: 'slack/post/first',
      task: { system: 'slack', act: 'post', text: 'hello', pin: true },
      after: [key],
    });
    const incident = incidentOf(declared(), deliveryRequested(), post, deliveryStarted(), deliveryFailed());
    assert.equal(deliveriesSummary(incident), '1 failed, 1 not sent');
    const [channel, first] = incident.deliveries.map((one) => deliveryRow(incident, one).status);
    assert.equal(channel, 'not sent (401): Slack refused the token (401).');
    assert.equal(first, 'not sent: waits for Slack channel');
    const [group] = deliveryNodes(incident);
    assert.equal(group?.expanded, 'expanded');
    assert.deepEqual(
      group?.children.map(({ contextValue }) => contextValue),
      ['delivery.failed', 'delivery.waiting'],
    );
  });

  it('fill in what the others made', () => {
    const { deliveries } = incidentOf(declared(), deliveryRequested(), delivered());
    const text = 'In {channel} at {channelUrl}, {ticketUrl}, {braces}';
    const filled = fillReceipts({ task: { system: 'slack', act: 'post', text }, after: [] }, deliveries);
    assert.ok(filled.act === 'post');
    assert.equal(
      filled.text,
      'In #incident-2026-11-23-0001 at https://techcorp.slack.com/archives/C1, not there yet, {braces}',
    );
  });
});
