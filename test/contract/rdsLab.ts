import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { RdsAction } from '../../src/core/plan/aws/rdsAction.ts';
import type { Outcome, RdsPlan } from '../../src/core/plan/plan.ts';
import type { MadeChange } from '../../src/core/plan/undo.ts';
import type { RdsExecutor } from '../../src/executors/rds/rdsExecutor.ts';
import type { Databases } from '../../src/simulator/state/databases.ts';
import { advanceDatabases, createDatabases } from '../../src/simulator/state/databases.ts';
import { createRdsServer } from '../../src/simulator/systems/rds/rdsServer.ts';
import type { CollectedOutput } from '../unit/executors/collectOutput.ts';
import { collectOutput, untilDone } from '../unit/executors/collectOutput.ts';

export interface SimulatedRds {
  readonly url: string;
  readonly databases: Databases;
  /** Actions asked for, oldest first. */
  readonly actions: string[];
  dispose(): Promise<void>;
}

/** The simulated RDS alone; a failover takes about `24 / speed` seconds. */
export async function startSimulatedRds(speed = 60): Promise<SimulatedRds> {
  const databases = createDatabases(Date.now(), speed);
  const actions: string[] = [];
  const server = createRdsServer({
    present: () => {
      advanceDatabases(databases, Date.now());
      return databases;
    },
    onRequest: (action) => actions.push(action),
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    databases,
    actions,
    async dispose() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

export const fakeKeys = { accessKeyId: 'lab-key', secretAccessKey: 'lab-word' };

export const rdsPlan = (action: RdsAction, parts: Partial<RdsPlan> = {}): RdsPlan => ({
  kind: 'rds',
  stepId: 'step',
  original: `aws rds ${action.operation}`,
  preview: `aws rds ${action.operation}`,
  risk: action.operation.startsWith('describe') ? 'read' : 'change',
  target: { awsProfile: 'prod', awsRegion: 'eu-central-1' },
  missing: [],
  traps: [],
  timeoutMs: 60_000,
  action,
  filters: [],
  ...parts,
});

export interface RanRds {
  readonly outcome: Outcome;
  readonly output: CollectedOutput;
  readonly changes: readonly MadeChange[];
  /** The sentence of a failed outcome, the detail of a good one. */
  readonly said: string;
}

export async function runRds(
  executor: RdsExecutor,
  plan: RdsPlan,
  signal: AbortSignal = untilDone(),
  output: CollectedOutput = collectOutput(),
): Promise<RanRds> {
  const changes: MadeChange[] = [];
  output.changed = (change) => void changes.push(change);
  const outcome = await executor.run(plan, output, signal);
  const said =
    outcome.kind === 'failed' ? outcome.message : outcome.kind === 'succeeded' ? (outcome.detail ?? '') : '';
  return { outcome, output, changes, said };
}
