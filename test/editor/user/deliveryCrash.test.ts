import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import type { Outside } from '../../../src/simulator/outside.ts';
import { openSidebar, pick, treeItem } from '../../support/editorPage.ts';
import { screenshot } from '../../support/pictures.ts';
import { startFaultProxy, type FaultProxy } from '../../support/faultProxy.ts';
import { assertNowhere } from '../../support/filesWith.ts';
import { oneStory } from '../../support/oneStory.ts';
import {
  connectSystem,
  deliveryStates,
  outwardSettings,
  pickStatusPage,
} from '../../support/outwardEditor.ts';
import { declareIncident, openSampleEditor, type SampleEditor } from '../../support/sampleEditor.ts';
import { isChanging } from '../../contract/suites/crashSites.ts';

/** Systems whose delivery the extension host is killed in, and where the simulated outside has each. */
const systems = {
  Slack: 'slack',
  GitHub: 'github',
  Jira: 'jira',
  Statuspage: 'statuspage',
  PagerDuty: 'pagerduty',
  webhook: 'webhook',
} as const satisfies Readonly<Record<string, keyof Outside>>;
type Name = keyof typeof systems;
const names = Object.keys(systems) as Name[];

/**
 * The real extension host, killed after the bytes of the first changing request are sent and after its answer has come.
 * (Every further moment is held by test/contract/deliveryCrash.test.ts.) And what its disk holds of the tokens: nothing.
 */
describe('an extension host that dies while it tells the outside', function () {
  this.timeout(300_000);
  oneStory();
  let sample: SampleEditor;
  let page: Page;
  const proxies = new Map<Name, FaultProxy>();

  before(async () => {
    const at: Record<string, string> = {};
    sample = await openSampleEditor({
      prepare: async ({ outside }) => {
        for (const name of names) {
          const proxy = await startFaultProxy(outside[systems[name]].url);
          proxies.set(name, proxy);
          at[name] = name === 'webhook' ? `${proxy.url}/hook` : proxy.url;
        }
      },
      workspaceSettings: ({ outside }) => outwardSettings(outside, at),
    });
    page = sample.page;
    await openSidebar(page, 'Incident');
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await screenshot(page, 'failed-delivery-crash');
  });
  after(async () => {
    await sample?.dispose();
    for (const proxy of proxies.values()) await proxy.dispose();
  });

  /** This host keeps secrets in the window alone: a reload forgets every connection. */
  const reload = async (name: Name): Promise<void> => {
    await page.reload();
    await openSidebar(page, 'Incident');
    if (name !== 'webhook')
      await connectSystem(page, name, sample.simulator.outside[systems[name]].store.token);
  };
  /** How many of an incident the service itself has. */
  const count: Readonly<Record<Name, (title: string, number: string) => number>> = {
    Slack: (_title, number) =>
      [...outside().slack.store.channels.values()].filter(({ name }) => name.includes(number)).length,
    GitHub: (title) =>
      [...outside().github.store.repositories.values()]
        .flatMap(({ issues }) => [...issues.values()])
        .filter((issue) => issue.title.includes(title)).length,
    Jira: (title) =>
      [...outside().jira.store.issues.values()].filter(({ summary }) => summary.includes(title)).length,
    // What customers read names neither number nor title; the text is the test's own.
    Statuspage: (title) =>
      outside().statuspage.store.incidents.filter(({ incident_updates: updates }) =>
        updates.some(({ body }) => body.includes(title)),
      ).length,
    PagerDuty: (title) =>
      outside().pagerduty.store.incidents.filter((one) => one.title.includes(title)).length,
    webhook: () =>
      [...outside().webhook.store.accepted.keys()].filter((key) => key.endsWith('/webhook/chat/declared'))
        .length,
  };
  const outside = () => sample.simulator.outside;

  let incidents = 0;
  for (const name of names)
    for (const when of ['after the bytes are sent', 'after the answer has come'] as const)
      it(`has exactly one of each afterwards: ${name}, ${when}`, async () => {
        const proxy = proxies.get(name);
        assert.ok(proxy);
        // The last one's connection is gone with its window; what this one needs is there after its first crash.
        if (when === 'after the bytes are sent') {
          await sample.server.killExtensionHost();
          await reload(name);
        }
        incidents += 1;
        const title = `Crash ${incidents} of ${name}`;
        await declareIncident(page, title);
        const declared = sample.journal().findLast(({ type }) => type === 'IncidentDeclared');
        proxy.only = isChanging;
        proxy.fault = when === 'after the bytes are sent' ? { kind: 'silence' } : { kind: 'delay', ms: 0 };
        const struck = proxy.nextStruckAnswer();
        if (name === 'Statuspage') await pickStatusPage(page, `We are investigating: ${title}.`);
        await pick(page, name === 'webhook' ? /^Tell one place$/ : /^Tell 2 places$/);
        await struck;
        await sample.server.killExtensionHost();
        proxy.fault = { kind: 'none' };
        proxy.only = undefined;
        await reload(name);
        await treeItem(page, `SEV2 ${title}`).waitFor();
        // Who connects again need not say that what failed is to be tried anew.
        await sample.until('everything to be out', () => {
          const states = Object.values(deliveryStates(sample));
          return states.length > 0 && states.every((state) => state === 'delivered');
        });
        const made = name === 'webhook' ? 0 : 1;
        assert.equal(count[name](title, String(declared?.data['number'])), made || incidents);
        // It was told of every incident, and by its key it knows a second telling.
        assert.equal(count.webhook('', ''), incidents);
        const problems = (await sample.verify()).flatMap((one) => one.problems);
        assert.deepEqual(
          problems.filter(({ code }) => code !== 'torn-tail'),
          [],
        );
      });

  it('has left no token in any file, log or journal', () => {
    const { slack, github, jira, statuspage, pagerduty } = outside();
    assertNowhere(
      sample,
      {
        Slack: slack.store.token,
        GitHub: github.store.token,
        Jira: jira.store.token,
        // As it is sent.
        'Jira, encoded': Buffer.from(`${jira.store.email}:${jira.store.token}`).toString('base64'),
        Statuspage: statuspage.store.token,
        PagerDuty: pagerduty.store.token,
      },
      `Crash ${incidents} of webhook`,
    );
  });
});
