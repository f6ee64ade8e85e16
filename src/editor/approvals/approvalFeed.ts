import { waitingApprovals, type Approval } from '../../core/approvals/approval.ts';
import { answersIn, type Reaction } from '../../core/approvals/reactions.ts';
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

/** How often the reactions to an open request are looked at, ms: Slack allows some fifty such calls a minute. */
const everyMs = 10_000;

export interface ApprovalFeedDeps extends ChannelFeedDeps {
  readonly people: Pick<People, 'load'>;
  readonly guides: Pick<GuideLibrary, 'guideOf'>;
  /** UTC ISO 8601. */
  readonly now: () => string;
  readonly fetchReactions: (
    message: Channel & { readonly timestamp: string },
    signal: Signal,
  ) => Promise<Result<readonly Reaction[]>>;
}

/** Takes reactions to the message that asks for an approval as answers, only while somebody waits. */
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
    const reactions = await deps.fetchReactions({ ...channel, timestamp: message.receipt.id }, signal);
    if (!reactions.ok || signal.aborted) return;
    const { people } = await deps.people.load();
    const contacts = deps.guides.guideOf(incident.guideFile)?.contacts ?? [];
    for (const one of answersIn(approval, reactions.value, people, contacts, deps.now()))
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
