import { parseArgs } from 'node:util';
import { failed, messageOf, ok, type Result } from '../core/errors.ts';

export type CommandLine =
  | { readonly command: 'help' }
  | { readonly command: 'check'; readonly paths: readonly string[]; readonly json: boolean }
  | {
      readonly command: 'plan';
      readonly paths: readonly string[];
      readonly json: boolean;
      /** Placeholder values by name as given; a later `--set` of the same name wins. */
      readonly values: Readonly<Record<string, string>>;
    };

export const usage = `Usage: incident-guide check PATHS... [--json]
       incident-guide plan PATHS... [--json] [--set NAME=VALUE]...

check  reads incident guides and alert runbooks and says what each holds and what is wrong with it
plan   shows what every step would do: which program does it, how risky it is, which values are missing

PATHS are Markdown files or folders. Folders are searched for *.md that hold a guide, without node_modules and
folders whose name starts with a dot. A file that is named is always read.

  --json            print one JSON array instead of text
  --set NAME=VALUE  (plan) value of the placeholder <NAME>, {{NAME}} or $NAME; may be given many times.
                    namespace and context also name the target that commands without -n or --context go to
  -h, --help        show this

Nothing is ever run and no cluster is asked.
Exit status: 0 fine, 1 a guide has an error or a path cannot be read, 2 wrong usage.
`;

/** Reads the arguments behind the program's name. Fails with `invalid` and a sentence on wrong usage. */
export function parseCommandLine(args: readonly string[]): Result<CommandLine> {
  let parsed;
  try {
    parsed = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        json: { type: 'boolean', default: false },
        set: { type: 'string', multiple: true },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (thrown) {
    return failed('invalid', messageOf(thrown));
  }
  const { values, positionals } = parsed;
  if (values.help) return ok({ command: 'help' });
  const [command, ...paths] = positionals;
  if (command === undefined) return failed('invalid', 'Say what to do: check or plan.');
  if (command !== 'check' && command !== 'plan')
    return failed('invalid', `There is no command "${command}": it is check or plan.`);
  if (paths.length === 0) return failed('invalid', `Name the files or folders to ${command}.`);
  if (paths.includes('')) return failed('invalid', 'One of the paths is empty.');
  if (command === 'plan') {
    const set = parseSet(values.set ?? []);
    return set.ok ? ok({ command, paths, json: values.json, values: set.value }) : set;
  }
  if (values.set) return failed('invalid', '--set belongs to plan: check fills in no values.');
  return ok({ command, paths, json: values.json });
}

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
