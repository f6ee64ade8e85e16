import assert from 'node:assert/strict';
import {
  appendFileSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { recordOfIncident } from '../../../src/core/history/incidentRecord.ts';
import { replay } from '../../../src/core/incident/evolve.ts';
import { findPostMortems, importPostMortems } from '../../../src/journal/importedPostMortems.ts';
import { createIncidentRecords, type LoadRecords } from '../../../src/journal/incidentRecords.ts';
import { createIncidents } from '../../../src/journal/incidents.ts';
import { INDEX_FILE, readIndex } from '../../../src/journal/recordIndex.ts';
import { SUMMARIES_FILE } from '../../../src/journal/summaries.ts';
import { journalText, manyIncidents } from '../../support/manyIncidents.ts';
import { createJournalFolder, newId, value, type JournalFolder } from './journalFolder.ts';

describe('the records of a journal’s incidents', () => {
  const made = manyIncidents(60);
  let at: JournalFolder;
  beforeEach(() => {
    at = createJournalFolder();
    for (const { id, events } of made) {
      mkdirSync(join(at.folder, id));
      writeFileSync(fileOf(id), journalText(events));
    }
  });
  afterEach(() => at.dispose());

  const fileOf = (id: string): string => {
    const events = made.find((one) => one.id === id)?.events ?? [];
    return join(at.folder, id, `${events[0]?.writer}.jsonl`);
  };
  const index = (): string => join(at.folder, INDEX_FILE);
  /** One activation: what it loads, and how many journals it had to read for it. */
  const load = async (options: LoadRecords = {}) => {
    const journal = at.journal();
    const incidents = createIncidents({ journal, now: () => new Date(), newId });
    value(await incidents.load());
    let read = 0;
    const counted = { ...journal, read: (id: string) => ((read += 1), journal.read(id)) };
    try {
      return { ...(await createIncidentRecords(incidents, counted).load(options)), read };
    } finally {
      await incidents.dispose();
    }
  };
  const active = made.filter(({ events }) => replay(events)?.status === 'active').length;

  it('are read from the journals once, and from the index from then on', async () => {
    const first = await load();
    assert.equal(first.records.length, 60);
    assert.equal(first.read, 60 - active);
    const second = await load();
    assert.equal(second.read, 0);
    // As JSON has them: what is not known is not there at all.
    const sorted = (all: typeof first.records): unknown =>
      JSON.parse(JSON.stringify([...all].sort((a, b) => (a.id < b.id ? -1 : 1))));
    assert.deepEqual(sorted(second.records), sorted(first.records));
  });

  it('are read anew where a journal has changed, and only those', async () => {
    await load();
    const changed = made[4]!.id;
    const [declare] = readFileSync(fileOf(changed), 'utf8').split('\n');
    writeFileSync(fileOf(changed), `${declare?.replace(/"title":"[^"]*"/, '"title":"Renamed"')}\n`);
    const before = readFileSync(index(), 'utf8');
    const again = await load();
    assert.equal(again.records.find(({ id }) => id === changed)?.title, 'Renamed');
    // What was only a declare is active now, so it stands in memory.
    assert.equal(again.read, 0);
    assert.equal(readFileSync(index(), 'utf8'), before);
    appendFileSync(fileOf(made[7]!.id), '\n');
    assert.equal((await load()).read, 1);
    assert.ok(readFileSync(index(), 'utf8').startsWith(before), 'what was there is left as it was');
  });

  it('survive an index cut in half, torn, of another version, or of nonsense: nothing is lost but time', async () => {
    const whole = await load();
    const bytes = statSync(index()).size;
    truncateSync(index(), Math.floor(bytes / 2));
    const half = await load();
    assert.equal(half.records.length, 60);
    assert.ok(half.read > 0 && half.read < 60 - active, `${half.read} were read`);
    assert.equal((await load()).read, 0);
    writeFileSync(index(), readFileSync(index(), 'utf8').replaceAll('"version":3', '"version":9'));
    assert.equal((await load()).read, 60 - active);
    writeFileSync(index(), '{"version":3}\nnull\n[]\n\u0000\n{"version":3,"stamp":"x","record":{"id":7}}\n');
    assert.equal((await load()).records.length, whole.records.length);
  });

  it('are not believed where a byte of their line was changed', async () => {
    await load();
    const [, first = ''] = readFileSync(index(), 'utf8').split('\n');
    const id = /"id":"([^"]+)"/.exec(first)?.[1];
    const places = fc.integer({ min: 0, max: first.length - 1 });
    await fc.assert(
      fc.asyncProperty(places, async (place) => {
        const other = first[place] === '7' ? '8' : '7';
        writeFileSync(index(), `${first.slice(0, place)}${other}${first.slice(place + 1)}\n`);
        assert.deepEqual([...(await readIndex(at.folder)).entries.keys()], []);
      }),
    );
    writeFileSync(index(), `${first}\n`);
    assert.deepEqual([...(await readIndex(at.folder)).entries.keys()], [id]);
  });

  it('have the shape that this version of the index is for: raise it when this has to be changed', () => {
    const places = new Set<string>();
    const walk = (value: unknown, place: string): void => {
      if (Array.isArray(value)) for (const one of value) walk(one, `${place}[]`);
      else if (typeof value === 'object' && value !== null)
        for (const [name, one] of Object.entries(value)) walk(one, place === '' ? name : `${place}.${name}`);
      else if (value !== undefined) places.add(`${place} ${typeof value}`);
    };
    for (const { events } of made) {
      const incident = replay(events);
      if (incident) walk(recordOfIncident(incident), '');
    }
    assert.deepEqual([...places].sort(), [
      'actions[].done boolean',
      'actions[].due string',
      'actions[].text string',
      'alerts[] string',
      'cause string',
      'declaredAt string',
      'drill boolean',
      'durationMs number',
      'errors[] string',
      'guideFile string',
      'id string',
      'number string',
      'people[] string',
      'resolvedAt string',
      'reviewedAt string',
      'service string',
      'severity string',
      'snoozes[][] number',
      'status string',
      'steps[].failed number',
      'steps[].runs number',
      'steps[].sequence string',
      'steps[].skipped boolean',
      'steps[].step string',
      'steps[].text string',
      'text string',
      'times.acknowledge number',
      'times.detect number',
      'times.mitigate number',
      'times.resolve number',
      'title string',
      'updates[] number',
      'wasSeenToRecur boolean',
    ]);
  });

  it('survive summaries that are cut in half', async () => {
    await load();
    truncateSync(join(at.folder, SUMMARIES_FILE), 300);
    assert.equal((await load()).records.length, 60);
  });

  it('leave out a journal without a readable declare, and keep the others', async () => {
    truncateSync(fileOf(made[2]!.id), 40);
    assert.equal((await load()).records.length, 59);
  });

  it('keep a journal whose last line was torn', async () => {
    const id = made[5]!.id;
    truncateSync(fileOf(id), statSync(fileOf(id)).size - 20);
    const { records } = await load();
    assert.ok(records.some((record) => record.id === id));
  });

  it('stop when they are called off, and keep what was read until then', async () => {
    const abort = new AbortController();
    const begun = load({
      signal: abort.signal,
      onProgress: (read) => {
        if (read === 20) abort.abort();
      },
    });
    await assert.rejects(begun, { name: 'AbortError' });
    const after = await load();
    assert.ok(after.read <= 60 - active - 20, `${after.read} were read again`);
    assert.equal(after.records.length, 60);
  });

  it('are in memory where the index cannot be written', async () => {
    mkdirSync(index());
    assert.equal((await load()).records.length, 60);
  });

  it('come with the post-mortems that were imported, which are read once and again when they change', async () => {
    const folder = join(at.folder, 'by-hand');
    mkdirSync(join(folder, '2024'), { recursive: true });
    const text = '# Post-mortem: Old one\n\nDate: 2024-05-06\nSeverity: SEV2\n\n## Root cause\nA typo.\n';
    writeFileSync(join(folder, '2024', 'a.md'), text);
    writeFileSync(join(folder, '2024', 'copy of a.md'), text);
    writeFileSync(join(folder, 'README.md'), '# Read me\n');
    writeFileSync(
      join(folder, 'ours.md'),
      `# Post-mortem\n\n- Incident: 2026-11-23-0001\n- Severity: SEV1\n\n## Impact\n`,
    );
    const scan = async () => value(await findPostMortems(folder, new Set(['2026-11-23-0001'])));
    const { found, skipped } = await scan();
    assert.deepEqual(
      skipped.map(({ file, because }) => `${file}: ${because}`),
      [
        'README.md: Nothing of a post-mortem was found in it.',
        'ours.md: It is of 2026-11-23-0001, which is in History already.',
      ],
    );
    assert.deepEqual(value(await importPostMortems(at.folder, found, 'w')), {
      added: 1,
      updated: 0,
      unchanged: 1,
    });
    const imported = async () => (await load()).records.filter((record) => record.imported !== undefined);
    const [record] = await imported();
    assert.deepEqual(
      [record?.title, record?.declaredAt, record?.severity, record?.service, record?.durationMs],
      ['Old one', '2024-05-06', 'SEV2', undefined, undefined],
    );
    writeFileSync(join(folder, '2024', 'a.md'), text.replace('SEV2', 'SEV1'));
    rmSync(join(folder, '2024', 'copy of a.md'));
    assert.deepEqual(value(await importPostMortems(at.folder, (await scan()).found, 'w')), {
      ...{ added: 0, updated: 1, unchanged: 0 },
    });
    assert.deepEqual(
      (await imported()).map(({ severity }) => severity),
      ['SEV1'],
    );
  });

  it('say where a folder cannot be read, and when the disk refuses a copy', async () => {
    const gone = await findPostMortems(join(at.folder, 'nowhere'), new Set());
    assert.ok(!gone.ok);
    assert.match(gone.failure.message, /cannot be read\. Nothing was imported\. Choose a folder/);
    writeFileSync(join(at.folder, 'imported'), 'in the way');
    const folder = join(at.folder, 'by-hand');
    mkdirSync(folder);
    writeFileSync(join(folder, 'a.md'), '# Post-mortem\n\nDate: 2024-05-06\n\n## Impact\n');
    const { found } = value(await findPostMortems(folder, new Set()));
    const refused = await importPostMortems(at.folder, found, 'w');
    assert.ok(!refused.ok);
    assert.equal(refused.failure.code, 'storage');
    assert.match(refused.failure.message, /nothing was imported.*Everything recorded before is safe/);
  });
});
