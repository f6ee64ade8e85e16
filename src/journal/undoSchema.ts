import * as v from 'valibot';
import type { Target } from '../core/plan/plan.ts';
import type { MadeChange, Undo, UndoAct } from '../core/plan/undo.ts';

const text = v.string();
const optionalText = v.exactOptional(text);
const optionalFlag = v.exactOptional(v.boolean());
/** JSON has no undefined: a member that was undefined is absent when it is read again. */
const maybe = <T>(schema: v.GenericSchema<unknown, T>) => v.optional(schema, () => undefined);

export const targetSchema: v.GenericSchema<unknown, Target> = v.looseObject({
  context: optionalText,
  server: optionalText,
  namespace: optionalText,
  currentContext: optionalText,
  argoCdServer: optionalText,
  awsProfile: optionalText,
  awsRegion: optionalText,
});

const request = v.object({
  method: text,
  url: text,
  headers: v.array(v.tuple([text, text])),
  body: maybe(text),
});
/** It is asked before anybody has agreed to anything. */
const looking = v.object({ ...request.entries, method: v.literal('GET') });
const state = v.picklist(['enabled', 'disabled']);

const jsonText = v.pipe(text, v.check(isJson, 'is not JSON'));
const field = v.object({ pointer: text, before: maybe(jsonText), after: maybe(jsonText) });
const count = v.pipe(text, v.regex(/^\d{1,9}$/));
const restore = { verb: v.literal('restore'), resource: v.object({ kind: text, name: text }) };
const kubernetes = v.object({
  kind: v.literal('kubernetes'),
  action: v.union([
    v.strictObject({ ...restore, fields: v.array(field) }),
    v.object({
      ...restore,
      subresource: v.literal('scale'),
      fields: v.strictTuple([
        v.object({ pointer: v.literal('/spec/replicas'), before: count, after: count }),
      ]),
    }),
  ]),
});
const argocd = v.object({
  kind: v.literal('argocd'),
  action: v.variant('verb', [
    v.object({
      verb: v.literal('rollback'),
      app: text,
      id: maybe(v.number()),
      prune: v.boolean(),
      autoSyncOff: v.boolean(),
      expectedLive: v.exactOptional(v.number()),
    }),
    v.object({
      verb: v.literal('set-sync-policy'),
      app: text,
      policy: v.picklist(['manual', 'automated']),
      prune: optionalFlag,
      selfHeal: optionalFlag,
      allowEmpty: optionalFlag,
      expected: optionalText,
    }),
  ]),
});
const rds = v.object({
  kind: v.literal('rds'),
  action: v.object({
    operation: v.literal('failover-db-cluster'),
    cluster: text,
    targetInstance: maybe(text),
    expectedWriter: optionalText,
  }),
});
const flag = v.object({
  kind: v.literal('flag'),
  action: v.object({
    provider: v.picklist(['generic', 'unleash', 'launchdarkly']),
    flag: text,
    want: state,
    project: maybe(text),
    environment: maybe(text),
    request,
    read: maybe(looking),
    opposite: maybe(request),
    expected: v.exactOptional(state),
  }),
});

/** The command itself is the guide's: a journal gives it nothing but values, which are quoted as values are. */
const guide = v.object({ kind: v.literal('guide'), step: text, values: v.record(text, text) });

const act: v.GenericSchema<unknown, UndoAct> = v.variant('kind', [kubernetes, argocd, rds, flag, guide]);

const undoSchema: v.GenericSchema<unknown, Undo> = v.looseObject({
  title: text,
  preview: text,
  target: targetSchema,
  act,
});

/** An undo comes from a file that others can write: only one of the known shapes is ever offered as a button. */
export const madeChangeSchema: v.GenericSchema<unknown, MadeChange> = v.looseObject({
  changes: v.array(text),
  undo: v.exactOptional(undoSchema),
  debt: optionalText,
});

function isJson(value: string): boolean {
  try {
    JSON.parse(value);
    return true;
  } catch {
    return false;
  }
}
