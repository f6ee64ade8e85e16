import * as vscode from 'vscode';
import { waitingApprovals, type Approval } from '../core/approvals/approval.ts';
import { answersIn, type Reaction } from '../core/approvals/reactions.ts';
import { approvalDelivery } from '../core/deliveries/planApproval.ts';
import type { Result } from '../core/errors.ts';
import type { Incident } from '../core/incident/incident.ts';
import type { Signal } from '../core/ports.ts';
import type { Incidents } from '../journal/incidents.ts';
import type { LocalJournal } from '../journal/localJournal.ts';
import type { Connections } from './connections.ts';
import type { GuideLibrary } from './guideLibrary.ts';
import type { People } from './peopleFile.ts';

/** How often the reactions to an open request are looked at, ms: Slack allows some fifty such calls a minute. */
const everyMs = 10_000;

export interface ApprovalFeedDeps {
  readonly incidents: Incidents;
  readonly journal: Pick<LocalJournal, 'claim'>;
  readonly connections: Pick<Connections, 'tokenOf'>;
  readonly people: Pick<People, 'load'>;
  readonly guides: Pick<GuideLibrary, 'guideOf'>;
  /** UTC ISO 8601. */
  readonly now: () => string;
  readonly fetchReactions: (
    message: {
      readonly baseUrl: string;
      readonly token: string;
      readonly channel: string;
      readonly timestamp: string;
    },
    signal: Signal,
  ) => Promise<Result<readonly Reaction[]>>;
}

/**
 * Takes reactions to the message that asks for an approval as answers, by one window alone and only while somebody
 * waits. A look that fails is not told: the request stays open in every editor, and the next look is soon.
 */
export function createApprovalFeed(deps: ApprovalFeedDeps): vscode.Disposable & { look(): Promise<void> } {
  const stop = new AbortController();
  let looking = false;
  const look = async (): Promise<void> => {
    if (looking || !vscode.workspace.isTrusted) return;
    looking = true;
    try {
      for (const incident of deps.incidents.active())
        if (!incident.drill && waitingApprovals(incident, deps.now()).length > 0) await lookAt(incident);
    } finally {
      looking = false;
    }
  };
  const lookAt = async (incident: Incident): Promise<void> => {
    const made = incident.deliveries.find(({ delivery }) => delivery === 'slack/create-channel');
    const baseUrl = made?.place['baseUrl'];
    const channel = made?.receipt?.id;
    if (baseUrl === undefined || channel === undefined) return;
    const token = await deps.connections.tokenOf('slack', baseUrl);
    if (token === undefined) return;
    const claim = await deps.journal.claim(`${incident.id}/approvals`);
    if (!claim.ok || !claim.value) return;
    try {
      for (const approval of waitingApprovals(incident, deps.now()))
        await answer(incident, approval, { baseUrl, token, channel });
    } finally {
      await claim.value.release();
    }
  };
  const answer = async (
    incident: Incident,
    approval: Approval,
    place: { readonly baseUrl: string; readonly token: string; readonly channel: string },
  ): Promise<void> => {
    const message = incident.deliveries.find(
      ({ delivery }) => delivery === approvalDelivery(approval.request),
    );
    if (message?.state !== 'delivered' || !message.receipt) return;
    const reactions = await deps.fetchReactions({ ...place, timestamp: message.receipt.id }, stop.signal);
    if (!reactions.ok || stop.signal.aborted) return;
    const { people } = await deps.people.load();
    const contacts = deps.guides.guideOf(incident.guideFile)?.contacts ?? [];
    for (const one of answersIn(approval, reactions.value, people, contacts, deps.now()))
      await deps.incidents.handle(incident.id, one);
  };
  const timer = setInterval(() => void look(), everyMs);
  return {
    look,
    dispose: () => {
      clearInterval(timer);
      stop.abort();
    },
  };
}
