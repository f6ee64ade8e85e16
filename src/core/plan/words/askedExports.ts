import type { Step } from '../../guide/guide.ts';
import { readSwitch } from '../../guide/stepDocument.ts';
import { normalName } from './placeholderSyntax.ts';
import { isSecretName } from './refuseToKeep.ts';
import { ENVIRONMENT } from './scanCommand.ts';

/** A command whose exported variables are asked for. */
export interface AskedExports {
  /** `export REGION="eu"` has become `export REGION=<REGION>`; one named like a secret `export API_TOKEN`. */
  readonly command: string;
  /** What the guide has there, by the placeholder's name. */
  readonly offered: ReadonlyMap<string, string>;
  /** Names of those that come from SecretStorage. */
  readonly secrets: readonly string[];
}

/** A whole statement that gives a variable a literal text: nothing that a shell would have to work out first. */
const literalExport =
  /(^|[\n;])([ \t]*export[ \t]+)([A-Za-z_]\w*)=("[^"\\$`]*"|'[^']*'|<[^<>\n]*>|[^\s;&|"'$`\\()<>]*)(?=[ \t]*(?:[\n;]|$))/g;

/** What says where commands go is the pin's, or a trap's business: it is never asked for here. */
const places = /^(?:KUBE|AWS_|ARGOCD_|HELM_)/;

/**
 * Runme's `promptEnv` (https://docs.runme.dev/configuration/cell-level): the text behind `export NAME=` is asked for
 * once instead of being run as it stands, unless the step says `promptEnv=false` or the file `skipPrompts`. Undefined
 * where there is nothing to ask.
 */
export function askForExports(step: Step, command: string): AskedExports | undefined {
  const { attributes, document } = step;
  const skips = readSwitch(attributes['skipPrompts']) ?? document?.skipPrompts ?? false;
  if (!(readSwitch(attributes['promptEnv']) ?? !skips) || !command.includes('export')) return undefined;
  const offered = new Map<string, string>();
  const secrets = new Set<string>();
  const asked = command.replace(
    literalExport,
    (whole, before: string, word: string, name: string, raw: string) => {
      if (ENVIRONMENT.has(name) || places.test(name)) return whole;
      if (isSecretName(name)) {
        secrets.add(name);
        return `${before}${word}${name}`;
      }
      offered.set(normalName(name), /^["']/.test(raw) ? raw.slice(1, -1) : raw);
      return `${before}${word}${name}=<${name}>`;
    },
  );
  return asked === command ? undefined : { command: asked, offered, secrets: [...secrets] };
}
