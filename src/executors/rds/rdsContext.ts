import { setTimeout as after } from 'node:timers/promises';
import type { DBCluster, DBInstance, Event as RdsEvent } from '@aws-sdk/client-rds';
import {
  DescribeEventsCommand,
  paginateDescribeDBClusters,
  paginateDescribeDBInstances,
} from '@aws-sdk/client-rds';
import type { Outcome, RdsPlan } from '../../core/plan/plan.ts';
import type { RunIo } from '../../core/ports.ts';
import type { RdsClients, RdsPace } from './rdsClients.ts';
import type { RdsFailure } from './rdsFailure.ts';
import { rdsFailureOf } from './rdsFailure.ts';

/** What every look and every change at RDS is given. */
export interface RdsContext {
  readonly clients: RdsClients;
  readonly pace: RdsPace;
  readonly signal: AbortSignal;
}

/** A run: with where its words go, and the plan for its undo's target. */
export interface RdsRun extends RdsContext {
  readonly io: RunIo;
  readonly plan: RdsPlan;
}

export type RdsResult<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: RdsFailure };

/** Runs one exchange with AWS; whatever it throws becomes a failure. */
export async function attempt<T>(
  { clients }: Pick<RdsContext, 'clients'>,
  work: () => Promise<T>,
): Promise<RdsResult<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (thrown) {
    const failure = rdsFailureOf(thrown, clients.place);
    if (failure.code === 'unauthorized') clients.forget();
    return { ok: false, failure };
  }
}

/** All clusters, or the one of that identifier; in AWS's order. */
export const fetchClusters = (
  context: RdsContext,
  cluster: string | undefined,
): Promise<RdsResult<readonly DBCluster[]>> =>
  attempt(context, async () => {
    const found: DBCluster[] = [];
    const input = cluster === undefined ? {} : { DBClusterIdentifier: cluster };
    for await (const page of paginateDescribeDBClusters(
      { client: context.clients.read },
      input,
      options(context),
    ))
      found.push(...(page.DBClusters ?? []));
    return found;
  });

/** All instances, the one of that identifier, or the members of a cluster; in AWS's order. */
export const fetchInstances = (
  context: RdsContext,
  of: { readonly instance?: string | undefined; readonly cluster?: string | undefined },
): Promise<RdsResult<readonly DBInstance[]>> =>
  attempt(context, async () => {
    const found: DBInstance[] = [];
    const input = {
      ...(of.instance === undefined ? {} : { DBInstanceIdentifier: of.instance }),
      ...(of.cluster === undefined ? {} : { Filters: [{ Name: 'db-cluster-id', Values: [of.cluster] }] }),
    };
    for await (const page of paginateDescribeDBInstances(
      { client: context.clients.read },
      input,
      options(context),
    ))
      found.push(...(page.DBInstances ?? []));
    return found;
  });

/** The abort signal goes with each request. */
const options = ({ signal }: RdsContext): { readonly abortSignal: AbortSignal } => ({ abortSignal: signal });

/** Events of one source that were not there when this was made, each told once, oldest first. */
export interface EventFeed {
  fresh(): Promise<readonly RdsEvent[]>;
}

/**
 * Remembers what is there already, so that no clock has to agree with AWS's. AWS sends events "on a best effort basis":
 * they are for reading along, never for deciding, and a failure to read them is no failure.
 */
export async function createEventFeed(
  context: RdsContext,
  type: 'db-cluster' | 'db-instance',
  name: string,
): Promise<EventFeed> {
  const seen = new Set<string>();
  let refused = false;
  const fresh = async (): Promise<readonly RdsEvent[]> => {
    if (refused) return [];
    const input = { SourceType: type, SourceIdentifier: name, Duration: 60 };
    const answer = await attempt(context, () =>
      context.clients.read.send(new DescribeEventsCommand(input), options(context)),
    );
    if (!answer.ok) {
      refused = answer.failure.fate === 'refused' && answer.failure.status !== 429;
      return [];
    }
    const events = (answer.value.Events ?? []).filter((event) => {
      const key = `${event.Date?.getTime() ?? 0} ${event.Message ?? ''}`;
      const isNew = !seen.has(key);
      seen.add(key);
      return isNew;
    });
    return events.sort((a, b) => (a.Date?.getTime() ?? 0) - (b.Date?.getTime() ?? 0));
  };
  await fresh();
  return { fresh };
}

/** Progress with the time in UTC: `state` only when it says something new, `tell` always. */
export interface Progress {
  state(line: string): Promise<void>;
  tell(line: string, at?: Date): Promise<void>;
}

export function createProgress(io: RunIo): Progress {
  let last = '';
  const tell = async (line: string, at = new Date()): Promise<void> =>
    void (await io.write(`${at.toISOString().slice(11, 19)}Z  ${line}\n`, 'stdout'));
  return {
    tell,
    async state(line) {
      if (line === last) return;
      last = line;
      await tell(line);
    },
  };
}

/** Waits `ms`; false as soon as the signal aborts. */
export const pause = async (ms: number, signal: AbortSignal): Promise<boolean> => {
  try {
    await after(ms, undefined, { signal });
    return true;
  } catch {
    return false;
  }
};

/** Says on standard error why the run ends, and gives that as its outcome. */
export async function failRun(io: RunIo, outcome: Outcome): Promise<Outcome> {
  if (outcome.kind === 'failed') await io.write(`${outcome.message}\n`, 'stderr');
  return outcome;
}
