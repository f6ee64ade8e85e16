import { parseArgs } from 'node:util';
import { failed, messageOf, ok, type Result } from '../core/errors.ts';

/** How `check` and `test` say what they found. */
export type ReportFormat = 'text' | 'json' | 'sarif' | 'github';

export type CommandLine =
  | { readonly command: 'help' }
  | {
      readonly command: 'check';
      readonly paths: readonly string[];
      readonly format: ReportFormat;
      /** More warnings than this fail the check; undefined means that warnings never do. */
      readonly maxWarnings: number | undefined;
      /** No warning is allowed, and neither is finding no guide at all. */
      readonly strict: boolean;
    }
  | {
      readonly command: 'test';
      readonly paths: readonly string[];
      readonly format: Exclude<ReportFormat, 'sarif'>;
      /** Rewrite what the recordings expect, instead of failing. */
      readonly update: boolean;
    }
  | {
      readonly command: 'plan';
      readonly paths: readonly string[];
      readonly json: boolean;
      /** Placeholder values by name as given; a later `--set` of the same name wins. */
      readonly values: Readonly<Record<string, string>>;
    }
  | { readonly command: 'verify'; readonly paths: readonly string[]; readonly json: boolean };

export const usage = `Usage: incident-guide check PATHS... [--format text|json|sarif|github] [--max-warnings N | --strict]
       incident-guide plan PATHS... [--json] [--set NAME=VALUE]...
       incident-guide test PATHS... [--format text|json|github] [--update]
       incident-guide verify FOLDERS... [--json]

check  reads incident guides and alert runbooks and says what each holds and what is wrong with it
plan   shows what every step would do: which program does it, how risky it is, which values are missing
test   plays recorded runs (*.replay.yaml) against the runbooks as the guides have them now: the same steps,
       commands, risks and targets, the same cards that apply, the same assertions that hold
verify says whether journals are as they were written: each writer's chain of lines, the outputs of runs and the
       files of evidence by their hashes, and the last lines that were recorded at the resolution

PATHS are Markdown files or folders. Folders are searched for *.md that hold a guide, without node_modules and
folders whose name starts with a dot. A file that is named is always read.
For test they are recordings, folders that hold some, or guides whose recordings lie beside them.
For verify they are an incident's folder, or a journal's with one folder per incident.

  --format FORMAT   (check, test) text for people; json, one array; sarif (check), SARIF 2.1.0 for code scanning;
                    github, annotations of a GitHub Actions run
  --json            the same as --format json
  --max-warnings N  (check) fail when there are more than N warnings
  --strict          (check) fail on any warning, and when no guide was found
  --update          (test) rewrite what the recordings expect to what the guides say now
  --set NAME=VALUE  (plan) value of the placeholder <NAME>, {{NAME}} or $NAME; may be given many times.
                    namespace and context also name the target that commands without -n or --context go to
  -h, --help        show this

Nothing is ever run and no cluster is asked.
Exit status: 0 fine; 1 a guide has an error, a path cannot be read, there are more warnings than allowed,
a replay differs or there is none, a journal is not as it was written or there is none; 2 wrong usage;
3 a mistake in this program, so the answer is not complete.
`;

