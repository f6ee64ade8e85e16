import { readFile } from 'node:fs/promises';
import { PlainFailure } from '../../scripts/cache.mjs';
import type { ArgoCdDescription } from './systems/argoCd.ts';
import type { AwsDescription } from './systems/aws.ts';
import type { EmulateDescription } from './systems/emulate.ts';
import type { KubernetesDescription } from './systems/kubernetes.ts';
import type { PostgresqlDescription } from './systems/postgresql.ts';
import type { PrometheusDescription } from './systems/prometheus.ts';
import type { RedisDescription } from './systems/redis.ts';
import type { UnleashDescription } from './systems/unleash.ts';

/** What a test has to know of the running lab: for each system its addresses, users and programs. */
export interface LabDescription {
  readonly postgresql: PostgresqlDescription;
  readonly kubernetes: KubernetesDescription;
  readonly redis: RedisDescription;
  readonly argoCd: ArgoCdDescription;
  readonly aws: AwsDescription;
  readonly prometheus: PrometheusDescription;
  readonly unleash: UnleashDescription;
  readonly emulate: EmulateDescription;
}

/**
 * The description of the lab that `INCIDENT_LAB` names (a file `lab up` wrote). Throws a PlainFailure when there is
 * none, or when the lab runs without a system of `wanted`.
 */
export async function readLab<Name extends keyof LabDescription>(
  ...wanted: readonly Name[]
): Promise<Pick<LabDescription, Name>> {
  const file = process.env['INCIDENT_LAB'];
  if (!file) throw new PlainFailure('INCIDENT_LAB names no lab. Run these tests with `npm run test:lab`.');
  const lab = JSON.parse(await readFile(file, 'utf8')) as Partial<LabDescription>;
  const absent = wanted.filter((name) => lab[name] === undefined);
  if (absent.length > 0) throw new PlainFailure(`The lab in ${file} runs without ${absent.join(', ')}.`);
  return lab as Pick<LabDescription, Name>;
}
