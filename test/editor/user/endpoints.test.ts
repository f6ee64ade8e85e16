import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { screenshot, setTheme } from '../../support/pictures.ts';
import { createRunbookPage, type RunbookPage } from '../../support/runbookPage.ts';
import { declareIncident, openSampleEditor, type SampleEditor } from '../../support/sampleEditor.ts';

const services = '/api/v1/namespaces/production/services';
const selecting = (app: string) => ({ spec: { selector: { app } } });

/** Healthy pods behind a service that selects none of them: what `kubectl get svc` does not show. */
describe('a service with nothing behind it', function () {
  this.timeout(180_000);
  let sample: SampleEditor;
  let page: Page;
  let book: RunbookPage;

  const send = async (method: string, path: string, type: string, body: object): Promise<void> => {
    const { url } = sample.simulator;
    const headers = { 'content-type': type };
    const response = await fetch(`${url}${path}`, { method, headers, body: JSON.stringify(body) });
    assert.ok(response.ok, await response.text());
  };

  before(async () => {
    sample = await openSampleEditor();
    page = sample.page;
    book = createRunbookPage(sample);
    await send('POST', services, 'application/json', {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'catalog-front', namespace: 'production' },
      spec: { ...selecting('catalogue').spec, ports: [{ port: 80, targetPort: 8080 }] },
    });
    await declareIncident(page, 'Catalog answers 503');
    await book.open('Service Unavailable (503)');
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await screenshot(page, 'failed-endpoints');
  });
  after(() => sample?.dispose());

  it('is not known before somebody has looked at services', async () => {
    await book.give('service', 'catalog');
    await book.run(1);
    await book.says(2, /^Does not apply: none of 2 pods is in CrashLoopBackOff/);
    await book.says(3, /^Does not apply: none of 2 pods is in Pending/);
    await book.says(
      4,
      /^Cannot tell, you decide: all 2 pods are running and ready \(step 1, \S+ UTC\); no run has looked at its services yet$/,
    );
  });

  it('is named on the card, with the runs that showed it', async () => {
    await book.run(4);
    await book.prints(4, /service\/catalog-front/);
    await book.says(
      4,
      /^Applies: all 2 pods are running and ready \(step 1, \S+ UTC\); service catalog-front has no ready endpoints \(step 4, \S+ UTC\)$/,
    );
    const shows = book.step(4).getByRole('list', { name: 'What it shows' });
    await shows.getByText('service catalog-front has no ready endpoints').waitFor();
    await book.step(4).scrollIntoViewIfNeeded();
    await screenshot(page, 'endpoints-light');
    await setTheme(page, 'Dark Modern');
    await screenshot(page, 'endpoints-dark');
  });

  it('is accused no longer once something is behind it', async () => {
    const type = 'application/merge-patch+json';
    await send('PATCH', `${services}/catalog-front`, type, selecting('catalog'));
    await book.run(4);
    await book.says(
      4,
      /^Cannot tell, you decide: .*; every service shown has ready endpoints, and no run has shown whether it still answers 503/,
    );
  });
});
