import assert from 'node:assert/strict';
import fc from 'fast-check';
import { csvCell, figureRows, figuresCsv, figuresJson } from '../../../../src/core/history/exportFigures.ts';
import { figuresOf } from '../../../../src/core/history/figures.ts';
import { rulesOfGuide } from '../../../../src/core/history/guideRules.ts';
import { recordOfIncident } from '../../../../src/core/history/incidentRecord.ts';
import { trendsPage } from '../../../../src/core/views/trendsPage.ts';
import { replay } from '../../../../src/core/incident/evolve.ts';
import { aGuide } from '../../../support/builders.ts';
import { madeNow, manyIncidents } from '../../../support/manyIncidents.ts';
import { readCsv } from '../../../support/readCsv.ts';

const records = manyIncidents(200).flatMap(({ events }) => {
  const incident = replay(events);
  return incident ? [recordOfIncident(incident)] : [];
});
const figures = figuresOf(records, {
  ...{ range: 'all', drills: false, now: madeNow },
  rulesOf: () => rulesOfGuide(aGuide()),
});

describe('figures as a file', () => {
  it('are CSV that another reader takes apart into the same rows', () => {
    const [head, ...rows] = readCsv(figuresCsv(figures));
    assert.deepEqual(head, ['figure', 'of', 'group', 'value', 'unit', 'incidents', 'note']);
    const ours = figureRows(figures);
    assert.equal(rows.length, ours.length);
    assert.deepEqual(
      rows.map(([figure, , , value]) => [figure, value]),
      ours.map(({ figure, value }) => [figure, String(value)]),
    );
  });

  it('never begin a cell as a formula does, and lose no text', () => {
    for (const text of ['=1+1', '+1', '-2', '@SUM(A1)', '\t=1', ' =1', '\r=1', '＝1'])
      assert.match(csvCell(text), /^"?'/, JSON.stringify(text));
    assert.equal(csvCell(-3), '-3');
    const piece = fc.oneof(
      fc.string(),
      fc.constantFrom('=', '+', '-', '@', '\t', '\r', '\n', '"', ',', '\u0000', ' '),
    );
    fc.assert(
      fc.property(
        fc.array(piece).map((parts) => parts.join('')),
        (text) => {
          const [[cell = '', ...more] = []] = readCsv(`${csvCell(text)}\r\n`);
          assert.equal(more.length, 0);
          assert.ok(cell === text || cell === `'${text}`);
          assert.doesNotMatch(cell, /^[=+\-@\t\r]/);
        },
      ),
    );
  });

  it('are JSON with the incidents behind each', () => {
    const json = JSON.parse(figuresJson(figures)) as {
      version: number;
      figures: { ids: string[]; incidents: number }[];
    };
    assert.equal(json.version, 1);
    for (const { ids, incidents } of json.figures) assert.equal(ids.length, incidents);
  });
});

describe('the page of trends', () => {
  const { page, targets } = trendsPage(figures, { incidentOf: () => undefined, unreadable: 2 });

  it('opens the incidents behind every figure that is not zero', () => {
    for (const { heading, table } of page.sections)
      for (const row of table?.rows ?? [])
        for (const [at, cell] of row.entries()) {
          if (
            !table?.columns[at]?.isNumber ||
            cell.text === '0' ||
            cell.text.endsWith('%') ||
            cell.text === 'none'
          )
            continue;
          assert.ok(cell.opens !== undefined && targets.has(cell.opens), `${heading}: ${cell.text}`);
        }
  });

  it('counts in its picture what its table counts', () => {
    for (const { chart, table } of page.sections) {
      if (!chart) continue;
      const drawn = chart.bars.map(({ values }) => values.reduce((sum, value) => sum + value, 0));
      assert.deepEqual(table?.rows.map((row) => Number(row[1]?.text)).reverse(), drawn);
    }
  });

  it('says what is in no figure, and that few are few', () => {
    assert.match(page.notices.join(), /2 incidents cannot be read and are in no figure/);
    const unread = records.slice(0, 3).map((record) => ({ ...record, actions: undefined }));
    const few = figuresOf(unread, {
      range: 'all',
      drills: true,
      now: madeNow,
      rulesOf: () => undefined,
    });
    const text = JSON.stringify(trendsPage(few, { incidentOf: () => undefined, unreadable: 0 }).page);
    assert.match(text, /too few to compare/);
    assert.match(text, /Open and overdue: not known/);
  });

  it('says that there is nothing, and why, where there is nothing', () => {
    const none = figuresOf([], { range: 30, drills: false, now: madeNow, rulesOf: () => undefined });
    const { sections } = trendsPage(none, { incidentOf: () => undefined, unreadable: 0 }).page;
    assert.deepEqual(
      sections.map(({ heading }) => heading),
      ['Nothing to count'],
    );
  });
});
