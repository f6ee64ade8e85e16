import type { IncidentEvent } from '../incident/events.ts';
import { approvalState, whyNoRefusal, whyNoYes, type Approval } from './approval.ts';

/** Approvals while facts are applied, by request, oldest first. */
export type ApprovalDraft = Map<string, Approval>;

type ApprovalEvent = Extract<IncidentEvent, { type: `Approval${string}` }>;

/**
 * Folds one fact about an approval. Total: an answer that does not count (one's own, too late, of somebody without the
 * role) changes nothing, whoever wrote it into the journal.
 */
export function foldApproval(draft: ApprovalDraft, event: ApprovalEvent): void {
  const { request } = event.data;
  const known = draft.get(request);
  if (event.type === 'ApprovalRequested') {
    const { time: at, by, writer } = event;
    if (!known)
      draft.set(request, { ...event.data, at, by, writer, given: [], refused: undefined, usedBy: undefined });
    return;
  }
  if (!known) return;
  const { how, who, reason } = event.data;
  const because = reason === undefined ? {} : { reason };
  if (event.type === 'ApprovalRefused') {
    if (whyNoRefusal(known, event.time) === undefined)
      draft.set(request, { ...known, refused: { at: event.time, who, how, ...because } });
    return;
  }
  const roles = event.data.roles ?? [];
  if (whyNoYes(known, { who, how, roles, reason, writer: event.writer }, event.time) !== undefined) return;
  draft.set(request, { ...known, given: [...known.given, { at: event.time, who, how, roles, ...because }] });
}

/** A run has begun with it: it is used up. */
export function useApproval(draft: ApprovalDraft, request: string, run: string, at: string): void {
  const known = draft.get(request);
  if (known && approvalState(known, at) === 'approved') draft.set(request, { ...known, usedBy: run });
}
