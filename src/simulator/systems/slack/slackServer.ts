import type { Server } from 'node:http';
import { createWebApi } from '../webApi.ts';
import type { SlackStore } from './slackStore.ts';

/** The Web API of the simulated Slack: https://docs.slack.dev/apis/web-api/ */
export const createSlackServer = (store: SlackStore): Server =>
  createWebApi({
    log: store,
    now: store.now,
    answer: ({ path, headers }) => {
      const method = /^\/api\/([\w.]+)$/.exec(path)?.[1];
      if (method === undefined) return { status: 404 };
      if (headers.authorization === undefined)
        return { status: 200, body: { ok: false, error: 'not_authed' } };
      if (headers.authorization !== `Bearer ${store.token}`)
        return { status: 200, body: { ok: false, error: 'invalid_auth' } };
      return { status: 200, body: { ok: false, error: 'unknown_method', req_method: method } };
    },
  });
