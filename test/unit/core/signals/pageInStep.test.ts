import assert from 'node:assert/strict';
import { decide } from '../../../../src/core/incident/decide.ts';
import { dueThings } from '../../../../src/core/incident/dueThings.ts';
import { escalationState } from '../../../../src/core/incident/escalation.ts';
import type { Fact } from '../../../../src/core/incident/events.ts';
import { measuredTimes } from '../../../../src/core/incident/measuredTimes.ts';
import { timelineEntries } from '../../../../src/core/postmortem/timelineEntries.ts';
import { pageToWatch, recordPage, type PageSeen } from '../../../../src/core/signals/pageInStep.ts';
import { incidentNodes } from '../../../../src/core/views/incidentTree.ts';
import { timelineRows } from '../../../../src/core/views/timeline.ts';
import { isKnown } from '../../../../src/core/incident/evolve.ts';
import { parseEvent } from '../../../../src/journal/eventSchema.ts';
import {
  acknowledged,
  aGuide,
  after,
  anEvent,
  declared,
  fact,
  incidentOf,
  reopened,
  resolved,
} from '../../../support/builders.ts';
import { deliveryRequested, paged } from '../../../support/deliveryBuilders.ts';
import { alert } from './signals.ts';

type At = readonly [string, Fact];
const seen = (more: Partial<PageSeen> = {}): PageSeen => ({
  id: 'Q1',
  name: '#12',
  status: 'acknowledged',
  who: 'Bo Silva',
  at: after(4),
  ...more,
});
/** What the facts of `recordPage` make of an incident with a page of its own, looked at after `minute`. */
const looked = (what: PageSeen, minute: number, ...facts: readonly (Fact | At)[]) => {
  const before = [declared(), ...paged('Q1'), ...facts];
  const incident = incidentOf(...before);
  const command = recordPage(incident, what);
  const decided = command && decide(incident, command, after(minute));
  assert.ok(!decided || decided.ok, JSON.stringify(decided));
  const stated = decided?.ok ? decided.value : [];
  return { stated, incident: incidentOf(...before, ...stated.map((one): At => [after(minute), one])) };
};
const asksToResolve: Fact = deliveryRequested({
  delivery: 'pagerduty/resolve/01',
  task: { system: 'pagerduty', act: 'resolve' },
  after: ['pagerduty/create-incident'],
});
const resolvedThere = (at = after(20)): PageSeen => seen({ status: 'resolved', at });

describe('a page that is acknowledged in PagerDuty', () => {
  it('acknowledges the incident, with who did it, where, and when', () => {
    const { incident, stated } = looked(seen(), 9);
    assert.deepEqual(stated, [
      fact('IncidentAcknowledged', { in: 'PagerDuty', who: 'Bo Silva', at: after(4) }),
    ]);
    assert.equal(incident.acknowledgedBy, 'Bo Silva in PagerDuty');
    assert.equal(incident.acknowledgedAt, after(4));
    assert.equal(measuredTimes(incident).acknowledge.kind, 'known');
    assert.match(
      timelineRows(incident).at(-1)?.text ?? '',
      /^Acknowledged in PagerDuty by Bo Silva at 10:34 UTC$/,
    );
    const entry = timelineEntries(incident, () => '').find(({ text }) => /Acknowledged/.test(text));
    assert.equal(entry?.at, after(4), 'it stands where it was, not where it was seen');
  });

  it('is recorded once, and never over an acknowledgement that is there', () => {
    assert.deepEqual(looked(seen(), 9, acknowledged()).stated, []);
    assert.equal(looked(seen(), 9, acknowledged()).incident.acknowledgedBy, 'Ana');
    const twice = [
      fact('IncidentAcknowledged', { in: 'PagerDuty', who: 'Bo', at: after(4) }),
      acknowledged(),
    ];
    assert.equal(incidentOf(declared(), ...twice).acknowledgedBy, 'Bo in PagerDuty');
  });

  it('is nobody’s where PagerDuty names nobody, and never ahead of this clock', () => {
    const { incident } = looked(seen({ who: undefined, at: after(90) }), 9);
    assert.equal(incident.acknowledgedBy, 'somebody in PagerDuty');
    assert.equal(incident.acknowledgedAt, after(9));
  });

  it('answers the call: nobody else is proposed, or called by the clock', () => {
    const called: At = [
      after(1),
      fact('PeopleEscalated', { level: 1, severity: 'SEV2', roles: ['Tech Lead'] }),
    ];
    const late = (what: PageSeen) =>
      escalationState(looked(what, 9, called).incident, aGuide(), after(50)).late;
    assert.equal(late(seen({ status: 'triggered' }))?.level, 1);
    assert.equal(late(seen()), undefined);
  });

  it('changes nothing while it is triggered', () => {
    assert.equal(recordPage(incidentOf(declared()), seen({ status: 'triggered' })), undefined);
  });
});

