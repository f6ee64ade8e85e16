import type { Severity } from './guide.ts';

/** Finds severities named in prose, as the guide's own names in the order found, each once. */
export type FindSeverities = (text: string) => string[];

const identifier = /^(\p{L}{1,14})[\s-]?(\d{1,2})(?![\p{L}\p{N}])/u;

/** `SEV1`, `P0`, `Sev-2 (major)`: letters and a number at the start of a cell; undefined for anything else. */
export function severityIdentifier(
  cell: string,
): { name: string; prefix: string; number: number } | undefined {
  const match = identifier.exec(cell);
  if (!match) return undefined;
  const [name, prefix = '', number = ''] = match;
  // Behind the name only a gloss may follow: "Phase 1 of the plan" or "Server 2 down" is prose.
  if (!/^\s*(?:$|[(（:–—-])/.test(cell.slice(name.length))) return undefined;
  return { name, prefix, number: Number(number) };
}

const short = /(\s?[/]\s?|[-–—])(\d{1,2})(?![\p{L}\p{N}])/uy;
const range = /^\s*(?:[-–—]|to|through|bis|a|à|до)\s*$/iu;
/** Scripts that write spaces between words; in the others a name may touch its neighbours. */
const ends = /[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{N}]/u;
/** One letter may follow a name, as in "P1s"; two or a digit make it another word. */
const goesOn = /^(?:\p{N}|[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}]{2})/u;

const standsAlone = (text: string, from: number, to: number): boolean =>
  !ends.test(text[from - 1] ?? '') && !goesOn.test(text.slice(to, to + 2));

const escape = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
const andAbove =
  /^\s*(?:\+|and (?:above|higher)|or (?:above|higher)|und höher|oder höher|y superior|et plus|и выше)/iu;

/** No organisation has more; a broken table of thousands must not make every sentence slow. */
const MOST_NAMES = 50;

/** Without severities in the guide, the usual spellings `SEV1` and `P1` are found as written. */
export function createFindSeverities(severities: readonly Severity[]): FindSeverities {
  if (severities.length === 0)
    return (text) => [...new Set(text.match(/(?<![\p{L}\p{N}])(?:SEV-?|P|S)\d(?![\p{L}\p{N}])/giu) ?? [])];
  const names = severities.slice(0, MOST_NAMES).map(({ name }) => name);
  const byKey = new Map(names.map((name, index) => [key(name), index]));
  const alternatives = [...new Set(names)]
    .sort((a, b) => b.length - a.length)
    .map((name) => {
      const parts = severityIdentifier(name);
      return parts ? `${escape(parts.prefix)}[\\s-]?${String(parts.number)}` : escape(name);
    });
  // Compiled anew for each guide: Unicode classes here would cost more than reading it, so edges are checked below.
  const pattern = new RegExp(alternatives.join('|'), 'gi');
  const prefix = severityIdentifier(names[0] ?? '')?.prefix ?? '';

  return (text) => {
    const found: number[] = [];
    let end = 0;
    for (const match of text.matchAll(pattern)) {
      const index = byKey.get(key(match[0]));
      if (index === undefined || !standsAlone(text, match.index, match.index + match[0].length)) continue;
      const before = found.at(-1);
      if (before !== undefined && range.test(text.slice(end, match.index)))
        for (let between = before + 1; between < index; between++) found.push(between);
      found.push(index);
      end = match.index + match[0].length;
      // "SEV1/2" and "P0-2" name the rest by number alone.
      short.lastIndex = end;
      for (let more = prefix === '' ? null : short.exec(text); more; more = short.exec(text)) {
        const last = byKey.get(key(`${prefix}${more[2] ?? ''}`));
        if (last === undefined) break;
        const from = more[1]?.includes('/') ? last : (found.at(-1) ?? last) + 1;
        for (let between = from; between <= last; between++) found.push(between);
        end = short.lastIndex;
      }
      if (andAbove.test(text.slice(end, end + 16)))
        for (let above = 0; above < index; above++) found.push(above);
    }
    return [...new Set(found)].sort((a, b) => a - b).map((index) => names[index] ?? '');
  };
}

const key = (name: string): string => name.toLowerCase().replace(/[\s-]+/g, '');
