import assert from 'node:assert/strict';
import type { FlagService } from '../../../src/core/plan/curl/flagService.ts';
import type { FlagPlan, Outcome } from '../../../src/core/plan/plan.ts';
import { planStep } from '../../../src/core/plan/planStep.ts';
import { planUndo } from '../../../src/core/plan/planUndo.ts';
import type { MadeChange } from '../../../src/core/plan/undo.ts';
import type { Inspection } from '../../../src/core/ports.ts';
import { createFlagExecutor } from '../../../src/executors/flag/flagExecutor.ts';
import { listFlags } from '../../../src/executors/flag/listFlags.ts';
import type { FaultProxy } from '../../support/faultProxy.ts';
import { startFaultProxy } from '../../support/faultProxy.ts';
import { step } from '../../unit/core/plan/planOf.ts';
import type { CollectedOutput } from '../../unit/executors/collectOutput.ts';
import { collectOutput, untilDone } from '../../unit/executors/collectOutput.ts';

/** A running flag service with a flag that may be switched. */
export interface FlagSite {
  /** Where the service is, without a slash at its end. */
  readonly url: string;
  /** The settings' entry for the service at `url`; its `token` names the secret `FLAG_TOKEN`. */
  service(url: string): FlagService;
  /** The value of `FLAG_TOKEN`. */
  readonly token: string;
  readonly flag: string;
  /** Words of the sentence for a token that is not known. */
  readonly unknownToken: RegExp;
  /** Asks or sets the flag past the product. */
  isOn(): Promise<boolean>;
  set(on: boolean): Promise<void>;
  /** The service's own curl line for turning the flag off; undefined where it has none. */
  ownLine(url: string): string | undefined;
  dispose(): Promise<void>;
}

export interface FlagProduction {
  readonly title: string;
  /** Its API has a list of all flags. */
  readonly lists: boolean;
  start(): Promise<FlagSite>;
}

interface Ran {
  readonly outcome: Outcome;
  readonly output: CollectedOutput;
  readonly changes: readonly MadeChange[];
}

