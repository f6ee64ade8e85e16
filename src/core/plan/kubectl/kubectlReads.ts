import { parseGoDuration } from './goDuration.ts';
import { parseCustomColumns, parseJsonPath, relaxedJsonPath } from './jsonPath.ts';
import type { KubernetesAction, ObjectRef } from './kubernetesAction.ts';
import type { KubectlVerb, KubectlWords, ParsedKubectl } from './kubectlWords.ts';
import { boolFlag, notCovered, resourcesOf, valueFlag } from './kubectlWords.ts';

type GetAction = Extract<KubernetesAction, { verb: 'get' }>;

const SELECTOR = valueFlag('selector', 'l');
const FIELD_SELECTOR = valueFlag('field-selector');
const ALL = boolFlag('all-namespaces', 'A');
const NO_HEADERS = boolFlag('no-headers');

interface Selected {
  readonly kinds: readonly string[];
  readonly names: readonly string[];
  readonly objects?: readonly ObjectRef[];
  readonly selector: string | undefined;
}

function selected(words: KubectlWords): Selected {
  const { positionals, text, marked } = words;
  const found = positionals.some((each) => each.includes('/'))
    ? pairsOf(positionals)
    : resourcesOf(positionals);
  const selector = text('selector');
  const named = found.names.length > 0 || 'objects' in found;
  if (named && (selector !== undefined || words.has('field-selector')))
    notCovered('it has both names and a selector');
  if (named && words.is('all-namespaces')) notCovered('names cannot be looked up with -A');
  if (found.names.length > 0 && found.kinds.includes('all')) notCovered('“all” is many kinds at once');
  return {
    kinds: found.kinds.map(marked.fill),
    names: found.names.map(marked.fill),
    ...('objects' in found
      ? {
          objects: found.objects.map(({ kind, name }) => ({
            kind: marked.fill(kind),
            name: marked.fill(name),
          })),
        }
      : {}),
    selector,
  };
}

/** `pod/a pod/b svc/c`; of one kind they are that kind's names. */
function pairsOf(positionals: readonly string[]): {
  kinds: readonly string[];
  names: readonly string[];
  objects?: readonly ObjectRef[];
} {
  const objects = positionals.map((each) => {
    const [kind = '', name = '', ...more] = each.split('/');
    if (kind === '' || name === '' || more.length > 0 || /,/.test(each))
      return notCovered('it names objects in two ways');
    return { kind, name };
  });
  const kinds = [...new Set(objects.map(({ kind }) => kind))];
  return kinds.length === 1
    ? { kinds, names: objects.map(({ name }) => name) }
    : { kinds, names: [], objects };
}

function outputOf(words: KubectlWords): Pick<GetAction, 'output' | 'template'> {
  const raw = words.raw('output');
  if (raw === undefined) return { output: 'table' };
  const [, format, written] = /^(jsonpath|custom-columns)=(.*)$/s.exec(raw) ?? [];
  if (format !== undefined && written !== undefined && written !== '') {
    const template = words.marked.fill(written);
    const readable =
      words.marked.isOpen(template) ||
      (format === 'jsonpath' ? parseJsonPath(template) : parseCustomColumns(template)) !== undefined;
    if (!readable) notCovered(`of the ${format} template ${written}`);
    return { output: format as 'jsonpath' | 'custom-columns', template };
  }
  if (raw === 'wide' || raw === 'yaml' || raw === 'json' || raw === 'name') return { output: raw };
  return notCovered(`of the output format ${raw}`);
}

