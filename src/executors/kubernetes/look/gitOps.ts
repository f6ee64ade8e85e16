import type { ResourceKind } from '../objects/discovery.ts';
import { objectName } from '../objects/objectRef.ts';
import type { KubeObject } from '../objects/objects.ts';
import type { LookContext } from '../verb.ts';

type Application = KubeObject<
  {
    readonly syncPolicy?: {
      readonly automated?: { readonly selfHeal?: boolean; readonly enabled?: boolean } | null;
    };
    readonly ignoreDifferences?: readonly {
      readonly group?: string;
      readonly kind?: string;
      readonly name?: string;
      readonly jsonPointers?: readonly string[];
    }[];
  },
  {
    readonly resources?: readonly {
      readonly group?: string;
      readonly kind?: string;
      readonly namespace?: string;
      readonly name?: string;
    }[];
  }
>;

const trackingAnnotation = 'argocd.argoproj.io/tracking-id';
const trackingLabel = 'app.kubernetes.io/instance';
const fluxName = 'kustomize.toolkit.fluxcd.io/name';
const fluxNamespace = 'kustomize.toolkit.fluxcd.io/namespace';
const home = 'argocd';

/**
 * Sentences about a GitOps controller that would put a change of this object back: an Argo CD app (in namespace
 * `argocd`, or the one its tracking id names) with automated sync, or a Flux Kustomization.
 * https://argo-cd.readthedocs.io/en/stable/user-guide/auto_sync/ and …/user-guide/resource_tracking/
 * `pointers` are the fields that would change: what the app ignores is not put back.
 */
export async function gitOpsWarnings(
  context: LookContext,
  kind: ResourceKind,
  object: KubeObject,
  pointers: readonly string[],
): Promise<readonly string[]> {
  const { annotations, labels, name = '' } = object.metadata ?? {};
  const who = objectName(kind, name);
  const flux = labels?.[fluxName];
  if (flux !== undefined) {
    return [
      `Flux keeps ${who} as it is in git (Kustomization ${labels?.[fluxNamespace] ?? ''}/${flux}): this change will be put back when it next reconciles. Suspend it first (flux suspend kustomization ${flux}), or change it in git.`,
    ];
  }
  const tracked = annotations?.[trackingAnnotation]?.split(':')[0];
  const app = tracked ?? labels?.[trackingLabel];
  if (app === undefined || app === '') return [];
  // An app outside Argo CD's own namespace is tracked as `namespace_name`.
  const [first = '', second] = app.split('_', 2);
  const [namespace, appName] = second === undefined ? [home, first] : [first, second];
  const path = `/apis/argoproj.io/v1alpha1/namespaces/${encodeURIComponent(namespace)}/applications/${encodeURIComponent(appName)}`;
  const answer = await context.transport.json({ path }, context.signal);
  if (!answer.ok) {
    if (tracked === undefined || answer.failure.status === 404) return [];
    return [
      `Argo CD tracks ${who} as part of app ${appName}; whether it would put this change back could not be checked: ${answer.failure.message}`,
    ];
  }
  const found = answer.value as Application;
  if (tracked === undefined && !owns(found, kind, object)) return [];
  const automated = found.spec?.syncPolicy?.automated;
  if (!automated || automated.enabled === false) return [];
  if (pointers.length > 0 && pointers.every((pointer) => ignores(found, kind, name, pointer))) return [];
  const off = `turn its auto-sync off first (argocd app set ${appName} --sync-policy none), or change it in git`;
  return automated.selfHeal
    ? [
        `Argo CD app ${appName} keeps ${who} as it is in git (auto-sync with self-heal): this change will be put back within seconds. To keep it, ${off}.`,
      ]
    : [
        `Argo CD app ${appName} syncs ${who} from git by itself: its next sync may put this change back. To keep it, ${off}.`,
      ];
}

/** The label is a common one: only the app's own list says that it means this object. */
const owns = ({ status }: Application, kind: ResourceKind, { metadata }: KubeObject): boolean =>
  status?.resources?.some(
    (each) =>
      (each.group ?? '') === kind.group &&
      each.kind === kind.kind &&
      each.name === metadata?.name &&
      (each.namespace ?? '') === (metadata?.namespace ?? ''),
  ) ?? false;

const ignores = ({ spec }: Application, kind: ResourceKind, name: string, pointer: string): boolean =>
  spec?.ignoreDifferences?.some(
    (each) =>
      (each.kind === kind.kind || each.kind === '*') &&
      (each.group ?? '') === kind.group &&
      (each.name === undefined || each.name === name) &&
      each.jsonPointers?.some((ignored) => pointer === ignored || pointer.startsWith(`${ignored}/`)),
  ) ?? false;
