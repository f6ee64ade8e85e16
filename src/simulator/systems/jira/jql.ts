import { textOf } from './documents.ts';
import type { JiraRefusal } from './jiraCall.ts';
import { badRequest } from './jiraCall.ts';
import type { JiraIssue, JiraProject } from './jiraState.ts';

export type JqlTest = (issue: JiraIssue) => boolean;

export interface Jql {
  /** Undefined: no restriction at all. */
  readonly test: JqlTest | undefined;
  /** Newest first unless the query orders. */
  readonly compare: (a: JiraIssue, b: JiraIssue) => number;
}

/** What names in a query mean to the caller. */
export interface JqlNames {
  /** Undefined for a project that is not there or not to be seen. */
  project(keyOrId: string): JiraProject | undefined;
  /** The present, in ms since 1970. */
  readonly now: number;
}

type Token = { readonly kind: 'word' | 'text' | 'sign'; readonly text: string; readonly at: number };

function reserved(jql: string, from: number): JiraRefusal {
  const at = from + (/\S/.exec(jql.slice(from))?.index ?? 0);
  const code = (jql.codePointAt(at) ?? 0).toString(16).padStart(4, '0');
  return badRequest(
    `Error in the JQL Query: The character '${jql[at] ?? ''}' is a reserved JQL character. You must enclose it in a string or use the escape '\\u${code}' instead. (line 1, character ${at + 1})`,
  );
}

function tokensOf(jql: string): readonly Token[] {
  const pattern =
    /\s*(?:"((?:\\.|[^"\\])*)"|'((?:\\.|[^'\\])*)'|(!=|!~|>=|<=|[=~<>(),])|([^\s()"'+.,;?|*/%^$#@[\]=!~<>&{}]+))/y;
  const tokens: Token[] = [];
  while (pattern.lastIndex < jql.trimEnd().length) {
    const at = pattern.lastIndex;
    const hit = pattern.exec(jql);
    if (hit === null) throw reserved(jql, at);
    const [, double, single, sign, word] = hit;
    const quoted = double ?? single;
    if (quoted !== undefined) tokens.push({ kind: 'text', text: quoted.replace(/\\(.)/g, '$1'), at });
    else if (sign !== undefined) tokens.push({ kind: 'sign', text: sign, at });
    else tokens.push({ kind: 'word', text: word ?? '', at });
  }
  return tokens;
}

const wordsOf = (text: string): readonly string[] => text.toLowerCase().match(/[\p{L}\p{N}_]+/gu) ?? [];
const holds = (text: string, wanted: string): boolean => {
  const words = wordsOf(text);
  return wordsOf(wanted).every((word) => words.includes(word));
};

/** An instant: `2026-11-23`, `2026-11-23 10:00`, or `-2h` from now. */
function instantOf(value: string, { now }: JqlNames): number {
  const [, sign, amount, unit] = /^([+-]?)(\d+)([wdhm])$/.exec(value) ?? [];
  if (amount !== undefined && unit !== undefined) {
    const ms = { w: 604_800_000, d: 86_400_000, h: 3_600_000, m: 60_000 }[unit] ?? 0;
    return now + (sign === '-' ? -1 : 1) * Number(amount) * ms;
  }
  if (!/^\d{4}[-/]\d\d[-/]\d\d( \d\d:\d\d)?$/.test(value))
    throw badRequest(`Date value '${value}' for field 'created' is invalid.`);
  return Date.parse(
    `${value.replaceAll('/', '-').replace(' ', 'T')}${value.length > 10 ? ':00Z' : 'T00:00:00Z'}`,
  );
}

interface Field {
  /** The values that `=`, `!=` and `in` look for; undefined where they make no sense. */
  readonly values?: (issue: JiraIssue) => readonly string[];
  readonly text?: (issue: JiraIssue) => string;
  readonly instant?: (issue: JiraIssue) => number;
}

const fields: Readonly<Record<string, Field>> = {
  project: { values: ({ project }) => [project.key, project.id, project.name] },
  labels: { values: ({ labels }) => labels },
  key: { values: ({ key, id }) => [key, id] },
  issuekey: { values: ({ key, id }) => [key, id] },
  id: { values: ({ key, id }) => [key, id] },
  issuetype: { values: ({ issueType }) => [issueType.name, issueType.id] },
  status: { values: ({ status }) => [status.name, status.id] },
  statuscategory: {
    values: ({ status: { category } }) => [
      category,
      { new: 'To Do', indeterminate: 'In Progress', done: 'Done' }[category],
    ],
  },
  summary: { text: ({ summary }) => summary },
  description: { text: ({ description }) => textOf(description) },
  text: {
    text: ({ summary, description, comments }) =>
      [summary, textOf(description), ...comments.map(({ body }) => textOf(body))].join(' '),
  },
  created: { instant: ({ createdAt }) => createdAt },
  updated: { instant: ({ updatedAt }) => updatedAt },
};

