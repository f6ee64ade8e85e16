import type { ArgoCdAction } from './argoCdAction.ts';
import type { SelectorKind } from '../kubectl/validateSelector.ts';
import { parseFlags } from '../words/commandFlags.ts';
import type { FlagSpec } from '../words/commandFlags.ts';
import type { MarkedWords } from '../words/markedWord.ts';

/** An argocd command that is covered completely. Its strings may still hold marks of unknown placeholders. */
export interface ParsedArgoCd {
  readonly action: ArgoCdAction;
  /** `--server`, `--grpc-web-root-path` and `--plaintext` together as a base URL; undefined when not written. */
  readonly server: string | undefined;
  /** `--core`: through the cluster's own resources, not through a server. */
  readonly core: boolean;
  /** `--kube-context`, which counts with `--core` alone. */
  readonly context: string | undefined;
  /** `--timeout`; undefined where it is not written or 0, which means no limit. */
  readonly timeoutSeconds: number | undefined;
  /** Numbers that have no value yet (NaN in the action), as the words that stand for them. */
  readonly openNumbers: Readonly<Record<string, string>>;
  /** Words that become names: values in them must not smuggle in anything else. */
  readonly nameWords: readonly string[];
  /** The words that are selectors, raw: a value may be all of one, or one of its names. */
  readonly selectors: readonly (readonly [SelectorKind, word: string])[];
}

export type ArgoCdResult =
  | { readonly ok: true; readonly value: ParsedArgoCd }
  /** Completes "it runs in your shell because …". */
  | { readonly ok: false; readonly reason: string };

const value = (name: string, short?: string): FlagSpec => ({
  name,
  takes: 'value',
  ...(short ? { short } : {}),
});
const bool = (name: string): FlagSpec => ({ name, takes: 'bool' });

const CONNECTION: readonly FlagSpec[] = [
  value('server'),
  value('grpc-web-root-path'),
  value('kube-context'),
  bool('grpc-web'),
  bool('plaintext'),
  bool('core'),
];
const NAMESPACE = value('app-namespace', 'N');
const OUTPUT = value('output', 'o');
const TIMEOUT = value('timeout');

/** Flags of each covered verb: https://argo-cd.readthedocs.io/en/stable/user-guide/commands/argocd_app/ */
const VERBS: Readonly<Record<string, readonly FlagSpec[]>> = {
  list: [OUTPUT, value('selector', 'l'), value('project', 'p')],
  get: [NAMESPACE, OUTPUT, bool('refresh'), bool('hard-refresh')],
  history: [NAMESPACE, OUTPUT],
  rollback: [NAMESPACE, TIMEOUT, bool('prune')],
  sync: [NAMESPACE, TIMEOUT, bool('prune'), bool('dry-run'), value('revision')],
  wait: [NAMESPACE, TIMEOUT, bool('health'), bool('sync'), bool('operation')],
  diff: [NAMESPACE],
  set: [NAMESPACE, value('sync-policy'), bool('auto-prune'), bool('self-heal'), bool('allow-empty')],
};
const SPECS = [
  ...new Map([...CONNECTION, ...Object.values(VERBS).flat()].map((spec) => [spec.name, spec])).values(),
];

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
 * Reads the words behind `argocd` (marks in place) for `app` list, get, history, rollback, sync, wait, diff and
 * `set --sync-policy`. Anything not covered completely is a reason, never a guess.
 */
export function parseArgoCd(words: readonly string[], marked: MarkedWords): ArgoCdResult {
  try {
    return { ok: true, value: parseCovered(words, marked) };
  } catch (thrown) {
    if (thrown instanceof NotCovered) return { ok: false, reason: thrown.reason };
    throw thrown;
  }
}

