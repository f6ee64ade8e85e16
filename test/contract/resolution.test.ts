import assert from 'node:assert/strict';
import type { Executor } from '../../src/core/ports.ts';
import { changeMade, declared, fact, incidentOf, runEnded, runStarted } from '../support/builders.ts';
import type { Fact } from '../../src/core/incident/events.ts';
import type { Check, CheckKind, SeenCheck } from '../../src/core/resolution/check.ts';
import type { AlertsSeen } from '../../src/core/resolution/judgeAlerts.ts';
import { runChecks } from '../../src/core/resolution/runChecks.ts';
import { mergeSignals } from '../../src/core/signals/mergeSignals.ts';
import { defaultServiceLabels } from '../../src/core/signals/serviceOf.ts';
import { createArgoCdExecutor } from '../../src/executors/argocd/argoCdExecutor.ts';
import {
  createApplicationResources,
  loadKubeconfig,
} from '../../src/executors/kubernetes/kubernetesExecutor.ts';
import { createAlertmanager } from '../../src/integrations/alertmanager.ts';
import { context, createKubernetesLab, type KubernetesLab } from './kubernetesLab.ts';
import { untilDone } from './suites/alertSite.ts';

const check = (kind: CheckKind): Check => ({ id: kind, text: kind, kinds: [kind], isOwn: false });

/** Each check as the real executors and readers see the simulated production: bad, good, and its source unreachable. */
describe('the checks of a resolution on the simulated production', function () {
  this.timeout(120_000);
  let lab: KubernetesLab;
  let applications: ReturnType<typeof createApplicationResources>;
  let reachable = true;

  before(async () => {
    lab = await createKubernetesLab();
    applications = createApplicationResources({
      loadKubeconfig: () => loadKubeconfig({ paths: [lab.kubeconfig] }),
    });
  });
  after(async () => {
    await applications.dispose();
    await lab.dispose();
  });

  const executors = (): Record<string, Executor> => ({
    kubernetes: lab.executor as Executor,
    argocd: createArgoCdExecutor({ server: () => undefined, kubernetes: applications }) as Executor,
  });
  const alerts = async (signal: AbortSignal): Promise<AlertsSeen> => {
    // Nobody listens at the other address.
    const baseUrl = reachable ? lab.simulator.outside.alertmanager.url : 'http://127.0.0.1:9';
    const read = await createAlertmanager({ baseUrl, token: undefined, user: '' }).read(signal);
    return {
      signals: read.ok ? mergeSignals(read.value.signals, defaultServiceLabels) : [],
      sources: [{ name: 'Alertmanager', problem: read.ok ? undefined : read.failure.message }],
    };
  };
  /** One look; unreachable: at a server where nobody listens. */
  const look = async (
    kind: CheckKind,
    service = 'payment-service',
    ...facts: readonly Fact[]
  ): Promise<SeenCheck> => {
    // A context of another name is one that the kubeconfig does not have: as unreachable as a cluster that is gone.
    const target = { context: reachable ? context : 'gone', namespace: 'production' };
    const incident = incidentOf(declared({ service, target }), ...facts);
    const [seen] = await runChecks(
      incident,
      [check(kind)],
      {
        executorFor: (plan) => Promise.resolve(executors()[plan.kind]),
        alerts: (signal) => alerts(signal as AbortSignal),
        now: () => new Date().toISOString(),
        logsBefore: new Map(),
      },
      untilDone(),
    );
    assert.ok(seen);
    return seen;
  };
  const unreachable = async (act: () => Promise<SeenCheck>): Promise<SeenCheck> => {
    reachable = false;
    try {
      return await act();
    } finally {
      reachable = true;
    }
  };

  it('pods: bad while they crash, good where they run, not checked without a cluster', async () => {
    const crashing = await look('pods');
    assert.equal(crashing.state, 'bad', crashing.sentence);
    assert.match(crashing.sentence, /of 3 pods of payment-service are ready \(.*CrashLoopBackOff/);
    const fine = await look('pods', 'catalog');
    assert.equal(fine.state, 'good', fine.sentence);
    assert.match(fine.sentence, /^(\d+) of \1 pods of catalog are ready$/);
    const gone = await unreachable(() => look('pods'));
    assert.equal(gone.state, 'not-checked');
    assert.match(gone.sentence, /the pods could not be read: .*gone/);
  });

  it('logs: bad with errors, good without, not checked without a cluster', async () => {
    const failing = await look('logs');
    assert.equal(failing.state, 'bad', failing.sentence);
    assert.ok((failing.evidence ?? []).length > 0);
    const calm = await look('logs', 'catalog');
    assert.equal(calm.state, 'good', calm.sentence);
    const gone = await unreachable(() => look('logs'));
    assert.equal(gone.state, 'not-checked');
  });

  it('alerts: bad while one fires, good for a service without, not checked when nobody answers', async () => {
    const firing = await look('alerts');
    assert.equal(firing.state, 'bad', firing.sentence);
    assert.match(firing.sentence, /PaymentErrorRateHigh \(firing\)/);
    const quiet = await look('alerts', 'catalog');
    assert.deepEqual([quiet.state, quiet.sentence], ['good', 'no active alert of catalog in Alertmanager']);
    const silent = await unreachable(() => look('alerts'));
    assert.deepEqual([silent.state, silent.sentence], ['not-checked', 'Alertmanager did not answer']);
  });

  it('Argo CD: as it says of the app, not checked for one it does not have or when it cannot be asked', async () => {
    const states = new Map<string, string>();
    for (const app of ['payment-service', 'search', 'catalog', 'checkout'])
      states.set(app, (await look('argocd', app)).state);
    const sick = await look('argocd', 'payment-service');
    assert.equal(sick.state, 'bad', sick.sentence);
    assert.match(sick.sentence, /argocd\/payment-service is \w+ and (?:Degraded|Progressing)/);
    assert.ok([...states.values()].includes('good'), JSON.stringify([...states]));
    assert.equal((await look('argocd', 'no-such-app')).state, 'not-checked');
    assert.equal((await unreachable(() => look('argocd'))).state, 'not-checked');
  });

  it('what was changed: by the journal, whether or not anybody answers', async () => {
    const scaled = [runStarted({ risk: 'change' }), changeMade(), runEnded()] as const;
    assert.equal((await look('debts', 'payment-service', ...scaled)).state, 'bad');
    const kept = fact('ChangeKept', { change: 'event-00003' });
    assert.equal((await unreachable(() => look('debts', 'payment-service', ...scaled, kept))).state, 'good');
  });
});
