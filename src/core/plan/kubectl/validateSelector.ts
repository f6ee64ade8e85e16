const part = '[A-Za-z0-9](?:[\\w.-]{0,61}[A-Za-z0-9])?';
const prefix = '[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?';
const key = `(?:${prefix}/)?${part}`;
const value = `(?:${part})?`;

/** https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors */
const requirement = new RegExp(
  `^(?:!?\\s*${key}|${key}\\s*(?:==?|!=)\\s*${value}|${key}\\s+(?:in|notin)\\s*\\(\\s*${part}(?:\\s*,\\s*${part})*\\s*\\))$`,
);
/** https://kubernetes.io/docs/concepts/overview/working-with-objects/field-selectors/ */
const fieldRequirement = /^[A-Za-z][\w.-]*\s*(?:==?|!=)\s*(?:[\w][\w.:/-]*)?$/;
/** Printable ASCII, a thousand characters of it at most: a line's end is no blank between words. */
const line = /^[ -~]{0,1000}$/;

/** Which of kubectl's two: `-l` or `--field-selector`. */
export type SelectorKind = 'label' | 'field';

/**
 * A sentence when `text` is no selector of its kind, else undefined. Fields are only equal or not
 * (`status.phase!=Running`).
 */
export const validateSelector = (kind: SelectorKind, text: string): string | undefined =>
  kind === 'label' ? validateLabels(text) : validateFields(text);

function validateFields(text: string): string | undefined {
  if (line.test(text) && text.split(',').every((one) => fieldRequirement.test(one.trim()))) return undefined;
  return `“${text.slice(0, 80)}” is no field selector. Write it as status.phase=Running or type!=Normal, with commas between them.`;
}

/**
 * A sentence when `text` is no label selector as Kubernetes documents it, else undefined: requirements with commas between
 * them, each of equality (`app=search`, `tier!=cache`), of a set (`app in (search, cart)`, `env notin (test)`) or of being
 * there (`team`, `!team`).
 */
function validateLabels(text: string): string | undefined {
  const parts = line.test(text) ? text.split(/,(?![^()]*\))/) : [];
  if (parts.length > 0 && parts.every((one) => requirement.test(one.trim()))) return undefined;
  return (
    `“${text.slice(0, 80)}” is no label selector. Write it as app=search, tier!=cache, app in (search, cart), ` +
    'team or !team, with commas between them.'
  );
}
