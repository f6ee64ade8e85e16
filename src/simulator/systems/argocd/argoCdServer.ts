import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { Application, Release, SyncOperation } from '../../state/applications.ts';
import { deploymentOf, isAutomated, releaseOf } from '../../state/applications.ts';
import type { KubeObject, Workload } from '../../state/objects.ts';
import { timestamp } from '../../state/objects.ts';
import { reconcile } from '../../state/tick.ts';
import type { World } from '../../state/world.ts';
import type { Json } from '../kubernetes/patch.ts';
import { mergePatch } from '../kubernetes/patch.ts';
import { parseLabelSelector } from '../kubernetes/selectors.ts';
import { Refusal, replyJson, replyRefusal } from './gatewayReply.ts';

/** The accounts of the simulated Argo CD: plainly no real tokens. */
export const argoCdTokens = {
  /** May do everything with apps. */
  responder: 'simulated-argocd-responder',
  /** May only look. */
  reader: 'simulated-argocd-reader',
} as const;
type Account = keyof typeof argoCdTokens;

export interface ArgoCdServerDeps {
  /** The world, brought to the present time. */
  readonly world: () => World;
  readonly onRequest: (method: string, path: string) => void;
}

const ownNamespace = 'argocd';
const denied = (): Refusal => new Refusal(7, 'permission denied');

interface Asked {
  readonly world: World;
  readonly account: Account;
  readonly query: URLSearchParams;
  readonly body: Readonly<Record<string, unknown>>;
}

/** The API of the simulated Argo CD: https://argo-cd.readthedocs.io/en/stable/developer-guide/api-docs/ */
export const createArgoCdServer = ({ world, onRequest }: ArgoCdServerDeps): Server =>
  createServer((request, response) => {
    answer(world, onRequest, request, response).catch((thrown: unknown) => {
      if (response.headersSent) return void response.destroy();
      replyRefusal(response, thrown instanceof Refusal ? thrown : new Refusal(2, String(thrown)));
    });
  });

async function answer(
  present: () => World,
  onRequest: ArgoCdServerDeps['onRequest'],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://simulated');
  const method = request.method ?? 'GET';
  onRequest(method, `${url.pathname}${url.search}`);
  const parts: Buffer[] = [];
  for await (const part of request as AsyncIterable<Buffer>) parts.push(part);
  if (method !== 'GET' && !request.headers['content-type']?.startsWith('application/json')) {
    response.writeHead(415, { 'content-type': 'text/plain; charset=utf-8' });
    return void response.end('Invalid content type\n');
  }
  if (url.pathname === '/api/version') return replyJson(response, 200, { Version: 'v3.2.11+simulated' });
  if (!url.pathname.startsWith('/api/v1/')) {
    response.writeHead(200, { 'content-type': 'text/html' });
    return void response.end('<!doctype html><title>Argo CD</title>');
  }
  const account = accountOf(request.headers.authorization);
  const path = url.pathname.slice('/api/v1/'.length).split('/').map(decodeURIComponent);
  const asked: Asked = { world: present(), account, query: url.searchParams, body: parseBody(parts) };
  replyJson(response, 200, route(method, path, asked));
}

function accountOf(authorization: string | undefined): Account {
  if (authorization === undefined) throw new Refusal(16, 'no session information');
  const token = authorization.replace(/^Bearer /, '');
  const found = (Object.keys(argoCdTokens) as Account[]).find((name) => argoCdTokens[name] === token);
  if (found === undefined) throw new Refusal(16, 'no session information');
  return found;
}

function parseBody(parts: readonly Buffer[]): Record<string, unknown> {
  const text = Buffer.concat(parts).toString('utf8');
  if (text === '') return {};
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch (thrown) {
    throw new Refusal(3, thrown instanceof Error ? thrown.message : String(thrown));
  }
}

