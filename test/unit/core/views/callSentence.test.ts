import assert from 'node:assert/strict';
import type { Fact } from '../../../../src/core/incident/events.ts';
import { notNotified, planEscalation, reachOf } from '../../../../src/core/deliveries/planEscalation.ts';
import { holdersOf, peopleFor } from '../../../../src/core/people/peopleFor.ts';
import type { Person } from '../../../../src/core/people/person.ts';
import { callSentence, clockCallSentence } from '../../../../src/core/views/escalationTexts.ts';
import { declared, incidentOf } from '../../../support/builders.ts';
import { delivered, deliveryRequested, paged } from '../../../support/deliveryBuilders.ts';

const ana: Person = { name: 'Ana', roles: ['CTO'], slack: 'U012AB3CD', phone: '+351 210 000 001' };
const bo: Person = { name: 'Bo', roles: ['CTO'], pagerduty: 'PXPGF42', phone: '+351 210 000 002' };
const di: Person = { name: 'Di', roles: ['CTO'], phone: '+351 210 000 004' };
const channel: readonly Fact[] = [deliveryRequested(), delivered()];

function callOf(people: readonly Person[], facts: readonly Fact[], roles: readonly string[] = ['CTO']) {
  const incident = incidentOf(declared(), ...facts);
  const toSend = { level: 2, roles, ...peopleFor(roles, people, []) };
  const requests = planEscalation(incident, toSend, 'm');
  return {
    ...{ roles, unknown: toSend.unknown, holders: holdersOf(roles, people, []) },
    reach: reachOf(incident, requests),
    unheard: notNotified(toSend, requests),
  };
}
const said = (...given: Parameters<typeof callOf>): string => callSentence(callOf(...given));

describe('what is said of a call', () => {
  it('names the systems that notify somebody, and no other', () => {
    assert.equal(said([ana], channel), 'CTO: called through Slack.');
    // Only the message goes out in Slack.
    assert.equal(said([bo], [...channel, ...paged()]), 'CTO: called through PagerDuty.');
    assert.equal(said([ana, bo], [...channel, ...paged()]), 'CTO: called through Slack and PagerDuty.');
  });

  it('calls nobody whom the channel’s message alone names, and has the number to phone', () => {
    assert.equal(
      said([di], [...channel, ...paged()]),
      'CTO: named in the channel’s message, but not notified, no connected system knows them. Phone them: CTO: Di +351 210 000 004.',
    );
    assert.equal(
      said([di], [deliveryRequested()]),
      'CTO: not notified, no connected system knows them. Phone them: CTO: Di +351 210 000 004.',
    );
  });

  it('tells those who are notified from those who are not', () => {
    assert.equal(
      said([ana, di], channel),
      'CTO: called through Slack. Only named in the channel’s message, not notified: Di +351 210 000 004. Phone them.',
    );
    assert.equal(
      said([bo, di], paged(), ['CTO', 'Legal']),
      'CTO, Legal: called through PagerDuty. Not notified: Di +351 210 000 004. Phone them. Nobody is known for Legal.',
    );
    assert.equal(
      clockCallSentence(2, callOf([ana, di], channel)),
      'Nobody answered in time: CTO (level 2) called through Slack. Only named in the channel’s message, not notified: Di +351 210 000 004. Phone them.',
    );
  });

  it('waits for what is not there, though the message goes out', () => {
    const [asked] = paged();
    assert.equal(
      said([bo], [...channel, asked]),
      'CTO: not reached yet, the call waits for the PagerDuty incident. Phone them: CTO: Bo +351 210 000 002.',
    );
    assert.equal(
      said([ana, bo], [...channel, asked]),
      'CTO: called through Slack; the rest waits for the PagerDuty incident.',
    );
  });
});
