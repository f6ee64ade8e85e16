import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { IngressBackend } from '../../state/objects.ts';
import { podsBehind } from '../../state/endpoints.ts';
import { isReady } from '../../state/podStatus.ts';
import type { World } from '../../state/world.ts';

type Route = { readonly namespace: string; readonly service: string };

const pathMatches = (path: string, prefix: string, type: string | undefined): boolean =>
  type === 'Exact'
    ? path === prefix
    : path === prefix || path.startsWith(prefix.endsWith('/') ? prefix : `${prefix}/`);

/** Where the ingress objects of the world send a request: by host, then by the longest matching path. */
function routeByHost(world: World, host: string, path: string): Route | undefined {
  const matches = world.store.list('ingresses').flatMap(({ metadata, spec }) =>
    (spec.rules ?? [])
      .filter((rule) => rule.host === host)
      .flatMap((rule) => rule.http?.paths ?? [])
      .filter((one) => pathMatches(path, one.path ?? '/', one.pathType))
      .map((one) => ({
        namespace: metadata.namespace ?? '',
        backend: one.backend,
        length: one.path?.length ?? 1,
      })),
  );
  const best = matches.sort((a, b) => b.length - a.length)[0];
  return best === undefined ? undefined : toRoute(best.namespace, best.backend);
}

const toRoute = (namespace: string, { service }: IngressBackend): Route | undefined =>
  service === undefined ? undefined : { namespace, service: service.name };

function answer(world: World, request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url ?? '/', 'http://simulated');
  const host = (request.headers.host ?? '').replace(/:\d+$/, '');
  const [, first = ''] = url.pathname.split('/');
  const route = routeByHost(world, host, url.pathname) ?? { namespace: 'production', service: first };
  const reply = (code: number, body: Record<string, unknown>): void => {
    const text = `${JSON.stringify(body)}\n`;
    response.writeHead(code, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(text),
    });
    response.end(request.method === 'HEAD' ? undefined : text);
  };
  const service = world.store.get('services', route.namespace, route.service);
  if (service === undefined)
    return reply(404, { error: `no service "${route.service}" behind this address` });
  const ready = podsBehind(world, service).filter(({ status }) => isReady(status)).length;
  const isDown = world.behaviour.unavailable(world).includes(`${route.namespace}/${route.service}`);
  if (ready === 0 || isDown) {
    response.setHeader('retry-after', '5');
    return reply(503, { status: 'unavailable', service: route.service, readyPods: ready });
  }
  reply(200, { status: 'ok', service: route.service, readyPods: ready });
}

/**
 * The simulated ingress: `GET /SERVICE/…` reaches a service of the production namespace, a request whose Host
 * header an ingress rule names goes where that rule says. 503 while the service cannot answer.
 */
export const createIngressServer = (present: () => World): Server =>
  createServer((request, response) => {
    request.resume();
    answer(present(), request, response);
  });
