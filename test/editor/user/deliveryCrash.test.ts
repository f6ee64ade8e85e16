import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { openSidebar, pick, screenshot, treeItem } from '../../support/editorPage.ts';
import { startFaultProxy, type FaultProxy } from '../../support/faultProxy.ts';
import { oneStory } from '../../support/oneStory.ts';
import {
  connectSystem,
  deliveryStates,
  outwardSettings,
  type Connectable,
} from '../../support/outwardEditor.ts';
import { declareIncident, openSampleEditor, type SampleEditor } from '../../support/sampleEditor.ts';
import { isChanging } from '../../contract/suites/crashSites.ts';

/** Systems whose delivery the extension host is killed in, and how many their services hold of an incident. */
const systems = ['Slack', 'GitHub', 'webhook'] as const;

/**
 * The real extension host, killed after the bytes of the first changing request are sent and after its answer has come.
 * (Every further moment is held by test/contract/deliveryCrash.test.ts.) And what its disk holds of the tokens: nothing.
 */
describe('an extension host that dies while it tells the outside', function () {
  this.timeout(300_000);
  oneStory();
  let sample: SampleEditor;
  let page: Page;
  const proxies = new Map<string, FaultProxy>();

  before(async () => {
    const at: Record<string, string> = {};
    sample = await openSampleEditor({
      prepare: async ({ outside }) => {
        for (const name of systems) {
          const { url } = outside[name === 'webhook' ? 'webhook' : name === 'Slack' ? 'slack' : 'github'];
          const proxy = await startFaultProxy(url);
          proxies.set(name, proxy);
          at[name] = name === 'webhook' ? `${proxy.url}/hook` : proxy.url;
        }
      },
      workspaceSettings: ({ outside }) => outwardSettings(outside, at),
    });
    page = sample.page;
    await openSidebar(page, 'Incident');
    await connectAll();
  });
  const connectAll = async (): Promise<void> => {
    for (const [name, token] of [
      ['Slack', sample.simulator.outside.slack.store.token],
      ['GitHub', sample.simulator.outside.github.store.token],
    ] as const satisfies readonly (readonly [Connectable, string])[])
      await connectSystem(page, name, token);
  };
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await screenshot(page, 'failed-delivery-crash');
  });
  after(async () => {
    await sample?.dispose();
    for (const proxy of proxies.values()) await proxy.dispose();
  });

  const count = (number: string): Readonly<Record<string, number>> => {
    const { slack, github, webhook } = sample.simulator.outside;
    const issues = [...github.store.repositories.values()].flatMap(({ issues }) => [...issues.values()]);
    return {
      channels: [...slack.store.channels.values()].filter(({ name }) => name.includes(number)).length,
      issues: issues.filter(({ title }) => title.includes(number)).length,
      webhooks: [...webhook.store.accepted.keys()].filter((key) => key.endsWith('/webhook/chat/declared'))
        .length,
    };
  };

  let incidents = 0;
  for (const name of systems)
    for (const when of ['after the bytes are sent', 'after the answer has come'] as const)
      it(`has exactly one of each afterwards: ${name}, ${when}`, async () => {
        const proxy = proxies.get(name);
        assert.ok(proxy);
        incidents += 1;
        await declareIncident(page, `Crash ${incidents}`);
        const declared = sample.journal().findLast(({ type }) => type === 'IncidentDeclared');
        const number = String(declared?.data['number']);
        proxy.only = isChanging;
        proxy.fault = when === 'after the bytes are sent' ? { kind: 'silence' } : { kind: 'delay', ms: 0 };
        const struck = proxy.nextStruckAnswer();
        await pick(page, /^Tell 3 places$/);
        await struck;
        await sample.server.killExtensionHost();
        proxy.fault = { kind: 'none' };
        proxy.only = undefined;
        await page.reload();
        await openSidebar(page, 'Incident');
        await treeItem(page, `SEV2 Crash ${incidents}`).waitFor();
        // This host keeps secrets in the window alone: who connects again need not say that what failed is to be tried anew.
        await connectAll();
        await sample.until('everything to be out', () => {
          const states = Object.values(deliveryStates(sample));
          return states.length > 0 && states.every((state) => state === 'delivered');
        });
        assert.deepEqual(count(number), { channels: 1, issues: 1, webhooks: incidents });
        const problems = (await sample.verify()).flatMap((one) => one.problems);
        assert.deepEqual(
          problems.filter(({ code }) => code !== 'torn-tail'),
          [],
        );
      });

  it('has left no token in any file, log or journal', () => {
    const { slack, github } = sample.simulator.outside;
    const folders = [sample.folder, sample.server.userDataDir];
    const files = folders.flatMap((folder) =>
      readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => path.join(entry.parentPath, entry.name)),
    );
    assert.ok(files.some((file) => file.endsWith('.jsonl')));
    for (const token of [slack.store.token, github.store.token])
      assert.deepEqual(
        files.filter((file) => readFileSync(file).includes(token)),
        [],
      );
  });
});