function clause(name: string, operator: string, values: readonly string[], names: JqlNames): JqlTest {
  const field = fields[name.toLowerCase()];
  if (field === undefined)
    throw badRequest(`Field '${name}' does not exist or you do not have permission to view it.`);
  if (name.toLowerCase() === 'project')
    for (const value of values)
      if (names.project(value) === undefined)
        throw badRequest(`The value '${value}' does not exist for the field 'project'.`);
  const refuse = (): never => {
    throw badRequest(`The operator '${operator}' is not supported by the '${name}' field.`);
  };
  const [first = ''] = values;
  switch (operator) {
    case '=':
    case 'in': {
      const of = field.values ?? refuse();
      const wanted = values.map((value) => value.toLowerCase());
      return (issue) => of(issue).some((value) => wanted.includes(value.toLowerCase()));
    }
    case '!=':
    case 'not in': {
      const is = clause(name, 'in', values, names);
      const of = field.values ?? refuse();
      // An empty field is neither equal nor unequal: Jira leaves it out.
      return (issue) => of(issue).length > 0 && !is(issue);
    }
    case '~': {
      const of = field.text ?? refuse();
      return (issue) => holds(of(issue), first);
    }
    case '!~': {
      const of = field.text ?? refuse();
      return (issue) => !holds(of(issue), first);
    }
    default: {
      const of = field.instant ?? refuse();
      const at = instantOf(first, names);
      const compare: Readonly<Record<string, (value: number) => boolean>> = {
        '>': (value) => value > at,
        '>=': (value) => value >= at,
        '<': (value) => value < at,
        '<=': (value) => value <= at,
      };
      const test = compare[operator] ?? refuse();
      return (issue) => test(of(issue));
    }
  }
}

/**
 * Reads a query: clauses with =, !=, in, not in, ~, !~ and times, AND, OR, NOT, parentheses, ORDER BY. A value with
 * a reserved character (`.`, `/`, `@`, `#` and the like) must stand in quotes.
 * https://support.atlassian.com/jira-software-cloud/docs/jql-fields/
 */
export function readJql(jql: string, names: JqlNames): Jql {
  const tokens = tokensOf(jql);
  let at = 0;
  const peek = (): Token | undefined => tokens[at];
  const isWord = (word: string): boolean => {
    const token = peek();
    return token?.kind === 'word' && token.text.toLowerCase() === word;
  };
  const expected = (what: string): never => {
    const token = peek();
    throw badRequest(
      token === undefined
        ? `Error in the JQL Query: Expecting ${what} before the end of the query.`
        : `Error in the JQL Query: Expecting ${what} but got '${token.text}'. (line 1, character ${token.at + 1})`,
    );
  };
  const take = (): Token => tokens[at++] ?? expected('a value');
  const sign = (text: string): void => {
    if (peek()?.kind !== 'sign' || peek()?.text !== text) expected(`'${text}'`);
    at++;
  };
  const value = (): string => {
    const token = take();
    if (token.kind === 'sign') {
      at--;
      expected('a value');
    }
    return token.text;
  };
  const list = (): readonly string[] => {
    sign('(');
    const values = [value()];
    while (peek()?.text === ',') {
      at++;
      values.push(value());
    }
    sign(')');
    return values;
  };
  const operand = (): JqlTest => {
    if (isWord('not')) {
      at++;
      const inner = operand();
      return (issue) => !inner(issue);
    }
    if (peek()?.kind === 'sign' && peek()?.text === '(') {
      at++;
      const inner = disjunction();
      sign(')');
      return inner;
    }
    const name = value();
    if (isWord('in')) {
      at++;
      return clause(name, 'in', list(), names);
    }
    if (isWord('not')) {
      at++;
      if (!isWord('in')) expected("'in'");
      at++;
      return clause(name, 'not in', list(), names);
    }
    const operator = peek();
    if (operator?.kind !== 'sign' || !/^([=~<>]|!=|!~|>=|<=)$/.test(operator.text)) expected('an operator');
    at++;
    return clause(name, operator?.text ?? '', [value()], names);
  };
  const conjunction = (): JqlTest => {
    const tests = [operand()];
    while (isWord('and')) {
      at++;
      tests.push(operand());
    }
    return (issue) => tests.every((test) => test(issue));
  };
  const disjunction = (): JqlTest => {
    const tests = [conjunction()];
    while (isWord('or')) {
      at++;
      tests.push(conjunction());
    }
    return (issue) => tests.some((test) => test(issue));
  };
  const test = tokens.length === 0 || isWord('order') ? undefined : disjunction();
  let compare = (a: JiraIssue, b: JiraIssue): number => Number(b.id) - Number(a.id);
  if (isWord('order')) {
    at++;
    if (!isWord('by')) expected("'by'");
    at++;
    const by = fields[value().toLowerCase()]?.instant ?? (({ id }: JiraIssue) => Number(id));
    const direction = isWord('desc') ? -1 : 1;
    if (isWord('desc') || isWord('asc')) at++;
    compare = (a, b) => direction * (by(a) - by(b) || Number(a.id) - Number(b.id));
  }
  if (peek() !== undefined) expected("either 'OR' or 'AND'");
  return { test, compare };
}
