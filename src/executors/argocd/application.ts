import * as v from 'valibot';

const text = v.nullish(v.string(), '');
const flag = v.nullish(v.boolean(), false);
const labels = v.nullish(v.record(v.string(), v.string()), {});

/** Without defaults: what is sent back to Argo CD must be what it gave. */
const sourceSchema = v.looseObject({
  repoURL: v.optional(v.string()),
  path: v.optional(v.string()),
  targetRevision: v.optional(v.string()),
  chart: v.optional(v.string()),
  ref: v.optional(v.string()),
});
export type Source = v.InferOutput<typeof sourceSchema>;

const historySchema = v.looseObject({
  id: v.number(),
  revision: text,
  /** When its sync was complete, RFC 3339. */
  deployedAt: text,
  source: v.nullish(sourceSchema),
  sources: v.nullish(v.array(sourceSchema)),
  revisions: v.nullish(v.array(v.string())),
  initiatedBy: v.nullish(v.looseObject({ username: text, automated: flag })),
});
/** One deployment an app has had. */
export type HistoryEntry = v.InferOutput<typeof historySchema>;

const resultSchema = v.looseObject({
  group: text,
  kind: text,
  namespace: text,
  name: text,
  status: text,
  hookPhase: text,
  hookType: text,
  message: text,
});

const operationSchema = v.looseObject({
  sync: v.nullish(v.looseObject({ revision: text, dryRun: flag })),
});

const applicationSchema = v.looseObject({
  metadata: v.looseObject({
    name: v.string(),
    namespace: text,
    resourceVersion: text,
    labels,
    annotations: labels,
    ownerReferences: v.nullish(v.array(v.looseObject({ kind: text, name: text })), []),
  }),
  spec: v.looseObject({
    project: text,
    destination: v.nullish(v.looseObject({ server: text, name: text, namespace: text }), {}),
    source: v.nullish(sourceSchema),
    sources: v.nullish(v.array(sourceSchema)),
    syncPolicy: v.nullish(
      v.looseObject({
        automated: v.nullish(
          v.looseObject({
            prune: flag,
            selfHeal: flag,
            allowEmpty: flag,
            enabled: v.nullish(v.boolean(), true),
          }),
        ),
        syncOptions: v.nullish(v.array(v.string())),
        retry: v.nullish(v.unknown()),
      }),
    ),
    ignoreDifferences: v.nullish(
      v.array(v.looseObject({ kind: text, jsonPointers: v.nullish(v.array(v.string()), []) })),
      [],
    ),
  }),
  operation: v.nullish(operationSchema),
  status: v.nullish(
    v.looseObject({
      sync: v.nullish(v.looseObject({ status: text, revision: text }), {}),
      health: v.nullish(v.looseObject({ status: text, message: text }), {}),
      history: v.nullish(v.array(historySchema), []),
      reconciledAt: text,
      operationState: v.nullish(
        v.looseObject({
          phase: text,
          message: text,
          startedAt: text,
          finishedAt: text,
          operation: v.nullish(operationSchema),
          syncResult: v.nullish(
            v.looseObject({ revision: text, resources: v.nullish(v.array(resultSchema), []) }),
          ),
        }),
      ),
      conditions: v.nullish(
        v.array(v.looseObject({ type: text, message: text, lastTransitionTime: text })),
        [],
      ),
      resources: v.nullish(
        v.array(
          v.looseObject({
            group: text,
            kind: text,
            namespace: text,
            name: text,
            status: text,
            health: v.nullish(v.looseObject({ status: text })),
          }),
        ),
        [],
      ),
      summary: v.nullish(v.looseObject({ images: v.nullish(v.array(v.string()), []) })),
    }),
    {},
  ),
});

/**
 * An Application as its API and its resource show it; fields nobody here reads are kept.
 * https://argo-cd.readthedocs.io/en/stable/user-guide/application-specification/
 */
export type Application = v.InferOutput<typeof applicationSchema> & {
  /** The answer itself, for who wants to see all of it. */
  readonly raw: unknown;
};

/** An Application out of an answer; undefined when it is none. */
export function parseApplication(answer: unknown): Application | undefined {
  const parsed = v.safeParse(applicationSchema, answer);
  return parsed.success ? { ...parsed.output, raw: answer } : undefined;
}

/** `argocd/payment-service`, as argocd writes it. */
export const qualifiedName = ({ metadata }: Application): string =>
  metadata.namespace === '' ? metadata.name : `${metadata.namespace}/${metadata.name}`;

/** `app/payment-service`, as changes are told. */
export const objectName = ({ metadata }: Application): string => `app/${metadata.name}`;

/** The options of automated sync; undefined while it is off. */
export interface AutomatedSync {
  readonly prune: boolean;
  readonly selfHeal: boolean;
  readonly allowEmpty: boolean;
}

export function automatedSync({ spec }: Application): AutomatedSync | undefined {
  const automated = spec.syncPolicy?.automated;
  if (!automated?.enabled) return undefined;
  return { prune: automated.prune, selfHeal: automated.selfHeal, allowEmpty: automated.allowEmpty };
}

/** `on (prune, self-heal)` or `off`. */
export function syncPolicyText(automated: AutomatedSync | undefined): string {
  if (automated === undefined) return 'off';
  const options = [
    ...(automated.prune ? ['prune'] : []),
    ...(automated.selfHeal ? ['self-heal'] : []),
    ...(automated.allowEmpty ? ['allow-empty'] : []),
  ];
  return options.length === 0 ? 'on' : `on (${options.join(', ')})`;
}

/** What runs now: the newest deployment that was complete. */
export const liveEntry = ({ status }: Application): HistoryEntry | undefined => status.history.at(-1);

/** What ran at a moment (UTC, ISO 8601): the newest deployment complete by then; undefined before the first one kept. */
export const entryAt = ({ status }: Application, at: string): HistoryEntry | undefined =>
  status.history.findLast(({ deployedAt }) => Date.parse(deployedAt) <= Date.parse(at));

export const sourcesOf = ({ spec }: Application): readonly Source[] =>
  spec.sources && spec.sources.length > 0 ? spec.sources : spec.source ? [spec.source] : [];

/** The commits of an entry, one for each source. */
export const revisionsOf = (entry: HistoryEntry): readonly string[] =>
  entry.sources && entry.sources.length > 0 ? (entry.revisions ?? []) : [entry.revision];

/** `abcdef1`, several joined by commas; Helm chart versions as they are. */
export const shortRevisions = (entry: HistoryEntry): string =>
  revisionsOf(entry)
    .map((revision) => (/^[0-9a-f]{40}$/.test(revision) ? revision.slice(0, 7) : revision))
    .join(', ') || 'unknown revision';

/** Whether a sync is going on, or is over and not yet compared with the cluster: argocd's own rule. */
export function isOperating({ operation, status }: Application): boolean {
  if (operation) return true;
  const state = status.operationState;
  if (!state) return false;
  if (state.finishedAt === '') return true;
  if (state.operation?.sync?.dryRun) return false;
  return status.reconciledAt === '' || Date.parse(status.reconciledAt) < Date.parse(state.finishedAt);
}

/** Whether a comparison with git has been asked for and is not made yet: the controller takes the mark away. */
export const isComparing = ({ metadata }: Application): boolean =>
  metadata.annotations['argocd.argoproj.io/refresh'] !== undefined;
