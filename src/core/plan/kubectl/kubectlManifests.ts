import { secondsOf } from './kubectlSeconds.ts';
import type { KubectlWords, ParsedKubectl } from './kubectlWords.ts';
import { notCovered, resourcesOf } from './kubectlWords.ts';

/** The files of `-f`, each given with its own flag or joined by commas as pflag's string slices are. */
function filesOf(words: KubectlWords): readonly string[] {
  const files = (words.raw('filename') ?? '').split(',').filter((file) => file !== '');
  if (files.includes('-')) notCovered('it reads from standard input');
  const address = files.find((file) => /^https?:\/\//.test(file));
  if (address !== undefined) notCovered(`it takes its objects from the network (${address})`);
  return files.map(words.marked.fill);
}

/** kubectl apply -f, of local files and folders. */
export function parseApply(words: KubectlWords): ParsedKubectl {
  if (words.positionals.length > 0) notCovered('kubectl apply takes its objects from files');
  const files = filesOf(words);
  if (files.length === 0) notCovered('it names no file');
  const fieldManager = words.text('field-manager');
  if (!words.is('server-side') && (words.is('force-conflicts') || fieldManager !== undefined))
    notCovered('of flags that belong to --server-side');
  return words.done(
    {
      verb: 'apply',
      files,
      recursive: words.is('recursive'),
      serverSide: words.is('server-side'),
      forceConflicts: words.is('force-conflicts'),
      ...(fieldManager === undefined ? {} : { fieldManager }),
      dryRun: words.dryRun(),
    },
    [],
  );
}

const cascades: Readonly<Record<string, 'background' | 'foreground' | 'orphan'>> = {
  '': 'background',
  true: 'background',
  false: 'orphan',
  background: 'background',
  foreground: 'foreground',
  orphan: 'orphan',
};

/** kubectl delete, of named objects, a selector, everything of a kind, or what files name. */
export function parseDelete(words: KubectlWords): ParsedKubectl {
  const files = filesOf(words);
  const selector = words.text('selector');
  const all = words.is('all');
  const named =
    files.length > 0 && words.positionals.length === 0
      ? { kinds: [], names: [] }
      : resourcesOf(words.positionals);
  if (files.length > 0 && (named.kinds.length > 0 || selector !== undefined || all))
    notCovered('it names objects and files at once');
  const ways = [named.names.length > 0, selector !== undefined, all, files.length > 0].filter(Boolean).length;
  if (ways !== 1) notCovered('it must name objects, a selector, --all or files, and only one of them');
  const cascade = cascades[words.raw('cascade') ?? 'background'];
  if (cascade === undefined) return notCovered(`of --cascade=${words.raw('cascade')}`);
  const written = words.number('grace-period', -1);
  const grace = written === -1 ? undefined : written;
  if (words.is('now') && grace !== undefined) notCovered('it has both --now and --grace-period');
  if (words.is('force') && grace !== undefined && grace > 0)
    notCovered('--force and a --grace-period greater than 0 exclude each other');
  const timeout = secondsOf(words, 'timeout');
  const fill = words.marked.fill;
  return words.done(
    {
      verb: 'delete',
      kinds: named.kinds.map(fill),
      names: named.names.map(fill),
      selector,
      files,
      recursive: words.is('recursive'),
      all,
      gracePeriodSeconds: words.is('now') ? 1 : words.is('force') ? 0 : grace,
      force: words.is('force'),
      wait: words.raw('wait') !== 'false' && !(words.is('force') && words.raw('wait') === undefined),
      ...(timeout === undefined || timeout === 0 ? {} : { timeoutSeconds: timeout }),
      cascade,
      ignoreNotFound: words.is('ignore-not-found') || (all && !words.has('ignore-not-found')),
      dryRun: words.dryRun(),
    },
    words.positionals,
  );
}
