import type { DeliveryTask, Receipt } from '../../core/deliveries/delivery.ts';
import type { DeliveryContext, DeliveryResult, DeliveryService } from '../../core/deliveries/deliveryPort.ts';
import type { Signal } from '../../core/ports.ts';
import type { ApiFailure, Fetch } from '../askJson.ts';
import { deliveryFailed, unexpected } from '../askJson.ts';
import type { TokenOf } from '../connection.ts';
import type { CreateChannelDeps, Pause } from './createChannel.ts';
import { createChannel, longestHeadline, timerPause } from './createChannel.ts';
import { invitePeople } from './invitePeople.ts';
import { cutText } from './mrkdwn.ts';
import { postMessage } from './postMessage.ts';
import { createSlackCall } from './slackApi.ts';
import { anyAnswer } from './slackChannel.ts';

export interface SlackServiceDeps {
  readonly tokenOf: TokenOf;
  /** Global `fetch` unless given. */
  readonly fetch?: Fetch;
  /** Without an answer for so long, a call has failed; ms. */
  readonly timeoutMs?: number;
  /** By the machine's timer unless given. */
  readonly pause?: Pause;
}

type SlackTask = Extract<DeliveryTask, { system: 'slack' }>;

/** Slack as deliveries see it: the incident's channel and what happens in it. */
export const createSlackService = (deps: SlackServiceDeps): DeliveryService => ({
  async deliver(context, signal) {
    const { task, place } = context.delivery;
    try {
      if (task.system !== 'slack') return refused('invalid', 'That is nothing Slack can be sent.');
      const baseUrl = place['baseUrl'];
      if (baseUrl === undefined)
        return refused(
          'invalid',
          'No address of Slack is known. Connect it with Incident: Connect, then retry.',
        );
      const token = await deps.tokenOf('slack', baseUrl);
      if (token === undefined)
        return refused(
          'unauthorized',
          'Slack is not connected, so nothing was sent. Connect it with Incident: Connect, then retry.',
        );
      const call = createSlackCall({ ...deps, baseUrl, token }, signal);
      return await act(task, context, { call, pause: deps.pause ?? timerPause }, signal);
    } catch (thrown) {
      return unexpected('Slack', thrown);
    }
  },
});

async function act(
  task: SlackTask,
  context: DeliveryContext,
  deps: CreateChannelDeps,
  signal: Signal,
): Promise<DeliveryResult> {
  if (task.act === 'create-channel') return createChannel(task, context, deps, signal);
  const channel = context.receiptOf('slack/create-channel');
  if (!channel)
    return refused(
      'not-found',
      'This incident has no Slack channel yet, so nothing was sent. Create it, or mark it as done by hand with its id, then retry.',
    );
  switch (task.act) {
    case 'invite':
      return invitePeople(task.people, channel, deps.call);
    case 'post':
      return postMessage(task, channel, context, deps.call);
    case 'set-topic': {
      const args = { channel: channel.id, topic: cutText(task.topic, longestHeadline) };
      const asked = await deps.call('conversations.setTopic', args, 'set the topic', anyAnswer);
      return asked.ok ? { kind: 'delivered', receipt: sameChannel(channel) } : deliveryFailed(asked.failure);
    }
    case 'archive': {
      const args = { channel: channel.id };
      const asked = await deps.call('conversations.archive', args, 'archive the channel', anyAnswer);
      if (asked.ok) return { kind: 'delivered', receipt: sameChannel(channel) };
      if (asked.failure.said !== 'already_archived') return deliveryFailed(asked.failure);
      return context.mayExist
        ? { kind: 'delivered', receipt: sameChannel(channel), found: true }
        : { kind: 'delivered', receipt: { ...sameChannel(channel), detail: 'somebody had archived it' } };
    }
  }
}

const sameChannel = ({ id, name, url }: Receipt): Receipt => ({
  id,
  ...(name === undefined ? {} : { name }),
  ...(url === undefined ? {} : { url }),
});

const refused = (code: ApiFailure['code'], message: string): DeliveryResult =>
  deliveryFailed({ code, message, retry: 'person' });