function parseGet(words: KubectlWords): ParsedKubectl {
  const { text, is } = words;
  const printed = outputOf(words);
  const isTable = printed.output === 'table' || printed.output === 'wide';
  const chosen = selected(words);
  const sortBy = text('sort-by');
  if (sortBy !== undefined && !words.marked.isOpen(sortBy)) {
    const template = relaxedJsonPath(sortBy);
    if (template === undefined || parseJsonPath(template) === undefined) notCovered(`of --sort-by=${sortBy}`);
  }
  const labels = text('label-columns');
  if (!isTable && (labels !== undefined || is('show-labels')))
    notCovered(`labels are not shown with -o ${printed.output}`);
  const watch = is('watch-only') ? 'changes' : is('watch') ? 'list' : undefined;
  if (watch !== undefined) refuseWideWatch(chosen, printed.output, sortBy);
  const fieldSelector = text('field-selector');
  return words.done(
    {
      verb: 'get',
      ...chosen,
      allNamespaces: is('all-namespaces'),
      ...printed,
      noHeaders: is('no-headers'),
      ...(sortBy === undefined ? {} : { sortBy }),
      ...(fieldSelector === undefined ? {} : { fieldSelector }),
      ...(is('show-labels') ? { showLabels: true } : {}),
      ...(labels === undefined ? {} : { labelColumns: labels.split(',') }),
      ...(is('ignore-not-found') ? { ignoreNotFound: true } : {}),
      ...(is('show-managed-fields') ? { showManagedFields: true } : {}),
      ...(watch === undefined ? {} : { watch }),
    },
    words.positionals,
  );
}

/** kubectl watches one kind or one object. */
function refuseWideWatch(
  { kinds, names, objects }: Selected,
  output: GetAction['output'],
  sortBy: string | undefined,
): void {
  if (kinds.length > 1 || kinds[0] === 'all' || objects !== undefined || names.length > 1)
    notCovered('kubectl watches one kind or one object at a time');
  if (sortBy !== undefined) notCovered('a watch is not sorted');
  if (output === 'yaml' || output === 'json') notCovered(`of a watch with -o ${output}`);
}

function parseTop(words: KubectlWords): ParsedKubectl {
  const { positionals, text, is, marked } = words;
  const [kind = '', name, ...more] = positionals;
  const what = /^(?:po|pods?)$/.test(kind) ? 'pods' : /^(?:no|nodes?)$/.test(kind) ? 'nodes' : undefined;
  if (what === undefined || more.length > 0) return notCovered('kubectl top shows pods or nodes');
  const sortBy = text('sort-by');
  if (sortBy !== undefined && sortBy !== 'cpu' && sortBy !== 'memory')
    return notCovered(`of --sort-by=${sortBy}`);
  const podFlags = ['containers', 'sum', 'field-selector', 'all-namespaces'].filter((flag) =>
    words.has(flag),
  );
  if (what === 'nodes' && podFlags.length > 0) notCovered(`kubectl top nodes has no --${podFlags[0]}`);
  const selector = text('selector');
  const fieldSelector = text('field-selector');
  if (name !== undefined && (selector !== undefined || fieldSelector !== undefined))
    notCovered('it has both names and a selector');
  if (name !== undefined && is('all-namespaces')) notCovered('names cannot be looked up with -A');
  return words.done(
    {
      verb: 'top',
      what,
      name: name === undefined ? undefined : marked.fill(name),
      selector,
      ...(fieldSelector === undefined ? {} : { fieldSelector }),
      allNamespaces: is('all-namespaces'),
      containers: is('containers'),
      sortBy,
      sum: is('sum'),
      noHeaders: is('no-headers'),
    },
    positionals,
  );
}

const LOGGED =
  /^(?:po|pods?|deploy|deployments?|rs|replicasets?|sts|statefulsets?|ds|daemonsets?|jobs?|svc|services?|rc|replicationcontrollers?)(?:\.[a-z0-9.]+)?\/[^/]+$/i;

