import * as v from 'valibot';
import { failed, messageOf, ok } from '../core/errors.ts';
import type { Result } from '../core/errors.ts';
import type { AnyEvent, EventData, EventType, IncidentEvent, UnknownEvent } from '../core/incident/events.ts';
import { approvalSchemas } from './approvalSchema.ts';
import { outwardSchemas } from './outwardSchema.ts';
import { resolutionSchemas } from './resolutionSchema.ts';
import { checkedSchema, readingSchema } from './readingSchema.ts';
import { POINTS_FILE } from './measuredFile.ts';
import { isUlid } from './ulid.ts';
import { madeChangeSchema, targetSchema as target } from './undoSchema.ts';

/** The version this build writes for every type; a line of another version is kept as an UnknownEvent. */
export const EVENT_VERSION = 1;

const text = v.string();
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const optionalText = v.exactOptional(text);
const ulid = v.pipe(text, v.check(isUlid, 'is not a ULID'));
const utc = v.pipe(
  text,
  v.isoTimestamp(),
  v.check((time) => Number.isFinite(Date.parse(time)), 'is not a time'),
);
const sha256 = v.pipe(text, v.regex(/^[0-9a-f]{64}$/));

/** An output's name can come from a colleague's copy of the journal: nothing may climb out of the folder. */
export const OUTPUT_FILE = /^output\/[A-Za-z0-9][A-Za-z0-9._-]{0,200}\.log$/;

const envelope = v.object({
  id: ulid,
  incident: ulid,
  writer: ulid,
  n: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  clock: v.pipe(text, v.regex(/^\d{15}-\d{5}$/)),
  time: utc,
  by: text,
  type: v.pipe(text, v.nonEmpty()),
  version: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  data: v.unknown(),
  prev: v.union([v.literal(''), sha256]),
});

