import { setTimeout as wait } from 'node:timers/promises';
import * as v from 'valibot';
import type { DeliveryTask } from '../../core/deliveries/delivery.ts';
import type { DeliveryContext, DeliveryResult } from '../../core/deliveries/deliveryPort.ts';
import type { Signal } from '../../core/ports.ts';
import type { ApiFailure, ApiResult } from '../askJson.ts';
import { deliveryFailed } from '../askJson.ts';
import { cutText } from './mrkdwn.ts';
import type { SlackCall } from './slackApi.ts';
import type { SlackChannel } from './slackChannel.ts';
import { anyAnswer, channelNames, oneChannel, ownChannels } from './slackChannel.ts';

/** Most that Slack takes as a topic or purpose, in characters. */
export const longestHeadline = 250;
/** How far this machine's clock and Slack's may be apart, ms. */
const clockTolerance = 5 * 60_000;

const identity = v.object({ url: v.string(), user_id: v.string() });

/**
 * How long a channel that nobody has marked yet is left alone before it is taken for our own, ms: whoever else has just
 * made it marks it meanwhile. Longer than two calls that take as long as they may.
 */
const settleMs = 20_000;

/** Waits so long, ms; false when the signal ended it. */
export type Pause = (ms: number, signal: Signal) => Promise<boolean>;

export interface CreateChannelDeps {
  readonly call: SlackCall;
  readonly pause: Pause;
}

type Task = Extract<DeliveryTask, { act: 'create-channel' }>;

/**
 * The incident's public channel, made once: its purpose carries the delivery's key, so a channel that an earlier
 * attempt left behind is recognised, and one of the same name that belongs to another incident is left alone.
 */
export async function createChannel(
  task: Task,
  context: DeliveryContext,
  { call, pause }: CreateChannelDeps,
  signal: Signal,
): Promise<DeliveryResult> {
  const me = await call('auth.test', {}, 'find out who the app is', identity);
  if (!me.ok) return deliveryFailed(me.failure);
  const { url, user_id: user } = me.value;
  const names = channelNames(task.name);
  const done = (channel: SlackChannel, found: boolean): Promise<DeliveryResult> =>
    finish(task, context, call, { channel, found, url });
  const find = (seen: readonly SlackChannel[]): Promise<ApiResult<SlackChannel | undefined>> =>
    findOurs(seen, names, user, context, { call, pause }, signal);

  let seen: readonly SlackChannel[] = [];
  if (context.mayExist) {
    const asked = await ownChannels(call);
    if (!asked.ok) return deliveryFailed(asked.failure);
    seen = asked.value;
    const ours = await find(seen);
    if (!ours.ok) return deliveryFailed(ours.failure);
    if (ours.value) return done(ours.value, true);
  }
  for (const name of names) {
    if (seen.some((channel) => channel.name === name)) continue;
    const made = await call('conversations.create', { name }, 'create the channel', oneChannel);
    if (made.ok) return done(made.value.channel, false);
    if (made.failure.said !== 'name_taken') return deliveryFailed(made.failure);
    // Asked anew each time: an attempt that was given up may still have got through.
    const asked = await ownChannels(call);
    if (!asked.ok) return deliveryFailed(asked.failure);
    seen = asked.value;
    const ours = await find(seen);
    if (!ours.ok) return deliveryFailed(ours.failure);
    if (ours.value) return done(ours.value, true);
  }
  return deliveryFailed({
    code: 'conflict',
    message: `Slack has a channel of every name tried, ${names[0] ?? ''} to ${names.at(-1) ?? ''}. Change the setting incident.slack.channelName, or make a channel by hand and mark this as done.`,
    retry: 'person',
  });
}

