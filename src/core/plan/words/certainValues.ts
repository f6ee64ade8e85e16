import type { Target } from '../plan.ts';
import { valuesOfIncident } from './placeholders.ts';

/** Values by name that an incident has: its own service and namespace, and over them what people and runs have set. */
export const certainValues = ({
  service,
  target,
  values,
}: {
  readonly service?: string | undefined;
  readonly target: Target;
  readonly values: Readonly<Record<string, string>>;
}): Readonly<Record<string, string>> => ({
  ...valuesOfIncident({
    ...(service === undefined ? {} : { service }),
    ...(target.namespace === undefined ? {} : { namespace: target.namespace }),
  }),
  ...values,
});
