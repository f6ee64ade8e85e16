/** True for what Runme's `mimeType` calls JSON: `application/json`, `text/x-json`, `application/problem+json`. */
export const isJsonType = (mimeType: string | undefined): boolean =>
  /^(?:application|text)\/(?:[\w.-]*[+.-])?json\b/i.test(mimeType?.trim() ?? '');

/**
 * A JSON text on one line for each member, as it is otherwise: numbers keep every digit, names their order. Undefined
 * where the text is no JSON, the end of a longer one say.
 */
export function indentJson(text: string): string | undefined {
  try {
    JSON.parse(text);
  } catch {
    return undefined;
  }
  let depth = 0;
  const line = (): string => `\n${'  '.repeat(depth)}`;
  const tokens = text.match(/"(?:[^"\\]|\\.)*"|[[\]{}:,]|[^\s[\]{}:,"]+/g) ?? [];
  let out = '';
  tokens.forEach((token, at) => {
    if (token === '{' || token === '[') {
      depth += 1;
      const empty = tokens[at + 1] === '}' || tokens[at + 1] === ']';
      out += empty ? token : token + line();
    } else if (token === '}' || token === ']') {
      depth -= 1;
      const empty = tokens[at - 1] === '{' || tokens[at - 1] === '[';
      out += empty ? token : line() + token;
    } else if (token === ',') out += token + line();
    else out += token === ':' ? ': ' : token;
  });
  return `${out}\n`;
}
