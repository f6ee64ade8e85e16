/** A span of time found in prose, with the place where it stands. */
export interface FoundDuration {
  readonly minutes: number;
  /** Offsets into the text that was given. */
  readonly index: number;
  readonly end: number;
}

const HOUR = 60;
const DAY = 24 * HOUR;

const units: readonly (readonly [minutes: number, pattern: RegExp])[] = [
  [
    1,
    /^(?:m|mins?|minutes?|minuten?|minut[oaei]s?|minuut|minuty|minuter|мин\p{L}*|хв\p{L}*|分.*|دقيقة|دقائق|मिनट|λεπτ\p{L}*|perc|dakika)$/u,
  ],
  [
    HOUR,
    /^(?:h|hrs?|hours?|std|stunden?|horas?|heures?|or[ae]|uur|uren|час\p{L}*|годин\p{L}*|時間.*|小时.*|小時.*|timm\p{L}*|timer|godzin\p{L}*|ساعة|ساعات|ώρ\p{L}*|घंट\p{L}*|saat)$/u,
  ],
  [
    DAY,
    /^(?:d|days?|tage?n?|werktage?n?|arbeitstage?n?|d[ií]as?|jours?|giorn[oi]|dag(?:en|ar|e)?|dni|dzień|дн\p{L}*|день|日.*|天.*|يوم|أيام|ημέρ\p{L}*|दिन|gün)$/u,
  ],
  [
    7 * DAY,
    /^(?:w|wks?|weeks?|wochen?|semanas?|semaines?|settiman[ae]|weken|veck\p{L}*|недел\p{L}*|тижн\p{L}*|тиждень|週.*|周.*|星期.*|tydzień|tygodni\p{L}*|hafta|εβδομάδ\p{L}*)$/u,
  ],
  [30 * DAY, /^(?:months?|monate?n?|mes(?:es)?|mois|mes[ei]|месяц\p{L}*|місяц\p{L}*|か月.*|个月.*)$/u],
];

const numberWords = new Map<string, number>();
for (const [value, names] of [
  [1, 'a an one ein eine einer einem einen un una une uno один одного одной одну'],
  [2, 'two zwei dos deux due два две двух'],
  [3, 'three drei tres trois tre три трёх трех'],
  [5, 'five fünf cinco cinq cinque пять пяти'],
] as const)
  for (const name of names.split(' ')) numberWords.set(name, value);

const behind = '(?:\\s{1,3}|-)?(?:(?:business|working|calendar|full|volle[nr]?)\\s{1,3})?(\\p{L}{1,24})';
const inDigits = new RegExp(`(?<![\\p{L}\\p{N}.,])(\\d{1,6}(?:[.,]\\d{1,3})?)${behind}`, 'gu');
const inWords = new RegExp(`(?<=^|[\\s(])(${[...numberWords.keys()].join('|')})(?=[\\s-])${behind}`, 'giu');
const anyWord = new RegExp(`(?:^|[\\s(])(?:${[...numberWords.keys()].join('|')})[\\s-]`, 'i');

/** Digits of other scripts (full width, Arabic-Indic, Devanagari) as ASCII; same length, so offsets keep. */
const asciiDigits = (text: string): string =>
  /[\u0660-\u0669\u06F0-\u06F9\u0966-\u096F\uFF10-\uFF19]/.test(text)
    ? text
        .replace(/[\uFF10-\uFF19\u0660-\u0669]/g, (digit) => String(digit.charCodeAt(0) & 0xf))
        .replace(/[\u06F0-\u06F9]/g, (digit) => String(digit.charCodeAt(0) - 0x6f0))
        .replace(/[\u0966-\u096F]/g, (digit) => String(digit.charCodeAt(0) - 0x966))
    : text;

function minutesOfUnit(word: string): number | undefined {
  const lower = word.toLowerCase();
  return units.find(([, pattern]) => pattern.test(lower))?.[0];
}

/** Every span of time in a text, in order: `48 hours`, `1 h`, `eine Woche`, `15分`. Never throws. */
export function findDurations(text: string): FoundDuration[] {
  const found: FoundDuration[] = [];
  const plain = asciiDigits(text);
  const collect = (pattern: RegExp, valueOf: (count: string) => number) => {
    for (const match of plain.matchAll(pattern)) {
      const [whole, count = '', unit = ''] = match;
      const minutes = minutesOfUnit(unit);
      if (minutes === undefined) continue;
      found.push({ minutes: valueOf(count) * minutes, index: match.index, end: match.index + whole.length });
    }
  };
  if (/\d/.test(plain)) collect(inDigits, (count) => Number(count.replace(',', '.')));
  if (!anyWord.test(plain)) return found;
  collect(inWords, (count) => numberWords.get(count.toLowerCase()) ?? 0);
  return found.sort((a, b) => a.index - b.index);
}

/** The first span of time in a text in minutes, `1 h 30 min` as one; undefined when there is none. */
export function parseDuration(text: string): number | undefined {
  const found = findDurations(text);
  const first = found[0];
  if (!first) return undefined;
  let { minutes, end } = first;
  for (const next of found.slice(1)) {
    if (!/^[\s,]*(?:and|und|y|et|e|и)?\s*$/u.test(text.slice(end, next.index))) break;
    minutes += next.minutes;
    end = next.end;
  }
  return minutes;
}

/** `0-15 min`, `15 bis 45 Minuten`, `1–2 h` as minutes; undefined when it is no range with a unit. */
export function parseMinuteRange(text: string): { from: number; to: number } | undefined {
  const match = /(\d{1,5})(?!\d)\s*(\p{L}{1,12})?\s*[^\d\s]{0,5}\s*(?<!\d)(\d{1,5})\s*(\p{L}{1,12})/u.exec(
    asciiDigits(text),
  );
  if (!match) return undefined;
  const [, from = '', word = '', to = '', unit = ''] = match;
  const last = minutesOfUnit(unit);
  if (last === undefined) return undefined;
  const first = minutesOfUnit(word) ?? last;
  const range = { from: Number(from) * first, to: Number(to) * last };
  return range.from < range.to ? range : undefined;
}
