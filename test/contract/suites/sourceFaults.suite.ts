import assert from 'node:assert/strict';
import type { SourceFailure, SourceResult } from '../../../src/core/signals/signalSource.ts';
import type { FaultProxy } from '../../support/faultProxy.ts';
import { startFaultProxy } from '../../support/faultProxy.ts';
import { untilDone } from './alertSite.ts';

/** A source of signals that is read through a proxy which spoils the answers. */
export interface FaultySource {
  /** As its sentences call it. */
  readonly system: string;
  readonly upstream: () => string;
  /** The token it takes, where it takes no other. */
  readonly word?: () => string;
  read(baseUrl: string, token: string, timeoutMs: number, signal: AbortSignal): Promise<SourceResult>;
}

/** What is said when the way to a source fails, or it answers with something else than it should. */
export function describeSourceFaults({ system, upstream, read, ...source }: FaultySource): void {
  describe('on a bad day', () => {
    const wordOf = source.word ?? (() => 'simulated-signal-word');
    let word = '';
    let proxy: FaultProxy;
    beforeEach(async () => {
      word = wordOf();
      proxy = await startFaultProxy(upstream());
    });
    afterEach(() => proxy.dispose());

    const readNow = (signal = untilDone()) => read(proxy.url, word, 800, signal);
    /** The failure, which names the system, promises no delivery and holds neither the token nor the address's port. */
    async function failure(signal?: AbortSignal): Promise<SourceFailure> {
      const result = await readNow(signal);
      assert.ok(!result.ok, 'it was read after all');
      const { message, cause = '' } = result.failure;
      assert.match(message, new RegExp(system));
      assert.doesNotMatch(message, /It is sent|mark it as done|so it is not known/);
      assert.ok(!message.includes(word) && !cause.includes(word), message);
      return result.failure;
    }

    it('no answer is a timeout', async () => {
      proxy.fault = { kind: 'silence' };
      assert.equal((await failure()).code, 'timeout');
    });

    it('a connection that breaks, or nothing that listens, is unreachable', async () => {
      proxy.fault = { kind: 'cut', afterBytes: 0 };
      assert.equal((await failure()).code, 'unreachable');
      proxy.fault = { kind: 'half-close' };
      assert.equal((await failure()).code, 'unreachable');
      await proxy.dispose();
      assert.equal((await failure()).code, 'unreachable');
    });

    it('half an answer is none', async () => {
      proxy.fault = { kind: 'cut', afterBytes: 200 };
      assert.match((await failure()).code, /^(?:unreachable|failed)$/);
      proxy.fault = { kind: 'answer', status: 200, body: '{"status":"success","data":{"ale' };
      assert.equal((await failure()).code, 'failed');
    });

    it('another answer than documented is not understood, and nothing is made up from it', async () => {
      for (const body of ['{}', '[{"labels":7}]', '"ok"', 'null', ''])
        await assertFailed({ status: 200, body }, 'failed');
      await assertFailed({ status: 200, body: '<html>Sign in</html>' }, 'failed');
    });

    const assertFailed = async (answer: { readonly status: number; readonly body: string }, code: string) => {
      proxy.fault = { kind: 'answer', ...answer };
      assert.equal((await failure()).code, code, answer.body);
    };

    it('a refused token says to connect again, a missing permission what is missing', async () => {
      await assertFailed({ status: 401, body: '' }, 'unauthorized');
      await assertFailed({ status: 403, body: '' }, 'forbidden');
    });

    it('a failure over there, and a redirect to a sign-in page, are told as such', async () => {
      await assertFailed({ status: 503, body: 'Service Unavailable' }, 'failed');
      proxy.fault = {
        kind: 'answer',
        status: 302,
        body: '',
        headers: { location: 'https://sign-in.example' },
      };
      assert.match((await failure()).message, /redirect/);
    });

    it('what it asks to wait is handed on', async () => {
      proxy.fault = { kind: 'answer', status: 429, body: '', headers: { 'retry-after': '7' } };
      assert.equal((await failure()).retryAfterMs, 7000);
    });

    it('stopping ends it at once', async () => {
      proxy.fault = { kind: 'silence' };
      const stop = new AbortController();
      const ending = read(proxy.url, word, 60_000, stop.signal);
      await proxy.nextRequest();
      stop.abort();
      const result = await ending;
      assert.equal(result.ok ? '' : result.failure.code, 'cancelled');
    });

    it('once it is over, it is read as ever', async () => {
      proxy.fault = { kind: 'answer', status: 500, body: '', times: 1 };
      assert.equal((await readNow()).ok, false);
      assert.equal((await readNow()).ok, true);
    });
  });
}
