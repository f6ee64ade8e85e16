import { structuredPatch } from 'diff';
import { dump } from 'js-yaml';
import type { ArgoCdAction } from '../../core/plan/argocd/argoCdAction.ts';
import type { Application } from './application.ts';
import type { ArgoCdContext, LookContext, VerbOutcome } from './argoCdContext.ts';
import { failVerb, succeeded } from './argoCdContext.ts';
import type { ArgoCdFailure, ManagedResource } from './applications.ts';

/** What nobody wrote, or what says nothing about the difference. */
const ownMetadata = [
  'managedFields',
  'resourceVersion',
  'uid',
  'generation',
  'creationTimestamp',
  'selfLink',
];

export type AppDiff =
  | { readonly ok: true; readonly text: string; readonly objects: number }
  | { readonly ok: false; readonly why: string; readonly failure?: ArgoCdFailure };

const noServer =
  'What would be different is not known: a diff needs an Argo CD server, which renders what git wants. Set incident.argoCd.baseUrl.';

/** A readable unified diff, live against git, of each object of an app that differs. */
export async function renderAppDiff(
  { applications, signal }: LookContext,
  app: Application,
): Promise<AppDiff> {
  if (applications.server === undefined) {
    return { ok: false, why: noServer };
  }
  const answer = await applications.server.managedResources(app, signal);
  if (!answer.ok)
    return {
      ok: false,
      why: `What would be different could not be read: ${answer.failure.message}`,
      failure: answer.failure,
    };
  const parts = answer.value.flatMap((resource) => {
    const hunks = differences(resource);
    return hunks === '' ? [] : [`===== ${titleOf(resource)} =====\n${hunks}`];
  });
  return { ok: true, text: parts.join('\n'), objects: parts.length };
}

const titleOf = ({ group, kind, namespace, name, live, predicted }: ManagedResource): string => {
  const what = `${group === '' ? '' : `${group}/`}${kind} ${namespace === '' ? '' : `${namespace}/`}${name}`;
  if (live === '') return `${what} (would be made)`;
  return predicted === '' ? `${what} (not in git: deleted with --prune)` : what;
};

function differences({ live, predicted }: ManagedResource): string {
  const { hunks } = structuredPatch('', '', readable(live), readable(predicted), '', '', { context: 3 });
  return hunks
    .flatMap(({ oldStart, oldLines, newStart, newLines, lines }) => [
      `@@ -${oldStart},${oldLines} +${newStart},${newLines} @@`,
      ...lines.filter((line) => !line.startsWith('\\')),
    ])
    .join('\n');
}

function readable(json: string): string {
  if (json === '') return '';
  const object = parsed(json);
  if (object === undefined) return `${json}\n`;
  const { status: _status, metadata, ...rest } = object;
  const kept = Object.fromEntries(
    Object.entries((metadata as Record<string, unknown> | null | undefined) ?? {}).filter(
      ([key]) => !ownMetadata.includes(key),
    ),
  );
  return dump({ ...rest, metadata: kept }, { sortKeys: true, noRefs: true, lineWidth: -1 });
}

const parsed = (json: string): Record<string, unknown> | undefined => {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
};

/** `argocd app diff`. A difference is what was asked for, so it is no failure here; argocd itself exits with 1. */
export async function runDiff(
  context: ArgoCdContext,
  action: Extract<ArgoCdAction, { verb: 'diff' }>,
): Promise<VerbOutcome> {
  if (context.applications.server === undefined)
    return failVerb(context, { code: 'invalid', message: noServer });
  // Argo CD answers from its last comparison, which may be older than what somebody just did.
  const app = await context.applications.get(action.app, 'normal', context.signal);
  if (!app.ok) return failVerb(context, app.failure);
  const diff = await renderAppDiff(context, app.value);
  if (!diff.ok) return failVerb(context, diff.failure ?? { code: 'invalid', message: diff.why });
  if (diff.objects === 0) return succeeded('Nothing differs from git.');
  await context.output.write(`${diff.text}\n`);
  return succeeded(`${diff.objects} ${diff.objects === 1 ? 'object differs' : 'objects differ'} from git.`);
}