function route(method: string, path: readonly string[], asked: Asked): unknown {
  const [collection, name, verb, ...rest] = path;
  if (collection === 'session' && name === 'userinfo')
    return { loggedIn: true, username: asked.account, iss: 'argocd' };
  if (collection === 'account' && name === 'can-i' && verb === 'applications') {
    const may = asked.account === 'responder' || rest[0] === 'get';
    return { value: may ? 'yes' : 'no' };
  }
  if (collection === 'applicationsets' && name !== undefined && method === 'GET')
    return applicationSet(name, asked);
  if (collection !== 'applications') throw new Refusal(5, 'Not Found');
  if (name === undefined && method === 'GET') return list(asked);
  if (name === undefined) throw new Refusal(12, 'Method Not Allowed');
  const app = find(name, asked);
  switch (`${method} ${verb ?? ''}`) {
    case 'GET ':
      return refreshed(app, asked);
    case 'PATCH ':
      return patch(app, asked);
    case 'POST rollback':
      return rollback(app, asked);
    case 'POST sync':
      return sync(app, asked);
    case 'GET revisions':
      return revisionMetadata(app, rest[0] ?? '', asked);
    case 'GET managed-resources':
      return { items: managedResources(app, asked.world) };
    case 'GET manifests':
      return manifests(app, asked);
    default:
      throw new Refusal(12, 'Method Not Allowed');
  }
}

function list({ world, query }: Asked): unknown {
  const selector = parseLabelSelector(query.get('selector') ?? '');
  if (!selector.ok) throw new Refusal(2, `error parsing the selector: ${selector.status.message ?? ''}`);
  const projects = query.getAll('projects');
  const items = world.store
    .list('applications')
    .filter((app) => selector.value(app))
    .filter((app) => projects.length === 0 || projects.includes(app.spec.project));
  return { metadata: { resourceVersion: String(world.store.version()) }, items: items.map(bare) };
}

/** Argo CD's API leaves kind and version of its objects out. */
const bare = ({ kind: _kind, apiVersion: _version, ...rest }: KubeObject): object => rest;

/** An app that is not there is denied, so that nobody learns its name. */
function find(name: string, { world, query, body }: Asked): Application {
  const namespace = query.get('appNamespace') ?? body['appNamespace'] ?? ownNamespace;
  const app = world.store.get('applications', String(namespace), name);
  if (app === undefined) throw denied();
  return app;
}

function applicationSet(name: string, { world, query }: Asked): unknown {
  const set = world.store.get('applicationsets', query.get('appsetNamespace') || ownNamespace, name);
  if (set === undefined)
    throw new Refusal(5, `error getting ApplicationSet: applicationsets.argoproj.io "${name}" not found`);
  return bare(set);
}

const mayChange = ({ account }: Asked): void => {
  if (account !== 'responder') throw denied();
};

function refreshed(app: Application, { world, query }: Asked): unknown {
  if (query.has('refresh')) {
    world.store.update('applications', app, (draft) => {
      draft.status.reconciledAt = timestamp(world.now);
    });
  }
  return bare(now(world, app));
}

const now = (world: World, { metadata }: Application): Application => {
  reconcile(world);
  const app = world.store.get('applications', metadata.namespace, metadata.name);
  if (app === undefined) throw denied();
  return app;
};

function patch(app: Application, asked: Asked): unknown {
  mayChange(asked);
  const { world, body } = asked;
  if (body['patchType'] !== 'merge')
    throw new Refusal(3, `Patch type '${String(body['patchType'])}' is not supported`);
  const merged = mergePatch(app as unknown as Json, JSON.parse(String(body['patch'])) as Json);
  const stored = world.store.update('applications', app, (draft) => {
    draft.spec = (merged as unknown as Application).spec;
    if (draft.spec.syncPolicy && Object.keys(draft.spec.syncPolicy).length === 0)
      delete draft.spec.syncPolicy;
    draft.metadata.generation = (draft.metadata.generation ?? 1) + 1;
  });
  // Who waits for the controllers asks again: the answer is what this request stored.
  return bare(stored);
}