describe('a page that is resolved in PagerDuty', () => {
  it('is a proposal, and resolves nothing by itself', () => {
    const { incident, stated } = looked(resolvedThere(), 21);
    const said = { page: 'Q1', name: '#12', who: 'Bo Silva', at: after(20) };
    assert.deepEqual(stated, [fact('PageResolvedSeen', said)]);
    assert.equal(incident.status, 'active');
    assert.deepEqual(dueThings(incident, undefined, after(22)), [
      { kind: 'page-resolved', key: '01JDINCIDENT/page-resolved/Q1', seen: said },
    ]);
    const [root] = incidentNodes(incident, aGuide(), after(22));
    const row = root?.children.find(({ contextValue }) => contextValue === 'pageResolved');
    assert.equal(row?.label, 'Resolved in PagerDuty');
    assert.equal(row.description, '10:50 by Bo Silva, #12');
    assert.deepEqual(row.command, { id: 'incident.resolve', args: [incident.id] });
  });

  it('is told once, and no more once the incident is resolved or a soak window runs', () => {
    const told = looked(resolvedThere(), 21).stated;
    assert.deepEqual(looked(resolvedThere(), 22, ...told).stated, []);
    const soak = fact('SoakStarted', { soak: '01S', durationMs: 600_000, then: 'ask' });
    for (const over of [resolved(), soak])
      assert.deepEqual(dueThings(incidentOf(declared(), ...paged(), ...told, over), undefined, after(4)), []);
  });

  it('is no news after a reopen, when it was resolved before', () => {
    const facts: readonly At[] = [
      [after(20), resolved()],
      [after(30), reopened()],
    ];
    assert.deepEqual(looked(resolvedThere(after(20)), 31, ...facts).stated, []);
    assert.equal(looked(resolvedThere(after(33)), 34, ...facts).stated.length, 1);
    const told = fact('PageResolvedSeen', { page: 'Q1', at: after(5) });
    assert.equal(incidentOf(declared(), ...paged(), told, resolved(), reopened()).pageResolved, undefined);
  });
});

describe('the page that is watched', () => {
  const watched = (...facts: readonly Fact[]) => pageToWatch(incidentOf(declared(), ...facts))?.id;

  it('is the one that was opened or adopted last, where it was', () => {
    assert.deepEqual(pageToWatch(incidentOf(declared(), ...paged('Q1'))), {
      id: 'Q1',
      baseUrl: 'https://api.pagerduty.com',
    });
    assert.equal(watched(...paged('Q7', 'adopted')), 'Q7');
    assert.equal(watched(), undefined);
  });

  it('is none that we have resolved, that is over, or of a drill', () => {
    assert.equal(watched(...paged(), asksToResolve), undefined);
    const dropped = fact('DeliveryDropped', { delivery: 'pagerduty/resolve/01', reason: 'not over' });
    assert.equal(watched(...paged(), asksToResolve, dropped), 'Q1');
    assert.equal(watched(...paged(), resolved()), undefined);
    assert.equal(watched(...paged(), fact('PageResolvedSeen', { page: 'Q1', at: after(3) })), undefined);
    assert.equal(pageToWatch(incidentOf(declared({ drill: true }), ...paged())), undefined);
  });
});

describe('what was seen of alerts and pages, read back from a journal', () => {
  const isTaken = (one: Fact): boolean => {
    const ulid = '01JDC9ZZZZZZZZZZZZZZZZZZZZ';
    const event = anEvent(one, 1, {
      ...{ id: ulid, incident: ulid, writer: ulid },
      clock: '000000000000001-00000',
    });
    const parsed = parseEvent(JSON.stringify(event));
    return (
      parsed.ok && isKnown(parsed.value) && JSON.stringify(parsed.value.data) === JSON.stringify(one.data)
    );
  };

  it('is taken whole, and an acknowledgement of an older build too', () => {
    assert.ok(isTaken(acknowledged()));
    assert.ok(isTaken(fact('IncidentAcknowledged', { in: 'PagerDuty', who: 'Bo', at: after(4) })));
    assert.ok(isTaken(fact('PageResolvedSeen', { page: 'Q1', name: '#12', at: after(4) })));
    assert.ok(!isTaken(fact('PageResolvedSeen', { page: 'Q1', at: 'later' })));
  });

  it('has the servers of an attached alert, or none where an older build wrote it', () => {
    assert.ok(isTaken(fact('SignalAttached', { signal: alert() })));
    assert.ok(isTaken(fact('SignalAttached', { signal: alert({ origins: ['alertmanager https://a'] }) })));
  });
});
