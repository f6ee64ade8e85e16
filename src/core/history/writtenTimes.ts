const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const monthOf = (name: string): number => months.indexOf(name.slice(0, 3).toLowerCase()) + 1;
const month =
  '(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:t(?:ember)?)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)';
const byYear = /(?<!\d)(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)/;
const dayFirst = new RegExp(`(?<!\\d)(\\d{1,2})(?:st|nd|rd|th)?\\.?\\s+${month}\\.?,?\\s+(\\d{4})`, 'i');
const monthFirst = new RegExp(`\\b${month}\\.?\\s+(\\d{1,2})(?:st|nd|rd|th)?,?\\s+(\\d{4})`, 'i');
const dotted = /(?<!\d)(\d{1,2})\.(\d{1,2})\.(\d{4})(?!\d)/;
const slashed = /(?<!\d)(\d{1,2})\/(\d{1,2})\/(\d{4})(?!\d)/;

/**
 * The first day that a text names, as `2026-01-31`. `03/04/2026` is the third of April here and the fourth of March
 * there, so it is none; `13/04/2026` can only be one.
 */
export function findDay(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  let parts = byYear.exec(text);
  if (parts) return dayOf(Number(parts[1]), Number(parts[2]), Number(parts[3]));
  parts = dayFirst.exec(text);
  if (parts) return dayOf(Number(parts[3]), monthOf(parts[2] ?? ''), Number(parts[1]));
  parts = monthFirst.exec(text);
  if (parts) return dayOf(Number(parts[3]), monthOf(parts[1] ?? ''), Number(parts[2]));
  parts = dotted.exec(text);
  if (parts) return dayOf(Number(parts[3]), Number(parts[2]), Number(parts[1]));
  parts = slashed.exec(text);
  if (!parts) return undefined;
  const [first, second, year] = [Number(parts[1]), Number(parts[2]), Number(parts[3])];
  if (first <= 12 && second <= 12 && first !== second) return undefined;
  return first > 12 ? dayOf(year, second, first) : dayOf(year, first, second);
}

/** Undefined for a day that no calendar has. */
function dayOf(year: number, number: number, day: number): string | undefined {
  const date = new Date(Date.UTC(year, number - 1, day));
  const isReal =
    date.getUTCMonth() === number - 1 && date.getUTCDate() === day && year >= 1990 && year <= 2100;
  return isReal ? date.toISOString().slice(0, 10) : undefined;
}

const unitMs = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1_000 } as const;
const amount =
  /(\d+(?:[.,]\d+)?)\s*(days?|d|hours?|hrs?|hr|h|minutes?|mins?|min|m|seconds?|secs?|sec|s)(?![a-z])/gi;

/** `45 minutes`, `about 1h 30m`, `2.5 hours`, `1:30` (hours and minutes) in ms. A range, or words alone, is no figure. */
export function parseHandDuration(written: string | undefined): number | undefined {
  // What stands in brackets behind a figure says where it is from.
  const text = written?.replace(/(?<=\d.*)\(.*$/, '');
  if (text === undefined || /\d\s*(?:-|–|—|to)\s*\d/.test(text)) return undefined;
  const amounts = [...text.matchAll(amount)];
  if (amounts.length > 0) {
    const sum = amounts.reduce((total, [, number = '', unit = '']) => {
      const ms = unitMs[(unit[0] ?? '').toLowerCase() as keyof typeof unitMs];
      return total + Number(number.replace(',', '.')) * ms;
    }, 0);
    return sum > 0 ? sum : undefined;
  }
  const [, hours, minutes] = /^\D*(\d{1,3}):([0-5]\d)(?:\s*h(?:ours)?)?\D*$/.exec(text.trim()) ?? [];
  const ms = Number(hours) * unitMs.h + Number(minutes) * unitMs.m;
  return ms > 0 ? ms : undefined;
}
