import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Kinds, KubeObject, Pod, ResourceName, Workload } from '../../state/objects.ts';
import { groupVersion } from '../../state/resources.ts';
import type { World } from '../../state/world.ts';
import { refuseCaller } from './callers.ts';
import { applyObject, createObject } from './create.ts';
import { getDiscovery } from './discovery.ts';
import { getMetrics } from './metrics.ts';
import { openApiV2Type, renderOpenApiGroup, renderOpenApiIndex, renderOpenApiV2 } from './openapi.ts';
import { createExecEndpoint, parseExec, refuseUpgrade } from './podExec.ts';
import { replyLogs } from './podLogs.ts';
import { replyJson, replyStatus } from './reply.ts';
import type { ObjectPath } from './requestPath.ts';
import { parseRequestPath } from './requestPath.ts';
import { renderReview } from './reviews.ts';
import type { Matcher } from './selectors.ts';
import { parseFieldSelector, parseLabelSelector } from './selectors.ts';
import type { Outcome } from './status.ts';
import {
  badRequest,
  done,
  internalError,
  methodNotAllowed,
  notFound,
  refused,
  unsupportedMediaType,
} from './status.ts';
import type { IncludeObject } from './table.ts';
import { renderTable, wantsTable } from './table.ts';
import { runWatch } from './watch.ts';
import { deleteObject, patchObject, putObject, renderScale } from './write.ts';

export interface ApiServerDeps {
  /** The world, brought to the present time. */
  readonly world: () => World;
  /** Tells when time has gone on; the answer ends the subscription. */
  readonly onTick: (listener: () => void) => () => void;
  readonly onRequest: (method: string, path: string) => void;
}

const bodyLimitBytes = 3 * 1024 * 1024;

async function readBody(request: IncomingMessage): Promise<Outcome<string>> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > bodyLimitBytes) return refused(badRequest('Request entity too large: limit is 3145728'));
    parts.push(part);
  }
  return done(Buffer.concat(parts).toString('utf8'));
}

function parseSelection(path: ObjectPath, query: URLSearchParams): Outcome<Matcher> {
  const labels = parseLabelSelector(query.get('labelSelector') ?? '');
  if (!labels.ok) return labels;
  const fields = parseFieldSelector(path.resource.name, query.get('fieldSelector') ?? '');
  if (!fields.ok) return fields;
  return done((object) => labels.value(object) && fields.value(object));
}

const include = (query: URLSearchParams): IncludeObject => {
  const asked = query.get('includeObject');
  return asked === 'None' || asked === 'Object' ? asked : 'Metadata';
};

