import assert from 'node:assert/strict';
import { createHealthy } from '../../../../src/simulator/scenario/healthy.ts';
import { createPaymentOverload } from '../../../../src/simulator/scenario/paymentOverload.ts';
import { terminatePod } from '../../../../src/simulator/state/kubelet.ts';
import { isReady } from '../../../../src/simulator/state/podStatus.ts';
import type { Pod } from '../../../../src/simulator/state/objects.ts';
import { tick } from '../../../../src/simulator/state/tick.ts';
import type { World } from '../../../../src/simulator/state/world.ts';
import { setSpeed } from '../../../../src/simulator/state/world.ts';

const start = Date.parse('2026-11-23T10:00:00Z');
const minute = 60_000;

const overloaded = (): World => {
  const world = createPaymentOverload(start);
  setSpeed(world, 20);
  return world;
};
const paymentPods = (world: World): Pod[] =>
  world.store
    .list('pods', 'production')
    .filter(({ metadata }) => metadata.labels?.['app'] === 'payment-service');
const waiting = (pod: Pod): string | undefined => pod.status.containerStatuses?.[0]?.state.waiting?.reason;
const restarts = (world: World): number =>
  paymentPods(world).reduce((sum, { status }) => sum + (status.containerStatuses?.[0]?.restartCount ?? 0), 0);
const isDown = (world: World): boolean =>
  world.behaviour.unavailable(world).includes('production/payment-service');
const pass = (world: World, ms: number): void => tick(world, world.now + ms);

function scale(world: World, replicas: number, name = 'payment-service'): void {
  const deployment = world.store.get('deployments', 'production', name);
  assert.ok(deployment);
  world.store.update('deployments', deployment, (draft) => {
    draft.spec.replicas = replicas;
  });
  tick(world, world.now);
}

describe('the payment overload', () => {
  it('begins in the middle of the crash loop', () => {
    const world = overloaded();
    const pods = paymentPods(world);
    assert.deepEqual(pods.map(waiting), Array(3).fill('CrashLoopBackOff'));
    for (const { status } of pods) {
      const first = status.containerStatuses?.[0];
      assert.ok((first?.restartCount ?? 0) >= 3);
      assert.equal(first?.lastState.terminated?.reason, 'OOMKilled');
      assert.equal(first?.lastState.terminated?.exitCode, 137);
    }
    assert.equal(isDown(world), true);
    const backOff = world.store.list('events', 'production').filter(({ reason }) => reason === 'BackOff');
    assert.equal(backOff.length, 3);
    assert.ok(backOff.every(({ count }) => count >= 3));
  });

  it('never lets all its pods look well while nothing is done, and restarts them on and on', () => {
    const world = overloaded();
    let before = restarts(world);
    for (let i = 0; i < 20; i += 1) {
      for (let second = 0; second < 30; second += 1) {
        pass(world, 1000);
        assert.ok(paymentPods(world).some((pod) => waiting(pod) === 'CrashLoopBackOff'));
        assert.equal(isDown(world), true);
      }
      assert.ok(restarts(world) > before);
      before = restarts(world);
    }
  });

  it('doubles the back-off up to five minutes', () => {
    const world = createPaymentOverload(start);
    const seen = new Set<string>();
    for (let i = 0; i < 240; i += 1) {
      pass(world, 10_000);
      for (const { status } of paymentPods(world)) {
        const message = status.containerStatuses?.[0]?.state.waiting?.message ?? '';
        const [, span] =
          /^back-off (\S+) restarting failed container=payment-service pod=payment-service-/.exec(message) ??
          [];
        if (span !== undefined) seen.add(span);
      }
    }
    assert.deepEqual(
      [...seen].filter((span) => !['10s', '20s', '40s', '1m20s', '2m40s', '5m0s'].includes(span)),
      [],
    );
    assert.ok(seen.has('5m0s'));
  });

  it('is not healed by five pods', () => {
    const world = overloaded();
    scale(world, 5);
    for (let i = 0; i < 120; i += 1) {
      pass(world, 500);
      assert.equal(isDown(world), true);
    }
    assert.equal(paymentPods(world).length, 5);
    assert.ok(paymentPods(world).some((pod) => waiting(pod) === 'CrashLoopBackOff'));
  });

  it('is healed by ten pods, that come up one state after the other', () => {
    const world = overloaded();
    scale(world, 10);
    const fresh = (): Pod[] =>
      paymentPods(world).filter(({ metadata }) => metadata.creationTimestamp === '2026-11-23T10:00:00Z');
    assert.deepEqual(
      fresh().map(({ status }) => status.phase),
      Array(7).fill('Pending'),
    );
    pass(world, 200);
    assert.deepEqual(fresh().map(waiting), Array(7).fill('ContainerCreating'));
    pass(world, 2_000);
    assert.ok(fresh().every(({ status }) => isReady(status)));
    pass(world, 16_000);
    assert.ok(paymentPods(world).every(({ status }) => isReady(status)));
    assert.equal(isDown(world), false);
    const calm = restarts(world);
    pass(world, 10 * minute);
    assert.equal(restarts(world), calm);
    assert.equal(isDown(world), false);
  });

  it('takes eight pods for enough, and seven for too few', () => {
    for (const [replicas, down] of [
      [7, true],
      [8, false],
    ] as const) {
      const world = overloaded();
      scale(world, replicas);
      pass(world, minute);
      assert.equal(isDown(world), down, `${replicas} replicas`);
    }
  });

  it('breaks again when it is scaled back to three', () => {
    const world = overloaded();
    scale(world, 10);
    pass(world, minute);
    assert.equal(isDown(world), false);
    scale(world, 3);
    assert.equal(isDown(world), true);
    const before = restarts(world);
    // A pod that has crashed often waits up to five minutes before it is started again.
    pass(world, 6 * minute);
    assert.equal(paymentPods(world).length, 3);
    assert.ok(restarts(world) > before);
    assert.ok(paymentPods(world).some((pod) => waiting(pod) === 'CrashLoopBackOff'));
  });
});

