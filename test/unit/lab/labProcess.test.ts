import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { exists, PlainFailure } from '../../../scripts/cache.mjs';
import {
  endProcess,
  endProcesses,
  isRunning,
  readProcesses,
  startProcess,
  type LabProcess,
} from '../../lab/labProcess.ts';

describe('a process of the lab', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'incident-process-'));
  });
  afterEach(async () => {
    await endProcesses(folder);
    await rm(folder, { recursive: true, force: true });
  });

  const start = (script: string, ready: () => Promise<boolean>, timeoutMs = 8000) =>
    startProcess({
      name: 'server',
      command: process.execPath,
      args: ['-e', script],
      env: { READY_FILE: path.join(folder, 'ready') },
      folder,
      ready,
      timeoutMs,
    });
  const isReady = () => exists(path.join(folder, 'ready'));
  const serve = "require('fs').writeFileSync(process.env.READY_FILE, ''); setInterval(() => {}, 1000);";

  it('is started once it is ready, logged, known to a later command, and ended', async () => {
    const server = await start(`console.log('out'); console.error('err'); ${serve}`, isReady);
    assert.deepEqual(await readProcesses(folder), [server]);
    assert.equal(isRunning(server), true);
    assert.deepEqual((await readFile(server.logFile, 'utf8')).trim().split('\n').sort(), ['err', 'out']);
    await endProcesses(folder);
    assert.equal(isRunning(server), false);
    assert.deepEqual(await readProcesses(folder), []);
  });

  it('is killed when it does not heed the first signal', async () => {
    const server = await start(`process.on('SIGTERM', () => {}); ${serve}`, isReady);
    await endProcess(server, 100);
    assert.equal(isRunning(server), false);
  });

  it('fails with its log when it ends before it is ready', async () => {
    const failed = start("console.error('no room left'); process.exit(4)", isReady);
    await assert.rejects(failed, (error: unknown) => {
      assert.ok(error instanceof PlainFailure);
      assert.match(error.message, /^server ended with 4\. Its log is .*server\.log, .*\n {2}no room left$/s);
      return true;
    });
    assert.deepEqual(await readProcesses(folder), []);
  });

  it('is ended when it is not ready in time', async () => {
    let seen: LabProcess | undefined;
    const never = async () => {
      [seen] = await readProcesses(folder);
      return false;
    };
    await assert.rejects(start(serve, never, 300), /was not ready within 0\.3 s/);
    assert.ok(seen);
    assert.equal(isRunning(seen), false);
    assert.deepEqual(await readProcesses(folder), []);
  });

  it('fails plainly when there is no such program', async () => {
    const spec = { name: 'nothing', args: [], folder, ready: isReady, timeoutMs: 1000 };
    await assert.rejects(
      startProcess({ ...spec, command: path.join(folder, 'nothing') }),
      /could not be started: .*ENOENT/,
    );
  });

  it('leaves a stranger alone that has its id now', async () => {
    const stranger = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    await once(stranger, 'spawn');
    try {
      const recorded = { name: 'server', pid: stranger.pid ?? 0, logFile: '', started: '1' };
      assert.equal(isRunning(recorded), false);
      await endProcess(recorded);
      assert.equal(stranger.exitCode ?? stranger.signalCode, null);
      process.kill(stranger.pid ?? 0, 0);
    } finally {
      const gone = once(stranger, 'exit');
      stranger.kill('SIGKILL');
      await gone;
    }
  });
});
