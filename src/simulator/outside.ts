import type { Server } from 'node:http';
import { close, listen } from './listen.ts';
import { createSlackServer } from './systems/slack/slackServer.ts';
import type { SlackStore } from './systems/slack/slackStore.ts';
import { createSlackStore } from './systems/slack/slackStore.ts';

/** A simulated service: where it listens, and its state, which tests may read and set. */
export interface Served<Store> {
  /** Base URL on 127.0.0.1, without a slash at its end. */
  readonly url: string;
  readonly store: Store;
}

/** The services of others that an incident reaches: simulated, each on a port of its own. */
export interface Outside {
  readonly slack: Served<SlackStore>;
}

export interface RunningOutside {
  readonly outside: Outside;
  /** Ends every server with all its connections. */
  dispose(): Promise<void>;
}

/** Starts them all on free ports; `now` is the simulated production's present, in ms since 1970. */
export async function startOutside(now: () => number): Promise<RunningOutside> {
  const servers: Server[] = [];
  const serve = async <Store>(
    store: Store,
    createServer: (store: Store) => Server,
  ): Promise<Served<Store>> => {
    const server = createServer(store);
    servers.push(server);
    return { url: await listen(server, 0), store };
  };
  const dispose = async (): Promise<void> => void (await Promise.all(servers.map(close)));
  try {
    const outside: Outside = {
      slack: await serve(createSlackStore(now), createSlackServer),
    };
    return { outside, dispose };
  } catch (thrown) {
    await dispose();
    throw thrown;
  }
}

/** What a client needs to reach each of them, as it goes into the standalone simulator's JSON line. */
export const outsideLogins = ({ slack }: Outside): Record<keyof Outside, Record<string, unknown>> => ({
  slack: { url: slack.url, token: slack.store.token },
});