function parseLogs(words: KubectlWords): ParsedKubectl {
  const { positionals, text, is, marked } = words;
  const [resource, inline, ...more] = positionals;
  const selector = text('selector');
  if (more.length > 0) notCovered('it names more than a pod and a container');
  if ((resource === undefined) === (selector === undefined))
    notCovered('kubectl logs wants either a pod or a selector');
  if (resource?.includes('/') && !LOGGED.test(resource)) notCovered(`logs of ${resource} are not covered`);
  if (inline !== undefined && words.has('container')) notCovered('it names the container twice');
  const container = inline === undefined ? text('container') : marked.fill(inline);
  if (container !== undefined && is('all-containers'))
    notCovered('it asks for one container and for all of them');
  const since = sinceOf(words);
  const sinceTime = text('since-time');
  if (sinceTime !== undefined && !marked.isOpen(sinceTime) && !isTime(sinceTime))
    notCovered(`of --since-time=${sinceTime}`);
  if (sinceTime !== undefined && since !== undefined) notCovered('it has both --since and --since-time');
  const tail = words.number('tail', -1);
  const limitBytes = words.number('limit-bytes', 0);
  const maxLogRequests = words.number('max-log-requests', 1);
  const allPods = is('all-pods');
  const prefix = is('prefix') || allPods;
  // Several pods are read in order of time; `--prefix=false` asks for kubectl's own order, pod after pod.
  const inOrderOfTime = allPods || (selector !== undefined && words.raw('prefix') !== 'false');
  return words.done(
    {
      verb: 'logs',
      resource: resource === undefined ? undefined : marked.fill(resource),
      selector,
      container,
      allContainers: is('all-containers'),
      ...(allPods ? { allPods } : {}),
      sinceSeconds: since === 0 ? undefined : since,
      ...(sinceTime === undefined ? {} : { sinceTime }),
      tailLines: tail === -1 ? undefined : tail,
      ...(limitBytes === undefined || limitBytes === 0 ? {} : { limitBytes }),
      previous: is('previous'),
      follow: is('follow'),
      timestamps: is('timestamps'),
      prefix,
      ...(inOrderOfTime ? { order: 'time' } : {}),
      ...(maxLogRequests === undefined ? {} : { maxLogRequests }),
      ...(is('ignore-errors') ? { ignoreErrors: true } : {}),
    },
    positionals,
    { tailChosen: selector !== undefined && tail === undefined },
  );
}

/** Seconds of `--since`, rounded as kubectl rounds; NaN while a placeholder stands for it. */
function sinceOf({ text, marked, leaveOpen }: KubectlWords): number | undefined {
  const written = text('since');
  if (written === undefined) return undefined;
  if (marked.isOpen(written)) {
    leaveOpen('since', written);
    return NaN;
  }
  const milliseconds = parseGoDuration(written);
  if (milliseconds === undefined || (milliseconds > 0 && milliseconds < 500))
    return notCovered(`of --since=${written}`);
  return Math.round(milliseconds / 1000);
}

const isTime = (text: string): boolean =>
  /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[-+]\d\d:\d\d)$/.test(text);

/** kubectl's verbs that only look: get, describe, logs, top. */
export const kubectlReads: Readonly<Record<string, KubectlVerb>> = {
  get: {
    flags: [
      SELECTOR,
      FIELD_SELECTOR,
      ALL,
      NO_HEADERS,
      valueFlag('output', 'o'),
      valueFlag('sort-by'),
      boolFlag('show-labels'),
      { name: 'label-columns', short: 'L', takes: 'list' },
      boolFlag('ignore-not-found'),
      boolFlag('show-managed-fields'),
      boolFlag('watch', 'w'),
      boolFlag('watch-only'),
    ],
    parse: parseGet,
  },
  describe: {
    flags: [SELECTOR, ALL, boolFlag('show-events')],
    parse: (words) =>
      words.done(
        {
          verb: 'describe',
          ...selected(words),
          allNamespaces: words.is('all-namespaces'),
          ...(words.has('show-events') ? { showEvents: words.is('show-events') } : {}),
        },
        words.positionals,
      ),
  },
  top: {
    flags: [
      SELECTOR,
      FIELD_SELECTOR,
      ALL,
      NO_HEADERS,
      valueFlag('sort-by'),
      boolFlag('containers'),
      boolFlag('sum'),
    ],
    parse: parseTop,
  },
  logs: {
    flags: [
      SELECTOR,
      valueFlag('container', 'c'),
      boolFlag('all-containers'),
      boolFlag('all-pods'),
      valueFlag('since'),
      valueFlag('since-time'),
      valueFlag('tail'),
      valueFlag('limit-bytes'),
      boolFlag('previous', 'p'),
      boolFlag('follow', 'f'),
      boolFlag('timestamps'),
      boolFlag('prefix'),
      valueFlag('max-log-requests'),
      boolFlag('ignore-errors'),
    ],
    parse: parseLogs,
  },
};
