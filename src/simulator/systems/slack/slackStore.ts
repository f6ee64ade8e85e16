import type { RequestLog } from '../webApi.ts';
import { createRequestLog } from '../webApi.ts';

/** The state of the simulated Slack workspace. */
export interface SlackStore extends RequestLog {
  /** The bot token of the simulated app: plainly no real one. */
  readonly token: string;
  /** The present, in ms since 1970. */
  readonly now: () => number;
}

/** The workspace as it is when the simulated production starts. */
export const createSlackStore = (now: () => number): SlackStore => ({
  ...createRequestLog(),
  token: 'simulated-slack-word',
  now,
});
