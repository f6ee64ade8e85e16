import { bad, good, notChecked, type Look } from './check.ts';
import { tableRows } from './tableRows.ts';

/** A container that started again so short a time ago has not shown that it stays up, ms. */
const recentMs = 2 * 60_000;

/**
 * Whether the pods of a service are ready, from `kubectl get pods` and `kubectl get deployments` of its namespace. Pods
 * are the service's by their name, as its Deployment, StatefulSet or DaemonSet named them.
 */
export function judgePods(service: string, podsText: string, deploymentsText: string): Look {
  const isOwn = (name: string): boolean => name === service || name.startsWith(`${service}-`);
  const pods = tableRows(podsText).filter(
    (row) => isOwn(row['NAME'] ?? '') && row['STATUS'] !== 'Terminating' && !isDone(row['STATUS'] ?? ''),
  );
  const deployment = tableRows(deploymentsText).find((row) => row['NAME'] === service);
  const [ready, wanted] = (deployment?.['READY'] ?? '').split('/').map(Number);
  if (pods.length === 0 && deployment === undefined)
    return notChecked(`no pod and no Deployment there has a name that begins with ${service}`);
  if (deployment !== undefined && wanted === 0) return bad(`${service} is scaled to 0: nothing of it runs`);
  const lines = pods.map((row) => [row['NAME'], row['READY'], row['STATUS'], row['RESTARTS']].join('  '));
  const troubled = pods.filter((row) => !isReady(row));
  const fresh = pods.filter((row) => isReady(row) && hasJustRestarted(row['RESTARTS'] ?? ''));
  const states = [...new Set(troubled.map((row) => row['STATUS'] ?? ''))].join(', ');
  if (troubled.length > 0)
    return bad(
      `${pods.length - troubled.length} of ${pods.length} pods of ${service} are ready (${states})`,
      pods
        .map((_, at) => lines[at] ?? '')
        .sort((a, b) => Number(/Running/.test(a)) - Number(/Running/.test(b))),
    );
  if (ready !== undefined && wanted !== undefined && ready < wanted)
    return bad(`${ready} of ${wanted} wanted replicas of ${service} are ready`, lines);
  if (fresh.length > 0)
    return bad(
      `all ${pods.length} pods of ${service} are ready, but ${fresh.length} restarted less than 2 min ago`,
      fresh.map((row) => `${row['NAME'] ?? ''}: ${row['RESTARTS'] ?? ''} restarts`),
    );
  return good(`${pods.length} of ${pods.length} pods of ${service} are ready`, lines);
}

const isDone = (status: string): boolean => status === 'Completed' || status === 'Succeeded';

function isReady(row: Readonly<Record<string, string>>): boolean {
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
