import type { Result } from '../core/errors.ts';
import { failed, messageOf, ok } from '../core/errors.ts';

/** Gives a secret's value by its name; undefined when it is not set. */
export type Secrets = (name: string) => Promise<string | undefined>;

/**
 * The values of the secrets that a plan names. Fails as `unauthorized` with a sentence when one is not set, before
 * anything was sent or started.
 */
export async function fetchSecrets(
  names: readonly string[],
  secrets: Secrets | undefined,
): Promise<Result<ReadonlyMap<string, string>>> {
  const values = new Map<string, string>();
  for (const name of names) {
    let value: string | undefined;
    try {
      value = await secrets?.(name);
    } catch (thrown) {
      return failed(
        'unauthorized',
        `The secret ${name} could not be read. Nothing was run; set it again with Incident: Set Secret.`,
        messageOf(thrown),
      );
    }
    if (value === undefined || value.trim() === '')
      return failed(
        'unauthorized',
        `The secret ${name} is not set. Nothing was run. Set the secret ${name} with Incident: Set Secret, then run this step again.`,
      );
    values.set(name, value);
  }
  return ok(values);
}
