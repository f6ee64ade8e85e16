import { bad, good, notChecked, ofPart, type Look } from './check.ts';
import { tableRows } from './tableRows.ts';

/** A container that started again so short a time ago has not shown that it stays up, ms. */
const recentMs = 2 * 60_000;

/** The Deployments and StatefulSets of a namespace. */
export interface Workloads {
  /** Each list that could be read, as kubectl prints it. */
  readonly texts: readonly string[];
  /** Why one could not be read. */
  readonly problem?: string;
}

/**
 * Whether the pods of a service are ready, and as many of them as its workloads want, from `kubectl get` of its
 * namespace. Pods and workloads are the service's by their name: its own, or one that begins with it.
 */
export function judgePods(service: string, podsText: string, { texts, problem }: Workloads): Look {
  const isOwn = ({ NAME = '' }: Row): boolean => NAME === service || NAME.startsWith(`${service}-`);
  const pods = tableRows(podsText).filter(
    (row) => isOwn(row) && row['STATUS'] !== 'Terminating' && !isDone(row['STATUS'] ?? ''),
  );
  return ofPart(
    lookAt(service, pods, texts.flatMap(tableRows).filter(isOwn).map(wantsOf)),
    problem === undefined ? undefined : `how many are wanted could not be read: ${problem}`,
  );
}

type Row = Readonly<Record<string, string>>;

/** A workload with how many of its pods are ready and wanted. */
interface Wanting {
  readonly name: string;
  readonly ready: number;
  readonly wanted: number;
}

/** kubectl writes `2/3`. */
function wantsOf({ NAME = '', READY = '' }: Row): Wanting {
  const [, ready = NaN, wanted = NaN] = /^(\d+)\/(\d+)$/.exec(READY)?.map(Number) ?? [];
  return { name: NAME, ready, wanted };
}

function lookAt(service: string, pods: readonly Row[], wanting: readonly Wanting[]): Look {
  if (pods.length === 0 && wanting.length === 0)
    return notChecked(`no pod and no workload there has a name that begins with ${service}`);
  const named = wanting.filter(({ name }) => name === service);
  const main = named.length > 0 ? named : wanting;
  if (main.length > 0 && main.every(({ wanted }) => wanted === 0))
    return bad(`${service} is scaled to 0: nothing of it runs`);
  const lines = pods.map((row) => [row['NAME'], row['READY'], row['STATUS'], row['RESTARTS']].join('  '));
  const troubled = pods.filter((row) => !isReady(row));
  const fresh = pods.filter((row) => isReady(row) && hasJustRestarted(row['RESTARTS'] ?? ''));
  const states = [...new Set(troubled.map((row) => row['STATUS'] ?? ''))].join(', ');
  if (troubled.length > 0)
    return bad(
      `${pods.length - troubled.length} of ${pods.length} pods of ${service} are ready (${states})`,
      [...lines].sort((a, b) => Number(/Running/.test(a)) - Number(/Running/.test(b))),
    );
  const short = wanting.filter(({ ready, wanted }) => ready < wanted);
  if (short.length > 0) {
    const sum = (count: (one: Wanting) => number): number => short.reduce((all, one) => all + count(one), 0);
    const names = short.map(({ name }) => name).join(' and ');
    return bad(
      `${sum(({ ready }) => ready)} of ${sum(({ wanted }) => wanted)} wanted replicas of ${names} are ready`,
      lines,
    );
  }
  if (fresh.length > 0)
    return bad(
      `all ${pods.length} pods of ${service} are ready, but ${fresh.length} restarted less than 2 min ago`,
      fresh.map((row) => `${row['NAME'] ?? ''}: ${row['RESTARTS'] ?? ''} restarts`),
    );
  return ofPart(
    good(`${pods.length} of ${pods.length} pods of ${service} are ready`, lines),
    wanting.some(({ wanted }) => Number.isNaN(wanted)) || pods.length === 0
      ? 'how many are wanted is not told'
      : undefined,
  );
}

const isDone = (status: string): boolean => status === 'Completed' || status === 'Succeeded';

function isReady(row: Row): boolean {
  const [ready, of] = (row['READY'] ?? '').split('/');
  return row['STATUS'] === 'Running' && ready === of;
}

const unitMs: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** kubectl writes `3 (45s ago)`. */
function hasJustRestarted(restarts: string): boolean {
  const ago = /\(([\dsmhd]+) ago\)/.exec(restarts)?.[1];
  if (ago === undefined) return false;
  const ms = [...ago.matchAll(/(\d+)([smhd])/g)].reduce(
    (sum, [, count, unit]) => sum + Number(count) * (unitMs[unit ?? ''] ?? 0),
    0,
  );
  return ms < recentMs;
}
