import type { GuideInput } from '../../guide/guideInput.ts';
import type { Missing } from '../plan.ts';
import { kindOfPlaceholder } from '../words/kindOfPlaceholder.ts';
import { matchWritten, normalName } from '../words/placeholderSyntax.ts';
import type { Slot } from '../words/placeholders.ts';
import { validateInput } from '../words/validateInput.ts';

export interface FilledQuery {
  /** Values filled in; what has none stands as the guide wrote it. */
  readonly query: string;
  readonly missing: readonly Missing[];
  /** Sentences about values that cannot stand where the query has their placeholder. */
  readonly invalid: readonly string[];
  /** Variables of Grafana that only Grafana gives a value: `$__range`, `${service:regex}`, `[[service]]`. */
  readonly foreign: readonly string[];
  /** Every placeholder with its place in the query as it was written. */
  readonly slots: readonly Slot[];
}

interface Place {
  readonly at: number;
  readonly written: string;
  readonly name: string;
}

/**
 * Finds the placeholders of a query (`$service`, `${service}`, `<service>`, `{{service}}`) and fills in the values that
 * are known. In a text each value is escaped as the text's quotes want it, behind `=~` and `!~` also as a pattern that
 * means just itself; outside of texts only a name, a number or a duration may stand.
 */
export function fillQuery(
  text: string,
  values: Readonly<Record<string, string>>,
  inputs: readonly GuideInput[] = [],
): FilledQuery {
  const known = new Map(Object.entries(values).map(([name, value]) => [normalName(name), value]));
  const missing = new Map<string, Missing>();
  const invalid = new Set<string>();
  const foreign = new Set<string>();
  const slots: Slot[] = [];
  let out = '';
  let quote = '';
  let isPattern = false;
  for (let at = 0; at < text.length;) {
    const letter = text[at] ?? '';
    if (quote === '' && letter === '#') {
      const end = text.indexOf('\n', at);
      out += text.slice(at, end === -1 ? undefined : end);
      at = end === -1 ? text.length : end;
      continue;
    }
    const grafana = grafanaAt(text, at);
    if (grafana !== undefined) {
      foreign.add(grafana);
      out += grafana;
      at += grafana.length;
      continue;
    }
    const place = placeAt(text, at, quote !== '');
    if (place) {
      out += fill(place, quote, isPattern);
      at += place.written.length;
      continue;
    }
    if (quote !== '' && quote !== '`' && letter === '\\') {
      out += text.slice(at, at + 2);
      at += 2;
      continue;
    }
    if (letter === quote) quote = '';
    else if (quote === '' && (letter === '"' || letter === "'" || letter === '`')) {
      quote = letter;
      isPattern = /[=!]~\s*$/.test(text.slice(Math.max(0, at - 20), at));
    }
    out += letter;
    at++;
  }
  return { query: out, missing: [...missing.values()], invalid: [...invalid], foreign: [...foreign], slots };

  function fill({ at, name, written }: Place, inQuote: string, pattern: boolean): string {
    const input = inputs.find((each) => each.name === name);
    const kind = input?.kind ?? (isWindow(name) ? 'duration' : kindOfPlaceholder([], -1, 0, name));
    const value = known.get(name);
    const quoted = inQuote === '' ? 'plain' : inQuote === '"' ? 'double' : 'single';
    slots.push({
      occurrence: {
        name,
        written,
        start: at,
        end: at + written.length,
        context: quoted,
        expansion: undefined,
      },
      kind,
      value,
      secret: undefined,
      input,
    });
    if (value === undefined || value === '') {
      missing.set(name, {
        name,
        written: missing.get(name)?.written ?? written,
        kind,
        ...(input === undefined ? {} : { input }),
        ...(input?.default === undefined ? {} : { offered: input.default }),
      });
      return written;
    }
    const wrong = validateInput(kind, input, value);
    if (wrong !== undefined) invalid.add(`${written}: ${wrong}`);
    if (inQuote === '') {
      if (bare.test(value)) return value;
      invalid.add(
        `${written}: “${value}” stands outside of quotes, where only a name, a number or a duration may.`,
      );
      return written;
    }
    const meant = pattern ? value.replace(/[\\.+*?()|[\]{}^$]/g, '\\$&') : value;
    if (inQuote !== '`') return meant.replace(/[\\"']/g, '\\$&').replaceAll('\n', '\\n');
    if (meant.includes('`')) {
      invalid.add(`${written}: “${value}” has a backtick, which no text in backticks can hold.`);
      return written;
    }
    return meant;
  }
}

const bare = /^(?:[A-Za-z_:][\w:]{0,200}|\d{1,15}(?:\.\d{1,15})?|(?:\d{1,9}(?:ms|[smhdwy]))+)$/;
const isWindow = (name: string): boolean => /^(?:window|range|interval|duration|period|since)$/.test(name);

const variable = /\$(?:\{([A-Za-z_]\w{0,60})\}|([A-Za-z_]\w{0,60}))/y;
const ofGrafana = /\$__\w+|\$\{__[^}\n]{1,60}\}|\$\{\w{1,60}:[^}\n]{1,60}\}|\[\[\w{1,60}(?::\w{1,60})?\]\]/y;

function grafanaAt(text: string, at: number): string | undefined {
  ofGrafana.lastIndex = at;
  return ofGrafana.exec(text)?.[0];
}

function placeAt(text: string, at: number, isQuoted: boolean): Place | undefined {
  const letter = text[at];
  if (letter === '$') {
    variable.lastIndex = at;
    const hit = variable.exec(text);
    const name = hit?.[1] ?? hit?.[2];
    return hit && name !== undefined ? { at, written: hit[0], name: normalName(name) } : undefined;
  }
  if (letter !== '<' && letter !== '{') return undefined;
  // `a <b> c` compares twice; a placeholder holds no blanks outside of texts.
  const found = matchWritten(text, at, false, new Set());
  if (!found || (!isQuoted && /\s/.test(found.written.slice(1, -1).trim()))) return undefined;
  return { at, ...found };
}
