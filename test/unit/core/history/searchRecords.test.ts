import assert from 'node:assert/strict';
import { recordOfIncident, type IncidentRecord } from '../../../../src/core/history/incidentRecord.ts';
import { parseSearchQuery } from '../../../../src/core/history/searchQuery.ts';
import { searchEntryOf, searchRecords } from '../../../../src/core/history/searchRecords.ts';
import { declared, incidentOf, noted, resolved } from '../../../support/builders.ts';

const base = recordOfIncident(incidentOf(declared(), resolved()));
const record = (id: string, more: Partial<IncidentRecord>): IncidentRecord => ({
  ...base,
  ...{ id, number: id, text: '', title: 'Something', severity: 'SEV3', service: undefined, people: [] },
  ...more,
});
const at = (day: string): string => `${day}T10:00:00.000Z`;
const all = [
  record('pay-old', {
    title: 'Payments failing',
    service: 'payment-service',
    severity: 'SEV1',
    declaredAt: at('2025-12-31'),
  }),
  record('pay-new', {
    title: 'Payments failing',
    service: 'payment-service',
    severity: 'SEV2',
    declaredAt: at('2026-01-01'),
  }),
  record('pool', {
    title: 'Checkout slow',
    cause: 'Connection pool full',
    people: ['Ana López'],
    declaredAt: at('2026-02-10'),
  }),
  record('noted', { severity: 'SEV10', text: 'the payment queue grew', declaredAt: at('2026-03-01') }),
  record('drill', { drill: true, status: 'active', title: 'Game day', declaredAt: at('2026-03-02') }),
  record('paper', {
    imported: 'old.md',
    severity: undefined,
    declaredAt: undefined,
    title: 'Der große Ausfall',
  }),
];
const found = (query: string): readonly string[] =>
  searchRecords(all.map(searchEntryOf), parseSearchQuery(query)).map(({ id }) => id);

describe('a search in History', () => {
  it('shows everything for an empty query, the newest first', () => {
    assert.deepEqual(found(''), ['drill', 'noted', 'pool', 'pay-new', 'pay-old', 'paper']);
  });

  it('ranks a title above a note, and the newer of two equals first', () => {
    assert.deepEqual(found('payment'), ['pay-new', 'pay-old', 'noted']);
    assert.deepEqual(found('ment'), ['pay-new', 'pay-old', 'noted']);
  });

  it('takes filters, each by its name', () => {
    assert.deepEqual(found('service:pay'), ['pay-new', 'pay-old']);
    assert.deepEqual(found('sev:1'), ['pay-old']);
    assert.deepEqual(found('severity:sev1,sev2'), ['pay-new', 'pay-old']);
    assert.deepEqual(found('cause:pool'), ['pool']);
    assert.deepEqual(found('cause:"connection pool"'), ['pool']);
    assert.deepEqual(found('person:lopez'), ['pool']);
    assert.deepEqual(found('is:drill'), ['drill']);
    assert.deepEqual(found('is:active'), ['drill']);
    assert.deepEqual(found('is:imported'), ['paper']);
  });

  it('wants all of it to hold, whatever the order', () => {
    assert.deepEqual(found('sev:1 service:payment after:2025-12 failing'), ['pay-old']);
    assert.deepEqual(found('failing pool'), []);
    assert.deepEqual(found('payment -failing'), ['noted']);
  });

  it('reads years, months and days, as mail programs do', () => {
    assert.deepEqual(found('after:2026-01 before:2026-02'), ['pay-new']);
    assert.deepEqual(found('before:2026'), ['pay-old']);
    assert.deepEqual(found('until:2026-01-01'), ['pay-new', 'pay-old']);
    assert.deepEqual(found('on:2026-02'), ['pool']);
    assert.deepEqual(found('on:2026-02-10'), ['pool']);
    assert.deepEqual(found('on:2026-2-11'), []);
  });

  it('finds words without their accents and capitals, and a word with a colon as text', () => {
    assert.deepEqual(found('grosse'), []);
    assert.deepEqual(found('GROßE'), ['paper']);
    assert.deepEqual(found('lopez'), ['pool']);
    assert.deepEqual(parseSearchQuery('error:timeout').words, ['error:timeout']);
    assert.deepEqual(parseSearchQuery('constructor:x __proto__:y').words, ['constructor:x', '__proto__:y']);
  });

  it('says what of it cannot be used, and uses the rest', () => {
    const query = parseSearchQuery('after:2026-13 is:broken service: sev:1');
    assert.equal(query.problems.length, 3);
    assert.match(query.problems[0] ?? '', /after:2026-13 is no date\. Write 2026, 2026-01 or 2026-01-31\./);
    assert.deepEqual(found('after:2026-13 sev:1'), ['pay-old']);
  });

  it('looks into notes, people and causes of a real incident', () => {
    const real = recordOfIncident(
      incidentOf(declared(), noted('DNS was odd'), resolved({ cause: 'Expired certificate' })),
    );
    const search = (query: string) => searchRecords([searchEntryOf(real)], parseSearchQuery(query)).length;
    for (const query of [
      'dns',
      'cause:certificate',
      'who:ana',
      'service:payment',
      'sev:2',
      '2026-11-23-0001',
    ])
      assert.equal(search(query), 1, query);
    assert.equal(search('certificates'), 0);
  });
});
