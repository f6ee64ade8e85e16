import type { DBCluster, DBInstance } from '@aws-sdk/client-rds';
import type { RdsAction } from '../../core/plan/aws/rdsAction.ts';
import type { RdsContext, RdsResult } from './rdsContext.ts';
import { fetchClusters, fetchInstances } from './rdsContext.ts';
import type { RdsFailure } from './rdsFailure.ts';

export type FailoverAction = Extract<RdsAction, { operation: 'failover-db-cluster' }>;

/** A member of a cluster; what its instance could not tell is undefined. */
export interface Member {
  readonly name: string;
  readonly zone: string | undefined;
  readonly status: string | undefined;
  readonly class: string | undefined;
  readonly tier: number;
}

/** A cluster that would take a failover now. */
export interface ClusterView {
  /** As AWS writes it. */
  readonly name: string;
  readonly writer: Member;
  readonly readers: readonly Member[];
  /** Who will write, as asked for or as it can only be; undefined where AWS will choose. */
  readonly target: Member | undefined;
  /** AWS takes no target for this kind of cluster. */
  readonly targetless: boolean;
}

export type Look<View> =
  | { readonly kind: 'ready'; readonly view: View }
  /** It must not be done: the sentence says why, and what to do in its place. */
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'failed'; readonly failure: RdsFailure };

const refused = (reason: string): Look<never> => ({ kind: 'refused', reason });

/** Names at RDS are not case-sensitive. */
export const sameName = (a: string | undefined, b: string | undefined): boolean =>
  a?.toLowerCase() === b?.toLowerCase();

/** Reads the cluster and says whether the failover makes sense now, its guard included. */
export async function lookAtCluster(context: RdsContext, action: FailoverAction): Promise<Look<ClusterView>> {
  const { cluster: asked, targetInstance } = action;
  const found = await fetchClusters(context, asked);
  if (!found.ok)
    return found.failure.awsCode === 'DBClusterNotFoundFault'
      ? refused(await whatItIsInstead(context, asked))
      : { kind: 'failed', failure: found.failure };
  const cluster = found.value[0];
  if (cluster === undefined)
    return refused(`There is no cluster ${asked} in ${context.clients.place.region}.`);

  const name = cluster.DBClusterIdentifier ?? asked;
  const instances = await fetchInstances(context, { cluster: name });
  const members = membersOf(cluster, instances.ok ? instances.value : []);
  const writerName = writerOf(cluster);
  const writer = members.find((member) => member.name === writerName);
  const readers = members.filter((member) => member !== writer);
  if (writer === undefined)
    return refused(`${name} has no writer here, so there is nothing to fail over; the writer of a global database may be in another region.`); // prettier-ignore
  if (action.expectedWriter !== undefined && !sameName(writer.name, action.expectedWriter))
    return refused(`The writer of ${name} is ${writer.name} by now, not ${action.expectedWriter}: somebody or AWS itself has failed it over since.`); // prettier-ignore
  if (cluster.Status !== 'available')
    return refused(`${name} is ${cluster.Status ?? 'in an unknown state'}, and AWS fails over only what is available. Wait until it is.`); // prettier-ignore
  if (readers.length === 0)
    return refused(`${name} has no reader to fail over to: ${writer.name} is its only instance. Add a reader, or restart it with ${rebootCommand(writer.name, false)}.`); // prettier-ignore

  const targetless = cluster.Engine === 'mysql';
  if (targetInstance === undefined) {
    const ready = readers.filter(isReady);
    if (ready.length === 0)
      return refused(`No reader of ${name} is available: ${readers.map((one) => `${one.name} is ${one.status ?? 'unknown'}`).join(', ')}.`); // prettier-ignore
    return {
      kind: 'ready',
      view: { name, writer, readers, target: targetless ? undefined : onlyCandidate(ready), targetless },
    };
  }
  if (targetless)
    return refused(`${name} is an RDS for MySQL Multi-AZ cluster, for which AWS takes no target. Leave --target-db-instance-identifier out.`); // prettier-ignore
  if (sameName(writer.name, targetInstance))
    return refused(`${targetInstance} is the writer of ${name} already: there is nothing to do.`);
  const target = readers.find((reader) => sameName(reader.name, targetInstance));
  if (target === undefined)
    return refused(`${targetInstance} is not a member of ${name}. Its readers are ${readers.map((one) => one.name).join(', ')}.`); // prettier-ignore
  if (!isReady(target))
    return refused(`${target.name} is ${target.status ?? 'in an unknown state'}, so it cannot take over. Choose another reader or wait.`); // prettier-ignore
  return { kind: 'ready', view: { name, writer, readers, target, targetless } };
}

export const writerOf = (cluster: DBCluster): string | undefined =>
  cluster.DBClusterMembers?.find(({ IsClusterWriter }) => IsClusterWriter === true)?.DBInstanceIdentifier;

/** A status that could not be read is no reason against it. */
const isReady = ({ status }: Member): boolean => status === undefined || status === 'available';

/** The readers AWS would choose among: those of the best failover tier. */
export function candidatesAmong(readers: readonly Member[]): readonly Member[] {
  const ready = readers.filter(isReady);
  const best = Math.min(...ready.map(({ tier }) => tier));
  return ready.filter(({ tier }) => tier === best);
}

function onlyCandidate(readers: readonly Member[]): Member | undefined {
  const candidates = candidatesAmong(readers);
  return candidates.length === 1 ? candidates[0] : undefined;
}

const membersOf = (cluster: DBCluster, instances: readonly DBInstance[]): readonly Member[] =>
  (cluster.DBClusterMembers ?? []).flatMap(({ DBInstanceIdentifier: name, PromotionTier }) => {
    if (name === undefined) return [];
    const instance = instances.find((one) => one.DBInstanceIdentifier === name);
    return [
      {
        name,
        zone: instance?.AvailabilityZone,
        status: instance?.DBInstanceStatus,
        class: instance?.DBInstanceClass,
        tier: PromotionTier ?? 1,
      },
    ];
  });

export const rebootCommand = (instance: string, forceFailover: boolean): string =>
  `aws rds reboot-db-instance --db-instance-identifier ${instance}${forceFailover ? ' --force-failover' : ''}`;

export const failoverCommand = (cluster: string): string =>
  `aws rds failover-db-cluster --db-cluster-identifier ${cluster}`;

/** There is no such cluster: is it an instance's name? */
async function whatItIsInstead(context: RdsContext, name: string): Promise<string> {
  const none = `There is no cluster ${name} in ${context.clients.place.region}.`;
  const found: RdsResult<readonly DBInstance[]> = await fetchInstances(context, { instance: name });
  const instance = found.ok ? found.value[0] : undefined;
  if (instance === undefined) return `${none} aws rds describe-db-clusters shows those there are.`;
  if (instance.DBClusterIdentifier !== undefined)
    return `${name} is an instance of the cluster ${instance.DBClusterIdentifier}: use ${failoverCommand(instance.DBClusterIdentifier)}.`;
  return instance.MultiAZ === true
    ? `${name} is an instance, not a cluster. It is Multi-AZ, so its way is ${rebootCommand(name, true)}.`
    : `${name} is an instance, not a cluster, and not Multi-AZ: there is nothing to fail over to.`;
}
