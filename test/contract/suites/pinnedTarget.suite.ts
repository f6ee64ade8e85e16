import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { KubernetesAction } from '../../../src/core/plan/kubectl/kubernetesAction.ts';
import type { KubernetesPlan, Target } from '../../../src/core/plan/plan.ts';
import type { MadeChange } from '../../../src/core/plan/undo.ts';
import type {
  ClusterReader,
  KubernetesExecutor,
} from '../../../src/executors/kubernetes/kubernetesExecutor.ts';
import {
  createClusterReader,
  createKubernetesExecutor,
  loadKubeconfig,
  pinnedKubeconfig,
} from '../../../src/executors/kubernetes/kubernetesExecutor.ts';
import { createShellExecutor } from '../../../src/executors/shell/shellExecutor.ts';
import { planOfScript } from '../../support/shellBuilders.ts';
import { collectOutput, untilDone } from '../../unit/executors/collectOutput.ts';
import {
  apply,
  deleteObjects,
  describeObjects,
  exec,
  get,
  kubernetesPlan,
  logs,
  patch,
  rollout,
  scale,
} from '../../unit/executors/kubernetes/kubernetesFixtures.ts';

/** Two servers in one kubeconfig: an incident's, and the one that the person's current context names. */
export interface PinnedTargetSite {
  /** Its current context is `otherContext`. */
  readonly kubeconfig: string;
  /** With context, server and the namespace `production`. */
  readonly target: Required<Pick<Target, 'context' | 'server' | 'namespace'>>;
  readonly otherContext: string;
  /** `GET /api/v1/…` for each request that the other server has had since the start. */
  otherRequests(): Promise<readonly string[]>;
  /** A real kubectl; undefined where none is found. */
  readonly kubectl: string | undefined;
  dispose(): Promise<void>;
}

export interface PinnedTargetProduction {
  readonly title: string;
  /** `folder` is empty and removed afterwards. */
  start(folder: string): Promise<PinnedTargetSite>;
}

type Verb = KubernetesAction['verb'];
type RolloutVerb = Extract<KubernetesAction, { verb: 'rollout' }>['sub'];

/** What is run for each verb; a verb that is not here does not compile. */
interface Cases extends Record<Verb, readonly KubernetesAction[]> {
  readonly rollout: readonly Extract<KubernetesAction, { verb: 'rollout' }>[];
}

const deployment = 'notifications';
const settings = 'pinned-target';

const rollouts = {
  status: rollout('status', deployment),
  history: rollout('history', deployment),
  restart: rollout('restart', deployment),
  pause: rollout('pause', deployment),
  resume: rollout('resume', deployment),
  undo: rollout('undo', deployment),
} satisfies Record<RolloutVerb, KubernetesAction>;

const unmarked = patch(
  'deployment',
  deployment,
  '{"spec":{"template":{"metadata":{"annotations":{"kubectl.kubernetes.io/restartedAt":null}}}}}',
  { patchType: 'merge' },
);

const casesOf = (pod: string): Cases => ({
  get: [
    get(['pods']),
    get(['pods', 'svc'], { output: 'yaml' }),
    get(['nodes'], { output: 'wide' }),
    get(['pods'], { allNamespaces: true, output: 'json' }),
    get(['deployments'], { watch: 'list' }),
  ],
  describe: [describeObjects(['pod'], [pod]), describeObjects(['deployment', 'service', 'ingress', 'node'])],
  top: (['pods', 'nodes'] as const).map((what) => ({
    ...{ verb: 'top' as const, what, name: undefined, selector: undefined, allNamespaces: false },
    ...{ containers: false, sortBy: undefined, sum: false, noHeaders: false },
  })),
  logs: [
    logs({ resource: pod, tailLines: 2 }),
    logs({ resource: pod, previous: true }),
    logs({ selector: `app=${deployment}`, allContainers: true, sinceSeconds: 60 }),
    logs({ selector: `app=${deployment}`, follow: true, tailLines: 1 }),
  ],
  exec: [exec(pod, ['echo', 'here'])],
  scale: [
    scale(deployment, 3, { dryRun: true }),
    scale(deployment, 2, { wait: { seconds: 30, required: false } }),
  ],
  patch: [
    patch('configmap', 'payment-service', '{"metadata":{"annotations":{"incident.lab/pinned":"yes"}}}', {
      patchType: 'merge',
    }),
  ],
  restore: [
    {
      verb: 'restore',
      resource: { kind: 'deployment', name: deployment },
      fields: [{ pointer: '/spec/replicas', before: '1', after: '99' }],
    },
  ],
  rollout: Object.values(rollouts),
  apply: [apply(['settings.yaml'], { dryRun: true }), apply(['settings.yaml'])],
  delete: [
    deleteObjects({ kinds: ['configmap'], names: [settings], dryRun: true }),
    deleteObjects({ kinds: ['configmap'], names: [settings] }),
  ],
});

