import type { Step } from '../../guide/guide.ts';
import type { Dialect } from './placeholders.ts';

const LANGUAGES: Readonly<Record<string, string>> = {
  bash: 'bash', sh: 'sh', zsh: 'zsh', ksh: 'ksh', dash: 'dash', fish: 'fish',
  pwsh: 'pwsh', powershell: 'pwsh', ps1: 'pwsh',
}; // prettier-ignore

/** Fences whose text another POSIX shell reads too: these the frontmatter's `shell` runs, as Runme does. */
const ANY_SHELL = new Set(['', 'sh', 'bash', 'zsh', 'ksh', 'shell', 'shellscript', 'console', 'terminal']);

/**
 * The `interpreter` attribute, else the frontmatter's `shell`, else the fence's language; undefined for `shell`,
 * `console` and unlabelled ones. May have arguments: `bash -e`, `/usr/bin/env python3`.
 */
export function interpreterOf({ attributes, language, document }: Step): string | undefined {
  const attribute = attributes['interpreter']?.trim();
  if (attribute) return attribute;
  if (document?.shell !== undefined && ANY_SHELL.has(language)) return document.shell;
  return Object.hasOwn(LANGUAGES, language) ? LANGUAGES[language] : undefined;
}

/** The program that an interpreter names, without its folder and arguments: `/usr/bin/env bash -e` is `bash`. */
export function programOf(interpreter: string): string {
  const words = interpreter.trim().split(/\s+/).map(lastPart);
  const program = words[0] === 'env' ? words.slice(1).find((word) => !/^-|=/.test(word)) : words[0];
  return (program ?? '').replace(/\.exe$/i, '');
}

const lastPart = (word: string): string =>
  word.slice(Math.max(word.lastIndexOf('/'), word.lastIndexOf('\\')) + 1);

const POSIX = /^(?:ba|z|k|mk|da|a)?sh$/;

/** True when a program of this name reads scripts as sh does. */
export const isPosixShell = (program: string): boolean => POSIX.test(program);

/** Whose rules of quoting the step's command follows. */
export function dialectOf(step: Step): Dialect {
  const interpreter = interpreterOf(step);
  if (interpreter === undefined) return 'posix';
  const name = programOf(interpreter);
  if (isPosixShell(name)) return 'posix';
  return /^(?:pwsh|powershell)$/i.test(name) ? 'powershell' : 'foreign';
}
