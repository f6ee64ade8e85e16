import assert from 'node:assert/strict';
import type { ErrorCode } from '../../../src/core/errors.ts';
import type { DeliveryService } from '../../../src/core/deliveries/deliveryPort.ts';
import type { Fault, FaultProxy } from '../../support/faultProxy.ts';
import { startFaultProxy } from '../../support/faultProxy.ts';
import type { AttemptOptions, TicketIncident, TicketProduction, TicketSite } from './ticketSite.ts';
import { delivered, refused, startIncident } from './ticketSite.ts';

const json = { 'content-type': 'application/json' };
const answer = (status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Fault => ({
  kind: 'answer',
  status,
  body: typeof body === 'string' ? body : JSON.stringify(body),
  headers: { ...json, ...headers },
});

interface Refusal {
  readonly title: string;
  readonly fault: Fault;
  readonly code: ErrorCode;
  readonly retry: 'automatic' | 'person';
  readonly says: RegExp;
  readonly retryAfterMs?: number;
}

/** What comes back when the way to a ticket system fails, and that there is exactly one of everything in the end. */
export function describeTicketFaults(production: TicketProduction): void {
  describe(`tickets on a bad day in ${production.title}`, function () {
    this.timeout(60_000);
    let site: TicketSite;
    let proxy: FaultProxy;
    let service: DeliveryService;
    let incident: TicketIncident;
    before(async () => {
      site = await production.start();
    });
    after(() => site.dispose());
    beforeEach(async () => {
      proxy = await startFaultProxy(site.url);
      service = newService(1500);
      incident = startIncident(site);
    });
    afterEach(async () => {
      site.setLag?.(false);
      await proxy.dispose();
    });
    const newService = (timeoutMs: number): DeliveryService =>
      site.createService({ tokenOf: () => Promise.resolve(site.token), timeoutMs });
    const create = (more: AttemptOptions = {}) =>
      incident.deliver(service, incident.newTicket(), { baseUrl: proxy.url, ...more });
    const count = async (): Promise<number> => (await site.tickets(incident.words)).length;
    const late = (): number => site.settleMs + 1;
    const comment = (more: AttemptOptions = {}) =>
      incident.deliver(
        service,
        { system: site.system, act: 'comment', text: 'Hello' },
        { baseUrl: proxy.url, mark: 'A', ...more },
      );

    const refusals: readonly Refusal[] = [
      {
        title: 'a limit',
        fault: answer(429, {}, { 'retry-after': '7' }),
        code: 'failed',
        retry: 'automatic',
        says: /asks to wait/,
        retryAfterMs: 7000,
      },
      {
        title: 'a refused token',
        fault: answer(401, { message: 'Bad credentials' }),
        code: 'unauthorized',
        retry: 'person',
        says: /refused the token.*Bad credentials.*Reconnect/,
      },
      {
        title: 'a missing permission',
        fault: answer(403, { message: 'Resource not accessible by personal access token' }),
        code: 'forbidden',
        retry: 'person',
        says: /does not allow this token to create the issue.*Resource not accessible/,
      },
      {
        title: 'a place that is not there',
        fault: answer(404, { message: 'Not Found' }),
        code: 'not-found',
        retry: 'person',
        says: /is not there or that this (?:token|account) does not see it/,
      },
      {
        title: 'an error of its own',
        fault: answer(500, { message: 'Server Error' }),
        code: 'failed',
        retry: 'automatic',
        says: /failed \(500\).*tried again by itself/,
      },
      {
        title: 'a gateway without a server behind it',
        fault: answer(502, '<html>Bad Gateway</html>'),
        code: 'failed',
        retry: 'automatic',
        says: /failed \(502\)/,
      },
      {
        title: 'a redirect to another server',
        fault: answer(302, {}, { location: 'http://elsewhere.example/repos' }),
        code: 'failed',
        retry: 'person',
        says: /redirect \(302\)/,
      },
    ];

    for (const { title, fault, code, retry, says, retryAfterMs } of refusals)
      it(`tells ${title}, and makes one afterwards`, async () => {
        proxy.fault = fault;
        const result = refused(await create());
        assert.equal(result.failure.code, code);
        assert.equal(result.retry, retry);
        assert.match(result.failure.message, says);
        assert.equal(result.retryAfterMs, retryAfterMs);
        assert.doesNotMatch(JSON.stringify(result), new RegExp(site.token));
        assert.deepEqual(Object.keys(result.failure).sort(), ['code', 'message', 'status']);
        assert.equal(await count(), 0);
        proxy.fault = { kind: 'none' };
        delivered(await create({ attempt: 2, later: late() }));
        assert.equal(await count(), 1);
      });

    it('tells what the vendor has against the content, in its words', async () => {
      proxy.fault = answer(site.refusal.status, site.refusal.body);
      const result = refused(await create());
      assert.equal(result.failure.code, 'invalid');
      assert.equal(result.retry, 'person');
      assert.match(result.failure.message, site.refusal.words);
    });

    it('does not wait after a refusal, for nothing can turn up', async () => {
      proxy.fault = answer(401, {});
      refused(await create());
      proxy.fault = { kind: 'none' };
      assert.equal(delivered(await create({ attempt: 2, later: 1 })).found, undefined);
      assert.equal(await count(), 1);
    });

    it('tells that nothing listens there, and makes one when it does', async () => {
      await proxy.dispose();
      const result = refused(await create());
      assert.equal(result.failure.code, 'unreachable');
      assert.equal(result.retry, 'automatic');
      assert.match(result.failure.message, /cannot be reached .*sent as soon as it can be/);
      delivered(await create({ attempt: 2, later: 1, baseUrl: site.url }));
      assert.equal(await count(), 1);
    });

    const losses: readonly (readonly [string, () => Fault])[] = [
      ['silence', () => ({ kind: 'silence' })],
      ['a cut before the answer', () => ({ kind: 'cut', afterBytes: 0 })],
      ['a cut in the middle of the answer', () => ({ kind: 'cut', afterBytes: 300 })],
      ['an end without an answer', () => ({ kind: 'half-close' })],
      [
        'half an answer',
        () => ({ kind: 'garbage', bytes: 'HTTP/1.1 201 Created\r\ncontent-length: 9\r\n\r\n{"number"' }),
      ],
      [
        'an error after it was made',
        () => ({ kind: 'garbage', bytes: 'HTTP/1.1 502 Bad\r\ncontent-length: 0\r\n\r\n' }),
      ],
    ];
    for (const [title, fault] of losses) {
      it(`finds the one that was made when its answer is lost to ${title}`, async () => {
        service = newService(300);
        proxy.fault = fault();
        proxy.only = site.isCreate;
        const result = refused(await create());
        assert.equal(result.retry, 'automatic');
        assert.ok(['timeout', 'unreachable', 'failed'].includes(result.failure.code));
        proxy.fault = { kind: 'none' };
        service = newService(1500);
        assert.equal(delivered(await create({ attempt: 2, later: 1000 })).found, true);
        assert.equal(await count(), 1);
      });

      it(`finds the comment that was made when its answer is lost to ${title}`, async () => {
        delivered(await create());
        service = newService(300);
        proxy.fault = fault();
        proxy.only = site.isComment;
        assert.equal(refused(await comment()).retry, 'automatic');
        proxy.fault = { kind: 'none' };
        service = newService(1500);
        assert.equal(delivered(await comment({ attempt: 2, later: 1000 })).found, true);
        const [ticket] = await site.tickets(incident.words);
        assert.equal(ticket?.comments.length, 1);
      });
    }

    it('makes nothing while it cannot look', async () => {
      proxy.fault = answer(500, {});
      proxy.only = (request) => !site.isCreate(request);
      const result = refused(await create({ attempt: 2, later: late() }));
      assert.equal(result.retry, 'automatic');
      assert.equal(await count(), 0);
      assert.deepEqual(proxy.requests.filter(site.isCreate), []);
    });

    it('makes nothing when the list it looks through breaks off', async () => {
      delivered(await create());
      proxy.fault = { kind: 'cut', afterBytes: 400 };
      service = newService(1500);
      assert.equal(refused(await create({ attempt: 2, later: late() })).retry, 'automatic');
      proxy.fault = { kind: 'none' };
      assert.equal(delivered(await create({ attempt: 3, later: 2 * late() })).found, true);
      assert.equal(await count(), 1);
    });

    if (production.canLag)
      it('makes one in the end when lists lag behind what was made', async () => {
        site.setLag?.(true);
        service = newService(300);
        proxy.fault = { kind: 'cut', afterBytes: 0 };
        proxy.only = site.isCreate;
        refused(await create());
        proxy.fault = { kind: 'none' };
        // Found at once where it can be known, else not made again before it is listed.
        const soon = await create({ attempt: 2, later: 1000 });
        if (soon.kind === 'failed') assert.equal(soon.retry, 'automatic');
        assert.equal(await count(), 1);
        site.setLag?.(false);
        assert.equal(delivered(await create({ attempt: 3, later: late() })).found, true);
        assert.equal(await count(), 1);
      });

    it('stops when it is told to', async () => {
      proxy.fault = { kind: 'silence' };
      service = newService(30_000);
      const stop = new AbortController();
      const asked = proxy.nextRequest();
      const result = create({ signal: stop.signal });
      await asked;
      stop.abort();
      assert.equal(refused(await result).failure.code, 'cancelled');
    });
  });
}
