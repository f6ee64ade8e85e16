import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { figuresInPieces } from '../src/core/history/figures.ts';
import { rulesOfGuide } from '../src/core/history/guideRules.ts';
import { parseSearchQuery } from '../src/core/history/searchQuery.ts';
import { searchEntryOf, searchRecords } from '../src/core/history/searchRecords.ts';
import { trendsPage } from '../src/core/views/trendsPage.ts';
import { createIncidentRecords, type LoadedRecords } from '../src/journal/incidentRecords.ts';
import { createIncidents } from '../src/journal/incidents.ts';
import { calculateInSlices } from '../src/journal/inSlices.ts';
import { createLocalJournal } from '../src/journal/localJournal.ts';
import { INDEX_FILE } from '../src/journal/recordIndex.ts';
import { createUlidSource } from '../src/journal/ulid.ts';
import { aGuide } from '../test/support/builders.ts';
import { journalText, madeNow, manyIncidents } from '../test/support/manyIncidents.ts';
import { measured, median, type Measurement } from './measurement.ts';

const count = 10_000;
const queries = ['service:payment sev:1 after:2026-01 ana', 'certificate', 'queue -disk until:2025', ''];

/**
 * What a search and Trends wait for with ten thousand past incidents, in a new activation each time, against JSON.parse
 * of the index they are read from, line by line.
 */
export async function benchHistory(): Promise<Measurement[]> {
  const folder = mkdtempSync(join(tmpdir(), 'incident-bench-'));
  try {
    for (const { id, events } of manyIncidents(count)) {
      mkdirSync(join(folder, id));
      writeFileSync(join(folder, id, `${events[0]?.writer}.jsonl`), journalText(events));
    }
    await inActivation(folder, (load) => load());
    const rounds = {
      parse: [] as number[],
      load: [] as number[],
      held: [] as number[],
      search: [] as number[],
      trends: [] as number[],
      trendsHeld: [] as number[],
    };
    for (let round = 0; round < 7; round += 1) {
      rounds.parse.push(
        await timed(() => {
          for (const line of readFileSync(join(folder, INDEX_FILE), 'utf8').split('\n'))
            if (line !== '') JSON.parse(line);
        }),
      );
      await inActivation(folder, async (load) => {
        let loaded: LoadedRecords = { records: [], unreadable: [] };
        const reading = await heldWhile(async () => void (loaded = await load()));
        rounds.load.push(reading.took);
        rounds.held.push(reading.held);
        if (loaded.records.length !== count) throw new Error('History is not complete.');
        const entries = loaded.records.map(searchEntryOf);
        for (const query of queries)
          rounds.search.push(await timed(() => searchRecords(entries, parseSearchQuery(query))));
        const rules = rulesOfGuide(aGuide());
        const working = await heldWhile(async () => {
          const figures = await calculateInSlices(
            figuresInPieces(loaded.records, {
              ...{ range: 'all', drills: false, now: madeNow },
              rulesOf: () => rules,
            }),
          );
          trendsPage(figures, { incidentOf: () => undefined, unreadable: 0 });
        });
        rounds.trends.push(working.took);
        rounds.trendsHeld.push(working.held);
      });
    }
    const against = (name: string, ours: readonly number[]): Measurement =>
      measured(name, 'ms', median(ours), median(rounds.parse), 'JSON.parse of the index');
    return [
      against('records of 10,000 incidents', rounds.load),
      against('  longest hold of the event loop', rounds.held),
      against('search in 10,000 incidents, one key', rounds.search),
      against('Trends of 10,000 incidents', rounds.trends),
      against('  longest hold of the event loop', rounds.trendsHeld),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function inActivation(
  folder: string,
  act: (load: () => Promise<LoadedRecords>) => Promise<unknown>,
): Promise<void> {
  const newId = createUlidSource();
  const now = (): Date => new Date();
  const journal = createLocalJournal({ folder, by: () => 'bench', now, newId });
  const incidents = createIncidents({ journal, now, newId });
  try {
    await incidents.load();
    const records = createIncidentRecords(incidents, journal);
    await act(() => records.load());
  } finally {
    await incidents.dispose();
    await journal.dispose();
  }
}

/** How long it takes, and the longest that nothing else could happen meanwhile, both in ms. */
async function heldWhile(
  act: () => Promise<void>,
): Promise<{ readonly took: number; readonly held: number }> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const took = await timed(act);
  delay.disable();
  return { took, held: delay.max / 1e6 };
}

async function timed(act: () => unknown): Promise<number> {
  const start = performance.now();
  await act();
  return performance.now() - start;
}
