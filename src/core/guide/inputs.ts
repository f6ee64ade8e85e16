import { inputKinds, type GuideInput, type InputKind } from './guideInput.ts';
import type { Report } from './report.ts';
import { readSwitch } from './stepDocument.ts';
import { flowList, stripComment, writtenInputs, type WrittenInput } from './writtenInputs.ts';

/** More of them is nobody's form. */
const MOST_INPUTS = 100;

const known = [
  'name',
  'kind',
  'description',
  'default',
  'options',
  'pattern',
  'min',
  'max',
  'required',
] as const;

/**
 * Reads `inputs:` of a YAML frontmatter: what the guide says of its placeholders, as a list of maps with a `name`, or as
 * a map by name. Total: what cannot be read becomes a problem with its line, and the rest is there. Why no YAML library
 * reads it: docs/decisions/0011-inputs-are-read-line-by-line.md.
 * `bodyLine` (0-based) is where the Markdown begins.
 */
export function readInputs(lines: readonly string[], bodyLine: number, report: Report): GuideInput[] {
  const head = lines.slice(0, bodyLine);
  if (head[0]?.trimEnd() !== '---') return [];
  const start = head.findIndex((line) => /^inputs:/.test(line));
  if (start < 0) return [];
  const rest = stripComment(head[start]?.slice('inputs:'.length) ?? '').trim();
  if (rest !== '' && rest !== '[]' && rest !== '{}') {
    report(
      start + 1,
      'input-unreadable',
      'warning',
      'The inputs of a guide are written below “inputs:”, one to a line and indented; what stands behind it was not read.',
    );
    return [];
  }
  const inputs = new Map<string, GuideInput>();
  for (const written of writtenInputs(head, start + 1, report)) {
    const input = readInput(written, report);
    if (input === undefined) continue;
    if (inputs.has(input.name))
      report(
        input.line,
        'input-duplicate',
        'warning',
        `“${input.name}” is among the inputs already; the first one counts.`,
      );
    else if (inputs.size < MOST_INPUTS) inputs.set(input.name, input);
  }
  return [...inputs.values()];
}

/** What one input says, wherever it was written; undefined when it has no name. Total: the rest becomes problems. */
export function readInput({ line, keys }: WrittenInput, report: Report): GuideInput | undefined {
  const text = (key: (typeof known)[number]): string | undefined => {
    const value = keys.get(key)?.value;
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const tell = (key: string, message: string): void =>
    report((keys.get(key)?.line ?? line) + 1, 'input-invalid', 'warning', message);
  const written = text('name');
  const name = written === undefined ? '' : inputName(written);
  if (name === '' || name.length > 64) {
    tell(
      'name',
      'This input has no name that a placeholder could have, so it is left out. Give it one: “name: replicas”.',
    );
    return undefined;
  }
  for (const key of keys.keys())
    if (!known.some((each) => each === key))
      tell(key, `“${key}” is nothing an input has; known are ${known.join(', ')}.`);
  const options = readOptions(keys.get('options')?.value);
  const kind = readKind(text('kind'), options, tell);
  const number = (key: 'min' | 'max'): number | undefined => {
    const given = text(key);
    if (given === undefined) return undefined;
    const read = /^-?\d{1,15}$/.test(given) ? Number(given) : undefined;
    if (read === undefined) tell(key, `“${given}” is not a whole number, so ${name} has no ${key}.`);
    return read;
  };
  const min = number('min');
  const max = number('max');
  const crossed = min !== undefined && max !== undefined && min > max;
  if (crossed) tell('min', `The least ${name} (${min}) is above its most (${max}); neither is held.`);
  const pattern = text('pattern');
  const whyNot = pattern === undefined ? undefined : refusePattern(pattern);
  if (whyNot !== undefined) tell('pattern', `The pattern of ${name} is not held: ${whyNot}`);
  const isSecret = kind === 'secret';
  if (isSecret && keys.has('default'))
    tell('default', `${name} is a secret: a default in a guide would be none, so it is not read.`);
  return {
    name,
    kind,
    description: text('description'),
    default: isSecret ? undefined : text('default'),
    options: kind === 'choice' ? options : [],
    pattern: whyNot === undefined ? pattern : undefined,
    min: crossed ? undefined : min,
    max: crossed ? undefined : max,
    required: readRequired(name, text('required'), isSecret, tell),
    line: line + 1,
  };
}

/** True unless the guide says so in a word that cannot be misread: a step that runs with less must be meant. */
function readRequired(
  name: string,
  given: string | undefined,
  isSecret: boolean,
  tell: (key: string, message: string) => void,
): boolean {
  const required = readSwitch(given);
  if (given !== undefined && required === undefined)
    tell('required', `“${given}” is neither true nor false, so ${name} is required.`);
  if (required === false && isSecret)
    tell('required', `${name} is a secret: a command always needs it, so it is required.`);
  return required !== false || isSecret;
}

function readKind(
  given: string | undefined,
  options: readonly string[],
  tell: (key: string, message: string) => void,
): InputKind | undefined {
  // A person writes `instance`; of RDS there are two.
  const wanted = given?.toLowerCase() === 'instance' ? 'db-instance' : given?.toLowerCase();
  const kind = inputKinds.find((each) => each === wanted);
  if (given !== undefined && kind === undefined)
    tell('kind', `“${given}” is no kind of value; known are ${inputKinds.join(', ')}.`);
  if (kind === 'choice' && options.length === 0) {
    tell('options', 'A choice needs options: “options: [blue, green]”. It is asked for as text.');
    return 'text';
  }
  return kind ?? (options.length > 0 ? 'choice' : undefined);
}

const readOptions = (value: string | readonly string[] | undefined): readonly string[] => {
  const all = typeof value === 'string' ? flowList(value) : (value ?? []);
  return [...new Set(all.filter((each) => each !== ''))].slice(0, 200);
};

/** `<App Name>`, `$APP_NAME` and `app-name` are one name. */
const inputName = (written: string): string =>
  written
    .trim()
    .replace(/^(?:<|\{\{|\$\{?)\s*|\s*(?:>|\}\}|\})$/g, '')
    .trim()
    .toLowerCase()
    .replace(/[\s_]+/g, '-');

/**
 * Why a pattern is not used: it is none, or it could take longer than anybody waits. JavaScript's matcher goes back, so
 * repeated groups and many open repeats are left out rather than a window that hangs.
 */
export function refusePattern(pattern: string): string | undefined {
  if (pattern.length > 200) return 'it is longer than 200 characters.';
  if (/\)(?:[*+]|\{\d)/.test(pattern.replace(/\\./g, 'x')) || /\\[1-9k]/.test(pattern))
    return 'repeated groups and references back are left out, for they can take for ever.';
  if ((pattern.replace(/\\./g, 'x').match(/[*+]|\{\d*,/g) ?? []).length > 3)
    return 'it has more than three open repeats (*, +), which can take for ever.';
  try {
    new RegExp(pattern, 'u');
    return undefined;
  } catch {
    return 'it is no regular expression.';
  }
}
