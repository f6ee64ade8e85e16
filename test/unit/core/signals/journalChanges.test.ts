import assert from 'node:assert/strict';
import { journalChanges } from '../../../../src/core/signals/journalChanges.ts';
import { after, declared, fact, incidentOf, runStarted } from '../../../support/builders.ts';

const changed = (run: string, text: string) => fact('ChangeMade', { run, changes: [text] });

describe('what incidents changed themselves', () => {
  const incident = incidentOf(
    declared(),
    runStarted({ run: 'run-1' }),
    changed('run-1', 'deployment/payment-service spec.replicas 3 → 10'),
    runStarted({ run: 'run-2', step: 'flag', kind: 'flag' }),
    changed('run-2', 'flag/new-provider true → false'),
    runStarted({ run: 'run-3', step: 'db', kind: 'rds' }),
    changed('run-3', 'writer db-1 → db-2'),
  );

  it('stands among the recent changes, with the incident and who did it', () => {
    const changes = journalChanges([incident], after(0));
    assert.deepEqual(
      changes.map(({ kind, title, service, state }) => [kind, title, service, state]),
      [
        ['deploy', 'deployment/payment-service spec.replicas 3 → 10', 'payment-service', 'happened'],
        ['flag', 'flag/new-provider true → false', 'payment-service', 'happened'],
        ['config', 'writer db-1 → db-2', 'payment-service', 'happened'],
      ],
    );
    assert.deepEqual(changes[0]?.labels, { incident: '2026-11-23-0001', by: 'Ana' });
    assert.equal(changes[0].startedAt, after(2));
    assert.equal(new Set(changes.map(({ id }) => id)).size, 3);
  });

  it('is left out when it is older than asked, or was a drill', () => {
    assert.equal(journalChanges([incident], after(4)).length, 2);
    const drill = incidentOf(declared({ drill: true }), runStarted(), changed('run-1', 'x'));
    assert.deepEqual(journalChanges([drill], after(0)), []);
  });
});
