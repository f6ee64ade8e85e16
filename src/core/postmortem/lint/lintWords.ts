import { insertAt, removeLine, replaceIn } from '../../lint/textEdit.ts';
import { linesIn, type PostMortemText } from './postMortemText.ts';
import { fix, problemAt, type Rule } from './problem.ts';

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

interface BlameRule {
  readonly test: RegExp;
  readonly message: string;
  /** Title and what to write in the place of what was found. */
  readonly instead: readonly [title: string, text: string];
}

const blames: readonly BlameRule[] = [
  {
    test: /\b(?:human|operator|user|pilot)[ -]error\b/i,
    message:
      '“Human error” ends the search where it should begin: people act on what they see. What made this easy to get wrong, and hard to notice?',
    instead: ['Ask what made it possible', '[what made this easy to get wrong]'],
  },
  {
    test: /\b(?:careless(?:ly|ness)?|negligen(?:t|tly|ce)|incompeten(?:t|tly|ce)|sloppy|stupid(?:ly|ity)?|lazy|lazily)\b ?/i,
    message:
      'This judges a person. Say what they saw and what they did: that can be changed, a character cannot.',
    instead: ['Remove the judgement', ''],
  },
  {
    test: /\b(?:should|ought to|could) have known(?: better)?\b/i,
    message: 'Nobody knew then what is known now. What would have shown it to them?',
    instead: ['Say that it was not known', 'did not know'],
  },
];

/** Blame of people, “human error” and judgements, in what people wrote. */
export const lintBlame: Rule = (text) => {
  const names = text.people.filter((name) => name.length > 1).map(escaped);
  const byName =
    names.length === 0
      ? undefined
      : new RegExp(
          `(?<![\\p{L}\\p{N}])(${names.join('|')})(?:(?:[’']s (?:fault|mistake))|(?: (?:was|is) (?:to blame|at fault))|(?: (?:forgot|neglected|failed(?! (?:over|back))|messed up|screwed up)))(?![\\p{L}])`,
          'u',
        );
  return text.prose.flatMap((prose, line) => {
    const found = blames.flatMap(({ test, message, instead: [title, put] }) => {
      const match = test.exec(prose);
      if (!match) return [];
      const [from, to] = [match.index, match.index + match[0].length];
      const edit = fix(title, replaceIn(line + 1, from + 1, to + 1, put));
      const end = from + match[0].trimEnd().length;
      return [
        problemAt(text, { line, from, to: end }, { code: 'blame', severity: 'warning', message }, [edit]),
      ];
    });
    const named = byName?.exec(prose);
    const name = named?.[1];
    if (!named || name === undefined) return found;
    const from = named.index;
    const edit = fix(
      `Write “the responder” in place of ${name}`,
      replaceIn(line + 1, from + 1, from + name.length + 1, 'the responder'),
    );
    const message = `This names ${name} as the cause. The same would have happened to somebody else: what let it happen?`;
    const place = { line, from, to: from + named[0].length };
    return [...found, problemAt(text, place, { code: 'blame', severity: 'warning', message }, [edit])];
  });
};

const counterfactual =
  /\b(?:should|would|ought to) (?:not )?have\b(?! to\b)|\bcould (?:not )?have been (?:avoided|prevented|caught|found|seen|fixed)\b|\b(?:should|would)n[’']t have\b(?! to\b)|\bif only\b|\bhad (?:we|they|he|she|i) (?:not )?\w+ed\b/i;

/** What did not happen, told in the timeline: it belongs to the lessons. */
export const lintCounterfactuals: Rule = (text) => {
  const timeline = text.sections.find(({ kind }) => kind === 'timeline');
  if (!timeline) return [];
  const lessons = text.sections.find(({ kind }) => kind === 'lessons');
  return linesIn(timeline).flatMap((line) => {
    const match = counterfactual.exec(text.prose[line] ?? '');
    if (!match) return [];
    const message =
      'The timeline says what happened; this says what did not. Tell what was known and done, and move the wish to the lessons.';
    const place = { line, from: match.index, to: match.index + match[0].length };
    const fixes = lessons ? [moveTo(text, line, lessons)] : [];
    return [problemAt(text, place, { code: 'counterfactual', severity: 'warning', message }, fixes)];
  });
};

function moveTo(
  text: PostMortemText,
  line: number,
  { name, line: at, end }: { name: string; line: number; end: number },
) {
  const last = [...linesIn({ line: at, end })].reverse().find((one) => text.lines[one]!.trim() !== '') ?? at;
  const words = text.lines[line]!.trim().replace(/^[-*+]\s+/, '');
  const insert = insertAt(last + 1, text.lines[last]!.length + 1, `${last === at ? '\n' : ''}\n- ${words}`);
  return fix(`Move it to “${name}”`, removeLine(text.lines, line + 1), insert);
}

const partial =
  /(?<![\d.,])(?:\d{1,2}(?:[.,]\d+)?)\s?%|\b(?:some|a few|a subset of|part of the|few) (?:users|customers|requests|orders|payments|regions)\b|\bpartial(?:ly)?\b|\bdegraded\b|\bintermittent(?:ly)?\b/i;
const outage = /(?<!\b(?:partial|partly|no|not an|regional|without an|brief) )\boutages?\b/i;

/** “Outage” where the impact says that only a part failed. */
export const lintOutage: Rule = (text) => {
  const impact = text.sections.find(({ kind }) => kind === 'impact');
  const says =
    impact &&
    linesIn(impact)
      .filter((line) => !text.isFolded(line))
      .map((line) => text.lines[line]!);
  if (!says?.some((line) => partial.test(line.replace(/`[^`]*`/g, '')))) return [];
  if (says.some((line) => /\b100\s?%|\ball (?:users|customers|requests)\b/i.test(line))) return [];
  return text.prose.flatMap((prose, line) => {
    const match = outage.exec(prose);
    if (!match) return [];
    const place = { line, from: match.index, to: match.index + match[0].length };
    const put = /s$/i.test(match[0]) ? 'partial outages' : 'partial outage';
    // “An outage” becomes “a partial outage”.
    const article = /\b([Aa])n $/.exec(prose.slice(0, match.index));
    const whole = article ? `${article[1]} ${put}` : put;
    const start = match.index - (article?.[0].length ?? 0);
    const edit = fix(`Write “${put}”`, replaceIn(line + 1, start + 1, place.to + 1, whole));
    const message =
      '“Outage” says that nothing worked, and the impact says that a part did. Say what failed for whom, or “partial outage”.';
    return [problemAt(text, place, { code: 'outage-for-partial', severity: 'warning', message }, [edit])];
  });
};
