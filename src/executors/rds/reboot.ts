import type { DBInstance } from '@aws-sdk/client-rds';
import { RebootDBInstanceCommand } from '@aws-sdk/client-rds';
import type { Result } from '../../core/errors.ts';
import { ok } from '../../core/errors.ts';
import type { Outcome, RdsPlan } from '../../core/plan/plan.ts';
import type { RdsAction } from '../../core/plan/aws/rdsAction.ts';
import type { Inspection } from '../../core/ports.ts';
import { looked } from './failover.ts';
import type { Look } from './lookAtCluster.ts';
import { failoverCommand, rebootCommand } from './lookAtCluster.ts';
import type { RdsContext, RdsRun } from './rdsContext.ts';
import { createEventFeed, failRun, fetchClusters, fetchInstances } from './rdsContext.ts';
import { outcomeOfRds } from './rdsFailure.ts';
import { sendChange } from './sendChange.ts';
import { untilRestarted } from './untilRestarted.ts';

export type RebootAction = Extract<RdsAction, { operation: 'reboot-db-instance' }>;

/** An instance that would take the reboot now. */
export interface InstanceView {
  readonly name: string;
  readonly zone: string | undefined;
  readonly standby: string | undefined;
  readonly multiAz: boolean;
  readonly cluster: string | undefined;
}

/** AWS reboots only what runs: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_RebootInstance.html */
const rebootable = new Set(['available', 'storage-optimization', 'incompatible-parameters']);

async function lookAtInstance(context: RdsContext, action: RebootAction): Promise<Look<InstanceView>> {
  const refused = (reason: string): Look<InstanceView> => ({ kind: 'refused', reason });
  const found = await fetchInstances(context, { instance: action.instance });
  if (!found.ok && found.failure.awsCode !== 'DBInstanceNotFound')
    return { kind: 'failed', failure: found.failure };
  const instance: DBInstance | undefined = found.ok ? found.value[0] : undefined;
  if (instance === undefined) {
    const none = `There is no instance ${action.instance} in ${context.clients.place.region}.`;
    const cluster = await fetchClusters(context, action.instance);
    return refused(
      cluster.ok && cluster.value.length > 0
        ? `${action.instance} is a cluster, not an instance: use ${failoverCommand(action.instance)}.`
        : `${none} aws rds describe-db-instances shows those there are.`,
    );
  }
  const name = instance.DBInstanceIdentifier ?? action.instance;
  const cluster = instance.DBClusterIdentifier;
  const multiAz = instance.MultiAZ === true;
  if (action.forceFailover && cluster !== undefined)
    return refused(`${name} belongs to the cluster ${cluster}, whose instances do not fail over one by one: use ${failoverCommand(cluster)}.`); // prettier-ignore
  if (action.forceFailover && !multiAz)
    return refused(`${name} is not Multi-AZ: it has no standby to fail over to. ${rebootCommand(name, false)} would restart it in place, and it would be away until it is back.`); // prettier-ignore
  const status = instance.DBInstanceStatus ?? 'in an unknown state';
  if (!rebootable.has(status))
    return refused(`${name} is ${status}, and AWS reboots only what is available. Wait until it is.`);
  return {
    kind: 'ready',
    view: {
      name,
      zone: instance.AvailabilityZone,
      standby: instance.SecondaryAvailabilityZone,
      multiAz,
      cluster,
    },
  };
}

export async function inspectReboot(
  context: RdsContext,
  plan: RdsPlan,
  action: RebootAction,
): Promise<Result<Inspection>> {
  const look = await lookAtInstance(context, action);
  if (look.kind === 'failed') return { ok: false, failure: look.failure };
  if (look.kind === 'refused') return ok({ changes: [], warnings: [], refusal: look.reason });
  const { name, zone, standby, multiAz, cluster } = look.view;
  const object = `instance/${name}`;
  const warnings = action.forceFailover
    ? [
        `Every connection to ${name} is cut; it takes none until its standby has taken over, mostly within two minutes.`,
      ]
    : [`${name} is restarted where it is: it answers nobody until it is back.`];
  if (!action.forceFailover && multiAz && cluster === undefined)
    warnings.push(`It is Multi-AZ: with --force-failover its standby would take over in the meantime.`);
  if (!action.forceFailover && cluster !== undefined)
    warnings.push(
      `It belongs to the cluster ${cluster}; to make another instance write, use ${failoverCommand(cluster)}.`,
    );
  return ok({
    changes: action.forceFailover
      ? [{ object, field: 'zone', before: zone ?? 'unknown', after: standby ?? 'its standby’s zone' }]
      : [{ object, field: 'status', before: 'available', after: 'restarted' }],
    warnings,
    plan: looked(plan),
  });
}

/** Reboots an instance: looks once more, sends the request exactly once, and goes on until it has restarted. */
export async function runReboot(run: RdsRun, action: RebootAction): Promise<Outcome> {
  const { io, signal } = run;
  const look = await lookAtInstance(run, action);
  if (look.kind === 'failed') return failRun(io, outcomeOfRds(look.failure, 'Nothing was changed.'));
  if (look.kind === 'refused')
    return failRun(io, { kind: 'failed', message: `${look.reason} Nothing was changed.` });
  const { view } = look;
  const feed = await createEventFeed(run, 'db-instance', view.name);
  if (signal.aborted) return { kind: 'stopped' };

  const { name } = view;
  const forced = action.forceFailover;
  const input = { DBInstanceIdentifier: name, ...(forced ? { ForceFailover: true } : {}) };
  const change = `instance/${name} rebooted${forced ? ' with failover to its standby' : ''}`;
  const state = async (): Promise<void> => void (await io.changed?.({ changes: [change] }));
  const send = () => run.clients.change.send(new RebootDBInstanceCommand(input));
  const sent = await sendChange(run, { what: 'reboot', name, send, state });
  if (sent.kind === 'ended') return sent.outcome;
  const away = sent.kind === 'accepted' && sent.answer.DBInstance?.DBInstanceStatus !== 'available';
  return untilRestarted(run, { view, feed, state, forced }, sent.kind, away);
}
