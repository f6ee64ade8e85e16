import assert from 'node:assert/strict';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { Command } from '../../../src/core/incident/commands.ts';
import type { Incident } from '../../../src/core/incident/incident.ts';
import { createIncidents } from '../../../src/journal/incidents.ts';
import type { Incidents } from '../../../src/journal/incidents.ts';
import { isInterrupted, LIVE_FOLDER } from '../../../src/journal/liveWriters.ts';
import type { LocalJournal } from '../../../src/journal/localJournal.ts';
import { SUMMARIES_FILE } from '../../../src/journal/summaries.ts';
import { createJournalFolder, newId, value } from './journalFolder.ts';
import type { JournalFolder } from './journalFolder.ts';

const declare = (number: string, title = 'Payments failing'): Command => ({
  type: 'Declare',
  data: { number, title, severity: 'SEV2', target: { namespace: 'prod' } },
});
const addNote = (text: string): Command => ({ type: 'AddNote', data: { text } });
const resolve: Command = { type: 'Resolve', data: { cause: 'load', heads: {} } };
const startRun = (run: string): Command => ({
  type: 'StartRun',
  data: {
    run,
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
});

describe('the incidents', function () {
  this.timeout(30_000);
  let at: JournalFolder;
  let open: Incidents[];
  let time: Date;
  const now = () => time;
  const tick = (ms: number) => void (time = new Date(time.getTime() + ms));
  const start = (): { incidents: Incidents; journal: LocalJournal } => {
    const journal = at.journal('Ana', now);
    const incidents = createIncidents({ journal, now, newId });
    open.push(incidents);
    return { incidents, journal };
  };
  /** Settles when `test` is true after a change of the store. */
  const until = (incidents: Incidents, test: () => boolean) =>
    new Promise<void>((done) => {
      if (test()) return done();
      const listening = incidents.onDidChange(() => {
        if (!test()) return;
        listening.dispose();
        done();
      });
    });

  beforeEach(() => {
    at = createJournalFolder();
    open = [];
    time = new Date('2026-11-23T10:00:00.000Z');
  });
  afterEach(async () => {
    for (const incidents of open) await incidents.dispose();
    await at.dispose();
  });

  it('declares, folds, resolves with the heads of the journal, and is all there after a restart', async () => {
    const { incidents, journal } = start();
    assert.deepEqual(value(await incidents.load()), { incidents: 0, unreadable: [] });
    assert.deepEqual(readdirSync(at.folder), []);
    const changes: string[] = [];
    incidents.onDidChange((id) => changes.push(id));
    const { id } = value(await incidents.handle(undefined, declare(incidents.nextNumber())));
    assert.equal(incidents.nextNumber(), '2026-11-23-0002');
    tick(60_000);
    value(await incidents.handle(id, addNote('a note')));
    const { heads } = value(await journal.read(id));
    const resolved = value(await incidents.handle(id, resolve));
    assert.equal(resolved.status, 'resolved');
    assert.deepEqual(changes, [id, id, id]);
    assert.deepEqual(incidents.active(), []);
    const last = resolved.events.at(-1);
    assert.deepEqual(last?.data, { cause: 'load', heads });
    assert.deepEqual(value(await journal.verify(id)), {
      events: 3,
      outputs: 0,
      evidence: 0,
      heads: 1,
      problems: [],
    });
    await incidents.dispose();

    const again = start().incidents;
    value(await again.load());
    assert.equal(again.get(id), undefined, 'a past incident is not read on start');
    assert.deepEqual(again.summaries(), [
      {
        id,
        number: '2026-11-23-0001',
        title: 'Payments failing',
        severity: 'SEV2',
        service: undefined,
        status: 'resolved',
        declaredAt: '2026-11-23T10:00:00.000Z',
        resolvedAt: '2026-11-23T10:01:00.000Z',
        durationMs: 60_000,
      },
    ]);
    assert.deepEqual(value(await again.open(id)), resolved);
    assert.deepEqual(again.problems(id), []);
  });

  it('leaves nothing behind when it refuses', async () => {
    const { incidents } = start();
    value(await incidents.load());
    const refused = await incidents.handle(undefined, declare('2026-11-23-0001', '   '));
    assert.equal(!refused.ok && refused.failure.code, 'invalid');
    assert.deepEqual(readdirSync(at.folder), []);
    const nobody = await incidents.handle(undefined, addNote('x'));
    assert.equal(!nobody.ok && nobody.failure.code, 'not-found');
    const unknown = await incidents.handle(newId(), addNote('x'));
    assert.equal(!unknown.ok && unknown.failure.code, 'not-found');
    assert.deepEqual(readdirSync(at.folder), []);
    const { id } = value(await incidents.handle(undefined, declare('2026-11-23-0001')));
    const twice = await incidents.handle(id, declare('2026-11-23-0002'));
    assert.equal(!twice.ok && twice.failure.code, 'conflict');
    assert.equal(incidents.get(id)?.events.length, 1);
  });

  it('keeps its state when the disk refuses', async () => {
    const { incidents, journal } = start();
    value(await incidents.load());
    const { id } = value(await incidents.handle(undefined, declare('2026-11-23-0001')));
    await journal.dispose();
    const refused = await incidents.handle(id, addNote('x'));
    assert.equal(refused.ok, false);
    assert.equal(incidents.get(id)?.notes.length, 0);
  });

  it('handles many commands at once one after another', async () => {
    const { incidents } = start();
    const { id } = value(await incidents.handle(undefined, declare('2026-11-23-0001')));
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, i) => incidents.handle(id, addNote(`${i}`))),
    );
    results.forEach(value);
    assert.deepEqual(
      incidents.get(id)?.notes.map(({ text }) => text),
      Array.from({ length: 20 }, (_, i) => `${i}`),
    );
  });

  it('shows a second window what the first one does, both ways', async () => {
    const one = start().incidents;
    const two = start().incidents;
    value(await one.load());
    value(await two.load());
    const { id } = value(await one.handle(undefined, declare('2026-11-23-0001')));
    await until(two, () => two.active().length === 1);
    value(await two.handle(id, addNote('from two')));
    await until(one, () => one.get(id)?.notes.length === 1);
    value(await one.handle(id, resolve));
    await until(two, () => two.get(id)?.status === 'resolved');
    const states = [one, two].map((store) => store.get(id));
    assert.deepEqual(states[1], states[0]);
    assert.equal(two.nextNumber(), '2026-11-23-0002');
  });

  it('does not decide on a state that another window has changed already', async () => {
    const one = start().incidents;
    const two = start().incidents;
    const { id } = value(await one.handle(undefined, declare('2026-11-23-0001')));
    value(await two.open(id));
    value(await one.handle(id, { type: 'Acknowledge' }));
    const refused = await two.handle(id, { type: 'Acknowledge' });
    assert.equal(!refused.ok && refused.failure.code, 'conflict');
  });

  it('notices when another window reopens an incident this one never read', async () => {
    const first = start().incidents;
    const { id } = value(await first.handle(undefined, declare('2026-11-23-0001')));
    value(await first.handle(id, resolve));
    await first.dispose();
    const one = start().incidents;
    const two = start().incidents;
    value(await one.load());
    value(await two.load());
    value(await two.handle(id, { type: 'Reopen', data: {} }));
    await until(one, () => one.active().length === 1);
    assert.equal(one.summaries()[0]?.status, 'active');
  });

  it('drops an incident whose folder is gone, and takes in one that was copied in', async () => {
    const { incidents } = start();
    value(await incidents.load());
    const { id } = value(await incidents.handle(undefined, declare('2026-11-23-0001')));
    const other = createJournalFolder();
    try {
      const journal = other.journal();
      const elsewhere = createIncidents({ journal, now, newId });
      const copied = value(await elsewhere.handle(undefined, declare('2026-11-23-0001', 'Elsewhere')));
      await elsewhere.dispose();
      cpSync(join(other.folder, copied.id), join(at.folder, copied.id), { recursive: true });
      await until(incidents, () => incidents.get(copied.id)?.title === 'Elsewhere');
      assert.equal(incidents.summaries().length, 2, 'two that took one number stay two');
      rmSync(join(at.folder, copied.id), { recursive: true });
      await until(incidents, () => incidents.get(copied.id) === undefined);
      assert.deepEqual(
        incidents.summaries().map((summary) => summary.id),
        [id],
      );
    } finally {
      await other.dispose();
    }
  });

  it('says which folders it cannot make an incident of', async () => {
    const id = newId();
    mkdirSync(join(at.folder, id));
    writeFileSync(join(at.folder, id, `${newId()}.jsonl`), 'nothing\n');
    mkdirSync(join(at.folder, 'no incident'));
    const { incidents } = start();
    assert.deepEqual(value(await incidents.load()), { incidents: 1, unreadable: [id] });
    const opened = await incidents.open(id);
    assert.equal(!opened.ok && opened.failure.code, 'not-found');
    assert.deepEqual(
      incidents.problems(id).map(({ code }) => code),
      ['unreadable-line'],
    );
  });

  describe('summaries', () => {
    const past = async (count: number): Promise<Incident[]> => {
      const { incidents } = start();
      const made: Incident[] = [];
      for (let i = 0; i < count; i += 1) {
        const { id } = value(await incidents.handle(undefined, declare(incidents.nextNumber(), `No. ${i}`)));
        tick(60_000);
        made.push(value(await incidents.handle(id, resolve)));
      }
      value(await incidents.load());
      await incidents.dispose();
      return made;
    };
    const titles = (incidents: Incidents) => incidents.summaries().map(({ title }) => title);

    it('come from the cache while its stamps fit, and from the journal when they do not', async () => {
      const [first, second] = await past(2);
      assert.ok(first && second);
      const path = join(at.folder, SUMMARIES_FILE);
      // A wrong title proves where it was read from.
      writeFileSync(path, readFileSync(path, 'utf8').replaceAll('No. ', 'Cached '));
      const cached = start().incidents;
      value(await cached.load());
      assert.deepEqual(titles(cached), ['Cached 1', 'Cached 0']);
      await cached.dispose();

      const [file] = readdirSync(join(at.folder, first.id));
      appendFileSync(join(at.folder, first.id, file ?? ''), '\n');
      const stale = start().incidents;
      value(await stale.load());
      assert.deepEqual(titles(stale), ['Cached 1', 'No. 0']);
    });

    it('are made again when the cache is garbage, and garbage in it is not believed', async () => {
      await past(2);
      const path = join(at.folder, SUMMARIES_FILE);
      const good = readFileSync(path, 'utf8');
      for (const bad of ['', '{', '[]', 'null', good.slice(0, -20), good.replaceAll('"title"', '"tittle"')]) {
        writeFileSync(path, bad);
        const { incidents } = start();
        value(await incidents.load());
        assert.deepEqual(titles(incidents), ['No. 1', 'No. 0']);
        await incidents.dispose();
        assert.equal(readFileSync(path, 'utf8').includes('No. 1'), true, 'the cache is made again');
      }
    });

    it('forget folders that are gone', async () => {
      const [first] = await past(2);
      rmSync(join(at.folder, first?.id ?? ''), { recursive: true });
      const { incidents } = start();
      value(await incidents.load());
      assert.deepEqual(titles(incidents), ['No. 1']);
    });
  });

  describe('a run without an end', () => {
    it('goes on while its writer lives, and is interrupted when the process is gone', async () => {
      const one = start();
      const two = start();
      const { id } = value(await one.incidents.handle(undefined, declare('2026-11-23-0001')));
      const started = value(await one.incidents.handle(id, startRun('r1')));
      value(await two.incidents.load());
      const [run] = started.runs;
      assert.ok(run);
      assert.equal(isInterrupted(run, two.incidents.liveWriters()), false);
      // What a killed process leaves: a sign of life with the number of a process that is not there.
      const beat = join(at.folder, LIVE_FOLDER, `${one.journal.writer}.json`);
      const gone = {
        ...(JSON.parse(readFileSync(beat, 'utf8')) as object),
        pid: 2 ** 22 + 1,
        host: hostname(),
      };
      writeFileSync(beat, JSON.stringify(gone));
      await until(two.incidents, () => isInterrupted(run, two.incidents.liveWriters()));
      assert.equal(
        isInterrupted({ ...run, end: { at: '', outcome: { kind: 'stopped' }, durationMs: 1 } }, new Set()),
        false,
      );
    });

    it('is interrupted when its window was closed, or has not been heard of for long', async () => {
      const one = start();
      const two = start();
      const { id } = value(await one.incidents.handle(undefined, declare('2026-11-23-0001')));
      const [run] = value(await one.incidents.handle(id, startRun('r1'))).runs;
      assert.ok(run);
      assert.equal(isInterrupted(run, await two.journal.liveWriters()), false);
      tick(60_000);
      assert.equal(isInterrupted(run, await two.journal.liveWriters()), true);
      tick(-60_000);
      assert.equal(isInterrupted(run, await two.journal.liveWriters()), false);
      await one.journal.dispose();
      assert.equal(isInterrupted(run, await two.journal.liveWriters()), true);
      assert.equal(existsSync(join(at.folder, LIVE_FOLDER, '.gitignore')), true);
    });
  });
});
