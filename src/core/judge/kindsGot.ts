/** What ends a command, and words of a command line with their quotes in place. */
const word = /[|;&\n]|(?:[^\s'"|;&]+|'[^']*'|"(?:[^"\\]|\\.)*"|['"])+/g;
const quoted = /'([^']*)'|"((?:[^"\\]|\\.)*)"/g;
/** A word at which a command is over, or from which on nobody reads it. */
const isEnd = /^[|;&\n#]/;

const wordsOf = (text: string): readonly string[] => text.replaceAll('\\\n', ' ').match(word) ?? [];
const quotedIn = (text: string): readonly string[] =>
  [...text.matchAll(quoted)].map(([, single, double]) => single ?? double ?? '');

/** Characters that are read: no command is longer, and some texts of this form would take for ever. */
const longest = 4_000;

/** Flags of `kubectl get` that never take the next word: https://kubernetes.io/docs/reference/kubectl/generated/kubectl_get/ */
const switches = new Set(
  (
    'all-namespaces allow-missing-template-keys disable-compression ignore-not-found insecure-skip-tls-verify ' +
    'match-server-version no-headers output-watch-events recursive server-print show-kind show-labels ' +
    'show-managed-fields warnings-as-errors watch watch-only'
  ).split(' '),
);

/** Kinds as `kubectl get` takes them. */
export const kindNames = { pods: /^po(?:ds?)?$/, services: /^(?:svc|services?)$/ } as const;

/** One `get` of a command line, as it is written there. */
interface Got {
  readonly kinds: readonly string[];
  /** Its objects are named, or chosen by a field. */
  readonly chosen: boolean;
}

/**
 * The kinds of objects that the `get`s of a command line ask for, as they are written there (`po`, `svc`, `pods`), flags
 * before and behind them passed over; those of a command in quotes too (`bash -c 'kubectl get pods'`). Total, for any text.
 */
export const kindsGot = (command: string): ReadonlySet<string> =>
  new Set(getsOf(command).flatMap(({ kinds }) => kinds));

/** Whether a `get` of a command line asks for some pods alone, by name or by a field: of the others it shows nothing. */
export const choosesPods = (command: string): boolean =>
  getsOf(command).some(({ kinds, chosen }) => chosen && kinds.some((kind) => kindNames.pods.test(kind)));

/**
 * Whether a `kubectl logs` of a command line reads a single pod: one that it names, or one that kubectl chooses of a
 * deployment, a job or a service. Total, for any text.
 */
export function choosesLogs(command: string): boolean {
  const text = command.slice(0, longest);
  if (!/\blogs?\b/.test(text)) return false;
  const words = wordsOf(text);
  let isKubectl = false;
  let isOne = false;
  for (const [at, each] of words.entries()) {
    if (/^[|;&\n]/.test(each)) isKubectl = false;
    else if (/^[$(`]*(?:[\w./~-]*\/)?(?:kubectl|oc|k)$/.test(each)) isKubectl = true;
    else if (isKubectl && /^logs?$/.test(each)) isOne ||= !namesMany(words, at + 1);
  }
  return isOne || quotedIn(text).some(choosesLogs);
}

/** A selector, or every pod of a workload: https://kubernetes.io/docs/reference/kubectl/generated/kubectl_logs/ */
function namesMany(words: readonly string[], from: number): boolean {
  const end = words.findIndex((each, at) => at >= from && isEnd.test(each));
  const own = words.slice(from, end < 0 ? undefined : end);
  return own.some((each) => /^(?:-[fp]*l|--selector\b|--all-pods(?:=true)?$)/.test(each));
}

function getsOf(command: string): readonly Got[] {
  const text = command.slice(0, longest);
  if (!/\bget\b/.test(text)) return [];
  const gets: Got[] = [];
  const words = wordsOf(text);
  for (let at = words.indexOf('get'); at >= 0; at = words.indexOf('get', at + 1)) {
    const { operands, byField } = readFrom(words, at + 1);
    const [first = '', ...more] = operands;
    // Behind a kind come names; only where each is written `kind/name` they all say what they are.
    const named = first.includes('/');
    const kinds = (named ? operands : [first]).flatMap((each) =>
      each.split(',').flatMap((part) => /^['"]?([\w-]+)/.exec(part)?.[1] ?? []),
    );
    gets.push({ kinds, chosen: byField || named || more.length > 0 });
  }
  return [...gets, ...quotedIn(text).flatMap(getsOf)];
}

/** The words from there to the end of the command that are no flag, no value of one and no file to write to. */
function readFrom(words: readonly string[], from: number): { operands: readonly string[]; byField: boolean } {
  const operands: string[] = [];
  let byField = false;
  for (let at = from; at < words.length; at += 1) {
    const each = words[at] ?? '';
    if (isEnd.test(each)) break;
    byField ||= each.startsWith('--field-selector');
    if (/^\d*[<>]/.test(each)) at += /[<>]$/.test(each) ? 1 : 0;
    else if (!each.startsWith('-')) {
      if (/[\w$]/.test(each)) operands.push(each);
    } else if (takesNext(each)) at += 1;
  }
  return { operands, byField };
}

/** `-o wide`, `-wn x` and `--namespace x` do; `-owide`, `-A`, `--watch` and `--output=wide` do not. */
function takesNext(flag: string): boolean {
  if (flag.includes('=')) return false;
  if (flag.startsWith('--')) return !switches.has(flag.slice(2));
  // In a cluster the first letter that takes a value takes the rest of it.
  const valued = /[^AwR]/.exec(flag.slice(1));
  return valued !== null && valued.index === flag.length - 2;
}
