import assert from 'node:assert/strict';
import { payloadOf } from '../../../../src/core/deliveries/planAnnouncement.ts';
import { planFollowUp, type FollowUp } from '../../../../src/core/deliveries/planFollowUp.ts';
import type { Fact } from '../../../../src/core/incident/events.ts';
import type { OutwardPlaces } from '../../../../src/core/deliveries/outwardPlaces.ts';
import { pageForRaise } from '../../../../src/core/deliveries/pageAgain.ts';
import { planEscalation } from '../../../../src/core/deliveries/planEscalation.ts';
import { isOwnPage } from '../../../../src/core/signals/ownPage.ts';
import { pageToWatch } from '../../../../src/core/signals/pageInStep.ts';
import {
  aGuide,
  after,
  declared,
  fact,
  incidentOf,
  reopened as reopenedFact,
  resolved as resolvedFact,
} from '../../../support/builders.ts';
import { page as signalOfPage } from '../signals/signals.ts';
import { delivered, deliveryRequested } from '../../../support/deliveryBuilders.ts';

const ticket = deliveryRequested({
  delivery: 'github/create-ticket',
  task: { system: 'github', act: 'create-ticket', title: 'T', body: 'B', labels: [] },
  place: { baseUrl: 'https://api.github.com', repository: 'techcorp/payments' },
});
const page = deliveryRequested({
  delivery: 'statuspage/create-incident',
  task: {
    system: 'statuspage',
    act: 'create-incident',
    name: 'N',
    status: 'investigating',
    text: 'T',
    notify: true,
  },
  place: { baseUrl: 'https://api.statuspage.io', page: 'p' },
});
const pager = deliveryRequested({
  delivery: 'pagerduty/create-incident',
  task: { system: 'pagerduty', act: 'create-incident', title: 'T', text: 'B', urgency: 'high' },
  place: { baseUrl: 'https://api.pagerduty.com', service: 'S', from: 'a@b.example' },
});
const told = [declared(), deliveryRequested(), delivered(), ticket, page, pager];
const tasks = (what: FollowUp, facts = told) =>
  planFollowUp(incidentOf(...facts), what, 'M').map(({ system, picked, requests }) => [
    system,
    picked,
    ...requests.map(({ delivery, after }) => [delivery, ...after].join(' < ')),
  ]);
const resolved: FollowUp = { kind: 'resolved', message: 'It is over', publicText: 'Restored', heads: {} };

