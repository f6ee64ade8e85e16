import assert from 'node:assert/strict';
import type { ArgoCdAction } from '../../../src/core/plan/argocd/argoCdAction.ts';
import type { ArgoCdPlan, Outcome } from '../../../src/core/plan/plan.ts';
import type { MadeChange } from '../../../src/core/plan/undo.ts';
import type { ArgoCdExecutor } from '../../../src/executors/argocd/argoCdExecutor.ts';
import { createArgoCdExecutor } from '../../../src/executors/argocd/argoCdExecutor.ts';
import type { ApplicationResources } from '../../../src/executors/applicationResources.ts';
import type { FaultProxy } from '../../support/faultProxy.ts';
import { startFaultProxy } from '../../support/faultProxy.ts';
import { argoCdPlan, rollbackOf } from '../../unit/executors/argocd/argoCdFixtures.ts';
import type { CollectedOutput } from '../../unit/executors/collectOutput.ts';
import { collectOutput, untilDone } from '../../unit/executors/collectOutput.ts';

/** An Argo CD server (plain http) with two apps that have been deployed at least twice. */
export interface ArgoCdFaultSite {
  readonly url: string;
  readonly token: string;
  /** Without a sync policy, and with prune and self-heal. */
  readonly apps: { readonly manual: string; readonly automated: string };
  dispose(): Promise<void>;
}

export interface ArgoCdFaultProduction {
  readonly title: string;
  start(): Promise<ArgoCdFaultSite>;
}

interface Ran {
  readonly outcome: Outcome;
  readonly output: CollectedOutput;
  readonly changes: readonly MadeChange[];
  readonly message: string;
}

/** No cluster: whoever asks for it fails the test. */
const noResources = new Proxy({} as ApplicationResources, {
  get: () => () => Promise.reject(new Error('the cluster was asked')),
});

