import { isReady } from '../state/podStatus.ts';
import { hashOf } from '../state/names.ts';
import type { Pod } from '../state/objects.ts';
import { parseMemory } from '../state/quantity.ts';
import type { Behaviour, World } from '../state/world.ts';
import { isIn } from '../state/world.ts';
import { renderCalmLines, renderPaymentLines } from './logLines.ts';
import { answerPsql, connectionsOf } from './shopDatabase.ts';

const payment = 'production/payment-service';
const isPayment = ({ metadata: { namespace, labels } }: Pod): boolean =>
  namespace === 'production' && labels?.['app'] === 'payment-service';

/** How many pods the load needs, and since when it is so: the one thing that differs between these stories. */
export interface Load {
  /** The fewest payment-service pods that hold the load at this moment (ms UTC). */
  needed(nowMs: number): number;
}

/** The shop whose payment-service keeps every waiting request in memory and sheds none. */
export const createStorefront = (load: Load): Behaviour => {
  const overloaded = (world: World): boolean => {
    const replicas = world.store.get('deployments', 'production', 'payment-service')?.spec.replicas ?? 0;
    return replicas < load.needed(world.now);
  };
  return {
    killAfterMs: (world, pod) => {
      if (!isPayment(pod) || !overloaded(world)) return undefined;
      const limit = parseMemory(pod.spec.containers[0]?.resources?.limits?.['memory']) ?? 2 ** 28;
      const restarts = pod.status.containerStatuses?.[0]?.restartCount ?? 0;
      // The first lives differ, so that the pods fall out of step; then they keep their distance.
      const spread = restarts < 5 ? hashOf(pod.metadata.uid) % 45_000 : 0;
      // More memory only buys time: the queue grows until whatever limit there is.
      return Math.round(((14_000 + spread) * limit) / 2 ** 28);
    },
    unavailable: (world) => {
      const ready = world.store
        .list('pods', 'production')
        .filter(
          (pod) => isPayment(pod) && isReady(pod.status) && pod.metadata.deletionTimestamp === undefined,
        );
      return ready.length < load.needed(world.now) ? [payment] : [];
    },
    logLines: (world, pod, container, instance, from, to) => {
      const window = { from, to, now: world.now };
      if (isPayment(pod) && container === 'payment-service') return renderPaymentLines(pod, instance, window);
      const outages =
        container === 'checkout' && pod.metadata.namespace === 'production' ? world.outages.get(payment) : [];
      return renderCalmLines(pod, container, instance, window, (at, seed) =>
        isIn(outages, at) && seed % 3 !== 0
          ? `level=error msg="POST /pay 503 from payment-service" order=${(seed >>> 4).toString(16).padStart(7, '0')} retry=${seed % 4}`
          : undefined,
      );
    },
    command: (world, pod, argv) => {
      if (pod.metadata.labels?.['app'] !== 'postgres' || argv[0] !== 'psql') return undefined;
      return answerPsql(argv, connectionsOf(world, overloaded(world)));
    },
  };
};
