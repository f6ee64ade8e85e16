/** A date as somebody wrote it, with its place in the text. */
export interface FoundDate {
  readonly from: number;
  readonly to: number;
  /** `2026-12-01`; undefined where it could be two days (`03/04/2026`) or is none (`2026-02-30`). */
  readonly date: string | undefined;
  /** Why it is not a date, and how to write it. */
  readonly problem?: string;
}

const monthNames = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const month = `(?<month>${monthNames.join('|')})[a-z]*\\.?`;
const day = '(?<day>\\d{1,2})(?:st|nd|rd|th)?';
const edge = '(?<![\\w./-])';
const end = '(?![\\w/-]|\\.\\d)';

/** In the order in which they are tried: what is found first at a place counts. */
const forms: readonly RegExp[] = [
  new RegExp(`${edge}(?<year>\\d{4})[-/.](?<number>\\d{1,2})[-/.](?<day>\\d{1,2})${end}`, 'g'),
  new RegExp(`${edge}(?<day>\\d{1,2})\\.\\s?(?<number>\\d{1,2})\\.\\s?(?<year>\\d{4})${end}`, 'g'),
  new RegExp(`${edge}(?<either>\\d{1,2})/(?<or>\\d{1,2})/(?<year>\\d{4})${end}`, 'g'),
  new RegExp(`${edge}${day}\\s+${month}(?:,?\\s+(?<year>\\d{4}))?${end}`, 'gi'),
  new RegExp(`${edge}${month}\\s+${day}(?:,?\\s+(?<year>\\d{4}))?${end}`, 'gi'),
];

/**
 * The dates in a line, in their order. A day without its year is the next one from `today` (`2026-11-28`) on. What
 * could be two days, and a day without its year where no `today` is given, is found but not settled: a deadline is never
 * guessed.
 */
export function findDates(text: string, today: string | undefined): readonly FoundDate[] {
  const found: FoundDate[] = [];
  for (const form of forms) {
    for (const match of text.matchAll(form)) {
      const from = match.index;
      const to = from + match[0].length;
      if (found.some((other) => from < other.to && other.from < to)) continue;
      found.push({ from, to, ...settle(match[0], match.groups ?? {}, today) });
    }
  }
  return found.sort((a, b) => a.from - b.from);
}

function settle(
  written: string,
  parts: Readonly<Record<string, string | undefined>>,
  today: string | undefined,
): Pick<FoundDate, 'date' | 'problem'> {
  const { year, either, or } = parts;
  if (either !== undefined && or !== undefined && year !== undefined) {
    const readings = [isoDate(year, either, or), isoDate(year, or, either)].filter(
      (one) => one !== undefined,
    );
    const [first, second] = [...new Set(readings)];
    if (first === undefined) return noDay(written);
    if (second === undefined) return { date: first };
    return { date: undefined, problem: `“${written}” could be ${first} or ${second}. Write which.` };
  }
  const number =
    parts['number'] ?? String(monthNames.indexOf((parts['month'] ?? '').slice(0, 3).toLowerCase()) + 1);
  if (year === undefined && today === undefined)
    return { date: undefined, problem: `“${written}” has no year. Write it as 2026-12-31.` };
  const date =
    year === undefined && today !== undefined
      ? nextDay(number, parts['day'] ?? '', today)
      : isoDate(year ?? '', number, parts['day'] ?? '');
  return date === undefined ? noDay(written) : { date };
}

const noDay = (written: string): Pick<FoundDate, 'date' | 'problem'> => ({
  date: undefined,
  problem: `“${written}” is no day of the calendar. Write it as 2026-12-31.`,
});

function nextDay(number: string, dayOfMonth: string, today: string): string | undefined {
  const thisYear = Number(today.slice(0, 4));
  // Five years, for the 29th of February.
  for (let year = thisYear; year <= thisYear + 4; year++) {
    const date = isoDate(String(year), number, dayOfMonth);
    if (date !== undefined && date >= today) return date;
  }
  return undefined;
}

function isoDate(year: string, number: string, dayOfMonth: string): string | undefined {
  const text = `${year}-${number.padStart(2, '0')}-${dayOfMonth.padStart(2, '0')}`;
  const ms = Date.parse(`${text}T00:00:00.000Z`);
  // A day that is not there (31 November) is moved by the engine, or refused.
  return Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== text ? undefined : text;
}
