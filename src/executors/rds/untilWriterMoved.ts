import type { Outcome } from '../../core/plan/plan.ts';
import type { ClusterView } from './lookAtCluster.ts';
import { sameName, writerOf } from './lookAtCluster.ts';
import type { EventFeed, RdsRun } from './rdsContext.ts';
import { createProgress, failRun, fetchClusters, pause } from './rdsContext.ts';
import { outcomeOfRds } from './rdsFailure.ts';

/** What became of a failover's request when this begins. */
export interface SentFailover {
  readonly view: ClusterView;
  readonly feed: EventFeed;
  /** States the change; called once, when it is certain that AWS has accepted it. */
  readonly state: () => Promise<void>;
}

/** https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_Events.Messages.html : RDS-EVENT-0069 and 0070. */
const gaveUp = /^(?:Cluster failover failed|Promoting previous primary again)/;
const began = /^(?:Started (?:same|cross) AZ failover|Completed failover)/;

/** Looks at which a cluster is available again with its old writer, after which the failover is called off. */
const looksBeforeGivingUp = 3;

/**
 * Asks the cluster until another instance writes: its status alone is `available` both before and after. Prints what
 * changes and RDS's events. Of a request whose fate is unknown it says after a while that nothing came of it.
 */
export async function untilWriterMoved(
  run: RdsRun,
  { view, feed, state }: SentFailover,
  sent: 'accepted' | 'unknown',
): Promise<Outcome> {
  const { io, pace, signal } = run;
  const { name, writer: old, target } = view;
  const progress = createProgress(io);
  const since = Date.now();
  let accepted = sent === 'accepted';
  let underWay = false;
  let backAgain = 0;
  let trouble = '';
  if (accepted) await progress.tell(`AWS has accepted the failover of ${name}`);

  const confirm = async (): Promise<void> => {
    underWay = true;
    if (accepted) return;
    accepted = true;
    await progress.tell(`AWS did accept the failover of ${name}`);
    await state();
  };
  const fail = (message: string): Promise<Outcome> => failRun(io, { kind: 'failed', message });

  for (;;) {
    const found = await fetchClusters(run, name);
    if (signal.aborted) break;
    const cluster = found.ok ? found.value[0] : undefined;
    if (!found.ok && found.failure.remedy !== undefined)
      return failRun(io, outcomeOfRds(found.failure, accepted ? 'The failover goes on without being watched.' : 'Whether the failover was accepted is unknown.')); // prettier-ignore
    if (!found.ok && found.failure.message !== trouble) {
      trouble = found.failure.message;
      await io.write(`${trouble} Asking again.\n`, 'stderr');
    }

    for (const event of await feed.fresh()) {
      const message = event.Message ?? '';
      if (began.test(message)) await confirm();
      await progress.tell(`RDS says: ${message}`, event.Date);
      if (gaveUp.test(message))
        return fail(`The failover of ${name} did not succeed: RDS says “${message}” Look at its instances before trying again.`); // prettier-ignore
    }
    if (signal.aborted) break;

    if (cluster !== undefined) {
      const writer = writerOf(cluster);
      const moved = writer !== undefined && writer !== old.name;
      if (moved || cluster.Status !== 'available') await confirm();
      if (accepted) await progress.state(`${name} is ${cluster.Status ?? 'in an unknown state'}, writer ${writer ?? 'nobody'}`); // prettier-ignore
      if (moved) return writerIs(writer, cluster.Status);
      backAgain = underWay && cluster.Status === 'available' ? backAgain + 1 : 0;
      if (backAgain >= looksBeforeGivingUp && Date.now() - since > pace.settleMs)
        return fail(`${name} is available again, but ${old.name} still writes: the failover has not happened. Its events say more: aws rds describe-events.`); // prettier-ignore
    }
    if (!accepted && Date.now() - since > pace.settleMs)
      return fail(
        cluster === undefined
          ? `Whether the failover of ${name} was accepted is unknown: the cluster could not be read. It was sent once and not again. Look at it before trying again.`
          : `The failover of ${name} seems not to have arrived: ${old.name} still writes and the cluster is ${cluster.Status ?? 'in an unknown state'}. It was sent once and not again; look once more before trying again.`,
      );
    if (!(await pause(pace.pollMs, signal))) break;
  }
  await io.write(
    accepted
      ? `No longer watching. The failover of ${name} goes on at AWS.\n`
      : `Stopped. Whether AWS has accepted the failover of ${name} is unknown: look at it before anything else.\n`,
    'stderr',
  );
  return { kind: 'stopped' };

  async function writerIs(writer: string, status: string | undefined): Promise<Outcome> {
    if (target !== undefined && !sameName(writer, target.name))
      return fail(`${name} has a new writer, but it is ${writer} and not ${target.name} as asked for.`);
    const seconds = Math.round((Date.now() - since) / 1000);
    const zone = view.readers.find((reader) => sameName(reader.name, writer))?.zone;
    const still =
      status === 'available' ? '' : `, and the cluster is still ${status ?? 'in an unknown state'}`;
    return {
      kind: 'succeeded',
      detail: `${writer}${zone === undefined ? '' : ` (${zone})`} writes now, ${seconds} s after the failover was sent; before it was ${old.name}${still}`,
    };
  }
}
