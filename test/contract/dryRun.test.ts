import assert from 'node:assert/strict';
import { parseGuide } from '../../src/core/guide/parseGuide.ts';
import type { Incident } from '../../src/core/incident/incident.ts';
import { planStep } from '../../src/core/plan/planStep.ts';
import type { Executor } from '../../src/core/ports.ts';
import { ok } from '../../src/core/errors.ts';
import { rehearseStep } from '../../src/core/run/rehearse.ts';
import { runAll } from '../../src/core/run/runAll.ts';
import { renderRunAll } from '../../src/core/views/runAllText.ts';
import { createShellExecutor } from '../../src/executors/shell/shellExecutor.ts';
import { noApprovals } from '../support/approvalBuilders.ts';
import { declared, incidentOf } from '../support/builders.ts';
import { untilDone } from '../unit/executors/collectOutput.ts';
import { get } from '../unit/executors/kubernetes/kubernetesFixtures.ts';
import { context, createKubernetesLab, stillTime, type KubernetesLab } from './kubernetesLab.ts';

const source = `# Host

## Runbooks

### Everything

\`\`\`bash
# 1. Look
kubectl get deployments -n production

# 2. Scale
kubectl scale deployment payment-service -n production --replicas=9

# 3. Restart
kubectl rollout restart deployment/payment-service -n production

# 4. Delete a pod
kubectl delete pod POD -n production

# 5. Run in the shell
touch FOLDER/touched && kubectl scale deployment payment-service -n production --replicas=1

# 6. Look at the board
\`\`\`
`;

describe('a dry run of a whole runbook', () => {
  let lab: KubernetesLab;
  beforeEach(async () => (lab = await createKubernetesLab(stillTime())));
  afterEach(() => lab.dispose());

  it('changes nothing on the simulator, and says what it would do and what it did not run', async () => {
    const target = { context, server: lab.simulator.url, namespace: 'production' };
    const [pod = ''] = await lab.podNames('app=payment-service');
    const guide = parseGuide(source.replace('POD', pod).replace('FOLDER', lab.folder), { file: 'host.md' });
    const steps = guide.runbooks[0]?.steps ?? [];
    const incident: Incident = { ...incidentOf(declared({ target })) };
    const state = async (): Promise<string> =>
      (
        await Promise.all(
          ['pods', 'deployments', 'replicasets'].map((kind) =>
            lab.run(get([kind], { output: 'json' })).then(({ output }) => output.stdout),
          ),
        )
      ).join('');
    const shell = createShellExecutor({
      kubeconfigFor: () => ok('{}'),
      cwd: () => lab.folder,
      env: () => process.env,
      tempFolder: () => lab.folder,
    });
    const before = await state();
    const asked = lab.simulator.requests.length;
    let run = 0;
    const report = await runAll(
      { steps, scope: { kind: 'all' }, dry: true },
      {
        plan: (step) => planStep(step, { target, values: {}, readOnlyPrefixes: [] }),
        isMarked: () => false,
        isSettled: () => false,
        isRunning: () => false,
        judge: () => undefined,
        checks: () => [],
        run: () => Promise.reject(new Error('a dry run runs no step')),
        rehearse: (step, plan) =>
          rehearseStep(
            { incident, sequence: 'everything', step, plan, trusted: true },
            {
              executorFor: (one) =>
                Promise.resolve((one.kind === 'shell' ? shell : lab.executor) as Executor),
              now: () => '2026-11-23T10:30:00.000Z',
              newId: () => `run-${(run += 1)}`,
              approvals: noApprovals,
              checkTarget: () => undefined,
              confirm: () => Promise.reject(new Error('a dry run asks nobody')),
              record: () => Promise.resolve(ok(incident)),
              openOutput: () =>
                Promise.resolve({ ok: false, failure: { code: 'storage', message: 'not kept here' } }),
              keepPoints: () =>
                Promise.resolve({ ok: false, failure: { code: 'storage', message: 'not kept here' } }),
              view: { started: () => undefined, wrote: () => undefined, ended: () => undefined },
            },
            untilDone(),
          ),
        failedInBackground: () => undefined,
        ask: () => Promise.reject(new Error('a dry run asks nobody')),
        progress: () => undefined,
      },
      untilDone(),
    );
    assert.equal(report.ended, 'finished');
    const sent = lab.simulator.requests.slice(asked);
    assert.equal(await state(), before);
    const changing = sent.filter(({ method }) => !/^(?:GET|HEAD)$/.test(method));
    assert.ok(changing.length > 0, 'dry runs were sent');
    // What may be done is asked by a POST that changes nothing.
    const real = changing.filter(({ path }) => !/dryRun=All|selfsubject\w+reviews/i.test(path));
    assert.deepEqual(real, []);
    const text = renderRunAll('Everything', report, true);
    assert.match(text, /1\. Look\n {3}A read, so it was run/);
    assert.match(text, /2\. Scale\n {3}Sent as a dry run, nothing was changed/);
    assert.match(text, /5\. Run in the shell\n {3}This step has no dry run: it was not run\./);
    assert.match(text, /6\. Look at the board\n {3}Not run: it is done by hand\./);
  });
});
