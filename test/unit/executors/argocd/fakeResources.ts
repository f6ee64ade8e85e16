import type {
  ApplicationResources,
  ResourceFailure,
  ResourceName,
} from '../../../../src/executors/applicationResources.ts';

/** JSON of any shape. */
export type Json = { [field: string]: unknown };

export interface FakeResources extends ApplicationResources {
  /** By `kind/name`; tests change them in place of a controller. */
  readonly objects: Map<string, Json>;
  readonly patches: { readonly name: string; readonly patch: Json }[];
  /** Answers in place of the store: the next reads or writes fail so. */
  onGet?: (resource: ResourceName) => ResourceFailure | undefined;
  onPatch?: (patch: Json) => ResourceFailure | undefined;
}

const notFound = (name: string): ResourceFailure => ({
  code: 'not-found',
  status: 404,
  message: `applications.argoproj.io "${name}" not found`,
});

function merge(target: unknown, patch: unknown): unknown {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch;
  const merged: Json = typeof target === 'object' && target !== null ? { ...(target as Json) } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key];
    else merged[key] = merge(merged[key], value);
  }
  return merged;
}

/** A cluster's Argo CD resources in memory, without controllers. */
export function createFakeResources(...apps: readonly Json[]): FakeResources {
  const objects = new Map<string, Json>();
  const nameOf = (object: Json): string => (object['metadata'] as { name: string }).name;
  for (const one of apps) objects.set(`applications/${nameOf(one)}`, one);
  const patches: FakeResources['patches'] = [];
  const fake: FakeResources = {
    objects,
    patches,
    get: (_target, resource) => {
      const failure = fake.onGet?.(resource);
      const found = objects.get(`${resource.kind}/${resource.name}`);
      if (failure) return Promise.resolve({ ok: false, failure });
      return Promise.resolve(
        found ? { ok: true, value: found } : { ok: false, failure: notFound(resource.name) },
      );
    },
    list: () => Promise.resolve({ ok: true, value: [...objects.values()] }),
    patch: (_target, { kind, name }, patch) => {
      patches.push({ name, patch: patch as Json });
      const failure = fake.onPatch?.(patch as Json);
      if (failure) return Promise.resolve({ ok: false, failure });
      const merged = merge(objects.get(`${kind}/${name}`), patch) as Json;
      objects.set(`${kind}/${name}`, merged);
      return Promise.resolve({ ok: true, value: merged });
    },
    mayPatch: () => Promise.resolve(undefined),
  };
  return fake;
}

const source = { repoURL: 'https://git.example.com/a.git', path: '.', targetRevision: 'main' };
export const revision = (letter: string): string => letter.repeat(40);
export const entry = (id: number, letter: string, deployedAt = `2026-11-0${id + 1}T10:00:00Z`): Json => ({
  id,
  revision: revision(letter),
  deployedAt,
  source,
});

/** An Application in `argocd` that has been deployed from commits a, b and c; parts are merged into it. */
export const application = (name: string, parts: Json = {}): Json =>
  merge(
    {
      metadata: { name, namespace: 'argocd', resourceVersion: '1' },
      spec: {
        project: 'default',
        source,
        destination: { server: 'https://kubernetes.default.svc', namespace: 'production' },
      },
      status: {
        sync: { status: 'Synced', revision: revision('c') },
        health: { status: 'Healthy' },
        history: [entry(0, 'a'), entry(1, 'b'), entry(2, 'c')],
        reconciledAt: '2026-11-20T10:00:00Z',
        operationState: {
          phase: 'Succeeded',
          startedAt: '2026-11-03T09:59:00Z',
          finishedAt: '2026-11-03T10:00:00Z',
          operation: { sync: { revision: revision('c') } },
        },
      },
    },
    parts,
  ) as Json;
