/** A grep pattern, ready to be asked about one line at a time. */
export interface LineMatcher {
  matches(line: string): boolean;
}

/** Thrown inside the translation only: the pattern needs the real grep. */
class Untranslatable {}
const untranslatable = (): never => {
  throw new Untranslatable();
};

const WORD = '[\\p{L}\\p{N}_]';
const EDGE_LEFT = `(?<!${WORD})(?=${WORD})`;
const EDGE_RIGHT = `(?<=${WORD})(?!${WORD})`;
const SPACE = ' \\t\\n\\v\\f\\r';
const CLASSES: Readonly<Record<string, string>> = {
  alpha: '\\p{L}', digit: '0-9', alnum: '\\p{L}\\p{N}', upper: '\\p{Lu}', lower: '\\p{Ll}', space: SPACE,
  blank: ' \\t', punct: '!-\\/:-@\\[-`{-~', xdigit: '0-9A-Fa-f', cntrl: '\\x00-\\x1f\\x7f',
}; // prettier-ignore

interface Piece {
  source: string;
  /** Matches a fixed number of characters, without alternatives or anchors. */
  fixed: boolean;
  unbounded: boolean;
  kind: 'simple' | 'group' | 'anchor';
  /** Holds a repetition or alternatives, so repeating it without bound may take for ever. */
  risky: boolean;
  /** Has a repetition already: a second one behind it means another thing to JavaScript. */
  repeated: boolean;
}

const escapeLiteral = (c: string): string => (/[\\^$.*+?()[\]{}|/]/.test(c) ? `\\${c}` : c);

/**
 * Translates a POSIX pattern as GNU grep reads it (https://www.gnu.org/software/grep/manual/grep.html, basic or
 * extended) to regular expressions that match the same lines and cannot run away: no back-references, no repeated
 * groups that repeat inside, at most two open repetitions besides `.*` between fixed pieces. Undefined when that is
 * not certain.
 */
export function translateGrep(
  pattern: string,
  options: { readonly extended: boolean; readonly ignoreCase: boolean },
): LineMatcher | undefined {
  try {
    return createMatcher(readAlternatives(createReader(pattern, options.extended), 0), options.ignoreCase);
  } catch (thrown) {
    if (thrown instanceof Untranslatable || thrown instanceof SyntaxError) return undefined;
    throw thrown;
  }
}

interface Reader {
  readonly extended: boolean;
  readonly characters: readonly string[];
  at: number;
}

const createReader = (pattern: string, extended: boolean): Reader => {
  if (/[\n\r\0]|\p{Cs}/u.test(pattern)) untranslatable();
  return { extended, characters: [...pattern], at: 0 };
};

