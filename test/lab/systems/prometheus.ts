import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ensureAlertmanager } from '../builds/alertmanager.ts';
import { ensureDebianProgram } from '../builds/debianPrograms.ts';
import { freePort } from '../freePort.ts';
import { missingGo } from '../goBuild.ts';
import { startProcess } from '../labProcess.ts';
import type { LabSystem } from '../labSystem.ts';
import { fetchStatus } from '../httpProbe.ts';

export interface PrometheusDescription {
  readonly url: string;
  readonly alertmanagerUrl: string;
  /** Fires as long as the lab is up. */
  readonly firingAlert: string;
  /** Fires while nothing answers `GET /metrics` at `url`: a test that listens there sees it resolve. */
  readonly answeredAlert: { readonly name: string; readonly url: string };
}

const ensurePrometheus = () =>
  ensureDebianProgram({ package: 'prometheus', program: 'prometheus', proof: ['--version'] });

/** Prometheus with two alerts, and the Alertmanager it sends them to. */
export const prometheus: LabSystem<'prometheus'> = {
  name: 'prometheus',
  missing: missingGo,
  build: async () => {
    await ensurePrometheus();
    await ensureAlertmanager();
  },
  start: async ({ folder }) => {
    const [port, alertmanagerPort, probedPort] = [await freePort(), await freePort(), await freePort()];
    const file = await writeSettings(folder, { port, alertmanagerPort, probedPort });
    const alertmanagerUrl = `http://127.0.0.1:${alertmanagerPort}`;
    await startProcess({
      name: 'alertmanager',
      command: await ensureAlertmanager(),
      args: [
        `--config.file=${file.alertmanager}`,
        `--storage.path=${path.join(folder, 'alertmanager')}`,
        `--web.listen-address=127.0.0.1:${alertmanagerPort}`,
        '--cluster.listen-address=',
      ],
      folder,
      ready: async () => (await fetchStatus(`${alertmanagerUrl}/-/ready`)) === 200,
      timeoutMs: 30_000,
    });
    const url = `http://127.0.0.1:${port}`;
    await startProcess({
      name: 'prometheus',
      ...(await ensurePrometheus()),
      args: [
        `--config.file=${file.prometheus}`,
        `--storage.tsdb.path=${path.join(folder, 'prometheus')}`,
        `--web.listen-address=127.0.0.1:${port}`,
        `--web.external-url=${url}`,
        // The first alerts fire before Prometheus has looked up its Alertmanager; a minute later if nobody says.
        '--rules.alert.resend-delay=2s',
      ],
      folder,
      ready: () => hasAlert(alertmanagerUrl, 'PaymentErrorRateHigh'),
      timeoutMs: 60_000,
    });
    return {
      url,
      alertmanagerUrl,
      firingAlert: 'PaymentErrorRateHigh',
      answeredAlert: { name: 'CheckoutDown', url: `http://127.0.0.1:${probedPort}/metrics` },
    };
  },
};

async function hasAlert(alertmanagerUrl: string, name: string): Promise<boolean> {
  const response = await fetch(`${alertmanagerUrl}/api/v2/alerts?filter=alertname%3D${name}`, {
    signal: AbortSignal.timeout(2000),
  });
  return response.ok && ((await response.json()) as unknown[]).length > 0;
}

interface Ports {
  readonly port: number;
  readonly alertmanagerPort: number;
  readonly probedPort: number;
}

/** JSON is YAML: the settings are written as data. https://prometheus.io/docs/prometheus/latest/configuration/ */
async function writeSettings(folder: string, { port, alertmanagerPort, probedPort }: Ports) {
  const file = (name: string) => path.join(folder, name);
  const at = (...ports: number[]) => [{ targets: ports.map((one) => `127.0.0.1:${one}`) }];
  const write = (name: string, content: unknown) =>
    writeFile(file(name), `${JSON.stringify(content, null, 2)}\n`);
  await mkdir(folder, { recursive: true });
  await write('prometheus.yml', {
    global: { scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '1s' },
    rule_files: [file('rules.yml')],
    alerting: { alertmanagers: [{ static_configs: at(alertmanagerPort) }] },
    scrape_configs: [
      { job_name: 'prometheus', static_configs: at(port) },
      { job_name: 'alertmanager', static_configs: at(alertmanagerPort) },
      { job_name: 'checkout-service', static_configs: at(probedPort) },
    ],
  });
  await write('rules.yml', {
    groups: [
      {
        name: 'lab',
        rules: [
          {
            alert: 'PaymentErrorRateHigh',
            expr: 'vector(0.07) > 0.05',
            labels: { severity: 'critical', service: 'payment-service', namespace: 'production' },
            annotations: {
              summary: 'payment-service fails {{ $value | humanizePercentage }} of its requests',
              runbook_url: 'https://runbooks.techcorp.internal/high-error-rate',
            },
          },
          {
            alert: 'CheckoutDown',
            expr: 'up{job="checkout-service"} == 0',
            labels: { severity: 'warning', service: 'checkout-service', namespace: 'production' },
            annotations: { summary: 'checkout-service answers no scrape' },
          },
        ],
      },
    ],
  });
  await write('alertmanager.yml', {
    global: { resolve_timeout: '10s' },
    route: { receiver: 'nobody', group_by: ['alertname'], group_wait: '1s', group_interval: '2s' },
    receivers: [{ name: 'nobody' }],
  });
  return { prometheus: file('prometheus.yml'), alertmanager: file('alertmanager.yml') };
}