describe('what is told afterwards', () => {
  it('goes where the incident was told of, each behind what it belongs to', () => {
    assert.deepEqual(tasks(resolved), [
      ['slack', true, 'slack/post/M < slack/create-channel', 'slack/set-topic/M < slack/create-channel'],
      ['github', true, 'github/close/M < github/create-ticket'],
      ['pagerduty', true, 'pagerduty/resolve/M < pagerduty/create-incident'],
      ['statuspage', false, 'statuspage/update-incident/M < statuspage/create-incident'],
    ]);
  });

  it('shows the status that customers would see beside the text', () => {
    const page = planFollowUp(incidentOf(...told), resolved, 'M').find(
      ({ system }) => system === 'statuspage',
    );
    assert.equal(page?.label, 'Status page: resolved');
  });

  it('goes nowhere where nothing was told, or was called off, or it is a drill', () => {
    assert.deepEqual(tasks(resolved, [declared()]), []);
    const off = fact('DeliveryDropped', { delivery: 'slack/create-channel' });
    assert.deepEqual(tasks(resolved, [declared(), deliveryRequested(), off]), []);
    assert.deepEqual(tasks(resolved, [declared({ drill: true }), deliveryRequested()]), []);
  });

  it('reaches a webhook behind its declare, and not one that was called off', () => {
    const hook = deliveryRequested({
      delivery: 'webhook/chat/declared',
      task: { system: 'webhook', act: 'send', event: 'declared', payload: {} },
      place: { name: 'chat' },
    });
    const severity: FollowUp = { kind: 'severity', before: 'SEV3', reason: undefined };
    const reopened: FollowUp = { kind: 'reopened', reason: undefined, publicText: '' };
    for (const what of [severity, resolved, reopened]) {
      assert.deepEqual(tasks(what, [declared(), hook]), [
        ['webhook', true, `webhook/chat/${what.kind}/M < webhook/chat/declared`],
      ]);
      const off = fact('DeliveryDropped', { delivery: 'webhook/chat/declared' });
      assert.deepEqual(tasks(what, [declared(), hook, off]), []);
      const byHand = fact('DeliveryMarkedDone', { delivery: 'webhook/chat/declared' });
      assert.deepEqual(tasks(what, [declared(), hook, byHand]), [
        ['webhook', true, `webhook/chat/${what.kind}/M`],
      ]);
    }
    const [row] = planFollowUp(incidentOf(declared(), hook), severity, 'M');
    assert.deepEqual(JSON.parse(row?.text ?? ''), {
      ...payloadOf(incidentOf(declared())),
      message: 'Severity changed from SEV3 to **SEV2**',
    });
    assert.deepEqual(tasks({ kind: 'acknowledged' }, [declared(), hook]), []);
  });

  it('keeps the acknowledgement in step without a word to anybody', () => {
    assert.deepEqual(tasks({ kind: 'acknowledged' }), [
      ['pagerduty', true, 'pagerduty/acknowledge/M < pagerduty/create-incident'],
    ]);
  });

  it('carries a new severity into topic, ticket and pager', () => {
    const rows = planFollowUp(
      incidentOf(...told, fact('SeverityChanged', { severity: 'SEV1' })),
      { kind: 'severity', before: 'SEV2', reason: 'all of them fail' },
      'M',
    );
    const all = rows.flatMap(({ requests }) => requests.map(({ task }) => task));
    assert.ok(all.some((task) => task.act === 'set-topic' && task.topic.startsWith('SEV1')));
    assert.ok(all.some((task) => task.act === 'set-severity' && task.label === 'severity-sev1'));
    assert.ok(
      all.some(
        (task) => task.act === 'note' && /from SEV2 to \*\*SEV1\*\*: all of them fail/.test(task.text),
      ),
    );
  });

  it('goes to the place of the incident’s own, whatever the settings say now', () => {
    const [slack] = planFollowUp(incidentOf(...told), resolved, 'M');
    assert.deepEqual(slack?.requests[0]?.place, { baseUrl: 'https://slack.com' });
  });
});

describe('the heads of the journal at a resolution', () => {
  it('are written into the ticket alone, behind the message, where a person sees them first', () => {
    const heads = { 'writer-b': 'b'.repeat(64), 'writer-a': 'a'.repeat(64) };
    const rows = planFollowUp(incidentOf(...told), { ...resolved, heads }, 'M');
    const [github] = rows.filter(({ system }) => system === 'github');
    const [task] = github?.requests.map((one) => one.task) ?? [];
    assert.ok(task?.act === 'close');
    assert.equal(
      task.text,
      `It is over\n\nJournal at the resolution (writer, SHA-256 of its last line):\n- writer-a ${'a'.repeat(64)}\n- writer-b ${'b'.repeat(64)}`,
    );
    assert.equal(github?.text, task.text);
    for (const { system, text } of rows) if (system !== 'github') assert.doesNotMatch(text, /aaaa/);
  });
});

