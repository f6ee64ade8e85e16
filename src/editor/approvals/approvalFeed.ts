import { waitingApprovals, type Approval } from '../../core/approvals/approval.ts';
import {
  answersIn,
  type ChannelAnswers,
  type Reaction,
  type Reply,
} from '../../core/approvals/channelAnswers.ts';
import { approvalDelivery } from '../../core/deliveries/planApproval.ts';
import type { Result } from '../../core/errors.ts';
import type { Incident } from '../../core/incident/incident.ts';
import type { Signal } from '../../core/ports.ts';
import {
  createChannelFeed,
  type Channel,
  type ChannelFeed,
  type ChannelFeedDeps,
} from '../outward/channelFeed.ts';
import type { GuideLibrary } from '../guides/guideLibrary.ts';
import type { People } from '../people/peopleFile.ts';

/** How often the answers to an open request are looked at, ms: Slack allows some fifty such calls a minute. */
const everyMs = 10_000;

export interface ApprovalFeedDeps extends ChannelFeedDeps {
  readonly people: Pick<People, 'load'>;
  readonly guides: Pick<GuideLibrary, 'guideOf'>;
  /** UTC ISO 8601. */
  readonly now: () => string;
  readonly fetchReactions: (message: AskingMessage, signal: Signal) => Promise<Result<readonly Reaction[]>>;
  readonly fetchReplies: (message: AskingMessage, signal: Signal) => Promise<Result<readonly Reply[]>>;
}

type AskingMessage = Channel & { readonly timestamp: string };

/**
 * Takes reactions to the message that asks for an approval, and replies in its channel, as answers, only while somebody
 * waits. An app without the scope for one of the two has the other; when either cannot be read just now, none counts: it
 * may hold a refusal.
 */
export function createApprovalFeed(deps: ApprovalFeedDeps): ChannelFeed {
  const answer = async (
    incident: Incident,
    approval: Approval,
    channel: Channel,
    signal: AbortSignal,
  ): Promise<void> => {
    const message = incident.deliveries.find(
      ({ delivery }) => delivery === approvalDelivery(approval.request),
    );
    if (message?.state !== 'delivered' || !message.receipt) return;
    const asking = { ...channel, timestamp: message.receipt.id };
    const [reactions, replies] = await Promise.all([
      deps.fetchReactions(asking, signal),
      deps.fetchReplies(asking, signal),
    ]);
    if (signal.aborted) return;
    const [reacted, replied] = [allowed(reactions), allowed(replies)];
    if (!reacted || !replied) return;
    const answers: ChannelAnswers = { reactions: reacted, replies: replied };
    const { people } = await deps.people.load();
    const contacts = deps.guides.guideOf(incident.guideFile)?.contacts ?? [];
    for (const one of answersIn(approval, answers, people, contacts, deps.now()))
      await deps.incidents.handle(incident.id, one);
  };
  return createChannelFeed(deps, {
    name: 'approvals',
    everyMs,
    isWanted: (incident) => waitingApprovals(incident, deps.now()).length > 0,
    lookAt: async (incident, channel, signal) => {
      for (const approval of waitingApprovals(incident, deps.now()))
        await answer(incident, approval, channel, signal);
    },
  });
}

/** Undefined when it could not be read now; nothing where the app is never let. */
function allowed<T>(read: Result<readonly T[]>): readonly T[] | undefined {
  if (read.ok) return read.value;
  return read.failure.code === 'forbidden' ? [] : undefined;
}
