import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { waitUntil } from '../../support/editorPage.ts';
import { openSampleEditor, type SampleEditor } from '../../support/sampleEditor.ts';
import { describeSpine } from '../../editor/user/spine.suite.ts';
import { readLab } from '../labDescription.ts';

/** A release of payment-service beside the stable one, whose pod crash-loops: what the first step of the runbook shows. */
const failing = 'payment-canary';
const labels = { app: 'payment-service', track: 'canary' };
const deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: failing, namespace: 'production', labels },
  spec: {
    replicas: 1,
    selector: { matchLabels: labels },
    template: {
      metadata: { labels: { ...labels, 'incident.lab/trouble': 'crash-loop' } },
      spec: { containers: [{ name: failing, image: `registry.example.com/${failing}:1.0.0` }] },
    },
  },
};

/** The lab's own kubectl, with its administrator's rights. */
async function kubectl(args: readonly string[], input?: string): Promise<string> {
  const { kubernetes } = await readLab('kubernetes');
  const place = ['--kubeconfig', kubernetes.kubeconfigs.admin, '--context', kubernetes.contexts.production];
  const run = promisify(execFile)(kubernetes.kubectl, [...place, '-n', 'production', ...args]);
  run.child.stdin?.end(input ?? '');
  return (await run).stdout;
}

const paymentPods = (output: string): readonly string[] =>
  output.split('\n').filter((line) => line.startsWith('payment-service-'));

describe('the lab cluster', () => {
  let replicas = '3';

  before(async () => {
    replicas = await kubectl(['get', 'deployment', 'payment-service', '-o', 'jsonpath={.spec.replicas}']);
    await kubectl(['apply', '-f', '-'], JSON.stringify(deployment));
    await waitUntil('a crash loop in the lab', async () =>
      (await kubectl(['get', 'pods'])).includes('CrashLoopBackOff'),
    );
  });
  after(async () => {
    await kubectl(['delete', 'deployment', failing, '--ignore-not-found']);
    await kubectl(['scale', 'deployment', 'payment-service', `--replicas=${replicas}`]);
  });

  describeSpine({
    name: 'the lab cluster',
    open: async () => {
      const { kubernetes } = await readLab('kubernetes');
      return openSampleEditor({ kubeconfig: kubernetes.kubeconfigs.admin });
    },
    context: 'production',
    previousLog: /heap/,
    healed: (_sample: SampleEditor) =>
      waitUntil('ten pods of payment-service in the lab', async () => {
        const running = paymentPods(await kubectl(['get', 'pods'])).filter((line) =>
          line.includes('Running'),
        );
        return running.length === 10;
      }),
    isHealthy: (output) =>
      paymentPods(output).every((line) => /1\/1\s+Running/.test(line)) && paymentPods(output).length === 10,
    crashGoesOn: true,
    pictures: false,
  });
});
