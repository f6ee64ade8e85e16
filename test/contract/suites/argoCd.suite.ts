import assert from 'node:assert/strict';
import type { ArgoCdAction } from '../../../src/core/plan/argocd/argoCdAction.ts';
import type { ArgoCdPlan, Outcome, Target } from '../../../src/core/plan/plan.ts';
import type { MadeChange } from '../../../src/core/plan/undo.ts';
import type { ArgoCdExecutor } from '../../../src/executors/argocd/argoCdExecutor.ts';
import type { CollectedOutput } from '../../unit/executors/collectOutput.ts';
import { collectOutput, untilDone } from '../../unit/executors/collectOutput.ts';
import { argoCdPlan, rollbackOf } from '../../unit/executors/argocd/argoCdFixtures.ts';

/** An Argo CD with the apps these tests change and put back; each has been deployed at least twice. */
export interface ArgoCdSite {
  /** As an account that may change apps, as one that may only look, and as one whose token is worth nothing. */
  readonly as: Readonly<Record<'responder' | 'reader' | 'nobody', ArgoCdExecutor>>;
  /** Where the apps are reached: by the server, and by the cluster's own resources. */
  readonly targets: Readonly<Record<'server' | 'resources', Target>>;
  readonly apps: {
    /** Without a sync policy. */
    readonly manual: string;
    /** Auto-sync with prune and self-heal, nobody's. */
    readonly automated: string;
    /** Made by an ApplicationSet that keeps auto-sync on. */
    readonly fromSet: string;
    /** Belongs to `parent`, an app that heals itself. */
    readonly child: string;
    readonly parent: string;
  };
  /** What git has of the manual app, oldest first: the words that a history must show. */
  readonly releases: readonly {
    readonly revision: string;
    readonly author: string;
    readonly message: string;
  }[];
  /** The cluster answers access reviews by who asks: the simulated one allows everything. */
  readonly reviewsAccess: boolean;
  dispose(): Promise<void>;
}

export interface ArgoCdProduction {
  readonly title: string;
  start(): Promise<ArgoCdSite>;
}

interface Ran {
  readonly outcome: Outcome;
  readonly output: CollectedOutput;
  readonly changes: readonly MadeChange[];
}

const messageOf = ({ outcome }: Ran): string => (outcome.kind === 'failed' ? outcome.message : outcome.kind);

