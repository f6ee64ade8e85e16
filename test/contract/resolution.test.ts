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
import { queryInstant, queryRange } from '../../src/integrations/prometheusQuery/queryPrometheus.ts';
import type { MetricsSource } from '../../src/core/resolution/lookAtMetrics.ts';
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
      servers: [{ name: 'Alertmanager', key: baseUrl, origin: baseUrl, answered: read.ok }],
      shown: new Map(),
      sources: [{ name: 'Alertmanager', problem: read.ok ? undefined : read.failure.message }],
    };
  };
  let settings: Readonly<Record<string, unknown>> = {};
  /** How far the simulated production was moved on. */
  let ahead = 0;
  const metricsSource = (): MetricsSource => {
    const baseUrl = reachable ? lab.simulator.outside.prometheus.url : 'http://127.0.0.1:9';
    const to = { baseUrl, token: undefined };
    const now = () => Date.now() + ahead;
    return {
      server: () => baseUrl,
      queries: () => settings,
      askRange: (query, signal) => queryRange(to, query, signal),
      askInstant: (query, signal) => queryInstant(to, { query, at: now() }, signal),
      now,
      found: new Map(),
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
        metrics: metricsSource(),
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

  it('metrics: bad while it burns, good for a service beside it, not checked when nobody answers', async () => {
    const onset = fact('OnsetSet', { at: new Date(Date.now() - 12 * 60_000).toISOString() });
    const burning = await look('metrics', 'payment-service', onset);
    assert.equal(burning.state, 'bad', burning.sentence);
    assert.match(
      burning.sentence,
      /Error rate is 8\d(\.\d)? % \(median of the last 5 min\); in the hour before the onset it was up to 0\.1\d* %; Latency \(p95\) is 4\.\d+ s .* it was up to 2\d\d ms/,
    );
    assert.match(String(burning.evidence), /Found http_requests_total with service="payment-service"/);
    const calm = await look('metrics', 'catalog', onset);
    assert.equal(calm.state, 'good', calm.sentence);
    const gone = await unreachable(() => look('metrics', 'payment-service', onset));
    assert.equal(gone.state, 'not-checked');
    assert.match(gone.sentence, /^metrics could not be asked: Prometheus /);
    const unknown = await look('metrics', 'nobody-knows-this', onset);
    assert.equal(unknown.state, 'not-checked');
    assert.match(unknown.sentence, /Error rate: no metric that is known was found for nobody-knows-this/);
    const whenever = await look('metrics');
    assert.deepEqual([whenever.state, /onset is not set/.test(whenever.sentence)], ['not-checked', true]);
  });

  it('metrics: asked as the settings have it, where they have it', async () => {
    const onset = fact('OnsetSet', { at: new Date(Date.now() - 12 * 60_000).toISOString() });
    settings = {
      errorRate: 'service:http_errors:ratio_rate5m{service="{{service}}"}',
      latencyP95: 'vector(0.2)',
    };
    const own = await look('metrics', 'payment-service', onset);
    settings = {};
    assert.equal(own.state, 'bad', own.sentence);
    assert.match(own.sentence, /Error rate is 87 % .* up to 0\.12 %; Latency \(p95\) is 200 ms/);
    assert.match(String(own.evidence), /As incident\.metrics\.queries has it/);
  });

  it('what was changed: by the journal, whether or not anybody answers', async () => {
    const scaled = [runStarted({ risk: 'change' }), changeMade(), runEnded()] as const;
    assert.equal((await look('debts', 'payment-service', ...scaled)).state, 'bad');
    const kept = fact('ChangeKept', { change: 'event-00003' });
    assert.equal((await unreachable(() => look('debts', 'payment-service', ...scaled, kept))).state, 'good');
  });

  it('metrics: still bad right after the fix, good once the last minutes are as they were', async () => {
    const onset = fact('OnsetSet', { at: new Date(Date.now() - 12 * 60_000).toISOString() });
    const deployment = `${lab.simulator.url}/apis/apps/v1/namespaces/production/deployments/payment-service`;
    await fetch(deployment, {
      method: 'PATCH',
      headers: { 'content-type': 'application/merge-patch+json' },
      body: JSON.stringify({ spec: { replicas: 10 } }),
    });
    const pass = (ms: number): void => {
      ahead += ms;
      lab.simulator.advance(ms);
    };
    pass(60_000);
    assert.equal((await look('metrics', 'payment-service', onset)).state, 'bad');
    pass(14 * 60_000);
    const mended = await look('metrics', 'payment-service', onset);
    assert.equal(mended.state, 'good', mended.sentence);
  });
});
