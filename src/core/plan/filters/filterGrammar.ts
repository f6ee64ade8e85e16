import { parseFlags } from '../words/commandFlags.ts';
import { canFilter } from './filters.ts';
import type { Filter } from '../plan.ts';

export type FilterResult =
  | {
      readonly ok: true;
      readonly filter: Filter;
      /** The words for a count that is not known yet (NaN in the filter). */
      readonly openLines?: string;
    }
  /** Completes "it runs in your shell because …". */
  | { readonly ok: false; readonly reason: string };

/**
 * Reads one command behind a pipe as a line filter. `fill` puts known values in; a pattern with an unknown
 * placeholder is accepted, for the plan is blocked until it is known and planned again.
 */
export function parseFilter(
  words: readonly string[],
  fill: (word: string) => string,
  isOpen: (word: string) => boolean,
): FilterResult {
  const [program = '', ...rest] = words;
  const fail = (reason: string): FilterResult => ({ ok: false, reason });
  switch (program) {
    case 'grep':
    case 'egrep':
    case 'fgrep': {
      const parsed = parseFlags(
        rest,
        [
          { name: 'ignore-case', short: 'i', takes: 'bool' },
          { name: 'invert-match', short: 'v', takes: 'bool' },
          { name: 'extended-regexp', short: 'E', takes: 'bool' },
          { name: 'fixed-strings', short: 'F', takes: 'bool' },
          { name: 'count', short: 'c', takes: 'bool' },
          { name: 'regexp', short: 'e', takes: 'value' },
          { name: 'color', takes: 'optional' },
          { name: 'colour', takes: 'optional' },
        ],
        'gnu',
      );
      if (!parsed.ok) return fail(`${parsed.reason} of ${program}`);
      const { flags, positionals } = parsed;
      const color = flags.get('color') ?? flags.get('colour') ?? 'never';
      if (color === 'always') return fail('grep would colour its output');
      if (rest.filter((word) => /^(?:-\w*e|--regexp)/.test(word)).length > 1)
        return fail('grep has several patterns');
      const given = [...(flags.has('regexp') ? [flags.get('regexp') ?? ''] : []), ...positionals];
      const [raw, ...files] = [...given, ...(parsed.rest ?? [])];
      if (raw === undefined) return fail('grep has no pattern');
      if (files.length > 0) return fail('grep reads files');
      const extended = flags.get('extended-regexp') === 'true' || program === 'egrep';
      const fixed = flags.get('fixed-strings') === 'true' || program === 'fgrep';
      if (extended && fixed) return fail('grep is given both -E and -F');
      const filter: Filter = {
        name: 'grep',
        pattern: fill(raw),
        ignoreCase: flags.get('ignore-case') === 'true',
        invert: flags.get('invert-match') === 'true',
        extended,
        fixed,
        count: flags.get('count') === 'true',
      };
      if (!isOpen(filter.pattern) && !canFilter(filter)) return fail('its grep pattern needs the real grep');
      return { ok: true, filter };
    }
    case 'head':
    case 'tail': {
      const short = rest.map((word) => word.replace(/^-(\d+)$/, '-n$1'));
      const parsed = parseFlags(short, [{ name: 'lines', short: 'n', takes: 'value' }], 'gnu');
      if (!parsed.ok) return fail(`${parsed.reason} of ${program}`);
      if (parsed.positionals.length > 0 || parsed.rest) return fail(`${program} reads files`);
      const lines = fill(parsed.flags.get('lines') ?? '10');
      if (isOpen(lines)) return { ok: true, filter: { name: program, lines: NaN }, openLines: lines };
      if (!/^\d{1,9}$/.test(lines)) return fail(`${program} counts lines in a way that is not covered`);
      return { ok: true, filter: { name: program, lines: Number(lines) } };
    }
    case 'wc': {
      const parsed = parseFlags(rest, [{ name: 'lines', short: 'l', takes: 'bool' }], 'gnu');
      if (!parsed.ok) return fail(`${parsed.reason} of wc`);
      if (parsed.positionals.length > 0 || parsed.rest) return fail('wc reads files');
      return { ok: true, filter: { name: 'wc', linesOnly: parsed.flags.has('lines') } };
    }
    case 'sort': {
      const parsed = parseFlags(
        rest,
        [
          { name: 'reverse', short: 'r', takes: 'bool' },
          { name: 'numeric-sort', short: 'n', takes: 'bool' },
          { name: 'unique', short: 'u', takes: 'bool' },
        ],
        'gnu',
      );
      if (!parsed.ok) return fail(`${parsed.reason} of sort`);
      if (parsed.positionals.length > 0 || parsed.rest) return fail('sort reads files');
      const [reverse, numeric, unique] = ['reverse', 'numeric-sort', 'unique'].map((name) =>
        parsed.flags.has(name),
      );
      return {
        ok: true,
        filter: {
          name: 'sort',
          reverse: reverse === true,
          numeric: numeric === true,
          unique: unique === true,
        },
      };
    }
    case 'uniq': {
      const parsed = parseFlags(rest, [{ name: 'count', short: 'c', takes: 'bool' }], 'gnu');
      if (!parsed.ok) return fail(`${parsed.reason} of uniq`);
      if (parsed.positionals.length > 0 || parsed.rest) return fail('uniq reads files');
      return { ok: true, filter: { name: 'uniq', count: parsed.flags.has('count') } };
    }
    default:
      return fail(`it pipes into ${program}`);
  }
}

/** The filter as a command, quoted for a shell by `quote`; `openLines` stands for a count not known yet. */
export function renderFilter(filter: Filter, quote: (word: string) => string, openLines: string): string {
  switch (filter.name) {
    case 'grep': {
      const flags = [
        filter.ignoreCase ? '-i' : '',
        filter.invert ? '-v' : '',
        filter.extended ? '-E' : '',
        filter.fixed ? '-F' : '',
        filter.count ? '-c' : '',
        filter.pattern.startsWith('-') ? '-e' : '',
      ].filter(Boolean);
      return ['grep', ...flags, quote(filter.pattern)].join(' ');
    }
    case 'head':
    case 'tail':
      return `${filter.name} -n ${Number.isNaN(filter.lines) ? openLines : filter.lines}`;
    case 'wc':
      return filter.linesOnly ? 'wc -l' : 'wc';
    case 'sort':
      return ['sort', filter.reverse ? '-r' : '', filter.numeric ? '-n' : '', filter.unique ? '-u' : '']
        .filter(Boolean)
        .join(' ');
    case 'uniq':
      return filter.count ? 'uniq -c' : 'uniq';
  }
}
