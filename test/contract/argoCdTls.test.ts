import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ApplicationResources } from '../../src/executors/applicationResources.ts';
import type { ArgoCdServer } from '../../src/executors/argocd/argoCdExecutor.ts';
import { createArgoCdExecutor } from '../../src/executors/argocd/argoCdExecutor.ts';
import type { Simulator } from '../../src/simulator/simulator.ts';
import { startSimulator } from '../../src/simulator/simulator.ts';
import { createCertificates } from '../lab/kubernetes/certificates.ts';
import type { FaultProxy } from '../support/faultProxy.ts';
import { startFaultProxy } from '../support/faultProxy.ts';
import { argoCdPlan } from '../unit/executors/argocd/argoCdFixtures.ts';
import { collectOutput, untilDone } from '../unit/executors/collectOutput.ts';

describe('argo cd behind a private certificate authority', function () {
  this.timeout(30_000);
  let folder: string;
  let simulator: Simulator;
  let front: FaultProxy;
  let caFile: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'incident-argocd-tls-'));
    simulator = await startSimulator({ kubeconfigFile: join(folder, 'kubeconfig'), scenario: 'healthy' });
    await mkdir(join(folder, 'made'));
    const made = await createCertificates(join(folder, 'made'), { name: 'nobody', group: 'nobody' });
    caFile = made.authority.certificate;
    front = await startFaultProxy(simulator.argoCd.url, {
      certificate: {
        certificate: await readFile(made.server.certificate, 'utf8'),
        key: await readFile(made.server.key, 'utf8'),
      },
    });
  });
  after(async () => {
    await front.dispose();
    await simulator.dispose();
    await rm(folder, { recursive: true, force: true });
  });

  async function list(trust: Partial<ArgoCdServer>) {
    const executor = createArgoCdExecutor({
      server: () => ({ baseUrl: front.url, token: simulator.argoCd.tokens.reader, ...trust }),
      kubernetes: {} as ApplicationResources,
    });
    const output = collectOutput();
    const plan = argoCdPlan(
      { verb: 'list', project: undefined, selector: undefined, output: 'name' },
      { target: { argoCdServer: front.url } },
    );
    const outcome = await executor.run(plan, output, untilDone());
    return { said: outcome.kind === 'failed' ? outcome.message : outcome.kind, output };
  }

  it('is not trusted unasked', async () => {
    assert.match((await list({})).said, /^No trusted connection to https:.*Nothing was changed/);
  });

  it('is trusted with the authority of the settings', async () => {
    const { said, output } = await list({ caFile });
    assert.equal(said, 'succeeded');
    assert.match(output.stdout, /^argocd\/payment-service$/m);
  });

  it('is let in without a check where the settings say so', async () => {
    assert.equal((await list({ insecure: true })).said, 'succeeded');
  });

  it('says when the authority’s file cannot be read', async () => {
    assert.match(
      (await list({ caFile: join(folder, 'nothing.crt') })).said,
      /cannot be read: ENOENT.*Nothing was sent/,
    );
  });
});
