import { messageOf } from '../../core/errors.ts';
import type { KubernetesAction } from '../../core/plan/kubernetesAction.ts';
import type { ApiResult } from './apiFailure.ts';
import { apiFailed } from './apiFailure.ts';
import type { ResourceKind } from './discovery.ts';
import { kindName, pathOf } from './discovery.ts';
import type { KubeObject } from './objects.ts';
import { fetchObject } from './objects.ts';
import type { LookContext } from './scale.ts';
import { resolveObject } from './scale.ts';
import type { VerbContext, VerbOutcome } from './verb.ts';
import { failVerb, succeeded } from './verb.ts';
import { parseYaml } from './yaml.ts';

export type PatchAction = Extract<KubernetesAction, { verb: 'patch' }>;

const contentTypes = {
  strategic: 'application/strategic-merge-patch+json',
  merge: 'application/merge-patch+json',
  json: 'application/json-patch+json',
} as const;

/** What a patch did, or with a server-side dry run would do. */
export interface Patched {
  readonly kind: ResourceKind;
  readonly before: KubeObject;
  readonly after: KubeObject;
}

/** Applies the patch (YAML or JSON, as kubectl takes both) on the server; with `dryRun` nothing is kept. */
export async function applyPatch(
  context: LookContext,
  action: PatchAction,
  dryRun: boolean,
): Promise<ApiResult<Patched>> {
  const body = patchBody(action);
  if (!body.ok) return body;
  const kind = await resolveObject(context, action.resource);
  if (!kind.ok) return kind;
  const before = await fetchObject<KubeObject>(
    context.transport,
    kind.value,
    context.namespace,
    action.resource.name,
    context.signal,
  );
  if (!before.ok) return before;
  const after = await context.transport.json(
    {
      method: 'PATCH',
      path: pathOf(kind.value, context.namespace, action.resource.name),
      query: { dryRun: dryRun ? 'All' : undefined },
      contentType: contentTypes[action.patchType],
      body: body.value,
    },
    context.signal,
  );
  if (!after.ok) return after;
  return { ok: true, value: { kind: kind.value, before: before.value, after: after.value as KubeObject } };
}

function patchBody(action: PatchAction): ApiResult<string> {
  const wanted = action.patchType === 'json' ? 'a list of operations' : 'an object';
  const refuse = (why: string): ApiResult<never> =>
    apiFailed({
      code: 'invalid',
      message: `error: unable to parse the patch: ${why}. Nothing was sent; correct the step.`,
    });
  try {
    const value = parseYaml(action.patch);
    const fits = action.patchType === 'json' ? Array.isArray(value) : isRecord(value);
    return fits ? { ok: true, value: JSON.stringify(value) } : refuse(`it must be ${wanted} in JSON or YAML`);
  } catch (thrown) {
    return refuse(messageOf(thrown).split('\n')[0] ?? 'not JSON or YAML');
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** kubectl patch. Says `(no change)` when the object already was as the patch wants it. */
export async function runPatch(context: VerbContext, action: PatchAction): Promise<VerbOutcome> {
  const patched = await applyPatch(context, action, action.dryRun);
  if (!patched.ok) return failVerb(context, patched.failure);
  const { kind, before, after } = patched.value;
  const same = changedFields(before, after).length === 0;
  const suffix = (action.dryRun ? ' (server dry run)' : '') + (same ? ' (no change)' : '');
  await context.output.write(`${kindName(kind)}/${action.resource.name} patched${suffix}\n`);
  return succeeded(same ? 'Nothing was different.' : undefined);
}

export interface ChangedField {
  readonly field: string;
  readonly before: string;
  readonly after: string;
}

/** Fields the server keeps for itself: they change with any write and say nothing about it. */
const ownFields = new Set([
  'metadata.managedFields',
  'metadata.resourceVersion',
  'metadata.generation',
  'status',
]);

/** The leaves that differ between two versions of an object, list items matched by their `name` where they have one. */
export function changedFields(before: unknown, after: unknown, path = ''): ChangedField[] {
  if (ownFields.has(path) || JSON.stringify(before) === JSON.stringify(after)) return [];
  if (isRecord(before) && isRecord(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return keys.flatMap((key) =>
      changedFields(before[key], after[key], path === '' ? key : `${path}.${key}`),
    );
  }
  if (Array.isArray(before) && Array.isArray(after)) {
    const left = byName(before);
    const right = byName(after);
    const keys = [...new Set([...left.keys(), ...right.keys()])];
    return keys.flatMap((key) => changedFields(left.get(key), right.get(key), `${path}[${key}]`));
  }
  return [{ field: path, before: shown(before), after: shown(after) }];
}

function byName(items: readonly unknown[]): Map<string, unknown> {
  const named = items.every((item) => isRecord(item) && typeof item['name'] === 'string');
  return new Map(
    items.map((item, index) => [named ? String((item as { name: string }).name) : String(index), item]),
  );
}

const shown = (value: unknown): string => {
  if (value === undefined) return '(not set)';
  return typeof value === 'string' ? value : JSON.stringify(value);
};
