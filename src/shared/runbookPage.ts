import * as v from 'valibot';
import type { Checked, Judged } from '../core/judge/judged.ts';
import type {
  CardApproval,
  CardChange,
  CardPlace,
  CardRun,
  EarlierRun,
  FormField,
  PageIncident,
  PageTarget,
  RunAllState,
  RunbookPageState,
  StepCard,
  TargetWarning,
} from '../core/views/runbookPageState.ts';

export type {
  CardApproval,
  CardChange,
  CardPlace,
  CardRun,
  EarlierRun,
  FormField,
  PageIncident,
  PageTarget,
  RunAllState,
  RunbookPageState,
  StepCard,
  TargetWarning,
};

/** A message to a page travels as JSON, which drops undefined members: they come back as undefined. */
const missing = () => undefined;
const text = v.string();
const maybeText = v.optional(text, missing);
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
/** The members of a union, each named once: one that is added or dropped in core fails to compile here. */
const oneOf = <K extends string>(all: Record<K, true>) => v.picklist(Object.keys(all) as K[]);

const incident = v.object({
  id: text,
  number: text,
  title: text,
  severity: text,
  rank: count,
  drill: v.boolean(),
  status: oneOf<PageIncident['status']>({ active: true, resolved: true }),
  declaredAt: text,
  resolvedAt: maybeText,
  responseDueAt: maybeText,
  updateDueAt: maybeText,
  onsetAt: maybeText,
  soakEndsAt: maybeText,
  relapse: maybeText,
});

const field = v.object({
  name: text,
  written: text,
  kind: oneOf<FormField['kind']>({
    pod: true,
    deployment: true,
    service: true,
    ingress: true,
    namespace: true,
    app: true,
    'db-cluster': true,
    'db-instance': true,
    revision: true,
    number: true,
    choice: true,
    flag: true,
    duration: true,
    secret: true,
    text: true,
  }),
  value: maybeText,
  suggestions: v.array(text),
  usedBy: v.array(count),
  description: maybeText,
  default: maybeText,
  expected: maybeText,
  options: v.array(text),
  live: v.boolean(),
  clearable: v.boolean(),
  differs: maybeText,
  optional: v.boolean(),
  secret: v.optional(oneOf<NonNullable<FormField['secret']>>({ set: true, 'not-set': true }), missing),
});

const run = v.object({
  id: text,
  startedAt: text,
  by: text,
  durationMs: v.optional(v.number(), missing),
  outcome: maybeText,
  tone: oneOf<CardRun['tone']>({ ok: true, neutral: true, bad: true }),
  message: maybeText,
  remedy: maybeText,
  plots: v.boolean(),
  tail: text,
  lines: count,
});

const card = v.object({
  id: text,
  number: count,
  text,
  condition: maybeText,
  judged: v.optional(
    v.object({
      verdict: oneOf<Judged['verdict']>({ applies: true, 'does-not-apply': true, 'cannot-tell': true }),
      because: text,
    }),
    missing,
  ),
  assertions: v.array(
    v.object({
      assertion: text,
      result: oneOf<Checked['result']>({ passed: true, failed: true, 'not-checked': true }),
      because: text,
    }),
  ),
  findings: v.array(text),
  details: v.array(text),
  places: v.array(v.object({ id: text, label: text, spoken: text })),
  command: maybeText,
  metrics: v.optional(
    v.object({ name: text, queries: v.array(v.object({ title: text, query: text, limit: maybeText })) }),
    missing,
  ),
  kind: oneOf<StepCard['kind']>({
    kubernetes: true,
    argocd: true,
    rds: true,
    http: true,
    query: true,
    flag: true,
    shell: true,
    manual: true,
  }),
  executor: text,
  risk: oneOf<StepCard['risk']>({ read: true, change: true, destructive: true }),
  traps: v.array(v.object({ message: text, blocks: v.boolean() })),
  missing: v.array(text),
  unfilled: v.array(text),
  blocked: maybeText,
  state: oneOf<StepCard['state']>({ idle: true, running: true, ended: true, done: true, skipped: true }),
  run: v.optional(run, missing),
  earlier: v.array(
    v.object({
      id: text,
      startedAt: text,
      by: text,
      outcome: text,
      tone: oneOf<EarlierRun['tone']>({ ok: true, neutral: true, bad: true }),
      hasOutput: v.boolean(),
    }),
  ),
  marks: v.array(text),
  changes: v.array(
    v.object({
      id: text,
      text,
      undo: maybeText,
      undone: v.optional(v.object({ at: text, by: text }), missing),
    }),
  ),
  foreseen: v.array(text),
  unsetSecrets: v.array(text),
  form: v.boolean(),
  approval: v.optional(
    v.object({
      state: oneOf<CardApproval['state']>({
        wanted: true,
        waiting: true,
        approved: true,
        refused: true,
        expired: true,
        used: true,
      }),
      text,
      request: maybeText,
      isOwn: v.boolean(),
      mayBeAlone: v.boolean(),
    }),
    missing,
  ),
  note: maybeText,
  marked: v.optional(v.object({ at: text, by: text }), missing),
});

/** The page's whole state as it arrives; written out so that the compiler holds it against the model. */
export const runbookPageSchema: v.GenericSchema<unknown, RunbookPageState> = v.pipe(
  v.unknown(),
  v.object({
    sequence: text,
    incident: v.optional(incident, missing),
    target: v.object({
      context: maybeText,
      namespace: maybeText,
      server: maybeText,
      argoCdServer: maybeText,
      awsProfile: maybeText,
      awsRegion: maybeText,
      warning: v.optional(
        v.object({
          message: text,
          blocks: oneOf<TargetWarning['blocks']>({ everything: true, changes: true }),
        }),
        missing,
      ),
    }),
    trusted: v.boolean(),
    title: text,
    guideFile: text,
    line: count,
    condition: maybeText,
    about: text,
    form: v.array(field),
    steps: v.array(card),
    tags: v.array(text),
    runAll: v.optional(
      v.object({
        phase: oneOf<RunAllState['phase']>({ running: true, finished: true, waiting: true, stopped: true }),
        dry: v.boolean(),
        message: text,
        goesOn: v.boolean(),
      }),
      missing,
    ),
    background: v.array(v.object({ run: text, text })),
  }),
);

/** The state of the page from what arrived; undefined when it is anything else. */
export const parsePageState = (value: unknown): RunbookPageState | undefined => {
  const parsed = v.safeParse(runbookPageSchema, value);
  return parsed.success ? parsed.output : undefined;
};
