import { insertAt, replaceIn } from '../../lint/textEdit.ts';
import { fieldOf } from '../knownWords.ts';
import { parseLabelLine } from '../labelLine.ts';
import { linesIn } from './postMortemText.ts';
import { fix, problemAt, type Rule } from './problem.ts';

const counted =
  'users?|customers?|clients?|accounts?|people|orders?|payments?|transactions?|requests?|sessions?|checkouts?|carts?|bookings?|errors?|messages?|e-?mails?|emails?|tickets?|complaints?|records?|rows?';
const figure = new RegExp(
  `\\d\\s?%|[€$£¥]\\s?\\d|\\d\\s?(?:€|EUR|USD|GBP|k€|M€)(?![\\w])|(?<![\\w.:-])\\d[\\d.,' ]*\\s?(?:k|thousand|million|m)?\\s+(?:\\w+\\s+)?(?:${counted})\\b`,
  'i',
);
/** What says where a figure is from: in words, by a link, or as a span of times. */
const source =
  /\bsources?\s*:\s*(?!\[)\S|\b(?:according to|measured (?:in|by|from|with)|as said (?:by|when)|reported by|from the (?:logs?|dashboard|database|billing|metrics?)|per the|as of)\b|\]\([^)]+\)|https?:\/\/|\(from [^)]*\d{2}:\d{2}/i;

/** Figures of the impact that do not say where they are from. What was generated has its source in it. */
export const lintImpact: Rule = (text) =>
  text.sections
    .filter(({ kind }) => kind === 'impact')
    .flatMap((section) =>
      linesIn(section).flatMap((line) => {
        const prose = text.prose[line] ?? '';
        const written = text.lines[line] ?? '';
        const label = parseLabelLine(written);
        const value = label?.value ?? '';
        const isBareNumber =
          /^[~≈<>]?\s?\d[\d.,' ]*(?:k|m)?$/i.test(value) && fieldOf(label?.label ?? '') === undefined;
        // How long it took is a figure where it is given as one; in a sentence the timeline is its source.
        const isDuration = fieldOf(label?.label ?? '') === 'duration' && /\d/.test(value) && prose !== '';
        const hasFigure = figure.test(prose) || (isBareNumber && prose !== '') || isDuration;
        if (!hasFigure || source.test(written)) return [];
        const isTable = written.trimStart().startsWith('|');
        const end = written.trimEnd().length;
        const fixes = [
          ...(isTable
            ? []
            : [
                fix(
                  'Add where it is from',
                  insertAt(line + 1, end + 1, ' (source: [where this figure is from])'),
                ),
              ]),
          ...(label
            ? [
                fix(
                  'Write “unknown” in its place',
                  replaceIn(line + 1, 1, written.length + 1, label.with('unknown')),
                ),
              ]
            : []),
        ];
        const message =
          'This figure does not say where it is from. Add its source (a dashboard, a query, who counted), or write “unknown”.';
        return [problemAt(text, line, { code: 'impact-without-source', severity: 'error', message }, fixes)];
      }),
    );