describe('the world', () => {
  it('comes to the same state in one step as in many', () => {
    const dump = (world: World): string =>
      JSON.stringify(
        [...world.store.list('pods'), ...world.store.list('deployments'), ...world.store.list('endpoints')],
        (key, value: unknown) => (key === 'resourceVersion' ? undefined : value),
      );
    const once = overloaded();
    const often = overloaded();
    for (const world of [once, often]) scale(world, 9);
    pass(once, minute);
    for (let i = 0; i < 240; i += 1) pass(often, 250);
    assert.equal(dump(once), dump(often));
  });

  it('stays as it is on an ordinary day', () => {
    const world = createHealthy(start);
    assert.equal(isDown(world), false);
    const version = world.store.version();
    pass(world, 2 * 60 * minute);
    assert.equal(world.store.version(), version);
    assert.equal(restarts(world), 0);
  });

  it('replaces a terminated pod at once and keeps the old one until its grace is over', () => {
    const world = createHealthy(start);
    const [pod] = paymentPods(world);
    assert.ok(pod);
    terminatePod(world, pod);
    tick(world, world.now);
    assert.equal(paymentPods(world).length, 4);
    pass(world, minute);
    assert.equal(paymentPods(world).length, 3);
    assert.equal(world.store.get('pods', 'production', pod.metadata.name), undefined);
  });

  it('leaves pods pending that no node has room for, and says why', () => {
    const world = createHealthy(start);
    scale(world, 120, 'catalog');
    pass(world, minute);
    const pending = world.store.list('pods', 'production').filter(({ status }) => status.phase === 'Pending');
    assert.ok(pending.length > 0);
    assert.equal(
      pending[0]?.status.conditions.find(({ type }) => type === 'PodScheduled')?.reason,
      'Unschedulable',
    );
    const event = world.store
      .list('events', 'production')
      .find(({ reason }) => reason === 'FailedScheduling');
    assert.match(event?.message ?? '', /^0\/3 nodes are available: 3 Insufficient memory\./);
  });

  it('rolls a new image out without ever having too few ready pods', () => {
    const world = createHealthy(start);
    setSpeed(world, 20);
    const deployment = world.store.get('deployments', 'production', 'payment-service');
    assert.ok(deployment);
    world.store.update('deployments', deployment, (draft) => {
      const [container] = draft.spec.template.spec.containers;
      assert.ok(container);
      container.image = 'registry.example.com/payment-service:2.41.1';
    });
    for (let i = 0; i < 200; i += 1) {
      pass(world, 100);
      const pods = paymentPods(world).filter(({ metadata }) => metadata.deletionTimestamp === undefined);
      assert.ok(pods.filter(({ status }) => isReady(status)).length >= 3);
      assert.ok(pods.length <= 4);
    }
    const images = paymentPods(world).map(({ spec }) => spec.containers[0]?.image);
    assert.deepEqual(images, Array(3).fill('registry.example.com/payment-service:2.41.1'));
    const status = world.store.get('deployments', 'production', 'payment-service');
    assert.equal(status?.metadata.annotations?.['deployment.kubernetes.io/revision'], '3');
  });
});

