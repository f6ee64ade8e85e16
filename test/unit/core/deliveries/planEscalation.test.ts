import assert from 'node:assert/strict';
import type { Fact } from '../../../../src/core/incident/events.ts';
import type { Addressee } from '../../../../src/core/deliveries/delivery.ts';
import { notNotified, planEscalation, reachOf } from '../../../../src/core/deliveries/planEscalation.ts';
import { declared, fact, incidentOf } from '../../../support/builders.ts';
import { delivered, deliveryFailed } from '../../../support/deliveryBuilders.ts';

const channel: Fact = fact('DeliveryRequested', {
  delivery: 'slack/create-channel',
  task: { system: 'slack', act: 'create-channel', name: 'incident-1', topic: '' },
  place: { baseUrl: 'https://slack.example' },
  after: [],
});
const paged: Fact = fact('DeliveryRequested', {
  delivery: 'pagerduty/adopt-incident',
  task: { system: 'pagerduty', act: 'adopt-incident', incident: 'Q1' },
  place: { baseUrl: 'https://pd.example', service: 'S', from: 'a@b.example' },
  after: [],
});
const ana = { name: 'Ana', slack: 'U012AB3CD' };
const bo = { name: 'Bo', pagerduty: 'PXPGF42' };
const cy = { name: 'Cy', email: 'cy@example.org' };
const call = { level: 2, roles: ['CTO', 'Legal'], people: [ana, bo, cy], unknown: ['Legal'] };

describe('calling people', () => {
  it('invites them to the channel and names them there, and asks PagerDuty for those it may know', () => {
    const requests = planEscalation(incidentOf(declared(), channel, paged), call, 'SEV2-2');
    assert.deepEqual(
      requests.map(({ delivery, task, after }) => [delivery, task, after]),
      [
        [
          'slack/invite/SEV2-2',
          { system: 'slack', act: 'invite', people: [ana, cy] },
          ['slack/create-channel'],
        ],
        [
          'slack/post/SEV2-2',
          {
            system: 'slack',
            act: 'post',
            text: '**Escalated** (level 2) to CTO, Legal: Ana, Bo, Cy\nNobody is known for Legal: call them by hand.',
          },
          ['slack/create-channel'],
        ],
        [
          'pagerduty/request-responders/SEV2-2',
          {
            system: 'pagerduty',
            act: 'request-responders',
            message: 'SEV2 Payments failing (2026-11-23-0001)',
            people: [bo, cy],
          },
          ['pagerduty/adopt-incident'],
        ],
      ],
    );
    assert.deepEqual(requests[2]?.place, {
      baseUrl: 'https://pd.example',
      service: 'S',
      from: 'a@b.example',
    });
  });
  it('invites and pages nobody who is not known there, but says in the channel who is to be phoned', () => {
    const nobody = { ...call, people: [{ name: 'Di' }], unknown: [] };
    const requests = planEscalation(incidentOf(declared(), channel, paged), nobody, 'm');
    assert.deepEqual(
      requests.map(({ task }) => task),
      [
        {
          system: 'slack',
          act: 'post',
          text: '**Escalated** (level 2) to CTO, Legal: Di\nNot notified by this: Di. Phone them.',
        },
      ],
    );
  });
  it('asks for nothing where the incident has no channel and no page, nor in a drill', () => {
    assert.deepEqual(planEscalation(incidentOf(declared()), call, 'm'), []);
    assert.deepEqual(planEscalation(incidentOf(declared({ drill: true }), channel), call, 'm'), []);
  });
  it('reaches nobody through a channel that is not there, whatever has been tried', () => {
    const reach = (...facts: readonly Fact[]) => {
      const incident = incidentOf(declared(), ...facts);
      const { now, missing, through, isCallWaiting } = reachOf(incident, planEscalation(incident, call, 'm'));
      const keys = (all: readonly { readonly delivery: string }[]) => all.map(({ delivery }) => delivery);
      return [keys(now), keys(missing), through, isCallWaiting];
    };
    const all = ['slack/invite/m', 'slack/post/m'];
    assert.deepEqual(reach(channel), [[], ['slack/create-channel'], [], true]);
    assert.deepEqual(reach(channel, deliveryFailed()), [[], ['slack/create-channel'], [], true]);
    assert.deepEqual(reach(channel, delivered()), [all, [], ['slack'], false]);
    assert.deepEqual(reach(channel, deliveryFailed(), paged, delivered('pagerduty/adopt-incident')), [
      ['pagerduty/request-responders/m'],
      ['slack/create-channel'],
      ['pagerduty'],
      true,
    ]);
    assert.deepEqual(reach(), [[], [], [], false]);
  });
  it('calls nobody by a message in the channel alone, nor through Slack who is known to PagerDuty alone', () => {
    const incident = incidentOf(declared(), channel, delivered(), paged);
    const reachOfPeople = (...people: readonly Addressee[]) => {
      const requests = planEscalation(incident, { ...call, people }, 'm');
      const { now, through, isCallWaiting } = reachOf(incident, requests);
      const unheard = notNotified({ people }, requests).map(({ name }) => name);
      return [now.map(({ task }) => task.act), through, isCallWaiting, unheard];
    };
    const di = { name: 'Di' };
    assert.deepEqual(reachOfPeople(di), [['post'], [], false, ['Di']]);
    // The page is not there yet, and the message is no call.
    assert.deepEqual(reachOfPeople(bo, di), [['post'], [], true, ['Di']]);
    assert.deepEqual(reachOfPeople(ana, di), [['invite', 'post'], ['slack'], false, ['Di']]);
  });
  it('notifies nobody of a system the incident is not in', () => {
    const incident = incidentOf(declared(), channel, delivered());
    const requests = planEscalation(incident, call, 'm');
    assert.deepEqual(notNotified(call, requests), [bo]);
    const said = requests.flatMap(({ task }) => (task.act === 'post' && 'text' in task ? [task.text] : []));
    assert.match(said.join(), /\nNot notified by this: Bo\. Phone them\.\nNobody is known for Legal: /);
  });
});
