import assert from 'node:assert/strict';
import fc from 'fast-check';
import { lookUpCommand } from '../../../../src/core/inputs/lookUpCommand.ts';
import { tableDetails } from '../../../../src/core/inputs/tableDetails.ts';

const pods = [
  'NAME         READY   STATUS             RESTARTS      AGE',
  'payment-1    0/1     CrashLoopBackOff   12 (2m ago)   3h',
  'payment-2    1/1     Running            0             3h',
  'payment-3    0/1     Pending            1             3h',
].join('\n');

describe('what a table says of a name', () => {
  it('is how a pod is', () => {
    assert.deepEqual(
      [...tableDetails(pods)],
      [
        ['payment-1', '0/1 CrashLoopBackOff, 12 restarts'],
        ['payment-2', '1/1 Running'],
        ['payment-3', '0/1 Pending, 1 restart'],
      ],
    );
  });

  it('is when and by whom a revision was deployed, also where a cell is empty', () => {
    const history = [
      'ID  DATE                           REVISION        LIVE  AUTHOR  MESSAGE',
      '41  2026-11-23 14:02:11 +0000 UTC  main (0c1d2e3)        Ana     Raise the pool',
      '42  2026-11-23 15:02:11 +0000 UTC  main (1c1d2e3)  now           ',
    ].join('\n');
    assert.equal(tableDetails(history).get('41'), 'deployed 2026-11-23 14:02 UTC by Ana, Raise the pool');
    assert.equal(tableDetails(history).get('42'), 'deployed 2026-11-23 15:02 UTC');
  });

  it('is nothing for text that is no table, and never throws', () => {
    assert.equal(tableDetails('No resources found').size, 0);
    fc.assert(fc.property(fc.string(), (text) => void tableDetails(`${pods}\n${text}\n${text}`)));
  });
});

describe('the command of a look-up', () => {
  it('never takes another word for an app', () => {
    fc.assert(
      fc.property(fc.string(), (app) => {
        const command = lookUpCommand('revision', { context: 'c' }, app);
        assert.ok(command === undefined || /^argocd app history [a-z0-9./-]+$/.test(command), command);
      }),
    );
  });
});
