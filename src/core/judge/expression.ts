import { failed, ok, type Result } from '../errors.ts';

/** What an expression compares. */
export type Operand =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'text'; readonly value: string }
  /** `pods.Pending`, `pods.total`, `pods.healthy`, `pods.unhealthy`, `pods.restarted`. */
  | { readonly kind: 'pods'; readonly of: string }
  | { readonly kind: 'cell'; readonly column: string; readonly which: 'any' | 'every' | undefined }
  | { readonly kind: 'json'; readonly path: string }
  /** Lines that have the text. */
  | { readonly kind: 'count'; readonly text: string }
  | { readonly kind: 'exit' | 'lines' | 'rows' | 'errors' | 'connections' | 'status' | 'output' }
  /** What the series of a query are now. */
  | { readonly kind: 'metric'; readonly which: 'any' | 'every' | undefined }
  /** A value of the incident: `$replicas`. */
  | { readonly kind: 'value'; readonly name: string };

export type Operator = '==' | '!=' | '<' | '<=' | '>' | '>=' | 'contains' | 'matches';

export type Expression =
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Expression[] }
  | { readonly kind: 'not'; readonly of: Expression }
  | {
      readonly kind: 'compare';
      readonly left: Operand;
      readonly operator: Operator;
      readonly right: Operand;
      /** Of which step the output is meant: its number or name; undefined where the place decides. */
      readonly step: string | undefined;
    };

type Token =
  | { readonly kind: 'text' | 'name' | 'value'; readonly text: string }
  | { readonly kind: 'number'; readonly text: string }
  | { readonly kind: 'sign'; readonly text: string };

const longest = 2000;
const deepest = 20;
const token =
  /\s*(?:("(?:[^"\\]|\\.)*"|'[^']*')|(\d+(?:\.\d+)?)(?![\w.])|\$([A-Za-z_][\w-]*)|([A-Za-z_][\w.-]*)|(==|!=|<=|>=|<|>|\(|\)|,))/sy;
const operators: ReadonlySet<string> = new Set(['==', '!=', '<', '<=', '>', '>=', 'contains', 'matches']);
const plain: ReadonlySet<string> = new Set([
  'exit',
  'lines',
  'rows',
  'errors',
  'connections',
  'status',
  'output',
]);

/**
 * Reads an expression of `ir.when` or `ir.assert`: `pods.Pending > 0 and not exit(2) == 0`. Fails with `invalid` and a
 * sentence that says where. The grammar is in docs/runbooks.md.
 */
export function parseExpression(source: string): Result<Expression> {
  if (source.length > longest)
    return failed('invalid', `It is longer than ${longest} characters and was not read.`);
  const tokens = tokensOf(source);
  if (!tokens.ok) return tokens;
  const reader = createReader(tokens.value);
  const expression = readOr(reader, 0);
  if (!expression.ok) return expression;
  const rest = reader.peek();
  return rest ? failed('invalid', `“${rest.text}” was not expected there.`) : expression;
}

function tokensOf(source: string): Result<readonly Token[]> {
  const tokens: Token[] = [];
  token.lastIndex = 0;
  const end = source.trimEnd().length;
  while (token.lastIndex < end) {
    const from = token.lastIndex;
    const match = token.exec(source);
    if (!match)
      return failed('invalid', `It cannot be read from “${source.slice(from, from + 20).trim()}” on.`);
    const [, quoted, number, value, name, sign] = match;
    if (quoted !== undefined) tokens.push({ kind: 'text', text: unquote(quoted) });
    else if (number !== undefined) tokens.push({ kind: 'number', text: number });
    else if (value !== undefined) tokens.push({ kind: 'value', text: value });
    else if (name !== undefined) tokens.push({ kind: 'name', text: name });
    else tokens.push({ kind: 'sign', text: sign ?? '' });
  }
  return tokens.length > 0 ? ok(tokens) : failed('invalid', 'It is empty.');
}

