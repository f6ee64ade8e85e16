import assert from 'node:assert/strict';
import type { TicketTask } from '../../src/integrations/tickets/ticketSystem.ts';
import type { ConnectedAs } from '../../src/integrations/connection.ts';
import { checkJira } from '../../src/integrations/jira/checkJira.ts';
import { createJiraService } from '../../src/integrations/jira/jiraService.ts';
import type { JiraIssue, JiraPermission, JiraProject } from '../../src/simulator/systems/jira/jiraState.ts';
import type { JiraStore } from '../../src/simulator/systems/jira/jiraStore.ts';
import type { FaultProxy } from '../support/faultProxy.ts';
import { startFaultProxy } from '../support/faultProxy.ts';
import { simulatedJira } from './simulatedTickets.ts';
import type { TicketIncident, TicketSite } from './suites/ticketSite.ts';
import { delivered, refused, startIncident } from './suites/ticketSite.ts';

describe('what only Jira does with tickets', () => {
  let site: TicketSite & { readonly store: JiraStore };
  let store: JiraStore;
  let project: JiraProject;
  let proxy: FaultProxy;
  let incident: TicketIncident;
  beforeEach(async () => {
    site = await simulatedJira();
    store = site.store;
    const found = store.projects.get(store.project);
    assert.ok(found);
    project = found;
    proxy = await startFaultProxy(site.url);
    incident = startIncident(site);
  });
  afterEach(async () => {
    await proxy.dispose();
    await site.dispose();
  });
  const newService = (token = site.token) => createJiraService({ tokenOf: () => Promise.resolve(token) });
  const create = (more = {}) => incident.deliver(newService(), incident.newTicket(), more);
  const end = (act: 'close' | 'reopen', more = {}) =>
    incident.deliver(newService(), { system: 'jira', act, text: '' } satisfies TicketTask, more);
  const issues = (): readonly JiraIssue[] => [...store.issues.values()];
  const only = (): JiraIssue => {
    const ours = issues().filter(({ summary }) => summary.includes(incident.words));
    assert.equal(ours.length, 1);
    return ours[0] as JiraIssue;
  };
  const revoke = (permission: JiraPermission): void => {
    for (const held of project.permissions.values()) held.delete(permission);
  };
  const late = { attempt: 2, later: 60_000 };

  it('names itself, says it is no browser, and carries its key where nobody reads it', async () => {
    delivered(await create());
    const [{ headers } = { headers: {} as Record<string, string> }] = store.requests;
    assert.equal(headers['user-agent'], 'incident-response');
    assert.equal(headers['x-atlassian-token'], 'no-check');
    assert.match(headers['authorization'] ?? '', /^Basic /);
    const { properties, description, issueType } = only();
    assert.deepEqual([...properties.keys()], ['incident-response']);
    assert.doesNotMatch(JSON.stringify(description), /01TICKETS/);
    assert.equal(issueType.name, 'Incident');
  });

  it('goes under the account that the token belongs to now, whoever was connected when it was asked for', async () => {
    const { accountId } = store.addAccount('successor@example.com', 'Successor', 'the-successors-word');
    project.permissions.set(accountId, new Set(['BROWSE_PROJECTS', 'CREATE_ISSUES']));
    const under = (account: string | undefined) =>
      createJiraService({
        tokenOf: () => Promise.resolve('the-successors-word'),
        accountOf: () => Promise.resolve(account),
      });
    const asked = incident.newTicket();
    assert.equal(refused(await incident.deliver(under(undefined), asked)).failure.code, 'unauthorized');
    const successor = await incident.deliver(under('successor@example.com'), asked, late);
    delivered(successor);
    only();
  });

  it('makes text of what an alert would like to be a mention', async () => {
    const body = 'Alert: @ana [~accountid:simulated:1]';
    delivered(await incident.deliver(newService(), incident.newTicket({ body })));
    assert.deepEqual(only().description?.['content'], [
      { type: 'paragraph', content: [{ type: 'text', text: body }] },
    ]);
  });

  describe('an issue whose answer was lost', () => {
    beforeEach(async () => {
      delivered(await create());
    });

    it('is found when the search knows no issue at all', async () => {
      store.index.lag = 3_600_000;
      assert.equal(delivered(await create(late)).found, true);
      only();
    });

    it('is found behind hundreds that the search does not know either', async () => {
      // It takes in what there is when it is asked, and nothing from then on.
      assert.equal(store.index.entries().length, 1);
      store.index.lag = 3_600_000;
      for (let other = 0; other < 250; other++) store.addIssue(project, { summary: `Other ${other}` });
      const later = startIncident(site);
      delivered(await later.deliver(newService(), later.newTicket()));
      const again = await later.deliver(newService(), later.newTicket(), late);
      assert.equal(delivered(again).found, true);
      assert.equal((await site.tickets(later.words)).length, 1);
    });

    it('is found under the key that it has now', async () => {
      const again = delivered(await create(late));
      assert.equal(again.receipt.name, only().key);
      assert.equal(again.receipt.url, `${site.url}/browse/${only().key}`);
    });

    it('is not made again while Jira cannot read all of the newest', async () => {
      store.index.lag = 3_600_000;
      proxy.only = ({ path }) => path.endsWith('/bulkfetch');
      proxy.fault = {
        kind: 'answer',
        status: 200,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ issues: [], issueErrors: [{ id: '10001', errorMessage: 'Try again' }] }),
      };
      const result = refused(await create({ ...late, baseUrl: proxy.url }));
      assert.equal(result.retry, 'automatic');
      only();
    });
  });

  describe('a token that is good no more', () => {
    it('is told as that, though Jira answers as if nothing were there', async () => {
      delivered(await create());
      const stranger = newService('another-word');
      for (const act of [
        incident.newTicket(),
        { system: 'jira', act: 'comment', text: 'Hello' },
        { system: 'jira', act: 'set-severity', label: 'severity-sev1' },
      ] as const) {
        const result = refused(await incident.deliver(stranger, act, late));
        assert.equal(result.failure.code, 'unauthorized', JSON.stringify(result));
        assert.equal(result.retry, 'person');
        assert.match(result.failure.message, /refused the token.*Reconnect/);
      }
      only();
    });

    it('waits for what limits even strangers', async () => {
      store.faults.push({ kind: 'rate-limit', retryAfter: 9, times: 1 });
      const result = refused(await incident.deliver(newService('another-word'), incident.newTicket()));
      assert.equal(result.retryAfterMs, 9000);
      assert.equal(result.retry, 'automatic');
    });
  });

  describe('what a project does not allow', () => {
    it('is an issue with labels where its screen has none: it is made without', async () => {
      project.screenFields.delete('labels');
      const { receipt } = delivered(await create());
      assert.match(receipt.detail ?? '', /without the labels incident, severity-sev2/);
      assert.deepEqual(only().labels, []);
    });

    it('is told field by field, in Jira’s words', async () => {
      project.requiredFields.add('customfield_10010');
      const result = refused(await create());
      assert.equal(result.failure.code, 'invalid');
      assert.match(result.failure.message, /customfield_10010: customfield_10010 is required/);
      assert.deepEqual(issues(), []);
    });

    it('is told where the account may not create or comment', async () => {
      delivered(await create());
      revoke('ADD_COMMENTS');
      const comment = { system: 'jira', act: 'comment', text: 'Hello' } as const;
      assert.match(
        refused(await incident.deliver(newService(), comment)).failure.message,
        /do not have the permission to comment/,
      );
      revoke('CREATE_ISSUES');
      const other = startIncident(site);
      const result = refused(await other.deliver(newService(), other.newTicket()));
      assert.match(result.failure.message, /do not have permission to create issues in this project/);
    });
  });

  describe('an end', () => {
    beforeEach(async () => {
      delivered(await create());
    });

    it('takes a transition to a done status by its category, and back to one in progress', async () => {
      Object.assign(project, {
        statuses: [
          { id: '1', name: 'Offen', category: 'new' },
          { id: '2', name: 'In Arbeit', category: 'indeterminate' },
          { id: '3', name: 'Erledigt', category: 'done' },
        ],
        transitions: [
          { id: '5', name: 'Zurück', to: '1' },
          { id: '6', name: 'Anfangen', to: '2' },
          { id: '7', name: 'Fertig', to: '3' },
        ],
      });
      delivered(await end('close'));
      assert.equal(only().status.name, 'Erledigt');
      delivered(await end('reopen'));
      assert.equal(only().status.name, 'In Arbeit');
    });

    it('answers a screen that wants a resolution', async () => {
      project.transitions = [
        { id: '31', name: 'Done', to: '10002', required: { resolution: ["Won't Do", 'Done'] } },
      ];
      delivered(await end('close'));
      const moved = store.requests.findLast(
        ({ path, method }) => method === 'POST' && /transitions/.test(path),
      );
      assert.deepEqual(moved?.body, { transition: { id: '31' }, fields: { resolution: { id: '2' } } });
      assert.equal(only().status.category, 'done');
    });

    it('names the transitions there are when none ends it, and keeps its last word said once', async () => {
      project.transitions = [
        { id: '21', name: 'Start', to: '10001' },
        { id: '31', name: 'Close', to: '10002', required: { customfield_10010: ['A'] } },
      ];
      const close = { system: 'jira', act: 'close', text: 'Rolled back' } as const;
      const result = refused(await incident.deliver(newService(), close));
      assert.equal(result.failure.code, 'conflict');
      assert.equal(result.retry, 'person');
      assert.match(result.failure.message, /OPS-1 is “To Do”.*Start \(to In Progress\), Close \(to Done\)/);
      project.transitions = [{ id: '31', name: 'Close', to: '10002' }];
      delivered(await incident.deliver(newService(), close, late));
      assert.equal(only().comments.length, 1);
      assert.equal(only().status.category, 'done');
    });

    it('says that there are none where the account may use none', async () => {
      revoke('TRANSITION_ISSUES');
      assert.match(refused(await end('close')).failure.message, /there are: none at all/);
    });

    it('is tried again by itself when somebody moved it at that moment', async () => {
      proxy.only = ({ method, path }) => method === 'POST' && /transitions/.test(path);
      proxy.fault = {
        kind: 'answer',
        status: 409,
        times: 1,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ errorMessages: ['Concurrent update.'], errors: {} }),
      };
      const result = refused(await end('close', { baseUrl: proxy.url }));
      assert.equal(result.failure.code, 'conflict');
      assert.equal(result.retry, 'automatic');
      assert.match(result.failure.message, /Concurrent update/);
      delivered(await end('close', { ...late, baseUrl: proxy.url }));
      assert.equal(only().status.category, 'done');
    });
  });

  describe('the connection', () => {
    const check = async (
      more: Readonly<Record<string, string>> = {},
      at = site.url,
    ): Promise<ConnectedAs> => {
      const options = { ...site.place(at), ...more };
      const { token } = site;
      const checked = await checkJira({ baseUrl: at, token, options }, new AbortController().signal);
      assert.ok(checked.ok, JSON.stringify(checked));
      return checked.value;
    };

    it('tells an issue type that the project does not have, and those it has', async () => {
      const { warnings } = await check({ issueType: 'Outage' });
      assert.deepEqual(warnings, [
        'OPS has no issue type “Outage”. There are: Task, Bug, Incident. Set incident.jira.issueType to one of them.',
      ]);
      assert.deepEqual((await check({ issueType: 'incident' })).warnings, []);
    });

    it('tells each permission that is missing', async () => {
      revoke('TRANSITION_ISSUES');
      revoke('CREATE_ISSUES');
      assert.deepEqual((await check()).warnings, [
        'The account lacks the permission “Create Issues” in OPS.',
        'The account lacks the permission “Transition Issues” in OPS.',
      ]);
    });

    it('asks for the e-mail before anything is sent', async () => {
      const options = { ...site.place(site.url), email: '' };
      const { url: baseUrl, token } = site;
      const checked = await checkJira({ baseUrl, token, options }, new AbortController().signal);
      assert.ok(!checked.ok);
      assert.match(checked.failure.message, /incident\.jira\.email/);
      assert.deepEqual(store.requests, []);
    });

    it('goes through Atlassian’s gateway for a token with scopes, and links to the site', async () => {
      const gateway = `${site.url}/ex/jira/${store.cloudId}`;
      assert.deepEqual((await check({}, gateway)).warnings, []);
      const { receipt } = delivered(await create({ baseUrl: gateway }));
      assert.equal(receipt.url, `${site.url}/browse/OPS-1`);
    });
  });
});
