import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { failed } from '../../../src/core/errors.ts';
import type { Target } from '../../../src/core/plan/plan.ts';
import { createShellExecutor } from '../../../src/executors/shell/shellExecutor.ts';
import { shellPlan } from '../../unit/core/plan/planOf.ts';
import { collectOutput, untilDone } from '../../unit/executors/collectOutput.ts';
import { readLab } from '../labDescription.ts';

describe('shell steps with the lab’s argocd', function () {
  this.timeout(60_000);
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'shell-tools-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const run = async (target: (url: string) => Target) => {
    const { argoCd } = await readLab('argoCd');
    const executor = createShellExecutor({
      kubeconfigFor: () => failed('not-found', 'no such context'),
      cwd: () => folder,
      env: () => ({ PATH: process.env['PATH'], HOME: folder, ARGOCD_SERVER: '127.0.0.1:9' }),
      tempFolder: () => folder,
      secrets: (name) => Promise.resolve(name === 'READ_TOKEN' ? argoCd.tokens.reader : undefined),
    });
    const output = collectOutput();
    const script = `ARGOCD_AUTH_TOKEN="$READ_TOKEN" ${argoCd.argocd} app list -o name; echo "as $READ_TOKEN"`;
    await executor.run({ ...shellPlan(script), target: target(argoCd.url) }, output, untilDone());
    return output;
  };

  it('go to the pinned server, with a secret that nobody reads', async () => {
    const { stdout, stderr } = await run((argoCdServer) => ({ argoCdServer }));
    assert.match(stdout, /^argocd\/storefront$/m, stderr);
    assert.match(stdout, /^as \*\*\*$/m);
  });

  it('find no server when none is pinned, not even the environment’s own', async () => {
    const { stdout, stderr } = await run(() => ({}));
    assert.equal(stdout, 'as ***\n');
    assert.match(stderr, /No Argo CD server is pinned.*\n(?:.*\n)*.*server address unspecified/);
  });
});