/** The operator at the reader's place, whichever way the syntax writes it: `(` or `\(`. */
function operatorAt(reader: Reader): { readonly operator: string; readonly length: number } | undefined {
  const c = reader.characters[reader.at] ?? '';
  const next = reader.characters[reader.at + 1] ?? '';
  if (c === '*') return { operator: '*', length: 1 };
  if (reader.extended) return /^[+?|(){]$/.test(c) ? { operator: c, length: 1 } : undefined;
  return c === '\\' && /^[+?|(){]$/.test(next) ? { operator: next, length: 2 } : undefined;
}

function readAlternatives(reader: Reader, depth: number): Piece[][] {
  const alternatives: Piece[][] = [[]];
  const current = (): Piece[] => alternatives[alternatives.length - 1] ?? [];
  while (reader.at < reader.characters.length) {
    const found = operatorAt(reader);
    const operator = found?.operator;
    if (operator === ')') {
      if (depth === 0) untranslatable();
      return alternatives;
    }
    if (operator === '|') {
      reader.at += found?.length ?? 1;
      alternatives.push([]);
    } else if (operator === '(') {
      reader.at += found?.length ?? 1;
      const inner = readAlternatives(reader, depth + 1);
      const close = operatorAt(reader);
      if (close?.operator !== ')' || inner.some((each) => each.length === 0)) untranslatable();
      reader.at += close?.length ?? 1;
      current().push(groupOf(inner));
    } else if (operator === '*' && current().length === 0 && !reader.extended && depth === 0) {
      reader.at += 1; // a leading star is a star
      current().push(simple('\\*'));
    } else if (operator !== undefined) {
      repeatLast(current(), readRepetition(reader, found?.length ?? 1));
    } else current().push(readAtom(reader, current().length === 0));
  }
  if (depth > 0) untranslatable();
  if (alternatives.length > 1 && alternatives.some((each) => each.length === 0)) untranslatable();
  return alternatives;
}

function groupOf(inner: readonly (readonly Piece[])[]): Piece {
  const pieces = inner.flat();
  return {
    source: `(?:${inner.map((each) => each.map(({ source }) => source).join('')).join('|')})`,
    fixed: inner.length === 1 && pieces.every(({ fixed }) => fixed),
    unbounded: pieces.some(({ unbounded }) => unbounded),
    kind: 'group',
    risky: inner.length > 1 || pieces.some(({ fixed, risky }) => !fixed || risky),
    repeated: false,
  };
}

interface Repetition {
  readonly source: string;
  readonly minimum: number;
  readonly maximum: number;
}

function readRepetition(reader: Reader, length: number): Repetition {
  const operator = operatorAt(reader)?.operator ?? '';
  reader.at += length;
  if (operator === '*') return { source: '*', minimum: 0, maximum: Infinity };
  if (operator === '+') return { source: '+', minimum: 1, maximum: Infinity };
  if (operator === '?') return { source: '?', minimum: 0, maximum: 1 };
  const rest = reader.characters.slice(reader.at, reader.at + 12).join('');
  const hit = (reader.extended ? /^(\d{0,3})(,?)(\d{0,3})\}/ : /^(\d{0,3})(,?)(\d{0,3})\\\}/).exec(rest);
  if (!hit || operator !== '{' || (hit[1] === '' && hit[2] === '') || (hit[1] === '' && hit[3] === ''))
    return untranslatable();
  reader.at += hit[0].length;
  const minimum = Number(hit[1] ?? 0);
  const maximum = hit[3] !== '' ? Number(hit[3]) : hit[2] === '' ? minimum : Infinity;
  if (minimum > maximum || minimum > 255 || (maximum > 255 && maximum !== Infinity)) untranslatable();
  return {
    source: `{${minimum}${maximum === Infinity ? ',' : maximum === minimum ? '' : `,${maximum}`}}`,
    minimum,
    maximum,
  };
}

function repeatLast(pieces: Piece[], { source, minimum, maximum }: Repetition): void {
  const last = pieces.pop();
  if (!last || last.kind === 'anchor' || last.repeated) return untranslatable();
  if (last.kind === 'group' && last.risky && maximum > 1) untranslatable();
  pieces.push({
    source: last.source + source,
    fixed: last.fixed && minimum === maximum,
    unbounded: last.unbounded || maximum === Infinity,
    kind: last.kind,
    risky: true,
    repeated: true,
  });
}

const simple = (source: string): Piece => ({
  source,
  fixed: true,
  unbounded: false,
  kind: 'simple',
  risky: false,
  repeated: false,
});
/** Matches between characters: of fixed length, none, but never to be repeated. */
const anchor = (source: string): Piece => ({ ...simple(source), kind: 'anchor', risky: true });

