import MarkdownIt from 'markdown-it';
import { reportGuide } from '../src/cli/checkReport.ts';
import { parseGuide } from '../src/core/guide/parseGuide.ts';
import { manyGuides } from '../test/support/manyGuides.ts';
import { measured, type Measurement } from './measurement.ts';

/** All that `incident-guide check` makes of a thousand files once they are read, against markdown-it alone on the same texts. */
export function benchGuideCheck(): Measurement[] {
  const guides = manyGuides(1_000);
  const markdown = new MarkdownIt();
  const parsing: number[] = [];
  const checking: number[] = [];
  const peer: number[] = [];
  for (let round = 0; round < 7; round += 1) {
    peer.push(timed(() => guides.forEach(({ text }) => markdown.parse(text, {}))));
    parsing.push(timed(() => guides.forEach(({ file, text }) => parseGuide(text, { file }))));
    checking.push(
      timed(() =>
        guides.forEach(({ file, text }) =>
          reportGuide({ guide: parseGuide(text, { file }), source: text, missingFiles: new Set() }),
        ),
      ),
    );
  }
  const least = (times: readonly number[]): number => Math.min(...times);
  return [
    measured('parse of 1,000 guides', 'ms', least(parsing), least(peer), 'markdown-it alone'),
    measured('check of 1,000 guides', 'ms', least(checking), least(peer), 'markdown-it alone'),
  ];
}

function timed(work: () => unknown): number {
  const started = performance.now();
  work();
  return performance.now() - started;
}