const outcome = v.variant('kind', [
  v.looseObject({
    kind: v.literal('succeeded'),
    exitCode: v.exactOptional(v.number()),
    status: v.exactOptional(v.number()),
    detail: optionalText,
  }),
  v.looseObject({ kind: v.literal('no-match') }),
  v.looseObject({
    kind: v.literal('failed'),
    exitCode: v.exactOptional(v.number()),
    signal: optionalText,
    status: v.exactOptional(v.number()),
    message: text,
    // It is typed into a terminal, where a line end would run whatever stands before it.
    remedy: v.exactOptional(v.pipe(text, v.regex(/^[^\p{Cc}\p{Cf}\u2028\u2029]{1,500}$/u))),
  }),
  v.looseObject({ kind: v.literal('stopped'), message: optionalText }),
  v.looseObject({ kind: v.literal('timed-out'), afterMs: v.number() }),
]);
const output = v.looseObject({
  file: v.pipe(text, v.regex(OUTPUT_FILE)),
  sha256,
  bytes: count,
  lines: count,
});
const earlierIncident = v.looseObject({
  id: text,
  number: text,
  title: text,
  declaredAt: text,
  msBefore: v.number(),
  because: v.array(v.looseObject({ kind: v.picklist(['service', 'alert', 'error']), value: text })),
});
const points = v.looseObject({ file: v.pipe(text, v.regex(POINTS_FILE)), sha256, bytes: count });
const step = { step: text, sequence: text, text };
const item = { item: text, text };
const actionItem = v.looseObject({
  text,
  done: v.boolean(),
  owner: optionalText,
  due: v.exactOptional(v.pipe(text, v.isoDate())),
  issue: v.exactOptional(
    v.looseObject({
      name: text,
      // A person opens it with a click: a journal can be a colleague's.
      url: v.pipe(text, v.regex(/^https?:\/\//i)),
      state: v.exactOptional(v.picklist(['open', 'closed'])),
    }),
  ),
});

/** Loose, so that a field a newer build adds to a known type survives a read. */
const dataSchemas: { readonly [T in EventType]: v.GenericSchema<unknown, EventData[T]> } = {
  IncidentDeclared: v.looseObject({
    number: text,
    title: text,
    severity: text,
    service: optionalText,
    target,
    guide: v.exactOptional(v.looseObject({ file: text, title: optionalText, sha256: optionalText })),
    drill: v.exactOptional(v.boolean()),
  }),
  IncidentAcknowledged: v.looseObject({ in: optionalText, who: optionalText, at: v.exactOptional(utc) }),
  SeverityChanged: v.looseObject({ severity: text, reason: optionalText }),
  ImpactSet: v.looseObject({ figure: text, source: text, at: utc }),
  OnsetSet: v.looseObject({ at: utc }),
  MitigatedMarked: v.looseObject({ at: utc }),
  PhaseEntered: v.looseObject({ phase: text, name: text }),
  RunStarted: v.looseObject({
    run: text,
    ...step,
    kind: v.picklist(['kubernetes', 'argocd', 'rds', 'http', 'query', 'flag', 'shell', 'manual']),
    command: text,
    original: text,
    target,
    risk: v.picklist(['read', 'change', 'destructive']),
    confirmed: v.boolean(),
    onlyReads: v.exactOptional(v.boolean()),
    changes: v.exactOptional(v.array(text)),
    undoes: optionalText,
    approval: optionalText,
    guards: optionalText,
    folder: optionalText,
    interpreter: optionalText,
    dryRun: v.exactOptional(v.boolean()),
    background: v.exactOptional(v.boolean()),
  }),
  ChangeMade: v.intersect([v.looseObject({ run: text }), madeChangeSchema]),
  RunEnded: v.looseObject({
    run: text,
    outcome,
    durationMs: v.number(),
    interrupted: v.exactOptional(v.boolean()),
    output: v.exactOptional(output),
    points: v.exactOptional(points),
    seen: v.exactOptional(v.record(text, v.array(text))),
    reading: v.exactOptional(readingSchema),
    assertions: v.exactOptional(checkedSchema),
  }),
  RunAllEnded: v.looseObject({
    sequence: text,
    title: text,
    dry: v.exactOptional(v.boolean()),
    ended: v.picklist(['finished', 'waiting', 'stopped']),
    message: text,
    passedOver: v.array(v.looseObject({ step: text, text, because: text })),
  }),
  StepSkipped: v.looseObject({ ...step, reason: optionalText }),
  StepDone: v.looseObject({ ...step, note: optionalText }),
  ValueSet: v.looseObject({ name: text, value: text, run: optionalText }),
  ValueCleared: v.looseObject({ name: text }),
  NoteAdded: v.looseObject({ text, question: optionalText, questionText: optionalText }),
  UpdatePosted: v.looseObject({ number: v.number(), text, noChange: v.exactOptional(v.boolean()) }),
  ChecklistItemTicked: v.looseObject({ ...item, note: optionalText }),
  ChecklistItemUnticked: v.looseObject(item),
  TargetPinned: v.looseObject({ target }),
  GuideItemDone: v.looseObject(item),
  IncidentResolved: v.looseObject({
    cause: optionalText,
    impact: optionalText,
    resolution: optionalText,
    heads: v.record(text, text),
  }),
  IncidentReopened: v.looseObject({ reason: optionalText }),
  PostMortemDrafted: v.looseObject({ file: text, sha256: text }),
  PostMortemStatusSet: v.looseObject({
    status: v.picklist(['draft', 'in-review', 'reviewed']),
    file: text,
    sha256: text,
  }),
  ActionItemsSeen: v.looseObject({ file: text, items: v.array(actionItem) }),
  CalendarEntryWritten: v.looseObject({
    uid: text,
    sequence: count,
    dueAt: utc,
    cancelled: v.exactOptional(v.boolean()),
    organizer: v.exactOptional(v.looseObject({ name: text, email: text })),
  }),
  RecurrenceSeen: v.looseObject({ windowDays: count, count, earlier: v.array(earlierIncident) }),
  ...approvalSchemas,
  ...outwardSchemas,
  ...resolutionSchemas,
};

const isKnownType = (type: string): type is EventType => Object.hasOwn(dataSchemas, type);

/**
 * Reads one line of a journal file, without its line end. The envelope must fit; a type or version this build does
 * not know, or a known type whose data does not fit, becomes an UnknownEvent with its data as it stands.
 * Fails with 'invalid' when the line is not JSON or has no valid envelope. Never throws.
 */
export function parseEvent(line: string): Result<AnyEvent> {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch (thrown) {
    return failed('invalid', 'The line is not JSON.', messageOf(thrown));
  }
  const parsed = v.safeParse(envelope, json);
  if (!parsed.success) {
    const [issue] = parsed.issues;
    return failed('invalid', `The line is not an event: ${v.getDotPath(issue) ?? 'it'}: ${issue.message}.`);
  }
  const event = parsed.output;
  if (event.version === EVENT_VERSION && isKnownType(event.type)) {
    // Checked, then kept as it was written: a schema's copy would drop what a newer build added.
    if (v.is(dataSchemas[event.type], event.data)) return ok(event as IncidentEvent);
  }
  return ok({ ...event, unknown: true } satisfies UnknownEvent);
}
