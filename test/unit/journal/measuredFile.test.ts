import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import type { Measured, MeasuredQuery } from '../../../src/core/metrics/metricQuery.ts';
import { createEarlierPoints } from '../../../src/editor/runs/earlierPoints.ts';
import { parseMeasured, renderMeasured } from '../../../src/journal/measuredFile.ts';
import { declared, incidentOf, runEnded, runStarted } from '../../support/builders.ts';
import { breakDisk, diskError } from './brokenDisk.ts';
import { createJournalFolder, newId, value, type JournalFolder } from './journalFolder.ts';

const server = 'https://prometheus.example';
const at = Date.parse('2026-11-28T10:00:00.000Z');
const span = { from: at - 3_600_000, to: at };
const answered = (query: string, ...values: readonly number[]): MeasuredQuery => ({
  id: 'q',
  title: 'Error rate',
  query,
  unit: 'ratio',
  answer: {
    series: values.map((each, index) => ({ labels: { pod: `p${index}` }, points: [{ at, value: each }] })),
    warnings: ['one store was slow'],
    notNumbers: 1,
  },
});
const measured = (...results: readonly MeasuredQuery[]): Measured => ({
  server,
  span,
  stepMs: 15_000,
  results,
});

describe('the points of a run', () => {
  let folder: JournalFolder;
  beforeEach(() => {
    folder = createJournalFolder();
  });
  afterEach(() => folder.dispose());

  it('come back from their file as they were', async () => {
    const journal = folder.journal();
    const incident = newId();
    const before = measured(
      { ...answered('errors', 0.1, 0.2), limit: { is: 'over', value: 0.9 }, optional: true },
      {
        ...{ id: 'p', title: 'Latency', query: 'slow', unit: 'seconds' },
        failure: { code: 'failed', message: 'It is dead.' },
        held: { answer: answered('slow', 3).answer!, span, stepMs: 15_000 },
      },
    );
    const ref = value(await journal.keepPoints(incident, 'run-1', before));
    assert.equal(ref.file, 'output/run-1.points.json');
    assert.deepEqual(value(await journal.readPoints(incident, ref)), before);
  });

  it('are kept of the fifty highest series, and the others are counted', () => {
    const many = measured(answered('errors', ...Array.from({ length: 60 }, (_, index) => index)));
    const [result] = parseMeasured(renderMeasured(many))?.results ?? [];
    assert.equal(result?.answer?.series.length, 50);
    assert.equal(result.answer.left, 10);
    assert.equal(result.answer.series[0]?.points[0]?.value, 59);
  });

  it('are found changed or gone by whoever verifies', async () => {
    const journal = folder.journal();
    const incident = newId();
    const points = value(await journal.keepPoints(incident, 'run-1', measured(answered('errors', 1))));
    value(
      await journal.append(incident, [
        { type: 'RunEnded', data: { run: 'run-1', outcome: { kind: 'succeeded' }, durationMs: 5, points } },
      ]),
    );
    assert.deepEqual(value(await journal.verify(incident)).problems, []);
    const path = join(folder.folder, incident, points.file);
    writeFileSync(path, readFileSync(path, 'utf8').replace('errors', 'orders'));
    assert.deepEqual(value(await journal.verify(incident)).problems.map(({ code }) => code), ['changed-output']); // prettier-ignore
  });

  it('are nothing at all where the disk takes only half of them', async () => {
    const journal = folder.journal();
    const incident = newId();
    const { mend } = await breakDisk({
      write: () => {
        throw diskError('ENOSPC');
      },
    });
    try {
      const refused = await journal.keepPoints(incident, 'run-1', measured(answered('errors', 1)));
      assert.equal(refused.ok ? '' : refused.failure.code, 'storage');
    } finally {
      mend();
    }
  });

  it('are refused, with a sentence, where a file is missing, of another kind, or outside of the folder', async () => {
    const journal = folder.journal();
    const incident = newId();
    const read = async (file: string) => {
      const result = await journal.readPoints(incident, { file });
      return result.ok ? 'ok' : result.failure.code;
    };
    assert.equal(await read('output/run-1.points.json'), 'not-found');
    assert.equal(await read('output/../../../etc/x.points.json'), 'invalid');
    assert.equal(await read('output/run-1.log'), 'invalid');
    value(await journal.keepPoints(incident, 'run-2', measured(answered('errors', 1))));
    const path = join(folder.folder, incident, 'output/run-2.points.json');
    assert.ok(existsSync(path));
    writeFileSync(path, '{"version":2}');
    assert.equal(await read('output/run-2.points.json'), 'invalid');
  });

  it('are never made of anything else', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        assert.equal(parseMeasured(text), undefined);
      }),
    );
    assert.equal(parseMeasured('{'), undefined);
  });

  it('of the newest run that has the query tell what a dead server gave, also to a window opened since', async () => {
    const writer = folder.journal();
    const incident = newId();
    const refs = [];
    for (const [run, result] of [
      ['run-1', answered('errors', 0.1)],
      ['run-2', answered('errors', 0.2)],
      ['run-3', answered('other', 0.3)],
    ] as const)
      refs.push(value(await writer.keepPoints(incident, run, measured(result))));
    const facts = refs.flatMap((points, index) => [
      runStarted({ run: `run-${index + 1}`, kind: 'query' }),
      runEnded({ run: `run-${index + 1}`, points }),
    ]);
    const state = { ...incidentOf(declared(), ...facts), id: incident };
    const earlier = createEarlierPoints(folder.journal('Ben'), () => state);
    const found = await earlier(server, 'errors');
    assert.equal(found?.answer.series[0]?.points[0]?.value, 0.2);
    assert.deepEqual(found.span, span);
    assert.equal(await earlier('https://another.example', 'errors'), undefined);
    assert.equal(await earlier(server, 'unheard'), undefined);
    assert.equal(await createEarlierPoints(writer, () => undefined)(server, 'errors'), undefined);
  });
});
