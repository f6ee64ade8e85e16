import * as v from 'valibot';
import type { Application } from './application.ts';
import { automatedSync } from './application.ts';
import type { ArgoCdFailure } from './applications.ts';
import type { LookContext } from './argoCdContext.ts';

/** Who would put an app's sync policy back: as a warning, or as a refusal where it certainly would be. */
export interface Ownership {
  readonly warnings: readonly string[];
  readonly refusal?: string;
}

const pointers = v.nullish(v.array(v.string()), []);
const applicationSetSchema = v.looseObject({
  spec: v.looseObject({
    syncPolicy: v.nullish(v.looseObject({ applicationsSync: v.nullish(v.string(), '') })),
    ignoreApplicationDifferences: v.nullish(
      v.array(
        v.looseObject({
          name: v.nullish(v.string(), ''),
          jsonPointers: pointers,
          jqPathExpressions: pointers,
        }),
      ),
      [],
    ),
    template: v.looseObject({
      spec: v.looseObject({
        syncPolicy: v.nullish(v.looseObject({ automated: v.nullish(v.looseObject({})) })),
      }),
    }),
    templatePatch: v.nullish(v.string(), ''),
  }),
});

const coversSyncPolicy = (paths: readonly string[]): boolean =>
  paths.some((path) => /^[/.]spec(?:[/.]syncPolicy(?:[/.]automated)?)?$/.test(path));

/**
 * Looks whether an ApplicationSet or a parent app (app of apps) owns this app and would put its sync policy back once
 * automated sync is turned `on` or off.
 */
export async function findOwnership(context: LookContext, app: Application, on: boolean): Promise<Ownership> {
  const set = app.metadata.ownerReferences.find(({ kind }) => kind === 'ApplicationSet');
  if (set) return ownedBySet(context, app, set.name, on);
  const parent = parentOf(app);
  return parent === undefined ? { warnings: [] } : ownedByApp(context, app, parent, on);
}

const turned = (on: boolean): string => `turn auto-sync ${on ? 'off' : 'on'} again`;
const consequence = (on: boolean): string => (on ? '' : ' and so undo the rollback');

const unread = ({ status, message }: ArgoCdFailure): string =>
  status === 403 ? ' (your account may not read it)' : ` (it could not be read: ${message})`;

async function ownedBySet(
  { applications, signal }: LookContext,
  app: Application,
  set: string,
  on: boolean,
): Promise<Ownership> {
  const { name, namespace } = app.metadata;
  const owned = `${name} is made by the ApplicationSet ${set}`;
  const answer = await applications.applicationSet(set, namespace, signal);
  const parsed = answer.ok ? v.safeParse(applicationSetSchema, answer.value) : undefined;
  if (!parsed?.success) {
    const why = answer.ok ? '' : unread(answer.failure);
    return { warnings: [`${owned}, which may ${turned(on)}${consequence(on)}${why}.`] };
  }
  const { syncPolicy, ignoreApplicationDifferences, template, templatePatch } = parsed.output.spec;
  const wantsOn = Boolean(template.spec.syncPolicy?.automated);
  const leaves =
    ['create-only', 'create-delete'].includes(syncPolicy?.applicationsSync ?? '') ||
    ignoreApplicationDifferences
      .filter((rule) => rule.name === '' || rule.name === name)
      .some((rule) => coversSyncPolicy([...rule.jsonPointers, ...rule.jqPathExpressions])) ||
    (wantsOn === on && templatePatch === '');
  if (leaves) return { warnings: [] };
  if (templatePatch !== '' && wantsOn === on)
    return { warnings: [`${owned}, whose templatePatch may ${turned(on)}${consequence(on)}.`] };
  return {
    warnings: [],
    refusal: `${owned}, which would ${turned(on)} at once${consequence(on)}. Change its template first, or let it ignore /spec/syncPolicy (ignoreApplicationDifferences).`,
  };
}

/** The app that applied this one: by its tracking annotation, else by the instance label. */
function parentOf({ metadata }: Application): string | undefined {
  const tracking = metadata.annotations['argocd.argoproj.io/tracking-id'];
  const [, tracked] = /^([^:]+):argoproj\.io\/Application:/.exec(tracking ?? '') ?? [];
  const instance = tracked ?? metadata.labels['app.kubernetes.io/instance'];
  if (instance === undefined || instance === '' || instance === metadata.name) return undefined;
  // An app outside Argo CD's own namespace is tracked as `namespace_name`.
  return instance.replace('_', '/');
}

async function ownedByApp(
  { applications, signal }: LookContext,
  app: Application,
  parent: string,
  on: boolean,
): Promise<Ownership> {
  const owned = `${app.metadata.name} belongs to the app ${parent} (app of apps)`;
  const answer = await applications.get(parent, 'none', signal);
  if (!answer.ok) {
    // The instance label is used by others too: only Argo CD's own annotation proves that there is a parent.
    if (app.metadata.annotations['argocd.argoproj.io/tracking-id'] === undefined) return { warnings: [] };
    return {
      warnings: [`${owned}, which may ${turned(on)}${consequence(on)}${unread(answer.failure)}.`],
    };
  }
  const automated = automatedSync(answer.value);
  const ignored = answer.value.spec.ignoreDifferences.some(
    (rule) => rule.kind === 'Application' && coversSyncPolicy(rule.jsonPointers),
  );
  if (automated?.selfHeal && !ignored) {
    return {
      warnings: [],
      refusal: `${owned}, which heals itself and would ${turned(on)} within seconds${consequence(on)}. Turn auto-sync of ${parent} off first, or change the setting in git.`,
    };
  }
  const when = automated ? 'with the next change in git' : 'when it is synced';
  return { warnings: [`${owned}: ${when} it would ${turned(on)}${consequence(on)}.`] };
}
