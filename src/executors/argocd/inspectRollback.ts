import type { Change, Inspection } from '../../core/ports.ts';
import type { Application, HistoryEntry } from './application.ts';
import { automatedSync, objectName, revisionsOf, shortRevisions, syncPolicyText } from './application.ts';
import { oneLine } from './applicationTables.ts';
import type { LookContext } from './argoCdContext.ts';
import { commandOf } from './argoCdContext.ts';
import { findOwnership } from './ownership.ts';
import type { RollbackAction } from './rollback.ts';
import { goalOf } from './rollback.ts';
import { policyChange } from './syncPolicy.ts';

/** What a rollback would change, what has to come first, and whether it would last. */
export async function inspectRollback(
  context: LookContext,
  action: RollbackAction,
  app: Application,
): Promise<Inspection> {
  const { name } = app.metadata;
  const goal = goalOf(app, action);
  if (!goal.ok) return { changes: [], warnings: [], refusal: goal.refusal };
  if (app.operation)
    return {
      changes: [],
      warnings: [],
      refusal: `Another operation on ${name} is in progress: wait until it is over (argocd app wait ${name}), then run this step again.`,
    };
  const { entry, live } = goal;
  const automated = automatedSync(app);
  const [ownership, messages, images] = await Promise.all([
    automated === undefined ? { warnings: [] } : findOwnership(context, app, false),
    Promise.all([live, entry].map((each) => describeEntry(context, app, each))),
    imageChange(context, app, entry),
  ]);
  const [before = '', after = ''] = messages;
  const warnings = [
    ...(automated === undefined
      ? []
      : [
          `Auto-sync of ${name} is ${syncPolicyText(automated)}: it is turned off first, and stays off until you turn it on again.`,
        ]),
    ...ownership.warnings,
    ...(entry.id === live.id || shortRevisions(entry) === shortRevisions(live)
      ? [`${name} already runs ${shortRevisions(live)}: this applies the same again.`]
      : []),
  ];
  const agreed: RollbackAction = {
    ...action,
    id: entry.id,
    autoSyncOff: automated !== undefined,
    expectedLive: action.expectedLive ?? live.id,
  };
  const { plan } = context;
  const written = commandOf(context, action);
  const filters = plan.preview.startsWith(written) ? plan.preview.slice(written.length) : '';
  return {
    changes: [
      ...(automated === undefined ? [] : [policyChange(app, undefined)]),
      { object: objectName(app), field: 'history id', before, after },
      ...images,
    ],
    warnings,
    ...('refusal' in ownership && ownership.refusal !== undefined ? { refusal: ownership.refusal } : {}),
    plan: {
      ...plan,
      action: agreed,
      preview: commandOf(context, agreed) + filters,
      // What the trap warns of in general is known now.
      traps: plan.traps.filter(({ code }) => code !== 'argocd-auto-sync'),
    },
  };
}

/** `3 (abcdef1 “Release 2.41.0”)` */
async function describeEntry(
  { applications, signal }: LookContext,
  app: Application,
  entry: HistoryEntry,
): Promise<string> {
  const known = entry.source?.chart ? undefined : await applications.server?.revision(app, entry, 0, signal);
  const message = known?.ok ? oneLine(known.value.message, 60) : '';
  return `${entry.id} (${shortRevisions(entry)}${message === '' ? '' : ` “${message}”`})`;
}

/** The images that run now against those of the manifests gone back to; nothing where a server does not tell them. */
async function imageChange(
  { applications, signal }: LookContext,
  app: Application,
  entry: HistoryEntry,
): Promise<readonly Change[]> {
  const now = app.status.summary?.images ?? [];
  const [revision = '', ...more] = revisionsOf(entry);
  if (applications.server === undefined || more.length > 0 || now.length === 0 || entry.source?.chart)
    return [];
  const answer = await applications.server.manifests(app, revision, signal);
  if (!answer.ok) return [];
  const then = [...new Set(answer.value.flatMap((manifest) => imagesIn(parseJson(manifest))))];
  const gone = now.filter((image) => !then.includes(image));
  const added = then.filter((image) => !now.includes(image));
  if (gone.length === 0 && added.length === 0) return [];
  const text = (images: readonly string[]): string => [...images].sort().join(', ') || 'none';
  return [{ object: objectName(app), field: 'images', before: text(gone), after: text(added) }];
}

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** Each `image` of a container, wherever in the object containers are. */
function imagesIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(imagesIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === 'image' && typeof inner === 'string' ? [inner] : imagesIn(inner),
  );
}
