import assert from 'node:assert/strict';
import type { Reading } from '../../../../src/core/judge/reading.ts';
import { readingLines } from '../../../../src/core/views/readingText.ts';

const lines = (more: Partial<Reading>) => readingLines({ whole: true, lines: 3, ...more });

describe('what a card says of a run’s output', () => {
  it('counts errors by endpoint, and those that name none', () => {
    const byEndpoint = [
      { endpoint: 'POST /pay', errors: 3 },
      { endpoint: 'GET /cart', errors: 1 },
    ];
    assert.deepEqual(lines({ logs: { errors: 6, byEndpoint } }), [
      '6 lines tell of errors: POST /pay 3, GET /cart 1; 2 name no endpoint',
    ]);
    assert.deepEqual(lines({ logs: { errors: 4, byEndpoint } }), [
      '4 lines tell of errors: POST /pay 3, GET /cart 1',
    ]);
    assert.deepEqual(lines({ logs: { errors: 1, byEndpoint: [] } }), [
      '1 line tells of errors, and none names an endpoint',
    ]);
  });

  it('counts the endpoints together that there is no room for', () => {
    const byEndpoint = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) => ({
      endpoint: `/${name}`,
      errors: 1,
    }));
    assert.deepEqual(lines({ logs: { errors: 7, byEndpoint } }), [
      '7 lines tell of errors: /a 1, /b 1, /c 1, /d 1, /e 1, others 2',
    ]);
  });

  it('names the service without endpoints, and why one is not known', () => {
    assert.deepEqual(lines({ services: [{ name: 'pay', endpoints: 0 }] }), [
      'service pay has no ready endpoints',
    ]);
    assert.deepEqual(lines({ services: [{ name: 'pay', because: 'the run was stopped' }] }), [
      'whether service pay has endpoints is not known: the run was stopped',
    ]);
  });

  it('is nothing where nothing had to be counted or looked up', () => {
    assert.deepEqual(readingLines(undefined), []);
    assert.deepEqual(lines({ logs: { errors: 0, byEndpoint: [] } }), []);
  });
});
