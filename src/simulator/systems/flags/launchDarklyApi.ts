import type { FlagApi, FlagReply } from './flagServer.ts';
import type { FlagStore } from './flagStore.ts';

const problem = (status: number, code: string, message: string): FlagReply => ({
  status,
  body: { code, message },
});

/**
 * The part of LaunchDarkly's REST API that reads a flag and patches one environment's `on`: semantic patch and JSON
 * patch. https://launchdarkly.com/docs/api/feature-flags
 */
export const answerLaunchDarkly: FlagApi = (
  { method, path, query, authorization, contentType, body },
  store,
) => {
  const hit = /^\/api\/v2\/flags\/([^/]+)(?:\/([^/]+))?$/.exec(path);
  if (!hit) return undefined;
  if (authorization !== store.token) return problem(401, 'unauthorized', 'Invalid access token');
  const [project = '', flag = ''] = hit.slice(1, 3).map((part) => decodeURIComponent(part ?? ''));
  if (hit[2] === undefined && method === 'GET')
    return project === store.project
      ? listFlags(store, query)
      : problem(404, 'not_found', 'Unknown project key');
  if (project !== store.project || !store.names().includes(flag))
    return problem(404, 'not_found', 'Unknown feature flag key');
  const asked = query.get('env');
  const shown = (): FlagReply => ({ status: 200, body: flagBody(store, flag, asked) });
  if (method === 'GET') return shown();
  if (method !== 'PATCH') return problem(405, 'method_not_allowed', 'Method not allowed');
  const semantic = contentType.replace(/\s/g, '').includes('domain-model=launchdarkly.semanticpatch');
  const switched = semantic ? readSemanticPatch(body) : readJsonPatch(body);
  if (!switched) return problem(400, 'invalid_request', 'Invalid request body');
  if (store.isOn(flag, switched.environment) === undefined)
    return problem(400, 'invalid_request', `Unknown environment key ${switched.environment}`);
  store.set(flag, switched.environment, switched.on);
  return shown();
};

/** https://launchdarkly.com/docs/api/feature-flags/get-feature-flags : at most 100 at once, 20 unless asked. */
function listFlags(store: FlagStore, query: URLSearchParams): FlagReply {
  const limit = Math.min(100, Number(query.get('limit') ?? 20));
  const names = store.names();
  const items = names.slice(0, limit).map((name) => flagBody(store, name, query.get('env')));
  return { status: 200, body: { items, totalCount: names.length } };
}

function flagBody(store: FlagStore, flag: string, asked: string | null): unknown {
  const environments = store.environments
    .filter((name) => asked === null || name === asked)
    .map((name) => [name, { on: store.isOn(flag, name), archived: false, _environmentName: name }]);
  return {
    key: flag,
    name: flag,
    kind: 'boolean',
    archived: false,
    variations: [{ value: true }, { value: false }],
    environments: Object.fromEntries(environments) as unknown,
  };
}

interface Switched {
  readonly environment: string;
  readonly on: boolean;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function readSemanticPatch(text: string): Switched | undefined {
  const patch = parse(text) as { environmentKey?: string; instructions?: { kind?: string }[] } | undefined;
  const kind = patch?.instructions?.length === 1 ? patch.instructions[0]?.kind : undefined;
  if (patch?.environmentKey === undefined || (kind !== 'turnFlagOn' && kind !== 'turnFlagOff'))
    return undefined;
  return { environment: patch.environmentKey, on: kind === 'turnFlagOn' };
}

function readJsonPatch(text: string): Switched | undefined {
  const body = parse(text) as { patch?: unknown } | unknown[] | undefined;
  const operations = Array.isArray(body) ? body : body?.patch;
  const [only] = (Array.isArray(operations) ? operations : []) as {
    op?: string;
    path?: string;
    value?: unknown;
  }[];
  const hit = /^\/environments\/([^/]+)\/on$/.exec(only?.path ?? '');
  return hit && only?.op === 'replace' && typeof only.value === 'boolean'
    ? { environment: hit[1] ?? '', on: only.value }
    : undefined;
}
