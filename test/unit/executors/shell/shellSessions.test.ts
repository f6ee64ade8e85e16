import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ok } from '../../../../src/core/errors.ts';
import type { ShellPlan } from '../../../../src/core/plan/plan.ts';
import { isOnPath } from '../../../../src/executors/shell/interpreter.ts';
import { createShellSessions, longestKept } from '../../../../src/executors/shell/shellSessions.ts';
import { planOfScript, shellIn } from '../../../support/shellBuilders.ts';
import { collectOutput, untilDone } from '../collectOutput.ts';

describe('variables that carry from step to step', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'shell-sessions-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const setUp = (secrets: Readonly<Record<string, string>> = {}) => {
    const sessions = createShellSessions();
    const executor = shellIn(folder, {
      kubeconfigFor: () => ok('{}'),
      env: () => ({ PATH: process.env['PATH'], HOME: folder, MACHINE: 'own' }),
      secrets: (name) => Promise.resolve(secrets[name]),
      sessions,
    });
    const run = async (script: string, parts: Partial<ShellPlan> = {}) => {
      const output = collectOutput();
      const outcome = await executor.run(planOfScript(script, { session, ...parts }), output, untilDone());
      return { outcome, ...output };
    };
    return { sessions, run };
  };
  const session = 'incident/declared/sequence';

  for (const interpreter of ['bash', 'sh', 'dash', 'zsh', 'ksh'].filter((name) =>
    isOnPath(name, process.env),
  ))
    it(`reads exported variables back from ${interpreter}, whatever is in them`, async () => {
      const { run } = setUp();
      await run('export A="two\nlines = \'and\' more"; B=unexported; export C="ü"', { interpreter });
      const { stdout } = await run('printf "%s|%s|%s" "$A" "$B" "$C"', { interpreter });
      assert.equal(stdout, "two\nlines = 'and' more||ü");
    });

  it('keeps what a script exported before it failed or called exit, and its exit code', async () => {
    const { run, sessions } = setUp();
    const failing = await run('set -eu\nexport A=1\nfalse\nexport B=2');
    assert.equal(failing.outcome.kind === 'failed' && failing.outcome.exitCode, 1);
    const exiting = await run('export C=3; exit 7');
    assert.equal(exiting.outcome.kind === 'failed' && exiting.outcome.exitCode, 7);
    assert.deepEqual(sessions.variables(session), { A: '1', C: '3' });
  });

  it('tells a mistake in the line where the guide has it', async () => {
    const { stderr } = await setUp().run('echo one\nnosuchcommand', { interpreter: 'bash' });
    assert.match(stderr, /line 2: nosuchcommand/);
  });

  it('takes away what a script unsets, and carries a changed PATH', async () => {
    const { run } = setUp();
    await run('export A=1 PATH="/opt/tools:$PATH"');
    await run('unset A MACHINE');
    const { stdout } = await run('printf "%s|%s|%s" "$A" "$MACHINE" "${PATH%%:*}"');
    assert.equal(stdout, '||/opt/tools');
  });

  it('never carries what says where commands go, and the pin wins', async () => {
    const { run, sessions } = setUp();
    await run(
      'export KUBECONFIG=/other AWS_PROFILE=other HELM_KUBECONTEXT=x ARGOCD_SERVER=y LD_PRELOAD= BASH_ENV=/z',
    );
    assert.deepEqual(sessions.names(session), []);
    sessions.leave(session, new Map([['KUBECONFIG', '/other']]));
    const { stdout } = await run('echo "$KUBECONFIG"');
    assert.match(stdout, /run-\w+\/kubeconfig$/m);
  });

  it('never carries a secret, by its name or inside another variable', async () => {
    const { run, sessions } = setUp({ API_TOKEN: 'not-so-plain-text' });
    await run('export API_TOKEN HEADER="Bearer $API_TOKEN" OTHER=fine', { secrets: ['API_TOKEN'] });
    assert.deepEqual(sessions.variables(session), { OTHER: 'fine' });
  });

  it('hides a carried value that is named like a secret in outputs', async () => {
    const { run } = setUp();
    await run('export SERVICE_TOKEN=plain-but-hidden');
    const { stdout } = await run('echo "is $SERVICE_TOKEN"');
    assert.equal(stdout, 'is ***\n');
  });

  it('gives the last output as $__ and a named one under its name', async () => {
    const { run, sessions } = setUp();
    sessions.keepOutput(session, 'GIT_BRANCHES', 'main\nfix\n\n');
    sessions.keepOutput(session, 'lower', 'b\na\n');
    const { stdout } = await run('echo "$__" | sort; echo "$GIT_BRANCHES"; echo "[$lower]"');
    assert.equal(stdout, 'a\nb\nmain\nfix\n[]\n');
  });

  it('keeps the end of an output that is too long for a variable', async () => {
    const { run, sessions } = setUp();
    sessions.keepOutput(session, 'LONG_ONE', `${'é'.repeat(longestKept)}end`);
    const { stdout, outcome } = await run('printf "%s" "$LONG_ONE" | tail -c 3');
    assert.equal(outcome.kind, 'succeeded');
    assert.equal(stdout, 'end');
  });

  it('keeps sessions apart and forgets them', async () => {
    const { run, sessions } = setUp();
    await run('export A=1');
    assert.equal((await run('echo "$A"', { session: 'incident/declared/other' })).stdout, '\n');
    sessions.forget('incident/', 'incident/pinned-anew/');
    assert.deepEqual(sessions.names(session), []);
  });

  it('leaves no file behind', async () => {
    await setUp().run('export A=1');
    assert.deepEqual(readdirSync(join(folder, 'tmp')), []);
  });

  it('runs an interpreter with its arguments, and one that wants a file with a file', async () => {
    const { run } = setUp();
    assert.equal(
      (await run('console.log(6 * 7)', { interpreter: '/usr/bin/env node --no-warnings' })).stdout,
      '42\n',
    );
    assert.equal((await run('as it is', { interpreter: 'cat' })).stdout, 'as it is');
    assert.equal((await run('false; echo on', { interpreter: 'bash -e' })).stdout, '');
  });
});
