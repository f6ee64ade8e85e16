import type { FlagApi } from './flagServer.ts';

/** A company's own flag API: `GET /api/flags/<flag>`, `POST …/enable`, `POST …/disable`, for production alone. */
export const answerGeneric: FlagApi = ({ method, path, authorization }, store) => {
  const hit = /^\/api\/flags\/([^/]+)(?:\/(enable|disable))?$/.exec(path);
  if (!hit) return undefined;
  if (authorization !== `Bearer ${store.token}`)
    return { status: 401, body: { error: 'a bearer token is needed' } };
  const flag = decodeURIComponent(hit[1] ?? '');
  const on = store.isOn(flag, 'production');
  if (on === undefined) return { status: 404, body: { error: `no flag "${flag}"` } };
  if (method !== (hit[2] === undefined ? 'GET' : 'POST'))
    return { status: 405, body: { error: `${method} is not for this address` } };
  if (hit[2] !== undefined) store.set(flag, 'production', hit[2] === 'enable');
  return { status: 200, body: { flag, enabled: store.isOn(flag, 'production') } };
};
