import assert from 'node:assert/strict';
import { isKnown } from '../../../src/core/incident/evolve.ts';
import { parseEvent } from '../../../src/journal/eventSchema.ts';
import { runStarted } from '../../support/builders.ts';
import { newId } from './journalFolder.ts';

const isTaken = (type: string, data: unknown): boolean => {
  const parsed = parseEvent(
    JSON.stringify({
      id: newId(),
      incident: newId(),
      writer: newId(),
      n: 1,
      clock: '000000000000001-00000',
      time: '2026-11-23T10:30:00.000Z',
      by: 'Ana',
      type,
      version: 1,
      data,
      prev: '',
    }),
  );
  return parsed.ok && isKnown(parsed.value);
};

describe('several steps run together, read back from the journal', () => {
  const ended = { sequence: 'q', title: '503', ended: 'stopped', message: 'Stopped.', passedOver: [] };

  it('takes how they ended, and nothing that only looks like it', () => {
    assert.ok(
      isTaken('RunAllEnded', { ...ended, dry: true, passedOver: [{ step: 's', text: 'x', because: 'y' }] }),
    );
    assert.ok(!isTaken('RunAllEnded', { ...ended, ended: 'somehow' }));
    assert.ok(!isTaken('RunAllEnded', { ...ended, passedOver: ['s'] }));
  });

  it('takes a run of an older build, a dry run and one in the background', () => {
    const { data } = runStarted();
    assert.ok(isTaken('RunStarted', data));
    assert.ok(isTaken('RunStarted', { ...data, dryRun: true, background: true }));
    assert.ok(!isTaken('RunStarted', { ...data, dryRun: 'yes' }));
  });
});
