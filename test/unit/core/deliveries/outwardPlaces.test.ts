import assert from 'node:assert/strict';
import {
  nowhere,
  outwardPlaces,
  readWebhooks,
  type PlaceSettings,
} from '../../../../src/core/deliveries/outwardPlaces.ts';

const settings: PlaceSettings = {
  slack: { baseUrl: 'https://slack.com/', channelName: ' incident-{number} ' },
  github: { baseUrl: 'https://api.github.com', repository: 'techcorp/payments' },
  jira: {
    baseUrl: 'https://techcorp.atlassian.net//',
    project: 'OPS',
    issueType: 'Task',
    email: 'ana@techcorp.example',
  },
  statuspage: { baseUrl: 'https://api.statuspage.io', pageId: 'kctbh9vrtdwd' },
  pagerduty: {
    baseUrl: 'https://api.pagerduty.com',
    service: 'PIJ90N7',
    from: 'ana@techcorp.example',
  },
  webhooks: [{ name: 'desk', url: 'https://desk.techcorp.example/hook' }],
};
const everything = { hasToken: () => true, hasWebhookUrl: () => false };

describe('the places deliveries may go', () => {
  it('are those that are configured and have a token, with addresses as they are called', () => {
    assert.deepEqual(outwardPlaces(settings, everything), {
      slack: { baseUrl: 'https://slack.com', channelName: 'incident-{number}' },
      tickets: [
        { system: 'github', baseUrl: 'https://api.github.com', repository: 'techcorp/payments' },
        {
          system: 'jira',
          baseUrl: 'https://techcorp.atlassian.net',
          project: 'OPS',
          issueType: 'Task',
          email: 'ana@techcorp.example',
        },
      ],
      statuspage: { baseUrl: 'https://api.statuspage.io', page: 'kctbh9vrtdwd' },
      pagerduty: { baseUrl: 'https://api.pagerduty.com', service: 'PIJ90N7', from: 'ana@techcorp.example' },
      webhooks: [{ name: 'desk' }],
    });
  });

  it('are none without tokens, but for webhooks, which may need none', () => {
    const places = outwardPlaces(settings, { ...everything, hasToken: () => false });
    assert.deepEqual(places, { ...nowhere, webhooks: [{ name: 'desk' }] });
  });

  it('ask for the token of the very address that is configured', () => {
    const asked: string[] = [];
    const hasToken = (system: string, baseUrl: string): boolean => asked.push(`${system} ${baseUrl}`) > 9;
    outwardPlaces(settings, { ...everything, hasToken });
    assert.deepEqual(asked, [
      'slack https://slack.com',
      'github https://api.github.com',
      'jira https://techcorp.atlassian.net',
      'statuspage https://api.statuspage.io',
      'pagerduty https://api.pagerduty.com',
    ]);
  });

  for (const [what, part] of [
    ['repository', { github: { ...settings.github, repository: ' ' } }],
    ['project', { jira: { ...settings.jira, project: '' } }],
    ['account', { jira: { ...settings.jira, email: '' } }],
  ] as const)
    it(`leave a ticket system out that has no ${what} yet`, () => {
      assert.equal(outwardPlaces({ ...settings, ...part }, everything).tickets.length, 1);
    });

  it('leave a status page and pages out without an id, a service or a sender', () => {
    const places = outwardPlaces(
      {
        ...settings,
        statuspage: { ...settings.statuspage, pageId: '' },
        pagerduty: { ...settings.pagerduty, from: '' },
      },
      everything,
    );
    assert.equal(places.statuspage, undefined);
    assert.equal(places.pagerduty, undefined);
  });

  it('take a webhook whose address is kept as a secret, and none without any address', () => {
    const webhooks = [{ name: 'secret one' }, { name: 'nowhere' }];
    const places = outwardPlaces(
      { ...settings, webhooks },
      { ...everything, hasWebhookUrl: (name) => name === 'secret one' },
    );
    assert.deepEqual(places.webhooks, [{ name: 'secret one' }]);
  });
});

describe('the setting of webhooks', () => {
  it('is read whatever was written into it', () => {
    assert.deepEqual(readWebhooks('https://desk.techcorp.example'), []);
    assert.deepEqual(
      readWebhooks([
        null,
        'desk',
        { url: 'https://a.example' },
        { name: ' ' },
        { name: 'a', url: 7 },
        { name: 'a' },
      ]),
      [{ name: 'a', url: undefined }],
    );
  });
});
