import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProxyAgent, fetch as fetchThrough } from 'undici';
import type { Fetch, JsonRequest } from '../../../src/integrations/askJson.ts';
import { askJson } from '../../../src/integrations/askJson.ts';
import { startHttpSite } from '../../support/httpSite.ts';
import type { AnsweringService } from './answeringService.ts';
import { explain, failureOf, startAnsweringService, untilDone } from './answeringService.ts';

describe('asking a service for JSON without an answer', () => {
  let service: AnsweringService;
  before(async () => (service = await startAnsweringService()));
  after(() => service.dispose());
  beforeEach(() => service.restart());

  const request = (more: Partial<JsonRequest> = {}): JsonRequest => ({
    system: 'Pigeons',
    method: 'POST',
    url: `${service.proxy.url}/letters`,
    body: { text: 'hello' },
    what: 'send the letter',
    ...more,
  });
  const ask = (more: Partial<JsonRequest> = {}, signal = untilDone(), through: Fetch = fetch) =>
    askJson(through, request(more), signal, explain);
  const doubt =
    /^The connection to Pigeons broke before it answered, so it is not known whether it could send the letter\. Before another try it is asked\.$/;
  for (const fault of [
    { kind: 'cut', afterBytes: 0 },
    { kind: 'half-close' },
    { kind: 'garbage', bytes: 'coo\r\n' },
  ] as const)
    it(`after the call had arrived (${fault.kind})`, async () => {
      service.proxy.fault = fault;
      const failure = failureOf(await ask());
      assert.equal(failure.code, 'unreachable');
      assert.equal(failure.retry, 'automatic');
      assert.match(failure.message, doubt);
      assert.equal(failure.mayBeDone, true);
      assert.ok(failure.cause);
      assert.match(failureOf(await ask({ inDoubt: 'Look.' })).message, /send the letter\. Look\.$/);
      assert.equal(service.seen.length, 2);
    });

  it('since the network gave up in between', async () => {
    for (const thrown of [
      new DOMException('This operation was aborted', 'AbortError'),
      Object.assign(new Error('Body timeout'), { code: 'UND_ERR_BODY_TIMEOUT' }),
    ])
      assert.match(failureOf(await ask({}, untilDone(), () => Promise.reject(thrown))).message, doubt);
    const silent = Object.assign(new Error('no route'), { code: 'UND_ERR_CONNECT_TIMEOUT' });
    const failure = failureOf(await ask({}, untilDone(), () => Promise.reject(silent)));
    assert.match(failure.message, /^Pigeons cannot be reached \(no route\)/);
  });

  it('to its end: a 2xx that breaks off is in doubt', async () => {
    service.answer = { status: 200, body: JSON.stringify({ id: 'x'.repeat(5000) }) };
    service.proxy.fault = { kind: 'cut', afterBytes: 400 };
    assert.match(failureOf(await ask()).message, doubt);
  });

  it('in time', async () => {
    service.proxy.fault = { kind: 'silence' };
    const failure = failureOf(await ask({ timeoutMs: 30, inDoubt: 'Look.' }));
    assert.deepEqual(failure, {
      code: 'timeout',
      message: 'Pigeons gave no answer in time, so it is not known whether it could send the letter. Look.',
      retry: 'automatic',
      mayBeDone: true,
    });
    assert.match(failureOf(await ask({ timeoutMs: 30 })).message, /Before another try it is asked\.$/);
  });

  it('since it was stopped', async () => {
    service.proxy.fault = { kind: 'silence' };
    const stop = new AbortController();
    const arrived = service.proxy.nextRequest();
    const asking = ask({}, stop.signal);
    await arrived;
    stop.abort();
    const failure = failureOf(await asking);
    assert.deepEqual(failure, {
      code: 'cancelled',
      message: 'Stopped before Pigeons answered.',
      retry: 'automatic',
      mayBeDone: true,
    });
    assert.deepEqual(failureOf(await ask({}, stop.signal)), failure);
    assert.equal(service.proxy.requests.length, 1, 'a call that was stopped before it began arrives nowhere');
  });

  it('since it was stopped while a refusal was read', async () => {
    service.answer = { status: 403, body: 'x' };
    const stop = new AbortController();
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        stop.abort();
        controller.error(new DOMException('aborted', 'AbortError'));
      },
    });
    const result = await ask({}, stop.signal, async () => new Response(body, { status: 403 }));
    assert.equal(failureOf(result).code, 'cancelled');
  });

  it('where nothing listens', async () => {
    await service.proxy.dispose();
    const failure = failureOf(await ask());
    assert.equal(failure.code, 'unreachable');
    assert.equal(failure.retry, 'automatic');
    assert.match(
      failure.message,
      /^Pigeons cannot be reached \(refused the connection: .*It is sent as soon/,
    );
    assert.match(failure.cause ?? '', /ECONNREFUSED/);
    assert.ok(!('mayBeDone' in failure));
  });

  it('over a certificate that nobody vouches for', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'incident-ask-'));
    const site = await startHttpSite(folder);
    const failure = failureOf(await ask({ url: site.secureUrl }));
    assert.equal(failure.code, 'unreachable');
    assert.equal(failure.retry, 'person');
    assert.match(failure.message, /^Pigeons showed a certificate that is not trusted \(.*Nothing was sent/);
    assert.deepEqual(site.reset(), []);
    await site.dispose();
    await rm(folder, { recursive: true });
  });

  it('from behind a proxy that refuses', async () => {
    service.proxy.fault = { kind: 'answer', status: 407, body: '' };
    const dispatcher = new ProxyAgent(service.proxy.url);
    const through: Fetch = (to, init) =>
      fetchThrough(to, { ...init, dispatcher } as Parameters<typeof fetchThrough>[1]) as never;
    const failure = failureOf(await ask({ url: 'https://pigeons.example' }, untilDone(), through));
    assert.equal(failure.code, 'unreachable');
    assert.equal(failure.retry, 'person');
    assert.match(failure.message, /^The proxy refused the way to Pigeons \(407\)\. Nothing was sent/);
    await dispatcher.close();
  });
});