/** The Kubernetes API of the simulated production, over plain HTTP and without authentication. */
export function createApiServer({ world: present, onTick, onRequest }: ApiServerDeps): {
  server: Server;
  dispose: () => void;
} {
  const exec = createExecEndpoint();
  const streams = new Set<{ end: () => void }>();
  const keep = (response: ServerResponse, stream: { end: () => void }): void => {
    streams.add(stream);
    response.on('close', () => streams.delete(stream));
  };

  function list(
    path: ObjectPath,
    query: URLSearchParams,
    request: IncomingMessage,
    response: ServerResponse,
  ): void {
    const selection = parseSelection(path, query);
    if (!selection.ok) return replyStatus(response, selection.status);
    const world = present();
    const { resource, namespace } = path;
    const matches: Matcher = (object) =>
      selection.value(object) && (path.name === undefined || object.metadata.name === path.name);
    const asTable = wantsTable(request.headers.accept);
    const table = (objects: readonly KubeObject[], withoutColumns = false): unknown =>
      renderTable(resource.name, objects as Kinds[ResourceName][] as never, {
        nowMs: world.now, // not present(): a watch is told of changes while time is moving
        version: world.store.version(),
        include: include(query),
        withoutColumns,
      });
    if (['true', '1'].includes(query.get('watch') ?? '')) {
      const render = (object: KubeObject, first: boolean): unknown =>
        asTable ? table([object], !first) : object;
      keep(response, runWatch(world, resource.name, response, { namespace, matches, query, render }));
      return;
    }
    const found = world.store.list(resource.name, namespace).filter(matches);
    if (asTable) return replyJson(response, 200, table(found));
    replyJson(response, 200, {
      kind: `${resource.kind}List`,
      apiVersion: groupVersion(resource),
      metadata: { resourceVersion: String(world.store.version()) },
      items: found.map(({ kind: _kind, apiVersion: _version, ...item }) => item),
    });
  }

  function get(
    path: ObjectPath,
    query: URLSearchParams,
    request: IncomingMessage,
    response: ServerResponse,
  ): void {
    const world = present();
    const { resource, namespace, name = '', subresource } = path;
    const object = world.store.get(resource.name, namespace, name);
    if (object === undefined) return replyStatus(response, notFound(resource, name));
    if (subresource === 'log') {
      const answered = replyLogs(world, object as Pod, query, response, onTick);
      return answered.ok ? keep(response, answered.value) : replyStatus(response, answered.status);
    }
    if (subresource === 'exec') {
      return replyStatus(
        response,
        badRequest('Upgrade request required: exec speaks WebSocket (v4 or v5.channel.k8s.io)'),
      );
    }
    if (subresource === 'scale') return replyJson(response, 200, renderScale(object as Workload));
    if (!wantsTable(request.headers.accept)) return replyJson(response, 200, object);
    const options = {
      nowMs: world.now,
      version: Number(object.metadata.resourceVersion),
      include: include(query),
    };
    replyJson(response, 200, renderTable(resource.name, [object] as never, options));
  }

  async function write(
    path: ObjectPath,
    query: URLSearchParams,
    request: IncomingMessage,
    response: ServerResponse,
  ) {
    const { resource, namespace, name, subresource } = path;
    const making = request.method === 'POST' && name === undefined;
    const verb = making
      ? 'create'
      : { PUT: 'update', PATCH: 'patch', DELETE: 'delete' }[request.method ?? ''];
    if (verb === undefined || (name === undefined && !making) || !resource.verbs.includes(verb)) {
      if (subresource === 'exec') {
        const why =
          'the simulated production runs commands over WebSocket only (kubectl 1.30 or newer), not over SPDY';
        return replyStatus(response, badRequest(why));
      }
      return replyStatus(response, methodNotAllowed());
    }
    const refusal = refuseCaller(request, resource, verb, path);
    if (refusal !== undefined) return replyStatus(response, refusal);
    const isProtobuf = request.headers['content-type']?.includes('protobuf') === true;
    // kubectl makes objects in protobuf, which cannot be read here: it is told so in the words it knows.
    if (isProtobuf && verb !== 'delete') {
      return replyStatus(response, making ? methodNotAllowed() : unsupportedMediaType());
    }
    const body = await readBody(request);
    if (!body.ok) return replyStatus(response, body.status);
    const world = present();
    const object = name === undefined ? undefined : world.store.get(resource.name, namespace, name);
    const applying = request.headers['content-type']?.startsWith('application/apply-patch') === true;
    if (object === undefined && name !== undefined && !applying)
      return replyStatus(response, notFound(resource, name));
    const asked = query.getAll('dryRun');
    const unknown = asked.find((value) => value !== 'All');
    if (unknown !== undefined) {
      const what = `dryRun: Unsupported value: ${JSON.stringify(unknown)}: supported values: "All"`;
      return replyStatus(response, badRequest(`${request.method ?? ''} options are invalid: ${what}`));
    }
    const dryRun = asked.length > 0;
    if (name === undefined || object === undefined || applying) {
      const made =
        name === undefined
          ? createObject(world, { resource, namespace }, body.value, dryRun)
          : applyObject(world, { resource, namespace, name }, object, body.value, {
              manager: query.get('fieldManager'),
              dryRun,
            });
      const code = object === undefined ? 201 : 200;
      return made.ok ? replyJson(response, code, made.value) : replyStatus(response, made.status);
    }
    const target = { resource, object, subresource, dryRun };
    const result =
      verb === 'delete'
        ? deleteObject(world, target, isProtobuf ? '' : body.value, query)
        : verb === 'patch'
          ? patchObject(world, target, request.headers['content-type'] ?? '', body.value)
          : putObject(world, target, body.value);
    return result.ok ? replyJson(response, 200, result.value) : replyStatus(response, result.status);
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://simulated');
    const method = request.method ?? 'GET';
    onRequest(method, `${url.pathname}${url.search}`);
    const discovery = method === 'GET' ? getDiscovery(url.pathname.replace(/\/$/, '')) : undefined;
    if (discovery !== undefined) return replyJson(response, 200, discovery);
    if (['/healthz', '/livez', '/readyz'].includes(url.pathname)) return void response.end('ok');
    if (url.pathname === '/openapi/v3') return replyJson(response, 200, renderOpenApiIndex());
    if (url.pathname.startsWith('/openapi/v3/')) {
      const group = renderOpenApiGroup(url.pathname.slice('/openapi/v3/'.length));
      if (group !== undefined) return replyJson(response, 200, group);
    }
    if (url.pathname === '/openapi/v2') {
      response.writeHead(200, { 'content-type': openApiV2Type });
      return void response.end(renderOpenApiV2());
    }
    if (method === 'POST' && url.pathname.startsWith('/apis/authorization.k8s.io/v1/')) {
      const body = await readBody(request);
      if (!body.ok) return replyStatus(response, body.status);
      const review = renderReview(url.pathname, body.value, request);
      if (review !== undefined) return replyJson(response, 201, review);
    }
    const metrics = method === 'GET' ? getMetrics(present(), url.pathname, url.searchParams) : undefined;
    if (metrics !== undefined)
      return metrics.ok ? replyJson(response, 200, metrics.value) : replyStatus(response, metrics.status);
    const path = parseRequestPath(url.pathname);
    if (path === undefined) {
      response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' });
      return void response.end('404 page not found\n');
    }
    if (method !== 'GET') return write(path, url.searchParams, request, response);
    const watching = ['true', '1'].includes(url.searchParams.get('watch') ?? '');
    if (path.name === undefined || (watching && path.subresource === undefined)) {
      return list(path, url.searchParams, request, response);
    }
    return get(path, url.searchParams, request, response);
  }

  function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy());
    const url = new URL(request.url ?? '/', 'http://simulated');
    onRequest(request.method ?? 'GET', `${url.pathname}${url.search}`);
    const path = parseRequestPath(url.pathname);
    if (path?.subresource !== 'exec' || request.headers.upgrade?.toLowerCase() !== 'websocket') {
      const why =
        'the simulated production runs commands over WebSocket only (kubectl 1.30 or newer), not over SPDY';
      return refuseUpgrade(socket, badRequest(why));
    }
    const refusal = refuseCaller(request, path.resource, 'create', path);
    if (refusal !== undefined) return refuseUpgrade(socket, refusal);
    const world = present();
    const pod = world.store.get('pods', path.namespace, path.name ?? '');
    if (pod === undefined) return refuseUpgrade(socket, notFound(path.resource, path.name ?? ''));
    const parsed = parseExec(pod, url.searchParams);
    if (!parsed.ok) return refuseUpgrade(socket, parsed.status);
    exec.upgrade(world, parsed.value, request, socket, head);
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((thrown: unknown) => {
      const why = thrown instanceof Error ? thrown.message : String(thrown);
      replyStatus(response, internalError(why));
    });
  });
  server.on('upgrade', upgrade);
  return {
    server,
    dispose: () => {
      for (const stream of [...streams]) stream.end();
      exec.dispose();
    },
  };
}
