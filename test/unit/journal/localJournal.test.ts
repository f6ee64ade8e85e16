import assert from 'node:assert/strict';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { AnyEvent } from '../../../src/core/incident/events.ts';
import { evidencePath, keepEvidence } from '../../../src/journal/evidenceFile.ts';
import { hashLine } from '../../../src/journal/parseJournalFile.ts';
import { createJournalFolder, declared, newId, note, value } from './journalFolder.ts';
import type { JournalFolder } from './journalFolder.ts';

const texts = (events: readonly AnyEvent[]): unknown[] =>
  events.map((event) => (event.data as { text?: string }).text ?? event.type);

describe('the local journal', () => {
  let at: JournalFolder;
  beforeEach(() => {
    at = createJournalFolder();
  });
  afterEach(() => at.dispose());

  const fileOf = (incident: string, writer: string) => join(at.folder, incident, `${writer}.jsonl`);

  it('makes nothing before the first append', async () => {
    const journal = at.journal('Ana', undefined, join(at.folder, 'deep', 'journal'));
    assert.deepEqual(value(await journal.listIncidents()), []);
    const read = await journal.read(newId());
    assert.equal(!read.ok && read.failure.code, 'not-found');
    assert.deepEqual(readdirSync(at.folder), []);
    value(await journal.append(newId(), [declared()]));
    assert.equal(value(await journal.listIncidents()).length, 1);
  });

  it('writes lines whose chain anyone can verify with SHA-256', async () => {
    const journal = at.journal();
    const incident = newId();
    value(await journal.append(incident, [declared(), note('one')]));
    value(await journal.append(incident, [note('two')]));
    const lines = readFileSync(fileOf(incident, journal.writer), 'utf8').trimEnd().split('\n');
    const events = lines.map((line) => JSON.parse(line) as AnyEvent);
    assert.deepEqual(
      events.map(({ n, prev, by, version }) => ({ n, prev, by, version })),
      [
        { n: 1, prev: '', by: 'Ana', version: 1 },
        { n: 2, prev: hashLine(lines[0] ?? ''), by: 'Ana', version: 1 },
        { n: 3, prev: hashLine(lines[1] ?? ''), by: 'Ana', version: 1 },
      ],
    );
    const reading = value(await journal.read(incident));
    assert.deepEqual(reading.events, events);
    assert.deepEqual(reading.heads, { [journal.writer]: hashLine(lines[2] ?? '') });
    assert.deepEqual(reading.problems, []);
    assert.deepEqual(value(await journal.verify(incident)).problems, []);
  });

  it('puts concurrent appends of one incident in a row', async () => {
    const journal = at.journal();
    const incident = newId();
    const results = await Promise.all(
      Array.from({ length: 30 }, (_, i) => journal.append(incident, [note(`${i}a`), note(`${i}b`)])),
    );
    const written = results.flatMap((result) => [...value(result)]);
    const reading = value(await journal.read(incident));
    assert.deepEqual(reading.events, written);
    assert.deepEqual(reading.problems, []);
  });

  it('merges two writers in clock order, and what was read sorts before what is written after', async () => {
    const ahead = at.journal('Ana', () => new Date('2026-11-23T10:00:00Z'));
    const behind = at.journal('Ben', () => new Date('2026-11-23T09:00:00Z'));
    const incident = newId();
    value(await ahead.append(incident, [declared(), note('ana 1')]));
    value(await behind.read(incident));
    value(await behind.append(incident, [note('ben 1')]));
    value(await ahead.read(incident));
    value(await ahead.append(incident, [note('ana 2')]));
    const reading = value(await behind.read(incident));
    assert.deepEqual(texts(reading.events), ['IncidentDeclared', 'ana 1', 'ben 1', 'ana 2']);
    assert.deepEqual(Object.keys(reading.heads).sort(), [ahead.writer, behind.writer].sort());
    assert.equal(reading.events[2]?.time, '2026-11-23T09:00:00.000Z');
    assert.deepEqual(reading.problems, []);
  });

  it('never reopens a file: another activation is another writer', async () => {
    const incident = newId();
    const first = at.journal();
    value(await first.append(incident, [declared()]));
    await first.dispose();
    const second = at.journal();
    value(await second.append(incident, [note('later')]));
    const files = readdirSync(join(at.folder, incident)).sort();
    assert.deepEqual(files, [`${first.writer}.jsonl`, `${second.writer}.jsonl`].sort());
    const refused = await first.append(incident, [note('too late')]);
    assert.equal(!refused.ok && refused.failure.code, 'cancelled');
  });

  it('shows a tampered line where it stands and says so', async () => {
    const journal = at.journal();
    const incident = newId();
    value(await journal.append(incident, [declared(), note('scaled to 3'), note('end')]));
    const path = fileOf(incident, journal.writer);
    writeFileSync(path, readFileSync(path, 'utf8').replace('scaled to 3', 'scaled to 9'));
    const reading = value(await at.journal().read(incident));
    assert.deepEqual(texts(reading.events), ['IncidentDeclared', 'scaled to 9', 'end']);
    assert.deepEqual(
      reading.problems.map(({ file, line, code }) => ({ file, line, code })),
      [{ file: `${journal.writer}.jsonl`, line: 3, code: 'broken-chain' }],
    );
  });

  it('shows a line that was taken out, and keeps lines around one that cannot be read', async () => {
    const journal = at.journal();
    const incident = newId();
    value(await journal.append(incident, [declared(), note('a'), note('b'), note('c')]));
    const path = fileOf(incident, journal.writer);
    const lines = readFileSync(path, 'utf8').split('\n');
    writeFileSync(path, lines.filter((_, i) => i !== 1).join('\n'));
    const cut = value(await at.journal().read(incident));
    assert.deepEqual(texts(cut.events), ['IncidentDeclared', 'b', 'c']);
    assert.deepEqual(
      cut.problems.map(({ line, code }) => [line, code]),
      [[2, 'broken-chain']],
    );

    writeFileSync(path, lines.map((line, i) => (i === 1 ? '{"broken' : line)).join('\n'));
    const broken = value(await at.journal().read(incident));
    assert.deepEqual(texts(broken.events), ['IncidentDeclared', 'b', 'c']);
    assert.deepEqual(
      broken.problems.map(({ line, code }) => [line, code]),
      [
        [2, 'unreadable-line'],
        [3, 'broken-chain'],
      ],
    );
  });

  it('loses nothing but the torn line, wherever the last line is cut', async () => {
    const journal = at.journal();
    const incident = newId();
    value(await journal.append(incident, [declared(), note('one'), note('two')]));
    const path = fileOf(incident, journal.writer);
    const whole = readFileSync(path);
    const lastStart = whole.lastIndexOf(0x0a, whole.length - 2) + 1;
    for (let size = lastStart; size < whole.length; size += 1) {
      writeFileSync(path, whole.subarray(0, size));
      const { events, problems } = value(await at.journal().read(incident));
      // Without its line end alone the last line is still whole.
      const complete = size === whole.length - 1;
      const torn = !complete && size > lastStart;
      assert.deepEqual(
        texts(events),
        ['IncidentDeclared', 'one', ...(complete ? ['two'] : [])],
        `cut at ${size}`,
      );
      assert.deepEqual(
        problems.map(({ code, line }) => [code, line]),
        torn ? [['torn-tail', 3]] : [],
      );
    }
  });

  it('takes CRLF, which git on Windows may write, for a line end', async () => {
    const journal = at.journal();
    const incident = newId();
    value(await journal.append(incident, [declared(), note('one')]));
    const path = fileOf(incident, journal.writer);
    writeFileSync(path, readFileSync(path, 'utf8').replaceAll('\n', '\r\n'));
    const reading = value(await at.journal().read(incident));
    assert.equal(reading.events.length, 2);
    assert.deepEqual(reading.problems, []);
  });

  it('keeps what it does not know: types, versions, and known types with other data', async () => {
    const journal = at.journal();
    const incident = newId();
    const [first] = value(await journal.append(incident, [declared()]));
    const writer = newId();
    const base = { ...first, writer, clock: '999999999999998-00000' };
    const lines: string[] = [];
    const add = (event: object) => {
      const prev = lines.length === 0 ? '' : hashLine(lines.at(-1) ?? '');
      lines.push(JSON.stringify({ ...base, id: newId(), n: lines.length + 1, ...event, prev }));
    };
    add({ type: 'MoonPhaseSeen', data: { phase: 'full' } });
    add({ type: 'NoteAdded', version: 2, data: { markdown: '*hi*' } });
    add({ type: 'NoteAdded', data: { text: 7 } });
    add({
      type: 'RunEnded',
      data: {
        run: 'r',
        outcome: { kind: 'stopped' },
        durationMs: 1,
        output: { file: '../../x', sha256: 'a'.repeat(64), bytes: 1, lines: 1 },
      },
    });
    add({ type: 'NoteAdded', data: { text: 'plain', mood: 'calm' } });
    writeFileSync(fileOf(incident, writer), `${lines.join('\n')}\n`);
    const { events, problems } = value(await journal.read(incident));
    assert.deepEqual(problems, []);
    assert.deepEqual(
      events.slice(1).map((event) => [event.type, event.version, 'unknown' in event, event.data]),
      [
        ['MoonPhaseSeen', 1, true, { phase: 'full' }],
        ['NoteAdded', 2, true, { markdown: '*hi*' }],
        ['NoteAdded', 1, true, { text: 7 }],
        ['RunEnded', 1, true, (JSON.parse(lines[3] ?? '') as AnyEvent).data],
        ['NoteAdded', 1, false, { text: 'plain', mood: 'calm' }],
      ],
    );
    // A clock from the far future is followed, not fought: order stays.
    const [after] = value(await journal.append(incident, [note('after')]));
    assert.ok(after && after.clock > base.clock);
  });

  it('does not mix in lines of another incident, and says where they are', async () => {
    const journal = at.journal();
    const [one, two] = [newId(), newId()];
    value(await journal.append(one, [declared(), note('mine')]));
    const other = at.journal('Ben');
    value(await other.append(two, [declared('2026-11-23-0002')]));
    renameSync(fileOf(two, other.writer), fileOf(one, other.writer));
    const { events, problems } = value(await journal.read(one));
    assert.deepEqual(texts(events), ['IncidentDeclared', 'mine']);
    assert.deepEqual(
      problems.map(({ file, line, code }) => [file, line, code]),
      [[`${other.writer}.jsonl`, 1, 'foreign-incident']],
    );
  });

  it('counts a copied file once', async () => {
    const journal = at.journal();
    const incident = newId();
    value(await journal.append(incident, [declared(), note('one')]));
    const path = fileOf(incident, journal.writer);
    writeFileSync(path.replace('.jsonl', ' (conflicted copy).jsonl'), readFileSync(path));
    const reading = value(await at.journal().read(incident));
    assert.deepEqual(texts(reading.events), ['IncidentDeclared', 'one']);
    assert.deepEqual(reading.problems, []);
  });

  it('puts its file back when git takes it away under us', async () => {
    const journal = at.journal();
    const incident = newId();
    value(await journal.append(incident, [declared(), note('one')]));
    rmSync(join(at.folder, incident), { recursive: true });
    value(await journal.append(incident, [note('two')]));
    value(await journal.append(incident, [note('three')]));
    const reading = value(await at.journal().read(incident));
    assert.deepEqual(texts(reading.events), ['IncidentDeclared', 'one', 'two', 'three']);
    assert.deepEqual(reading.problems, []);
  });

  it('reads the others when one file cannot be read', async () => {
    const journal = at.journal();
    const incident = newId();
    value(await journal.append(incident, [declared()]));
    mkdirSync(join(at.folder, incident, `${newId()}.jsonl`));
    const { events, problems } = value(await journal.read(incident));
    assert.deepEqual(texts(events), ['IncidentDeclared']);
    assert.deepEqual(
      problems.map(({ code, line }) => [code, line]),
      [['unreadable-line', 0]],
    );
  });

  it('refuses names that would leave the folder', async () => {
    const journal = at.journal();
    for (const incident of ['../outside', '', '01', '..']) {
      const appended = await journal.append(incident, [declared()]);
      assert.equal(!appended.ok && appended.failure.code, 'invalid');
      const read = await journal.read(incident);
      assert.equal(!read.ok && read.failure.code, 'invalid');
    }
    const incident = newId();
    const output = await journal.openOutput(incident, '../../evil');
    assert.equal(!output.ok && output.failure.code, 'invalid');
    const tail = await journal.readOutputTail(incident, 'output/../../x.log', 3);
    assert.equal(!tail.ok && tail.failure.code, 'invalid');
    assert.equal(
      journal.outputPath(incident, { file: '../../../etc/passwd' }),
      join(at.folder, incident, 'output', 'passwd'),
    );
  });

  describe('verify', () => {
    const resolve = async () => {
      const journal = at.journal();
      const incident = newId();
      value(await journal.append(incident, [declared(), note('one'), note('two')]));
      const output = value(await journal.openOutput(incident, 'run1'));
      await output.write('a line\n');
      const ref = await output.end();
      value(
        await journal.append(incident, [
          {
            type: 'RunEnded',
            data: { run: 'run1', outcome: { kind: 'succeeded' }, durationMs: 5, output: ref },
          },
        ]),
      );
      const { heads } = value(await journal.read(incident));
      const closer = at.journal('Ben');
      value(await closer.append(incident, [{ type: 'IncidentResolved', data: { heads } }]));
      return { journal, incident, ref };
    };
    const codes = async (incident: string) =>
      value(await at.journal().verify(incident)).problems.map(({ code }) => code);

    it('finds a tail that was cut off after the resolution', async () => {
      const { journal, incident } = await resolve();
      assert.deepEqual(await codes(incident), []);
      const path = fileOf(incident, journal.writer);
      const lines = readFileSync(path, 'utf8').split('\n');
      writeFileSync(path, `${lines.slice(0, 2).join('\n')}\n`);
      assert.deepEqual(value(await at.journal().read(incident)).problems, []);
      assert.deepEqual(await codes(incident), ['missing-head']);
      rmSync(path);
      assert.deepEqual(await codes(incident), ['missing-head']);
    });

    it('finds outputs that were changed or are gone', async () => {
      const { journal, incident, ref } = await resolve();
      appendFileSync(journal.outputPath(incident, ref), 'more');
      assert.deepEqual(await codes(incident), ['changed-output']);
      rmSync(journal.outputPath(incident, ref));
      assert.ok(!existsSync(journal.outputPath(incident, ref)));
      assert.deepEqual(await codes(incident), ['missing-output']);
    });

    it('finds evidence that was changed or is gone', async () => {
      const { journal, incident } = await resolve();
      const source = join(at.folder, 'screen.png');
      writeFileSync(source, 'the picture');
      const folder = join(at.folder, incident);
      const kept = value(await keepEvidence({ folder, source, id: newId(), maxBytes: 1_000 }));
      const data = { kind: 'picture', text: 'screen.png', file: kept } as const;
      value(await journal.append(incident, [{ type: 'EvidenceAdded', data }]));
      const { evidence, problems } = value(await at.journal().verify(incident));
      assert.deepEqual([evidence, problems], [1, []]);
      chmodSync(evidencePath(folder, kept), 0o644);
      writeFileSync(evidencePath(folder, kept), 'THE picture');
      assert.deepEqual(await codes(incident), ['changed-evidence']);
      rmSync(evidencePath(folder, kept));
      assert.deepEqual(await codes(incident), ['missing-evidence']);
    });
  });
});
