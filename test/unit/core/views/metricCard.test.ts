import assert from 'node:assert/strict';
import { step } from '../../../support/builders.ts';
import { pageOf } from '../../../support/pageBuilders.ts';

const see = step('see', { command: undefined, text: 'See PostgreSQL metrics' });
const server = 'https://prometheus.example';

describe('the card of a set of metrics', () => {
  const cardOf = (thresholds: Readonly<Record<string, unknown>> = {}, of = see) =>
    pageOf([of], { planning: { readOnlyPrefixes: [], metrics: { server, thresholds } } }).steps[0];

  it('names the set and each of its queries, with the limit that tells of trouble', () => {
    const { metrics, command } = cardOf() ?? {};
    assert.equal(metrics?.name, 'PostgreSQL metrics');
    assert.deepEqual(
      metrics.queries.map(({ title, limit }) => [title, limit]),
      [
        ['Connections of those allowed', 'trouble over 90 %'],
        ['Longest transaction', 'trouble over 60 s'],
        ['Reads served from memory', 'trouble under 90 %'],
        ['Deadlocks', 'trouble over 0.05/s'],
        ['Replication lag', 'trouble over 30 s'],
        ['Transactions', undefined],
      ],
    );
    // A click is for exactly what was shown: every query that runs is there to be unfolded.
    for (const { title, query } of metrics.queries) assert.ok(command?.includes(`# ${title}\n${query}`));
  });

  it('shows the limit of the settings', () =>
    assert.equal(cardOf({ 'postgresql.connections': 0.5 })?.metrics?.queries[0]?.limit, 'trouble over 50 %'));

  it('is that of a command for one query of a guide, and of any other command', () => {
    const up = step('up', { text: 'Targets', command: 'up', language: 'promql' });
    const pods = step('pods', { command: 'kubectl get pods' });
    assert.deepEqual([cardOf({}, up)?.kind, cardOf({}, up)?.metrics], ['query', undefined]);
    assert.equal(cardOf({}, pods)?.metrics, undefined);
  });
});
