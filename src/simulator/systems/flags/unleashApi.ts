import type { FlagApi, FlagCall, FlagReply } from './flagServer.ts';
import type { FlagStore } from './flagStore.ts';

const problem = (status: number, name: string, message: string): FlagReply => ({
  status,
  body: { id: '00000000-0000-4000-8000-000000000000', name, message, details: [{ message }] },
});

/**
 * The part of Unleash's admin API that reads and switches a flag, with the answers of Unleash 8: the switch answers
 * with nothing, the token comes without a scheme. https://docs.getunleash.io/reference/api/unleash
 */
export const answerUnleash: FlagApi = (call, store) => {
  const { method, path, authorization } = call;
  if (method === 'GET' && path === '/api/admin/search/events') return searchEvents(call, store);
  const list = /^\/api\/admin\/projects\/([^/]+)\/features$/.exec(path);
  if (method === 'GET' && list) return listFeatures(call, store, decodeURIComponent(list[1] ?? ''));
  const hit =
    /^\/api\/admin\/projects\/([^/]+)\/features\/([^/]+)(?:\/environments\/([^/]+)(?:\/(on|off))?)?$/.exec(
      path,
    );
  if (!hit) return undefined;
  if (authorization !== store.token)
    return problem(401, 'UnauthorizedError', 'You must log in to use Unleash.');
  const [project = '', flag = ''] = hit.slice(1, 3).map(decodeURIComponent);
  const environment = hit[3] === undefined ? undefined : decodeURIComponent(hit[3]);
  if (project !== store.project || !store.names().includes(flag))
    return problem(404, 'NotFoundError', `There's no feature named "${flag}" in project "${project}".`);
  const stateIn = (name: string) => ({ name, enabled: store.isOn(flag, name), type: name, strategies: [] });
  if (environment === undefined) {
    return method === 'GET'
      ? {
          status: 200,
          body: {
            name: flag,
            project,
            type: 'release',
            archived: false,
            environments: store.environments.map(stateIn),
          },
        }
      : undefined;
  }
  if (store.isOn(flag, environment) === undefined)
    return problem(404, 'NotFoundError', `Could not find environment ${environment} for feature: ${flag}`);
  if (hit[4] === undefined)
    return method === 'GET'
      ? { status: 200, body: { ...stateIn(environment), name: flag, environment } }
      : undefined;
  if (method !== 'POST') return undefined;
  store.set(flag, environment, hit[4] === 'on');
  return { status: 200, body: undefined };
};

/** The features of a project; one that is not known has none: https://docs.getunleash.io/reference/api/unleash */
function listFeatures({ authorization }: FlagCall, store: FlagStore, project: string): FlagReply {
  if (authorization !== store.token)
    return problem(401, 'UnauthorizedError', 'You must log in to use Unleash.');
  const features = (project === store.project ? store.names() : []).map((name) => ({
    name,
    type: 'release',
    project,
    archived: false,
    stale: false,
    environments: store.environments.map((each) => ({
      name: each,
      enabled: store.isOn(name, each),
      type: each,
    })),
  }));
  return { status: 200, body: { version: 2, features } };
}

/** What was switched, the newest first: https://docs.getunleash.io/api/search-events */
const searchEvents: FlagApi = ({ query, authorization }, store) => {
  if (authorization !== store.token)
    return problem(401, 'UnauthorizedError', 'You must log in to use Unleash.');
  for (const [name, form] of [
    ['from', /^IS:\d{4}-\d{2}-\d{2}$/],
    ['project', /^(?:IS|IS_ANY_OF):/],
  ] as const) {
    const given = query.get(name);
    if (given !== null && !form.test(given))
      return problem(400, 'BadDataError', `"${name}" must match pattern "${form.source}"`);
  }
  const from = query.get('from')?.slice(3) ?? '';
  const project = query
    .get('project')
    ?.replace(/^[A-Z_]+:/, '')
    .split(',');
  const found = store.switches.filter(({ at }) => new Date(at).toISOString() >= from);
  const events = (project?.includes(store.project) === false ? [] : found).map((one) => ({
    id: one.id,
    createdAt: new Date(one.at).toISOString(),
    type: one.on ? 'feature-environment-enabled' : 'feature-environment-disabled',
    createdBy: 'admin',
    createdByUserId: 1,
    environment: one.environment,
    project: store.project,
    featureName: one.flag,
    data: null,
    preData: null,
    tags: [],
    label: one.on ? 'Flag enabled' : 'Flag disabled',
    summary: `admin ${one.on ? 'enabled' : 'disabled'} ${one.flag}`,
  }));
  return { status: 200, body: { events: events.reverse(), total: events.length } };
};