function setOperation({ world }: Asked, app: Application, operation: SyncOperation): unknown {
  if (app.operation !== undefined) throw new Refusal(9, 'another operation is already in progress');
  const stored = world.store.update('applications', app, (draft) => {
    draft.operation = operation;
    delete draft.status.operationState;
  });
  return bare(stored);
}

function rollback(app: Application, asked: Asked): unknown {
  mayChange(asked);
  if (isAutomated(app)) throw new Refusal(9, 'rollback cannot be initiated when auto-sync is enabled');
  const { id, prune, dryRun } = asked.body;
  const entry = app.status.history?.find((one) => one.id === id);
  if (entry === undefined)
    throw new Refusal(
      3,
      `application ${app.metadata.namespace}/${app.metadata.name} does not have deployment with id ${String(id)}`,
    );
  return setOperation(asked, app, {
    initiatedBy: { username: asked.account },
    sync: {
      revision: entry.revision,
      source: entry.source,
      prune: prune === true,
      dryRun: dryRun === true,
      syncStrategy: { apply: {} },
    },
  });
}

function sync(app: Application, asked: Asked): unknown {
  mayChange(asked);
  const { revision, prune, dryRun } = asked.body;
  const wanted = typeof revision === 'string' ? revision : undefined;
  const release = releaseOf(asked.world, app, wanted);
  const { targetRevision } = app.spec.source;
  if (isAutomated(app) && dryRun !== true && wanted !== undefined && wanted !== targetRevision)
    throw new Refusal(
      9,
      `Cannot sync to ${/^[0-9a-f]{40}$/.test(wanted) ? wanted.slice(0, 7) : wanted}: auto-sync currently set to ${targetRevision}`,
    );
  if (release === undefined) throw unresolved(9, wanted ?? '');
  return setOperation(asked, app, {
    initiatedBy: { username: asked.account },
    sync: {
      revision: release.revision,
      source: app.spec.source,
      prune: prune === true,
      dryRun: dryRun === true,
      syncStrategy: { hook: {} },
    },
  });
}

const unresolved = (code: 2 | 9, revision: string): Refusal =>
  new Refusal(
    code,
    `error resolving repo revision: rpc error: code = Unknown desc = unable to resolve '${revision}' to a commit SHA`,
  );

function revisionMetadata(app: Application, revision: string, { world }: Asked): unknown {
  const release = releaseOf(world, app, revision);
  if (release === undefined) throw unresolved(2, revision);
  return { author: release.author, date: timestamp(release.committedAt), message: release.message };
}

/** The Deployment as git has it in a release. */
const wantedOf = (deployment: Workload, { image, replicas }: Release): Workload => {
  const copy = structuredClone(deployment);
  const [container] = copy.spec.template.spec.containers;
  if (container) container.image = image;
  if (replicas !== undefined) copy.spec.replicas = replicas;
  return copy;
};

function managedResources(app: Application, world: World): object[] {
  const deployment = deploymentOf(world, app);
  const release = releaseOf(world, app, undefined);
  if (deployment === undefined || release === undefined) return [];
  const live = JSON.stringify(deployment);
  const wanted = JSON.stringify(wantedOf(deployment, release));
  const { name, namespace } = deployment.metadata;
  return [
    {
      group: 'apps',
      kind: 'Deployment',
      namespace,
      name,
      targetState: wanted,
      liveState: live,
      normalizedLiveState: live,
      predictedLiveState: wanted,
    },
  ];
}

function manifests(app: Application, { world, query }: Asked): unknown {
  const revision = query.get('revision') ?? undefined;
  const release = releaseOf(world, app, revision);
  if (release === undefined) throw unresolved(2, revision ?? '');
  const deployment = deploymentOf(world, app);
  return {
    manifests: deployment ? [JSON.stringify(wantedOf(deployment, release))] : [],
    revision: release.revision,
    sourceType: 'Directory',
  };
}
