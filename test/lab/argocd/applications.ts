import { setTimeout as wait } from 'node:timers/promises';
import { PlainFailure } from '../../../scripts/cache.mjs';
import type { LabRepository } from './repositories.ts';

export interface ArgoCdApi {
  readonly url: string;
  readonly token: string;
}

/** What of an Application the lab looks at: https://argo-cd.readthedocs.io/en/stable/user-guide/application-specification/ */
interface Application {
  readonly status?: {
    readonly sync?: { readonly status?: string };
    readonly health?: { readonly status?: string };
    readonly operationState?: {
      readonly phase?: string;
      readonly message?: string;
      readonly operation?: { readonly sync?: { readonly revision?: string } };
    };
    readonly history?: readonly object[];
  };
}

export const automated = { automated: { prune: true, selfHeal: true } };

/** The specification of an application that lives in a repository's top folder. */
export const applicationSpec = (repository: string, namespace: string, syncPolicy: object = {}) => ({
  project: 'default',
  source: { repoURL: `file://${repository}`, path: '.', targetRevision: 'main' },
  destination: { server: 'https://kubernetes.default.svc', namespace },
  syncPolicy,
});

export const applicationObject = (name: string, spec: object) => ({
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Application',
  metadata: { name, namespace: 'argocd' },
  spec,
});

/** Creates an application, puts every release of its repository live in turn, and waits until it is healthy. */
export async function createApplication(
  api: ArgoCdApi,
  name: string,
  spec: ReturnType<typeof applicationSpec>,
  { releases }: LabRepository,
): Promise<void> {
  const manual = { ...spec, syncPolicy: {} };
  await call(api, 'POST', '', { metadata: { name, namespace: 'argocd' }, spec: manual });
  for (const { revision } of releases) {
    await call(api, 'POST', `/${name}/sync`, { revision });
    await waitForApplication(api, name, `release ${revision}`, ({ status }) => {
      const state = status?.operationState;
      if (state?.operation?.sync?.revision !== revision) return false;
      if (state.phase === 'Failed' || state.phase === 'Error') {
        throw new PlainFailure(`Argo CD could not sync ${name} to ${revision}: ${state.message ?? ''}`);
      }
      return state.phase === 'Succeeded';
    });
  }
  if (spec.syncPolicy !== manual.syncPolicy) await call(api, 'PUT', `/${name}/spec`, spec);
}

/** Waits until an application is Synced and Healthy and Argo CD has written its history. */
export const waitForHealthy = (api: ArgoCdApi, name: string) =>
  waitForApplication(
    api,
    name,
    'Synced and Healthy',
    ({ status }) =>
      status?.sync?.status === 'Synced' &&
      status.health?.status === 'Healthy' &&
      (status.history ?? []).length > 0,
  );

async function waitForApplication(
  api: ArgoCdApi,
  name: string,
  what: string,
  is: (application: Application) => boolean,
): Promise<void> {
  const deadline = Date.now() + 90_000;
  let refresh = '?refresh=normal';
  for (;;) {
    const application = await call(api, 'GET', `/${name}${refresh}`).catch((error: unknown) => {
      // An application that a controller creates is not there at once: the server refuses, as if it were forbidden.
      if (Date.now() > deadline) throw error;
      return {} as Application;
    });
    if (is(application)) return;
    if (Date.now() > deadline) {
      const status = JSON.stringify(application.status ?? {}).slice(0, 2000);
      throw new PlainFailure(`Argo CD's ${name} did not become ${what} within 90 s. Its status: ${status}`);
    }
    refresh = '';
    await wait(200);
  }
}

async function call(api: ArgoCdApi, method: string, resource: string, body?: unknown): Promise<Application> {
  const response = await fetch(`${api.url}/api/v1/applications${resource}`, {
    method,
    headers: { authorization: `Bearer ${api.token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(30_000),
  });
  const text = await response.text();
  if (!response.ok) {
    throw new PlainFailure(
      `Argo CD answered ${method} applications${resource} with ${response.status}: ${text}`,
    );
  }
  return JSON.parse(text) as Application;
}
