import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { KubernetesAction } from '../../../../src/core/plan/kubectl/kubernetesAction.ts';
import type { KubernetesPlan } from '../../../../src/core/plan/plan.ts';

export interface ContextEntry {
  readonly name: string;
  readonly server: string;
  readonly namespace?: string;
  /** Fields of the cluster entry besides its server. */
  readonly cluster?: Readonly<Record<string, unknown>>;
  readonly user?: Readonly<Record<string, unknown>>;
}

/** Writes a kubeconfig with these contexts and gives its path. */
export function writeKubeconfig(
  folder: string,
  contexts: readonly ContextEntry[],
  current?: string,
  file = 'config',
): string {
  const path = join(folder, file);
  const document = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': current,
    contexts: contexts.map(({ name, namespace }) => ({
      name,
      context: { cluster: name, user: name, namespace },
    })),
    clusters: contexts.map(({ name, server, cluster }) => ({ name, cluster: { server, ...cluster } })),
    users: contexts.map(({ name, user }) => ({ name, user: user ?? {} })),
  };
  writeFileSync(path, JSON.stringify(document));
  return path;
}

export const kubernetesPlan = (
  action: KubernetesAction,
  parts: Partial<KubernetesPlan> = {},
): KubernetesPlan => ({
  kind: 'kubernetes',
  stepId: 'step',
  original: 'kubectl',
  preview: 'kubectl',
  risk: 'read',
  target: { context: 'prod', namespace: 'production' },
  missing: [],
  traps: [],
  timeoutMs: undefined,
  filters: [],
  action,
  ...parts,
});

type Of<V extends KubernetesAction['verb']> = Extract<KubernetesAction, { verb: V }>;

export const get = (kinds: readonly string[], parts: Partial<Of<'get'>> = {}): Of<'get'> => ({
  verb: 'get',
  kinds,
  names: [],
  selector: undefined,
  allNamespaces: false,
  output: 'table',
  noHeaders: false,
  ...parts,
});

export const describeObjects = (kinds: readonly string[], names: readonly string[] = []): Of<'describe'> => ({
  verb: 'describe',
  kinds,
  names,
  selector: undefined,
  allNamespaces: false,
});

export const logs = (parts: Partial<Of<'logs'>>): Of<'logs'> => ({
  verb: 'logs',
  resource: undefined,
  selector: undefined,
  container: undefined,
  allContainers: false,
  sinceSeconds: undefined,
  tailLines: undefined,
  previous: false,
  follow: false,
  timestamps: false,
  prefix: false,
  ...parts,
});

export const scale = (name: string, replicas: number, parts: Partial<Of<'scale'>> = {}): Of<'scale'> => ({
  verb: 'scale',
  resource: { kind: 'deployment', name },
  replicas,
  currentReplicas: undefined,
  dryRun: false,
  ...parts,
});

export const patch = (
  kind: string,
  name: string,
  text: string,
  parts: Partial<Of<'patch'>> = {},
): Of<'patch'> => ({
  verb: 'patch',
  resource: { kind, name },
  patch: text,
  patchType: 'strategic',
  dryRun: false,
  ...parts,
});

export const rollout = (
  sub: Of<'rollout'>['sub'],
  name: string,
  parts: Partial<Of<'rollout'>> = {},
): Of<'rollout'> => ({
  verb: 'rollout',
  sub,
  resource: { kind: 'deployment', name },
  toRevision: undefined,
  dryRun: false,
  ...parts,
});

export const exec = (pod: string, command: readonly string[]): Of<'exec'> => ({
  verb: 'exec',
  pod,
  container: undefined,
  command,
});

export const apply = (files: readonly string[], parts: Partial<Of<'apply'>> = {}): Of<'apply'> => ({
  verb: 'apply',
  files,
  recursive: false,
  serverSide: false,
  forceConflicts: false,
  dryRun: false,
  ...parts,
});

export const deleteObjects = (parts: Partial<Of<'delete'>>): Of<'delete'> => ({
  verb: 'delete',
  kinds: [],
  names: [],
  selector: undefined,
  files: [],
  recursive: false,
  all: false,
  gracePeriodSeconds: undefined,
  force: false,
  wait: true,
  cascade: 'background',
  ignoreNotFound: false,
  dryRun: false,
  ...parts,
});

/** A few canned answers of an API server, by path and query; what is not there is a NotFound Status. */
export interface FakeApi {
  readonly url: string;
  readonly server: Server;
  readonly requests: {
    readonly method: string;
    readonly path: string;
    readonly headers: IncomingMessage['headers'];
    readonly body: string;
  }[];
  answer: (path: string, request: IncomingMessage, response: ServerResponse) => unknown;
  dispose(): void;
}

/** A JSON value is sent as it is, `undefined` means the answer function has answered by itself. */
export async function startFakeApi(): Promise<FakeApi> {
  const requests: { method: string; path: string; headers: IncomingMessage['headers']; body: string }[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += String(chunk)));
    request.on('end', () => {
      const path = request.url ?? '';
      requests.push({ method: request.method ?? '', path, headers: request.headers, body });
      const value = api.answer(path, request, response);
      if (value === undefined) return;
      const code =
        (value as { kind?: string; code?: number }).kind === 'Status'
          ? (value as { code: number }).code
          : 200;
      response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const api: FakeApi = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    server,
    requests,
    answer: (path) => status(404, 'NotFound', `the server could not find ${path}`),
    dispose() {
      server.close();
      server.closeAllConnections();
    },
  };
  return api;
}

export const status = (code: number, reason: string, message: string) => ({
  kind: 'Status',
  apiVersion: 'v1',
  status: 'Failure',
  reason,
  message,
  code,
});

export const pod = (name: string, containers: readonly string[] = ['app']) => ({
  metadata: { name, namespace: 'production', labels: { app: 'pay' } },
  spec: { containers: containers.map((container) => ({ name: container })) },
  status: { phase: 'Running' },
});

export const podList = (...names: readonly string[]) => ({
  kind: 'PodList',
  apiVersion: 'v1',
  metadata: {},
  items: names.map((name) => pod(name)),
});
