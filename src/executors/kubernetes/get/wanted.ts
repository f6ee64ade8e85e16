import type { ObjectRef } from '../../../core/plan/kubectl/kubernetesAction.ts';
import type { ApiResult } from '../access/apiFailure.ts';
import type { ResourceKind } from '../objects/discovery.ts';
import { kindName } from '../objects/discovery.ts';
import type { VerbContext } from '../verb.ts';

/** One kind to be asked for: all of it, or these names. */
export interface Wanted {
  readonly kind: ResourceKind;
  readonly names: readonly string[];
}

interface Asked {
  readonly kinds: readonly string[];
  readonly names: readonly string[];
  readonly objects?: readonly ObjectRef[];
}

/**
 * Resolves the kinds that a command names, each with its names; neighbours of one kind are asked for together. A
 * category (`all`) is every kind in it.
 */
export async function resolveWanted(
  context: VerbContext,
  { kinds, names, objects }: Asked,
): Promise<ApiResult<readonly Wanted[]>> {
  const asked =
    objects?.map(({ kind, name }) => ({ kind, names: [name] })) ?? kinds.map((kind) => ({ kind, names }));
  const wanted: Wanted[] = [];
  for (const one of asked) {
    const found = await context.discovery.resolve(one.kind, context.signal);
    if (!found.ok) return found;
    for (const kind of found.value) {
      const last = wanted.at(-1);
      const isSame = (other: Wanted): boolean => kindName(other.kind) === kindName(kind);
      if (objects === undefined) {
        // `po,all` shows pods once.
        if (!wanted.some(isSame)) wanted.push({ kind, names: one.names });
      } else if (last !== undefined && isSame(last))
        wanted[wanted.length - 1] = { kind, names: [...last.names, ...one.names] };
      else wanted.push({ kind, names: one.names });
    }
  }
  return { ok: true, value: wanted };
}
