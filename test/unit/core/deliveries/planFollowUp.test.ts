import assert from 'node:assert/strict';
import { payloadOf } from '../../../../src/core/deliveries/planAnnouncement.ts';
import { planFollowUp, type FollowUp } from '../../../../src/core/deliveries/planFollowUp.ts';
import { declared, fact, incidentOf } from '../../../support/builders.ts';
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