/** A channel that has our mark; else one that only an earlier attempt of ours can have left behind unmarked. */
async function findOurs(
  seen: readonly SlackChannel[],
  names: readonly string[],
  me: string,
  context: DeliveryContext,
  { call, pause }: CreateChannelDeps,
  signal: Signal,
): Promise<ApiResult<SlackChannel | undefined>> {
  const open = seen.filter((channel) => !channel.is_archived);
  const marked = open.find((channel) => hasMark(channel, context.key));
  if (marked) return { ok: true, value: marked };
  const { mayExist, delivery, now } = context;
  if (!mayExist || delivery.firstStartedAt === undefined) return { ok: true, value: undefined };
  const since = Date.parse(delivery.firstStartedAt) - clockTolerance;
  for (const channel of open) {
    if (!names.includes(channel.name) || channel.creator !== me) continue;
    if (channel.created * 1000 < since || hasAnyMark(channel)) continue;
    if (channel.created * 1000 > Date.parse(now) - clockTolerance - settleMs) {
      // It may be another incident's that is being marked at this moment: two were declared offline, say.
      if (!(await pause(settleMs, signal))) return { ok: false, failure: stopped };
    }
    const asked = await call(
      'conversations.info',
      { channel: channel.id },
      'look at the channel',
      oneChannel,
    );
    if (!asked.ok) return asked;
    const again = asked.value.channel;
    if (hasMark(again, context.key) || (!hasAnyMark(again) && !again.is_archived))
      return { ok: true, value: again };
  }
  return { ok: true, value: undefined };
}

const stopped: ApiFailure = {
  code: 'cancelled',
  message: 'Stopped before it was known whose channel that is.',
  retry: 'automatic',
};

/** By the machine's own timer. */
export const timerPause: Pause = async (ms, signal) => {
  const stop = new AbortController();
  const onAbort = (): void => stop.abort();
  if (signal.aborted) return false;
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    await wait(ms, undefined, { signal: stop.signal });
    return true;
  } catch {
    return false;
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
};

const markOf = ({ incident, key }: DeliveryContext): string => `Incident ${incident.number} · ${key}`;
const hasMark = ({ purpose }: SlackChannel, key: string): boolean => purpose.value.includes(key);
const hasAnyMark = ({ purpose }: SlackChannel): boolean => /\/slack\/create-channel\b/.test(purpose.value);

interface Made {
  readonly channel: SlackChannel;
  readonly found: boolean;
  /** The workspace's address. */
  readonly url: string;
}

/** Marks the channel and gives it its topic where that is not done yet: repeatable after a crash in between. */
async function finish(
  task: Task,
  context: DeliveryContext,
  call: SlackCall,
  { channel, found, url }: Made,
): Promise<DeliveryResult> {
  const missed: string[] = [];
  const set = async (field: 'purpose' | 'topic', value: string): Promise<ApiFailure | undefined> => {
    const method = field === 'topic' ? 'conversations.setTopic' : 'conversations.setPurpose';
    const asked = await call(method, { channel: channel.id, [field]: value }, `set its ${field}`, anyAnswer);
    if (asked.ok) return undefined;
    if (asked.failure.retry === 'automatic') return asked.failure;
    // The channel is there and can be used: that is worth more than its headline.
    missed.push(`its ${field} could not be set (${asked.failure.said ?? asked.failure.code})`);
    return undefined;
  };
  if (!hasMark(channel, context.key)) {
    const failure = await set('purpose', cutText(markOf(context), longestHeadline));
    if (failure) return deliveryFailed(failure);
  }
  // A topic that is there was set by an earlier attempt, or by a person since.
  if (channel.topic.value === '' && task.topic !== '') {
    const failure = await set('topic', cutText(task.topic, longestHeadline));
    if (failure) return deliveryFailed(failure);
  }
  return {
    kind: 'delivered',
    receipt: {
      id: channel.id,
      name: `#${channel.name}`,
      url: `${url.replace(/\/*$/, '')}/archives/${channel.id}`,
      ...(missed.length === 0 ? {} : { detail: missed.join(', ') }),
    },
    ...(found ? { found } : {}),
  };
}