/** What the product promises of a flag service, whichever it is. Leaves the flag as it was. */
export function describeFlags(production: FlagProduction): void {
  describe(`feature flags of ${production.title}`, function () {
    this.timeout(60_000);
    let site: FlagSite;
    let proxy: FaultProxy;
    let initially: boolean;
    before(async () => {
      site = await production.start();
      initially = await site.isOn();
    });
    after(async () => {
      await site.set(initially);
      await site.dispose();
    });
    beforeEach(async () => {
      proxy = await startFaultProxy(site.url);
      await site.set(true);
    });
    afterEach(() => proxy.dispose());

    const executor = (token = site.token) =>
      createFlagExecutor({
        secrets: (name) => Promise.resolve(name === 'FLAG_TOKEN' && token !== '' ? token : undefined),
        services: () => [site.service(site.url), site.service(proxy.url)],
        lookAgainMs: [10],
      });
    const line = (url: string, what: 'enable' | 'disable', flag = site.flag): string =>
      `curl -X POST ${url}/api/flags/${flag}/${what}`;
    const plan = (command: string, url = site.url): FlagPlan => {
      const made = planStep(step(command), {
        target: {},
        values: {},
        readOnlyPrefixes: [],
        flagServices: [site.service(url)],
      });
      assert.ok(made.kind === 'flag', `${command} became a ${made.kind} plan`);
      return made;
    };
    const run = async (made: FlagPlan, token?: string, signal = untilDone()): Promise<Ran> => {
      const changes: MadeChange[] = [];
      const collected = collectOutput();
      const output = Object.assign(collected, { changed: (change: MadeChange) => void changes.push(change) });
      return { outcome: await executor(token).run(made, output, signal), output, changes };
    };
    const inspect = async (made: FlagPlan, token?: string): Promise<Inspection> => {
      const seen = await executor(token).inspect(made, untilDone());
      assert.ok(seen.ok);
      return seen.value;
    };
    const undoOf = ({ changes }: Ran): FlagPlan => {
      const undo = changes[0]?.undo;
      assert.ok(undo);
      const made = planUndo(undo, 'step-1');
      assert.ok(made.kind === 'flag');
      return made;
    };

    const list = (url = site.url, token = site.token) =>
      listFlags(
        [site.service(url)],
        (name) => Promise.resolve(name === 'FLAG_TOKEN' && token !== '' ? token : undefined),
        (address, init) => globalThis.fetch(address, init),
        AbortSignal.timeout(30_000),
      );
    if (production.lists) {
      it('lists its flags, each with whether it is on', async () => {
        const shown = async () => {
          const { values, note } = await list();
          assert.equal(note, undefined);
          return values.find(({ value }) => value === site.flag)?.detail;
        };
        assert.match((await shown()) ?? '', /^on in \S+$/);
        await site.set(false);
        assert.match((await shown()) ?? '', /^off in \S+$/);
      });

      it('says why it has no list: no token, an unknown one, half an answer, nobody there', async () => {
        assert.match(
          (await list(site.url, '')).note ?? '',
          /^Could not ask: the secret FLAG_TOKEN is not set/,
        );
        assert.match((await list(site.url, 'unknown-word')).note ?? '', site.unknownToken);
        for (const fault of [
          { kind: 'cut', afterBytes: 120 },
          { kind: 'answer', status: 200, body: '{"features":[{}]}' },
          { kind: 'answer', status: 500, body: 'no' },
          { kind: 'garbage', bytes: '<html>' },
        ] as const) {
          proxy.fault = fault;
          const { values, note } = await list(proxy.url);
          assert.deepEqual(values, [], fault.kind);
          assert.match(note ?? '', /^Could not ask: /, fault.kind);
        }
        await proxy.dispose();
        const gone = await list(proxy.url);
        assert.deepEqual(gone.values, []);
        assert.match(gone.note ?? '', /^Could not ask: /);
      });
    } else
      it('has no list that is known, and nothing is asked', async () => {
        assert.deepEqual(await list(), { values: [], note: undefined });
      });

    it('shows what would change, makes it, verifies it, and takes it back', async () => {
      const seen = await inspect(plan(line(site.url, 'disable')));
      assert.deepEqual(seen.warnings, []);
      const [change] = seen.changes;
      assert.deepEqual(
        [change?.object, change?.before, change?.after],
        [`flag/${site.flag}`, 'enabled', 'disabled'],
      );
      assert.equal(await site.isOn(), true, 'looking changes nothing');
      assert.ok(seen.plan?.kind === 'flag');
      const ran = await run(seen.plan);
      assert.equal(ran.outcome.kind, 'succeeded', ran.output.stderr);
      assert.match(
        ran.outcome.kind === 'succeeded' ? (ran.outcome.detail ?? '') : '',
        /off, verified by reading it back/,
      );
      assert.equal(await site.isOn(), false);
      assert.match(ran.changes[0]?.changes[0] ?? '', /enabled → disabled$/);

      const undo = undoOf(ran);
      assert.equal((await inspect(undo)).refusal, undefined);
      assert.equal((await run(undo)).outcome.kind, 'succeeded');
      assert.equal(await site.isOn(), true);
    });

    it('refuses an undo once somebody has changed the flag since', async () => {
      const undo = undoOf(await run(plan(line(site.url, 'disable'))));
      await site.set(true);
      assert.match((await inspect(undo)).refusal ?? '', /somebody changed it since/);
      const { outcome, changes } = await run(undo);
      assert.ok(outcome.kind === 'failed');
      assert.match(outcome.message, /Nothing was changed/);
      assert.deepEqual(changes, []);
    });

    it('says of a flag that already is so that nothing changes, and sends nothing', async () => {
      const seen = await inspect(plan(line(site.url, 'enable')));
      assert.deepEqual(seen.changes, []);
      assert.match(seen.warnings.join(), /already on: this changes nothing/);
      const { outcome, changes } = await run(plan(line(site.url, 'enable')));
      assert.deepEqual(outcome, { kind: 'succeeded', detail: 'already on: nothing was sent' });
      assert.deepEqual(changes, []);
    });

    it('takes the service’s own line too, where it has one', async () => {
      const own = site.ownLine(site.url);
      if (own === undefined) return void assert.equal(site.service(site.url).kind, 'generic');
      const ran = await run(plan(own));
      assert.equal(ran.outcome.kind, 'succeeded', ran.output.stderr);
      assert.equal(await site.isOn(), false);
      assert.equal((await run(undoOf(ran))).outcome.kind, 'succeeded');
      assert.equal(await site.isOn(), true);
    });

    it('names the secret that is not set, and what to do when it is not known', async () => {
      assert.match(
        (await inspect(plan(line(site.url, 'disable')), '')).refusal ?? '',
        /Set the secret FLAG_TOKEN/,
      );
      const unset = await run(plan(line(site.url, 'disable')), '');
      assert.match(unset.outcome.kind === 'failed' ? unset.outcome.message : '', /Incident: Set Secret/);
      const wrong = await run(plan(line(site.url, 'disable')), 'no-such-word');
      assert.ok(wrong.outcome.kind === 'failed');
      assert.match(wrong.outcome.message, site.unknownToken);
      assert.equal(await site.isOn(), true);
    });

    it('keeps the token out of everything it says', async () => {
      const made = plan(line(site.url, 'disable'));
      const ran = await run(made);
      const said = JSON.stringify([made, ran.outcome, ran.output, ran.changes, await inspect(made)]);
      assert.ok(!said.includes(site.token));
      assert.match(made.preview, /\$\{FLAG_TOKEN\}/);
    });

    it('sends nothing, least of all the token, to a server that no setting names', async () => {
      const undo = undoOf(await run(plan(line(site.url, 'disable'))));
      const elsewhere = { ...undo.action.request, url: `http://127.0.0.1:9/x?t=$FLAG_TOKEN` };
      const stranger = { ...undo, action: { ...undo.action, request: elsewhere } };
      assert.match((await inspect(stranger)).refusal ?? '', /no flag service at http:\/\/127\.0\.0\.1:9/);
      const { outcome, changes } = await run(stranger);
      assert.ok(outcome.kind === 'failed');
      assert.match(outcome.message, /Nothing was sent/);
      assert.deepEqual(changes, []);
    });

    it('reads by looking alone: what a journal calls its reading must not change anything', async () => {
      const undo = undoOf(await run(plan(line(site.url, 'disable'))));
      const { read, request } = undo.action;
      assert.ok(read);
      const hostile = { ...undo, action: { ...undo.action, read: request } };
      assert.match((await inspect(hostile)).refusal ?? '', /may only be read with GET/);
      assert.equal(await site.isOn(), false, 'looking at an undo has changed the flag');
      const { outcome } = await run(hostile);
      assert.equal(outcome.kind, 'failed');
      assert.equal(await site.isOn(), false);
    });

    it('keeps no credential of the guide’s own in the undo, and says that there is none', async () => {
      const own = `curl -X POST -H 'Authorization: ${site.service(site.url).kind === 'generic' ? `Bearer ${site.token}` : site.token}' ${site.url}/api/flags/${site.flag}/disable`;
      const { outcome, output, changes } = await run(plan(own));
      assert.equal(outcome.kind, 'succeeded', output.stderr);
      assert.equal(await site.isOn(), false);
      assert.ok(!JSON.stringify(changes).includes(site.token));
      assert.deepEqual([changes.length, changes[0]?.undo], [1, undefined]);
      assert.match(output.stderr, /no undo.*plain text/);
    });

    it('refuses what was agreed to change nothing when the flag is another by then', async () => {
      const seen = await inspect(plan(line(site.url, 'enable')));
      assert.ok(seen.plan?.kind === 'flag');
      await site.set(false);
      const { outcome } = await run(seen.plan);
      assert.ok(outcome.kind === 'failed');
      assert.match(outcome.message, /Nothing was changed/);
      assert.equal(await site.isOn(), false);
    });

    it('says that there is no such flag', async () => {
      const made = plan(line(site.url, 'disable', 'no-such-flag'));
      const { outcome, changes } = await run(made);
      assert.ok(outcome.kind === 'failed');
      assert.equal(outcome.status, 404);
      assert.deepEqual(changes, []);
      const seen = await inspect(made);
      assert.match(seen.refusal ?? seen.warnings.join(), /404/);
    });

    describe('when the way there is bad', () => {
      const broken = (): FlagPlan => plan(line(proxy.url, 'disable'), proxy.url);

      it('says when it is asked too often, and changes nothing', async () => {
        proxy.fault = { kind: 'answer', status: 429, body: '{}', headers: { 'retry-after': '7' } };
        const { outcome, changes } = await run(broken());
        assert.ok(outcome.kind === 'failed');
        assert.match(outcome.message, /too often \(429\)\. Nothing was changed; it wants you to wait 7 s/);
        assert.deepEqual([changes, await site.isOn()], [[], true]);
      });

      it('does not claim anything after a 500', async () => {
        proxy.fault = { kind: 'answer', status: 500, body: '<html>down</html>' };
        const { outcome } = await run(broken());
        assert.ok(outcome.kind === 'failed');
        assert.match(outcome.message, /may have been applied/);
      });

      for (const kind of ['half-close', 'garbage'] as const)
        it(`finds out by reading when the answer to the change is lost (${kind}), and sends it once`, async () => {
          // The change reaches the service; its answer does not come back.
          proxy.fault = kind === 'garbage' ? { kind, bytes: 'no HTTP at all\r\n\r\n' } : { kind };
          proxy.only = ({ method }) => method !== 'GET';
          const { outcome, changes } = await run(broken());
          assert.equal(outcome.kind, 'succeeded', JSON.stringify(outcome));
          const sent = proxy.requests.filter(({ method }) => method !== 'GET');
          assert.deepEqual([sent.length, await site.isOn(), changes.length], [1, false, 1]);
        });

      it('waits for a slow service', async () => {
        proxy.fault = { kind: 'delay', ms: 30 };
        assert.equal((await run(broken())).outcome.kind, 'succeeded');
      });

      it('does not follow a redirect with a change', async () => {
        proxy.fault = {
          kind: 'answer',
          status: 302,
          body: '',
          headers: { location: `${site.url}/api/x?t=1` },
        };
        const { outcome, changes } = await run(broken());
        assert.ok(outcome.kind === 'failed');
        assert.match(outcome.message, /redirect \(302\) to \S+\/api\/x, which was not followed/);
        assert.deepEqual([changes, await site.isOn()], [[], true]);
      });

      it('says that nothing was sent when nobody listens', async () => {
        const made = broken();
        await proxy.dispose();
        const { outcome } = await run(made);
        proxy = await startFaultProxy(site.url);
        assert.ok(outcome.kind === 'failed');
        assert.match(outcome.message, /Nothing was sent/);
      });

      it('stops while it waits', async () => {
        proxy.fault = { kind: 'silence' };
        const stop = new AbortController();
        const asked = proxy.nextRequest();
        const running = run(broken(), undefined, stop.signal);
        await asked;
        stop.abort();
        assert.deepEqual((await running).outcome, { kind: 'stopped' });
      });

      it('takes garbage for no state', async () => {
        proxy.fault = { kind: 'answer', status: 200, body: 'hello' };
        const seen = await inspect(broken());
        assert.match(seen.warnings.join(), /does not say whether it is on.*cannot be verified/);
      });
    });
  });
}
