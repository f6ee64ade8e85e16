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
const state = v.picklist(['enabled', 'disabled']);

const kubernetes = v.object({
  kind: v.literal('kubernetes'),
  action: v.object({
    verb: v.literal('restore'),
    resource: v.object({ kind: text, name: text }),
    subresource: v.exactOptional(v.literal('scale')),
    fields: v.array(v.object({ pointer: text, before: maybe(text), after: maybe(text) })),
  }),
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
    read: maybe(request),
    opposite: maybe(request),
    expected: v.exactOptional(state),
  }),
});

const act: v.GenericSchema<unknown, UndoAct> = v.variant('kind', [kubernetes, argocd, rds, flag]);

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
