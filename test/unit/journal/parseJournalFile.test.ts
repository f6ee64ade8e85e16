import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { AnyEvent } from '../../../src/core/incident/events.ts';
import { parseEvent } from '../../../src/journal/eventSchema.ts';
import { createHybridClock } from '../../../src/journal/hybridClock.ts';
import { mergeJournalFiles } from '../../../src/journal/mergeJournalFiles.ts';
import { hashLine, parseJournalFile } from '../../../src/journal/parseJournalFile.ts';
import { newId } from './journalFolder.ts';

const incident = newId();

/** A writer's lines with a right chain; the payloads are arbitrary, so most are of unknown types. */
const chain = (
  writer: string,
  payloads: readonly { type: string; data: unknown; ms: number }[],
): string[] => {
  const lines: string[] = [];
  for (const [i, { type, data, ms }] of payloads.entries()) {
    const clock = `${String(ms).padStart(15, '0')}-00000`;
    const prev = i === 0 ? '' : hashLine(lines[i - 1] ?? '');
    const time = new Date(ms).toISOString();
    lines.push(
      JSON.stringify({
        id: newId(),
        incident,
        writer,
        n: i + 1,
        clock,
        time,
        by: 'A',
        type,
        version: 1,
        data,
        prev,
      }),
    );
  }
  return lines;
};
const payload = fc.record({
  type: fc.oneof(
    fc.constantFrom('NoteAdded', 'RunEnded', '__proto__', 'toString'),
    fc.string({ minLength: 1 }),
  ),
  data: fc.jsonValue(),
  ms: fc.integer({ min: 0, max: 4_000_000_000_000 }),
});
const payloads = fc.array(payload, { maxLength: 12 });
const parse = (text: string | Uint8Array, writer: string) =>
  parseJournalFile(typeof text === 'string' ? Buffer.from(text) : text, `${writer}.jsonl`, incident);

describe('reading a journal file', () => {
  it('takes any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        const { lines, problems } = parse(bytes, newId());
        const filled = Buffer.from(bytes)
          .toString('latin1')
          .split('\n')
          .filter((line, i, all) => (i < all.length - 1 ? line.replace(/\r$/, '') : line) !== '');
        // Every line that is not empty is either an event or told of.
        assert.equal(lines.length + problems.length, filled.length);
      }),
    );
  });

  it('never loses a valid line among garbage, and never drops an unknown event', () => {
    const garbage = fc.oneof(
      fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes.filter((byte) => byte !== 0x0a))),
      fc.constantFrom('{}', 'null', '{"id":1', '\0\0\0\0', '[]', '"x"').map((text) => Buffer.from(text)),
    );
    fc.assert(
      fc.property(payloads, fc.array(fc.tuple(fc.nat(20), garbage)), (facts, junk) => {
        const writer = newId();
        const valid = chain(writer, facts);
        const lines: Buffer[] = valid.map((line) => Buffer.from(line));
        for (const [position, bytes] of junk) lines.splice(position % (lines.length + 1), 0, bytes);
        const file = parse(Buffer.concat(lines.flatMap((line) => [line, Buffer.from('\n')])), writer);
        const expected = valid.map((line) => JSON.parse(line) as AnyEvent);
        const read = file.lines.map(({ event }) => {
          const { unknown: _, ...rest } = { unknown: undefined, ...event };
          return rest;
        });
        assert.deepEqual(read, expected);
        if (junk.length === 0) assert.deepEqual(file.problems, []);
      }),
    );
  });

  it('keeps all whole lines when the file ends anywhere', () => {
    fc.assert(
      fc.property(payloads, fc.nat(), (facts, cut) => {
        const writer = newId();
        const text = Buffer.from(chain(writer, facts).join('\n'));
        const bytes = text.subarray(0, text.length === 0 ? 0 : cut % text.length);
        const whole = bytes.filter((byte) => byte === 0x0a).length;
        const { lines, problems } = parse(bytes, writer);
        assert.ok(lines.length === whole || lines.length === whole + 1);
        assert.ok(problems.every(({ code }) => code === 'torn-tail') && problems.length <= 1);
      }),
    );
  });

  it('gives anything to the schema without a throw', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (line) => void parseEvent(line)));
  });
});

describe('merging journal files', () => {
  it('is a set union: order and repetition of the files do not matter', () => {
    fc.assert(
      fc.property(fc.array(payloads, { maxLength: 4 }), fc.infiniteStream(fc.nat()), (writers, picks) => {
        const files = writers.map((facts) => {
          const writer = newId();
          return parse(chain(writer, facts).join('\n'), writer);
        });
        const shuffled = [...files, ...files.slice(0, 2)];
        for (let i = shuffled.length - 1; i > 0; i -= 1) {
          const j = (picks.next().value as number) % (i + 1);
          [shuffled[i], shuffled[j]] = [shuffled[j]!, shuffled[i]!];
        }
        const one = mergeJournalFiles(files);
        const two = mergeJournalFiles(shuffled);
        assert.deepEqual(two.events, one.events);
        assert.deepEqual(two.heads, one.heads);
        assert.equal(one.events.length, writers.flat().length);
        assert.deepEqual(one.problems, []);
        for (const [i, event] of one.events.entries()) {
          const before = one.events[i - 1];
          assert.ok(!before || before.clock <= event.clock);
        }
      }),
    );
  });

  it('keeps both of two lines that claim one number, and says so', () => {
    const writer = newId();
    const a = chain(writer, [{ type: 'A', data: 1, ms: 1 }]);
    const b = chain(writer, [{ type: 'B', data: 2, ms: 2 }]);
    const merged = mergeJournalFiles([
      parse(a.join('\n'), writer),
      parseJournalFile(Buffer.from(b.join('\n')), `${writer} copy.jsonl`, incident),
    ]);
    assert.deepEqual(
      merged.events.map(({ type }) => type),
      ['A', 'B'],
    );
    assert.deepEqual(
      merged.problems.map(({ code }) => code),
      ['broken-chain'],
    );
  });
});

describe('the hybrid clock', () => {
  it('always goes up as text, whatever the wall clock does and others say', () => {
    const reading = fc
      .tuple(fc.nat(999_999_999_999_999), fc.nat(99_999))
      .map(([ms, counter]) => `${String(ms).padStart(15, '0')}-${String(counter).padStart(5, '0')}`);
    const step = fc.oneof(fc.integer({ min: 0, max: 4e12 }), reading);
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 50 }), (steps) => {
        let wall = 0;
        const clock = createHybridClock(() => new Date(wall));
        let last = '';
        for (const item of steps) {
          if (typeof item === 'string') clock.merge(item);
          else wall = item;
          const merged = typeof item === 'string' ? item : '';
          const next = clock.next();
          assert.match(next, /^\d{15}-\d{5}$/);
          const ceiling = '999999999999999-99999';
          assert.ok((next > last && next > merged) || next === ceiling);
          last = next;
        }
      }),
    );
  });

  it('carries a full counter over into the next millisecond', () => {
    const clock = createHybridClock(() => new Date(0));
    clock.merge('000000000000005-99999');
    assert.equal(clock.next(), '000000000000006-00000');
  });
});
