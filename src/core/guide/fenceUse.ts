import type { FenceUse } from './blocks.ts';
import { announcesOutput, isPlainlyOutput, looksLikeOutput } from './fenceOutput.ts';
import { isKnownProgram } from './programs.ts';
import { isPromql } from './promqlSteps.ts';

const shells = new Set(
  (
    'sh bash shell zsh console ksh dash fish shellsession shell-session sh-session bash-session zsh-session ' +
    'shellscript terminal pwsh powershell ps1'
  ).split(' '),
);
const consoles = new Set(
  ['console', 'shellsession', 'shell-session', 'sh-session', 'bash-session', 'zsh-session'].concat(
    'terminal',
  ),
);
const texts = new Set(['', 'none', 'text', 'txt', 'plain', 'plaintext', 'markdown', 'md']);

/** `user@host:~/dir`, `[user@host dir]`, `bash-5.1`, `(venv)`: what may stand in front of a prompt's sign. */
const host = String.raw`(?:\[[\w.-]{1,64}@[\w.-]{1,64}[^\]$#]{0,64}\]|[\w.-]{1,64}@[\w.-]{1,64}[^$#\s]{0,64}|[\w.-]{1,64}:[~/][^$#\s]{0,64}|(?:ba|a|z)?sh-\d[\d.]{0,8})`;

/** A shell's prompt with a command behind it. `#` is a comment unless a host stands in front of it. */
const prompt = new RegExp(
  String.raw`^\s{0,3}(?:\([\w.-]{1,32}\)\s{1,3})?(?:(?:${host}\s?)?(?:\$|%|❯)|➜\s{1,3}\S{1,64}|(?:${host}\s?|/\s|~\s)#|PS[^>]{0,80}>|[A-Z]:\\[^>]{0,80}>)\s+(?=\S)`,
);
/** The prompt a line begins with, blanks behind it included. */
export const readPrompt = (line: string): string | undefined =>
  /[$%❯#>]\s|➜/.test(line) ? prompt.exec(line)?.[0] : undefined;

/** In a recorded session of root each command stands behind a bare `#`. */
export const rootPrompt = /^\s{0,3}#\s+(?=\S)/;

export const isConsole = (language: string): boolean => consoles.has(language);

const slashLine = /^\/[a-z][a-z\d_-]{0,30}(?:\s|$)/i;
export const isSlashLine = (line: string): boolean => slashLine.test(line.trim());

/**
 * What a fence is there for, decided by its language and then by its lines. `before` is the sentence above it: one that
 * announces example output makes a fence that begins with no known program output, whatever its language says.
 */
export function useOfFence(language: string, lines: readonly string[], before: string): FenceUse {
  if (isPromql(language)) return lines.some((line) => line.trim() !== '') ? 'steps' : 'other';
  if (shells.has(language)) return isOutputOnly(language, lines, before) ? 'other' : 'steps';
  if (!texts.has(language)) return 'other';
  const filled = lines.filter((line) => line.trim() !== '');
  if (filled.length === 0) return 'other';
  if (filled.every(isSlashLine)) return 'acts';
  if (beginsWithCommand(language, filled) && !isOutputOnly(language, lines, before)) return 'steps';
  return looksLikeTemplate(language, filled) ? 'template' : 'other';
}

/** The first line that is no comment, and whether it is a command for sure. */
function isOutputOnly(language: string, lines: readonly string[], before: string): boolean {
  const first = lines.find((line) => line.trim() !== '' && !line.trim().startsWith('#'));
  if (first === undefined || isKnownProgram(first)) return false;
  const console = isConsole(language);
  if (
    !isPlainlyOutput(first) &&
    !(before !== '' && announcesOutput(before)) &&
    !(console && looksLikeOutput(first))
  )
    return false;
  return !lines.some(
    (line) => readPrompt(line) !== undefined || (console && isKnownProgram(line.replace(rootPrompt, ''))),
  );
}

function beginsWithCommand(language: string, filled: readonly string[]): boolean {
  const line = filled.find((candidate) => !candidate.trim().startsWith('#'));
  if (line === undefined) return false;
  const shown = readPrompt(line);
  if (language !== '' && language !== 'none')
    return shown !== undefined && isKnownProgram(line.slice(shown.length));
  return (
    shown?.includes('$') === true || isKnownProgram(shown === undefined ? line : line.slice(shown.length))
  );
}

/** A Markdown fence, or text with gaps to fill in or at least two `Key: value` lines. */
function looksLikeTemplate(language: string, filled: readonly string[]): boolean {
  if (language === 'markdown' || language === 'md') return true;
  if (language === 'none') return false;
  const gaps = filled.some((line) => /\[[^\]]{1,80}\]|<[^>]{1,80}>|\{\{[^}]{1,80}\}\}|_{3,}/.test(line));
  const keys = filled.filter((line) => /^\s*(?:[-*•]\s+)?[*_]{0,2}\p{L}[^:：]{0,40}[:：]/u.test(line)).length;
  return gaps || keys >= 2;
}
