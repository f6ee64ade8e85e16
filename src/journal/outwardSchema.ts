import * as v from 'valibot';
import type { EventData } from '../core/incident/events.ts';

const text = v.string();
const optionalText = v.exactOptional(text);
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const utc = v.pipe(
  text,
  v.isoTimestamp(),
  v.check((time) => Number.isFinite(Date.parse(time)), 'is not a time'),
);
/** What a person opens with a click: a journal can be a colleague's, so nothing but the web. */
const webAddress = v.pipe(text, v.regex(/^https?:\/\//i));
const optionalAddress = v.exactOptional(webAddress);

const addressee = v.looseObject({
  name: text,
  slack: optionalText,
  email: optionalText,
  pagerduty: optionalText,
  github: optionalText,
});
const people = v.array(addressee);
const status = v.picklist(['investigating', 'identified', 'monitoring', 'resolved']);
const ticketSystem = v.picklist(['github', 'jira']);

const receipt = v.looseObject({ id: text, url: optionalAddress, name: optionalText, detail: optionalText });

const task = v.union([
  v.looseObject({ system: v.literal('slack'), act: v.literal('create-channel'), name: text, topic: text }),
  v.looseObject({ system: v.literal('slack'), act: v.literal('invite'), people }),
  v.looseObject({
    system: v.literal('slack'),
    act: v.literal('post'),
    text,
    pin: v.exactOptional(v.boolean()),
  }),
  v.looseObject({ system: v.literal('slack'), act: v.literal('set-topic'), topic: text }),
  v.looseObject({ system: v.literal('slack'), act: v.literal('archive') }),
  v.looseObject({
    system: ticketSystem,
    act: v.literal('create-ticket'),
    title: text,
    body: text,
    labels: v.array(text),
    action: optionalText,
  }),
  v.looseObject({ system: ticketSystem, act: v.literal('comment'), text }),
  v.looseObject({
    system: ticketSystem,
    act: v.picklist(['close', 'reopen']),
    text,
    ticket: v.exactOptional(receipt),
  }),
  v.looseObject({ system: ticketSystem, act: v.literal('set-severity'), label: text }),
  v.looseObject({
    system: v.literal('statuspage'),
    act: v.literal('create-incident'),
    name: text,
    status,
    text,
    notify: v.boolean(),
  }),
  v.looseObject({
    system: v.literal('statuspage'),
    act: v.literal('update-incident'),
    status,
    text,
    notify: v.boolean(),
  }),
  v.looseObject({
    system: v.literal('pagerduty'),
    act: v.literal('create-incident'),
    title: text,
    text,
    urgency: v.picklist(['high', 'low']),
  }),
  v.looseObject({ system: v.literal('pagerduty'), act: v.literal('adopt-incident'), incident: text }),
  v.looseObject({
    system: v.literal('pagerduty'),
    act: v.literal('request-responders'),
    message: text,
    people,
  }),
  v.looseObject({ system: v.literal('pagerduty'), act: v.literal('note'), text }),
  v.looseObject({ system: v.literal('pagerduty'), act: v.picklist(['acknowledge', 'resolve']) }),
  v.looseObject({
    system: v.literal('webhook'),
    act: v.literal('send'),
    event: v.picklist(['declared', 'update', 'severity', 'resolved', 'reopened']),
    payload: v.record(text, text),
  }),
]);

const delivery = v.pipe(text, v.minLength(1), v.maxLength(300));
const state = v.picklist(['firing', 'pending', 'silenced', 'acknowledged', 'resolved', 'happened']);
const signal = v.looseObject({
  id: text,
  kind: v.picklist(['alert', 'page', 'deploy', 'flag', 'config']),
  sources: v.array(text),
  origins: v.exactOptional(v.array(text)),
  title: text,
  summary: optionalText,
  severity: optionalText,
  service: optionalText,
  startedAt: utc,
  state,
  runbookUrl: optionalText,
  url: optionalText,
  labels: v.record(text, text),
});

type Outward =
  | `Delivery${'Requested' | 'Started' | 'Delivered' | 'Failed' | 'MarkedDone' | 'Dropped'}`
  | 'AudienceUpdatePosted'
  | 'UpdateSnoozed'
  | 'SignalAttached'
  | 'SignalStateSeen'
  | 'EvidenceAdded'
  | 'PinReceived'
  | 'PeopleEscalated'
  | 'PageResolvedSeen'
  | 'EscalationAcknowledged';

/** The facts of what comes in and goes out. Loose, like the other facts' schemas. */
export const outwardSchemas: { readonly [T in Outward]: v.GenericSchema<unknown, EventData[T]> } = {
  DeliveryRequested: v.looseObject({
    delivery,
    task,
    place: v.record(text, text),
    after: v.array(delivery),
  }) as v.GenericSchema<unknown, EventData['DeliveryRequested']>,
  DeliveryStarted: v.looseObject({ delivery, attempt: count }),
  DeliveryDelivered: v.looseObject({ delivery, receipt, found: v.exactOptional(v.boolean()) }),
  DeliveryFailed: v.looseObject({
    delivery,
    attempt: count,
    code: v.picklist([
      'invalid',
      'conflict',
      'not-found',
      'unauthorized',
      'forbidden',
      'unreachable',
      'timeout',
      'cancelled',
      'failed',
      'storage',
      'untrusted',
      'wrong-target',
    ]),
    message: text,
    status: v.exactOptional(v.number()),
    retry: v.picklist(['automatic', 'person']),
    retryAt: v.exactOptional(utc),
  }),
  DeliveryMarkedDone: v.looseObject({ delivery, note: optionalText, receipt: v.exactOptional(receipt) }),
  DeliveryDropped: v.looseObject({ delivery, reason: optionalText }),
  AudienceUpdatePosted: v.looseObject({ audience: v.picklist(['executive', 'public']), text }),
  UpdateSnoozed: v.looseObject({ until: utc, reason: text }),
  SignalAttached: v.looseObject({ signal }),
  SignalStateSeen: v.looseObject({ signal: text, state, at: utc }),
  EvidenceAdded: v.looseObject({
    kind: v.picklist(['text', 'url', 'output', 'file', 'picture']),
    text,
    note: optionalText,
    run: optionalText,
    file: v.exactOptional(
      v.looseObject({
        // A colleague's copy of the journal may name anything: nothing may climb out of the folder.
        file: v.pipe(text, v.regex(/^evidence\/[A-Za-z0-9][A-Za-z0-9._-]{0,200}$/)),
        sha256: v.pipe(text, v.regex(/^[0-9a-f]{64}$/)),
        bytes: count,
      }),
    ),
  }),
  PinReceived: v.looseObject({ message: text, author: text, text, at: utc, url: optionalAddress }),
  PeopleEscalated: v.looseObject({
    level: count,
    severity: text,
    roles: v.array(text),
    automatic: v.exactOptional(v.boolean()),
  }),
  PageResolvedSeen: v.looseObject({ page: text, name: optionalText, who: optionalText, at: utc }),
  EscalationAcknowledged: v.looseObject({ level: count, who: text }),
};
