import type { ComponentStatus, Impact, IncidentStatus, StatuspageStore } from './statuspageStore.ts';
import { componentStatuses, impacts, realtimeStatuses, scheduledStatuses } from './statuspageStore.ts';

/** An error of the API: a sentence, or a list of them (422). */
export class StatuspageRefusal extends Error {
  readonly status: number;
  readonly error: string | readonly string[];
  constructor(status: number, error: string | readonly string[]) {
    super(typeof error === 'string' ? error : error.join('; '));
    this.status = status;
    this.error = error;
  }
}

export interface IncidentParameters {
  readonly name?: string;
  readonly status?: IncidentStatus;
  readonly body?: string;
  readonly impact_override?: Impact;
  /** True unless told otherwise, in an update too: whoever leaves it out writes to every subscriber. */
  readonly deliver_notifications: boolean;
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly component_ids?: readonly string[];
  readonly components: readonly (readonly [string, ComponentStatus])[];
  readonly scheduled_for?: string;
  readonly scheduled_until?: string;
}

type Fields = Readonly<Record<string, unknown>>;
const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const longestName = 255;
const longestBody = 25_000;

/**
 * Reads `{incident: {…}}` for a page. The reference publishes the fields, their types, their limits and the status
 * codes; the sentences are in the manner of the API, not from it. Throws a StatuspageRefusal: 400 for what has no
 * right type or value, 422 with a list for what has, but cannot be.
 */
export function parseIncident(body: unknown, store: StatuspageStore, pageId: string): IncidentParameters {
  const given = isFields(body) ? body['incident'] : undefined;
  if (!isFields(given)) throw new StatuspageRefusal(400, 'incident is missing');
  const text = (name: string): string | undefined => {
    const value = given[name] ?? undefined;
    if (value === undefined || typeof value === 'string') return value;
    throw new StatuspageRefusal(400, `incident[${name}] is invalid`);
  };
  const oneOf = <T extends string>(name: string, allowed: readonly T[]): T | undefined => {
    const value = text(name);
    const found = allowed.find((each) => each === value);
    if (value !== undefined && found === undefined)
      throw new StatuspageRefusal(400, `incident[${name}] does not have a valid value`);
    return found;
  };
  const name = text('name');
  const status = oneOf('status', [...realtimeStatuses, ...scheduledStatuses]);
  const message = text('body');
  const impact = oneOf('impact_override', impacts);
  const scheduledFor = time('scheduled_for', text('scheduled_for'));
  const scheduledUntil = time('scheduled_until', text('scheduled_until'));
  const deliver = given['deliver_notifications'] ?? true;
  if (typeof deliver !== 'boolean')
    throw new StatuspageRefusal(400, 'incident[deliver_notifications] is invalid');
  const metadata = metadataOf(given['metadata'] ?? undefined);
  const ids = idsOf(given['component_ids'] ?? undefined);
  const components = statusesOf(given['components'] ?? undefined);
  const faults: string[] = [];
  if (name !== undefined && name.length > longestName)
    faults.push(`Name is too long (maximum is ${longestName} characters)`);
  if (message !== undefined && message.length > longestBody)
    faults.push(`Body is too long (maximum is ${longestBody} characters)`);
  const known = new Set(store.components.filter((one) => one.page_id === pageId).map(({ id }) => id));
  const unknown = [...(ids ?? []), ...components.map(([id]) => id)].filter((id) => !known.has(id));
  if (unknown.length > 0)
    faults.push(`Components not found on this page: ${[...new Set(unknown)].join(', ')}`);
  if (faults.length > 0) throw new StatuspageRefusal(422, faults);
  return {
    ...(name === undefined ? {} : { name }),
    ...(status === undefined ? {} : { status }),
    ...(message === undefined ? {} : { body: message }),
    ...(impact === undefined ? {} : { impact_override: impact }),
    ...(metadata === undefined ? {} : { metadata }),
    ...(ids === undefined ? {} : { component_ids: ids }),
    ...(scheduledFor === undefined ? {} : { scheduled_for: scheduledFor }),
    ...(scheduledUntil === undefined ? {} : { scheduled_until: scheduledUntil }),
    deliver_notifications: deliver,
    components,
  };
}

function time(name: string, text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const at = Date.parse(text);
  if (Number.isNaN(at)) throw new StatuspageRefusal(400, `incident[${name}] is invalid`);
  return new Date(at).toISOString();
}

/** "All top-level values in the object must also be objects." */
function metadataOf(value: unknown): Fields | undefined {
  if (value === undefined) return undefined;
  if (!isFields(value)) throw new StatuspageRefusal(400, 'incident[metadata] is invalid');
  if (!Object.values(value).every(isFields))
    throw new StatuspageRefusal(422, ['Metadata top level values must be objects']);
  return value;
}

function idsOf(value: unknown): string[] | undefined {
  if (value === undefined) return undefined;
  if (!Array.isArray(value) || !value.every((one) => typeof one === 'string'))
    throw new StatuspageRefusal(400, 'incident[component_ids] is invalid');
  return value;
}

/** A map of component id to status; an empty text leaves the status as it is. */
function statusesOf(value: unknown): (readonly [string, ComponentStatus])[] {
  if (value === undefined) return [];
  if (!isFields(value)) throw new StatuspageRefusal(400, 'incident[components] is invalid');
  return Object.entries(value).flatMap(([id, status]) => {
    const found = componentStatuses.find((each) => each === status);
    if (found === undefined && status !== '')
      throw new StatuspageRefusal(400, 'incident[components] does not have a valid value');
    return found === undefined ? [] : [[id, found] as const];
  });
}
