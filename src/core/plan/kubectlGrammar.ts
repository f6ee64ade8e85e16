import { parseFlags } from './commandFlags.ts';
import type { FlagSpec } from './commandFlags.ts';
import { parseGoDuration } from './goDuration.ts';
import type { MarkedWords } from './markedWord.ts';
import type { KubernetesAction, ObjectRef } from './kubernetesAction.ts';

/** A kubectl command that is covered completely. Its strings may still hold marks of unknown placeholders. */
export interface ParsedKubectl {
  readonly action: Exclude<KubernetesAction, { verb: 'restore' }>;
  /** As written in the command; undefined when it says nothing. */
  readonly namespace: string | undefined;
  readonly context: string | undefined;
  /** Numbers that have no value yet (NaN in the action), as the words that stand for them, by flag name. */
  readonly openNumbers: Readonly<Record<string, string>>;
  /** `exec -i` or `-t` was asked for. */
  readonly terminal: boolean;
  /** `logs -l` without `--tail`: kubectl would show ten lines, we ask for all. */
  readonly tailChosen: boolean;
  /** Words that become names or labels: values in them must not smuggle in a second one. */
  readonly nameWords: readonly string[];
}

export type KubectlResult =
  | { readonly ok: true; readonly value: ParsedKubectl }
  /** Completes "it runs in your shell because …". */
  | { readonly ok: false; readonly reason: string };

const GLOBAL: readonly FlagSpec[] = [
  { name: 'namespace', short: 'n', takes: 'value' },
  { name: 'context', takes: 'value' },
];
const SELECTOR: FlagSpec = { name: 'selector', short: 'l', takes: 'value' };
const ALL: FlagSpec = { name: 'all-namespaces', short: 'A', takes: 'bool' };
const DRY_RUN: FlagSpec = { name: 'dry-run', takes: 'optional' };
const value = (name: string, short?: string): FlagSpec => ({
  name,
  takes: 'value',
  ...(short ? { short } : {}),
});
const bool = (name: string, short?: string): FlagSpec => ({
  name,
  takes: 'bool',
  ...(short ? { short } : {}),
});

const VERBS: Readonly<Record<string, readonly FlagSpec[]>> = {
  get: [SELECTOR, ALL, value('output', 'o'), bool('no-headers')],
  describe: [SELECTOR, ALL],
  logs: [
    SELECTOR,
    value('container', 'c'),
    bool('all-containers'),
    value('since'),
    value('tail'),
    bool('previous', 'p'),
    bool('follow', 'f'),
    bool('timestamps'),
    bool('prefix'),
  ],
  scale: [value('replicas'), value('current-replicas'), DRY_RUN],
  patch: [value('patch', 'p'), value('type'), DRY_RUN],
  exec: [value('container', 'c'), bool('stdin', 'i'), bool('tty', 't')],
  rollout: [value('to-revision'), DRY_RUN],
};

/** Where the verb stands: kubectl takes its global flags in front of it too. */
function verbIndex(words: readonly string[]): number {
  let i = 0;
  while (/^(?:-n|--namespace|--context)/.test(words[i] ?? ''))
    i += /^(?:-n|--namespace|--context)$/.test(words[i] ?? '') ? 2 : 1;
  return i;
}

/** Ends a parse from anywhere inside it with the reason why a shell must do it. */
class NotCovered {
  readonly reason: string;
  constructor(reason: string) {
    this.reason = reason;
  }
}
const notCovered = (reason: string): never => {
  throw new NotCovered(reason);
};

/**
 * Reads the words behind `kubectl` (marks in place) for get, describe, logs, scale, patch, exec and rollout status
 * and undo. Anything not covered completely is a reason, never a guess.
 */
export function parseKubectl(words: readonly string[], marked: MarkedWords): KubectlResult {
  try {
    return { ok: true, value: parseCovered(words, marked) };
  } catch (thrown) {
    if (thrown instanceof NotCovered) return { ok: false, reason: thrown.reason };
    throw thrown;
  }
}