function parseCovered(words: readonly string[], marked: MarkedWords): ParsedArgoCd {
  const parsed = parseFlags(words, SPECS);
  if (!parsed.ok) return notCovered(parsed.reason);
  if (parsed.rest !== undefined) return notCovered('of the words behind --');
  const { flags, positionals } = parsed;
  const [noun, verb = '', ...named] = positionals;
  const specs = noun === 'app' && Object.hasOwn(VERBS, verb) ? VERBS[verb] : undefined;
  if (!specs) return notCovered(`argocd ${[noun, verb].join(' ').trim()} has no plan of its own yet`);
  for (const name of flags.keys())
    if (![...CONNECTION, ...specs].some((spec) => spec.name === name)) notCovered(`of the flag --${name}`);
  // argocd adds the projects up; the last one alone would be another question.
  if (words.filter((word) => /^(?:--project|-p)/.test(word)).length > 1)
    notCovered('it names several projects');

  const openNumbers: Record<string, string> = {};
  const text = (name: string): string | undefined => {
    const raw = flags.get(name);
    return raw === undefined ? undefined : marked.fill(raw);
  };
  const is = (name: string): boolean => flags.get(name) === 'true';
  const number = (name: string, raw: string | undefined): number | undefined => {
    if (raw === undefined) return undefined;
    const filled = marked.fill(raw);
    if (/^\d{1,9}$/.test(filled)) return Number(filled);
    if (!marked.isOpen(filled)) return notCovered(`${filled} is not a number that argocd takes here`);
    openNumbers[name] = filled;
    return NaN;
  };
  const output = <T extends string>(known: Readonly<Record<string, T>>): T => {
    const written = flags.get('output') ?? 'wide';
    return (
      (Object.hasOwn(known, written) ? known[written] : undefined) ??
      notCovered(`of the output format ${written}`)
    );
  };
  const app = (): string => {
    const [name, ...more] = verb === 'rollback' ? named.slice(0, 1) : named;
    if (name === undefined || name === '') return notCovered(`argocd app ${verb} wants the name of an app`);
    if (more.length > 0) return notCovered('it names several apps');
    const namespace = flags.get('app-namespace');
    return marked.fill(namespace === undefined || name.includes('/') ? name : `${namespace}/${name}`);
  };
  const core = is('core');
  if (flags.has('kube-context') && !core) notCovered('of --kube-context without --core');
  if (core && flags.has('server')) notCovered('it asks for a server and for none');
  const selector = flags.get('selector');
  const timeout = number('timeout', flags.get('timeout'));

  return {
    action: actionOf(),
    server: serverOf(text('server'), text('grpc-web-root-path'), is('plaintext')),
    core,
    context: text('kube-context'),
    timeoutSeconds: timeout === 0 ? undefined : timeout,
    openNumbers,
    nameWords: [...named, ...['app-namespace', 'project', 'server'].flatMap((name) => flags.get(name) ?? [])],
    selectors: selector === undefined ? [] : [['label', selector]],
  };

  function actionOf(): ArgoCdAction {
    switch (verb) {
      case 'list':
        if (named.length > 0) notCovered('argocd app list takes no names');
        return {
          verb,
          project: text('project'),
          selector: text('selector'),
          output: output({ wide: 'wide', '': 'table', name: 'name', json: 'json', yaml: 'yaml' }),
        };
      case 'get':
        return {
          verb,
          app: app(),
          refresh: is('hard-refresh') ? 'hard' : is('refresh') ? 'normal' : 'none',
          output: output({ wide: 'table', '': 'table', json: 'json', yaml: 'yaml' }),
        };
      case 'history':
        return { verb, app: app(), output: output({ wide: 'table', '': 'table', id: 'id' }) };
      case 'rollback':
        if (named.length > 2) notCovered('argocd app rollback takes an app and one id');
        return { verb, app: app(), id: number('id', named[1]), prune: is('prune'), autoSyncOff: false };
      case 'sync':
        return { verb, app: app(), revision: text('revision'), prune: is('prune'), dryRun: is('dry-run') };
      case 'wait': {
        // Without any of the three argocd waits for all of them.
        const all = !['health', 'sync', 'operation'].some(is);
        return {
          verb,
          app: app(),
          health: all || is('health'),
          sync: all || is('sync'),
          operation: all || is('operation'),
          timeoutSeconds: timeout === 0 ? undefined : timeout,
        };
      }
      case 'diff':
        return { verb, app: app(), revision: undefined };
      default: {
        const policy = flags.get('sync-policy') ?? notCovered('--sync-policy is not given');
        if (/^(?:none|manual)$/.test(policy)) {
          if (['auto-prune', 'self-heal', 'allow-empty'].some((name) => flags.has(name)))
            notCovered('it sets options of automated sync and turns it off');
          return { verb: 'set-sync-policy', app: app(), policy: 'manual' };
        }
        if (!/^(?:auto|automatic|automated)$/.test(policy)) notCovered(`of --sync-policy ${policy}`);
        return {
          verb: 'set-sync-policy',
          app: app(),
          policy: 'automated',
          prune: is('auto-prune'),
          selfHeal: is('self-heal'),
          allowEmpty: is('allow-empty'),
        };
      }
    }
  }
}

function serverOf(
  server: string | undefined,
  path: string | undefined,
  plaintext: boolean,
): string | undefined {
  if (server === undefined) return undefined;
  if (/^https?:/.test(server)) return notCovered('--server takes a host without https://');
  const trimmed = (path ?? '').replace(/^\/+|\/+$/g, '');
  return `${plaintext ? 'http' : 'https'}://${server}${trimmed === '' ? '' : `/${trimmed}`}`;
}
