import * as v from 'valibot';
import type { HostMessage, PageMessage, PageRequestName, PageRequests, Suggested } from './protocol.ts';
import { runbookPageSchema } from './runbookPage.ts';

const number = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
/** Ids are short; what a person types may be long, but never a way to fill the journal's disk. */
const id = v.pipe(v.string(), v.minLength(1), v.maxLength(1_000));
const typed = v.pipe(v.string(), v.maxLength(20_000));

const params: { [N in PageRequestName]: v.GenericSchema<unknown, PageRequests[N]['params']> } = {
  ready: v.strictObject({}),
  runStep: v.strictObject({ step: id, incident: id, command: v.string() }),
  undoChange: v.strictObject({ change: id, incident: id }),
  attachOutput: v.strictObject({ run: id }),
  shareOutput: v.strictObject({ run: id }),
  answerApproval: v.strictObject({ request: id, answer: v.picklist(['approve', 'refuse']) }),
  fillForm: v.strictObject({ step: id, incident: id }),
  openPlace: v.strictObject({ step: id, place: typed }),
  runRemedy: v.strictObject({ run: id }),
  setSecret: v.strictObject({ name: id }),
  runAll: v.strictObject({ incident: id, dry: v.boolean(), tag: v.exactOptional(id) }),
  runToHere: v.strictObject({ step: id, incident: id }),
  stopAll: v.strictObject({}),
  stopRun: v.strictObject({ run: id }),
  skipStep: v.strictObject({ step: id, incident: id, reason: typed }),
  markDone: v.strictObject({ step: id, incident: id, note: typed }),
  copyCommand: v.strictObject({ step: id }),
  setValue: v.strictObject({ name: id, incident: id, value: typed }),
  clearValue: v.strictObject({ name: id, incident: id }),
  suggest: v.strictObject({ name: id, incident: id }),
  readPlots: v.strictObject({ run: id, incident: id }),
  openOutput: v.strictObject({ run: id }),
  openGuide: v.strictObject({ line: v.pipe(number, v.minValue(1)) }),
  pinTarget: v.strictObject({}),
  declare: v.strictObject({}),
};

const request = v.strictObject({
  type: v.literal('request'),
  id: number,
  name: v.picklist(Object.keys(params) as PageRequestName[]),
  params: v.unknown(),
});

/** A request of the page, host side; undefined when it is anything the protocol does not know. Never throws. */
export function parsePageMessage(value: unknown): PageMessage | undefined {
  const outer = v.safeParse(request, value);
  if (!outer.success) return undefined;
  const inner = v.safeParse(params[outer.output.name], outer.output.params);
  // The name picked the schema of the params, which is what the union says.
  return inner.success ? ({ ...outer.output, params: inner.output } as PageMessage) : undefined;
}

/** The number of a request, so that one which cannot be understood is failed and not left waiting. Never throws. */
export function requestIdOf(value: unknown): number | undefined {
  const parsed = v.safeParse(v.object({ type: v.literal('request'), id: number }), value);
  return parsed.success ? parsed.output.id : undefined;
}

const hostMessage: v.GenericSchema<unknown, HostMessage> = v.pipe(
  v.unknown(),
  v.variant('type', [
    v.variant('ok', [
      v.object({
        type: v.literal('reply'),
        id: number,
        ok: v.literal(true),
        result: v.optional(v.unknown(), null),
      }),
      v.object({ type: v.literal('reply'), id: number, ok: v.literal(false), message: v.string() }),
    ]),
    v.object({ type: v.literal('state'), state: runbookPageSchema }),
    v.object({ type: v.literal('tail'), run: id, tail: v.string(), lines: number }),
  ]),
);

/** A message of the host, page side; undefined when it is anything the protocol does not know. Never throws. */
export function parseHostMessage(value: unknown): HostMessage | undefined {
  const parsed = v.safeParse(hostMessage, value);
  return parsed.success ? parsed.output : undefined;
}

const suggested: v.GenericSchema<unknown, Suggested> = v.pipe(
  v.unknown(),
  v.object({
    values: v.array(v.object({ value: v.string(), detail: v.optional(v.string(), () => undefined) })),
    note: v.optional(v.string(), () => undefined),
  }),
);

/** The answer to `suggest`; undefined when it is anything else. Never throws. */
export function parseSuggested(value: unknown): Suggested | undefined {
  const parsed = v.safeParse(suggested, value);
  return parsed.success ? parsed.output : undefined;
}
