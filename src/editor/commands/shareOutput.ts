import * as vscode from 'vscode';
import { planShare, shareRequests } from '../../core/deliveries/planShare.ts';
import type { CommandFactory } from './commandDeps.ts';
import { findRun, outputLines, pickLines } from './evidence.ts';
import { currentIncident, textArgument } from './onIncident.ts';

/** Posts lines of a run's output in the incident's channel, after a look at exactly what would leave the machine. */
export const shareOutput: CommandFactory = (deps) => async (id) => {
  const at = await currentIncident(deps, 'any');
  if (!at) return;
  const { incident } = at;
  if (incident.drill) {
    void vscode.window.showInformationMessage(
      `${incident.number} is a drill: nothing of it leaves this machine. Nothing was sent.`,
    );
    return;
  }
  if (shareRequests(incident, '', 'none').length === 0) {
    void vscode.window.showInformationMessage(
      `${incident.number} has no channel to post in. Nothing was sent; Incident: Announce makes one.`,
    );
    return;
  }
  const run = await findRun(incident, textArgument(id), 'Share Output');
  const ran = incident.runs.find((one) => one.id === run);
  const lines = run === undefined ? undefined : await outputLines(deps, incident, run);
  const chosen = lines && (await pickLines(lines, 'Which lines are posted?'));
  if (!ran || !chosen) return;
  const share = planShare(ran, chosen);
  await deps.readOnlyTexts.compare('to the channel.md', share.before, share.text);
  const send = 'Send';
  const said = [
    share.hidden === 0
      ? 'Nothing in it looks like a credential.'
      : `${share.hidden} ${share.hidden === 1 ? 'place is' : 'places are'} hidden.`,
    ...(share.leftOut > 0 ? [`The first ${share.leftOut} lines are left out: it would be too long.`] : []),
  ].join(' ');
  // Not modal: what would leave is to be read and scrolled before the answer.
  const answer = await vscode.window.showWarningMessage(
    `Post what stands on the right in the channel of ${incident.number}? ${said}`,
    send,
  );
  if (answer !== send) return;
  const sent = await deps.deliveries.request(incident, shareRequests(incident, share.text, deps.newId()));
  if (!sent.ok) void vscode.window.showErrorMessage(sent.failure.message);
};