/** What the Argo CD executor shows and does, by the server and by the resources. It leaves every app as it was. */
export function describeArgoCd(production: ArgoCdProduction): void {
  describe(`argo cd against ${production.title}`, function () {
    this.timeout(120_000);
    let site: ArgoCdSite;
    before(async () => {
      site = await production.start();
    });
    after(() => site.dispose());

    for (const way of ['server', 'resources'] as const)
      describe(`by the ${way}`, () => {
        const planOf = (action: ArgoCdAction): ArgoCdPlan =>
          argoCdPlan(action, { target: site.targets[way], timeoutMs: 90_000 });
        async function runPlan(plan: ArgoCdPlan): Promise<Ran> {
          const changes: MadeChange[] = [];
          const output = Object.assign(collectOutput(), {
            changed: (change: MadeChange) => void changes.push(change),
          });
          return { outcome: await site.as.responder.run(plan, output, untilDone()), output, changes };
        }
        const run = (action: ArgoCdAction) => runPlan(planOf(action));
        async function inspect(action: ArgoCdAction, executor = site.as.responder) {
          const look = await executor.inspect(planOf(action), untilDone());
          assert.ok(look.ok, look.ok ? '' : look.failure.message);
          return look.value;
        }
        async function agreed(action: ArgoCdAction): Promise<ArgoCdPlan> {
          const { plan, refusal } = await inspect(action);
          assert.equal(refusal, undefined);
          assert.ok(plan?.kind === 'argocd');
          return plan;
        }
        /** Runs the undo of a change as the editor does: looked at first, then run. */
        async function undo(change: MadeChange | undefined): Promise<Ran> {
          assert.ok(change?.undo?.act.kind === 'argocd');
          const look = await inspect(change.undo.act.action);
          assert.equal(look.refusal, undefined);
          const plan = look.plan?.kind === 'argocd' ? look.plan : planOf(change.undo.act.action);
          const ran = await runPlan(plan);
          assert.equal(ran.outcome.kind, 'succeeded', messageOf(ran));
          return ran;
        }
        const history = async (app: string): Promise<readonly string[][]> => {
          const { output } = await run({ verb: 'history', app, output: 'table' });
          return output.stdout
            .split('\n')
            .filter((line) => /^\d/.test(line))
            .map((line) => line.split(/\s{2,}/).map((cell) => cell.trim()));
        };
        const liveRow = async (app: string): Promise<readonly string[]> => (await history(app)).at(-1) ?? [];
        const isSynced = (app: string) =>
          run({ verb: 'wait', app, health: true, sync: true, operation: true, timeoutSeconds: undefined });

        it('lists the apps in the columns of argocd app list', async () => {
          const { outcome, output } = await run({
            verb: 'list',
            project: undefined,
            selector: undefined,
            output: 'wide',
          });
          assert.deepEqual(outcome, { kind: 'succeeded', exitCode: 0 });
          const [header = '', ...lines] = output.stdout.trimEnd().split('\n');
          assert.deepEqual(header.split(/\s+/), [
            ...['NAME', 'CLUSTER', 'NAMESPACE', 'PROJECT', 'STATUS', 'HEALTH', 'SYNCPOLICY', 'CONDITIONS'],
            ...['REPO', 'PATH', 'TARGET'],
          ]);
          for (const [app, policy] of [
            [site.apps.manual, 'Manual'],
            [site.apps.automated, 'Auto-Prune'],
          ] as const) {
            const line = lines.find((one) => one.startsWith(`argocd/${app} `));
            assert.match(line ?? '', new RegExp(`\\s(?:Synced|OutOfSync)\\s+\\w+\\s+${policy}\\s+<none>`));
          }
          const names = await run({ verb: 'list', project: 'default', selector: undefined, output: 'name' });
          assert.ok(names.output.stdout.split('\n').includes(`argocd/${site.apps.manual}`));
        });

        it('gets an app, also as JSON', async () => {
          const app = site.apps.manual;
          const { output } = await run({ verb: 'get', app, refresh: 'none', output: 'table' });
          assert.match(output.stdout, new RegExp(`^Name:\\s+argocd/${app}$`, 'm'));
          assert.match(output.stdout, /^Sync Policy:\s+Manual$/m);
          assert.match(output.stdout, /^Sync Status:\s+(?:Synced to|OutOfSync from) \S+ \([0-9a-f]{7}\)$/m);
          assert.match(
            output.stdout,
            /^GROUP\s+KIND\s+NAMESPACE\s+NAME\s+STATUS\s+HEALTH\s+HOOK\s+MESSAGE$/m,
          );
          const json = await run({ verb: 'get', app, refresh: 'none', output: 'json' });
          const parsed = JSON.parse(json.output.stdout) as { metadata: { name: string } };
          assert.equal(parsed.metadata.name, app);
        });

        it('compares anew when asked to refresh', async () => {
          const ran = await run({ verb: 'get', app: site.apps.manual, refresh: 'normal', output: 'table' });
          assert.equal(ran.outcome.kind, 'succeeded', messageOf(ran));
        });

        it('shows the history with what is live now and was at the onset', async () => {
          const rows = await history(site.apps.manual);
          const ids = rows.map(([id]) => Number(id));
          assert.ok(ids.length >= 2);
          assert.deepEqual(
            ids,
            [...ids].sort((a, b) => a - b),
          );
          assert.equal(rows.at(-1)?.[3], 'now');
          assert.match(rows[0]?.[1] ?? '', /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \+0000 UTC$/);
          const onsetAt = new Date(
            Date.parse((rows[1]?.[1] ?? '').replace(' +0000 UTC', 'Z').replace(' ', 'T')) - 1000,
          ).toISOString();
          const { output } = await run({ verb: 'history', app: site.apps.manual, output: 'table', onsetAt });
          assert.match(output.stdout, new RegExp(`^${ids[0]} .* at onset `, 'm'));
          const bare = await run({ verb: 'history', app: site.apps.manual, output: 'id' });
          assert.deepEqual(bare.output.stdout.trim().split('\n').map(Number), ids);
        });

        it(
          way === 'server'
            ? 'tells who wrote each revision and why'
            : 'says that author and message are not known, and who started each',
          async () => {
            const { output } = await run({ verb: 'history', app: site.apps.manual, output: 'table' });
            if (way === 'resources') {
              assert.match(output.stdout, /^ID\s+DATE\s+REVISION\s+LIVE\s+STARTED BY$/m);
              return assert.match(output.stderr, /Author and message are not known here/);
            }
            assert.match(output.stdout, /^ID\s+DATE\s+REVISION\s+LIVE\s+AUTHOR\s+MESSAGE$/m);
            const last = site.releases.at(-1);
            const line = output.stdout
              .split('\n')
              .find((one) => one.includes(last?.revision.slice(0, 7) ?? '?'));
            assert.ok(line?.includes(last?.author.slice(0, 30) ?? '?'), line);
            assert.ok(line?.includes(last?.message.split('\n')[0]?.slice(0, 50) ?? '?'), line);
            assert.equal(output.stderr, '');
          },
        );

        it('rolls a manual app back, tells the change with its undo, and takes it back', async () => {
          const app = site.apps.manual;
          const rows = await history(app);
          const [before, goal] = [rows.at(-1), rows.findLast((row) => row[2] !== rows.at(-1)?.[2])];
          const id = Number(goal?.[0]);
          const look = await inspect(rollbackOf(app, id));
          const change = look.changes.find(({ field }) => field === 'history id');
          assert.match(change?.before ?? '', new RegExp(`^${before?.[0]} \\(`));
          assert.match(change?.after ?? '', new RegExp(`^${id} \\(`));
          if (way === 'server') {
            const images = look.changes.find(({ field }) => field === 'images');
            assert.ok(images && images.before !== images.after, JSON.stringify(look.changes));
          }
          const ran = await runPlan(await agreed(rollbackOf(app, id)));
          assert.equal(ran.outcome.kind, 'succeeded', messageOf(ran));
          assert.match(ran.output.stdout, /operation Succeeded/);
          const after = await liveRow(app);
          assert.equal(after[2], goal?.[2]);
          assert.equal(Number(after[0]), Number(before?.[0]) + 1);
          assert.equal(ran.changes.length, 1);
          assert.equal(ran.changes[0]?.debt, undefined);
          await undo(ran.changes[0]);
          assert.equal((await liveRow(app))[2], before?.[2]);
        });

        it('turns auto-sync off, rolls back and waits in one agreed sequence, with a debt until it is on again', async () => {
          const app = site.apps.automated;
          await isSynced(app);
          const rows = await history(app);
          const [before, goal] = [rows.at(-1), rows.findLast((row) => row[2] !== rows.at(-1)?.[2])];
          const look = await inspect(rollbackOf(app, Number(goal?.[0])));
          assert.match(look.warnings.join('\n'), /on \(prune, self-heal\): it is turned off first/);
          assert.ok(look.plan?.kind === 'argocd');
          assert.match(
            look.plan.preview,
            /--sync-policy none.* && argocd app rollback .* && argocd app wait /,
          );
          const ran = await runPlan(look.plan);
          assert.equal(ran.outcome.kind, 'succeeded', messageOf(ran));
          const [off, back] = ran.changes;
          assert.equal(ran.changes.length, 2);
          assert.equal(off?.debt, `auto-sync is off for ${app}`);
          assert.equal(back?.debt, undefined);
          assert.equal((await liveRow(app))[2], goal?.[2]);
          assert.ok(off?.undo?.act.kind === 'argocd');
          const on = await inspect(off.undo.act.action);
          assert.match(on.warnings.join('\n'), /with auto-sync on, Argo CD deploys what git has/);
          await undo(off);
          const synced = await isSynced(app);
          assert.equal(synced.outcome.kind, 'succeeded', messageOf(synced));
          assert.equal((await liveRow(app))[2], before?.[2]);
          const { output } = await run({
            verb: 'list',
            project: undefined,
            selector: undefined,
            output: 'wide',
          });
          assert.match(output.stdout, new RegExp(`^argocd/${app} .* Auto-Prune `, 'm'));
        });

        it('refuses a rollback when somebody deployed meanwhile, and changes nothing', async () => {
          const app = site.apps.manual;
          const plan = await agreed(rollbackOf(app, undefined));
          assert.ok(plan.action.verb === 'rollback');
          const before = await history(app);
          const ran = await runPlan({ ...plan, action: { ...plan.action, expectedLive: 998 } });
          assert.match(messageOf(ran), /Somebody deployed .* meanwhile: history id \d+ .* is live, not 998/);
          assert.deepEqual(ran.changes, []);
          assert.deepEqual(await history(app), before);
        });

        it('refuses a rollback that nobody agreed to turn auto-sync off for', async () => {
          const ran = await run(rollbackOf(site.apps.automated, undefined));
          assert.match(messageOf(ran), /refuses a rollback while auto-sync is on.*Nothing was changed/);
          assert.deepEqual(ran.changes, []);
        });

        it('refuses an id that the history does not have, and names those it has', async () => {
          const { refusal } = await inspect(rollbackOf(site.apps.manual, 997));
          const ids = (await history(site.apps.manual)).map(([id]) => id).join(', ');
          assert.ok(refusal?.includes(`has no history id 997; Argo CD keeps ${ids}.`), refusal);
        });

        it('refuses where an ApplicationSet or a parent app would put the setting back', async () => {
          const live = async (app: string) => rollbackOf(app, Number((await liveRow(app))[0]));
          const ofSet = await inspect(await live(site.apps.fromSet));
          // Who may not read the ApplicationSet can only be warned.
          assert.match(
            ofSet.refusal ?? ofSet.warnings.join('\n'),
            /is made by the ApplicationSet shop, which (?:would|may) turn auto-sync on again/,
          );
          const ofParent = await inspect(await live(site.apps.child));
          assert.match(
            ofParent.refusal ?? '',
            new RegExp(`belongs to the app ${site.apps.parent} \\(app of apps\\), which heals itself`),
          );
        });

        it('sets the sync policy both ways, with the debt and the way back', async () => {
          const app = site.apps.automated;
          const ran = await run({ verb: 'set-sync-policy', app, policy: 'manual' });
          assert.equal(ran.outcome.kind, 'succeeded', messageOf(ran));
          assert.deepEqual(ran.changes[0]?.changes, [`app/${app} auto-sync on (prune, self-heal) → off`]);
          assert.equal(ran.changes[0]?.debt, `auto-sync is off for ${app}`);
          const again = await run({ verb: 'set-sync-policy', app, policy: 'manual' });
          assert.match(again.output.stdout, /already is off/);
          assert.deepEqual(again.changes, []);
          const back = await undo(ran.changes[0]);
          assert.deepEqual(back.changes[0]?.changes, [`app/${app} auto-sync off → on (prune, self-heal)`]);
        });

        it('syncs: for a try without a trace, for real with the way back', async () => {
          const app = site.apps.manual;
          const before = await history(app);
          const dry = await run({ verb: 'sync', app, revision: undefined, prune: false, dryRun: true });
          assert.equal(dry.outcome.kind, 'succeeded', messageOf(dry));
          assert.deepEqual(dry.changes, []);
          assert.deepEqual(await history(app), before);
          const ran = await run({ verb: 'sync', app, revision: undefined, prune: false, dryRun: false });
          assert.equal(ran.outcome.kind, 'succeeded', messageOf(ran));
          assert.match(
            ran.outcome.kind === 'succeeded' ? (ran.outcome.detail ?? '') : '',
            /is Synced and \w+\.$/,
          );
          assert.ok(ran.changes[0]?.undo?.act.kind === 'argocd');
          assert.deepEqual(ran.changes[0].undo.act.action, {
            ...rollbackOf(app, Number(before.at(-1)?.[0])),
            expectedLive: Number(before.at(-1)?.[0]) + 1,
          });
        });

        it('says of an app that is not there that it is not, or not for this account', async () => {
          const ran = await run({ verb: 'get', app: 'no-such-app', refresh: 'none', output: 'table' });
          assert.match(
            messageOf(ran),
            way === 'server'
              ? /permission denied.*no such app.*Nothing was changed/
              : /"no-such-app" not found/,
          );
        });

        it('foresees what an account may not do', async () => {
          const foresee = (executor: ArgoCdExecutor, action: ArgoCdAction) =>
            executor.foresee(planOf(action), untilDone());
          assert.deepEqual(await foresee(site.as.responder, rollbackOf(site.apps.automated, undefined)), []);
          const history = { verb: 'history', app: site.apps.manual, output: 'table' } as const;
          assert.deepEqual(await foresee(site.as.reader, history), []);
          if (way === 'resources' && !site.reviewsAccess) return;
          const sentences = await foresee(site.as.reader, rollbackOf(site.apps.manual, undefined));
          assert.match(sentences.join('\n'), /may not sync argocd\/\S+ on .*: this step would be refused/);
        });

        it('changes nothing for an account that may only look', async () => {
          const plan = await agreed(rollbackOf(site.apps.manual, undefined));
          const changes: MadeChange[] = [];
          const io = Object.assign(collectOutput(), {
            changed: (change: MadeChange) => void changes.push(change),
          });
          const outcome = await site.as.reader.run(plan, io, untilDone());
          assert.ok(outcome.kind === 'failed');
          assert.equal(outcome.status, 403);
          assert.match(outcome.message, /Not done: the rollback was not started/);
          assert.deepEqual(changes, []);
        });

        it('diffs what differs from git', async function () {
          if (way === 'resources') {
            const ran = await run({ verb: 'diff', app: site.apps.manual, revision: undefined });
            return assert.match(messageOf(ran), /a diff needs an Argo CD server/);
          }
          const app = site.apps.manual;
          await isSynced(app);
          const same = await run({ verb: 'diff', app, revision: undefined });
          assert.equal(same.output.stdout, '');
          const rows = await history(app);
          const goal = rows.findLast((row) => row[2] !== rows.at(-1)?.[2]);
          const ran = await runPlan(await agreed(rollbackOf(app, Number(goal?.[0]))));
          assert.equal(ran.outcome.kind, 'succeeded', messageOf(ran));
          const { output } = await run({ verb: 'diff', app, revision: undefined });
          assert.match(output.stdout, /^===== apps\/Deployment \S+ =====$/m);
          assert.match(output.stdout, /^-\s+(?:- )?image: (\S+)\n\+\s+(?:- )?image: (?!\1)\S+$/m);
          const look = await inspect({ verb: 'sync', app, revision: undefined, prune: false, dryRun: false });
          assert.match(look.diff ?? '', /^\+\s+(?:- )?image: /m);
          await undo(ran.changes[0]);
        });
      });

    it('says how to sign in again when the token is worth nothing', async () => {
      const plan = argoCdPlan(rollbackOf(site.apps.manual, undefined), { target: site.targets.server });
      const outcome = await site.as.nobody.run(plan, collectOutput(), untilDone());
      assert.ok(outcome.kind === 'failed');
      assert.equal(outcome.status, 401);
      assert.match(outcome.message, /did not accept your Argo CD token.*Nothing was changed/);
      assert.match(outcome.remedy ?? '', /^argocd login \S+ --sso(?: --plaintext)?$/);
      assert.match(
        (await site.as.nobody.foresee(plan, untilDone())).join(),
        /did not accept your Argo CD token/,
      );
    });
  });
}
