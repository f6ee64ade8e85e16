import * as vscode from 'vscode';
import { waitingApprovals, type Approval } from '../../core/approvals/approval.ts';
import { isApprovalWanted } from '../../core/run/seekApproval.ts';
import type { Incident } from '../../core/incident/incident.ts';
import { rolesOf } from '../../core/people/peopleFor.ts';
import { sameWords } from '../../core/people/sameWords.ts';
import { renderApprovalQuestion } from '../../core/views/approvalQuestions.ts';
import { askSentence, renderApproval } from '../../core/views/approvalTexts.ts';
import { readApprovalPolicy } from '../approvals/approvalPolicy.ts';
import { askText, pick } from '../ask/ask.ts';
import { performStep } from '../runs/performStep.ts';
import type { CommandDeps, CommandFactory } from './commandDeps.ts';
import { currentIncident, textArgument } from './onIncident.ts';
import { sequencesOf } from './runbooks.ts';

interface Found {
  readonly incident: Incident;
  readonly approval: Approval;
}

/** A click in a tree hands over the node: its subject is the request. */
const requestOf = (asked: unknown): string | undefined =>
  textArgument(asked) ?? textArgument((asked as { subject?: readonly unknown[] } | undefined)?.subject?.[0]);

/** Agrees to what another person asked for, after a look at exactly what that is. */
export const approve: CommandFactory = (deps) => async (asked) => {
  const found = await find(deps, asked, 'Approve', (one) => !sameWords(one.by, deps.userName()));
  if (!found) return;
  const { title, detail } = renderApprovalQuestion(found.approval, deps.now());
  const yes = 'Approve';
  const no = 'Refuse…';
  const answer = await vscode.window.showWarningMessage(title, { modal: true, detail }, yes, no);
  if (answer === no) return refuse(deps, found);
  if (answer !== yes) return;
  const who = deps.userName();
  const guide = deps.guides.guideOf(found.incident.guideFile);
  const roles = rolesOf(who, (await deps.people.load()).people, guide?.contacts ?? []);
  const result = await deps.incidents.handle(found.incident.id, {
    type: 'GiveApproval',
    data: { request: found.approval.request, who, how: 'editor', ...(roles.length > 0 ? { roles } : {}) },
    writer: deps.journal.writer,
  });
  if (!result.ok) void vscode.window.showWarningMessage(result.failure.message);
};

export const refuseApproval: CommandFactory = (deps) => async (asked) => {
  const found = await find(deps, asked, 'Refuse Approval', () => true);
  if (found) await refuse(deps, found);
};

async function refuse(deps: CommandDeps, { incident, approval }: Found): Promise<void> {
  const reason = await askText({
    title: `Refuse: ${approval.text}`,
    prompt: `Why not? ${approval.by} reads it. Enter refuses, Esc leaves it open.`,
  });
  if (reason === undefined) return;
  const result = await deps.incidents.handle(incident.id, {
    type: 'RefuseApproval',
    data: {
      request: approval.request,
      who: deps.userName(),
      how: 'editor',
      ...(reason === '' ? {} : { reason }),
    },
  });
  if (!result.ok) void vscode.window.showWarningMessage(result.failure.message);
}

/** The one that was clicked, else the one that waits, else a choice of them; of every active incident. */
async function find(
  deps: CommandDeps,
  asked: unknown,
  title: string,
  isMine: (approval: Approval) => boolean,
): Promise<Found | undefined> {
  await Promise.all([deps.session.ready(), deps.guides.load()]);
  const request = requestOf(asked);
  const active = deps.incidents.active();
  if (request !== undefined) {
    for (const incident of active) {
      const approval = incident.approvals.find((one) => one.request === request);
      if (approval) return { incident, approval };
    }
    void vscode.window.showWarningMessage('That request is not in an active incident any more.');
    return undefined;
  }
  const now = deps.now();
  const waiting = active.flatMap((incident) =>
    waitingApprovals(incident, now)
      .filter(isMine)
      .map((approval) => ({ incident, approval })),
  );
  if (waiting.length === 0) {
    void vscode.window.showInformationMessage('Nobody waits for an approval of yours.');
    return undefined;
  }
  return pick(
    waiting.map((found) => ({
      label: found.approval.text,
      description: `${found.incident.number}, ${renderApproval(found.approval, now)}`,
      detail: found.approval.command,
      value: found,
    })),
    { title, placeholder: 'Which one?' },
  );
}

/** Opens the runbook of a request, or where this workspace has no such guide, what was asked as a text. */
export const lookAtApproval: CommandFactory = (deps) => async (asked) => {
  await Promise.all([deps.session.ready(), deps.guides.load()]);
  const request = requestOf(asked);
  const incident = deps.incidents.all().find((one) => one.approvals.some((each) => each.request === request));
  const approval = incident?.approvals.find((one) => one.request === request);
  if (!incident || !approval) return;
  if (deps.session.current()?.id !== incident.id && incident.status === 'active')
    await deps.session.switchTo(incident.id);
  if (deps.guides.find(approval.sequence)) return deps.pages.open(approval.sequence);
  const { detail } = renderApprovalQuestion(approval, deps.now());
  await deps.readOnlyTexts.show(
    'approval.txt',
    `${askSentence(approval)}\n${renderApproval(approval, deps.now())}\n\n${detail}\n`,
  );
};

/** Asks for the approval of a step that needs one: those are listed. Run on such a step does the same. */
export const requestApproval: CommandFactory = (deps) => async (asked) => {
  const at = await currentIncident(deps);
  if (!at) return;
  const { incident } = at;
  const policy = { policy: readApprovalPolicy };
  const wanting = sequencesOf(deps)
    .flatMap(({ sequence }) =>
      sequence.steps
        .filter(({ command }) => command !== undefined)
        .map((step) => ({ sequence, step, plan: deps.runs.plan(incident, step) })),
    )
    .filter(({ step, plan }) => isApprovalWanted({ incident, step }, plan, policy));
  const id = textArgument(asked);
  const chosen =
    wanting.find(({ step }) => step.id === id) ??
    (wanting.length === 0
      ? undefined
      : await pick(
          wanting.map((one) => ({
            label: `${one.step.number}. ${one.step.text}`,
            description: one.sequence.title,
            detail: one.plan.preview,
            value: one,
          })),
          { title: 'Request Approval', placeholder: 'Of which step? What it would do is looked at first.' },
        ));
  if (wanting.length === 0)
    void vscode.window.showInformationMessage(
      'No step of these guides needs an approval here: neither the settings nor a guide ask for one.',
    );
  if (!chosen) return;
  const result = await performStep(deps, chosen.sequence.id, chosen.step, 'palette');
  if (!result.ok && result.failure.code !== 'cancelled')
    void vscode.window.showWarningMessage(result.failure.message);
};
