import assert from 'node:assert/strict';
import type { Command } from '../../../src/core/incident/commands.ts';
import type { Incident } from '../../../src/core/incident/incident.ts';
import { endInterruptedRuns } from '../../../src/journal/endInterruptedRuns.ts';
import { createIncidents } from '../../../src/journal/incidents.ts';
import { createJournalFolder, newId, value } from './journalFolder.ts';
import type { JournalFolder } from './journalFolder.ts';

const declare: Command = {
  type: 'Declare',
  data: {
    number: '2026-11-23-0001',
    title: 'Payments failing',
    severity: 'SEV2',
    target: { namespace: 'prod' },
  },
};
const startRun: Command = {
  type: 'StartRun',
  data: {
    run: 'r1',
    step: 's1',
    sequence: 'q1',
    text: 'Check pods',
    kind: 'shell',
    command: 'true',
    original: 'true',
    target: {},
    risk: 'read',
    confirmed: false,
  },
};
const endRun: Command = {
  type: 'EndRun',
  data: { run: 'r1', outcome: { kind: 'succeeded', exitCode: 0 }, durationMs: 9_000 },
};

describe('ending interrupted runs', function () {
  this.timeout(30_000);
  let at: JournalFolder;
  let dispose: (() => Promise<void>)[];
  let time: Date;
  const now = () => time;
  /** One window of the extension: its incidents over a journal of its own, on the shared folder. */
  const openWindow = () => {
    const journal = at.journal('Ana', now);
    const incidents = createIncidents({ journal, now, newId });
    dispose.push(() => incidents.dispose());
    const endInterrupted = () => endInterruptedRuns(incidents, journal, () => time.toISOString());
    return { journal, incidents, endInterrupted };
  };
  type Window = ReturnType<typeof openWindow>;
  const declareAndRun = async ({ incidents }: Window): Promise<string> => {
    const { id } = value(await incidents.handle(undefined, declare));
    value(await incidents.handle(id, startRun));
    return id;
  };
  const reread = async ({ incidents }: Window, id: string): Promise<Incident> =>
    value(await incidents.refresh(id));

  beforeEach(() => {
    at = createJournalFolder();
    dispose = [];
    time = new Date('2026-11-23T10:00:00.000Z');
  });
  afterEach(async () => {
    for (const end of dispose) await end();
    await at.dispose();
  });

  it('records for a run whose window was closed that its end is not known', async () => {
    const closed = openWindow();
    const id = await declareAndRun(closed);
    await closed.journal.dispose();
    time = new Date('2026-11-23T10:05:00.000Z');
    const next = openWindow();
    value(await next.incidents.load());
    await next.endInterrupted();
    const end = (await reread(next, id)).runs[0]?.end;
    assert.ok(end?.outcome.kind === 'failed');
    assert.match(end.outcome.message, /^Interrupted:.*not known/);
    assert.equal(end.durationMs, 5 * 60_000);
    assert.equal(end.interrupted, true);
  });

  it('leaves a run alone whose window lives, its own and another one', async () => {
    const one = openWindow();
    const two = openWindow();
    const id = await declareAndRun(one);
    value(await two.incidents.load());
    await two.endInterrupted();
    await one.endInterrupted();
    assert.equal((await reread(two, id)).runs[0]?.end, undefined);
  });

  it('ends a run once, when two windows open at the same time', async () => {
    const closed = openWindow();
    const id = await declareAndRun(closed);
    await closed.journal.dispose();
    const two = openWindow();
    const three = openWindow();
    value(await two.incidents.load());
    value(await three.incidents.load());
    await Promise.all([two.endInterrupted(), three.endInterrupted()]);
    const { runs } = await reread(two, id);
    assert.equal(runs.length, 1);
    assert.equal(runs[0]?.end?.interrupted, true);
  });

  it('lets the true end of a run count that was only silent for long', async () => {
    const slow = openWindow();
    const id = await declareAndRun(slow);
    // A laptop that slept: no sign of life for a minute, but the window is still there.
    time = new Date('2026-11-23T10:01:00.000Z');
    const two = openWindow();
    value(await two.incidents.load());
    await two.endInterrupted();
    assert.equal((await reread(two, id)).runs[0]?.end?.interrupted, true);
    value(await slow.incidents.handle(id, endRun));
    const end = (await reread(two, id)).runs[0]?.end;
    assert.deepEqual(end?.outcome, { kind: 'succeeded', exitCode: 0 });
    assert.equal(end.durationMs, 9_000);
  });

  it('keeps what the run had printed, and stays whole when it was only silent and prints more', async () => {
    const slow = openWindow();
    const id = await declareAndRun(slow);
    const output = value(await slow.journal.openOutput(id, 'r1'));
    await output.write('one\ntwo\n');
    const file = 'output/r1.log';
    while (value(await slow.journal.readOutputTail(id, file, 5)) === '')
      await new Promise((resolve) => setImmediate(resolve));
    time = new Date('2026-11-23T10:01:00.000Z');
    const two = openWindow();
    value(await two.incidents.load());
    await two.endInterrupted();
    const end = (await reread(two, id)).runs[0]?.end;
    assert.equal(end?.output?.file, file);
    assert.equal(end.output.lines, 2);
    await output.write('three\n');
    const ref = await output.end();
    value(
      await slow.incidents.handle(id, {
        type: 'EndRun',
        data: { run: 'r1', outcome: { kind: 'succeeded' }, durationMs: 9, output: ref },
      }),
    );
    const verified = value(await two.journal.verify(id));
    assert.deepEqual(verified.problems, []);
    assert.equal(verified.outputs, 2);
    assert.equal((await reread(two, id)).runs[0]?.end?.output?.lines, 3);
  });

  it('writes nothing for a run that ended', async () => {
    const one = openWindow();
    const id = await declareAndRun(one);
    value(await one.incidents.handle(id, endRun));
    await one.journal.dispose();
    const two = openWindow();
    value(await two.incidents.load());
    const before = (await reread(two, id)).events.length;
    await two.endInterrupted();
    assert.equal((await reread(two, id)).events.length, before);
  });
});
