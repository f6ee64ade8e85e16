import type { Guide } from '../guide/guide.ts';
import { stepSequences } from '../guide/stepSequences.ts';
import type { FlagService } from '../plan/curl/flagService.ts';
import { refuseCapture } from '../plan/words/refuseToKeep.ts';
import { referencesIn } from '../plan/words/secretReferences.ts';

/**
 * Names of the secrets that a machine may have to be given: what the guides' commands write as `$NAME` and is named or
 * declared as a secret, and what the settings' flag services name (`token`, `$NAME` in an address), each once, sorted.
 */
export function secretsToSet(
  guides: readonly Guide[],
  services: readonly FlagService[] = [],
): readonly string[] {
  const ofGuides = guides
    .flatMap(stepSequences)
    .flatMap(({ steps }) => steps)
    .flatMap((step) =>
      [...(step.command ?? '').matchAll(/\$\{?([A-Za-z_]\w*)/g)]
        .map(([, name = '']) => name)
        .filter((name) => refuseCapture(step, name) !== undefined),
    );
  const ofServices = services.flatMap(({ token, readUrl, enableUrl, disableUrl }) => [
    ...(token === undefined || token === '' ? [] : [token]),
    ...[readUrl, enableUrl, disableUrl].flatMap((url) => referencesIn(url ?? '')),
  ]);
  return [...new Set([...ofGuides, ...ofServices])].sort();
}