function parseCovered(words: readonly string[], marked: MarkedWords): ParsedKubectl {
  const at = verbIndex(words);
  const verb = words[at];
  if (verb === undefined) return notCovered('it names no kubectl command');
  const specs = Object.hasOwn(VERBS, verb) ? VERBS[verb] : undefined;
  if (!specs) return notCovered(`kubectl ${verb} has no plan of its own yet`);
  const parsed = parseFlags([...words.slice(0, at), ...words.slice(at + 1)], [...GLOBAL, ...specs]);
  if (!parsed.ok) return notCovered(parsed.reason);
  const { flags, positionals, rest } = parsed;
  if (rest !== undefined && verb !== 'exec') return notCovered('of the words behind --');

  const openNumbers: Record<string, string> = {};
  const text = (name: string): string | undefined => {
    const raw = flags.get(name);
    return raw === undefined ? undefined : marked.fill(raw);
  };
  const is = (name: string): boolean => flags.get(name) === 'true';
  const number = (name: string, lowest: number): number | undefined => {
    const raw = flags.get(name);
    if (raw === undefined) return undefined;
    const filled = marked.fill(raw);
    if (/^-?\d{1,9}$/.test(filled) && Number(filled) >= lowest) return Number(filled);
    if (!marked.isOpen(filled)) return notCovered(`of --${name}=${filled}`);
    openNumbers[name] = filled;
    return NaN;
  };
  const dryRun = (): boolean => {
    const raw = flags.get('dry-run');
    if (raw !== undefined && !/^(?:|client|server|none)$/.test(raw)) notCovered(`of --dry-run=${raw}`);
    return raw !== undefined && raw !== 'none';
  };
  const done = (
    action: ParsedKubectl['action'],
    named: readonly string[],
    extra: Partial<ParsedKubectl> = {},
  ): ParsedKubectl => ({
    action,
    namespace: text('namespace'),
    context: text('context'),
    openNumbers,
    terminal: false,
    tailChosen: false,
    nameWords: [...named, ...['namespace', 'selector', 'container'].flatMap((name) => flags.get(name) ?? [])],
    ...extra,
  });
  const selected = (): { kinds: string[]; names: string[]; selector: string | undefined } => {
    const found = resourcesOf(positionals);
    const selector = text('selector');
    if (found.names.length > 0 && selector !== undefined) notCovered('it has both names and a selector');
    if (found.names.length > 0 && is('all-namespaces')) notCovered('names cannot be looked up with -A');
    return { kinds: found.kinds.map(marked.fill), names: found.names.map(marked.fill), selector };
  };
  const one = (from: readonly string[]): ObjectRef => {
    const { kinds, names } = resourcesOf(from);
    const [kind = '', name = ''] = [kinds[0], names[0]];
    if (kinds.length !== 1 || names.length !== 1) notCovered('it does not name exactly one object');
    return { kind: marked.fill(kind), name: marked.fill(name) };
  };

  switch (verb) {
    case 'get': {
      const output = flags.get('output') ?? 'table';
      if (
        output !== 'wide' &&
        output !== 'yaml' &&
        output !== 'json' &&
        output !== 'name' &&
        output !== 'table'
      )
        return notCovered(`of the output format ${output}`);
      if (flags.get('output') === 'table') return notCovered('of the output format table');
      const allNamespaces = is('all-namespaces');
      return done({ verb, ...selected(), allNamespaces, output, noHeaders: is('no-headers') }, positionals);
    }
    case 'describe':
      return done({ verb, ...selected(), allNamespaces: is('all-namespaces') }, positionals);
    case 'logs': {
      const [resource, inline, ...more] = positionals;
      const selector = text('selector');
      if (more.length > 0) notCovered('it names more than a pod and a container');
      if ((resource === undefined) === (selector === undefined))
        notCovered('kubectl logs wants either a pod or a selector');
      if (resource?.includes('/') && !/^(?:po|pods?|deploy|deployments?)\/[^/]+$/.test(resource))
        notCovered(`logs of ${resource} are not covered`);
      if (inline !== undefined && flags.has('container')) notCovered('it names the container twice');
      const container = inline === undefined ? text('container') : marked.fill(inline);
      if (container !== undefined && is('all-containers'))
        notCovered('it asks for one container and for all of them');
      const since = flags.get('since') === undefined ? undefined : sinceOf(text('since') ?? '', marked);
      if (since !== undefined && Number.isNaN(since)) openNumbers['since'] = text('since') ?? '';
      const tail = number('tail', -1);
      const tailChosen = selector !== undefined && tail === undefined;
      return done(
        {
          verb,
          resource: resource === undefined ? undefined : marked.fill(resource),
          selector,
          container,
          allContainers: is('all-containers'),
          sinceSeconds: since === 0 ? undefined : since,
          tailLines: tail === -1 ? undefined : tail,
          previous: is('previous'),
          follow: is('follow'),
          timestamps: is('timestamps'),
          prefix: is('prefix'),
        },
        positionals,
        { tailChosen },
      );
    }
    case 'scale': {
      const replicas = number('replicas', 0) ?? notCovered('--replicas is not given');
      const current = number('current-replicas', -1);
      const currentReplicas = current === -1 ? undefined : current;
      return done(
        { verb, resource: one(positionals), replicas, currentReplicas, dryRun: dryRun() },
        positionals,
      );
    }
    case 'patch': {
      const raw = flags.get('patch') ?? notCovered('--patch is not given');
      const patch = marked.fill(raw);
      // kubectl takes YAML too; the API takes JSON alone, so anything else is for kubectl itself.
      if (!marked.isOpen(patch) && !isJsonText(patch)) notCovered('the patch is not JSON');
      const type = flags.get('type') ?? 'strategic';
      if (type !== 'strategic' && type !== 'merge' && type !== 'json') return notCovered(`of --type=${type}`);
      return done(
        { verb, resource: one(positionals), patch, patchType: type, dryRun: dryRun() },
        positionals,
      );
    }
    case 'exec': {
      const [pod, ...more] = positionals;
      const name = pod?.replace(/^(?:po|pods?)\//, '');
      if (name === undefined || name.includes('/') || more.length > 0)
        return notCovered('kubectl exec wants one pod and the command behind --');
      if (rest === undefined || rest.length === 0) return notCovered('it has no command behind --');
      return done(
        { verb, pod: marked.fill(name), container: text('container'), command: rest.map(marked.fill) },
        positionals,
        { terminal: is('stdin') || is('tty') },
      );
    }
    default: {
      const [sub, ...object] = positionals;
      if (sub !== 'status' && sub !== 'undo')
        return notCovered(`kubectl rollout ${sub ?? ''} has no plan of its own yet`);
      if (sub === 'status' && (flags.has('to-revision') || flags.has('dry-run')))
        notCovered('of flags that kubectl rollout status does not have');
      const revision = number('to-revision', 0);
      const toRevision = revision === 0 ? undefined : revision;
      return done({ verb: 'rollout', sub, resource: one(object), toRevision, dryRun: dryRun() }, object);
    }
  }
}

function resourcesOf(positionals: readonly string[]): { kinds: string[]; names: string[] } {
  const [first, ...rest] = positionals;
  if (first === undefined) return notCovered('it names no kind of object');
  if (first.includes('/')) {
    const pairs = positionals.map((each) => each.split('/'));
    const kinds = [...new Set(pairs.map(([kind = '']) => kind))];
    if (pairs.some((pair) => pair.length !== 2 || pair.includes('')) || kinds.length !== 1)
      notCovered('it names objects of several kinds');
    return { kinds, names: pairs.map(([, name = '']) => name) };
  }
  const kinds = first.split(',');
  if (kinds.includes('')) notCovered('a kind is empty');
  if (kinds.includes('all')) notCovered('“all” is many kinds at once');
  if (rest.some((name) => name.includes('/') || name === '')) notCovered('it names objects in two ways');
  return { kinds, names: rest };
}

function sinceOf(text: string, marked: MarkedWords): number {
  if (marked.isOpen(text)) return NaN;
  const milliseconds = parseGoDuration(text);
  if (milliseconds === undefined || milliseconds % 1000 !== 0) return notCovered(`of --since=${text}`);
  return milliseconds / 1000;
}

function isJsonText(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