describe('a page after a reopen', () => {
  const reopened: FollowUp = { kind: 'reopened', reason: 'errors again', publicText: 'Back' };
  const there = { id: 'Q1', name: '#12' };
  const asked = deliveryRequested({
    delivery: 'pagerduty/resolve/L',
    task: { system: 'pagerduty', act: 'resolve' },
    after: ['pagerduty/create-incident'],
  });
  const paged = [declared(), pager, delivered('pagerduty/create-incident', there)];
  const of = (...facts: readonly Fact[]) => planFollowUp(incidentOf(...facts), reopened, 'M');

  it('is a new one, under a key of its own, where the last is resolved', () => {
    for (const over of [asked, fact('PageResolvedSeen', { page: 'Q1', at: after(3) })]) {
      const [again, note] = of(...paged, over, resolvedFact(), reopenedFact());
      assert.equal(again?.label, 'PagerDuty incident, a new one: people are paged again');
      assert.equal(again.picked, true);
      assert.deepEqual(again.requests, [
        {
          delivery: 'pagerduty/create-incident/M',
          task: {
            system: 'pagerduty',
            act: 'create-incident',
            title: 'SEV2 Payments failing (2026-11-23-0001)',
            text: 'Reopened: errors again',
            urgency: 'high',
          },
          place: { baseUrl: 'https://api.pagerduty.com', service: 'S', from: 'a@b.example' },
          after: [],
        },
      ]);
      assert.deepEqual(
        note?.requests.map(({ delivery }) => delivery),
        ['pagerduty/note/M'],
      );
    }
  });

  it('is not offered while the last is open there: the note reaches those who were paged', () => {
    const off = fact('DeliveryDropped', { delivery: 'pagerduty/resolve/L' });
    for (const more of [[], [asked, off]])
      assert.deepEqual(
        of(...paged, ...more, resolvedFact(), reopenedFact()).map(({ id }) => id),
        ['pagerduty/create-incident'],
      );
  });

  it('takes every act from then on', () => {
    const [again] = of(...paged, asked, resolvedFact(), reopenedFact());
    const incident = incidentOf(
      ...[...paged, asked, resolvedFact(), reopenedFact()],
      deliveryRequested(again?.requests[0]),
      delivered('pagerduty/create-incident/M', { id: 'Q2', name: '#13' }),
    );
    const rows = planFollowUp(incident, resolved, 'N');
    assert.deepEqual(
      rows.map(({ requests }) => requests.map(({ delivery, after: behind }) => [delivery, behind])),
      [[['pagerduty/resolve/N', ['pagerduty/create-incident/M']]]],
    );
    const call = { level: 2, roles: ['CTO'], people: [{ name: 'Cy', pagerduty: 'PCY' }], unknown: [] };
    const [responders] = planEscalation(incident, call, 'N');
    assert.deepEqual(responders?.after, ['pagerduty/create-incident/M']);
    assert.deepEqual(pageToWatch(incident)?.id, 'Q2');
    assert.ok(isOwnPage(incident, signalOfPage('Q1')) && isOwnPage(incident, signalOfPage('Q2')));
  });
});

describe('a page after a raise', () => {
  const places: OutwardPlaces = {
    slack: undefined,
    tickets: [],
    statuspage: undefined,
    pagerduty: { baseUrl: 'https://api.pagerduty.com', service: 'S', from: 'a@b.example' },
    webhooks: [],
  };
  const of = (before: string, now: string, ...facts: readonly Fact[]) => {
    const incident = incidentOf(
      declared({ severity: before }),
      ...facts,
      fact('SeverityChanged', { severity: now }),
    );
    return pageForRaise(
      {
        ...{ incident, guide: aGuide(), places },
        ...{ people: [{ name: 'Cy', pagerduty: 'PCY' }], unknownRoles: [], page: undefined },
        forCustomers: { name: 'N', status: 'investigating', text: 'T' },
      },
      before,
    ).map(({ picked, requests }) => [picked, ...requests.map(({ delivery }) => delivery)]);
  };
  const whole = [[true, 'pagerduty/create-incident', 'pagerduty/request-responders/first']];

  it('is offered with its responders where the severity is now one for which people are paged', () => {
    assert.deepEqual(of('SEV3', 'SEV1'), whole);
    assert.deepEqual(of('SEV3', 'SEV2'), whole);
    assert.deepEqual(of('SEV2', 'SEV1'), whole);
    assert.deepEqual(of('Minor', 'SEV2'), whole, 'a severity that the guide does not have');
  });

  it('is not offered when there is one, when nobody is paged for it, or when it was lowered', () => {
    assert.deepEqual(of('SEV3', 'SEV1', pager), []);
    assert.deepEqual(of('SEV4', 'SEV3'), []);
    assert.deepEqual(of('SEV1', 'SEV2'), []);
  });
});
