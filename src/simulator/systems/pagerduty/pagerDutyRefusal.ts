/**
 * An error of the REST API: `{error: {message, code, errors}}`. Codes and messages are those of
 * https://developer.pagerduty.com/docs/errors; the sentences in `errors` are published for few cases only.
 */
export class PagerDutyRefusal extends Error {
  readonly status: number;
  readonly code: number;
  readonly errors: readonly string[] | undefined;
  constructor(status: number, code: number, message: string, errors?: readonly string[]) {
    super(message);
    this.status = status;
    this.code = code;
    this.errors = errors;
  }
}

export const notFound = (): PagerDutyRefusal => new PagerDutyRefusal(404, 2100, 'Not Found');
export const invalidInput = (...errors: string[]): PagerDutyRefusal =>
  new PagerDutyRefusal(400, 2001, 'Invalid Input Provided', errors);
export const missingAbility = (ability: string): PagerDutyRefusal =>
  new PagerDutyRefusal(402, 2014, 'Missing Account Ability', [ability]);

export type Fields = Readonly<Record<string, unknown>>;
export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What lies under a key of a body; without the right content type no body is one. Throws a PagerDutyRefusal. */
export function fieldsOf(body: unknown, key: string): Fields {
  const found = isFields(body) ? body[key] : undefined;
  if (!isFields(found)) throw invalidInput('params must be a Hash');
  return found;
}

/** The id of a reference such as `{id, type}`; undefined for what is none of that type. */
export function referencedId(value: unknown, type: string): string | undefined {
  if (!isFields(value) || typeof value['id'] !== 'string') return undefined;
  return value['type'] === type || value['type'] === `${type}_reference` ? value['id'] : undefined;
}
