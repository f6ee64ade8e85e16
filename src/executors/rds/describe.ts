import type { Event as RdsEvent } from '@aws-sdk/client-rds';
import { paginateDescribeEvents } from '@aws-sdk/client-rds';
import type { Outcome } from '../../core/plan/plan.ts';
import type { RdsAction } from '../../core/plan/aws/rdsAction.ts';
import { createFilteredOutput } from '../filteredOutput.ts';
import { renderCliJson } from './cliJson.ts';
import type { RdsContext, RdsResult, RdsRun } from './rdsContext.ts';
import { attempt, failRun, fetchClusters, fetchInstances } from './rdsContext.ts';
import { outcomeOfRds, whoOf } from './rdsFailure.ts';
import { renderClusters, renderEvents, renderInstances } from './rdsTables.ts';

export type DescribeAction = Extract<RdsAction, { output: 'table' | 'json' }>;

interface Described {
  readonly text: string;
  /** `3 instances` */
  readonly count: string;
}

/** Looks, and prints a table or the AWS CLI's JSON through the plan's filters. */
export async function runDescribe(run: RdsRun, action: DescribeAction): Promise<Outcome> {
  const described = await describe(run, action);
  if (!described.ok)
    return failRun(run.io, outcomeOfRds(described.failure, askAgain(described.failure.awsCode, action)));
  const output = createFilteredOutput(run.plan.filters, run.io);
  await output.write(described.value.text);
  if (!(await output.end())) return { kind: 'no-match' };
  const { place } = run.clients;
  return { kind: 'succeeded', detail: `${described.value.count} in ${place.region} with ${whoOf(place)}` };
}

/** A cluster's name given for an instance, or the other way about. */
function askAgain(code: string | undefined, action: DescribeAction): string {
  if (code === 'DBInstanceNotFound' && action.operation === 'describe-db-instances' && action.instance)
    return `If ${action.instance} is a cluster, look with aws rds describe-db-clusters.`;
  if (code === 'DBClusterNotFoundFault' && action.operation === 'describe-db-clusters' && action.cluster)
    return `If ${action.cluster} is an instance, look with aws rds describe-db-instances.`;
  return '';
}

async function describe(context: RdsContext, action: DescribeAction): Promise<RdsResult<Described>> {
  const json = action.output === 'json';
  switch (action.operation) {
    case 'describe-db-instances': {
      const found = await fetchInstances(context, { instance: action.instance });
      if (!found.ok) return found;
      const instances = found.value;
      if (json) return said(renderCliJson({ DBInstances: instances }), instances.length, 'instance');
      const inCluster = instances.some(({ DBClusterIdentifier }) => DBClusterIdentifier !== undefined);
      // Who writes is told by the cluster alone; without the right to read it the table says `member`.
      const clusters = inCluster ? await fetchClusters(context, clusterOfAll(instances)) : undefined;
      const text = instances.length === 0 ? 'No instances.\n' : undefined;
      return said(
        text ?? renderInstances(instances, clusters?.ok ? clusters.value : []),
        instances.length,
        'instance',
      );
    }
    case 'describe-db-clusters': {
      const found = await fetchClusters(context, action.cluster);
      if (!found.ok) return found;
      const clusters = found.value;
      if (json) return said(renderCliJson({ DBClusters: clusters }), clusters.length, 'cluster');
      const members =
        clusters.length > 0 ? await fetchInstances(context, { cluster: action.cluster }) : undefined;
      const text = clusters.length === 0 ? 'No clusters.\n' : undefined;
      return said(
        text ?? renderClusters(clusters, members?.ok ? members.value : []),
        clusters.length,
        'cluster',
      );
    }
    case 'describe-events': {
      const found = await fetchEvents(context, action);
      if (!found.ok) return found;
      const events = found.value;
      if (json) return said(renderCliJson({ Events: events }), events.length, 'event');
      const minutes = action.durationMinutes ?? 60;
      const none = `No events in the last ${minutes} minutes.\n`;
      return said(events.length === 0 ? none : renderEvents(events), events.length, 'event');
    }
  }
}

/** The one cluster that all of these belong to, so that no other has to be read. */
function clusterOfAll(
  instances: readonly { readonly DBClusterIdentifier?: string | undefined }[],
): string | undefined {
  const clusters = new Set(instances.map(({ DBClusterIdentifier }) => DBClusterIdentifier));
  return clusters.size === 1 ? [...clusters][0] : undefined;
}

const said = (text: string, count: number, what: string): RdsResult<Described> => ({
  ok: true,
  value: { text, count: `${count} ${what}${count === 1 ? '' : 's'}` },
});

const fetchEvents = (
  context: RdsContext,
  action: Extract<RdsAction, { operation: 'describe-events' }>,
): Promise<RdsResult<readonly RdsEvent[]>> =>
  attempt(context, async () => {
    const found: RdsEvent[] = [];
    const input = {
      ...(action.sourceIdentifier === undefined ? {} : { SourceIdentifier: action.sourceIdentifier }),
      ...(action.sourceType === undefined ? {} : { SourceType: action.sourceType }),
      ...(action.durationMinutes === undefined ? {} : { Duration: action.durationMinutes }),
    };
    const pages = paginateDescribeEvents({ client: context.clients.read }, input, {
      abortSignal: context.signal,
    });
    for await (const page of pages) found.push(...(page.Events ?? []));
    return found;
  });
