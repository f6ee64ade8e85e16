import type { FlagService } from '../plan/curl/flagService.ts';
import type { Missing, Target } from '../plan/plan.ts';
import { expectedText, validateInput } from '../plan/words/validateInput.ts';
import { lookUpCommand } from './lookUpCommand.ts';

/** What the form says of one value besides its name, the same for the page and the palette. */
export interface FieldParts {
  readonly description: string | undefined;
  /** The guide's own default: prefilled and said to be one, never set by itself. */
  readonly default: string | undefined;
  /** `a number from 1 to 20`; undefined where any text will do. */
  readonly expected: string | undefined;
  /** Of a choice: nothing else can be set. */
  readonly options: readonly string[];
  /** True where a system can be asked what there is. */
  readonly live: boolean;
}

/** @param app of a revision: the app that is set, if one is */
export const fieldParts = (
  { kind, input }: Missing,
  target: Target,
  app: string | undefined,
  flagServices: readonly FlagService[] = [],
): FieldParts => ({
  description: input?.description,
  default: input?.default,
  expected: expectedText(kind, input),
  options: kind === 'choice' ? (input?.options ?? []) : [],
  live:
    lookUpCommand(kind, target, app) !== undefined ||
    (kind === 'flag' && flagServices.some((service) => service.kind !== 'generic')) ||
    (kind === 'revision' && lookUpCommand('app', target, app) !== undefined),
});

/**
 * Why a value cannot be set for a name, as a sentence; undefined when it can. Every place that the steps have for the name
 * is held against it, so that one which suits a label but not a namespace is told at once.
 */
export function refuseValue(
  placeholders: readonly Missing[],
  name: string,
  value: string,
): string | undefined {
  const trimmed = value.trim();
  if (trimmed === '') return undefined; // refused where it is decided
  for (const missing of placeholders) {
    if (missing.name !== name) continue;
    const wrong = validateInput(missing.kind, missing.input, trimmed);
    if (wrong !== undefined) return `${wrong} Nothing was set.`;
  }
  return undefined;
}

/** A namespace that is not the pinned one is meant or a slip: said in red, before any command is sent there. */
export function namespaceDiffers(
  { kind }: Pick<Missing, 'kind'>,
  value: string | undefined,
  target: Target,
): string | undefined {
  const { namespace } = target;
  if (kind !== 'namespace' || value === undefined || namespace === undefined || value === namespace)
    return undefined;
  return `The incident is pinned to the namespace ${namespace}, and this is ${value}: changes there wait until the target is settled.`;
}