function readAtom(reader: Reader, first: boolean): Piece {
  const c = reader.characters[reader.at] ?? '';
  reader.at += 1;
  if (c === '.') return simple('.');
  if (c === '[') return simple(readBracket(reader));
  if (c === '^') {
    if (first) return anchor('^');
    // In the middle a basic pattern means the character, an extended one an anchor that can hardly ever match.
    return reader.extended ? untranslatable() : simple('\\^');
  }
  if (c === '$') {
    const after = reader.characters.slice(reader.at, reader.at + 2).join('');
    const last = after === '' || (reader.extended ? /^[|)]/ : /^\\[|)]/).test(after);
    if (last) return anchor('$');
    return reader.extended ? untranslatable() : simple('\\$');
  }
  if (c !== '\\') return reader.extended && c === '}' ? untranslatable() : simple(escapeLiteral(c));
  const escaped = reader.characters[reader.at] ?? untranslatable();
  reader.at += 1;
  switch (escaped) {
    case 'w':
      return simple(WORD);
    case 'W':
      return simple('[^\\p{L}\\p{N}_]');
    case 's':
      return simple(`[${SPACE}]`);
    case 'S':
      return simple(`[^${SPACE}]`);
    case 'b':
      return anchor(`(?:${EDGE_LEFT}|${EDGE_RIGHT})`);
    case '<':
      return anchor(EDGE_LEFT);
    case '>':
      return anchor(EDGE_RIGHT);
    default:
      // Of other letters and digits GNU grep says "stray \" or means a back-reference.
      return /[.*[\]^$\\/+?(){}|-]/.test(escaped) && !(!reader.extended && /[+?(){}|]/.test(escaped))
        ? simple(escapeLiteral(escaped))
        : untranslatable();
  }
}

function readBracket(reader: Reader): string {
  const { characters } = reader;
  let source = '[';
  if (characters[reader.at] === '^') {
    source += '^';
    reader.at += 1;
  }
  for (let first = true; ; first = false) {
    const c = characters[reader.at];
    if (c === undefined) return untranslatable();
    if (c === ']' && !first) {
      reader.at += 1;
      return `${source}]`;
    }
    const next = characters[reader.at + 1];
    if (c === '[' && next !== undefined && /[:.=]/.test(next)) {
      const name = /^\[:([a-z]+):\]/.exec(characters.slice(reader.at, reader.at + 12).join(''))?.[1] ?? '';
      const members = Object.hasOwn(CLASSES, name) ? CLASSES[name] : undefined;
      source += members ?? untranslatable();
      reader.at += name.length + 4;
      continue;
    }
    const end = characters[reader.at + 2];
    if (next === '-' && end !== undefined && end !== ']') {
      const range = `${c}-${end}`;
      const orderly = [/^[a-z]-[a-z]$/, /^[A-Z]-[A-Z]$/, /^[0-9]-[0-9]$/].some((kind) => kind.test(range));
      if (!orderly || c > end) untranslatable(); // other ranges depend on the locale
      source += range;
      reader.at += 3;
      continue;
    }
    source += /[\\\]^[-]/.test(c) ? `\\${c}` : c;
    reader.at += 1;
  }
}

/**
 * `a.*b.*c` is looked for piece by piece, which takes time in proportion to the line; one expression would try
 * every combination on a line that nearly matches.
 */
function createMatcher(alternatives: readonly Piece[][], ignoreCase: boolean): LineMatcher {
  const flags = ignoreCase ? 'iu' : 'u';
  const isDotStar = (piece: Piece | undefined): boolean => piece?.source === '.*';
  const only = alternatives.length === 1 ? (alternatives[0] ?? []) : undefined;
  if (only) {
    const parts: Piece[][] = [[]];
    for (const piece of only) {
      if (isDotStar(piece)) parts.push([]);
      else parts[parts.length - 1]?.push(piece);
    }
    const wanted = parts.filter((part) => part.length > 0);
    const plain = wanted.slice(0, -1).every((part) => part.every(({ fixed }) => fixed));
    const open = (wanted.at(-1) ?? []).filter(({ unbounded }) => unbounded).length;
    if (plain && open <= 2) {
      const steps = wanted.map((part) => new RegExp(part.map(({ source }) => source).join(''), `${flags}gs`));
      return {
        matches(line) {
          let at = 0;
          for (const step of steps) {
            step.lastIndex = at;
            if (step.exec(line) === null) return false;
            at = step.lastIndex;
          }
          return true;
        },
      };
    }
  }
  const all = alternatives.flat();
  if (all.filter(({ unbounded }) => unbounded).length > 2) untranslatable();
  const source = alternatives.map((each) => each.map((piece) => piece.source).join('')).join('|');
  const whole = new RegExp(source, `${flags}s`);
  return { matches: (line) => whole.test(line) };
}
