import type { KubernetesAction } from '../../../core/plan/kubectl/kubernetesAction.ts';
import type { ApiFailure } from '../access/apiFailure.ts';
import { printObjects } from './getObjects.ts';
import { printTables } from './getTables.ts';
import type { VerbContext, VerbOutcome } from '../verb.ts';
import { failedVerb, failVerb, succeeded } from '../verb.ts';
import type { Wanted } from './wanted.ts';
import { resolveWanted } from './wanted.ts';
import { runWatch } from './watch.ts';

export type GetAction = Extract<KubernetesAction, { verb: 'get' }>;

/** What was shown of what was asked for. */
export interface Printed {
  readonly failures: readonly ApiFailure[];
  readonly printed: boolean;
}

export const isTable = ({ output }: GetAction): boolean => output === 'table' || output === 'wide';

/** kubectl get: what is there goes to stdout, what is not to stderr; any failure makes it exit code 1. */
export async function runGet(context: VerbContext, action: GetAction): Promise<VerbOutcome> {
  const wanted = await resolveWanted(context, action);
  if (!wanted.ok) return failVerb(context, wanted.failure);
  const [only] = wanted.value;
  if (action.watch !== undefined && only !== undefined) return runWatch(context, action, only);
  const shown = isTable(action)
    ? await printTables(context, action, wanted.value)
    : await printObjects(context, action, wanted.value);
  return finish(context, action, wanted.value, shown);
}

async function finish(
  context: VerbContext,
  action: GetAction,
  wanted: readonly Wanted[],
  { failures: all, printed }: Printed,
): Promise<VerbOutcome> {
  const failures = all.filter((failure) => !(action.ignoreNotFound === true && failure.status === 404));
  const stopped = failures.find((failure) => failure.code === 'cancelled');
  if (stopped !== undefined) return failedVerb(stopped);
  for (const failure of failures) await context.output.error(`${failure.message}\n`);
  const worst = failures.find((failure) => failure.status !== 404) ?? failures[0];
  if (worst !== undefined) {
    const others = failures.length - 1;
    return failedVerb(
      others > 0 ? { ...worst, message: `${worst.message} (and ${others} more, see the output)` } : worst,
    );
  }
  if (!printed && isTable(action) && action.ignoreNotFound !== true) {
    const everywhere = action.allNamespaces || wanted.some(({ kind }) => !kind.namespaced);
    await context.output.error(
      `No resources found${everywhere ? '' : ` in ${context.namespace} namespace.`}\n`,
    );
  }
  return succeeded(printed ? undefined : 'No resources found.');
}
