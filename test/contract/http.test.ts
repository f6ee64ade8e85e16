import assert from 'node:assert/strict';
import type { HttpPlan } from '../../src/core/plan/plan.ts';
import { createHttpExecutor } from '../../src/executors/http/httpExecutor.ts';
import { collectOutput, untilDone } from '../unit/executors/collectOutput.ts';
import { rollout, scale } from '../unit/executors/kubernetes/kubernetesFixtures.ts';
import type { KubernetesLab } from './kubernetesLab.ts';
import { createKubernetesLab } from './kubernetesLab.ts';

describe('http executor against the simulated production', function () {
  this.timeout(60_000);
  let lab: KubernetesLab;
  beforeEach(async () => (lab = await createKubernetesLab()));
  afterEach(() => lab.dispose());

  const check = async (): Promise<{ status: number | undefined; kind: string; text: string }> => {
    const plan: HttpPlan = {
      kind: 'http',
      stepId: 'check',
      original: 'curl -I',
      preview: 'curl -I',
      risk: 'read',
      target: {},
      missing: [],
      traps: [],
      timeoutMs: undefined,
      method: 'HEAD',
      url: `${lab.simulator.services}/payment-service/health`,
      headers: [],
      body: undefined,
      showHeaders: true,
      followRedirects: false,
      failOnError: false,
      filters: [{ name: 'head', lines: 1 }],
    };
    const output = collectOutput();
    const outcome = await createHttpExecutor().run(plan, output, untilDone());
    return {
      status: 'status' in outcome ? outcome.status : undefined,
      kind: outcome.kind,
      text: output.stdout,
    };
  };

  it('says that a service is down, and that it is healthy after scaling out', async () => {
    assert.deepEqual(await check(), {
      status: 503,
      kind: 'failed',
      text: 'HTTP/1.1 503 Service Unavailable\n',
    });
    await lab.run(scale('payment-service', 10));
    await lab.run(rollout('status', 'payment-service'));
    assert.deepEqual(await check(), { status: 200, kind: 'succeeded', text: 'HTTP/1.1 200 OK\n' });
  });
});
