import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { pick, pickLabels, runCommand, waitUntil } from '../../support/editorPage.ts';
import { screenshot } from '../../support/pictures.ts';
import { startFaultProxy, type FaultProxy } from '../../support/faultProxy.ts';
import { createRunbookPage, type RunbookPage } from '../../support/runbookPage.ts';
import { declareIncident, openSampleEditor, type SampleEditor } from '../../support/sampleEditor.ts';

const guide = `# Shop

## Runbooks

### Shop in Trouble

\`\`\`bash
# 1. Look at the pods
kubectl get pods -n production -l app=search
\`\`\`

\`\`\`bash
# 2. If pods pending
kubectl describe pod <pod> -n production
\`\`\`

\`\`\`bash
# 3. Count the connections
kubectl exec postgres-0 -n production -- psql -c "SELECT count(*), current_setting('max_connections')::int AS max_connections FROM pg_stat_activity"
\`\`\`

\`\`\`bash
# 4. If connections are at their limit
kubectl scale deployment payment-service -n production --replicas=8
\`\`\`
`;
interface Pod {
  readonly status: {
    readonly phase: string;
    readonly containerStatuses?: readonly { readonly state: { readonly running?: object } }[];
  };
}
const deployments = '/apis/apps/v1/namespaces/production/deployments';

/** Pending pods and a full database, from the button to the card: so, not so, and nobody there to ask. */
describe('conditions on what the cluster shows', function () {
  this.timeout(240_000);
  let sample: SampleEditor;
  let page: Page;
  let book: RunbookPage;
  let proxy: FaultProxy | undefined;

  before(async () => {
    sample = await openSampleEditor({
      files: { 'runbooks/trouble.md': guide },
      prepare: async ({ url, kubeconfigFile }) => {
        proxy = await startFaultProxy(url);
        writeFileSync(kubeconfigFile, readFileSync(kubeconfigFile, 'utf8').replaceAll(url, proxy.url));
      },
    });
    page = sample.page;
    book = createRunbookPage(sample);
    await declareIncident(page, 'Search answers nothing');
    await book.open('Shop in Trouble');
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await screenshot(page, 'failed-cluster-conditions');
  });
  after(async () => {
    await sample?.dispose();
    await proxy?.dispose();
  });

  const patch = async (name: string, spec: object): Promise<void> => {
    const response = await fetch(`${sample.simulator.url}${deployments}/${name}`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/strategic-merge-patch+json' },
      body: JSON.stringify({ spec }),
    });
    assert.ok(response.ok, await response.text());
  };
  const podsOf = async (app: string): Promise<readonly Pod[]> => {
    const url = `${sample.simulator.url}/api/v1/namespaces/production/pods?labelSelector=app%3D${app}`;
    return ((await (await fetch(url)).json()) as { items: Pod[] }).items;
  };

  it('do not apply while the pods run and the database has room', async () => {
    await book.says(2, /^Cannot tell, you decide: no run has looked yet/);
    await book.says(4, /^Cannot tell, you decide: no run has looked yet/);
    await book.run(1);
    await book.says(2, /^Does not apply: none of 1 pod is in Pending \(step 1, \d\d:\d\d UTC\)$/);
    await book.run(3, { agree: true });
    await book.says(4, /^Does not apply: 94 of 100 connections \(step 3, \d\d:\d\d UTC\)$/);
  });

  it('apply once a pod finds no node, and the step explains that pod', async () => {
    const resources = { requests: { memory: '900Gi' } };
    await patch('search', { template: { spec: { containers: [{ name: 'search', resources }] } } });
    await waitUntil('a pending pod', async () =>
      (await podsOf('search')).some(({ status }) => status.phase === 'Pending'),
    );
    await book.run(1);
    await book.says(2, /^Applies: 1 of 2 pods is in Pending \(step 1, \d\d:\d\d UTC\)$/);
    const ended = sample.events('RunEnded').length;
    await runCommand(page, 'Incident: Run Step');
    await pick(page, /Shop in Trouble/);
    await pick(page, /If pods pending/);
    await page.getByPlaceholder(/Pick or type a pod/).waitFor();
    const [first = ''] = await pickLabels(page);
    await pick(page, first);
    await sample.journalHas('RunEnded', ended + 1);
    assert.match(sample.lastOutput(), /FailedScheduling.*Insufficient memory/);
  });

  it('apply once the database takes no more connections', async () => {
    await patch('payment-service', { replicas: 30 });
    await waitUntil('thirty running pods', async () => {
      // A pod is Running between two crashes too: only a container that runs has its connections.
      const running = (await podsOf('payment-service')).filter(
        ({ status }) => status.containerStatuses?.[0]?.state.running !== undefined,
      );
      return running.length >= 30;
    });
    await book.run(3, { agree: true });
    await book.prints(3, /FATAL: {2}sorry, too many clients already/);
    await book.says(
      4,
      /^Applies: the database takes no more connections: sorry, too many clients already \(step 3, \d\d:\d\d UTC\)$/,
    );
    await book.run(4, { agree: true });
    await waitUntil('eight pods', async () => (await podsOf('payment-service')).length === 8);
    await book.run(3, { agree: true });
    await book.says(4, /^Does not apply: 37 of 100 connections \(step 3, /);
  });

  it('cannot be told while the cluster is out of reach, whatever was seen before', async () => {
    assert.ok(proxy);
    proxy.fault = { kind: 'cut', afterBytes: 0 };
    proxy.dropConnections();
    await book.run(1);
    await book.says(2, /^Cannot tell, you decide: step 1: the run failed/);
    await book.run(3, { agree: true });
    await book.says(4, /^Cannot tell, you decide: step 3: the run failed/);
  });
});
