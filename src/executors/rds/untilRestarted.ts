import type { Outcome } from '../../core/plan/plan.ts';
import type { EventFeed, RdsRun } from './rdsContext.ts';
import { createProgress, failRun, fetchInstances, pause } from './rdsContext.ts';
import { outcomeOfRds } from './rdsFailure.ts';
import type { InstanceView } from './reboot.ts';

/** What became of a reboot's request when this begins. */
export interface SentReboot {
  readonly view: InstanceView;
  readonly feed: EventFeed;
  /** States the change; called once, when it is certain that AWS has accepted it. */
  readonly state: () => Promise<void>;
  readonly forced: boolean;
}

/** https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Events.Messages.html : RDS-EVENT-0004, 0006, 0013, 0015, 0049. */
const restarts = /^(?:DB instance (?:restarted|shutdown)|Multi-AZ (?:instance )?failover)/i;
/** RDS-EVENT-0034: the instance has failed over a moment ago. */
const abandoned = /^Abandoning user requested failover/i;

/**
 * Asks the instance until it has been away and is available again; `away` says that AWS's answer said so already.
 * Tells whether its zone and its standby's have changed places.
 */
export async function untilRestarted(
  run: RdsRun,
  { view, feed, state, forced }: SentReboot,
  sent: 'accepted' | 'unknown',
  away: boolean,
): Promise<Outcome> {
  const { io, pace, signal } = run;
  const { name } = view;
  const progress = createProgress(io);
  const since = Date.now();
  let accepted = sent === 'accepted';
  let wasAway = away;
  let trouble = '';
  if (accepted) await progress.tell(`AWS has accepted the reboot of ${name}`);
  const fail = (message: string): Promise<Outcome> => failRun(io, { kind: 'failed', message });
  const confirm = async (): Promise<void> => {
    wasAway = true;
    if (accepted) return;
    accepted = true;
    await progress.tell(`AWS did accept the reboot of ${name}`);
    await state();
  };

  for (;;) {
    const found = await fetchInstances(run, { instance: name });
    if (signal.aborted) break;
    const instance = found.ok ? found.value[0] : undefined;
    if (!found.ok && found.failure.remedy !== undefined)
      return failRun(io, outcomeOfRds(found.failure, accepted ? 'The reboot goes on without being watched.' : 'Whether the reboot was accepted is unknown.')); // prettier-ignore
    if (!found.ok && found.failure.message !== trouble) {
      trouble = found.failure.message;
      await io.write(`${trouble} Asking again.\n`, 'stderr');
    }

    for (const event of await feed.fresh()) {
      const message = event.Message ?? '';
      if (restarts.test(message)) await confirm();
      await progress.tell(`RDS says: ${message}`, event.Date);
      if (abandoned.test(message))
        return fail(
          `${name} was not failed over: RDS says “${message}” Wait some minutes before trying again.`,
        );
    }
    if (signal.aborted) break;

    if (instance !== undefined) {
      const { DBInstanceStatus: status = 'in an unknown state', AvailabilityZone: zone } = instance;
      if (status !== 'available') await confirm();
      if (accepted) await progress.state(`${name} is ${status}${zone === undefined ? '' : ` in ${zone}`}`);
      if (wasAway && status === 'available') {
        const seconds = Math.round((Date.now() - since) / 1000);
        return { kind: 'succeeded', detail: `${name} is available again after ${seconds} s. ${zonesSay(zone, instance.SecondaryAvailabilityZone)}`.trim() }; // prettier-ignore
      }
    }
    if (!wasAway && Date.now() - since > pace.settleMs)
      return fail(
        accepted
          ? `AWS has accepted the reboot of ${name}, but the instance was ${instance?.DBInstanceStatus ?? 'not readable'} each time it was asked and no event tells of a restart. Look at its events before trying again: aws rds describe-events.`
          : `The reboot of ${name} seems not to have arrived: nothing tells of a restart. It was sent once and not again; look once more before trying again.`,
      );
    if (!(await pause(pace.pollMs, signal))) break;
  }
  await io.write(
    accepted
      ? `No longer watching. The reboot of ${name} goes on at AWS.\n`
      : `Stopped. Whether AWS has accepted the reboot of ${name} is unknown: look at it before anything else.\n`,
    'stderr',
  );
  return { kind: 'stopped' };

  function zonesSay(zone: string | undefined, standby: string | undefined): string {
    if (!forced || zone === undefined || view.zone === undefined) return '';
    return zone === view.zone
      ? `AWS still shows it in ${zone}: a change of zone may take minutes to show.`
      : `It moved from ${view.zone} to ${zone}${standby === undefined ? '' : `, with its standby in ${standby}`}.`;
  }
}