describe('the logs', () => {
  const linesOf = (world: World, pod: Pod, from = 0, to = world.now): string[] => {
    const instances = world.runtimes.get(pod.metadata.uid)?.instances ?? [];
    return instances.flatMap((instance) =>
      world.behaviour
        .logLines(world, pod, pod.spec.containers[0]?.name ?? '', instance, from, to)
        .map(({ text }) => text),
    );
  };

  it('of a killed container end in its growing heap', () => {
    const world = overloaded();
    pass(world, 5 * minute);
    for (const pod of paymentPods(world)) {
      const dead = world.runtimes
        .get(pod.metadata.uid)
        ?.instances.filter(({ finishedAt }) => finishedAt !== undefined);
      assert.ok(dead !== undefined && dead.length > 1);
      for (const instance of dead) {
        const lines = world.behaviour.logLines(world, pod, 'payment-service', instance, 0, world.now);
        const last = lines.at(-1);
        assert.match(last?.text ?? '', /heap 251Mi of 256Mi, queue 1841 requests, shedding none"$/);
        assert.ok((last?.at ?? 0) < (instance.finishedAt ?? 0));
        assert.ok(lines.slice(-4).some(({ text }) => text.includes('the kernel kills the process (OOM)')));
        const heaps = lines.flatMap(({ text }) => /heap (\d+)Mi of/.exec(text)?.[1] ?? []).map(Number);
        assert.ok(heaps.length > 10);
        assert.deepEqual(
          heaps,
          heaps.toSorted((a, b) => a - b),
        );
      }
    }
  });

  it('read in two windows are those of one', () => {
    const world = overloaded();
    pass(world, 5 * minute);
    for (const pod of world.store.list('pods', 'production')) {
      const cut = world.now - 7 * minute + 311;
      assert.deepEqual(
        [...linesOf(world, pod, 0, cut), ...linesOf(world, pod, cut + 1)].sort(),
        linesOf(world, pod).sort(),
      );
    }
  });

  it('of checkout complain as long as payment-service is out, and no longer', () => {
    const world = overloaded();
    const checkout = world.store
      .list('pods', 'production')
      .find(({ metadata }) => metadata.labels?.['app'] === 'checkout');
    assert.ok(checkout);
    const complaints = (from: number): number =>
      linesOf(world, checkout, from).filter((line) => line.includes('POST /pay 503 from payment-service'))
        .length;
    assert.ok(complaints(0) > 10);
    scale(world, 10);
    pass(world, minute);
    const healed = world.now;
    pass(world, 5 * minute);
    assert.equal(complaints(healed), 0);
    assert.ok(linesOf(world, checkout, healed).length > 50);
  });
});
