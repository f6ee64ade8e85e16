/**
 * How a flag takes its value, as pflag (kubectl) does: `bool` and `optional` never take the next word, a `list` that is
 * written more than once adds up.
 */
export type FlagTakes = 'value' | 'list' | 'bool' | 'optional';

export interface FlagSpec {
  readonly name: string;
  readonly short?: string;
  readonly takes: FlagTakes;
}

export type ParsedFlags =
  | {
      readonly ok: true;
      /** Raw values by long name; the last one written wins, as in pflag; a list is joined by commas. A bool is `true` or `false`. */
      readonly flags: ReadonlyMap<string, string>;
      readonly positionals: readonly string[];
      /** The words behind `--`; undefined when there was none. */
      readonly rest: readonly string[] | undefined;
    }
  | { readonly ok: false; readonly reason: string };

const BOOLEANS: Readonly<Record<string, string>> = {
  true: 'true', True: 'true', TRUE: 'true', t: 'true', T: 'true', 1: 'true',
  false: 'false', False: 'false', FALSE: 'false', f: 'false', F: 'false', 0: 'false',
}; // prettier-ignore

/**
 * Reads flags as pflag does (https://pkg.go.dev/github.com/spf13/pflag): `--flag=value`, `--flag value`, `-f value`,
 * `-fvalue`, `-f=value`, clusters such as `-it`, flags between positionals. An unknown flag is a reason.
 * `gnu` reads them as getopt_long does: `-e=x` is the value `=x`, and a switch takes no value.
 */
export function parseFlags(
  words: readonly string[],
  specs: readonly FlagSpec[],
  style: 'pflag' | 'gnu' = 'pflag',
): ParsedFlags {
  const flags = new Map<string, string>();
  const positionals: string[] = [];
  const fail = (reason: string): ParsedFlags => ({ ok: false, reason });
  const take = (spec: FlagSpec, value: string): void => {
    const before = spec.takes === 'list' ? flags.get(spec.name) : undefined;
    flags.set(spec.name, before === undefined ? value : `${before},${value}`);
  };
  const wantsValue = ({ takes }: FlagSpec): boolean => takes === 'value' || takes === 'list';
  for (let i = 0; i < words.length; i += 1) {
    const word = words[i] ?? '';
    if (word === '--') return { ok: true, flags, positionals, rest: words.slice(i + 1) };
    if (!word.startsWith('-') || word === '-') {
      positionals.push(word);
    } else if (word.startsWith('--')) {
      const equals = word.indexOf('=');
      const name = equals < 0 ? word.slice(2) : word.slice(2, equals);
      const spec = specs.find((each) => each.name === name);
      if (!spec) return fail(`of the flag --${name}`);
      if (equals >= 0) {
        if (style === 'gnu' && spec.takes === 'bool') return fail(`of ${word}`);
        const value = readValue(spec, word.slice(equals + 1));
        if (value === undefined) return fail(`of ${word}`);
        take(spec, value);
      } else if (wantsValue(spec)) {
        i += 1;
        if (i >= words.length) return fail(`--${name} has no value`);
        take(spec, words[i] ?? '');
      } else flags.set(spec.name, spec.takes === 'bool' ? 'true' : '');
    } else {
      let cluster = word.slice(1);
      while (cluster !== '') {
        const letter = cluster[0] ?? '';
        const spec = specs.find((each) => each.short === letter);
        if (!spec) return fail(`of the flag -${letter}`);
        const tail = cluster.slice(1);
        if (tail.startsWith('=') && style === 'pflag') {
          const value = readValue(spec, tail.slice(1));
          if (value === undefined) return fail(`of ${word}`);
          take(spec, value);
          break;
        }
        if (!wantsValue(spec)) {
          flags.set(spec.name, spec.takes === 'bool' ? 'true' : '');
          cluster = tail;
          continue;
        }
        if (tail === '') i += 1;
        if (tail === '' && i >= words.length) return fail(`-${letter} has no value`);
        take(spec, tail === '' ? (words[i] ?? '') : tail);
        break;
      }
    }
  }
  return { ok: true, flags, positionals, rest: undefined };
}

function readValue(spec: FlagSpec, raw: string): string | undefined {
  return spec.takes === 'bool' ? (Object.hasOwn(BOOLEANS, raw) ? BOOLEANS[raw] : undefined) : raw;
}
