import type { Step } from '../../guide/guide.ts';
import type { Dialect } from './placeholders.ts';

const LANGUAGES: Readonly<Record<string, string>> = {
  bash: 'bash', sh: 'sh', zsh: 'zsh', ksh: 'ksh', dash: 'dash', fish: 'fish',
  pwsh: 'pwsh', powershell: 'pwsh', ps1: 'pwsh',
}; // prettier-ignore

/** The `interpreter` attribute, else the fence's language; undefined for `shell`, `console` and unlabelled ones. */
export function interpreterOf({ attributes, language }: Step): string | undefined {
  const attribute = attributes['interpreter']?.trim();
  if (attribute) return attribute;
  return Object.hasOwn(LANGUAGES, language) ? LANGUAGES[language] : undefined;
}

/** Whose rules of quoting the step's command follows. */
export function dialectOf(step: Step): Dialect {
  const interpreter = interpreterOf(step);
  if (interpreter === undefined) return 'posix';
  const program = interpreter.split(/\s+/)[0] ?? '';
  const name = program.slice(Math.max(program.lastIndexOf('/'), program.lastIndexOf('\\')) + 1);
  if (/^(?:ba|z|k|da|a)?sh$/.test(name)) return 'posix';
  if (/^(?:pwsh|powershell)(?:\.exe)?$/i.test(name)) return 'powershell';
  return 'foreign';
}
