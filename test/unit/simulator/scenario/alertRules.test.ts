import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ScenarioName } from '../../../../src/simulator/scenario/scenario.ts';
import type { Simulator } from '../../../../src/simulator/simulator.ts';
import { startSimulator } from '../../../../src/simulator/simulator.ts';
import { fingerprintOf } from '../../../../src/simulator/systems/alertmanager/fingerprint.ts';

interface Alert {
  readonly labels: Record<string, string>;
  readonly annotations: Record<string, string>;
  readonly state: string;
  readonly fingerprint: string;
  readonly generatorURL: string;
  readonly startsAt: string;
}

describe('the alerts of the simulated production', () => {
  let folder: string;
  let simulator: Simulator | undefined;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'simulated-alerts-'));
  });
  afterEach(async () => {
    await simulator?.dispose();
    await rm(folder, { recursive: true, force: true });
  });
  const noon = new Date(Date.UTC(2026, 10, 23, 12));
  const start = async (scenario: ScenarioName) => {
    const kubeconfigFile = join(folder, 'kubeconfig');
    simulator = await startSimulator({ kubeconfigFile, scenario, tickEveryMs: 0, now: () => noon });
    const { prometheus, alertmanager } = simulator.outside;
    const read = async (url: string) => (await (await fetch(url)).json()) as unknown;
    return {
      simulator,
      inPrometheus: async () => {
        const { data } = (await read(`${prometheus.url}/api/v1/alerts`)) as { data: { alerts: Alert[] } };
        return data.alerts;
      },
      inAlertmanager: async () => (await read(`${alertmanager.url}/api/v2/alerts`)) as Alert[],
    };
  };

  it('fire for payment-service and another service, the same in Prometheus and Alertmanager', async () => {
    const { inPrometheus, inAlertmanager, simulator: running } = await start('payment-overload');
    const rules = await inPrometheus();
    assert.deepEqual(
      rules.map(({ labels, state }) => [labels['alertname'], labels['service'], labels['severity'], state]),
      [
        ['PaymentErrorRateHigh', 'payment-service', 'critical', 'firing'],
        ['CheckoutLatencyHigh', 'checkout', 'warning', 'firing'],
      ],
    );
    const routed = await inAlertmanager();
    assert.deepEqual(
      routed.map(({ fingerprint }) => fingerprint),
      rules.map(({ labels }) => fingerprintOf(labels)).sort(),
    );
    const payment = routed.find(({ labels }) => labels['service'] === 'payment-service');
    assert.match(payment?.annotations['runbook_url'] ?? '', /#service-unavailable-503$/);
    assert.equal(payment?.startsAt, '2026-11-23T11:49:00.000Z', 'a minute after the outage began');
    assert.ok(payment.generatorURL.startsWith(`${running.outside.prometheus.url}/graph?g0.expr=`));
  });

  it('stand beside the releases that PagerDuty was told of', async () => {
    const { simulator: running } = await start('payment-overload');
    const { url, store } = running.outside.pagerduty;
    const answer = await fetch(`${url}/change_events?limit=1`, {
      headers: { authorization: `Token token=${store.token}` },
    });
    const { change_events: changes } = (await answer.json()) as {
      change_events: { summary: string; timestamp: string; services: { summary: string }[] }[];
    };
    assert.equal(
      changes[0]?.summary,
      'payment-service: Release 2.41.0: keep requests while the provider is slow',
    );
    assert.equal(changes[0]?.services[0]?.summary, 'payment-service');
    assert.equal(store.incidents.length, 0);
  });

  it('resolve once enough pods are ready, and never begin on an ordinary day', async () => {
    const { simulator: running, inPrometheus, inAlertmanager } = await start('payment-overload');
    assert.equal((await inAlertmanager()).length, 2);
    const deployment = `${running.url}/apis/apps/v1/namespaces/production/deployments/payment-service`;
    await fetch(deployment, {
      method: 'PATCH',
      headers: { 'content-type': 'application/merge-patch+json' },
      body: JSON.stringify({ spec: { replicas: 8 } }),
    });
    running.advance(2 * 60_000); // less than the four minutes that Prometheus sends ahead
    assert.deepEqual(await inPrometheus(), []);
    assert.deepEqual(await inAlertmanager(), []);
    await running.dispose();
    const healthy = await start('healthy');
    assert.deepEqual(await healthy.inPrometheus(), []);
  });
});
