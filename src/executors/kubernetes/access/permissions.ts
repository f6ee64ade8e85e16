import type { KubernetesAction } from '../../../core/plan/kubectl/kubernetesAction.ts';
import type { ResourceKind } from '../objects/discovery.ts';
import { resolveObject } from '../objects/objectRef.ts';
import { scaledObjects } from '../change/scale.ts';
import { fetchAccessReview } from './accessReview.ts';
import type { Transport } from './transport.ts';
import type { LookContext } from '../verb.ts';

/** One thing a user must be allowed to do. https://kubernetes.io/docs/reference/access-authn-authz/authorization/ */
interface Access {
  readonly verb: string;
  readonly kind: ResourceKind;
  readonly subresource?: string;
  readonly name?: string;
  /** Other verbs that serve as well: kubectl patches a scale, or updates it. */
  readonly or?: string;
}

/** Roles change rarely, but people wait for one to be changed, milliseconds. */
const keptMs = 60_000;
/** Kept answers are dropped above this number of them. */
const keptAnswers = 500;

export interface Permissions {
  /** Sentences about what this action may not do. Empty also where the server does not answer the question. */
  foresee(context: LookContext, action: KubernetesAction): Promise<readonly string[]>;
}

/**
 * Asks the API server, by SelfSubjectAccessReview, whether an action would be allowed; answers are kept for a minute.
 * https://kubernetes.io/docs/reference/kubernetes-api/authorization-resources/self-subject-access-review-v1/
 */
export function createPermissions(now: () => number = Date.now): Permissions {
  // By transport: other credentials come with another transport, and may other things.
  const all = new WeakMap<
    Transport,
    Map<string, { readonly at: number; readonly answer: Promise<Answer> }>
  >();

  function ask(context: LookContext, access: Access, verb: string): Promise<Answer> {
    const { kind, subresource, name } = access;
    const attributes = {
      verb,
      group: kind.group,
      resource: kind.plural,
      ...(subresource === undefined ? {} : { subresource }),
      ...(kind.namespaced ? { namespace: context.namespace } : {}),
      ...(name === undefined ? {} : { name }),
    };
    const kept = all.get(context.transport) ?? new Map<string, { at: number; answer: Promise<Answer> }>();
    all.set(context.transport, kept);
    const key = JSON.stringify(attributes);
    const known = kept.get(key);
    if (known !== undefined && now() - known.at < keptMs) return known.answer;
    const answer = review(context, attributes);
    if (kept.size >= keptAnswers) kept.clear();
    kept.set(key, { at: now(), answer });
    // What could not be asked is asked again next time.
    void answer.then((said) => {
      const lasting = said.kind === 'allowed' || said.kind === 'denied';
      if (!lasting && kept.get(key)?.answer === answer) kept.delete(key);
    });
    return answer;
  }

  return {
    async foresee(context, action) {
      const needed = await accessesOf(context, action);
      const sentences = await Promise.all(
        needed.map(async (access) => {
          const verbs = [access.verb, ...(access.or === undefined ? [] : [access.or])];
          const answers = await Promise.all(verbs.map((verb) => ask(context, access, verb)));
          const unsigned = answers.flatMap((answer) => (answer.kind === 'unsigned' ? [answer.why] : []));
          if (unsigned.length > 0) return unsigned;
          return answers.every(({ kind }) => kind === 'denied')
            ? [sentenceOf(access, context.namespace)]
            : [];
        }),
      );
      return [...new Set(sentences.flat())];
    },
  };
}

/** `unsigned`: the credentials are no good, and the sentence says what to do about it. */
type Answer =
  { readonly kind: 'allowed' | 'denied' | 'unknown' } | { readonly kind: 'unsigned'; readonly why: string };

async function review(context: LookContext, resourceAttributes: object): Promise<Answer> {
  const answer = await fetchAccessReview(context.transport, resourceAttributes, context.signal);
  if (!answer.ok) {
    const { code, message } = answer.failure;
    return code === 'unauthorized' ? { kind: 'unsigned', why: message } : { kind: 'unknown' };
  }
  if (answer.value === undefined) return { kind: 'unknown' };
  return { kind: answer.value ? 'allowed' : 'denied' };
}

const doing: Readonly<Record<string, string>> = {
  'list:': 'list',
  'get:': 'read',
  'get:log': 'read the logs of',
  'get:scale': 'read the scale of',
  'get:exec': 'run commands in',
  'create:exec': 'run commands in',
  'patch:scale': 'scale',
  'patch:': 'change',
  'patch:status': 'change the status of',
  'create:': 'make',
  'delete:': 'delete',
};

function sentenceOf({ verb, kind, subresource }: Access, namespace: string): string {
  const what = doing[`${verb}:${subresource ?? ''}`] ?? verb;
  const place = kind.namespaced ? ` in ${namespace}` : '';
  const resource = `${kind.plural}${subresource === undefined ? '' : `/${subresource}`}`;
  const group = kind.group === '' ? '' : ` of ${kind.group}`;
  return `You may not ${what} ${kind.plural}${place} (RBAC): the cluster does not let you ${verb} ${resource}${group}. Ask for a role that does, or use another context.`;
}

async function accessesOf(context: LookContext, action: KubernetesAction): Promise<readonly Access[]> {
  const of = async (
    typed: string,
    ...wanted: readonly Omit<Access, 'kind'>[]
  ): Promise<readonly Access[]> => {
    const kind = await resolveObject(context, { kind: typed });
    return kind.ok ? wanted.map((each) => ({ ...each, kind: kind.value })) : [];
  };
  switch (action.verb) {
    case 'get':
    case 'describe': {
      const wanted =
        action.names.length > 0 ? action.names.map((name) => ({ verb: 'get', name })) : [{ verb: 'list' }];
      const everywhere = 'allNamespaces' in action && action.allNamespaces;
      if (everywhere) return [];
      return (await Promise.all(action.kinds.map((kind) => of(kind, ...wanted)))).flat();
    }
    case 'logs':
      return of('pods', { verb: 'get', subresource: 'log' });
    case 'exec':
      // A WebSocket begins with a GET; servers from 1.35 on ask for `create` besides.
      return of(
        'pods',
        { verb: 'create', subresource: 'exec', ...podName(action.pod) },
        { verb: 'get', subresource: 'exec', ...podName(action.pod) },
      );
    case 'scale': {
      const all = scaledObjects(action).map(({ kind, name }) =>
        of(
          kind,
          { verb: 'get', subresource: 'scale', name },
          { verb: 'patch', or: 'update', subresource: 'scale', name },
        ),
      );
      return (await Promise.all(all)).flat();
    }
    case 'patch':
    case 'restore': {
      const { kind, name } = action.resource;
      const subresource = action.subresource === undefined ? {} : { subresource: action.subresource };
      return of(kind, { verb: 'get', name }, { verb: 'patch', name, ...subresource });
    }
    case 'rollout': {
      const { kind, name } = action.resource;
      const reads = action.sub === 'status' || action.sub === 'history';
      return of(kind, { verb: 'get', name }, ...(reads ? [] : [{ verb: 'patch', name }]));
    }
    case 'delete':
      return (
        await Promise.all(
          action.kinds.map((kind) =>
            of(
              kind,
              ...(action.names.length > 0
                ? action.names.map((name) => ({ verb: 'delete', name }))
                : [{ verb: 'list' }, { verb: 'delete' }]),
            ),
          ),
        )
      ).flat();
    case 'apply': // what the files name is known only once they are read
    default:
      return [];
  }
}

const podName = (pod: string): { readonly name?: string } => (pod.includes('/') ? {} : { name: pod });
