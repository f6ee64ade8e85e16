import assert from 'node:assert/strict';
import type { MadeChange, Undo } from '../../../../src/core/plan/undo.ts';
import { evidenceNodes } from '../../../../src/core/views/evidenceNodes.ts';
import { shortChange } from '../../../../src/core/views/shortChange.ts';
import { undoNodes } from '../../../../src/core/views/undoNodes.ts';
import { declared, fact, incidentOf, resolved, runEnded, runStarted } from '../../../support/builders.ts';

const undo: Undo = {
  title: 'Scale deployment/payment-service back from 10 to 3',
  preview: 'kubectl scale deployment payment-service --replicas=3',
  target: { context: 'sim', namespace: 'production' },
  act: { kind: 'argocd', action: { verb: 'rollback', app: 'storefront' } as never },
};
const made = (run: string, data: MadeChange) => fact('ChangeMade', { run, ...data });
const ran = (run: string, step = run) => runStarted({ run, step, risk: 'change' });

describe('the changes of an incident', () => {
  const facts = [
    declared(),
    ran('run-1'),
    made('run-1', { changes: ['deployment/payment-service spec.replicas 3 → 10'], undo }),
    runEnded({ run: 'run-1' }),
    ran('run-2'),
    made('run-2', { changes: ['Pod payment-service-1 deleted'] }),
    runEnded({ run: 'run-2' }),
    ran('run-3'),
    made('run-3', { changes: ['auto-sync off'], undo, debt: 'auto-sync is off for storefront' }),
  ];

  it('are not there while nothing was changed', () =>
    assert.deepEqual(undoNodes(incidentOf(declared())), []));

  it('stand newest first, with what can be undone and what cannot', () => {
    const [group] = undoNodes(incidentOf(...facts));
    assert.equal(group?.description, '3 made, 2 can be undone');
    assert.deepEqual(
      group.children.map(({ label, contextValue }) => [label, contextValue]),
      [
        ['auto-sync off', 'event.undoable'],
        ['Pod payment-service-1 deleted', 'change'],
        ['payment-service replicas 3 → 10', 'event.undoable'],
      ],
    );
    assert.match(group.children[2]?.tooltip ?? '', /^deployment\/payment-service spec\.replicas 3 → 10\n/);
    assert.match(
      group.children[0]?.description ?? '',
      /^can be undone, auto-sync is off for storefront, made by Ana at \d\d:\d\d UTC$/,
    );
    assert.match(group.children[1]?.description ?? '', /^cannot be undone here, made by Ana at /);
    assert.match(group.children[1]?.tooltip ?? '', /No undo was recorded/);
  });

  it('say who has taken one back', () => {
    const first = incidentOf(...facts).changes[0];
    const [group] = undoNodes(
      incidentOf(...facts, runStarted({ run: 'back', undoes: first?.id ?? '' }), runEnded({ run: 'back' })),
    );
    const last = group?.children.at(-1);
    assert.equal(last?.contextValue, 'change.undone');
    assert.match(last.description ?? '', /^undone by Ana at \d\d:\d\d UTC, made by Ana at /);
    assert.equal(group?.description, '3 made, 1 can be undone, 1 undone');
  });

  it('cannot be undone once the incident is over, and say so', () => {
    const [group] = undoNodes(incidentOf(...facts, resolved()));
    assert.deepEqual(
      group?.children.map(({ contextValue }) => contextValue),
      ['change', 'change', 'change'],
    );
    assert.match(group?.children[0]?.tooltip ?? '', /reopen it/);
  });
});

describe('a change on a narrow row', () => {
  for (const [whole, short] of [
    ['deployment/payment-service spec.replicas 3 → 10', 'payment-service replicas 3 → 10'],
    ['flag/checkout-fast-path production on → off', 'checkout-fast-path production on → off'],
    ['ingress/shop spec.rules[0].http.paths[1].backend.service.name a → b', 'shop service.name a → b'],
    ['deployment/shop spec.template.spec.containers[0].image a:1 → a:2', 'shop image a:1 → a:2'],
    ['cluster/orders writer orders-1 → orders-2', 'orders writer orders-1 → orders-2'],
    ['Pod payment-service-1 deleted', 'Pod payment-service-1 deleted'],
    ['auto-sync off', 'auto-sync off'],
    ['', ''],
  ] as const)
    it(`is “${short}” for “${whole}”`, () => assert.equal(shortChange(whole), short));
});

describe('the evidence of an incident', () => {
  it('is listed newest first, by its note where it has one', () => {
    const file = { file: 'evidence/01-a.png', sha256: 'a'.repeat(64), bytes: 3 };
    const [group] = evidenceNodes(
      incidentOf(
        declared(),
        fact('EvidenceAdded', { kind: 'text', text: 'Checkout fails' }),
        fact('EvidenceAdded', { kind: 'picture', text: 'a.png', file, note: 'The graph at noon' }),
      ),
    );
    assert.deepEqual(
      group?.children.map(({ label, icon }) => [label, icon]),
      [
        ['The graph at noon', 'file-media'],
        ['Checkout fails', 'comment-unresolved'],
      ],
    );
    assert.match(group?.children[0]?.tooltip ?? '', /SHA-256 aaaa/);
  });
});