const unquote = (raw: string): string =>
  raw.startsWith('"') ? raw.slice(1, -1).replace(/\\(["\\])/g, '$1') : raw.slice(1, -1);

interface Reader {
  peek(): Token | undefined;
  next(): Token | undefined;
  /** Takes the next token when it is this word or sign. */
  take(text: string): boolean;
}

function createReader(tokens: readonly Token[]): Reader {
  let at = 0;
  return {
    peek: () => tokens[at],
    next: () => tokens[at++],
    take: (text) => {
      const found = tokens[at];
      const is = (found?.kind === 'name' || found?.kind === 'sign') && found.text.toLowerCase() === text;
      if (is) at++;
      return is;
    },
  };
}

const readOr = (reader: Reader, depth: number) => readJoined(reader, depth, 'or', readAnd);
const readAnd = (reader: Reader, depth: number) => readJoined(reader, depth, 'and', readNot);

function readJoined(
  reader: Reader,
  depth: number,
  kind: 'and' | 'or',
  read: (reader: Reader, depth: number) => Result<Expression>,
): Result<Expression> {
  const parts: Expression[] = [];
  do {
    const part = read(reader, depth);
    if (!part.ok) return part;
    parts.push(part.value);
  } while (reader.take(kind));
  const [only] = parts;
  return ok(parts.length === 1 && only ? only : { kind, parts });
}

function readNot(reader: Reader, depth: number): Result<Expression> {
  if (depth > deepest) return failed('invalid', 'Its brackets are nested too deep.');
  if (reader.take('not')) {
    const of = readNot(reader, depth + 1);
    return of.ok ? ok({ kind: 'not', of: of.value }) : of;
  }
  if (reader.take('(')) {
    const inner = readOr(reader, depth + 1);
    if (!inner.ok) return inner;
    return reader.take(')') ? inner : failed('invalid', 'A bracket is not closed.');
  }
  return readComparison(reader);
}

function readComparison(reader: Reader): Result<Expression> {
  const first = reader.peek();
  // `contains "x"` and `matches "x"` alone speak of the output.
  const bare = first?.kind === 'name' && (first.text === 'contains' || first.text === 'matches');
  const left = bare ? ok({ operand: { kind: 'output' } as const, step: undefined }) : readOperand(reader);
  if (!left.ok) return left;
  const sign = reader.next();
  if (!sign || !operators.has(sign.text))
    return failed('invalid', `A comparison (==, !=, <, >, contains, matches) is expected${behind(sign)}.`);
  const right = readOperand(reader);
  if (!right.ok) return right;
  const operator = sign.text as Operator;
  return ok({
    kind: 'compare',
    left: left.value.operand,
    operator,
    right: right.value.operand,
    step: left.value.step ?? right.value.step,
  });
}

const behind = (found: Token | undefined): string => (found ? ` at “${found.text}”` : ' at its end');

interface Read {
  readonly operand: Operand;
  readonly step: string | undefined;
}

function readOperand(reader: Reader): Result<Read> {
  const found = reader.next();
  const whole = (operand: Operand, step?: string): Result<Read> => ok({ operand, step });
  if (!found) return failed('invalid', 'It ends where something to compare is expected.');
  if (found.kind === 'number') return whole({ kind: 'number', value: Number(found.text) });
  if (found.kind === 'text') return whole({ kind: 'text', value: found.text });
  if (found.kind === 'value') return whole({ kind: 'value', name: found.text });
  if (found.kind === 'sign') return failed('invalid', `“${found.text}” was not expected there.`);
  const which = found.text === 'any' || found.text === 'every' ? found.text : undefined;
  const name = which === undefined ? found.text : reader.next()?.text;
  const args = readArguments(reader);
  if (!args.ok) return args;
  const [argument, second] = args.value;
  if (name === 'cell' && argument !== undefined)
    return whole({ kind: 'cell', column: argument.toUpperCase(), which }, second);
  if (name === 'value') return whole({ kind: 'metric', which }, argument);
  if (which !== undefined)
    return failed('invalid', `“${which}” stands before cell("COLUMN") and value only.`);
  if (name === 'json' && argument !== undefined) return whole({ kind: 'json', path: argument }, second);
  if (name === 'count' && argument !== undefined) return whole({ kind: 'count', text: argument }, second);
  if (name !== undefined && plain.has(name))
    return whole({ kind: name as 'exit' | 'lines' | 'rows' | 'errors' }, argument);
  if (name?.startsWith('pods.')) return whole({ kind: 'pods', of: name.slice(5) }, argument);
  return failed(
    'invalid',
    `“${found.text}” is nothing that can be compared: known are exit, lines, rows, errors, status, connections, ` +
      'value, pods.…, cell("…"), json("…"), count("…"), $value, texts in quotes and numbers.',
  );
}

/** `("a", "b")` or nothing. */
function readArguments(reader: Reader): Result<readonly string[]> {
  if (!reader.take('(')) return ok([]);
  const found: string[] = [];
  do {
    const next = reader.next();
    if (!next || next.kind === 'sign')
      return failed('invalid', 'A name or a text in quotes is expected in brackets.');
    found.push(next.text);
  } while (reader.take(','));
  return reader.take(')') ? ok(found) : failed('invalid', 'A bracket is not closed.');
}
