import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { fail, step } from '../scripts/cache.mjs';
import { ensureChromium } from '../scripts/chromium.ts';
import { ensureEditor } from '../scripts/editorInstall.ts';
import type { Measurement } from './measurement.ts';

/** Every benchmark, each loaded when its turn comes. */
const benchmarks: Record<string, () => Promise<readonly Measurement[]>> = {
  // First, while the process is fresh: what a build leaves in its memory would be measured with it.
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
  const measurements: Measurement[] = [];
  for (const [name, run] of Object.entries(benchmarks)) {
    if (positionals.length > 0 && !positionals.includes(name)) continue;
    measurements.push(...(await step(`Benchmark: ${name}`, run)));
  }
  if (measurements.length > 0) console.log(renderTable(measurements));
  if (values.json) await writeFile(values.json, `${JSON.stringify(measurements, undefined, 2)}\n`);
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
