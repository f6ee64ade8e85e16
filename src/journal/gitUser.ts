import { execFile } from 'node:child_process';

/** git's answer is local; a hanging one must not hold up a declare. */
const TIMEOUT_MS = 3_000;

/**
 * git's `user.name` as it holds in `cwd` (https://git-scm.com/docs/git-config); undefined without git, without a
 * name, or when git does not answer in three seconds. Never throws.
 */
export const readGitUser = (cwd: string): Promise<string | undefined> =>
  new Promise((resolve) => {
    // By -C and not by a working directory: Windows would look for git.exe in an opened folder first.
    execFile(
      'git',
      ['-C', cwd, 'config', '--get', 'user.name'],
      { timeout: TIMEOUT_MS, windowsHide: true },
      (error, stdout) => resolve(error ? undefined : stdout.trim() || undefined),
    );
  });
