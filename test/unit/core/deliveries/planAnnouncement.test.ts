import assert from 'node:assert/strict';
import {
  withName,
  withNotify,
  withText,
  withWhatTheyNeed,
} from '../../../../src/core/deliveries/announcement.ts';
import { fillReceipts } from '../../../../src/core/deliveries/fillReceipts.ts';
import { nowhere, type OutwardPlaces } from '../../../../src/core/deliveries/outwardPlaces.ts';
import {
  channelNameOf,
  planAnnouncement,
  wantsStatusPage,
  type AnnouncementInput,
} from '../../../../src/core/deliveries/planAnnouncement.ts';
import type { Fact } from '../../../../src/core/incident/events.ts';
import { renderWholeTexts } from '../../../../src/core/views/announcementTexts.ts';
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

const channelMade = [declared({ severity: 'SEV1' }), deliveryRequested(), delivered()];
const ticketMade = [
  declared({ severity: 'SEV1' }),
  deliveryRequested({
    delivery: 'github/create-ticket',
    task: { system: 'github', act: 'create-ticket', title: 'T', body: 'B', labels: [] },
    place: { baseUrl: 'https://api.github.com', repository: 'techcorp/earlier' },
  }),
];
/** What goes out when only these rows are left in. */
const sent = (rows: ReturnType<typeof plan>, facts: readonly Fact[], ...ids: string[]) =>
  withWhatTheyNeed(
    incidentOf(...facts),
    rows.filter(({ id }) => ids.includes(id)).flatMap(({ requests }) => requests),
  ).map(({ delivery }) => delivery);

describe('what is announced at a declare', () => {
  it('goes to every connected place, in its own delivery, behind what it needs', () => {
    assert.deepEqual(keys(plan()), [
      'slack/create-channel',
      'slack/post/first < slack/create-channel',
      'slack/invite/first < slack/create-channel',
      'github/create-ticket',
      'slack/post/ticket-github < slack/create-channel < github/create-ticket',
      'github/comment/channel < slack/create-channel < github/create-ticket',
      'pagerduty/create-incident',
      'pagerduty/request-responders/first < pagerduty/create-incident',
      'statuspage/create-incident',
      'webhook/chat/declared',
    ]);
  });

  it('says nothing of a row that was left out, and catches up when that row is sent later', () => {
    const first: readonly Fact[] = [declared({ severity: 'SEV1' })];
    const channelAlone = ['slack/create-channel', 'slack/post/first', 'slack/invite/first'];
    const ticketAlone = ['github/create-ticket'];
    const links = ['slack/post/ticket-github', 'github/comment/channel'];
    assert.deepEqual(sent(plan(), first, 'slack'), channelAlone);
    assert.deepEqual(sent(plan(), first, 'github'), ticketAlone);
    const behindChannel = plan({ incident: incidentOf(...channelMade) });
    assert.deepEqual(sent(behindChannel, channelMade, 'github'), [...ticketAlone, ...links]);
    const behindTicket = plan({ incident: incidentOf(...ticketMade) });
    assert.deepEqual(sent(behindTicket, ticketMade, 'slack'), [...channelAlone, ...links]);
    const comment = behindTicket
      .flatMap(({ requests }) => requests)
      .find(({ delivery }) => delivery === 'github/comment/channel');
    assert.equal(comment?.place['repository'], 'techcorp/earlier', 'where the ticket is, not the settings');
  });

  it('waits for nothing that was called off, or done by hand without an id', () => {
    const off: readonly Fact[] = [
      ...channelMade,
      ...ticketMade.slice(1),
      fact('DeliveryMarkedDone', { delivery: 'github/create-ticket' }),
    ];
    assert.deepEqual(
      keys(plan({ incident: incidentOf(...off) })).filter((key) => /comment|post/.test(key)),
      ['slack/post/first < slack/create-channel'],
    );
    const row = plan({ incident: incidentOf(...channelMade) });
    const dropped: readonly Fact[] = [
      ...channelMade.slice(0, 2),
      fact('DeliveryDropped', { delivery: 'slack/create-channel' }),
    ];
    assert.deepEqual(sent(row, dropped, 'github'), ['github/create-ticket']);
  });

  it('tells the channel of both trackers, each by its own name', () => {
    const jira = {
      system: 'jira' as const,
      baseUrl: 'https://techcorp.atlassian.net',
      project: 'OPS',
      issueType: 'Task',
      email: 'ana@techcorp.example',
    };
    const both = plan({ places: { ...everywhere, tickets: [...everywhere.tickets, jira] } });
    const posts = both
      .flatMap(({ requests }) => requests)
      .filter(({ delivery }) => delivery.startsWith('slack/post/ticket'));
    const { deliveries } = incidentOf(
      ...ticketMade,
      delivered('github/create-ticket', { id: '12', name: 'techcorp/payments#12' }),
      deliveryRequested({
        delivery: 'jira/create-ticket',
        task: { system: 'jira', act: 'create-ticket', title: 'T', body: 'B', labels: [] },
      }),
      delivered('jira/create-ticket', { id: 'OPS-7', name: 'OPS-7', url: 'https://x.example/browse/OPS-7' }),
    );
    const texts = posts.map((post) => fillReceipts(post, deliveries));
    assert.deepEqual(
      texts.map((task) => 'text' in task && task.text),
      ['Ticket: techcorp/payments#12 techcorp/payments#12', 'Ticket: OPS-7 https://x.example/browse/OPS-7'],
    );
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
  });

  it('shows what the status page will say, name and status too, and takes another name', () => {
    const row = plan().find(({ id }) => id === 'statuspage')!;
    assert.equal(row.label, 'Status page: “Problem with our service”, identified');
    const changed = withNotify(withName(withText(row, 'We are on it.'), 'Failing payments'), true);
    assert.deepEqual(changed.requests[0]?.task, {
      system: 'statuspage',
      act: 'create-incident',
      name: 'Failing payments',
      status: 'identified',
      text: 'We are on it.',
      notify: true,
    });
    assert.equal(changed.label, 'Status page: “Failing payments”, identified, subscribers are written to');
  });

  it('holds in the whole texts everything that others would see', () => {
    const row = (id: string) => renderWholeTexts(plan().filter((one) => one.id === id));
    assert.equal(
      row('statuspage'),
      [
        '# Status page: “Problem with our service”, identified',
        '',
        'We are investigating.',
        '',
        '- Name: Problem with our service',
        '- Status: identified',
        '- Subscribers: not written to',
        '',
      ].join('\n'),
    );
    assert.match(row('slack'), /\n- Topic: SEV1 Payments failing[^\n]*\n- Invited: Ana\n$/);
    assert.match(
      row('github'),
      /\n- Labels: incident, severity-sev1\n- Message in Slack, once it can be filled in: Ticket: \{ticket\}/,
    );
    assert.match(
      row('pagerduty'),
      /\n- Title: SEV1 Payments failing.*\n- Urgency: high\n- Asked to respond: Ana, with “SEV1 Payments/,
    );
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
