import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { runbookFrame, stepCard, treeItem } from '../../support/editorPage.ts';
import { screenshotBoth, screenshot } from '../../support/pictures.ts';
import { declareIncident, openSampleEditor, type SampleEditor } from '../../support/sampleEditor.ts';

const guide = `# Payments

## Runbooks

### Payments Slow

\`\`\`bash
# 1. Look at the service
# See service metrics

# 2. If database slow
# See PostgreSQL metrics
\`\`\`
`;
const ownTraffic =
  'sum(rate(http_requests_total{service="{{service}}",namespace="{{namespace}}",code="200"}[5m]))';

interface ReadSet {
  readonly set?: string;
  readonly queries: readonly { readonly id: string; readonly query: string; readonly highest?: number }[];
}

/** From the words of a step to what is drawn of the incident's service, by the settings where these say how. */
describe('metrics of the service', function () {
  this.timeout(240_000);
  let sample: SampleEditor;
  let page: Page;

  before(async () => {
    sample = await openSampleEditor({
      files: { 'runbooks/payments.md': guide },
      workspaceSettings: ({ outside }) => ({
        'incident.prometheus.baseUrl': outside.prometheus.url,
        'incident.prometheus.tenant': 'team-a',
        'incident.metrics.queries': { traffic: ownTraffic },
        'incident.metrics.thresholds': { 'postgresql.connections': 0.5 },
      }),
    });
    page = sample.page;
    await declareIncident(page, 'Payments are slow', undefined, 'payment-service');
    await treeItem(page, /^Payments Slow, 2 steps/).click();
    await runbookFrame(page).getByRole('heading', { name: 'Payments Slow' }).first().waitFor();
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await screenshot(page, 'failed-service-metrics');
  });
  after(() => sample?.dispose());

  const run = async (number: number): Promise<ReadSet> => {
    const before = sample.events('RunEnded').length;
    await stepCard(page, number)
      .getByRole('button', { name: new RegExp(`^Run step ${number}$`) })
      .click();
    await sample.journalHas('RunEnded', before + 1);
    const ended = sample.events('RunEnded').at(-1);
    return (ended?.['reading'] as { metrics: ReadSet }).metrics;
  };

  it('are found by the usual names and drawn: error rate, percentiles, traffic and saturation', async () => {
    const read = await run(1);
    assert.equal(read.set, 'service');
    assert.deepEqual(
      read.queries.map(({ id }) => id),
      ['errorRate', 'latencyP50', 'latencyP95', 'latencyP99', 'traffic', 'saturation'],
    );
    const values = Object.fromEntries(read.queries.map(({ id, highest }) => [id, highest ?? NaN]));
    const says = JSON.stringify(values);
    assert.ok(values['errorRate']! > 0.8 && values['errorRate']! < 0.95, says);
    assert.ok(
      values['latencyP50']! < values['latencyP95']! && values['latencyP95']! < values['latencyP99']!,
      says,
    );
    assert.ok(values['saturation']! > 0.5 && values['saturation']! < 1.1, says);
    for (const name of [
      /^Error rate\. From \d\d:\d\d to \d\d:\d\d UTC\. One series, between 0\.\d+ % and 8\d(\.\d+)? %\./,
      /^Latency \(p50\)\. .* One series, /,
      /^Latency \(p95\)\. .* One series, /,
      /^Latency \(p99\)\. .* One series, /,
      /^Traffic\. .* One series, between [\d.]+\/s and [\d.]+\/s\./,
      /^Saturation \(memory\)\. .* One series, /,
    ])
      await stepCard(page, 1).getByRole('img', { name }).waitFor();
    await stepCard(page, 1).scrollIntoViewIfNeeded();
    await screenshotBoth(page, 'metrics-service', 1570);
  });

  it('are asked as the settings have them: the query of a measure, and whose metrics', () => {
    const query = ownTraffic.replace('{{service}}', 'payment-service').replace('{{namespace}}', 'production');
    const read = (sample.events('RunEnded').at(-1)?.['reading'] as { metrics: ReadSet }).metrics;
    assert.equal(read.queries.find(({ id }) => id === 'traffic')?.query, query);
    const output = sample.lastOutput();
    assert.match(output, /\nTraffic\nAs incident\.metrics\.queries has it under “traffic”\.\nsum\(rate/);
    assert.match(
      output,
      /\nError rate\nFound http_requests_total with service="payment-service", as .*\n\(sum\(rate/,
    );
    const { requests } = sample.simulator.outside.prometheus.store;
    const asked = requests.filter(({ path }) => path.startsWith('/api/v1/query'));
    const ranges = asked.filter(({ path }) => path.startsWith('/api/v1/query_range'));
    assert.ok(ranges.length >= 6 && asked.length > ranges.length, `${asked.length}, ${ranges.length}`);
    const queries = ranges.map(({ path }) => new URL(path, 'http://simulated').searchParams.get('query'));
    assert.ok(queries.includes(query), queries.join('\n'));
    assert.ok(
      requests.some(({ path }) => path.startsWith('/api/v1/alerts')),
      'the Signals view asks too',
    );
    assert.deepEqual([...new Set(requests.map(({ headers }) => headers['x-scope-orgid']))], ['team-a']);
  });

  it('of PostgreSQL tell of trouble from the limit that the settings have', async () => {
    const read = await run(2);
    assert.equal(read.set, 'postgresql');
    await stepCard(page, 2)
      .getByText(/^Applies: connections of those allowed \d\d(\.\d)? %, over the limit of 50 %/)
      .waitFor();
  });
});
