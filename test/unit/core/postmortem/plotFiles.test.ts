import assert from 'node:assert/strict';
import type { Measured, MeasuredQuery } from '../../../../src/core/metrics/metricQuery.ts';
import { lintPostMortem } from '../../../../src/core/postmortem/lint/lintPostMortem.ts';
import { plotFiles, plotLines } from '../../../../src/core/postmortem/plotFiles.ts';
import { renderPostMortem } from '../../../../src/core/postmortem/renderPostMortem.ts';
import {
  aGuide,
  after,
  declared,
  fact,
  incidentOf,
  resolved,
  runEnded,
  runStarted,
  template,
} from '../../../support/builders.ts';
import { assertGolden } from '../../../support/golden.ts';

const minute = 60_000;
const incident = incidentOf(
  declared(),
  [after(2), fact('OnsetSet', { at: after(-12) })],
  [after(10), runStarted({ run: 'first' })],
  [after(10), runEnded({ run: 'first' })],
  [after(21), fact('MitigatedMarked', { at: after(20) })],
  [after(40), runStarted({ run: 'second' })],
  [after(40), runEnded({ run: 'second' })],
  [after(45), resolved({ cause: 'Load outgrew the memory limit' })],
);
const at = (minutes: number): number => Date.parse(after(minutes));
/** Low before the onset, high until the mitigation, low again; one sample every two minutes. */
const errors = (until: number, most = 0.87): MeasuredQuery => ({
  id: 'errors',
  title: 'Error rate of the service',
  query: 'errors / requests',
  unit: 'ratio',
  answer: {
    series: [
      {
        labels: {},
        points: Array.from({ length: Math.floor((until + 72) / 2) + 1 }, (_, index) => {
          const minutes = -72 + 2 * index;
          return { at: at(minutes), value: minutes < -12 || minutes > 22 ? 0.0012 : most };
        }),
      },
    ],
    warnings: [],
    notNumbers: 0,
  },
});
const run = (until: number, ...results: readonly MeasuredQuery[]): Measured => ({
  span: { from: at(-72), to: at(until) },
  stepMs: 2 * minute,
  results,
});
const titled = (title: string): MeasuredQuery => ({ ...errors(30), title, query: title });

describe('plots beside a post-mortem', () => {
  it('are of each query the newest that was answered, with the onset and the mitigation', () => {
    const dead: MeasuredQuery = { ...errors(50), failure: { code: 'unreachable', message: 'It is dead.' } };
    const { answer: _none, ...unanswered } = dead;
    const files = plotFiles(incident, [run(10, errors(10)), run(40, errors(40)), run(50, unanswered)]);
    assert.deepEqual(files.map(({ name }) => name), ['error-rate-of-the-service.svg']); // prettier-ignore
    assert.equal(files[0]?.alt, 'Error rate of the service. From 09:18 to 11:10 UTC. One series, between 0.12 % and 87 %. Onset at 10:18.'); // prettier-ignore
    assertGolden('postmortem/error-rate-of-the-service.svg', files[0]?.svg ?? '');
  });

  it('have names of their own, whatever the titles are', () => {
    const titles = ['A / B', 'a b', '../../etc', '…', 'Fehlerrate für Köln'];
    const names = plotFiles(incident, [run(30, ...titles.map(titled))]).map(({ name }) => name);
    assert.deepEqual(names, ['a-b.svg', 'a-b-2.svg', 'etc.svg', 'plot.svg', 'fehlerrate-für-köln.svg']);
  });

  it('are none of what had no data', () => {
    const empty = { ...errors(30), answer: { series: [], warnings: [], notNumbers: 0 } };
    assert.deepEqual(plotFiles(incident, [run(30, empty)]), []);
  });

  const document = (text?: string): string =>
    renderPostMortem({
      incident,
      guide: aGuide(text === undefined ? {} : { templates: [template('post-mortem', text)] }),
      generatedAt: after(180),
      linkToOutput: ({ file }) => file,
      linkToEvidence: ({ file }) => file,
      plots: plotLines(plotFiles(incident, [run(40, errors(40))]), (name) => `payments-plots/${name}`),
      unreadPoints: 1,
    });

  it('stand with the impact, told in words, and are no figures without a source', () => {
    const text = document();
    const impact = text.split(/^(?=## )/m).find((section) => section.startsWith('## Impact'));
    assert.match(
      impact ?? '',
      /\n\n!\[Error rate of the service\. From .* Onset at 10:18\.\]\(payments-plots\/error-rate-of-the-service\.svg\)\n/,
    );
    const without = text.replace(/^!\[.*\n/gm, '');
    const codes = (of: string) => lintPostMortem(of, { now: after(181), people: [] }).map(({ code }) => code);
    assert.deepEqual(codes(text), codes(without));
    assert.match(text, /What 1 run measured could not be read: there is no plot of it here\./);
    assertGolden('postmortem/plotted.md', text);
  });

  it('stand there once, also where the template has no impact or two of them', () => {
    for (const text of ['# PM\n\n## Cause\n', '# PM\n\n## Impact\n## Customer impact\n'])
      assert.equal(document(text).match(/payments-plots/g)?.length, 1, text);
  });
});