/** What may be given, by option; `check` alone knows the options of its own. */
const options = {
  json: { type: 'boolean' },
  format: { type: 'string' },
  strict: { type: 'boolean' },
  'max-warnings': { type: 'string' },
  set: { type: 'string', multiple: true },
  update: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

type Given = ReturnType<typeof parseGiven>['values'];

const parseGiven = (args: readonly string[]) =>
  parseArgs({ args: [...args], allowPositionals: true, options });

const commands = ['check', 'plan', 'test', 'verify'] as const;
type Command = (typeof commands)[number];

/** The options each command knows, besides `--help`. */
const optionsOf: Readonly<Record<Command, readonly (keyof Given)[]>> = {
  check: ['json', 'format', 'strict', 'max-warnings'],
  plan: ['json', 'set'],
  test: ['json', 'format', 'update'],
  verify: ['json'],
};

/** Why an option is no option of the other commands. */
const belongs: Readonly<Partial<Record<keyof Given, string>>> = {
  set: '--set belongs to plan: nothing else fills in values.',
  format: '--format belongs to check and test: the others print text, or JSON with --json.',
  strict: '--strict belongs to check.',
  'max-warnings': '--max-warnings belongs to check.',
  update: '--update belongs to test.',
};

/** Reads the arguments behind the program's name. Fails with `invalid` and a sentence on wrong usage. */
export function parseCommandLine(args: readonly string[]): Result<CommandLine> {
  let parsed;
  try {
    parsed = parseGiven(args);
  } catch (thrown) {
    return failed('invalid', messageOf(thrown));
  }
  const { values, positionals } = parsed;
  if (values.help) return ok({ command: 'help' });
  const [name, ...paths] = positionals;
  if (name === undefined) return failed('invalid', `Say what to do: ${listed(commands)}.`);
  const command = commands.find((each) => each === name);
  if (command === undefined)
    return failed('invalid', `There is no command "${name}": it is ${listed(commands)}.`);
  if (paths.length === 0) return failed('invalid', `Name the files or folders to ${command}.`);
  if (paths.includes('')) return failed('invalid', 'One of the paths is empty.');
  const foreign = (Object.keys(values) as (keyof Given)[]).find((key) => !optionsOf[command].includes(key));
  if (foreign !== undefined)
    return failed('invalid', belongs[foreign] ?? `--${foreign} is no option of ${command}.`);
  switch (command) {
    case 'check':
      return parseCheck(paths, values);
    case 'test': {
      const format = parseFormat(values, ['text', 'json', 'github']);
      return format.ok
        ? ok({ command, paths, format: format.value, update: values.update === true })
        : format;
    }
    case 'verify':
      return ok({ command, paths, json: values.json === true });
    case 'plan': {
      const set = parseSet(values.set ?? []);
      return set.ok ? ok({ command, paths, json: values.json === true, values: set.value }) : set;
    }
  }
}

function parseCheck(paths: readonly string[], values: Given): Result<CommandLine> {
  const format = parseFormat(values, ['text', 'json', 'sarif', 'github']);
  if (!format.ok) return format;
  const allowed = values['max-warnings'];
  if (allowed !== undefined && !/^\d{1,9}$/.test(allowed))
    return failed('invalid', `--max-warnings needs a whole number, for example 0, not "${allowed}".`);
  const strict = values.strict === true;
  if (strict && allowed !== undefined)
    return failed('invalid', '--strict allows no warning: leave --max-warnings out.');
  const maxWarnings = strict ? 0 : allowed === undefined ? undefined : Number(allowed);
  return ok({ command: 'check', paths, format: format.value, maxWarnings, strict });
}

function parseFormat<F extends ReportFormat>(values: Given, formats: readonly F[]): Result<F | 'text'> {
  const { format, json } = values;
  if (json && format !== undefined && format !== 'json')
    return failed('invalid', `--json and --format ${format} contradict each other: give one.`);
  if (json) return ok('json' as F);
  if (format === undefined) return ok('text');
  const known = formats.find((each) => each === format);
  return known === undefined
    ? failed('invalid', `There is no format "${format}": it is ${listed(formats)}.`)
    : ok(known);
}

const listed = (words: readonly string[]): string => `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;

function parseSet(given: readonly string[]): Result<Readonly<Record<string, string>>> {
  const pairs: [string, string][] = [];
  for (const text of given) {
    const at = text.indexOf('=');
    const name = text.slice(0, at).trim();
    if (at < 0 || name === '')
      return failed('invalid', `--set needs NAME=VALUE, for example --set pod=web-1, not "${text}".`);
    pairs.push([name, text.slice(at + 1)]);
  }
  return ok(Object.fromEntries(pairs));
}
