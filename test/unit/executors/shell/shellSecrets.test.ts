import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ShellPlan } from '../../../../src/core/plan/plan.ts';
import { planOf, shellPlan } from '../../core/plan/planOf.ts';
import { shellIn } from '../../../support/shellBuilders.ts';
import { collectOutput, untilDone } from '../collectOutput.ts';

const value = 'a plainly fake word';

describe('secrets and other people’s targets in shell steps', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'shell-secrets-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const run = async (
    plan: ShellPlan,
    known = true,
    env: Record<string, string | undefined> = process.env,
  ) => {
    const executor = shellIn(folder, {
      env: () => env,
      secrets: (name) => Promise.resolve(known && name === 'API_TOKEN' ? value : undefined),
    });
    const output = collectOutput();
    return { outcome: await executor.run(plan, output, untilDone()), output };
  };

  it('hands a secret over in the environment, and in no argument', async () => {
    const script =
      'case "$(tr "\\0" " " </proc/$$/cmdline)" in *"$API_TOKEN"*) echo shown;; *) echo hidden ${#API_TOKEN};; esac';
    const { output } = await run(shellPlan(script));
    assert.equal(output.stdout, `hidden ${value.length}\n`);
  });

  it('hides the value in both outputs, however it is cut into pieces', async () => {
    const script =
      'for ((i = 0; i < ${#API_TOKEN}; i++)); do printf %s "${API_TOKEN:i:1}"; sleep 0.01; done; ' +
      'echo; echo "as $API_TOKEN" >&2; exit 3';
    const plan = shellPlan(script);
    assert.deepEqual([plan.secrets, plan.missing], [['API_TOKEN'], []]);
    const { outcome, output } = await run(plan);
    assert.equal(output.stdout, '***\n');
    assert.match(output.stderr, /^as \*\*\*$/m);
    assert.ok(!output.stderr.includes(value));
    assert.equal(outcome.kind === 'failed' && outcome.exitCode, 3);
    assert.ok(!JSON.stringify(plan).includes(value));
  });

  it('prints what only begins like the secret, at the latest when the step ends', async () => {
    const { output } = await run(shellPlan('printf "a plainly"; : "$API_TOKEN"; false'));
    assert.equal(output.stdout, 'a plainly');
  });

  it('runs nothing while the secret is not set', async () => {
    const { outcome, output } = await run(shellPlan('echo ran; echo "$API_TOKEN" | wc -c; true'), false);
    assert.ok(outcome.kind === 'failed');
    assert.match(outcome.message, /Set the secret API_TOKEN with Incident: Set Secret/);
    assert.equal(output.stdout, '');
  });

  it('leaves a secret with a default of its own to the script', () => {
    const plan = shellPlan('echo "${API_TOKEN:-none}"; true');
    assert.deepEqual([plan.secrets, plan.missing], [undefined, []]);
  });

  it('runs a native command with a secret in the shell', () => {
    const plan = planOf('kubectl exec web-1 -- psql "password=$DB_PASSWORD"');
    assert.deepEqual([plan.kind, plan.secrets, plan.missing], ['shell', ['DB_PASSWORD'], []]);
  });

  const argoCd = 'echo "$ARGOCD_SERVER|$ARGOCD_OPTS|${ARGOCD_CONFIG_DIR##*/run-*}" # argocd app list';
  it('ties argocd to the pinned server', async () => {
    const env = { ...process.env, ARGOCD_SERVER: 'elsewhere.test', ARGOCD_OPTS: '--server elsewhere.test' };
    const pinned = async (argoCdServer: string) =>
      (await run({ ...shellPlan(argoCd), target: { argoCdServer } }, true, env)).output;
    assert.match((await pinned('https://argocd.test')).stdout, /^argocd\.test\|--grpc-web\|/);
    assert.match(
      (await pinned('http://127.0.0.1:8080/cd/')).stdout,
      /^127\.0\.0\.1:8080\|--grpc-web-root-path cd --plaintext\|/,
    );
  });

  it('lets argocd find no server at all when none is pinned', async () => {
    const own = { ...process.env, ARGOCD_SERVER: 'own.test', ARGOCD_CONFIG_DIR: '/own' };
    const { output } = await run({ ...shellPlan(argoCd), target: {} }, true, own);
    assert.equal(output.stdout, '||\n');
    assert.match(output.stderr, /No Argo CD server is pinned/);
  });
});
