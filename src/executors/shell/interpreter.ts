import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { isPosixShell, programOf } from '../../core/plan/words/interpreter.ts';

/** A program and the arguments that make it run a script's text. */
export interface Interpreter {
  readonly command: string;
  readonly args: readonly string[];
}

const generic = new Set(['shell', 'shellscript', 'console', 'terminal']);

/** A program with its own arguments, before a script is given to it. */
interface Program {
  readonly words: readonly string[];
  /** Its name alone: `bash` of `/usr/bin/env bash -e`. */
  readonly name: string;
}

/**
 * The interpreter for a script: the one the fence or the frontmatter names, with its arguments, else bash where there
 * is one, else the person's `$SHELL`, else `sh`. Start-up files are left out. One whose flag for a script's text is not
 * known gets `scriptFile`, as it would by a `#!` line.
 */
export function findInterpreter(
  wanted: string | undefined,
  script: string,
  env: Readonly<Record<string, string | undefined>>,
  scriptFile?: string,
): Interpreter {
  const { words, name } = findProgram(wanted, env);
  const [command = 'sh', ...own] = words;
  const flags = flagsOf(name);
  if (flags === undefined && scriptFile !== undefined) return { command, args: [...own, scriptFile] };
  return { command, args: [...own, ...(flags ?? ['-c']), script] };
}

/** True where the script must lie in a file for this interpreter. */
export const wantsScriptFile = (
  wanted: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): boolean => flagsOf(findProgram(wanted, env).name) === undefined;

/** True where a script's exported variables can be read back after it: shells that know `trap … EXIT`. */
export const isPosixInterpreter = (
  wanted: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): boolean => isPosixShell(findProgram(wanted, env).name);

function findProgram(wanted: string | undefined, env: Readonly<Record<string, string | undefined>>): Program {
  const named = wanted !== undefined && !generic.has(wanted) ? wanted : undefined;
  const command = named ?? (isOnPath('bash', env) ? 'bash' : env['SHELL'] || 'sh');
  // A path may have spaces; anything else with spaces is a command line.
  const words = isAbsolute(command) && existsSync(command) ? [command] : command.trim().split(/\s+/);
  return {
    words,
    name: programOf(words.length === 1 ? command.replaceAll(' ', '_') : command).toLowerCase(),
  };
}

const powerShell = ['-NoLogo', '-NoProfile', '-NonInteractive', '-Command'];

/** No start-up file runs before the script: one that sets KUBECONFIG would take it off the pinned cluster. */
function flagsOf(program: string): readonly string[] | undefined {
  if (program === 'zsh') return ['-f', '-c'];
  if (isPosixShell(program) || /^python[\d.]*$/.test(program)) return ['-c'];
  return known.get(program);
}

const known: ReadonlyMap<string, readonly string[]> = new Map([
  ['fish', ['--no-config', '-c']],
  ['pwsh', powerShell],
  ['powershell', powerShell],
  ['node', ['-e']],
  ['ruby', ['-e']],
  ['perl', ['-e']],
]);

/** True when `command` is an executable file on the PATH of `env`. */
export function isOnPath(command: string, env: Readonly<Record<string, string | undefined>>): boolean {
  const windows = process.platform === 'win32';
  const folders = isAbsolute(command)
    ? ['']
    : (env['PATH'] ?? env['Path'] ?? '').split(delimiter).filter(Boolean);
  // Windows' own bash.exe starts a Linux machine that sees neither this environment nor this kubeconfig.
  const usable = windows ? folders.filter((folder) => !/[\\/]system32$/i.test(folder)) : folders;
  return usable.some((folder) => {
    try {
      accessSync(join(folder, windows ? `${command}.exe` : command), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
