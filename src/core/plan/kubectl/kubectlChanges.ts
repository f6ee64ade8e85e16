import type { FlagSpec } from '../words/commandFlags.ts';
import type { ReadyWait } from './kubernetesAction.ts';
import { parseApply, parseDelete } from './kubectlManifests.ts';
import { secondsOf } from './kubectlSeconds.ts';
import type { KubectlVerb, KubectlWords, ParsedKubectl } from './kubectlWords.ts';
import { boolFlag, dryRunFlag, notCovered, resourcesOf, valueFlag } from './kubectlWords.ts';

/** How long a scale is watched when the command says nothing, seconds: pods that start at all have started by then. */
const watchedSeconds = 120;

function parseScale(words: KubectlWords): ParsedKubectl {
  const replicas = words.number('replicas', 0) ?? notCovered('--replicas is not given');
  const current = words.number('current-replicas', -1);
  const currentReplicas = current === -1 ? undefined : current;
  const { kinds, names } = resourcesOf(words.positionals);
  // `deployment web api` is one object and a slip of the pen as often as two: kubectl shall say.
  if (kinds.length !== 1 || names.length === 0 || (names.length > 1 && !words.positionals[0]?.includes('/')))
    notCovered('it does not name exactly one object');
  const kind = words.marked.fill(kinds[0] ?? '');
  const [resource, ...more] = names.map((name) => ({ kind, name: words.marked.fill(name) }));
  const guarded = currentReplicas === undefined ? {} : { currentReplicas };
  const dryRun = words.dryRun();
  const timeout = secondsOf(words, 'timeout');
  const wait: ReadyWait =
    timeout === undefined
      ? { seconds: watchedSeconds, required: false }
      : { seconds: timeout, required: true };
  const version = words.text('resource-version');
  return words.done(
    {
      verb: 'scale',
      resource: resource ?? notCovered('it does not name exactly one object'),
      ...(more.length > 0 ? { more: more.map((each) => ({ ...each, ...guarded })) } : {}),
      replicas,
      currentReplicas,
      ...(version === undefined ? {} : { resourceVersion: version }),
      ...(wait.seconds === 0 || dryRun ? {} : { wait }),
      dryRun,
    },
    words.positionals,
  );
}

function parsePatch(words: KubectlWords): ParsedKubectl {
  const file = words.text('patch-file');
  const raw = words.raw('patch');
  if (raw !== undefined && file !== undefined) return notCovered('it has both --patch and --patch-file');
  if (raw === undefined && file === undefined) return notCovered('--patch is not given');
  const patch = words.marked.fill(raw ?? '');
  const type = words.raw('type') ?? 'strategic';
  if (type !== 'strategic' && type !== 'merge' && type !== 'json') return notCovered(`of --type=${type}`);
  const sub = words.raw('subresource');
  if (sub !== undefined && sub !== 'status' && sub !== 'scale') return notCovered(`of --subresource=${sub}`);
  const resource = words.one(words.positionals);
  return words.done(
    {
      verb: 'patch',
      resource,
      patch,
      ...(file === undefined ? {} : { patchFile: file }),
      patchType: type,
      ...(sub === undefined ? {} : { subresource: sub }),
      dryRun: words.dryRun(),
    },
    words.positionals,
  );
}

function parseExec(words: KubectlWords): ParsedKubectl {
  const { positionals, rest, marked } = words;
  const [pod, ...more] = positionals;
  const name = pod?.replace(/^(?:po|pods?)\//, '');
  if (name === undefined || name === '' || more.length > 0)
    return notCovered('kubectl exec wants one pod and the command behind --');
  if (name.includes('/') && !/^(?:deploy|deployments?|sts|statefulsets?)(?:\.apps)?\/[^/]+$/.test(name))
    return notCovered(`exec into ${name} is not covered`);
  if (rest === undefined || rest.length === 0) return notCovered('it has no command behind --');
  return words.done(
    {
      verb: 'exec',
      pod: marked.fill(name),
      container: words.text('container'),
      command: rest.map(marked.fill),
    },
    positionals,
    { terminal: words.is('stdin') || words.is('tty') },
  );
}

type RolloutSub = 'status' | 'history' | 'undo' | 'restart' | 'pause' | 'resume';

/** The flags of each of `kubectl rollout`'s own commands that a plan covers. */
const rolloutFlags: Readonly<Record<RolloutSub, readonly string[]>> = {
  status: ['watch', 'timeout'],
  history: [],
  undo: ['to-revision', 'dry-run'],
  restart: [],
  pause: [],
  resume: [],
};
const ownRolloutFlags = ['to-revision', 'dry-run', 'watch', 'timeout'];
const isRolloutSub = (word: string | undefined): word is RolloutSub =>
  word !== undefined && Object.hasOwn(rolloutFlags, word);

function parseRollout(words: KubectlWords): ParsedKubectl {
  const [sub, ...object] = words.positionals;
  if (!isRolloutSub(sub)) return notCovered(`kubectl rollout ${sub ?? ''} has no plan of its own yet`);
  if (ownRolloutFlags.some((name) => words.has(name) && !rolloutFlags[sub].includes(name)))
    notCovered(`of flags that kubectl rollout ${sub} does not have`);
  const revision = words.number('to-revision', 0);
  const toRevision = revision === 0 ? undefined : revision;
  const timeout = secondsOf(words, 'timeout');
  return words.done(
    {
      verb: 'rollout',
      sub,
      resource: words.one(object),
      toRevision,
      ...(words.raw('watch') === 'false' ? { once: true } : {}),
      ...(timeout === undefined || timeout === 0 ? {} : { timeoutSeconds: timeout }),
      dryRun: words.dryRun(),
    },
    object,
  );
}

const timeoutFlag: FlagSpec = valueFlag('timeout');

/** kubectl's verbs that change something, or wait for a change. */
export const kubectlChanges: Readonly<Record<string, KubectlVerb>> = {
  scale: {
    flags: [
      valueFlag('replicas'),
      valueFlag('current-replicas'),
      valueFlag('resource-version'),
      timeoutFlag,
      dryRunFlag,
    ],
    parse: parseScale,
  },
  patch: {
    flags: [
      valueFlag('patch', 'p'),
      valueFlag('patch-file'),
      valueFlag('type'),
      valueFlag('subresource'),
      dryRunFlag,
    ],
    parse: parsePatch,
  },
  exec: {
    flags: [valueFlag('container', 'c'), boolFlag('stdin', 'i'), boolFlag('tty', 't')],
    parse: parseExec,
  },
  rollout: {
    flags: [valueFlag('to-revision'), boolFlag('watch', 'w'), timeoutFlag, dryRunFlag],
    parse: parseRollout,
  },
  apply: {
    flags: [
      { name: 'filename', short: 'f', takes: 'list' },
      boolFlag('recursive', 'R'),
      boolFlag('server-side'),
      boolFlag('force-conflicts'),
      valueFlag('field-manager'),
      dryRunFlag,
    ],
    parse: parseApply,
  },
  delete: {
    flags: [
      { name: 'filename', short: 'f', takes: 'list' },
      boolFlag('recursive', 'R'),
      valueFlag('selector', 'l'),
      boolFlag('all'),
      valueFlag('grace-period'),
      boolFlag('force'),
      boolFlag('now'),
      boolFlag('wait'),
      timeoutFlag,
      { name: 'cascade', takes: 'optional' },
      boolFlag('ignore-not-found'),
      dryRunFlag,
    ],
    parse: parseDelete,
  },
};
