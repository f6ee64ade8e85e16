import type { Result } from '../../core/errors.ts';
import { failed, ok } from '../../core/errors.ts';
import type { Outcome, RdsPlan } from '../../core/plan/plan.ts';
import type { Executor, Inspection, RunIo, Signal } from '../../core/ports.ts';
import { inspectScoped, runScoped } from '../runScope.ts';
import { fetchSsoState } from './awsProfiles.ts';
import { runDescribe } from './describe.ts';
import { inspectFailover, runFailover } from './failover.ts';
import type { RdsDeps, RdsPace } from './rdsClients.ts';
import { createRdsClients, resolvePlace } from './rdsClients.ts';
import type { RdsContext, RdsRun } from './rdsContext.ts';
import { loginCommand } from './rdsFailure.ts';
import { inspectReboot, runReboot } from './reboot.ts';
import { orAborted } from './sendChange.ts';

// The one entry of this lazy chunk: what the composition root takes from it comes from here.
export type { AwsProfile } from './awsProfiles.ts';
export { fetchAwsProfiles } from './awsProfiles.ts';
export type { RdsDeps } from './rdsClients.ts';

/** Runs `aws rds` plans through the API, in the plan's own account and region. `dispose` closes its connections. */
export interface RdsExecutor extends Executor<RdsPlan> {
  inspect(plan: RdsPlan, signal: Signal): Promise<Result<Inspection>>;
  foresee(plan: RdsPlan, signal: Signal): Promise<readonly string[]>;
  dispose(): void;
}

const pace: RdsPace = { pollMs: 2000, settleMs: 30_000, requestMs: 10_000 };

export function createRdsExecutor(deps: RdsDeps): RdsExecutor {
  const ours: RdsPace = { ...pace, ...deps.pace };
  const clients = createRdsClients(deps, ours.requestMs);
  async function run(plan: RdsPlan, io: RunIo, signal: AbortSignal): Promise<Outcome> {
    const opened = await clients.open(plan.target);
    if (!opened.ok) {
      await io.write(`${opened.failure.message}\n`, 'stderr');
      return { kind: 'failed', message: opened.failure.message };
    }
    return runAction({ clients: opened.value, pace: ours, signal, io, plan });
  }

  return {
    run: (plan, io, signal) => runScoped(plan.timeoutMs, signal, io, (inner, out) => run(plan, out, inner)),
    async inspect(plan, signal) {
      const opened = await clients.open(plan.target);
      if (!opened.ok) return opened;
      return inspectScoped(signal, async (inner) => {
        const context = { clients: opened.value, pace: ours, signal: inner };
        // The SDK's waits between two tries do not hear the signal.
        const inspected = await orAborted(inspectAction(context, plan), inner, 0);
        return inspected === 'aborted' ? failed('cancelled', 'Stopped. Nothing was changed.') : inspected;
      });
    },
    foresee: (plan) => foresee(plan, deps),
    dispose: () => clients.dispose(),
  };
}

function runAction(run: RdsRun): Promise<Outcome> {
  const { action } = run.plan;
  switch (action.operation) {
    case 'describe-db-instances':
    case 'describe-db-clusters':
    case 'describe-events':
      return runDescribe(run, action);
    case 'failover-db-cluster':
      return runFailover(run, action);
    case 'reboot-db-instance':
      return runReboot(run, action);
  }
}

function inspectAction(context: RdsContext, plan: RdsPlan): Promise<Result<Inspection>> {
  const { action } = plan;
  switch (action.operation) {
    case 'describe-db-instances':
    case 'describe-db-clusters':
    case 'describe-events':
      return Promise.resolve(ok({ changes: [], warnings: [] }));
    case 'failover-db-cluster':
      return inspectFailover(context, plan, action);
    case 'reboot-db-instance':
      return inspectReboot(context, plan, action);
  }
}

/** By the shared files and the cached SSO token alone: nothing is sent anywhere. */
async function foresee({ target }: RdsPlan, { env, credentials }: RdsDeps): Promise<readonly string[]> {
  const place = await resolvePlace(target, env);
  if (!place.ok) return [place.failure.message];
  if (credentials !== undefined) return [];
  const { profile, known } = place.value;
  if (profile !== undefined && known === undefined)
    return [`The AWS profile ${profile} is not in this machine’s AWS config, so this step will not run.`];
  if (known?.sso === undefined || (profile === undefined && env['AWS_ACCESS_KEY_ID'])) return [];
  const state = await fetchSsoState(known.sso, Date.now());
  if (state === 'good') return [];
  const login = `Log in first: ${loginCommand(known.sso.profile)}`;
  return state === 'expired'
    ? [`The SSO session of the AWS profile ${known.name} has expired. ${login}`]
    : [`There is no SSO session for the AWS profile ${known.name}. ${login}`];
}
