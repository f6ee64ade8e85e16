import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { KubernetesPlan, Target } from '../../../src/core/plan/plan.ts';
import type { MadeChange } from '../../../src/core/plan/undo.ts';
import type { Inspection } from '../../../src/core/ports.ts';
import type { KubernetesExecutor } from '../../../src/executors/kubernetes/kubernetesExecutor.ts';
import { collectOutput, untilDone } from '../../unit/executors/collectOutput.ts';
import { get, kubernetesPlan, rollout } from '../../unit/executors/kubernetes/kubernetesFixtures.ts';

/** A cluster with the simulator's `production` namespace in it: the simulator itself, or the lab. */
export interface KubernetesChangesProduction {
  readonly name: string;
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Valid between start and stop, as all that follows: somebody who may do everything in `production`. */
  readonly executor: KubernetesExecutor;
  readonly target: Target;
  /** The same cluster as somebody who may only read there. */
  readonly reader: { readonly executor: KubernetesExecutor; readonly target: Target };
  /** A folder for files of the tests. */
  readonly folder: string;
  /** Deployments in `production` that Argo CD deploys: one whose app heals itself, one whose app is synced by hand. */
  readonly gitOps: { readonly healed: string; readonly manual: string };
  /** What a real kubectl prints there; undefined where none is found. */
  readonly kubectl: ((...args: readonly string[]) => Promise<string>) | undefined;
}

type Action = KubernetesPlan['action'];
type Fields = Readonly<Record<string, unknown>> & {
  readonly metadata: { readonly resourceVersion: string; readonly uid: string };
};

export type ChangesKit = ReturnType<typeof createChangesKit>;

/** Looks, runs and takes back on a production, and reads what is there now; each fails the test when it does not work. */
export function createChangesKit(production: KubernetesChangesProduction) {
  const plan = (action: Action): KubernetesPlan =>
    kubernetesPlan(action, { target: production.target, cwd: production.folder });

  async function runPlan(wanted: KubernetesPlan, signal = untilDone()) {
    const made: MadeChange[] = [];
    const output = Object.assign(collectOutput(), {
      changed: (change: MadeChange) => void made.push(change),
    });
    const outcome = await production.executor.run(wanted, output, signal);
    return { outcome, output, made, message: outcome.kind === 'failed' ? outcome.message : '' };
  }
  const run = (action: Action) => runPlan(plan(action));

  async function done(action: Action) {
    const ran = await run(action);
    assert.equal(ran.outcome.kind, 'succeeded', ran.output.stderr + ran.message);
    return ran;
  }
  async function look(action: Action): Promise<Inspection> {
    const found = await production.executor.inspect(plan(action), untilDone());
    assert.ok(found.ok, found.ok ? '' : found.failure.message);
    return found.value;
  }
  /** Looks, then runs what the look gave. */
  async function agreed(action: Action) {
    const seen = await look(action);
    assert.equal(seen.refusal, undefined);
    const ran = await runPlan((seen.plan as KubernetesPlan | undefined) ?? plan(action));
    assert.equal(ran.outcome.kind, 'succeeded', ran.output.stderr + ran.message);
    return { ...ran, seen };
  }
  const undoPlan = (made: MadeChange | undefined): KubernetesPlan => {
    assert.ok(made?.undo?.act.kind === 'kubernetes', JSON.stringify(made));
    return kubernetesPlan(made.undo.act.action, { target: made.undo.target });
  };
  async function undo(made: MadeChange | undefined) {
    const ran = await runPlan(undoPlan(made));
    assert.equal(ran.outcome.kind, 'succeeded', ran.output.stderr);
    return ran;
  }
  async function read(kind: string, name: string): Promise<Fields> {
    const { output } = await done(get([kind], { names: [name], output: 'json' }));
    return JSON.parse(output.stdout) as Fields;
  }
  const specOf = async (kind: string, name: string) => (await read(kind, name))['spec'];
  const replicasOf = async (name: string) =>
    ((await specOf('deployment', name)) as { replicas: number }).replicas;
  const names = async (selector: string): Promise<string[]> =>
    (await done(get(['pods'], { selector, output: 'name' }))).output.stdout
      .trim()
      .split('\n')
      .map((line) => line.replace('pod/', ''));
  const settled = (name: string, kind = 'deployment') =>
    done(rollout('status', name, { resource: { kind, name } }));
  const file = async (name: string, text: string): Promise<string> => {
    await writeFile(join(production.folder, name), text);
    return name;
  };

  return {
    agreed,
    done,
    file,
    look,
    names,
    plan,
    production,
    read,
    replicasOf,
    run,
    runPlan,
    settled,
    specOf,
    undo,
    undoPlan,
  };
}
