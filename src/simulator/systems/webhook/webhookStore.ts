import type { RequestLog, WebReply } from '../webApi.ts';
import { createRequestLog } from '../webApi.ts';

/** The state of the simulated receiver of a company's own webhooks. */
export interface WebhookStore extends RequestLog {
  /** The present, in ms since 1970. */
  readonly now: () => number;
  /** The bearer token that a request must carry where this is set; out of the box none is asked for. */
  token: string | undefined;
  /** Answers for the next requests, first one first; when there are none left, 200 with `{"received":true}`. */
  readonly answers: WebReply[];
  /** How often each Idempotency-Key arrived in a request that was answered with success. */
  readonly accepted: Map<string, number>;
}

export const createWebhookStore = (now: () => number): WebhookStore => ({
  ...createRequestLog(),
  now,
  token: undefined,
  answers: [],
  accepted: new Map(),
});
