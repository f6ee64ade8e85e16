import assert from 'node:assert/strict';
import type { DeliveryResult } from '../../../src/core/deliveries/deliveryPort.ts';
import type { Fault, FaultProxy } from '../../support/faultProxy.ts';
import { startFaultProxy } from '../../support/faultProxy.ts';
import { failureOf, receiptOf, wasFound } from './deliveryKit.ts';

export interface AttemptOptions {
  /** The service's own address, or the proxy's in front of it. */
  readonly url: string;
  readonly mayExist: boolean;
  /** Ten seconds unless told. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** A delivery that nobody has tried yet. */
export interface Prepared {
  attempt(options: AttemptOptions): Promise<DeliveryResult>;
  /** Fails unless the service, asked itself, shows exactly one of it, the one of the receipt. */
  exactlyOne(result: DeliveryResult): Promise<void>;
}

/** One call of an act that can go wrong. */
export interface Struck {
  /** `POST of create-incident` */
  readonly title: string;
  readonly only: NonNullable<FaultProxy['only']>;
  /** True for the call that does it: when its answer is lost, the next attempt finds it done. */
  readonly does: boolean;
  /** True for a call that only a second attempt makes: what is prepared has been done, and nobody knows. */
  readonly looks?: boolean;
  prepare(): Promise<Prepared>;
}

export interface Refusal {
  readonly status: number;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly code: string;
  readonly retry: 'automatic' | 'person';
  readonly retryAfterMs?: number;
  readonly message: RegExp;
}

export interface FaultyService {
  /** `PagerDuty`, as sentences call it. */
  readonly name: string;
  url(): string;
  /** What must never be told. */
  secrets(): readonly string[];
  readonly struck: readonly Struck[];
  /** What the service refuses with, in its own words. */
  readonly refusals: readonly Refusal[];
}

/** Longer than a good answer takes on a busy machine, ms. */
const patienceMs = 2000;

const head = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n';
/** The request has arrived, its answer is lost. */
const lost: readonly (readonly [string, Fault, code: string])[] = [
  ['silence', { kind: 'silence' }, 'timeout'],
  ['a connection that is cut', { kind: 'cut', afterBytes: 40 }, 'unreachable'],
  ['a connection that ends', { kind: 'half-close' }, 'unreachable'],
  ['half an answer', { kind: 'garbage', bytes: `${head}content-length: 400\r\n\r\n{"inc` }, 'unreachable'],
  ['half a JSON', { kind: 'garbage', bytes: `${head}content-length: 5\r\n\r\n{"inc` }, 'failed'],
];

/** What is said and done when the way to a service fails, for each call of each act. */
export function describeDeliveryFaults({ name, url, secrets, struck, refusals }: FaultyService): void {
  describe('on a bad day', function () {
    this.timeout(60_000);
    let proxy: FaultProxy;
    const said: DeliveryResult[] = [];
    beforeEach(async () => (proxy = await startFaultProxy(url())));
    afterEach(async () => {
      await proxy.dispose();
      for (const result of said.splice(0)) {
        const told = JSON.stringify(result);
        for (const secret of secrets()) assert.ok(!told.includes(secret), 'a token was told');
        if (result.kind === 'failed') assert.doesNotMatch(result.failure.message, /127\.0\.0\.1/);
      }
    });

    async function attempt(prepared: Prepared, options: AttemptOptions): Promise<DeliveryResult> {
      const result = await prepared.attempt(options);
      said.push(result);
      return result;
    }
    const through = (prepared: Prepared, one: Struck, options: Partial<AttemptOptions> = {}) =>
      attempt(prepared, { url: proxy.url, mayExist: one.looks ?? false, ...options });
    /** The next attempt, over a way that works. */
    async function again(prepared: Prepared): Promise<DeliveryResult> {
      const result = await attempt(prepared, { url: url(), mayExist: true });
      receiptOf(result);
      await prepared.exactlyOne(result);
      return result;
    }
    const strike = (one: Struck, fault: Fault): void => {
      proxy.only = one.only;
      proxy.fault = fault;
    };

    for (const one of struck) {
      describe(one.title, () => {
        for (const [what, fault, code] of lost)
          it(`after ${what}: tries again by itself, and there is exactly one`, async () => {
            const prepared = await one.prepare();
            strike(one, fault);
            const result = await through(
              prepared,
              one,
              fault.kind === 'silence' ? { timeoutMs: patienceMs } : {},
            );
            const { failure, retry } = failureOf(result);
            assert.deepEqual([failure.code, retry], [code, 'automatic'], failure.message);
            assert.match(failure.message, new RegExp(`^${name} |to ${name} `));
            assert.equal(wasFound(await again(prepared)), one.does || one.looks === true);
          });

        for (const refusal of refusals) {
          const { status, body, headers, code, retry, retryAfterMs, message } = refusal;
          const by = retry === 'person' ? 'leaves it to a person' : 'tries again by itself';
          it(`after a ${status}: ${by}, and there is exactly one`, async () => {
            const prepared = await one.prepare();
            strike(one, { kind: 'answer', status, body, ...(headers ? { headers } : {}) });
            const result = failureOf(await through(prepared, one));
            assert.deepEqual(
              [result.failure.status, result.failure.code, result.retry, result.retryAfterMs],
              [status, code, retry, retryAfterMs],
              result.failure.message,
            );
            assert.match(result.failure.message, message);
            assert.equal(wasFound(await again(prepared)), one.looks === true);
          });
        }

        it('stops at once when it is told to, and there is exactly one after another attempt', async () => {
          const prepared = await one.prepare();
          const stop = new AbortController();
          const arrived = new Promise<void>((resolve) => {
            proxy.only = (request) => {
              if (one.only(request)) resolve();
              return one.only(request);
            };
          });
          // Held, for what is still under way while the service is asked again cannot be seen by anybody.
          proxy.fault = { kind: 'hold' };
          const running = through(prepared, one, { signal: stop.signal, timeoutMs: 60_000 });
          await arrived;
          stop.abort();
          assert.equal(failureOf(await running).failure.code, 'cancelled');
          assert.equal(wasFound(await again(prepared)), one.looks === true);
        });
      });
    }

    it('says that nobody listens, and sends it as soon as somebody does', async () => {
      const [one] = struck;
      assert.ok(one);
      const prepared = await one.prepare();
      const { url: gone } = proxy;
      await proxy.dispose();
      const { failure, retry } = failureOf(await attempt(prepared, { url: gone, mayExist: false }));
      assert.deepEqual([failure.code, retry], ['unreachable', 'automatic']);
      assert.match(failure.message, /cannot be reached.*It is sent as soon as it can be/);
      assert.equal(wasFound(await again(prepared)), false);
      proxy = await startFaultProxy(url());
    });
  });
}
