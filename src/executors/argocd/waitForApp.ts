import { setTimeout as delay } from 'node:timers/promises';
import type { Application } from './application.ts';
import { isComparing, isOperating } from './application.ts';
import { oneLine, resourceRows } from './applicationTables.ts';
import type { ArgoCdContext } from './argoCdContext.ts';
import type { ArgoCdFailure, ArgoCdResult } from './applications.ts';
import { argoCdFailed } from './applications.ts';

/** What an app must be like before the wait is over; a failed operation ends it too. */
export interface Wanted {
  readonly operation: boolean;
  readonly health: boolean;
  readonly sync: boolean;
}

/** A server that restarts is away for a moment: this many looks in a row may fail. */
const failuresBorne = 5;

/**
 * Looks at an app until it is as wanted, telling each change on one line. Fails when its operation fails, or when its
 * health goes over to Degraded while it is waited for (an app that was Degraded before is given the time to recover).
 * `before` is the app as it was when its operation was asked for: the state of an older operation is no answer.
 */
export async function waitForApp(
  { applications, output, signal, pollMs }: ArgoCdContext,
  name: string,
  wanted: Wanted,
  before?: Application,
): Promise<ArgoCdResult<Application>> {
  let told = '';
  const toldResources = new Map<string, string>();
  let failures = 0;
  let unmoved = 0;
  let healthBefore: string | undefined;
  // Times are told to the second: only a comparison that was asked for afterwards is surely newer than the operation.
  let compared = before === undefined;
  let refresh: 'none' | 'normal' = 'none';
  for (;;) {
    const look = await applications.get(name, refresh, signal);
    refresh = 'none';
    if (signal.aborted) return argoCdFailed({ code: 'cancelled', message: 'Stopped.' });
    if (!look.ok) {
      if (!isPassing(look.failure) || ++failures > failuresBorne) return look;
      if (failures === 1) await output.error(`${look.failure.message} Looking again.\n`);
    } else {
      failures = 0;
      const app = look.value;
      const line = stateText(app);
      if (line !== told) await output.write(`${clock()}  ${line}\n`);
      told = line;
      for (const row of resourceRows(app)) {
        const [, kind = '', , object = '', sync = '', health = '', , message = ''] = row;
        const text = [`${kind}/${object}`, sync, health, message].filter(Boolean).join('  ');
        if (toldResources.get(`${kind}/${object}`) !== text) await output.write(`${clock()}    ${text}\n`);
        toldResources.set(`${kind}/${object}`, text);
      }
      const old =
        before !== undefined && operationOf(app) === operationOf(before) && ++unmoved <= looksUnmoved;
      const operating = wanted.operation && (old || isOperating(app));
      const failed = wanted.operation && !operating ? failedOperation(app) : undefined;
      if (failed) return argoCdFailed(failed);
      if (!operating && !compared) {
        compared = true;
        refresh = 'normal';
        continue;
      }
      if (!operating && !(before && isComparing(app))) {
        const health = app.status.health.status ?? '';
        if (
          wanted.health &&
          health === 'Degraded' &&
          healthBefore !== undefined &&
          healthBefore !== 'Degraded'
        )
          return argoCdFailed({
            code: 'failed',
            message: `${name} went from ${healthBefore} to Degraded${reason(app)}. Look at its pods: kubectl get pods, kubectl describe.`,
          });
        if (health !== 'Unknown' && health !== '') healthBefore = health;
        const healthy = !wanted.health || health === 'Healthy';
        const synced = !wanted.sync || app.status.sync.status === 'Synced';
        if (healthy && synced) return look;
      }
    }
    await delay(pollMs, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return argoCdFailed({ code: 'cancelled', message: 'Stopped.' });
  }
}

/** Two operations may look the same (within one second, to one revision): after these looks it is taken for the new one. */
const looksUnmoved = 5;

const operationOf = ({ status }: Application): string => {
  const state = status.operationState;
  return state ? [state.startedAt, state.finishedAt, state.phase].join(' ') : '';
};

const isPassing = ({ code, status }: ArgoCdFailure): boolean =>
  code === 'unreachable' || code === 'timeout' || status === 429 || (status !== undefined && status >= 500);

const clock = (): string => new Date().toISOString().slice(11, 19);

function stateText({ status, operation }: Application): string {
  const phase = status.operationState?.phase || (operation ? 'Pending' : '');
  const message = oneLine(status.operationState?.message ?? '', 160);
  return [
    `sync ${status.sync.status || 'Unknown'}`,
    `health ${status.health.status || 'Unknown'}`,
    ...(phase === '' ? [] : [`operation ${phase}${message === '' ? '' : `: ${message}`}`]),
  ].join(', ');
}

const reason = ({ status }: Application): string =>
  status.health.message ? ` (${oneLine(status.health.message, 200)})` : '';

function failedOperation({ status, metadata }: Application): ArgoCdFailure | undefined {
  const state = status.operationState;
  if (!state || !/^(?:Failed|Error)$/.test(state.phase)) return undefined;
  const refused = (state.syncResult?.resources ?? [])
    .filter((result) => result.status === 'SyncFailed' || result.hookPhase === 'Failed')
    .map(({ kind, name, message }) => `${kind}/${name}: ${oneLine(message, 200)}`);
  return {
    code: 'failed',
    message: `Argo CD's operation on ${metadata.name} ended as ${state.phase}: ${oneLine(state.message, 300) || 'no explanation'}.${refused.length > 0 ? ` ${refused.slice(0, 3).join('; ')}.` : ''} What was applied before that stays.`,
  };
}
