import type { LabelSet } from './fingerprint.ts';

/** As in the body of a silence; `isEqual` false turns it round. */
export interface Matcher {
  readonly name: string;
  readonly value: string;
  readonly isRegex: boolean;
  readonly isEqual: boolean;
}

/** A sentence that Alertmanager answers as a JSON string with status 400. */
export class BadMatcher extends Error {}

const form = /^\s*([a-zA-Z_:][a-zA-Z0-9_:]*)\s*(=~|=|!=|!~)\s*(.*?)\s*$/s;

/**
 * One `filter` parameter, such as `service="payment-service"` or `severity=~critical|warning`: a matcher without
 * braces, its value quoted or not. Throws a BadMatcher.
 */
export function parseFilter(text: string): Matcher {
  if (text.startsWith('{') || text.endsWith('}'))
    throw new BadMatcher(`unexpected open or close brace: ${text}`);
  const hit = form.exec(text);
  if (hit === null) throw new BadMatcher(`bad matcher format: ${text}`);
  const [, name = '', operator = '=', raw = ''] = hit;
  const matcher = {
    name,
    value: unquote(raw),
    isRegex: operator.includes('~'),
    isEqual: !operator.startsWith('!'),
  };
  if (matcher.isRegex) compile(`^(?:${matcher.value})$`);
  return matcher;
}

function unquote(raw: string): string {
  const quoted = raw.length >= 2 && raw.startsWith('"') && raw.endsWith('"');
  const inner = quoted ? raw.slice(1, -1) : raw;
  if (/(?<!\\)(?:\\\\)*"/.test(inner))
    throw new BadMatcher(`matcher value contains unescaped double quote: ${raw}`);
  return inner.replace(/\\(["\\n])/g, (_all, letter: string) => (letter === 'n' ? '\n' : letter));
}

/** Throws a BadMatcher in Go's words for what Go's regexp package would not take. */
export function compile(pattern: string): RegExp {
  try {
    return new RegExp(pattern, 's');
  } catch {
    const open = pattern.split('(').length > pattern.split(')').length;
    throw new BadMatcher(
      `error parsing regexp: ${open ? 'missing closing )' : 'invalid syntax'}: \`${pattern}\``,
    );
  }
}

/** Whether the value of one label (empty when there is no such label) fits. */
export function fits(matcher: Matcher, labels: LabelSet): boolean {
  const value = labels[matcher.name] ?? '';
  const same = matcher.isRegex ? compile(`^(?:${matcher.value})$`).test(value) : value === matcher.value;
  return same === matcher.isEqual;
}
