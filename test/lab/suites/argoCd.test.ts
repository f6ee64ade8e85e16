import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { ArgoCdAction } from '../../../src/core/plan/argocd/argoCdAction.ts';
import type { ArgoCdExecutor } from '../../../src/executors/argocd/argoCdExecutor.ts';
import { createArgoCdExecutor } from '../../../src/executors/argocd/argoCdExecutor.ts';
import {
  createApplicationResources,
  loadKubeconfig,
} from '../../../src/executors/kubernetes/kubernetesExecutor.ts';
import type { ArgoCdSite } from '../../contract/suites/argoCd.suite.ts';
import { describeArgoCd, type ArgoCdProduction } from '../../contract/suites/argoCd.suite.ts';
import { describeArgoCdDeploys } from '../../contract/suites/argoCdDeploys.suite.ts';
import { argoCdPlan } from '../../unit/executors/argocd/argoCdFixtures.ts';
import { collectOutput, untilDone } from '../../unit/executors/collectOutput.ts';
import type { LabDescription } from '../labDescription.ts';
import { readLab } from '../labDescription.ts';

type Lab = Pick<LabDescription, 'argoCd' | 'kubernetes'>;

function createSite({ argoCd, kubernetes }: Lab): ArgoCdSite {
  const all: { dispose(): Promise<void> }[] = [];
  const executorAs = (token: string, kubeconfig: string): ArgoCdExecutor => {
    const resources = createApplicationResources({
      loadKubeconfig: () => loadKubeconfig({ paths: [kubeconfig] }),
    });
    all.push(resources);
    return createArgoCdExecutor({
      server: () => ({ baseUrl: argoCd.url, token }),
      kubernetes: resources,
      pollMs: 250,
    });
  };
  const { manual, automated, fromSet, child } = argoCd.applications;
  const { responder, reader } = kubernetes.kubeconfigs;
  return {
    as: {
      responder: executorAs(argoCd.tokens.incident, responder),
      reader: executorAs(argoCd.tokens.reader, reader),
      nobody: executorAs('not-a-token', reader),
    },
    targets: {
      server: { argoCdServer: argoCd.url },
      resources: { context: kubernetes.contexts.production, server: kubernetes.server },
    },
    apps: {
      manual: manual.name,
      automated: automated.name,
      fromSet: fromSet.name,
      child: child.name,
      parent: 'platform',
    },
    releases: manual.releases,
    reviewsAccess: true,
    async dispose() {
      await Promise.all(all.map((one) => one.dispose()));
    },
  };
}

const production: ArgoCdProduction = {
  title: 'the lab',
  start: async () => createSite(await readLab('argoCd', 'kubernetes')),
};

describeArgoCd(production);
describeArgoCdDeploys(production);

/** The same question to the real argocd in the same moment. */
describe('argo cd beside the real argocd', function () {
  this.timeout(60_000);
  let lab: Lab;
  let site: ArgoCdSite;
  before(async () => {
    lab = await readLab('argoCd', 'kubernetes');
    site = createSite(lab);
  });
  after(() => site.dispose());

  const argocd = async (...words: readonly string[]): Promise<string> => {
    const { argocd: program, arguments: rest } = lab.argoCd;
    const { stdout } = await promisify(execFile)(program, ['app', ...words, ...rest], {
      env: { ...process.env, TZ: 'UTC' },
    });
    return stdout;
  };
  const ours = async (action: ArgoCdAction): Promise<string> => {
    const output = collectOutput();
    const plan = argoCdPlan(action, { target: site.targets.server });
    const outcome = await site.as.responder.run(plan, output, untilDone());
    assert.equal(outcome.kind, 'succeeded', output.stderr);
    return output.stdout;
  };
  const lines = (text: string): readonly string[] =>
    text
      .trimEnd()
      .split('\n')
      .map((line) => line.trimEnd());
  /** The first three columns: ours has more behind them. */
  const shared = (text: string): readonly (readonly string[])[] =>
    lines(text).map((line) => line.split(/\s{2,}/).slice(0, 3));

  it('shows the same history: id, date, revision', async () => {
    for (const { name } of Object.values(lab.argoCd.applications)) {
      const [mine, theirs] = await Promise.all([
        ours({ verb: 'history', app: name, output: 'table' }),
        argocd('history', name),
      ]);
      assert.deepEqual(shared(mine), shared(theirs));
      const ids = await Promise.all([
        ours({ verb: 'history', app: name, output: 'id' }),
        argocd('history', name, '-o', 'id'),
      ]);
      assert.equal(ids[0], ids[1]);
    }
  });

  it('lists the same apps, to the letter', async () => {
    const list = { verb: 'list', project: undefined, selector: undefined } as const;
    const [mine, theirs] = await Promise.all([ours({ ...list, output: 'wide' }), argocd('list')]);
    assert.deepEqual(lines(mine), lines(theirs));
    assert.equal(await ours({ ...list, output: 'name' }), await argocd('list', '-o', 'name'));
  });

  it('gets the same facts of an app, its conditions and resources', async () => {
    for (const { name } of Object.values(lab.argoCd.applications)) {
      const [mine, theirs] = await Promise.all([
        ours({ verb: 'get', app: name, refresh: 'none', output: 'table' }),
        argocd('get', name),
      ]);
      // Sync windows need the project; the page's address is the server's own setting.
      const facts = (text: string) => lines(text).filter((line) => !/^(?:SyncWindow|URL):/.test(line));
      assert.deepEqual(facts(mine), facts(theirs));
    }
  });
});
