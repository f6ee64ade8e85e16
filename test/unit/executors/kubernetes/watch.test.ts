import assert from 'node:assert/strict';
import { collectOutput } from '../collectOutput.ts';
import { useFakeCluster } from './fakeCluster.ts';
import { get, kubernetesPlan, pod, status } from './kubernetesFixtures.ts';

const columnDefinitions = [
  { name: 'Name', format: 'name' },
  { name: 'Status' },
  { name: 'Note', priority: 1 },
];
const table = (version: string, columns: unknown, ...rows: readonly (readonly string[])[]) => ({
  kind: 'Table',
  metadata: { resourceVersion: version },
  columnDefinitions: columns,
  rows: rows.map((cells) => ({ cells, object: { metadata: { name: cells[0] } } })),
});
const event = (type: string, object: unknown): string => `${JSON.stringify({ type, object })}\n`;
const watching = (path: string): boolean => path.includes('watch=true');
const versionIn = (path: string): string => /resourceVersion=(\w+)/.exec(path)?.[1] ?? '';

describe('kubernetes get --watch', () => {
  const cluster = useFakeCluster();
  const watch = get(['pods'], { watch: 'list' });

  it('shows what is there, then each change below it until stopped', async () => {
    cluster.api.answer = (path, _request, response) => {
      if (!watching(path)) return table('5', columnDefinitions, ['pay-1', 'Running', 'x']);
      response.write(event('BOOKMARK', { metadata: { resourceVersion: '7' } }));
      response.write(event('MODIFIED', table('8', null, ['pay-1', 'Failed', 'x'])));
      response.write(event('DELETED', table('9', null, ['payment-service-long', 'Failed', 'x'])));
      return undefined;
    };
    const stop = new AbortController();
    const output = collectOutput();
    const running = cluster.executor.run(kubernetesPlan(watch), output, stop.signal);
    await output.seen('payment-service-long');
    stop.abort();
    assert.deepEqual(await running, { kind: 'stopped' });
    assert.equal(
      output.stdout,
      'NAME    STATUS\npay-1   Running\npay-1   Failed\npayment-service-long   Failed\n',
    );
    assert.equal(versionIn(cluster.paths().find(watching) ?? ''), '5');
  });

  it('goes on where it was when the watch is ended, and starts over when that is too long ago', async () => {
    let watches = 0;
    cluster.api.answer = (path, _request, response) => {
      if (!watching(path))
        return table(watches === 0 ? '5' : '20', columnDefinitions, [`now-${watches}`, 'Running', '']);
      watches += 1;
      if (watches === 1)
        response.write(event('ADDED', table('6', columnDefinitions, ['new', 'Pending', ''])));
      if (watches === 2) response.write(event('ERROR', status(410, 'Expired', 'too old resource version')));
      if (watches < 3) response.end();
      else response.write(event('ADDED', table('21', null, ['last', 'Pending', ''])));
      return undefined;
    };
    const stop = new AbortController();
    const output = collectOutput();
    const running = cluster.executor.run(kubernetesPlan(watch), output, stop.signal);
    await output.seen('last');
    stop.abort();
    await running;
    assert.deepEqual(cluster.paths().filter(watching).map(versionIn), ['5', '6', '20']);
    assert.match(
      output.stdout,
      /^NAME {4}STATUS\nnow-0 {3}Running\nnew {5}Pending\nnow-2 {3}Running\nlast {4}Pending\n$/,
    );
    assert.match(output.stderr, /The watch was lost for a while/);
  });

  it('shows changes alone, of one object, as names', async () => {
    cluster.api.answer = (path, _request, response) => {
      if (!watching(path)) return { ...pod('pay-1'), metadata: { name: 'pay-1', resourceVersion: '3' } };
      response.write(event('MODIFIED', pod('pay-1')));
      return undefined;
    };
    const { output, outcome } = await cluster.run(
      get(['pod'], { names: ['pay-1'], watch: 'changes', output: 'name' }),
      { filters: [{ name: 'head', lines: 1 }] },
    );
    assert.deepEqual([outcome.kind, output.stdout], ['succeeded', 'pod/pay-1\n']);
    const asked = cluster.paths().find(watching) ?? '';
    assert.match(decodeURIComponent(asked), /fieldSelector=metadata\.name=pay-1/);
    assert.equal(versionIn(asked), '3');
  });

  it('ends with the server’s refusal', async () => {
    cluster.api.answer = () => status(403, 'Forbidden', 'pods is forbidden');
    const { outcome } = await cluster.run(watch);
    assert.deepEqual([outcome.kind, outcome.kind === 'failed' && outcome.status], ['failed', 403]);
  });
});
