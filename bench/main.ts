import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { fail, PlainFailure, step } from '../scripts/cache.mjs';
import { ensureChromium } from '../scripts/chromium.ts';
import { ensureEditor } from '../scripts/editorInstall.ts';
import type { Measurement } from './measurement.ts';

/** Every benchmark, each loaded when its turn comes. */
const benchmarks: Record<string, () => Promise<readonly Measurement[]>> = {
  guide: async () => (await import('./guideParse.ts')).benchGuideParse(),
  guides: async () => (await import('./guideLibrary.ts')).benchGuideLibrary(),
  check: async () => (await import('./guideCheck.ts')).benchGuideCheck(),
  journal: async () => (await import('./journal.ts')).benchJournal(),
  history: async () => (await import('./history.ts')).benchHistory(),
  declare: async () => (await import('./declare.ts')).benchDeclare(),
  kubernetes: async () => (await import('./kubernetes.ts')).benchKubernetes(),
  activation: async () => {
    await ensureEditor();
    await ensureChromium();
    return (await import('./activation.ts')).benchActivation();
  },
  bundles: async () => (await import('./bundle.ts')).benchBundles(),
};

/** Prints a table for people; `--json FILE` writes the same as an array; names of benchmarks choose among them. */
async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { json: { type: 'string' } },
    allowPositionals: true,
  });
  const [only, ...more] = positionals;
  const run = only === undefined ? undefined : benchmarks[only];
  const measurements =
    only !== undefined && run && more.length === 0
      ? [...(await step(`Benchmark: ${only}`, run))]
      : await eachByItself(positionals);
  if (values.json) await writeFile(values.json, `${JSON.stringify(measurements, undefined, 2)}\n`);
  else if (measurements.length > 0) console.log(renderTable(measurements));
}

/** Each in a process of its own: what one has compiled and left in memory would be measured with the next. */
async function eachByItself(names: readonly string[]): Promise<readonly Measurement[]> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'incident-bench-'));
  const measurements: Measurement[] = [];
  try {
    for (const name of Object.keys(benchmarks)) {
      if (names.length > 0 && !names.includes(name)) continue;
      const file = path.join(folder, `${name}.json`);
      const child = spawn(
        process.execPath,
        [...process.execArgv, import.meta.filename, name, '--json', file],
        {
          stdio: 'inherit',
        },
      );
      const [code] = (await once(child, 'close')) as [number | null];
      if (code !== 0) throw new PlainFailure(`The benchmark ${name} did not end well.`);
      measurements.push(...(JSON.parse(await readFile(file, 'utf8')) as Measurement[]));
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return measurements;
}

function renderTable(measurements: readonly Measurement[]): string {
  const rows = measurements.map(({ name, unit, ours, peer, peerName, ratio }) => [
    name,
    `${short(ours)} ${unit}`,
    `${short(peer)} ${unit}`,
    `${short(ratio)}×`,
    peerName,
  ]);
  const all = [['what', 'ours', 'peer', 'ratio', 'the peer is'], ...rows];
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  const line = (row: string[]) =>
    row
      .map((cell, column) =>
        column >= 1 && column <= 3 ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd();
  return all.map(line).join('\n');
}

/** Three digits, never in powers of ten. */
const short = (value: number) => String(Number(value.toPrecision(3)));

await main().catch(fail);
