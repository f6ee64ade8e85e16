import { FailoverDBClusterCommand } from '@aws-sdk/client-rds';
import type { Result } from '../../core/errors.ts';
import { ok } from '../../core/errors.ts';
import type { Outcome, RdsPlan } from '../../core/plan/plan.ts';
import { renderAws } from '../../core/plan/aws/renderAws.ts';
import type { MadeChange } from '../../core/plan/undo.ts';
import type { Inspection } from '../../core/ports.ts';
import type { ClusterView, FailoverAction, Member } from './lookAtCluster.ts';
import { candidatesAmong, lookAtCluster } from './lookAtCluster.ts';
import type { RdsContext, RdsRun } from './rdsContext.ts';
import { createEventFeed, failRun } from './rdsContext.ts';
import { outcomeOfRds } from './rdsFailure.ts';
import { sendChange } from './sendChange.ts';
import { untilWriterMoved } from './untilWriterMoved.ts';

const placed = ({ name, zone }: Member): string => (zone === undefined ? name : `${name} (${zone})`);

/** Reads the cluster and fills in who writes now, and who will where only one can. */
export async function inspectFailover(
  context: RdsContext,
  plan: RdsPlan,
  action: FailoverAction,
): Promise<Result<Inspection>> {
  const look = await lookAtCluster(context, action);
  if (look.kind === 'failed') return { ok: false, failure: look.failure };
  if (look.kind === 'refused') return ok({ changes: [], warnings: [], refusal: look.reason });
  const { view } = look;
  const { target } = view;
  const agreed: FailoverAction = {
    ...action,
    targetInstance: target?.name,
    expectedWriter: action.expectedWriter ?? view.writer.name,
  };
  return ok({
    changes: [
      {
        object: `cluster/${view.name}`,
        field: 'writer',
        before: placed(view.writer),
        after: target === undefined ? `a reader that AWS chooses (${choiceOf(view)})` : placed(target),
      },
    ],
    warnings: warningsOf(view),
    plan: { ...looked(plan), action: agreed, preview: previewOf(agreed, plan) },
  });
}

/** The plan without the warning that this look has settled: it is what the command takes it for. */
export const looked = (plan: RdsPlan): RdsPlan => ({
  ...plan,
  traps: plan.traps.filter(({ code }) => code !== 'cluster-or-instance'),
});

const choiceOf = ({ readers }: ClusterView): string =>
  candidatesAmong(readers)
    .map((reader) => placed(reader))
    .join(' or ');

function warningsOf({ name, writer, target, readers, targetless }: ClusterView): readonly string[] {
  const warnings = [
    `Every connection to ${writer.name} is cut, and ${name} takes no writes until another instance has taken over, ` +
      'mostly within a minute. Applications must connect again by the cluster’s endpoint.',
  ];
  if (target === undefined && !targetless && readers.length > 1)
    warnings.push(
      'Several readers have the best failover tier. To choose one, add --target-db-instance-identifier; ' +
        'undoing this is then guarded against somebody else’s failover too.',
    );
  if (target?.zone !== undefined && target.zone === writer.zone)
    warnings.push(
      `${target.name} is in the same zone as the writer, ${target.zone}: this does not leave that zone.`,
    );
  if (target?.class !== undefined && writer.class !== undefined && target.class !== writer.class)
    warnings.push(`${target.name} is a ${target.class}, the present writer a ${writer.class}.`);
  return warnings;
}

const previewOf = (action: FailoverAction, { target }: RdsPlan): string =>
  renderAws(action, { profile: target.awsProfile, region: target.awsRegion });

/** What is stated the moment AWS has accepted the failover. */
function changeOf({ name, writer, target, targetless }: ClusterView, plan: RdsPlan): MadeChange {
  const back: FailoverAction = {
    operation: 'failover-db-cluster',
    cluster: name,
    targetInstance: writer.name,
    ...(target === undefined ? {} : { expectedWriter: target.name }),
  };
  const changes = [`cluster/${name} writer ${writer.name} → ${target?.name ?? 'chosen by AWS'}`];
  if (targetless) return { changes };
  return {
    changes,
    undo: {
      title: `Fail ${name} back to ${writer.name}`,
      preview: previewOf(back, plan),
      target: plan.target,
      act: { kind: 'rds', action: back },
    },
  };
}

/**
 * Fails a cluster over: looks once more, sends the request exactly once, tells the change when AWS has accepted it, and
 * goes on until another instance writes. When the answer is lost the cluster itself is asked what became of it.
 */
export async function runFailover(run: RdsRun, action: FailoverAction): Promise<Outcome> {
  const { io, plan, signal } = run;
  const look = await lookAtCluster(run, action);
  if (look.kind === 'failed') return failRun(io, outcomeOfRds(look.failure, 'Nothing was changed.'));
  if (look.kind === 'refused')
    return failRun(io, { kind: 'failed', message: `${look.reason} Nothing was changed.` });
  const { view } = look;
  const { name, target } = view;
  const feed = await createEventFeed(run, 'db-cluster', name);
  if (signal.aborted) return { kind: 'stopped' };

  const input = {
    DBClusterIdentifier: name,
    ...(target === undefined ? {} : { TargetDBInstanceIdentifier: target.name }),
  };
  const state = async (): Promise<void> => void (await io.changed?.(changeOf(view, plan)));
  const send = () => run.clients.change.send(new FailoverDBClusterCommand(input));
  const sent = await sendChange(run, { what: 'failover', name, send, state });
  return sent.kind === 'ended' ? sent.outcome : untilWriterMoved(run, { view, feed, state }, sent.kind);
}
