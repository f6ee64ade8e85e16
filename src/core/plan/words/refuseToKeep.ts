import type { Step } from '../../guide/guide.ts';
import type { Missing } from '../plan.ts';
import { normalName } from './placeholderSyntax.ts';

const secretName =
  /(^|[-_.])(token|secret|\w*(?:password|passwd|passphrase)|pwd|(?:api|access|private|routing|integration|signing)[-_]?key|credentials?|bearer|auth)s?($|[-_.])/i;

/** True when a placeholder or variable is named like a secret: `API_TOKEN`, `db-password`. */
export const isSecretName = (name: string): boolean => secretName.test(name);

/**
 * Why a placeholder's value must not be asked for and kept with the incident; undefined when it may.
 * A journal is shared and kept for ever: a secret in it would be one no longer.
 * @param name of the placeholder: `pod`, `API_TOKEN`, `...`
 */
export function refuseToKeep(name: string): string | undefined {
  if (name === '...') {
    return 'The guide leaves out a part of this command ("..."). Copy it, complete it and run it by hand, or write the whole command into the guide.';
  }
  return isSecretName(name) ? keepNoSecret(name, 'is named like a secret') : undefined;
}

function keepNoSecret(name: string, why: string): string {
  const variable = name.replace(/\W+/g, '_').toUpperCase();
  return `${name} ${why}, and the journal is no place for one. Write $${variable} in the guide instead and store its value with Incident: Set Secret.`;
}

/** The same of a placeholder of a command, whose guide may say that it is a secret whatever its name. */
export const refuseMissing = ({ name, kind }: Missing): string | undefined =>
  refuseToKeep(name) ?? (kind === 'secret' ? keepNoSecret(name, 'is a secret') : undefined);

/** The same of a value that a step's own output gives: what the guide declares as a secret is never captured. */
export const refuseCapture = ({ document }: Pick<Step, 'document'>, name: string): string | undefined => {
  const isDeclared = document?.inputs?.some(
    (input) => input.kind === 'secret' && input.name === normalName(name),
  );
  return refuseToKeep(name) ?? (isDeclared === true ? keepNoSecret(name, 'is a secret') : undefined);
};

/** The first of a plan's missing values that must not be asked for, as its sentence; undefined when all may. */
export const refusalAmong = (missing: readonly Missing[]): string | undefined =>
  missing.map(refuseMissing).find((sentence) => sentence !== undefined);