/** What is said and done when the way to Argo CD fails. Leaves every app as it was. */
export function describeArgoCdFaults(production: ArgoCdFaultProduction): void {
  describe(`argo cd on a bad day against ${production.title}`, function () {
    this.timeout(120_000);
    let site: ArgoCdFaultSite;
    let proxy: FaultProxy;
    let faulty: ArgoCdExecutor;
    let straight: ArgoCdExecutor;
    before(async () => {
      site = await production.start();
      straight = executorOn(site.url, 20_000);
    });
    after(() => site.dispose());
    const executorOn = (baseUrl: string, timeoutMs: number): ArgoCdExecutor =>
      createArgoCdExecutor({
        server: () => ({ baseUrl, token: site.token }),
        kubernetes: noResources,
        timeoutMs,
        pollMs: 50,
      });
    beforeEach(async () => {
      proxy = await startFaultProxy(site.url);
      faulty = executorOn(proxy.url, 1500);
    });

    const planOf = (action: ArgoCdAction, server: string): ArgoCdPlan =>
      argoCdPlan(action, { target: { argoCdServer: server }, timeoutMs: 90_000 });
    async function runOn(executor: ArgoCdExecutor, plan: ArgoCdPlan, signal = untilDone()): Promise<Ran> {
      const changes: MadeChange[] = [];
      const output = Object.assign(collectOutput(), {
        changed: (change: MadeChange) => void changes.push(change),
      });
      const outcome = await executor.run(plan, output, signal);
      return {
        outcome,
        output,
        changes,
        message: outcome.kind === 'failed' ? outcome.message : outcome.kind,
      };
    }
    const run = (action: ArgoCdAction, signal?: AbortSignal) =>
      runOn(faulty, planOf(action, proxy.url), signal);
    const look = async (action: ArgoCdAction) => {
      const { output, outcome, message } = await runOn(straight, planOf(action, site.url));
      assert.equal(outcome.kind, 'succeeded', message);
      return output.stdout;
    };
    const idle = (app: string) =>
      look({ verb: 'wait', app, health: true, sync: false, operation: true, timeoutSeconds: undefined });
    /** Id and revision of what is live. */
    const live = async (app: string): Promise<readonly string[]> =>
      (await look({ verb: 'history', app, output: 'table' }))
        .match(/^(\d+) .*\((\w{7})\).*$/gm)
        ?.at(-1)
        ?.match(/^\d+|\((\w{7})\)/g) ?? [];
    const changesSent = (): readonly string[] =>
      proxy.requests.filter(({ method }) => method !== 'GET').map(({ method, path }) => `${method} ${path}`);
    const posted = (app: string): readonly string[] => [`POST /api/v1/applications/${app}/rollback`];

    /** The plan a person has agreed to, made through the way that works. */
    async function agreed(app: string): Promise<ArgoCdPlan['action']> {
      await idle(app);
      const [, revision] = await live(app);
      const rows = (await look({ verb: 'history', app, output: 'table' })).match(/^\d+ .*$/gm) ?? [];
      const goal = rows.findLast((row) => !row.includes(revision ?? '?'));
      const answer = await straight.inspect(
        planOf(rollbackOf(app, Number(goal?.match(/^\d+/)?.[0])), site.url),
        untilDone(),
      );
      assert.ok(answer.ok && answer.value.plan?.kind === 'argocd');
      return answer.value.plan.action;
    }

    let restore: (() => Promise<unknown>)[] = [];
    /** Puts an app back to what was live when the test began, with auto-sync as it was. */
    async function keep(app: string): Promise<void> {
      await idle(app);
      const [id = '', revision] = await live(app);
      restore.push(async () => {
        await idle(app);
        if ((await live(app))[1] !== revision) await look(rollbackOf(app, Number(id)));
        if (app !== site.apps.automated) return;
        await look({
          verb: 'set-sync-policy',
          app,
          policy: 'automated',
          prune: true,
          selfHeal: true,
          allowEmpty: false,
        });
        await look({
          verb: 'wait',
          app,
          health: true,
          sync: true,
          operation: true,
          timeoutSeconds: undefined,
        });
      });
    }
    afterEach(async () => {
      proxy.fault = { kind: 'none' };
      await proxy.dispose();
      for (const one of restore) await one();
      restore = [];
    });

    const list: ArgoCdAction = { verb: 'list', project: undefined, selector: undefined, output: 'wide' };

    it('works through a slow network', async () => {
      proxy.fault = { kind: 'delay', ms: 50 };
      assert.equal((await run(list)).outcome.kind, 'succeeded');
    });

    it('says how long a busy server asks to wait, and sends a change once', async () => {
      const { manual } = site.apps;
      const action = await agreed(manual);
      proxy.fault = {
        kind: 'answer',
        status: 429,
        body: 'too many requests',
        headers: { 'retry-after': '7' },
      };
      const read = await run(list);
      assert.match(
        read.message,
        /too busy to list the apps \(429: too many requests\), and asks to wait 7 s/,
      );
      assert.ok(read.outcome.kind === 'failed' && read.outcome.status === 429);
      proxy.only = ({ method }) => method === 'POST';
      const change = await run(action);
      assert.match(
        change.message,
        /too busy to roll .* back.*Nothing was changed.*the rollback was not started/,
      );
      assert.deepEqual(changesSent(), posted(manual));
      assert.deepEqual(change.changes, []);
    });

    it('passes on what a broken server said', async () => {
      const body = JSON.stringify({
        error: 'redis: connection pool timeout',
        code: 2,
        message: 'redis: connection pool timeout',
      });
      proxy.fault = { kind: 'answer', status: 500, body };
      assert.match(
        (await run(list)).message,
        /could not list the apps \(500\): redis: connection pool timeout\./,
      );
    });

    it('says that what answered is no Argo CD', async () => {
      proxy.fault = { kind: 'answer', status: 200, body: '<!doctype html><title>Sign in</title>' };
      assert.match((await run(list)).message, /did not answer like an Argo CD API: its answer is not JSON/);
      proxy.fault = { kind: 'garbage', bytes: 'SSH-2.0-OpenSSH_9.2\r\n' };
      assert.match((await run(list)).message, /^No answer from .*Nothing was changed/);
    });

    it('says that nothing was changed when the server is gone', async () => {
      const action = await agreed(site.apps.manual);
      await proxy.dispose();
      const { message, changes } = await run(action);
      assert.match(message, /refused the connection.*Nothing was changed/);
      assert.deepEqual(changes, []);
      proxy = await startFaultProxy(site.url);
    });

    for (const fault of [
      { kind: 'cut', afterBytes: 0 },
      { kind: 'half-close' },
      { kind: 'garbage', bytes: 'x' },
      { kind: 'silence' },
    ] as const)
      it(`finds out by looking what became of a rollback whose answer was lost (${fault.kind})`, async () => {
        const { manual } = site.apps;
        await keep(manual);
        const action = await agreed(manual);
        proxy.only = ({ method }) => method === 'POST';
        proxy.fault = fault;
        const { outcome, message, changes } = await run(action);
        assert.equal(outcome.kind, 'succeeded', message);
        assert.equal(changes.length, 1);
        assert.deepEqual(changesSent(), posted(manual));
      });

    it('does not claim to know what became of a rollback when it cannot look either', async () => {
      const { manual } = site.apps;
      await keep(manual);
      const action = await agreed(manual);
      proxy.only = ({ method }) => method === 'POST' || changesSent().length > 0;
      proxy.fault = { kind: 'cut', afterBytes: 0 };
      const { message, changes } = await run(action);
      assert.match(message, /no answer came .* it may have been accepted/);
      assert.match(message, /Unknown: whether the rollback to history id \d+ was started\.$/);
      assert.deepEqual(changes, []);
      assert.deepEqual(changesSent(), posted(manual));
    });

    it('bears a server that is away for a moment while it waits', async () => {
      const { manual } = site.apps;
      await keep(manual);
      const action = await agreed(manual);
      const accepted = proxy.nextRequest('POST');
      const running = run(action);
      await accepted;
      proxy.only = ({ method }) => method === 'GET';
      proxy.fault = { kind: 'answer', status: 503, body: 'starting', times: 2 };
      const { outcome, message } = await running;
      assert.equal(outcome.kind, 'succeeded', message);
      assert.deepEqual(changesSent(), posted(manual));
    });

    it('says what is done and what is not when only the first half went through', async () => {
      const { automated } = site.apps;
      await keep(automated);
      const action = await agreed(automated);
      proxy.only = ({ method }) => method === 'POST';
      proxy.fault = { kind: 'answer', status: 403, body: '{"error":"no","code":7,"message":"no"}' };
      const { message, changes } = await run(action);
      assert.match(
        message,
        new RegExp(`Done: auto-sync of ${automated} is off\\. Not done: the rollback was not started\\.$`),
      );
      assert.deepEqual(
        changes.map(({ debt }) => debt),
        [`auto-sync is off for ${automated}`],
      );
      assert.deepEqual(changesSent(), [`PATCH /api/v1/applications/${automated}`, ...posted(automated)]);
    });

    it('does not claim that nothing happened when the server broke off inside', async () => {
      const { automated } = site.apps;
      await keep(automated);
      const action = await agreed(automated);
      proxy.only = ({ method }) => method === 'POST';
      proxy.fault = { kind: 'answer', status: 500, body: '{"error":"no","code":2,"message":"no"}' };
      const { message, changes } = await run(action);
      assert.match(
        message,
        new RegExp(
          `Done: auto-sync of ${automated} is off\\. Unknown: whether the rollback to history id \\d+ was started\\.$`,
        ),
      );
      assert.deepEqual(
        changes.map(({ debt }) => debt),
        [`auto-sync is off for ${automated}`],
      );
      assert.deepEqual(changesSent(), [`PATCH /api/v1/applications/${automated}`, ...posted(automated)]);
    });

    it('stops while a change is unanswered, and says what is unknown', async () => {
      const { automated } = site.apps;
      await keep(automated);
      const action = await agreed(automated);
      proxy.only = ({ method }) => method === 'POST';
      proxy.fault = { kind: 'silence' };
      const stop = new AbortController();
      const sent = proxy.nextRequest('POST');
      const running = run(action, stop.signal);
      await sent;
      stop.abort();
      // The answer never comes: that the run ends at all is the stop's doing.
      const { outcome, output } = await running;
      assert.deepEqual(outcome, { kind: 'stopped' });
      assert.match(
        output.stderr,
        new RegExp(
          `Done: auto-sync of ${automated} is off\\. Unknown: whether the rollback .* was started\\.`,
        ),
      );
    });

    it('stops while it waits, and says that the rollback goes on', async () => {
      const { manual } = site.apps;
      await keep(manual);
      const action = await agreed(manual);
      const stop = new AbortController();
      const output = Object.assign(collectOutput(), { changed: () => stop.abort() });
      const outcome = await faulty.run(planOf(action, proxy.url), output, stop.signal);
      assert.deepEqual(outcome, { kind: 'stopped' });
      assert.match(
        output.stderr,
        /Done: the rollback of \S+ to history id \d+ .* was started\. It goes on in Argo CD/,
      );
    });

    it('stops in the middle of a silent answer', async () => {
      proxy.fault = { kind: 'silence' };
      const stop = new AbortController();
      const sent = proxy.nextRequest();
      const running = run(list, stop.signal);
      await sent;
      stop.abort();
      assert.deepEqual((await running).outcome, { kind: 'stopped' });
    });
  });
}
