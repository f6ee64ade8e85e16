import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import MarkdownIt from 'markdown-it';
import { root } from '../scripts/cache.mjs';
import { parseGuide } from '../src/core/guide/parseGuide.ts';
import { measured, type Measurement } from './measurement.ts';

/** Reading a guide into its structure, against markdown-it alone making tokens of the same text. */
export async function benchGuideParse(): Promise<Measurement[]> {
  const guide = await readFile(path.join(root, 'media/default-guide.md'), 'utf8');
  const runbooks = path.join(root, 'test/fixtures/runbooks');
  const foreign = (await readdir(runbooks, { recursive: true }))
    .filter((file) => file.endsWith('.md'))
    .sort();
  const texts = await Promise.all(foreign.map((file) => readFile(path.join(runbooks, file), 'utf8')));
  const long = guide.repeat(Math.ceil((5 * 1024 * 1024) / guide.length));
  return [
    compare(`guide parse, ${Math.round(guide.length / 1024)} KB`, [guide], 600),
    compare(`foreign runbooks, ${texts.length} files`, texts, 150),
    compare('guide parse, 5 MB', [long], 5),
  ];
}

/** Takes turns, so that both meet the same warm-up and the same garbage. */
function compare(name: string, texts: readonly string[], rounds: number): Measurement {
  const markdown = new MarkdownIt();
  const ours: number[] = [];
  const peer: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    peer.push(timed(() => texts.map((text) => markdown.parse(text, {}))));
    ours.push(timed(() => texts.map((text) => parseGuide(text, { file: 'guide.md' }))));
  }
  // The fastest round of each: both only compute, so whatever is above it was somebody else's work on this machine.
  return measured(name, 'ms', Math.min(...ours), Math.min(...peer), 'markdown-it alone');
}

function timed(work: () => unknown): number {
  const started = performance.now();
  work();
  return performance.now() - started;
}
