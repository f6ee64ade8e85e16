import type { HttpRequest } from './curlGrammar.ts';
import type { FlagAction, FlagRequest } from './flagAction.ts';
import type { FlagService } from './flagService.ts';

/** What a request is for a configured flag service: the action, or why it stays a plain request. */
export type FlagLine =
  | { readonly action: FlagAction; readonly hint?: undefined }
  | { readonly action?: undefined; readonly hint: string };

type Want = FlagAction['want'];
const opposite = (want: Want): Want => (want === 'enabled' ? 'disabled' : 'enabled');

/** `https://Host/base/` and `https://host/base` are one; the path keeps its case. */
const normalBase = (url: string): string =>
  url
    .trim()
    .replace(/\/+$/, '')
    .replace(/^[a-z]+:\/\/[^/]+/i, (origin) => origin.toLowerCase());

/** What follows the service's base in the URL, with its leading slash; undefined when the URL is elsewhere. */
function pathBelow(url: string, base: string): string | undefined {
  const whole = normalBase(url);
  const prefix = normalBase(base);
  return prefix !== '' && whole.startsWith(`${prefix}/`) ? whole.slice(prefix.length) : undefined;
}

/** Percent-encodes a segment, leaving marks of unknown placeholders in place. */
const encodeSegment = (text: string): string =>
  text
    .split(/(\uE000\d+\uE001)/)
    .map((piece, at) => (at % 2 === 1 ? piece : encodeURIComponent(piece.replace(/\p{Cs}/gu, '\uFFFD'))))
    .join('');

