import { isSecretName } from './refuseToKeep.ts';
import type { Occurrence } from './scanCommand.ts';

/**
 * The variable that an occurrence names when it refers to a secret (`$API_TOKEN`, `${API_TOKEN}`); undefined for
 * everything else, so that `<api-token>` is still asked about, and for an expansion that brings its own default.
 * `isDeclared`: the guide says itself that it is one, whatever its name.
 */
export function secretOf({ written, expansion }: Occurrence, isDeclared = false): string | undefined {
  if (expansion?.optional === true) return undefined;
  const variable = expansion?.variable ?? /^\$\{?([A-Za-z_]\w*)\}?$/.exec(written)?.[1];
  return variable !== undefined && (isDeclared || isSecretName(variable)) ? variable : undefined;
}

/** `$env:API_TOKEN` and `${env:API_TOKEN}` that the script does not set itself. */
export const secretsOfPowerShell = (text: string): readonly string[] =>
  [...text.matchAll(/\$(?:\{env:(\w+)\}|env:(\w+))(?!\w|\s*=[^=])/gi)]
    .map((hit) => hit[1] ?? hit[2] ?? '')
    .filter(isSecretName)
    .filter((name) => !new RegExp(`\\$\\{?env:${name}\\}?\\s*=[^=]`, 'i').test(text));

const reference = /\$(?:\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*))/g;

/** Names of everything written as `$NAME` or `${NAME}`, each once. */
export const referencesIn = (text: string): readonly string[] => [
  ...new Set([...text.matchAll(reference)].map((hit) => hit[1] ?? hit[2] ?? '')),
];

/** The text with each `$NAME` and `${NAME}` of `values` replaced; others stay. What is put in is not read again. */
export const fillReferences = (text: string, values: ReadonlyMap<string, string>): string =>
  text.replace(reference, (written, braced?: string, bare?: string) => {
    const value = values.get(braced ?? bare ?? '');
    return value ?? written;
  });

/** Every text inside a value, however deep. */
export const textsIn = (value: unknown): readonly string[] =>
  typeof value === 'string'
    ? [value]
    : typeof value === 'object' && value !== null
      ? Object.values(value).flatMap(textsIn)
      : [];
