import type { FreshAlert, StoredSilence } from './alertmanagerStore.ts';
import type { Matcher } from './matchers.ts';
import { BadMatcher, compile } from './matchers.ts';

/** What the generated layer of Alertmanager's API refuses a body with: `{code, message}` and this status. */
export class SwaggerRefusal extends Error {
  readonly status: number;
  readonly code: number;
  constructor(status: number, code: number, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

type Fields = Readonly<Record<string, unknown>>;
const required = (name: string): SwaggerRefusal =>
  new SwaggerRefusal(422, 602, `${name} in body is required`);
const unparsable = (what: string, cause: string): SwaggerRefusal =>
  new SwaggerRefusal(400, 400, `parsing ${what} body from "" failed, because ${cause}`);
const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const kind = (value: unknown): string => (Array.isArray(value) ? 'array' : typeof value);
const mistyped = (what: string, value: unknown, field: string, type: string): SwaggerRefusal =>
  unparsable(what, `json: cannot unmarshal ${kind(value)} into Go struct field ${field} of type ${type}`);

/** The body as JSON; throws in the words of Alertmanager for one that is none, or none at all. */
export function parseBody(what: string, text: string): unknown {
  if (text === '') throw required(what);
  try {
    return JSON.parse(text);
  } catch {
    throw unparsable(what, 'unexpected EOF');
  }
}

function parseTime(what: string, text: unknown, field: string): number | undefined {
  if (text === undefined || text === null) return undefined;
  if (typeof text !== 'string') throw mistyped(what, text, field, 'strfmt.DateTime');
  const at = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : NaN;
  if (Number.isNaN(at))
    throw unparsable(what, `parsing time "${text}" as "2006-01-02": cannot parse "${text}" as "2006"`);
  return at;
}

/** A silence as posted: `id` is that of one to be changed. */
export type PostedSilence = Omit<StoredSilence, 'id' | 'updatedAt'> & { readonly id: string };

/**
 * Checks in the order of the generated code: types first, then what is required, field by field in the order of
 * the alphabet. An empty comment or author counts as given. Throws a SwaggerRefusal.
 */
export function parseSilence(text: string): PostedSilence {
  const what = 'silence';
  const body = parseBody(what, text) ?? {};
  if (!isFields(body))
    throw unparsable(what, `json: cannot unmarshal ${kind(body)} into Go value of type struct { ID string "json:\\"id,omitempty\\"" }`); // prettier-ignore
  for (const name of ['id', 'comment', 'createdBy'])
    if (body[name] !== undefined && body[name] !== null && typeof body[name] !== 'string')
      throw mistyped(what, body[name], name === 'id' ? 'id' : `Silence.${name}`, 'string');
  const startsAt = parseTime(what, body['startsAt'], 'Silence.startsAt');
  const endsAt = parseTime(what, body['endsAt'], 'Silence.endsAt');
  const matchers = body['matchers'] ?? undefined;
  if (matchers !== undefined && !Array.isArray(matchers))
    throw mistyped(what, matchers, 'Silence.matchers', 'models.Matchers');
  const list = (matchers ?? []).map(checkTypes);
  if (typeof body['comment'] !== 'string') throw required('comment');
  if (typeof body['createdBy'] !== 'string') throw required('createdBy');
  if (endsAt === undefined) throw required('endsAt');
  if (matchers === undefined) throw required('matchers');
  if (list.length === 0) throw new SwaggerRefusal(422, 612, 'matchers in body should have at least 1 items');
  const complete = list.map(completeMatcher);
  if (startsAt === undefined) throw required('startsAt');
  const id = typeof body['id'] === 'string' ? body['id'] : '';
  return {
    id,
    comment: body['comment'],
    createdBy: body['createdBy'],
    startsAt,
    endsAt,
    matchers: complete,
  };
}

function checkTypes(value: unknown): Fields {
  if (!isFields(value)) throw mistyped('silence', value, 'Silence.matchers', 'models.Matcher');
  const types = { name: 'string', value: 'string', isRegex: 'boolean', isEqual: 'boolean' } as const;
  for (const [name, type] of Object.entries(types)) {
    const given = value[name] ?? undefined;
    if (given !== undefined && typeof given !== type)
      throw mistyped('silence', given, `Matcher.matchers.${name}`, type === 'boolean' ? 'bool' : type);
  }
  return value;
}

function completeMatcher(fields: Fields, index: number): Matcher {
  for (const name of ['isRegex', 'name', 'value'])
    if ((fields[name] ?? undefined) === undefined) throw required(`matchers.${index}.${name}`);
  const { name, value, isRegex, isEqual } = fields;
  return {
    name: String(name),
    value: String(value),
    isRegex: isRegex === true,
    isEqual: isEqual !== false,
  };
}

/** What Alertmanager itself finds wrong with a silence that the generated code let through; undefined: nothing. */
export function faultOf({ matchers }: PostedSilence): string | undefined {
  for (const [index, { name, value, isRegex }] of matchers.entries()) {
    if (name === '') return `invalid label matcher ${index}: invalid label name ""`;
    if (!isRegex) continue;
    try {
      compile(value);
    } catch (thrown) {
      if (!(thrown instanceof BadMatcher)) throw thrown;
      return `invalid label matcher ${index}: invalid regular expression "${value}": ${thrown.message}`;
    }
  }
  const matchesEmpty = ({ value, isRegex, isEqual }: Matcher): boolean =>
    isEqual && (isRegex ? compile(value).test('') : value === '');
  return matchers.every(matchesEmpty) ? 'at least one matcher must not match the empty string' : undefined;
}

/** The posted alerts, and the sentences about those that were not taken. Throws a SwaggerRefusal. */
export function parseAlerts(text: string): { readonly taken: FreshAlert[]; readonly faults: string[] } {
  const what = 'alerts';
  const body = parseBody(what, text) ?? [];
  if (!Array.isArray(body))
    throw unparsable(
      what,
      `json: cannot unmarshal ${kind(body)} into Go value of type models.PostableAlerts`,
    );
  const alerts = body.map((item: unknown, index) => parseAlert(item, index));
  const faults = alerts.flatMap((alert) => alertFault(alert) ?? []);
  return { taken: alerts.filter((alert) => alertFault(alert) === undefined), faults };
}

function parseAlert(item: unknown, index: number): FreshAlert {
  const fields = isFields(item) ? item : {};
  const labels = labelSet(fields['labels'], 'labels');
  if (labels === undefined) throw required(`${index}.labels`);
  const annotations = labelSet(fields['annotations'], 'annotations');
  const generatorURL = fields['generatorURL'];
  if (typeof generatorURL === 'string' && generatorURL !== '' && !URL.canParse(generatorURL))
    throw new SwaggerRefusal(
      422,
      601,
      `${index}.generatorURL in body must be of type uri: "${generatorURL}"`,
    );
  const startsAt = parseTime('alerts', fields['startsAt'], 'startsAt');
  const endsAt = parseTime('alerts', fields['endsAt'], 'endsAt');
  return {
    labels,
    ...(annotations === undefined ? {} : { annotations }),
    ...(typeof generatorURL === 'string' ? { generatorURL } : {}),
    ...(startsAt === undefined ? {} : { startsAt }),
    ...(endsAt === undefined ? {} : { endsAt }),
  };
}

function labelSet(value: unknown, name: string): Record<string, string> | undefined {
  if (value === undefined || value === null) return undefined;
  if (!isFields(value)) throw mistyped('alerts', value, name, 'models.LabelSet');
  for (const each of Object.values(value))
    if (typeof each !== 'string') throw mistyped('alerts', each, name, 'string');
  return { ...value } as Record<string, string>;
}

function alertFault({ labels, startsAt, endsAt }: FreshAlert): string | undefined {
  if (startsAt !== undefined && endsAt !== undefined && endsAt < startsAt)
    return 'start time must be before end time';
  return Object.values(labels).every((value) => value === '')
    ? 'at least one label pair required'
    : undefined;
}
