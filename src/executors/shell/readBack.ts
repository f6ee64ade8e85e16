import { readFile, writeFile } from 'node:fs/promises';
import { quoteWord } from '../../core/plan/words/quoteWord.ts';
import type { LeftBehind } from './shellSessions.ts';
import { mayCarry } from './shellSessions.ts';

/**
 * The script with a trap in front that writes its exported variables to `file` however it ends: at its last line, by
 * `exit`, or by a failure under `set -e`. On the first line, so that a shell's messages keep their line numbers. Only a
 * script that sets an EXIT trap of its own, or that puts another program in its place (`exec`), keeps them to itself.
 */
export const withReadBack = (script: string, file: string): string =>
  `trap ${quoteWord(`{ set +x; /usr/bin/env -0 >|${quoteWord(file)}; } 2>/dev/null`)} EXIT; ${script}`;

/** Makes the file that a script writes its variables to, for this user alone (mode 0600). */
export const prepareReadBack = (file: string): Promise<void> => writeFile(file, '', { mode: 0o600 });

/**
 * What the script changed of the environment it was given. Left out: what may not carry on, what is `kept` from it
 * (secrets), and every value that holds one of `hidden`. Nothing where the file was not written.
 */
export async function readLeftBehind(
  file: string,
  given: Readonly<Record<string, string | undefined>>,
  kept: ReadonlySet<string>,
  hidden: readonly string[],
): Promise<LeftBehind> {
  const text = await readFile(file, 'utf8').catch(() => '');
  const left = new Map<string, string | undefined>();
  if (text === '') return left;
  const now = new Map<string, string>();
  for (const entry of text.split('\0')) {
    const at = entry.indexOf('=');
    if (at > 0) now.set(entry.slice(0, at), entry.slice(at + 1));
  }
  const may = (name: string): boolean => mayCarry(name) && !kept.has(name) && name !== '__';
  for (const [name, value] of now)
    if (
      may(name) &&
      given[name] !== value &&
      !hidden.some((secret) => secret !== '' && value.includes(secret))
    )
      left.set(name, value);
  for (const [name, value] of Object.entries(given))
    if (value !== undefined && may(name) && !now.has(name)) left.set(name, undefined);
  return left;
}
