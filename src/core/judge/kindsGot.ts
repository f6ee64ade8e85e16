/** What ends a command, and words of a command line with their quotes in place. */
const word = /[|;&\n]|(?:[^\s'"|;&]+|'[^']*'|"(?:[^"\\]|\\.)*"|['"])+/g;
const quoted = /'([^']*)'|"((?:[^"\\]|\\.)*)"/g;

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

/**
 * The kinds of objects that the `get`s of a command line ask for, as they are written there (`po`, `svc`, `pods`), flags
 * before and behind them passed over; those of a command in quotes too (`bash -c 'kubectl get pods'`). Total, for any text.
 */
export function kindsGot(command: string): ReadonlySet<string> {
  const kinds = new Set<string>();
  const text = command.slice(0, longest);
  if (!/\bget\b/.test(text)) return kinds;
  const words: readonly string[] = text.replaceAll('\\\n', ' ').match(word) ?? [];
  for (let at = words.indexOf('get'); at >= 0; at = words.indexOf('get', at + 1)) {
    const [first = '', ...more] = operandsFrom(words, at + 1);
    // Behind a kind come names; only where each is written `kind/name` they all say what they are.
    for (const each of first.includes('/') ? [first, ...more] : [first])
      for (const part of each.split(',')) {
        const kind = /^['"]?([\w-]+)/.exec(part)?.[1];
        if (kind !== undefined) kinds.add(kind);
      }
  }
  for (const [, single, double] of text.matchAll(quoted))
    for (const kind of kindsGot(single ?? double ?? '')) kinds.add(kind);
  return kinds;
}

/** The words from there to the end of the command that are no flag and no value of one. */
function operandsFrom(words: readonly string[], from: number): readonly string[] {
  const operands: string[] = [];
  for (let at = from; at < words.length; at += 1) {
    const each = words[at] ?? '';
    if (/^[|;&\n]$/.test(each)) break;
    if (!each.startsWith('-')) operands.push(each);
    else if (takesNext(each)) at += 1;
  }
  return operands;
}

/** `-o wide`, `-wn x` and `--namespace x` do; `-owide`, `-A`, `--watch` and `--output=wide` do not. */
function takesNext(flag: string): boolean {
  if (flag.includes('=')) return false;
  if (flag.startsWith('--')) return !switches.has(flag.slice(2));
  // In a cluster the first letter that takes a value takes the rest of it.
  const valued = /[^AwR]/.exec(flag.slice(1));
  return valued !== null && valued.index === flag.length - 2;
}
