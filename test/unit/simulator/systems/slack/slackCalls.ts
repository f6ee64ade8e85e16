import type { RunningOutside } from '../../../../../src/simulator/outside.ts';
import { startOutside } from '../../../../../src/simulator/outside.ts';
import type { SlackStore } from '../../../../../src/simulator/systems/slack/slackStore.ts';

export type Answer = Record<string, unknown> & { ok: boolean; error?: string };

export interface SlackUnderTest {
  readonly url: string;
  readonly store: SlackStore;
  /** A form POST with the bot's token, unless told otherwise; gives the body. */
  call(method: string, fields?: Record<string, string>, token?: string): Promise<Answer>;
  /** The same without reading the answer. */
  send(method: string, init: RequestInit): Promise<Response>;
  dispose(): Promise<void>;
}

/** 2026-11-23 10:00 UTC, in ms since 1970. */
export const tenOClock = Date.UTC(2026, 10, 23, 10);

/** The simulated Slack alone, with a clock that stands still. */
export async function startSlack(): Promise<SlackUnderTest> {
  const running: RunningOutside = await startOutside(() => tenOClock);
  const { url, store } = running.outside.slack;
  const send = (method: string, init: RequestInit): Promise<Response> => fetch(`${url}/api/${method}`, init);
  return {
    url,
    store,
    send,
    async call(method, fields = {}, token = store.token) {
      const answer = await send(method, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}` },
        body: new URLSearchParams(fields),
      });
      return (await answer.json()) as Answer;
    },
    dispose: () => running.dispose(),
  };
}

/** The id of a channel by its name. */
export const channelId = ({ store }: SlackUnderTest, name: string): string =>
  [...store.channels.values()].find((channel) => channel.name === name)?.id ?? 'C-none';

/** The id of a person by their name. */
export const userId = ({ store }: SlackUnderTest, name: string): string =>
  [...store.users.values()].find((user) => user.name === name)?.id ?? 'U-none';
