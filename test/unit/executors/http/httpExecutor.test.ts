import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { HttpPlan } from '../../../../src/core/plan/plan.ts';
import { createHttpExecutor } from '../../../../src/executors/http/httpExecutor.ts';
import { collectOutput, untilDone } from '../collectOutput.ts';

describe('http executor', () => {
  let server: Server;
  let url: string;
  let answer: (request: IncomingMessage, response: ServerResponse) => void;
  const received: { method: string; path: string; headers: IncomingMessage['headers']; body: string }[] = [];

  beforeEach(async () => {
    received.length = 0;
    server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => (body += String(chunk)));
      request.on('end', () => {
        received.push({
          method: request.method ?? '',
          path: request.url ?? '',
          headers: request.headers,
          body,
        });
        answer(request, response);
      });
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(() => {
    server.close();
    server.closeAllConnections();
  });

  const plan = (parts: Partial<HttpPlan>): HttpPlan => ({
    kind: 'http',
    stepId: 'step',
    original: 'curl',
    preview: 'curl',
    risk: 'read',
    target: {},
    missing: [],
    traps: [],
    timeoutMs: undefined,
    method: 'GET',
    url,
    headers: [],
    body: undefined,
    showHeaders: false,
    followRedirects: false,
    failOnError: false,
    filters: [],
    ...parts,
  });
  const run = async (parts: Partial<HttpPlan>, signal = untilDone()) => {
    const output = collectOutput();
    const outcome = await createHttpExecutor({ env: () => ({}) }).run(plan(parts), output, signal);
    return { outcome, output };
  };

  it('prints the body and says the status', async () => {
    answer = (_request, response) => response.end('fine\n');
    const { outcome, output } = await run({});
    assert.equal(output.stdout, 'fine\n');
    assert.ok(outcome.kind === 'succeeded');
    assert.equal(outcome.status, 200);
    assert.match(outcome.detail ?? '', /^HTTP 200 OK in \d+ ms \(DNS \d+, connect \d+, first byte \d+ ms\)$/);
  });

  it('sends method, headers and body as given, as a form when nothing else is said', async () => {
    answer = (_request, response) => response.end();
    await run({
      method: 'POST',
      url: `${url}/api/flags/new-checkout/disable`,
      body: 'a=1',
      headers: [['X-Team', 'pay']],
    });
    const [sent] = received;
    assert.deepEqual(
      [sent?.method, sent?.path, sent?.body],
      ['POST', '/api/flags/new-checkout/disable', 'a=1'],
    );
    assert.equal(sent?.headers['x-team'], 'pay');
    assert.equal(sent?.headers['content-type'], 'application/x-www-form-urlencoded');
  });

  it('fails a health check that answers 503, head and status shown', async () => {
    answer = (_request, response) => response.writeHead(503, { 'x-down': 'yes' }).end();
    const { outcome, output } = await run({ method: 'HEAD', showHeaders: true, url: `${url}/health` });
    assert.match(output.stdout, /^HTTP\/1\.1 503 Service Unavailable\n(.+\n)*x-down: yes\n/);
    assert.ok(outcome.kind === 'failed');
    assert.equal(outcome.status, 503);
    assert.match(outcome.message, /\/health answered 503 Service Unavailable/);
  });

  it('shows the body of an error, unless curl was told -f', async () => {
    answer = (_request, response) => response.writeHead(404).end('no such flag\n');
    const shown = await run({});
    assert.equal(shown.output.stdout, 'no such flag\n');
    const hidden = await run({ failOnError: true });
    assert.equal(hidden.output.stdout, '');
    assert.ok(hidden.outcome.kind === 'failed');
    assert.deepEqual([hidden.outcome.exitCode, hidden.outcome.status], [22, 404]);
  });

  it('follows a redirect only when told to, and says so otherwise', async () => {
    answer = (request, response) =>
      request.url === '/new' ? response.end('there') : response.writeHead(302, { location: '/new' }).end();
    const stayed = await run({});
    assert.ok(stayed.outcome.kind === 'succeeded');
    assert.match(stayed.outcome.detail ?? '', /302 to \/new, not followed: curl needs -L/);
    assert.equal(received.length, 1);
    assert.equal((await run({ followRedirects: true })).output.stdout, 'there');
  });

  it('filters the body, and a grep that finds nothing is not a failure', async () => {
    answer = (_request, response) => response.end('up 1\ndown 0\n');
    const grep = {
      name: 'grep',
      pattern: 'down',
      ignoreCase: false,
      invert: false,
      extended: false,
      fixed: false,
      count: false,
    } as const;
    assert.equal((await run({ filters: [grep] })).output.stdout, 'down 0\n');
    assert.deepEqual((await run({ filters: [{ ...grep, pattern: 'gone' }] })).outcome, { kind: 'no-match' });
  });

  it('ends an endless body once head has its lines', async () => {
    let closed: Promise<unknown> | undefined;
    answer = (_request, response) => {
      closed = once(response, 'close');
      const more = () =>
        void (response.destroyed || response.write('line\n'.repeat(1000), () => setImmediate(more)));
      more();
    };
    const { outcome, output } = await run({ filters: [{ name: 'head', lines: 3 }] });
    assert.equal(output.stdout, 'line\nline\nline\n');
    assert.equal(outcome.kind, 'succeeded');
    await closed;
  });

  it('does not print a binary body', async () => {
    answer = (_request, response) =>
      response.writeHead(200, { 'content-type': 'image/png' }).end(Buffer.from([0x89, 0x50, 0, 0, 1]));
    const { output } = await run({});
    assert.equal(output.stdout, '');
    assert.match(output.stderr, /binary \(image\/png\)/);
  });

  it('stops while it waits for an answer', async () => {
    const stop = new AbortController();
    answer = () => stop.abort();
    assert.deepEqual((await run({}, stop.signal)).outcome, { kind: 'stopped' });
  });

  it('times out by the plan', async () => {
    answer = () => {};
    assert.deepEqual((await run({ timeoutMs: 100 })).outcome, { kind: 'timed-out', afterMs: 100 });
  });

  it('says that nothing was sent when nobody listens', async () => {
    const { port } = server.address() as AddressInfo;
    server.close();
    server.closeAllConnections();
    const { outcome } = await run({ method: 'POST', url: `http://127.0.0.1:${port}/x` });
    assert.ok(outcome.kind === 'failed');
    assert.match(outcome.message, /refused the connection.*Nothing was sent/);
  });

  it('says that a POST may have been applied when its answer was lost', async () => {
    answer = (request) => request.socket.destroy();
    const { outcome } = await run({ method: 'POST', url: `${url}/disable` });
    assert.ok(outcome.kind === 'failed');
    assert.match(outcome.message, /may have been applied/);
  });

  it('sends credentials of the URL as Basic, and never prints them or the query', async () => {
    answer = (_request, response) => response.writeHead(401).end();
    const secret = url.replace('//', '//ana:open-sesame@') + '/x?key=hidden-value';
    const { outcome, output } = await run({ url: secret });
    assert.equal(
      received[0]?.headers.authorization,
      `Basic ${Buffer.from('ana:open-sesame').toString('base64')}`,
    );
    assert.doesNotMatch(JSON.stringify(outcome) + output.stderr + output.stdout, /open-sesame|hidden-value/);
  });

  it('answers what cannot be sent with a sentence', async () => {
    for (const parts of [
      { url: 'http://' },
      { url: 'ftp://host/file' },
      { body: 'x' },
      { headers: [['bad name', 'x']] as const },
    ]) {
      const { outcome } = await run(parts);
      assert.ok(outcome.kind === 'failed', JSON.stringify(parts));
      assert.match(outcome.message, /Nothing was sent/);
    }
    assert.equal(received.length, 0);
  });
});