/** Some of these go on until they are stopped: they are, once they have printed something. */
const isEndless = (action: KubernetesAction): boolean =>
  (action.verb === 'logs' && action.follow) || (action.verb === 'get' && action.watch !== undefined);

/**
 * Runs, looks at, foresees and takes back everything, while the current context names another server: that one must
 * never be asked. Leaves the cluster as it was.
 */
export function describePinnedTarget(production: PinnedTargetProduction): void {
  describe(`the pinned target against ${production.title}`, function () {
    this.timeout(180_000);
    let folder: string;
    let site: PinnedTargetSite;
    let executor: KubernetesExecutor;
    let reader: ClusterReader;
    let pod: string;
    before(async () => {
      folder = mkdtempSync(join(tmpdir(), 'pinned-target-'));
      site = await production.start(join(folder, 'site'));
      const deps = { loadKubeconfig: () => loadKubeconfig({ paths: [site.kubeconfig] }) };
      executor = createKubernetesExecutor(deps);
      reader = createClusterReader(deps);
      writeFileSync(
        join(folder, 'settings.yaml'),
        `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${settings}}\ndata: {shift: night}\n`,
      );
      pod = await findPod();
    });
    after(async () => {
      await executor.dispose();
      await reader.dispose();
      await site.dispose();
      rmSync(folder, { recursive: true, force: true });
    });
    afterEach(async () => assert.deepEqual(await site.otherRequests(), []));

    const planOf = (action: KubernetesAction, target: Target = site.target): KubernetesPlan =>
      kubernetesPlan(action, { target, cwd: folder });

    async function run(plan: KubernetesPlan) {
      const made: MadeChange[] = [];
      const stop = new AbortController();
      const collected = collectOutput((text) => {
        if (text !== '' && isEndless(plan.action)) stop.abort();
        return undefined;
      });
      const output = Object.assign(collected, { changed: (change: MadeChange) => void made.push(change) });
      const outcome = await executor.run(plan, output, stop.signal);
      return { outcome, output, made };
    }
    async function findPod(): Promise<string> {
      const collected = collectOutput();
      const action = get(['pods'], { selector: `app=${deployment}`, output: 'name' });
      await executor.run(planOf(action), collected, untilDone());
      const name = collected.stdout.split('\n')[0]?.replace('pod/', '') ?? '';
      assert.notEqual(name, '', collected.stderr);
      return name;
    }
    /** Runs it as the person would: foreseen, looked at, run, taken back. */
    async function wholeStep(action: KubernetesAction): Promise<readonly MadeChange[]> {
      const plan = planOf(action);
      await executor.foresee(plan, untilDone());
      const seen = await executor.inspect(plan, untilDone());
      const guarded = seen.ok && seen.value.plan?.kind === 'kubernetes' ? seen.value.plan : plan;
      assert.deepEqual(guarded.target, plan.target, 'what a look gives goes to the same place');
      const { made } = await run(guarded);
      for (const { undo } of [...made].reverse()) {
        if (undo?.act.kind !== 'kubernetes') continue;
        assert.deepEqual(undo.target, plan.target, 'an undo goes where its change went');
        const back = planOf(undo.act.action, undo.target);
        await executor.foresee(back, untilDone());
        await executor.inspect(back, untilDone());
        const { outcome, output } = await run(back);
        assert.equal(outcome.kind, 'succeeded', `${action.verb}: ${output.stderr}${JSON.stringify(outcome)}`);
      }
      return made;
    }

    const verbs = Object.keys(casesOf('')) as Verb[];
    for (const verb of verbs) {
      it(`${verb} asks the pinned server alone`, async () => {
        let changes = 0;
        for (const action of casesOf(pod)[verb]) changes += (await wholeStep(action)).length;
        const changing = ['scale', 'patch', 'rollout', 'apply'];
        if (changing.includes(verb)) assert.ok(changes > 0, 'nothing was changed, so nothing was taken back');
        // Its undo takes away what apply made, so delete meets it again.
        if (verb === 'apply') await run(planOf(apply(['settings.yaml'])));
        if (verb === 'delete') await run(planOf(deleteObjects({ ...gone, ignoreNotFound: true })));
        // A restart has no undo: its mark is taken away.
        if (verb === 'rollout') await run(planOf(unmarked));
        // Pods were replaced by what has just been done.
        pod = await findPod();
      });
    }
    const gone = { kinds: ['configmap'], names: [settings] };

    it('pickers and the form of an ingress ask it alone', async () => {
      const { context, namespace } = site.target;
      assert.ok(reader.listContexts().ok);
      const answers = await Promise.all([
        reader.listNamespaces(context, untilDone()),
        reader.listNames(context, namespace, 'pods', untilDone()),
        reader.listServices(context, namespace, untilDone()),
        executor.readIngressForm(site.target, 'storefront', untilDone()),
      ]);
      for (const answer of answers) assert.ok(answer.ok, JSON.stringify(answer));
    });

    it('nothing at all is asked without a pin, with an unknown context, or when a context has moved', async () => {
      const { context } = site.target;
      const moved = { ...site.target, server: 'https://cluster.example:6443' };
      for (const target of [{}, { context: `${context}-of-old` }, moved]) {
        for (const action of [get(['pods']), scale(deployment, 9), exec(pod, ['ls'])]) {
          const { outcome, output } = await run(planOf(action, target));
          assert.equal(outcome.kind, 'failed');
          assert.match(output.stderr, /Nothing was sent/);
          assert.equal((await executor.inspect(planOf(action, target), untilDone())).ok, false);
        }
      }
    });

    it('kubectl and its like in a shell step reach the pinned server alone', async function () {
      if (site.kubectl === undefined) {
        const why = 'No kubectl answers on PATH: name one in INCIDENT_KUBECTL, or set INCIDENT_NO_KUBECTL=1.';
        console.log(why);
        assert.equal(process.env['INCIDENT_NO_KUBECTL'], '1', why);
        return;
      }
      const home = join(folder, 'home');
      const bin = join(folder, 'bin');
      for (const made of [join(home, '.kube'), bin]) mkdirSync(made, { recursive: true });
      // A person's own settings that lead elsewhere: default flags of kubectl, start-up files, helm's variables.
      writeFileSync(
        join(home, '.kube', 'kuberc'),
        JSON.stringify({
          apiVersion: 'kubectl.config.k8s.io/v1beta1',
          kind: 'Preference',
          defaults: [{ command: 'get', options: [{ name: 'context', default: site.otherContext }] }],
        }),
      );
      const elsewhere = `export KUBECONFIG='${site.kubeconfig}'\n`;
      for (const file of ['.bashrc', '.profile', '.bash_profile', '.zshenv'])
        writeFileSync(join(home, file), elsewhere);
      // As helm: the context of HELM_KUBECONTEXT, else the current one.
      writeFileSync(
        join(bin, 'helm'),
        '#!/bin/sh\nexec kubectl ${HELM_KUBECONTEXT:+--context "$HELM_KUBECONTEXT"} ${HELM_NAMESPACE:+-n "$HELM_NAMESPACE"} get configmaps\n',
        { mode: 0o755 },
      );
      const shell = createShellExecutor({
        kubeconfigFor: (target) => {
          const kubeconfig = loadKubeconfig({ paths: [site.kubeconfig] });
          return kubeconfig.ok ? pinnedKubeconfig(kubeconfig.value, target) : kubeconfig;
        },
        cwd: () => folder,
        env: () => ({
          PATH: [bin, dirname(site.kubectl ?? ''), process.env['PATH']].join(':'),
          HOME: home,
          KUBECONFIG: site.kubeconfig,
          BASH_ENV: join(home, '.bashrc'),
          HELM_KUBECONTEXT: site.otherContext,
          HELM_NAMESPACE: 'elsewhere',
        }),
        tempFolder: () => join(folder, 'runs'),
      });
      const script = `kubectl get deployments | sort\nhelm list\nbash -c 'kubectl config current-context'`;
      const plan = planOfScript(script, { target: site.target });
      const collected = collectOutput();
      const outcome = await shell.run(plan, collected, untilDone());
      assert.equal(outcome.kind, 'succeeded', collected.stderr);
      assert.match(collected.stdout, new RegExp(`^${deployment} +`, 'm'));
      assert.match(collected.stdout, /^payment-service +\d+ /m);
      assert.match(collected.stdout, new RegExp(`^${site.target.context}$`, 'm'));
      const nowhere = collectOutput();
      const unpinned = { ...plan, script: 'kubectl get pods', target: {} };
      assert.equal((await shell.run(unpinned, nowhere, untilDone())).kind, 'failed');
      assert.match(nowhere.stderr, /No cluster is pinned/);
    });
  });

  describe(`the other server of ${production.title}`, function () {
    this.timeout(60_000);
    it('would have told of any request', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'pinned-target-'));
      const site = await production.start(join(folder, 'site'));
      const executor = createKubernetesExecutor({
        loadKubeconfig: () => loadKubeconfig({ paths: [site.kubeconfig] }),
      });
      try {
        const target = { context: site.otherContext, namespace: 'production' };
        const outcome = await executor.run(
          kubernetesPlan(get(['pods']), { target }),
          collectOutput(),
          untilDone(),
        );
        assert.equal(outcome.kind, 'succeeded', JSON.stringify(outcome));
        assert.match((await site.otherRequests()).join('\n'), /GET \/api\/v1\/namespaces\/production\/pods/);
      } finally {
        await executor.dispose();
        await site.dispose();
        rmSync(folder, { recursive: true, force: true });
      }
    });
  });
}
