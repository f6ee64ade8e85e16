import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Result } from '../../../../src/core/errors.ts';
import { failed, ok } from '../../../../src/core/errors.ts';
import type { Target } from '../../../../src/core/plan/plan.ts';
import { findInterpreter } from '../../../../src/executors/shell/interpreter.ts';
import { planOfScript as plan, shellIn } from '../../../support/shellBuilders.ts';
import { collectOutput, untilDone } from '../collectOutput.ts';

describe('shell executor', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'shell-executor-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const executor = (
    kubeconfigFor?: (target: Target) => Result<string>,
    env: Record<string, string | undefined> = process.env,
  ) => shellIn(folder, { ...(kubeconfigFor ? { kubeconfigFor } : {}), env: () => env });

  /** Zombies run nothing: only a process that still runs counts as alive. */
  const isRunning = (pid: number): boolean => {
    try {
      return !/^Z/.test(execFileSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).trim());
    } catch {
      return false;
    }
  };

  it('streams both outputs apart and tells the exit code', async () => {
    const output = collectOutput();
    const outcome = await executor().run(plan('echo out; echo err >&2; exit 3'), output, untilDone());
    assert.deepEqual([output.stdout, output.stderr], ['out\n', 'err\n']);
    assert.equal(outcome.kind === 'failed' && outcome.exitCode, 3);
  });

  it('succeeds with exit code 0 and keeps a last line without its line break', async () => {
    const output = collectOutput();
    const outcome = await executor().run(plan('printf done'), output, untilDone());
    assert.deepEqual(outcome, { kind: 'succeeded', exitCode: 0 });
    assert.equal(output.stdout, 'done');
  });

  it('says that a command was not found', async () => {
    const outcome = await executor().run(plan('no-such-command-here'), collectOutput(), untilDone());
    assert.ok(outcome.kind === 'failed' && outcome.exitCode === 127);
    assert.match(outcome.message, /was not found/);
  });

  it('tells the signal that ended the shell from outside', async () => {
    const outcome = await executor().run(plan('kill -SEGV $$'), collectOutput(), untilDone());
    assert.equal(outcome.kind === 'failed' && outcome.signal, 'SIGSEGV');
  });

  it('runs bash when no interpreter is named, and the named one otherwise', async () => {
    const output = collectOutput();
    await executor().run(plan('a=(one two); echo "${a[1]}"'), output, untilDone());
    await executor().run(
      plan('echo "[${BASH_VERSION:-not bash}]"', { interpreter: 'dash' }),
      output,
      untilDone(),
    );
    assert.equal(output.stdout, 'two\n[not bash]\n');
  });

  it('says that an interpreter is missing', async () => {
    const missing = plan('echo hi', { interpreter: 'no-such-shell' });
    const outcome = await executor().run(missing, collectOutput(), untilDone());
    assert.ok(outcome.kind === 'failed');
    assert.match(outcome.message, /no-such-shell is not installed here\. Nothing was run/);
  });

  it('says that the folder is missing, and runs nothing', async () => {
    const outcome = await executor().run(plan('echo hi', { cwd: 'gone' }), collectOutput(), untilDone());
    assert.ok(outcome.kind === 'failed');
    assert.match(outcome.message, /gone of this step does not exist/);
  });

  it('gives the script no input to wait for', async () => {
    const output = collectOutput();
    const outcome = await executor().run(plan('read -r line || echo "no input"'), output, untilDone());
    assert.deepEqual([outcome.kind, output.stdout], ['succeeded', 'no input\n']);
  });

  it('kills the whole tree on stop, children of another process group included', async () => {
    const output = collectOutput();
    const stop = new AbortController();
    // The stray tells its number itself, once it has a session of its own.
    const script = `sleep 300 & echo "child $!"; setsid sh -c 'echo "stray $$"; exec sleep 301' & wait`;
    const run = executor().run(plan(script), output, stop.signal);
    await output.seen('child');
    await output.seen('stray');
    const pids = [...output.stdout.matchAll(/(?:child|stray) (\d+)/g)].map((match) => Number(match[1]));
    assert.deepEqual(pids.map(isRunning), [true, true]);
    stop.abort();
    assert.deepEqual(await run, { kind: 'stopped' });
    assert.deepEqual(pids.map(isRunning), [false, false]);
  });

  it('kills what ignores the request to end', async () => {
    const output = collectOutput();
    const stop = new AbortController();
    const script = `trap '' TERM; echo "me $$"; echo ready; while true; do sleep 0.2; done`;
    const run = executor().run(plan(script), output, stop.signal);
    await output.seen('ready');
    const pid = Number(/me (\d+)/.exec(output.stdout)?.[1]);
    stop.abort();
    assert.deepEqual(await run, { kind: 'stopped' });
    assert.equal(isRunning(pid), false);
  }).timeout(10_000);

  it('ends a step whose time is up, with its children', async () => {
    const output = collectOutput();
    const outcome = await executor().run(
      plan('sleep 300 & echo "child $!"; wait', { timeoutMs: 300 }),
      output,
      untilDone(),
    );
    assert.deepEqual(outcome, { kind: 'timed-out', afterMs: 300 });
    assert.equal(isRunning(Number(/child (\d+)/.exec(output.stdout)?.[1])), false);
  });

  it('runs nothing when it was stopped before it began', async () => {
    const outcome = await executor().run(plan('touch ran'), collectOutput(), AbortSignal.abort());
    assert.deepEqual(outcome, { kind: 'stopped' });
    assert.deepEqual(readdirSync(folder), []);
  });

  it('lets 100,000 lines through a slow sink without holding them in memory', async () => {
    let atOnce = 0;
    let most = 0;
    const output = collectOutput(async () => {
      most = Math.max(most, ++atOnce);
      await new Promise((resolve) => setImmediate(resolve));
      atOnce--;
    });
    const outcome = await executor().run(plan('seq 1 100000'), output, untilDone());
    assert.equal(outcome.kind, 'succeeded');
    assert.equal(output.stdout.split('\n').length, 100_001);
    assert.equal(output.stdout.slice(-14), '\n99999\n100000\n');
    assert.equal(most, 1);
  }).timeout(20_000);

  it('blocks the process while the sink is full, and stops it there', async () => {
    let written = 0;
    const output = collectOutput((text) => {
      written += text.length;
      return new Promise(() => {});
    });
    const stop = new AbortController();
    const run = executor().run(plan('yes'), output, stop.signal);
    await output.seen('y');
    const afterFirst = written;
    stop.abort();
    assert.deepEqual(await run, { kind: 'stopped' });
    assert.equal(written, afterFirst);
  });

  it('puts letters together that were split between two writes', async () => {
    const output = collectOutput();
    await executor().run(plan(`printf '\\xc3'; sleep 0.2; printf '\\xa9\\n'`), output, untilDone());
    assert.equal(output.stdout, 'é\n');
  });

  it('survives binary output', async () => {
    const output = collectOutput();
    const outcome = await executor().run(
      plan('head -c 50000 /dev/urandom; echo; echo end'),
      output,
      untilDone(),
    );
    assert.equal(outcome.kind, 'succeeded');
    assert.ok(output.stdout.endsWith('\nend\n'));
  });

  it('ends when the shell ends, and says that something still runs in the background', async () => {
    const output = collectOutput();
    const outcome = await executor().run(
      plan('sleep 30 & echo "child $!"; echo started'),
      output,
      untilDone(),
    );
    const child = Number(/child (\d+)/.exec(output.stdout)?.[1]);
    try {
      assert.equal(outcome.kind, 'succeeded');
      assert.match(output.stderr, /still run in the background/);
      assert.equal(isRunning(child), true);
    } finally {
      process.kill(child, 'SIGKILL');
    }
  });

  it('stops the step when its output cannot be kept', async () => {
    const output = collectOutput(() => Promise.reject(new Error('the disk is full')));
    const outcome = await executor().run(plan('echo hi; sleep 300'), output, untilDone());
    assert.ok(outcome.kind === 'failed');
    assert.match(outcome.message, /the disk is full/);
  });

  it('gives the pinned context alone, in a private file that is gone afterwards', async () => {
    const asked: Target[] = [];
    const pinned = executor((target) => {
      asked.push(target);
      return ok('{"current-context":"pinned"}');
    });
    const output = collectOutput();
    const script =
      'cat "$KUBECONFIG"; echo; stat -c %a "$KUBECONFIG"; echo "$HELM_KUBECONTEXT"; echo "$KUBECONFIG" >file';
    await pinned.run(plan(script, { target: { context: 'prod', namespace: 'pay' } }), output, untilDone());
    assert.deepEqual(asked, [{ context: 'prod', namespace: 'pay' }]);
    assert.equal(output.stdout, '{"current-context":"pinned"}\n600\nprod\n');
    assert.equal(
      statSync(readFileSync(join(folder, 'file'), 'utf8').trim(), { throwIfNoEntry: false }),
      undefined,
    );
    assert.deepEqual(readdirSync(join(folder, 'tmp')), []);
  });

  it('lets neither a start-up file nor a variable of a tool lead past the pinned cluster', async () => {
    const startUp = join(folder, 'startup.sh');
    writeFileSync(startUp, 'export KUBECONFIG=/the/persons/own');
    const env = { ...process.env, BASH_ENV: startUp, ENV: startUp, HELM_KUBEAPISERVER: 'https://other' };
    for (const interpreter of ['bash', 'sh']) {
      const output = collectOutput();
      const script = 'cat "$KUBECONFIG"; echo "[$HELM_KUBEAPISERVER]"';
      await executor(() => ok('the pinned one\n'), env).run(
        plan(script, { interpreter, target: { context: 'prod' } }),
        output,
        untilDone(),
      );
      assert.equal(output.stdout, 'the pinned one\n[]\n', interpreter);
    }
    assert.deepEqual(findInterpreter('/bin/zsh', 'x', {}).args, ['-f', '-c', 'x']);
    assert.deepEqual(findInterpreter('fish', 'x', {}).args, ['--no-config', '-c', 'x']);
  });

  it('removes the credentials after a stopped step too', async () => {
    const stop = new AbortController();
    const output = collectOutput();
    const run = executor(() => ok('{}')).run(
      plan('echo ready; sleep 300', { target: { context: 'prod' } }),
      output,
      stop.signal,
    );
    await output.seen('ready');
    assert.equal(readdirSync(join(folder, 'tmp')).length, 1);
    stop.abort();
    await run;
    assert.deepEqual(readdirSync(join(folder, 'tmp')), []);
  });

  it('never lets a script without a pinned cluster reach the current context', async () => {
    const own = join(folder, 'own-config');
    writeFileSync(own, '{"current-context":"the-persons-own"}');
    const output = collectOutput();
    const script = 'cat "$KUBECONFIG" # kubectl get pods';
    await executor(undefined, { ...process.env, KUBECONFIG: own }).run(plan(script), output, untilDone());
    assert.doesNotMatch(output.stdout, /the-persons-own/);
    assert.match(output.stdout, /"current-context":"no-cluster-pinned"/);
    assert.match(output.stderr, /No cluster is pinned/);
  });

  it('runs nothing when a script needs a cluster whose context is gone', async () => {
    const lost = plan('touch ran; kubectl get pods', { target: { context: 'gone' } });
    const outcome = await executor(() => failed('not-found', 'The kubeconfig has no context gone.')).run(
      lost,
      collectOutput(),
      untilDone(),
    );
    assert.equal(outcome.kind === 'failed' && outcome.message, 'The kubeconfig has no context gone.');
    assert.equal(readdirSync(folder).includes('ran'), false);
  });
});
