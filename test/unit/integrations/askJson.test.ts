import assert from 'node:assert/strict';
import * as v from 'valibot';
import type { ApiFailure, Fetch, JsonRequest } from '../../../src/integrations/askJson.ts';
import {
  askJson,
  deliveryFailed,
  longestAnswer,
  plainResult,
  readAnswer,
  unexpected,
} from '../../../src/integrations/askJson.ts';
import type { AnsweringService } from './answeringService.ts';
import { explain, failureOf, startAnsweringService, untilDone } from './answeringService.ts';

describe('asking a service for JSON', () => {
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
  /** What comes of a refusal with this status. */
  const refused = async (status: number, body = '', headers: Record<string, string> = {}) => {
    service.answer = { status, body, headers };
    return failureOf(await ask());
  };

  it('sends JSON and gives status, headers and the parsed answer', async () => {
    service.answer = { status: 201, body: '{"id":7}', headers: { 'x-request-id': 'a1' } };
    const result = await ask({ headers: { authorization: 'Pigeon seed' } });
    assert.ok(result.ok);
    assert.equal(result.value.status, 201);
    assert.equal(result.value.headers.get('x-request-id'), 'a1');
    assert.deepEqual(result.value.body, { id: 7 });
    const [one] = service.seen;
    assert.equal(one?.method, 'POST');
    assert.equal(one?.path, '/letters');
    assert.equal(one?.body, '{"text":"hello"}');
    assert.equal(one?.headers['content-type'], 'application/json');
    assert.equal(one?.headers['accept'], 'application/json');
    assert.equal(one?.headers['authorization'], 'Pigeon seed');
  });

  it('says nothing of a content type where nothing is sent, and lets the caller name what it accepts', async () => {
    const { body: _body, ...without } = request({ method: 'GET', headers: { accept: 'application/x' } });
    assert.ok((await askJson(fetch, without, untilDone(), explain)).ok);
    assert.equal(service.seen[0]?.headers['content-type'], undefined);
    assert.equal(service.seen[0]?.headers['accept'], 'application/x');
    assert.equal(service.seen[0]?.body, '');
  });

  it('takes an empty answer for one', async () => {
    service.answer = { status: 204, body: '' };
    const result = await ask();
    assert.ok(result.ok);
    assert.equal(result.value.body, undefined);
    const bare = await ask({}, untilDone(), async () => new Response(null, { status: 200 }));
    assert.ok(bare.ok && bare.value.body === undefined);
  });

  it('does not know what became of a call whose answer is half a JSON', async () => {
    service.answer = { status: 200, body: '{"id":' };
    const failure = failureOf(await ask());
    assert.deepEqual(failure, {
      code: 'failed',
      message:
        'Pigeons broke off in the middle of its answer, so it is not known whether it could send the letter. Before another try it is asked.',
      status: 200,
      retry: 'automatic',
      mayBeDone: true,
    });
    const told = failureOf(await ask({ inDoubt: 'It is sent again.' }));
    assert.match(told.message, /send the letter\. It is sent again\.$/);
  });

  it('does not read an answer on that is longer than any it asks for', async () => {
    service.answer = { status: 200, body: `"${'x'.repeat(longestAnswer)}"` };
    const failure = failureOf(await ask());
    assert.equal(failure.code, 'failed');
    assert.equal(failure.status, 200);
    assert.equal(failure.retry, 'person');
    assert.equal(failure.mayBeDone, true);
    assert.match(failure.message, /answered with more than is read \(8 MB\)/);
    service.answer = { status: 200, body: `"${'x'.repeat(longestAnswer - 2)}"` };
    assert.ok((await ask()).ok);
  });

  it('reads a text whose letters come in two pieces', async () => {
    const bytes = new TextEncoder().encode('"Grüße"');
    const inTwo = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(bytes.slice(0, 4));
        controller.enqueue(bytes.slice(4));
        controller.close();
      },
    });
    const result = await ask({}, untilDone(), () => Promise.resolve(new Response(inTwo)));
    assert.ok(result.ok);
    assert.equal(result.value.body, 'Grüße');
  });

  it('needs no more than the head of a 2xx where the answer is ignored', async () => {
    service.answer = { status: 200, body: 'thanks, <b>got it</b>' };
    const result = await ask({ answer: 'ignored' });
    assert.ok(result.ok);
    assert.equal(result.value.body, undefined);
    const endless = new ReadableStream<Uint8Array>({
      cancel: () => Promise.reject(new Error('the connection was gone already')),
    });
    assert.ok((await ask({ answer: 'ignored' }, untilDone(), async () => new Response(endless))).ok);
    assert.equal((await refusedWith({ answer: 'ignored' }, 403)).code, 'forbidden');
  });
  const refusedWith = async (more: Partial<JsonRequest>, status: number): Promise<ApiFailure> => {
    service.answer = { status, body: '{"message":"no"}' };
    return failureOf(await ask(more));
  };

  describe('refused', () => {
    const rows: readonly [status: number, code: string, retry: ApiFailure['retry'], message: RegExp][] = [
      [301, 'failed', 'person', /^Pigeons answered with a redirect \(301\), which is not followed/],
      [
        400,
        'invalid',
        'person',
        /^Pigeons refused to send the letter \(400\): No seed\. Nothing of the incident/,
      ],
      [
        401,
        'unauthorized',
        'person',
        /^Pigeons refused the token \(401\): No seed\. Reconnect with Incident: Connect/,
      ],
      [
        402,
        'forbidden',
        'person',
        /no such ability on this account's plan, to send the letter \(402\): No seed\./,
      ],
      [
        403,
        'forbidden',
        'person',
        /^Pigeons does not allow this token to send the letter \(403\): No seed\./,
      ],
      [
        404,
        'not-found',
        'person',
        /does not know what was addressed, to send the letter \(404\): No seed\. Nothing/,
      ],
      [
        408,
        'timeout',
        'automatic',
        /^Pigeons took too long to send the letter \(408\): No seed\. It is tried again/,
      ],
      [
        409,
        'conflict',
        'person',
        /^Pigeons refused to send the letter \(409\): No seed\. Nothing of the incident/,
      ],
      [
        410,
        'invalid',
        'person',
        /^Pigeons refused to send the letter \(410\): No seed\. Nothing of the incident/,
      ],
      [420, 'failed', 'automatic', /^Pigeons asks to wait \(420\)\. It is tried again by itself\.$/],
      [
        422,
        'invalid',
        'person',
        /^Pigeons refused to send the letter \(422\): No seed\. Nothing of the incident/,
      ],
      [429, 'failed', 'automatic', /^Pigeons asks to wait \(429\)\. It is tried again by itself\.$/],
      [
        500,
        'failed',
        'automatic',
        /^Pigeons failed \(500\) and could not send the letter: No seed\. It is tried/,
      ],
      [
        503,
        'failed',
        'automatic',
        /^Pigeons failed \(503\) and could not send the letter: No seed\. It is tried/,
      ],
    ];
    for (const [status, code, retry, message] of rows)
      it(`with ${status}: ${code}, tried again by ${retry === 'person' ? 'a person' : 'itself'}`, async () => {
        const failure = await refused(status, '{"message":"No seed."}', { 'x-loft': 'seven' });
        assert.match(failure.message, message);
        assert.equal(failure.code, code);
        assert.equal(failure.retry, retry);
        assert.equal(failure.status, status);
        assert.equal(failure.said, 'No seed.');
        assert.deepEqual(failure.body, { message: 'No seed.' });
        assert.equal(failure.headers?.get('x-loft'), 'seven');
        assert.equal(failure.mayBeDone ?? false, status >= 500 || status === 408);
      });

    it('without words of its own, or with words that are no JSON', async () => {
      const silent = await refused(400, '');
      assert.match(silent.message, /^Pigeons refused to send the letter \(400\)\. Nothing/);
      assert.ok(!('said' in silent) && !('body' in silent));
      const page = await refused(502, '<title>Bad gateway</title>');
      assert.match(page.message, /^Pigeons failed \(502\) and could not send the letter\. It/);
      assert.ok(!('body' in page));
    });

    it('with a speech: one line of it is passed on', async () => {
      const said = `No\n\n  seed ${'and no water '.repeat(50)}`;
      const { message } = await refused(400, JSON.stringify({ message: said }));
      assert.match(message, /\(400\): No seed and no water .*\. Nothing of the incident/);
      assert.ok(message.length < 450, message);
    });

    it('with words that are lost on the way: the status has said it', async () => {
      service.answer = { status: 403, body: `{"message":"${'no '.repeat(5000)}"}` };
      service.proxy.fault = { kind: 'cut', afterBytes: 400 };
      const failure = failureOf(await ask());
      assert.equal(failure.code, 'forbidden');
      assert.ok(!('said' in failure));
      service.answer = { status: 403, body: `"${'x'.repeat(longestAnswer)}"` };
      service.proxy.fault = { kind: 'none' };
      assert.equal(failureOf(await ask()).code, 'forbidden');
    });

    it('and asked to wait, in whichever way it says so', async () => {
      const wait = async (status: number, headers: Record<string, string>) =>
        (await refused(status, '', headers)).retryAfterMs;
      assert.equal(await wait(429, { 'retry-after': '7' }), 7000);
      assert.equal(await wait(420, { 'retry-after': '60' }), 60_000);
      assert.equal(await wait(503, { 'retry-after': '2' }), 2000);
      assert.equal(await wait(429, { 'ratelimit-reset': '20' }), 20_000);
      assert.equal(await wait(429, { 'ratelimit-reset': '20', 'retry-after': '3' }), 3000);
      assert.equal(await wait(429, {}), undefined);
      assert.equal(await wait(500, { 'ratelimit-reset': '20' }), undefined);
      assert.equal(await wait(403, { 'retry-after': '7' }), undefined);
    });
  });

  it('sends nothing that fetch would quote in its complaint: a token, or a password in the address', async () => {
    for (const more of [
      { headers: { authorization: 'Pigeon simulated\nseed' } },
      { headers: { authorization: 'Pigeon 種' } },
      { url: service.proxy.url.replace('//', '//ana:simulated-seed@') },
      { url: service.proxy.url.replace('//', '//simulated-seed@') },
      { url: 'pigeons' },
    ]) {
      const failure = failureOf(await ask(more));
      assert.equal(failure.code, 'invalid');
      assert.equal(failure.retry, 'person');
      assert.match(failure.message, /^Pigeons was not asked to send the letter: .*store the token anew/);
      assert.doesNotMatch(JSON.stringify(failure), /seed|種/);
    }
    assert.deepEqual(service.proxy.requests, []);
  });

  it('does not follow a redirect: the token stays here', async () => {
    service.answer = { status: 307, body: '', headers: { location: `${service.url}/elsewhere` } };
    assert.match(failureOf(await ask()).message, /redirect \(307\).*Check its base URL\.$/);
    assert.equal(service.seen.length, 1);
  });

  describe('and reading what it said', () => {
    const schema = v.object({ id: v.number(), tags: v.array(v.string()) });
    it('gives the answer as the schema has it', () => {
      assert.deepEqual(readAnswer(request(), schema, { id: 7, tags: [], more: 1 }), {
        ok: true,
        value: { id: 7, tags: [] },
      });
    });
    it('says so when it is another than its documentation has', () => {
      const failure = failureOf(readAnswer(request(), schema, { id: 7, tags: [1] }));
      assert.equal(failure.code, 'failed');
      assert.equal(failure.retry, 'person');
      assert.equal(failure.mayBeDone, true);
      assert.match(
        failure.message,
        /not as its documentation says.*whether it could send the letter\. Look there/,
      );
      assert.match(failure.cause ?? '', /^tags\.0: /);
      assert.match(failureOf(readAnswer(request(), schema, 'no')).cause ?? '', /^the answer: /);
    });
  });

  describe('as the end of a delivery', () => {
    it('keeps what decides about another try, and leaves the rest of the refusal behind', async () => {
      const failure = await refused(429, '{"message":"No seed"}', { 'retry-after': '7' });
      assert.deepEqual(deliveryFailed(failure), {
        kind: 'failed',
        failure: { code: 'failed', message: failure.message, status: 429 },
        retry: 'automatic',
        retryAfterMs: 7000,
      });
      const other = deliveryFailed(await refused(403));
      assert.ok(other.kind === 'failed' && other.retry === 'person' && !('retryAfterMs' in other));
    });
    it('tells what went wrong on our side', () => {
      const result = unexpected('Pigeons', new Error('no feathers'));
      assert.ok(result.kind === 'failed' && result.retry === 'person');
      assert.match(result.failure.message, /^Sending to Pigeons went wrong on our side, so it is not known/);
      assert.equal(result.failure.cause, 'no feathers');
    });
    it('or as a plain result', async () => {
      const failure = await refused(403, '{"message":"no"}');
      assert.deepEqual(plainResult({ ok: false, failure }), {
        ok: false,
        failure: { code: 'forbidden', message: failure.message, status: 403 },
      });
      const cut = {
        code: 'unreachable',
        message: 'It broke.',
        cause: 'ECONNRESET',
        retry: 'automatic',
      } as const;
      assert.deepEqual(plainResult({ ok: false, failure: cut }), {
        ok: false,
        failure: { code: 'unreachable', message: 'It broke.', cause: 'ECONNRESET' },
      });
      assert.deepEqual(plainResult({ ok: true, value: 1 }), { ok: true, value: 1 });
    });
  });
});
