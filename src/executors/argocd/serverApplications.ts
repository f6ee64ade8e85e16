import * as v from 'valibot';
import type { Application } from './application.ts';
import { parseApplication } from './application.ts';
import type { Applications, ArgoCdResult } from './applications.ts';
import { argoCdFailed } from './applications.ts';
import type { ArgoCdApi } from './argoCdApi.ts';

const metadataSchema = v.object({ author: v.nullish(v.string(), ''), message: v.nullish(v.string(), '') });
const managedSchema = v.object({
  items: v.nullish(
    v.array(
      v.object({
        group: v.nullish(v.string(), ''),
        kind: v.nullish(v.string(), ''),
        namespace: v.nullish(v.string(), ''),
        name: v.nullish(v.string(), ''),
        normalizedLiveState: v.nullish(v.string(), ''),
        predictedLiveState: v.nullish(v.string(), ''),
        targetState: v.nullish(v.string(), ''),
      }),
    ),
    [],
  ),
});
const manifestsSchema = v.object({ manifests: v.nullish(v.array(v.string()), []) });
const listSchema = v.object({ items: v.nullish(v.array(v.unknown()), []) });
const canSchema = v.object({ value: v.string() });

interface Name {
  readonly name: string;
  readonly appNamespace: string | undefined;
}

const nameOf = (app: string): Name => {
  const [first = '', second] = app.split('/', 2);
  return second === undefined
    ? { name: first, appNamespace: undefined }
    : { name: second, appNamespace: first };
};
const own = ({ metadata }: Application): Name => ({
  name: metadata.name,
  appNamespace: metadata.namespace || undefined,
});
const pathOf = (name: string, rest = ''): string => `/api/v1/applications/${encodeURIComponent(name)}${rest}`;

/** Apps through an Argo CD server's API: https://argo-cd.readthedocs.io/en/stable/developer-guide/api-docs/ */
export function createServerApplications(api: ArgoCdApi): Applications {
  const strange = (): { ok: false; failure: { code: 'failed'; message: string } } =>
    argoCdFailed({
      code: 'failed',
      message: `${api.baseUrl} did not answer like an Argo CD API. Check incident.argoCd.baseUrl, or a proxy on the way.`,
    }) as { ok: false; failure: { code: 'failed'; message: string } };

  async function application(request: Parameters<ArgoCdApi['json']>[0], signal: AbortSignal) {
    const answer = await api.json(request, signal);
    if (!answer.ok) return answer;
    const app = parseApplication(answer.value);
    return app === undefined ? strange() : { ok: true as const, value: app };
  }

  async function parsed<T>(
    schema: v.GenericSchema<unknown, T>,
    request: Parameters<ArgoCdApi['json']>[0],
    signal: AbortSignal,
  ): Promise<ArgoCdResult<T>> {
    const answer = await api.json(request, signal);
    if (!answer.ok) return answer;
    const read = v.safeParse(schema, answer.value);
    return read.success ? { ok: true, value: read.output } : strange();
  }

  return {
    where: api.baseUrl,

    async list({ project, selector }, signal) {
      const answer = await parsed(
        listSchema,
        { path: '/api/v1/applications', query: { projects: project, selector }, doing: 'list the apps' },
        signal,
      );
      if (!answer.ok) return answer;
      const apps = answer.value.items.map(parseApplication);
      return apps.every((app) => app !== undefined) ? { ok: true, value: apps } : strange();
    },

    get(app, refresh, signal) {
      const { name, appNamespace } = nameOf(app);
      const query = { appNamespace, refresh: refresh === 'none' ? undefined : refresh };
      return application({ path: pathOf(name), query, doing: `read ${app}` }, signal);
    },

    setAutomatedSync(app, automated, signal) {
      // `enabled: false` is the other way to turn it off: it must not survive being turned on.
      const value = automated === undefined ? null : { ...automated, enabled: null };
      const patch = JSON.stringify({ spec: { syncPolicy: { automated: value } } });
      const { name, appNamespace } = own(app);
      return application(
        {
          method: 'PATCH',
          path: pathOf(name),
          body: { name, appNamespace, patch, patchType: 'merge' },
          doing: `turn auto-sync ${automated === undefined ? 'off' : 'on'} for ${name}`,
        },
        signal,
      );
    },

    rollback(app, entry, prune, signal) {
      const { name, appNamespace } = own(app);
      return application(
        {
          method: 'POST',
          path: pathOf(name, '/rollback'),
          body: { name, appNamespace, id: entry.id, prune },
          doing: `roll ${name} back`,
        },
        signal,
      );
    },

    sync(app, { revision, prune, dryRun }, signal) {
      const { name, appNamespace } = own(app);
      return application(
        {
          method: 'POST',
          path: pathOf(name, '/sync'),
          body: { name, appNamespace, revision, prune, dryRun, strategy: { hook: {} } },
          doing: `sync ${name}`,
        },
        signal,
      );
    },

    applicationSet: (name, namespace, signal) =>
      api.json(
        {
          path: `/api/v1/applicationsets/${encodeURIComponent(name)}`,
          query: { appsetNamespace: namespace },
          doing: `read the ApplicationSet ${name}`,
        },
        signal,
      ),

    async mayDo(action, app, signal) {
      const { metadata, spec } = app;
      // The subresource is the RBAC name: `project/app`, which the path takes with its slash.
      const object = [spec.project || 'default', metadata.name].map(encodeURIComponent).join('/');
      const answer = await parsed(
        canSchema,
        {
          path: `/api/v1/account/can-i/applications/${action}/${object}`,
          doing: 'ask for your permissions',
        },
        signal,
      );
      return answer.ok ? answer.value.value === 'yes' : undefined;
    },

    server: {
      page: ({ metadata }) =>
        `${api.baseUrl}/applications/${metadata.namespace === '' ? '' : `${metadata.namespace}/`}${metadata.name}`,

      revision(app, entry, source, signal) {
        const { name, appNamespace } = own(app);
        const several = entry.sources && entry.sources.length > 0;
        const revision = several ? (entry.revisions?.[source] ?? '') : entry.revision;
        return parsed(
          metadataSchema,
          {
            path: pathOf(name, `/revisions/${encodeURIComponent(revision)}/metadata`),
            query: {
              appNamespace,
              ...(several ? { sourceIndex: String(source), versionId: String(entry.id) } : {}),
            },
            doing: `read revision ${revision}`,
          },
          signal,
        );
      },

      async managedResources(app, signal) {
        const { name, appNamespace } = own(app);
        const answer = await parsed(
          managedSchema,
          {
            path: pathOf(name, '/managed-resources'),
            query: { appNamespace },
            doing: `compare ${name} with git`,
          },
          signal,
        );
        if (!answer.ok) return answer;
        const present = (state: string): string => (state === 'null' ? '' : state);
        const value = answer.value.items.map((item) => ({
          group: item.group,
          kind: item.kind,
          namespace: item.namespace,
          name: item.name,
          live: present(item.normalizedLiveState),
          // Without a live object there is no prediction: what git wants is what would be made.
          predicted:
            present(item.targetState) === '' ? '' : present(item.predictedLiveState) || item.targetState,
        }));
        return { ok: true, value };
      },

      async manifests(app, revision, signal) {
        const { name, appNamespace } = own(app);
        const answer = await parsed(
          manifestsSchema,
          {
            path: pathOf(name, '/manifests'),
            query: { appNamespace, revision },
            doing: `read revision ${revision}`,
          },
          signal,
        );
        return answer.ok ? { ok: true, value: answer.value.manifests } : answer;
      },
    },
  };
}
