import assert from 'node:assert/strict';
import { errorTemplate } from '../../../../src/core/history/errorTemplate.ts';
import { recordOfIncident } from '../../../../src/core/history/incidentRecord.ts';
import {
  describeEarlier,
  findRecurrences,
  recurrenceOf,
  type RecurrenceSubject,
} from '../../../../src/core/history/recurrence.ts';
import { declared, fact, incidentOf } from '../../../support/builders.ts';

const subject = (
  id: string,
  day: string | undefined,
  more: Partial<RecurrenceSubject> = {},
): RecurrenceSubject => ({
  ...{ id, number: `no-${id}`, title: id, service: undefined, alerts: [], errors: [] },
  declaredAt: day === undefined ? undefined : `2026-${day}T10:00:00.000Z`,
  ...more,
});

describe('recurrence', () => {
  it('is seen by the service, the alert or the error, and says which', () => {
    const first = subject('a', '11-01', {
      service: 'Checkout',
      alerts: ['HighLatency'],
      errors: ['error <n>'],
    });
    const later = subject('b', '11-20', {
      service: 'checkout',
      alerts: ['HighLatency'],
      errors: ['error <n>'],
    });
    const found = recurrenceOf(later, [first]);
    assert.deepEqual(
      found?.because.map(({ kind }) => kind),
      ['alert', 'error', 'service'],
    );
    const [earlier] = found.earlier;
    assert.equal(
      earlier && describeEarlier(earlier),
      'no-a, 19 days before: the same alert, HighLatency; the same error, error <n>; the same service, checkout',
    );
  });

  it('is none outside the window, of what comes later, of itself, or of nothing in common', () => {
    const service = 'checkout';
    const one = subject('b', '11-20', { service });
    assert.equal(recurrenceOf(one, [subject('a', '10-20', { service })]), undefined);
    assert.ok(recurrenceOf(one, [subject('a', '10-21', { service })]));
    assert.equal(recurrenceOf(one, [subject('c', '11-21', { service })]), undefined);
    assert.equal(recurrenceOf(one, [one]), undefined);
    assert.equal(recurrenceOf(one, [subject('a', '11-19', { service: 'search' })]), undefined);
    assert.equal(recurrenceOf(subject('x', undefined, { service }), [one]), undefined);
    assert.equal(recurrenceOf(subject('x', '11-21'), [subject('y', '11-20')]), undefined);
  });

  it('lists the newest ten and counts them all', () => {
    const all = Array.from({ length: 15 }, (_, at) =>
      subject(`s${at}`, `11-${String(at + 10)}`, { service: 'web' }),
    );
    const found = findRecurrences(all).get('s14');
    assert.equal(found?.count, 14);
    assert.deepEqual(
      found.earlier.map(({ id }) => id),
      ['s13', 's12', 's11', 's10', 's9', 's8', 's7', 's6', 's5', 's4'],
    );
  });

  it('is judged by what an incident kept: its alerts and the errors in its evidence', () => {
    const signal = {
      ...{ id: 'alert/1', kind: 'alert' as const, sources: ['Prometheus'], title: 'Errors are high' },
      ...{
        startedAt: '2026-11-23T10:20:00.000Z',
        state: 'firing' as const,
        labels: { alertname: 'HighErrorRate' },
      },
    };
    const record = recordOfIncident(
      incidentOf(
        declared(),
        fact('SignalAttached', { signal }),
        fact('EvidenceAdded', { kind: 'output', text: 'fine\nERROR pool "main" is full (17 of 17)\nfine' }),
        fact('EvidenceAdded', { kind: 'url', text: 'https://example.com/error/12' }),
      ),
    );
    assert.deepEqual(record.alerts, ['HighErrorRate']);
    assert.deepEqual(record.errors, ['error pool <text> is full (<n> of <n>)']);
  });
});

describe('the template of an error', () => {
  it('is the same for lines that differ in times, ids and numbers alone', () => {
    const lines = [
      '2026-11-23T10:30:01.123Z ERROR pod payment-service-7d9f8c-x2k4q lost 3 of 10 connections to 10.0.0.7:5432',
      '2026-11-24 08:00:00,001 ERROR pod payment-service-6c4b9d-p9z7w lost 12 of 10 connections to 10.1.2.30:5432',
    ];
    assert.equal(errorTemplate(lines[0]!), errorTemplate(lines[1]!));
    assert.match(errorTemplate(lines[0]!) ?? '', /^<time> error pod payment-service-<n> lost <n> of <n>/);
  });

  it('keeps apart what says something else, and is none of a line without an error', () => {
    assert.notEqual(errorTemplate('error: disk is full'), errorTemplate('error: pool is full'));
    assert.equal(errorTemplate('GET /pay 200 in 12 ms'), undefined);
    assert.equal(errorTemplate('10.0.0.7 - - "GET /pay HTTP/1.1" 503 12'), undefined);
  });

  it('leaves out names in quotes, and keeps what a log of values says in them', () => {
    assert.equal(errorTemplate(`error: can't load "a.json"`), errorTemplate(`error: can't load "b.json"`));
    const lines = [
      'level=error msg="pool is full"',
      '{"level": "error", "msg": "pool is full"}',
      '{"level":"error","msg":"pool!","of":"shop"}',
      '{"level":"error","pool":7}',
      "error: can't open the pool, won't go on",
    ];
    for (const line of lines)
      assert.notEqual(errorTemplate(line), errorTemplate(line.replace('pool', 'disk')), line);
  });

  it('is of what a person kept for an error, whatever its level', () => {
    assert.equal(
      errorTemplate('dial tcp 10.0.0.7:5432: connection refused'),
      'dial tcp <n>:<n>: connection refused',
    );
  });
});
