import { accessSync, constants } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';

/** A program and the arguments that make it run a script's text. */
export interface Interpreter {
  readonly command: string;
  readonly args: readonly string[];
}

const generic = new Set(['shell', 'shellscript', 'console', 'terminal']);

/**
 * The interpreter for a script: the one the fence names, else bash where there is one, else the person's `$SHELL`,
 * else `sh`. Start-up files are left out.
 */
export function findInterpreter(
  wanted: string | undefined,
  script: string,
  env: Readonly<Record<string, string | undefined>>,
): Interpreter {
  const named = wanted !== undefined && !generic.has(wanted) ? wanted : undefined;
  const command = named ?? (isOnPath('bash', env) ? 'bash' : env['SHELL'] || 'sh');
  const program = /([^\\/]*?)(?:\.exe)?$/i.exec(command)?.[1]?.toLowerCase() ?? '';
  return { command, args: [...(flagsOf.get(program) ?? ['-c']), script] };
}

const powerShell = ['-NoLogo', '-NoProfile', '-NonInteractive', '-Command'];
/** No start-up file runs before the script: one that sets KUBECONFIG would take it off the pinned cluster. */
const flagsOf: ReadonlyMap<string, readonly string[]> = new Map([
  ['zsh', ['-f', '-c']],
  ['fish', ['--no-config', '-c']],
  ['pwsh', powerShell],
  ['powershell', powerShell],
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
