import MarkdownIt from 'markdown-it';
import { reportGuide } from '../src/cli/checkReport.ts';
import { parseGuide } from '../src/core/guide/parseGuide.ts';
import { manyGuides, type MadeGuide } from '../test/support/manyGuides.ts';
import { measured, type Measurement } from './measurement.ts';

const ROUNDS = 12;
const BATCH = 100;
const none: ReadonlySet<string> = new Set();

type Work = (batch: readonly MadeGuide[]) => void;

/** All that `incident-guide check` makes of a thousand files once they are read, against markdown-it alone on the same texts. */
export function benchGuideCheck(): Measurement[] {
  const guides = manyGuides(1_000);
  const markdown = new MarkdownIt();
  const works: readonly Work[] = [
    (batch) => batch.forEach(({ text }) => markdown.parse(text, {})),
    (batch) => batch.forEach(({ text, file }) => parseGuide(text, { file })),
    // As `check` does it: all are read, and then reported.
    (batch) =>
      batch
        .map(({ text, file }) => ({ guide: parseGuide(text, { file }), source: text, missingFiles: none }))
        .forEach(reportGuide),
  ];
  const [peer = NaN, parsing = NaN, checking = NaN] = leastTimes(guides, works);
  return [
    measured('parse of 1,000 guides', 'ms', parsing, peer, 'markdown-it alone'),
    measured('check of 1,000 guides', 'ms', checking, peer, 'markdown-it alone'),
  ];
}

/**
 * What each work takes for all guides: in batches, turn about, the fastest of the rounds counting for each batch, so
 * that neither what else the machine does nor who goes first decides.
 */
function leastTimes(guides: readonly MadeGuide[], works: readonly Work[]): readonly number[] {
  const batches = Array.from({ length: Math.ceil(guides.length / BATCH) }, (_, at) =>
    guides.slice(at * BATCH, (at + 1) * BATCH),
  );
  const least = works.map(() => batches.map(() => Infinity));
  for (let round = 0; round < ROUNDS; round += 1)
    batches.forEach((batch, at) =>
      works.forEach((work, which) => {
        const times = least[which] ?? [];
        times[at] = Math.min(
          times[at] ?? Infinity,
          timed(() => work(batch)),
        );
      }),
    );
  return least.map((times) => times.reduce((sum, time) => sum + time, 0));
}

function timed(work: () => unknown): number {
  const started = performance.now();
  work();
  return performance.now() - started;
}
