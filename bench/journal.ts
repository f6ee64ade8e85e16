import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Fact } from '../src/core/incident/events.ts';
import { createIncidents } from '../src/journal/incidents.ts';
import { createLocalJournal } from '../src/journal/localJournal.ts';
import { hashLine } from '../src/journal/parseJournalFile.ts';
import { createUlidSource } from '../src/journal/ulid.ts';
import { measured, median } from './measurement.ts';
import type { Measurement } from './measurement.ts';

const ulid = createUlidSource();
const newId = () => ulid();
const now = () => new Date();

const timed = async (act: () => unknown): Promise<number> => {
  const start = performance.now();
  await act();
  return performance.now() - start;
};
const NOTE: Fact = { type: 'NoteAdded', data: { text: 'payment-service: 3 of 5 pods are crash-looping' } };

/** One append of one event, against the same bytes by a bare write + fsync to a file in the same folder. */
async function benchAppend(folder: string): Promise<Measurement> {
  const journal = createLocalJournal({ folder, by: () => 'bench', now, newId });
  const incident = newId();
  const append = async () => {
    const appended = await journal.append(incident, [NOTE]);
    if (!appended.ok) throw new Error(appended.failure.message);
  };
  await append();
  const line = readFileSync(join(folder, incident, `${journal.writer}.jsonl`));
  const bare = await open(join(folder, 'bare.jsonl'), 'a');
  const writeAndSync = async () => {
    await bare.write(line);
    await bare.sync();
  };
  for (let i = 0; i < 30; i += 1) {
    await append();
    await writeAndSync();
  }
  const ours: number[] = [];
  const peer: number[] = [];
  for (let i = 0; i < 400; i += 1) {
    // Who goes first changes, so that neither always meets the other's leftovers.
    if (i % 2 === 0) ours.push(await timed(append));
    peer.push(await timed(writeAndSync));
    if (i % 2 === 1) ours.push(await timed(append));
  }
  await bare.close();
  await journal.dispose();
  return measured('journal append', 'ms', median(ours), median(peer), 'bare write + fsync');
}

/** Past incidents as an activation of long ago left them. */
function writePastIncidents(folder: string, count: number): void {
  for (let i = 0; i < count; i += 1) {
    const at = Date.UTC(2024, 0, 1) + i * 3_600_000;
    const incident = ulid(at);
    const writer = ulid(at);
    const facts: Fact[] = [
      {
        type: 'IncidentDeclared',
        data: {
          number: `${new Date(at).toISOString().slice(0, 10)}-${String((i % 24) + 1).padStart(4, '0')}`,
          title: `Payments failing for some customers, no. ${i}`,
          severity: 'SEV2',
          service: 'payment-service',
          target: { context: 'production', namespace: 'payments' },
        },
      },
      NOTE,
      { type: 'IncidentResolved', data: { cause: 'load', heads: {} } },
    ];
    let prev = '';
    let text = '';
    for (const [n, fact] of facts.entries()) {
      const ms = at + n * 600_000;
      const clock = `${String(ms).padStart(15, '0')}-00000`;
      const time = new Date(ms).toISOString();
      const envelope = {
        id: ulid(ms),
        incident,
        writer,
        n: n + 1,
        clock,
        time,
        by: 'bench',
        version: 1,
        prev,
      };
      const line = JSON.stringify({ ...envelope, ...fact });
      prev = hashLine(line);
      text += `${line}\n`;
    }
    mkdirSync(join(folder, incident));
    writeFileSync(join(folder, incident, `${writer}.jsonl`), text);
  }
}

/** What History waits for: load and the sorted summaries of 10,000 past incidents, in a new activation each time. */
async function benchHistory(folder: string): Promise<Measurement> {
  const count = 10_000;
  writePastIncidents(folder, count);
  const openHistory = async () => {
    const journal = createLocalJournal({ folder, by: () => 'bench', now, newId });
    const incidents = createIncidents({ journal, now, newId });
    const took = await timed(async () => {
      const loaded = await incidents.load();
      if (!loaded.ok || incidents.summaries().length !== count) throw new Error('History is not complete.');
    });
    await incidents.dispose();
    await journal.dispose();
    return took;
  };
  // The first one has no cache and makes it.
  await openHistory();
  const ours: number[] = [];
  const peer: number[] = [];
  for (let i = 0; i < 7; i += 1) {
    ours.push(await openHistory());
    peer.push(await timed(() => void JSON.parse(readFileSync(join(folder, 'summaries.json'), 'utf8'))));
  }
  return measured(
    'History of 10,000 incidents',
    'ms',
    median(ours),
    median(peer),
    'JSON.parse of the same cache',
  );
}

/** Appending against the bare disk, and opening History; medians in ms, samples of both sides interleaved. */
export async function benchJournal(): Promise<Measurement[]> {
  const measurements: Measurement[] = [];
  for (const bench of [benchAppend, benchHistory]) {
    const folder = mkdtempSync(join(tmpdir(), 'incident-bench-'));
    try {
      measurements.push(await bench(folder));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  return measurements;
}
