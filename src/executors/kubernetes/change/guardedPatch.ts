import type { ApiFailure, ApiResult } from '../access/apiFailure.ts';
import { apiFailed } from '../access/apiFailure.ts';
import type { ResourceKind } from '../objects/discovery.ts';
import { pathOf } from '../objects/discovery.ts';
import { isRecord } from './fieldChanges.ts';
import type { KubeObject } from '../objects/objects.ts';
import type { LookContext } from '../verb.ts';

export type PatchType = 'strategic' | 'merge' | 'json' | 'apply';

const contentTypes = {
  strategic: 'application/strategic-merge-patch+json',
  merge: 'application/merge-patch+json',
  json: 'application/json-patch+json',
  apply: 'application/apply-patch+yaml',
} as const;

/** An object and its patch, both as the server has them. */
export interface Patched {
  readonly kind: ResourceKind;
  readonly before: KubeObject;
  readonly after: KubeObject;
}

export interface GuardedPatch {
  readonly kind: ResourceKind;
  readonly name: string;
  readonly subresource?: string | undefined;
  readonly type: Exclude<PatchType, 'apply'>;
  /** The patch for the object as it is now, or why it must not be sent. */
  readonly patch: (live: KubeObject) => ApiResult<unknown>;
  readonly dryRun: boolean;
}

/** How often somebody else may write to the object between our look and our patch. */
const attempts = 6;

/**
 * Looks at the object, lets `patch` decide, and sends its patch for exactly the version that was looked at. When
 * something else wrote in between (a status update suffices) it looks again, so only `patch` can refuse for a reason.
 * https://kubernetes.io/docs/reference/using-api/api-concepts/#patch-and-update
 */
export async function patchGuarded(context: LookContext, wanted: GuardedPatch): Promise<ApiResult<Patched>> {
  const path = pathOf(wanted.kind, context.namespace, wanted.name, wanted.subresource);
  for (let attempt = 1; ; attempt++) {
    const live = await context.transport.json({ path }, context.signal);
    if (!live.ok) return live;
    const before = live.value as KubeObject;
    const patch = wanted.patch(before);
    if (!patch.ok) return patch;
    const after = await context.transport.json(
      {
        method: 'PATCH',
        path,
        query: { dryRun: wanted.dryRun ? 'All' : undefined },
        contentType: contentTypes[wanted.type],
        body: JSON.stringify(atVersion(patch.value, before.metadata?.resourceVersion)),
      },
      context.signal,
    );
    if (after.ok) return { ok: true, value: { kind: wanted.kind, before, after: after.value as KubeObject } };
    if (after.failure.status !== 409 || after.failure.reason !== 'Conflict' || attempt === attempts)
      return after;
  }
}

/** The patch with the version it is for; one that names a version itself is left as it is. */
function atVersion(patch: unknown, version: string | undefined): unknown {
  if (version === undefined) return patch;
  if (Array.isArray(patch)) {
    const path = '/metadata/resourceVersion';
    const own = patch.some((each) => isRecord(each) && each['path'] === path && each['op'] !== 'test');
    return own ? (patch as unknown[]) : [...(patch as unknown[]), { op: 'replace', path, value: version }];
  }
  if (!isRecord(patch)) return patch;
  const metadata = isRecord(patch['metadata']) ? patch['metadata'] : {};
  return 'resourceVersion' in metadata
    ? patch
    : { ...patch, metadata: { ...metadata, resourceVersion: version } };
}

/** One patch without a look; for server-side apply and for objects that may not be there yet. */
export async function sendPatch(
  context: LookContext,
  request: {
    readonly path: string;
    readonly type: PatchType;
    readonly body: string;
    readonly query: Readonly<Record<string, string | boolean | undefined>>;
  },
): Promise<ApiResult<KubeObject>> {
  const { path, type, body, query } = request;
  const answer = await context.transport.json(
    { method: 'PATCH', path, query, contentType: contentTypes[type], body },
    context.signal,
  );
  return answer.ok ? { ok: true, value: answer.value as KubeObject } : answer;
}

export const refused = (code: ApiFailure['code'], message: string): { ok: false; failure: ApiFailure } =>
  apiFailed({ code, message });
