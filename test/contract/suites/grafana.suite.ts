import assert from 'node:assert/strict';
import type { Result } from '../../../src/core/errors.ts';
import { checkGrafana, fetchVariables, findDashboards } from '../../../src/integrations/grafana.ts';
import { startFaultProxy, type Fault, type FaultProxy } from '../../support/faultProxy.ts';

/** A running Grafana with the dashboards "Service Health" (folder Operations, tag `services`) and "Service Costs". */
export interface GrafanaSite {
  /** Without a slash at its end. */
  readonly url: string;
  /** Of a service account with the role Viewer. */
  readonly token: string;
  /** Adds a dashboard past the product. */
  add(dashboard: {
    uid: string;
    title: string;
    tags: readonly string[];
    folder?: 'Operations';
  }): Promise<void>;
  dispose(): Promise<void>;
}

export interface GrafanaProduction {
  readonly title: string;
  start(): Promise<GrafanaSite>;
}

const never = (): AbortSignal => new AbortController().signal;

/** What the product promises of finding a guide's dashboards, and of the connection. */
export function describeGrafana(production: GrafanaProduction): void {
  describe(`dashboards of ${production.title}`, function () {
    this.timeout(30_000);
    let site: GrafanaSite;
    let proxy: FaultProxy;
    before(async () => {
      site = await production.start();
      await site.add({ uid: 'twin-a', title: 'Twin', tags: [] });
      await site.add({ uid: 'twin-b', title: 'Twin', tags: [], folder: 'Operations' });
      await site.add({ uid: 'tagged', title: 'Checkout at a glance', tags: ['queue-depth'] });
    });
    after(() => site.dispose());
    beforeEach(async () => {
      proxy = await startFaultProxy(site.url);
    });
    afterEach(() => proxy.dispose());

    const place = (url = site.url) => ({ baseUrl: url, token: site.token });
    const titlesOf = async (title: string, folder?: string): Promise<readonly string[]> => {
      const found = await findDashboards(place(), { title, folder }, never());
      assert.ok(found.ok, found.ok ? '' : found.failure.message);
      return found.value.map((hit) => hit.uid);
    };
    const failureOf = <T>(result: Result<T>) => {
      assert.ok(!result.ok);
      return result.failure;
    };

    it('are found by the title as the guide writes it, whatever its case', async () => {
      const found = await findDashboards(place(), { title: 'service  health' }, never());
      assert.deepEqual(found.ok && found.value, [
        {
          uid: 'service-health',
          title: 'Service Health',
          folder: 'Operations',
          url: `${site.url}/d/service-health/service-health`,
        },
      ]);
    });

    it('are all given where several have the title, but for a folder that says which', async () => {
      assert.deepEqual([...(await titlesOf('Twin'))].sort(), ['twin-a', 'twin-b']);
      assert.deepEqual(await titlesOf('Twin', 'operations'), ['twin-b']);
      assert.deepEqual([...(await titlesOf('Twin', 'No such folder'))].sort(), ['twin-a', 'twin-b']);
    });

    it('are those whose title contains it where none is called exactly so', async () => {
      assert.deepEqual(await titlesOf('Costs'), ['service-costs']);
    });

    it('are found by their tag where no title fits, written as a tag is', async () => {
      assert.deepEqual(await titlesOf('Queue Depth'), ['tagged']);
    });

    it('are none where neither fits', async () => {
      assert.deepEqual(await titlesOf('Nobody made this one'), []);
    });

    it('tell the variables that an address can set', async () => {
      const read = await fetchVariables(place(), 'service-health', never());
      assert.deepEqual(read.ok && [...read.value].sort(), ['namespace', 'service']);
      assert.equal(failureOf(await fetchVariables(place(), 'gone', never())).code, 'not-found');
    });

    it('have a connection that says whose token it is', async () => {
      const checked = await checkGrafana({ ...place(), options: {} }, never());
      assert.ok(checked.ok);
      assert.match(checked.value.who, / in \S/);
      assert.deepEqual(checked.value.warnings, []);
    });

    it('refuse a wrong token, and none, with what to do', async () => {
      const wrong = { baseUrl: site.url, token: 'no-such-word', options: {} };
      const failure = failureOf(await checkGrafana(wrong, never()));
      assert.equal(failure.code, 'unauthorized');
      assert.match(failure.message, /401.*Incident: Connect/);
      assert.doesNotMatch(JSON.stringify(failure), /no-such-word/);
      const none = await checkGrafana({ ...wrong, token: undefined }, never());
      assert.equal(failureOf(none).code, 'unauthorized');
    });

    const faults: readonly (readonly [string, Fault, string, RegExp])[] = [
      [
        'a 403',
        answerOf(403, '{"message":"Permissions needed: dashboards:read"}'),
        'forbidden',
        /dashboards:read/,
      ],
      ['a 429', answerOf(429, ''), 'failed', /wait/],
      ['a 500', answerOf(500, ''), 'failed', /500/],
      [
        'a redirect',
        { ...answerOf(302, ''), headers: { location: 'http://192.0.2.1/' } },
        'failed',
        /base URL/,
      ],
      ['half an answer', { kind: 'cut', afterBytes: 300 }, 'unreachable', /broke/],
      ['no answer but an end', { kind: 'half-close' }, 'unreachable', /broke/],
      ['the page of somebody else', answerOf(200, '<html>Sign in</html>'), 'failed', /answer/],
      ['JSON of somebody else', answerOf(200, '{"hello":1}'), 'failed', /documentation/],
    ];
    for (const [what, fault, code, words] of faults)
      it(`are not invented from ${what}`, async () => {
        proxy.fault = fault;
        const failure = failureOf(await findDashboards(place(proxy.url), { title: 'Twin' }, never()));
        assert.equal(failure.code, code);
        assert.match(failure.message, words);
      });

    it('stop being looked for at once when the person gives up', async () => {
      proxy.fault = { kind: 'silence' };
      const stop = new AbortController();
      const asked = findDashboards(place(proxy.url), { title: 'Twin' }, stop.signal);
      await proxy.nextRequest();
      stop.abort();
      assert.equal(failureOf(await asked).code, 'cancelled');
    });

    it('say of a Grafana that is not there that it cannot be reached', async () => {
      const { url } = proxy;
      await proxy.dispose();
      const failure = failureOf(await findDashboards(place(url), { title: 'Twin' }, never()));
      proxy = await startFaultProxy(site.url);
      assert.equal(failure.code, 'unreachable');
    });
  });
}

function answerOf(status: number, body: string): Fault & { readonly kind: 'answer' } {
  return { kind: 'answer', status, body, headers: { 'content-type': 'application/json' } };
}