function decodeSegment(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * Reads a request as a change of a feature flag at one of the services. Undefined when it asks none of them for one.
 * The longest base URL that fits decides. Strings may hold marks of unknown placeholders.
 */
export function readFlagLine(request: HttpRequest, services: readonly FlagService[]): FlagLine | undefined {
  const fitting = services
    .flatMap((service) => {
      const path = [service.baseUrl, service.apiUrl ?? ''].flatMap(
        (base) => pathBelow(request.url, base) ?? [],
      );
      return path[0] === undefined ? [] : [{ service, path: path[0] }];
    })
    .sort((a, b) => a.path.length - b.path.length)[0];
  if (!fitting) return undefined;
  const { service, path } = fitting;
  const own = ownLine(request, service, path);
  const simple = own ? undefined : simpleLine(request, path);
  if (!own && !simple) return undefined;
  const { user, insecure, caFile, resolve } = request.curl ?? {};
  if ((user ?? insecure ?? caFile ?? resolve) !== undefined || request.followRedirects)
    return { hint: 'Its curl options (-u, -k, -L, --cacert, --resolve) leave it a plain request.' };
  if (own) return { action: own };
  return simple ? fromSimple(request, service, simple) : undefined;
}

interface Simple {
  readonly flag: string;
  readonly want: Want;
}

const WORDS: Readonly<Record<string, Want>> = {
  enable: 'enabled', on: 'enabled', disable: 'disabled', off: 'disabled',
}; // prettier-ignore

/** `POST …/<flag>/disable` */
function simpleLine({ method }: HttpRequest, path: string): Simple | undefined {
  const hit = /\/([^/?#]+)\/(enable|disable|on|off)(?:\?[^#]*)?$/.exec(path);
  const want = hit && WORDS[hit[2] ?? ''];
  if (!hit || !want || !['POST', 'PUT', 'PATCH'].includes(method)) return undefined;
  return { flag: decodeSegment(hit[1] ?? ''), want };
}

const requestOf = ({ method, url, headers, body }: HttpRequest): FlagRequest => ({
  method,
  url,
  headers,
  body,
});

const isCredential = ([name]: readonly [string, string]): boolean =>
  /authorization|cookie|token|api-?key|secret|signature/i.test(name);

/** The guide's own credentials, else the configured token. */
function credentialsOf(request: HttpRequest, { kind, token }: FlagService): FlagRequest['headers'] {
  const own = request.headers.filter(isCredential);
  if (own.length > 0 || token === undefined) return own;
  // Unleash and LaunchDarkly want the token alone, without a scheme.
  return [['Authorization', kind === 'generic' ? `Bearer \${${token}}` : `\${${token}}`]];
}

function fromSimple(request: HttpRequest, service: FlagService, { flag, want }: Simple): FlagLine {
  const credentials = credentialsOf(request, service);
  if (service.kind === 'generic') {
    const fill = (template: string | undefined): string | undefined => {
      const full = template?.startsWith('/') ? service.baseUrl.replace(/\/+$/, '') + template : template;
      return full
        ?.replaceAll('{flag}', encodeSegment(flag))
        .replaceAll('{project}', encodeSegment(service.project ?? 'default'))
        .replaceAll('{environment}', encodeSegment(service.environment ?? ''));
    };
    const read = fill(service.readUrl);
    const back = fill(want === 'enabled' ? service.disableUrl : service.enableUrl);
    const headers = [...request.headers.filter((each) => !isCredential(each)), ...credentials];
    const sent = { ...requestOf(request), headers };
    return {
      action: {
        provider: 'generic',
        flag,
        want,
        project: service.project,
        environment: service.environment,
        request: sent,
        read:
          read === undefined
            ? undefined
            : { method: 'GET', url: read, headers: credentials, body: undefined },
        opposite: back === undefined ? undefined : { ...sent, url: back },
      },
    };
  }
  const { project = 'default', environment } = service;
  if (environment === undefined) return { hint: 'The settings of this flag service name no environment.' };
  const api = (service.apiUrl ?? service.baseUrl).replace(/\/+$/, '');
  return { action: serviceAction(service.kind, api, credentials, { flag, want, project, environment }) };
}

interface Place extends Simple {
  readonly project: string;
  readonly environment: string;
}

/** The requests of a service's own API. */
function serviceAction(
  provider: 'unleash' | 'launchdarkly',
  api: string,
  credentials: FlagRequest['headers'],
  place: Place,
): FlagAction {
  const { flag, want, project, environment } = place;
  const make = provider === 'unleash' ? unleashRequests : launchDarklyRequests;
  const requests = make(api, credentials, place);
  return {
    provider,
    flag,
    want,
    project,
    environment,
    request: requests.change(want),
    read: requests.read,
    opposite: requests.change(opposite(want)),
  };
}

interface ServiceRequests {
  readonly read: FlagRequest;
  change(want: Want): FlagRequest;
}

/** https://docs.getunleash.io/reference/api/unleash : features of a project, and their environments. */
function unleashRequests(
  api: string,
  headers: FlagRequest['headers'],
  { flag, project, environment }: Place,
): ServiceRequests {
  const feature = `${api}/api/admin/projects/${encodeSegment(project)}/features/${encodeSegment(flag)}`;
  return {
    read: { method: 'GET', url: feature, headers, body: undefined },
    change: (want) => ({
      method: 'POST',
      url: `${feature}/environments/${encodeSegment(environment)}/${want === 'enabled' ? 'on' : 'off'}`,
      headers,
      body: undefined,
    }),
  };
}

/** https://launchdarkly.com/docs/api/feature-flags/patch-feature-flag : semantic patch of one environment. */
function launchDarklyRequests(
  api: string,
  headers: FlagRequest['headers'],
  { flag, project, environment }: Place,
): ServiceRequests {
  const url = `${api}/api/v2/flags/${encodeSegment(project)}/${encodeSegment(flag)}`;
  return {
    read: { method: 'GET', url: `${url}?env=${encodeSegment(environment)}`, headers, body: undefined },
    change: (want) => ({
      method: 'PATCH',
      url,
      headers: [...headers, ['Content-Type', 'application/json; domain-model=launchdarkly.semanticpatch']],
      body: JSON.stringify({
        environmentKey: environment,
        instructions: [{ kind: want === 'enabled' ? 'turnFlagOn' : 'turnFlagOff' }],
      }),
    }),
  };
}

/** The guide's line when it speaks the service's own API already; it is sent as it stands. */
function ownLine(request: HttpRequest, service: FlagService, path: string): FlagAction | undefined {
  const credentials = credentialsOf(request, service);
  const api = request.url.slice(0, request.url.length - path.length);
  const withToken = (sent: FlagRequest): FlagRequest => ({
    ...sent,
    headers: [...sent.headers.filter((each) => !isCredential(each)), ...credentials],
  });
  if (service.kind === 'unleash') {
    const hit =
      /^(.*)\/api\/admin\/projects\/([^/]+)\/features\/([^/]+)\/environments\/([^/]+)\/(on|off)(?:\?[^#]*)?$/.exec(
        path,
      );
    if (!hit || request.method !== 'POST') return undefined;
    const [project = '', flag = '', environment = ''] = hit.slice(2, 5).map(decodeSegment);
    const want: Want = hit[5] === 'on' ? 'enabled' : 'disabled';
    const action = serviceAction('unleash', api + (hit[1] ?? ''), credentials, {
      project,
      flag,
      environment,
      want,
    });
    return { ...action, request: withToken(requestOf(request)) };
  }
  if (service.kind === 'launchdarkly') {
    const hit = /^(.*)\/api\/v2\/flags\/([^/]+)\/([^/?]+)(?:\?[^#]*)?$/.exec(path);
    const asked = request.method === 'PATCH' ? readPatch(request.body, service.environment) : undefined;
    if (!hit || !asked) return undefined;
    const [project = '', flag = ''] = hit.slice(2, 4).map(decodeSegment);
    const action = serviceAction('launchdarkly', api + (hit[1] ?? ''), credentials, {
      project,
      flag,
      ...asked,
    });
    return { ...action, request: withToken(requestOf(request)) };
  }
  return undefined;
}

/** A semantic patch with one instruction, or a JSON patch of one `/environments/<key>/on`. */
function readPatch(
  body: string | undefined,
  configured: string | undefined,
): { readonly environment: string; readonly want: Want } | undefined {
  let patch: unknown;
  try {
    patch = JSON.parse(body ?? '');
  } catch {
    return undefined;
  }
  const { environmentKey, instructions, patch: wrapped } = (patch ?? {}) as Record<string, unknown>;
  const operations: unknown = Array.isArray(patch) ? patch : wrapped;
  if (Array.isArray(operations)) {
    const only = operations.length === 1 ? (operations[0] as Record<string, unknown> | null) : null;
    const hit = /^\/environments\/([^/]+)\/on$/.exec(String(only?.['path'] ?? ''));
    return hit && only?.['op'] === 'replace' && typeof only['value'] === 'boolean'
      ? { environment: hit[1] ?? '', want: only['value'] ? 'enabled' : 'disabled' }
      : undefined;
  }
  const only: unknown =
    Array.isArray(instructions) && instructions.length === 1 ? instructions[0] : undefined;
  const kind = (only as Record<string, unknown> | undefined)?.['kind'];
  const environment = typeof environmentKey === 'string' ? environmentKey : configured;
  if (environment === undefined || (kind !== 'turnFlagOn' && kind !== 'turnFlagOff')) return undefined;
  return { environment, want: kind === 'turnFlagOn' ? 'enabled' : 'disabled' };
}
