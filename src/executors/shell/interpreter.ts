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
 * else `sh`. PowerShell takes its script by other arguments.
 */
export function findInterpreter(
  wanted: string | undefined,
  script: string,
  env: Readonly<Record<string, string | undefined>>,
): Interpreter {
  const named = wanted !== undefined && !generic.has(wanted) ? wanted : undefined;
  const command = named ?? (isOnPath('bash', env) ? 'bash' : env['SHELL'] || 'sh');
  const powerShell = /(^|[\\/])(pwsh|powershell)(\.exe)?$/i.test(command);
  return powerShell
    ? { command, args: ['-NoLogo', '-NoProfile', '-NonInteractive', '-Command', script] }
    : { command, args: ['-c', script] };
}

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
