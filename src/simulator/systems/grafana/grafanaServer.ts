import type { Server } from 'node:http';
import type { WebCall, WebReply } from '../webApi.ts';
import { createWebApi } from '../webApi.ts';
import type { GrafanaDashboard, GrafanaFolder, GrafanaStore } from './grafanaStore.ts';

const slug = (title: string): string =>
  title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');

const dashboardUrl = ({ uid, title }: GrafanaDashboard): string => `/d/${uid}/${slug(title)}`;
const folderUrl = ({ uid, title }: GrafanaFolder): string => `/dashboards/f/${uid}/${slug(title)}`;

function dashboardHit({ folders }: GrafanaStore, dashboard: GrafanaDashboard): Record<string, unknown> {
  const folder = folders.find(({ uid }) => uid === dashboard.folder);
  return {
    id: dashboard.id,
    uid: dashboard.uid,
    orgId: 1,
    title: dashboard.title,
    uri: `db/${slug(dashboard.title)}`,
    url: dashboardUrl(dashboard),
    slug: '',
    type: 'dash-db',
    tags: dashboard.tags,
    isStarred: false,
    ...(folder === undefined
      ? {}
      : {
          folderId: folder.id,
          folderUid: folder.uid,
          folderTitle: folder.title,
          folderUrl: folderUrl(folder),
        }),
    sortMeta: 0,
    isDeleted: false,
  };
}

const folderHit = (folder: GrafanaFolder): Record<string, unknown> => ({
  id: folder.id,
  uid: folder.uid,
  orgId: 1,
  title: folder.title,
  uri: `db/${slug(folder.title)}`,
  url: folderUrl(folder),
  slug: '',
  type: 'dash-folder',
  tags: [],
  isStarred: false,
  sortMeta: 0,
  isDeleted: false,
});

const defaultLimit = 1000;
const highestLimit = 5000;

/** A limit that is no number counts as the default, as Grafana has it. */
function search(store: GrafanaStore, query: URLSearchParams): WebReply {
  const type = query.get('type') ?? '';
  const asked = Number(query.get('limit'));
  const limit = Number.isInteger(asked) && asked > 0 ? asked : defaultLimit;
  if (limit > highestLimit)
    return { status: 422, body: { message: 'Limit is above maximum allowed (5000), use page parameter to access hits beyond limit' } }; // prettier-ignore
  const page = Math.max(1, Number(query.get('page')) || 1);
  const words = (query.get('query') ?? '').toLowerCase();
  const tags = query.getAll('tag');
  const uids = [...query.getAll('dashboardUIDs'), ...query.getAll('dashboardUID')].flatMap((text) =>
    text.split(','),
  );
  const inFolders = query.getAll('folderUIDs').flatMap((text) => text.split(','));
  const folders = type === 'dash-db' || tags.length + uids.length + inFolders.length > 0 ? [] : store.folders;
  const dashboards = type === 'dash-folder' ? [] : store.dashboards;
  const fits = (title: string): boolean => title.toLowerCase().includes(words);
  const byTitle = (a: { title: string }, b: { title: string }): number =>
    a.title.localeCompare(b.title, 'en');
  const hits = [
    ...folders
      .filter(({ title }) => fits(title))
      .sort(byTitle)
      .map(folderHit),
    ...dashboards
      .filter(
        (one) =>
          fits(one.title) &&
          tags.every((tag) => one.tags.includes(tag)) &&
          (uids.length === 0 || uids.includes(one.uid)) &&
          (inFolders.length === 0 || inFolders.includes(one.folder ?? 'general')),
      )
      .sort(byTitle)
      .map((one) => dashboardHit(store, one)),
  ];
  return { status: 200, body: hits.slice((page - 1) * limit, page * limit) };
}

function dashboard(store: GrafanaStore, uid: string): WebReply {
  const found = store.dashboards.find((one) => one.uid === uid);
  if (found === undefined)
    return { status: 404, body: { message: 'Dashboard not found', status: 'not-found' } };
  const folder = store.folders.find((one) => one.uid === found.folder);
  const list = found.variables.map((name) => ({
    name,
    label: null,
    type: 'query',
    query: `label_values(${name})`,
    multi: false,
    includeAll: false,
    current: {},
    hide: 0,
  }));
  return {
    status: 200,
    body: {
      dashboard: {
        id: found.id,
        uid,
        title: found.title,
        tags: found.tags,
        timezone: 'browser',
        schemaVersion: 39,
        version: 1,
        time: { from: 'now-1h', to: 'now' },
        templating: { list },
        panels: [],
      },
      meta: {
        type: 'db',
        isStarred: false,
        canSave: false,
        canEdit: false,
        url: dashboardUrl(found),
        slug: slug(found.title),
        folderId: folder?.id ?? 0,
        folderUid: folder?.uid ?? '',
        folderTitle: folder?.title ?? 'General',
        folderUrl: folder === undefined ? '' : folderUrl(folder),
      },
    },
  };
}

const serviceAccount = {
  uid: 'service-account:2',
  email: '',
  name: 'incident-response',
  login: 'sa-1-incident-response',
  theme: '',
  orgId: 1,
  isGrafanaAdmin: false,
  isDisabled: false,
  isExternal: false,
  authLabels: [],
};

const refused = (messageId: string, message: string): WebReply => ({
  status: 401,
  body: { extra: null, message, messageId, statusCode: 401, traceID: '' },
});

function answer(store: GrafanaStore, { method, path, query, headers }: WebCall): WebReply {
  const health = { database: 'ok', version: '12.4.0', commit: 'simulated' };
  if (method === 'GET' && path === '/api/health') return { status: 200, body: health };
  const token = /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1];
  if (token === undefined) return refused('auth.unauthorized', 'Unauthorized');
  if (token !== store.token) return refused('api-key.invalid', 'Invalid API key');
  if (method !== 'GET') return { status: 404, body: { message: 'Not found' } };
  const uid = /^\/api\/dashboards\/uid\/([^/]+)$/.exec(path)?.[1];
  if (uid !== undefined) return dashboard(store, decodeURIComponent(uid));
  switch (path.replace(/\/$/, '')) {
    case '/api/search':
      return search(store, query);
    case '/api/user':
      return { status: 200, body: serviceAccount };
    case '/api/org':
      return { status: 200, body: { id: 1, name: 'Example Shop', address: {} } };
    default:
      return { status: 404, body: { message: 'Not found' } };
  }
}

/**
 * The part of Grafana's HTTP API that finds a dashboard:
 * https://grafana.com/docs/grafana/latest/developers/http_api/folder_dashboard_search/. What a client must know: a
 * hit's `url` is a path from the root of the host (where Grafana lives below a path, that is in it already); several
 * `tag` parameters must all be there; `query` finds every title that contains it, so a title has to be compared by
 * the client; the variables of a dashboard are in `templating.list`, and an address sets one as `var-NAME`, the time
 * as `from` and `to` in ms. `/api/user` names a service account too, since Grafana 11; `/api/org` works with every
 * token.
 */
export const createGrafanaServer = (store: GrafanaStore): Server =>
  createWebApi({ log: store, now: store.now, answer: (call) => answer(store, call) });
