import assert from 'node:assert/strict';
import { withNotify, withText } from '../../../../src/core/deliveries/announcement.ts';
import { nowhere, type OutwardPlaces } from '../../../../src/core/deliveries/outwardPlaces.ts';
import {
  channelNameOf,
  planAnnouncement,
  wantsStatusPage,
  type AnnouncementInput,
} from '../../../../src/core/deliveries/planAnnouncement.ts';
import { aGuide, declared, fact, incidentOf } from '../../../support/builders.ts';
import { delivered, deliveryRequested } from '../../../support/deliveryBuilders.ts';

const everywhere: OutwardPlaces = {
  slack: { baseUrl: 'https://slack.com', channelName: 'incident-{number}' },
  tickets: [{ system: 'github', baseUrl: 'https://api.github.com', repository: 'techcorp/payments' }],
  statuspage: { baseUrl: 'https://api.statuspage.io', page: 'page-1' },
  pagerduty: { baseUrl: 'https://api.pagerduty.com', service: 'PSVC', from: 'ana@techcorp.example' },
  webhooks: [{ name: 'chat' }],
};
const plan = (more: Partial<AnnouncementInput> = {}) =>
  planAnnouncement({
    incident: incidentOf(declared({ severity: 'SEV1' })),
    guide: aGuide(),
    places: everywhere,
    people: [{ name: 'Ana', email: 'ana@techcorp.example' }],
    unknownRoles: ['CTO'],
    page: undefined,
    forCustomers: { name: 'Problem with our service', status: 'identified', text: 'We are investigating.' },
    ...more,
  });
const keys = (rows: ReturnType<typeof plan>) =>
  rows.flatMap(({ requests }) => requests.map(({ delivery, after }) => [delivery, ...after].join(' < ')));

describe('what is announced at a declare', () => {
  it('goes to every connected place, in its own delivery, behind what it needs', () => {
    assert.deepEqual(keys(plan()), [
      'slack/create-channel',
      'slack/post/first < slack/create-channel',
      'slack/invite/first < slack/create-channel',
      'slack/post/ticket < slack/create-channel < github/create-ticket',
      'github/create-ticket',
      'github/comment/channel < github/create-ticket < slack/create-channel',
      'pagerduty/create-incident',
      'pagerduty/request-responders/first < pagerduty/create-incident',
      'statuspage/create-incident',
      'webhook/chat/declared',
    ]);
  });

  it('is nothing where nothing is connected, and nothing of a drill', () => {
    assert.deepEqual(plan({ places: nowhere }), []);
    assert.deepEqual(plan({ incident: incidentOf(declared({ drill: true })) }), []);
  });

  it('offers only what was not asked for, and again what was called off', () => {
    const dropped = fact('DeliveryDropped', { delivery: 'slack/create-channel' });
    const asked = incidentOf(declared({ severity: 'SEV1' }), deliveryRequested(), delivered());
    assert.ok(!keys(plan({ incident: asked })).includes('slack/create-channel'));
    const off = incidentOf(declared({ severity: 'SEV1' }), deliveryRequested(), dropped);
    assert.ok(keys(plan({ incident: off })).includes('slack/create-channel'));
  });

  it('never picks the status page by itself, and asks for no notification', () => {
    const row = plan().find(({ id }) => id === 'statuspage');
    assert.equal(row?.picked, false);
    assert.deepEqual(row?.requests[0]?.task, {
      system: 'statuspage',
      act: 'create-incident',
      name: 'Problem with our service',
      status: 'identified',
      text: 'We are investigating.',
      notify: false,
    });
    const changed = withNotify(withText(row!, 'We are on it.'), true);
    const [request] = changed.requests;
    assert.ok(request?.task.system === 'statuspage');
    assert.equal(request.task.text, 'We are on it.');
    assert.equal(request.task.notify, true);
  });

  it('changes a ticket’s title and body by its text', () => {
    const row = plan().find(({ id }) => id === 'github');
    const task = withText(row!, 'New title\nNew body\nmore').requests[0]?.task;
    assert.ok(task?.act === 'create-ticket');
    assert.deepEqual([task.title, task.body], ['New title', 'New body\nmore']);
  });

  it('has a status page for the severities the guide says, else for its two highest', () => {
    const guide = aGuide();
    const of = (severity: string, from = guide) => wantsStatusPage(incidentOf(declared({ severity })), from);
    assert.deepEqual(
      ['SEV1', 'SEV2', 'SEV3'].map((one) => of(one)),
      [true, false, false],
    );
    const silent = { ...guide, phases: [] };
    assert.deepEqual(
      ['SEV1', 'SEV2', 'SEV3'].map((one) => of(one, silent)),
      [true, true, false],
    );
    const bare = (severity: string) => wantsStatusPage(incidentOf(declared({ severity })), undefined);
    assert.deepEqual([bare('sev2'), bare('SEV4')], [true, false]);
  });

  it('takes the page it was declared from as its own, and pages nobody for what is not urgent', () => {
    assert.ok(keys(plan({ page: 'Q1' })).includes('pagerduty/adopt-incident'));
    const low = plan({ incident: incidentOf(declared({ severity: 'SEV3' })) });
    const row = low.find(({ id }) => id === 'pagerduty');
    assert.equal(row?.picked, false);
    assert.deepEqual(
      row?.requests.map(({ delivery }) => delivery),
      ['pagerduty/create-incident'],
    );
  });

  it('names the channel in the letters Slack takes', () => {
    const name = (pattern: string, service = 'Payment Service') =>
      channelNameOf(pattern, incidentOf(declared({ service })));
    assert.equal(name('incident-{number}'), 'incident-2026-11-23-0001');
    assert.equal(name('{severity}_{service}!'), 'sev2_payment-service');
    assert.equal(name(`inc-${'x'.repeat(100)}`).length, 80);
  });

  it('says in the first message for whom nobody is known', () => {
    const first = plan().find(({ id }) => id === 'slack');
    assert.match(first?.text ?? '', /Not invited, nobody is known for: CTO/);
    assert.match(
      first?.text ?? '',
      /vscode:\/\/incident-response\.incident-response\/open\?incident=2026-11-23-0001/,
    );
  });
});
