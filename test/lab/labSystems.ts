import type { LabSystem, SystemName } from './labSystem.ts';
import { argoCd } from './systems/argoCd.ts';
import { aws } from './systems/aws.ts';
import { emulate } from './systems/emulate.ts';
import { kubernetes } from './systems/kubernetes.ts';
import { postgresql } from './systems/postgresql.ts';
import { prometheus } from './systems/prometheus.ts';
import { redis } from './systems/redis.ts';
import { unleash } from './systems/unleash.ts';

/** Every system of the lab, in the order in which they are started: containers of Kubernetes reach PostgreSQL. */
export const labSystems: readonly { [Name in SystemName]: LabSystem<Name> }[SystemName][] = [
  postgresql,
  kubernetes,
  redis,
  argoCd,
  aws,
  prometheus,
  unleash,
  emulate,
];
