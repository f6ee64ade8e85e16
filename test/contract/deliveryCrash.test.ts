import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Delivery, DeliveryRequest } from '../../src/core/deliveries/delivery.ts';
import { startOutside, type Outside, type RunningOutside } from '../../src/simulator/outside.ts';
import type { DeliverOptions, Kill } from '../support/deliverUntilKilled.ts';
import { startFaultProxy, type FaultProxy } from '../support/faultProxy.ts';
import { crashSites, isChanging, type CrashSite } from './suites/crashSites.ts';

const script = join(import.meta.dirname, '../support/deliverUntilKilled.ts');

interface Ended {
  readonly killed: boolean;
  readonly done: readonly Delivery[] | undefined;
  readonly said: string;
}

/** A window's process; `kill` of it is a SIGKILL. */
function openWindow(options: DeliverOptions): { child: ChildProcess; ended: Promise<Ended> } {
  const child = spawn(process.execPath, [script, JSON.stringify(options)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (said += text));
  const ended = new Promise<Ended>((resolve) => {
    child.on('close', (_code, signal) => {
      const line = said.split('\n').find((one) => one.startsWith('{"done"'));
      const done = line === undefined ? undefined : (JSON.parse(line) as { done: Delivery[] }).done;
      resolve({ killed: signal === 'SIGKILL', done, said });
    });
  });
  return { child, ended };
}

/**
 * The extension host dies at every moment of a delivery that matters: after each changing request's bytes are sent, after
 * each answer, before what came of it is written and before that is synced. Whatever the moment, the next activation ends
 * what was begun, and the service's own API counts exactly one of each.
 */
describe('a delivery whose window is killed', function () {
  this.timeout(600_000);
  let running: RunningOutside;
  let outside: Outside;
  let folder: string;
  let proxy: FaultProxy;
  beforeEach(async () => {
    running = await startOutside(Date.now);
    ({ outside } = running);
    folder = await mkdtemp(join(tmpdir(), 'incident-crash-'));
  });
  afterEach(async () => {
    await proxy?.dispose();
    await running.dispose();
    await rm(folder, { recursive: true, force: true });
  });

  /** Runs until the kill, then a second window until nothing is left; undefined when the kill's moment never came. */
  const crash = async (site: CrashSite, kill: Kill | 'sent', nth: number): Promise<boolean> => {
    proxy = await startFaultProxy(site.url(outside));
    const requests: readonly DeliveryRequest[] = site.requests(proxy.url, outside);
    const more = { folder, token: site.token(outside), ...site.more?.(proxy.url) };
    const first = openWindow({ ...more, requests, ...(kill === 'sent' ? {} : { kill }) });
    if (kill === 'sent') {
      let seen = 0;
      const arrived = new Promise<void>((resolve) => {
        proxy.only = (request) => {
          if (!isChanging(request)) return false;
          seen += 1;
          if (seen === nth) resolve();
          return seen === nth;
        };
      });
      proxy.fault = { kind: 'silence' };
      const before = site.received(outside);
      await Promise.race([arrived, first.ended]);
      // The service has it, whole; its answer stays in the proxy.
      while (seen >= nth && site.received(outside) <= before) await new Promise((wait) => setImmediate(wait));
      if (seen >= nth) first.child.kill('SIGKILL');
    }
    const { killed, done, said } = await first.ended;
    proxy.fault = { kind: 'none' };
    if (!killed) {
      assert.ok(done, `the first window neither died nor ended:\n${said}`);
      return false;
    }
    const second = await openWindow(more).ended;
    assert.ok(second.done, `the second window did not end:\n${second.said}`);
    assert.deepEqual(
      second.done.filter(({ state }) => state !== 'delivered'),
      [],
    );
    await site.assertOne(outside);
    return true;
  };

  for (const site of crashSites) {
    describe(site.name, () => {
      for (const at of ['sent', 'replied', 'unwritten', 'unsynced'] as const) {
        const when = {
          sent: 'after the bytes of a changing request are sent',
          replied: 'after its answer has come',
          unwritten: 'before what came of it is written',
          unsynced: 'before what is written is synced',
        }[at];
        for (let nth = 1; nth <= site.moments[at]; nth++) {
          it(`ends with exactly one when killed ${when} (${nth} of ${site.moments[at]})`, async () => {
            const died = await crash(site, at === 'sent' ? 'sent' : { at, nth }, nth);
            assert.ok(died, 'this moment never came: the list of moments is too long');
          });
        }
      }
      it('has no further moment than those', async () => {
        const { sent, unwritten } = site.moments;
        const past = (at: Kill['at'], nth: number) => crash(site, { at, nth: nth + 1 }, nth + 1);
        assert.equal(await past('replied', sent), false);
        assert.ok(unwritten > 0);
      });
    });
  }
});
