import * as v from 'valibot';
import type { ApplicationResources, ResourceName, ResourceResult } from '../applicationResources.ts';
import { fetchAccessReview } from './access/accessReview.ts';
import type { ApiFailure, ApiResult } from './access/apiFailure.ts';
import type { KubernetesDeps } from './access/clusters.ts';
import { createClusters } from './access/clusters.ts';
import type { ResourceKind } from './objects/discovery.ts';
import { pathOf } from './objects/discovery.ts';
import type { Transport } from './access/transport.ts';

/** https://argo-cd.readthedocs.io/en/stable/operator-manual/application.yaml */
const kindOf = (plural: ResourceName['kind']): ResourceKind => ({
  group: 'argoproj.io',
  version: 'v1alpha1',
  plural,
  singular: plural.slice(0, -1),
  kind: plural === 'applications' ? 'Application' : 'ApplicationSet',
  namespaced: true,
  shortNames: [],
  categories: [],
});

/** Where Argo CD's own manifests install it. */
const ownNamespace = 'argocd';

const listSchema = v.object({ items: v.nullish(v.array(v.looseObject({})), []) });

/** The Argo CD executor's way to a cluster: see ApplicationResources. `dispose` closes its connections. */
export function createApplicationResources(
  deps: KubernetesDeps,
): ApplicationResources & { dispose(): Promise<void> } {
  const clusters = createClusters(deps);

  async function list(
    transport: Transport,
    kind: ResourceName['kind'],
    query: Readonly<Record<string, string | undefined>>,
    signal: AbortSignal,
  ): Promise<ResourceResult<readonly object[]>> {
    let answer = await transport.json({ path: pathOf(kindOf(kind), undefined), query }, signal);
    if (!answer.ok && answer.failure.status === 403)
      answer = await transport.json({ path: pathOf(kindOf(kind), ownNamespace), query }, signal);
    if (!answer.ok)
      return { ok: false, failure: answer.failure.status === 404 ? notInstalled(transport) : told(answer) };
    const parsed = v.safeParse(listSchema, answer.value);
    return { ok: true, value: parsed.success ? parsed.output.items : [] };
  }

  return {
    async list(target, selector, signal) {
      const cluster = clusters.open(target);
      if (!cluster.ok) return cluster;
      return list(cluster.value.transport, 'applications', { labelSelector: selector }, signal);
    },

    async get(target, { kind, namespace, name }, signal) {
      const cluster = clusters.open(target);
      if (!cluster.ok) return cluster;
      const { transport } = cluster.value;
      const first = await transport.json(
        { path: pathOf(kindOf(kind), namespace ?? ownNamespace, name) },
        signal,
      );
      if (first.ok || namespace !== undefined || first.failure.status !== 404) return resultOf(first);
      const found = await list(transport, kind, { fieldSelector: `metadata.name=${name}` }, signal);
      if (!found.ok) return found;
      const [only, ...others] = found.value;
      if (only === undefined) return { ok: false, failure: told(first) };
      if (others.length === 0) return { ok: true, value: only };
      return {
        ok: false,
        failure: {
          code: 'invalid',
          message: `Several namespaces of context ${transport.context} have an app named ${name}. Nothing was changed; write namespace/${name}.`,
        },
      };
    },

    async patch(target, { kind, namespace, name }, patch, signal) {
      const cluster = clusters.open(target);
      if (!cluster.ok) return cluster;
      return resultOf(
        await cluster.value.transport.json(
          {
            method: 'PATCH',
            path: pathOf(kindOf(kind), namespace, name),
            contentType: 'application/merge-patch+json',
            body: JSON.stringify(patch),
          },
          signal,
        ),
      );
    },

    async mayPatch(target, namespace, signal) {
      const cluster = clusters.open(target);
      if (!cluster.ok) return undefined;
      const resourceAttributes = { group: 'argoproj.io', resource: 'applications', verb: 'patch', namespace };
      const answer = await fetchAccessReview(cluster.value.transport, resourceAttributes, signal);
      return answer.ok ? answer.value : undefined;
    },

    dispose: () => clusters.dispose(),
  };
}

const notInstalled = ({ context }: Transport): ApiFailure => ({
  code: 'not-found',
  status: 404,
  message: `The cluster of context ${context} has no Argo CD applications: Argo CD runs elsewhere. Nothing was changed; set incident.argoCd.baseUrl to its server, then pin the target again.`,
});

const resultOf = (answer: ApiResult<unknown>): ResourceResult<unknown> =>
  answer.ok ? answer : { ok: false, failure: told(answer) };

/** The transport says in its sentence, and for a stop in its reason, that a change may have arrived. */
function told({ failure }: { readonly failure: ApiFailure }): ApiFailure & { readonly uncertain?: boolean } {
  const uncertain = failure.reason === 'Sent' || /may have been applied/.test(failure.message);
  const message = failure.advice === undefined ? failure.message : `${failure.message}. ${failure.advice}`;
  return { ...failure, message, ...(uncertain ? { uncertain } : {}) };
}
