import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { queryInstant, queryRange } from '../../../src/integrations/prometheusQuery/queryPrometheus.ts';

const never = new AbortController().signal;
const from = Date.parse('2026-11-28T10:00:00.000Z');
const range = { query: 'up', from, to: from + 60_000, stepMs: 15_000 };

describe('a query of PromQL', () => {
  let server: Server;
  let baseUrl: string;
  let answer: { status: number; body: string };
  let asked: IncomingMessage | undefined;

  before(async () => {
    server = createServer((request, response) => {
      asked = request;
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(() => server.close());
  const good = (data: unknown, more: object = {}): void => {
    answer = { status: 200, body: JSON.stringify({ status: 'success', data, ...more }) };
  };
  const connection = () => ({ baseUrl, token: undefined });

  it('asks for a span in seconds, with the tenant, and reads its series', async () => {
    good(
      {
        resultType: 'matrix',
        result: [
          {
            metric: { pod: 'a' },
            values: [
              [from / 1000, '0.5'],
              [from / 1000 + 15.25, 'NaN'],
              [from / 1000 + 30, '+Inf'],
              [from / 1000 + 45, '2'],
            ],
          },
        ],
      },
      { warnings: ['one store did not answer'] },
    );
    const read = await queryRange({ ...connection(), tenant: 'team-a' }, range, never);
    assert.ok(read.ok);
    assert.deepEqual(read.value.series, [
      {
        labels: { pod: 'a' },
        points: [
          { at: from, value: 0.5 },
          { at: from + 45_000, value: 2 },
        ],
      },
    ]);
    assert.equal(read.value.notNumbers, 2);
    assert.deepEqual(read.value.warnings, ['one store did not answer']);
    const url = new URL(asked?.url ?? '', baseUrl);
    assert.equal(url.pathname, '/api/v1/query_range');
    assert.deepEqual(Object.fromEntries(url.searchParams), {
      query: 'up',
      start: String(from / 1000),
      end: String(from / 1000 + 60),
      step: '15',
    });
    assert.equal(asked?.headers['x-scope-orgid'], 'team-a');
  });

  it('reads the value at a time, of a vector and of a number', async () => {
    good({ resultType: 'vector', result: [{ metric: {}, value: [from / 1000, '3'] }] });
    const vector = await queryInstant(connection(), { query: 'up', at: from }, never);
    assert.deepEqual(vector.ok && vector.value.series, [{ labels: {}, points: [{ at: from, value: 3 }] }]);
    good({ resultType: 'scalar', result: [from / 1000, '3'] });
    const scalar = await queryInstant(connection(), { query: '3', at: from }, never);
    assert.deepEqual(scalar.ok && scalar.value.series[0]?.points, [{ at: from, value: 3 }]);
  });

  it('sends no tenant where none is set', async () => {
    good({ resultType: 'vector', result: [] });
    await queryInstant(connection(), { query: 'up', at: from }, never);
    assert.equal(asked?.headers['x-scope-orgid'], undefined);
  });

  it('says what the server has against the query, in its words', async () => {
    answer = {
      status: 400,
      body: JSON.stringify({
        status: 'error',
        errorType: 'bad_data',
        error: '1:1: parse error: unexpected end of input',
      }),
    };
    const read = await queryInstant(connection(), { query: 'sum(', at: from }, never);
    assert.ok(!read.ok && read.failure.code === 'invalid');
    assert.match(read.failure.message, /does not take the query: 1:1: parse error/);
  });

  it('does not ask for more points than a server gives', async () => {
    asked = undefined;
    const read = await queryRange(connection(), { ...range, to: from + 11_000_000, stepMs: 1000 }, never);
    assert.ok(!read.ok && read.failure.code === 'invalid');
    assert.equal(asked, undefined);
  });

  for (const [what, status, body, code, says] of [
    ['a refused token', 401, '{}', 'forbidden', /401/],
    ['an error of its own', 503, '{}', 'failed', /503/],
    ['half an answer', 200, '{"status":"succ', 'failed', /half/],
    ['another program’s answer', 200, '{"hello":1}', 'failed', /not as its documentation says/],
  ] as const)
    it(`tells ${what}`, async () => {
      answer = { status, body };
      const read = await queryInstant(connection(), { query: 'up', at: from }, never);
      assert.ok(!read.ok);
      assert.match(read.failure.message, says);
      assert.equal(read.failure.code === code || code === 'forbidden', true, read.failure.code);
    });

  it('tells that nobody listens, and stops when told to', async () => {
    const nobody = await queryInstant(
      { baseUrl: 'http://127.0.0.1:1', token: undefined },
      { query: 'up', at: from },
      never,
    );
    assert.ok(!nobody.ok && nobody.failure.code === 'unreachable');
    const stopped = await queryInstant(connection(), { query: 'up', at: from }, AbortSignal.abort());
    assert.ok(!stopped.ok && stopped.failure.code === 'cancelled');
  });
});
