import * as path from 'node:path';
import * as vscode from 'vscode';
import { messageOf } from '../../core/errors.ts';
import type { Guide, StepSequence } from '../../core/guide/guide.ts';
import { stepSequences } from '../../core/guide/stepSequences.ts';
import type { Incident } from '../../core/incident/incident.ts';
import { certainValues } from '../../core/plan/words/certainValues.ts';
import { recordRunbook, runsToRecord } from '../../core/replay/recordRunbook.ts';
import { recordingEnding, renderRecording } from '../../core/replay/recording.ts';
import { judgeRecorded } from '../../core/replay/judgeRecorded.ts';
import { pick } from '../ask/ask.ts';
import type { CommandDeps, CommandFactory } from './commandDeps.ts';
import { currentIncident, textArgument } from './onIncident.ts';

/** Lines of a run's output that are looked at: what is longer is cut to its beginning and end anyway. */
const mostLines = 5_000;

interface Recordable {
  readonly guide: Guide;
  readonly sequence: StepSequence;
  readonly runs: number;
}

/** Keeps what an incident ran of a runbook as a file beside the guide, after a look at exactly what would be in it. */
export const recordReplay: CommandFactory = (deps) => async (id) => {
  const at = await currentIncident(deps, 'any');
  if (!at) return;
  await deps.guides.load();
  const { incident } = at;
  const chosen = await chooseRunbook(deps, incident, textArgument(id));
  if (!chosen) return;
  const { guide, sequence } = chosen;
  const guideUri = deps.guides.uriOf(guide);
  if (!vscode.workspace.getWorkspaceFolder(guideUri)) {
    void vscode.window.showInformationMessage(
      'This runbook is not in a guide of this workspace, so there is no place beside it. Nothing was saved.',
    );
    return;
  }
  const outputs = new Map<string, string>();
  for (const run of runsToRecord(incident, sequence).values()) {
    if (!run.end?.output) continue;
    const read = await deps.journal.readOutputTail(incident.id, run.end.output.file, mostLines);
    if (!read.ok) {
      void vscode.window.showWarningMessage(`${read.failure.message} Nothing was saved.`);
      return;
    }
    outputs.set(run.id, read.value);
  }
  const guideName = path.posix.basename(guideUri.path);
  const recording = recordRunbook(
    incident,
    { guide: guideName, sequence, values: certainValues(incident) },
    outputs,
    judgeRecorded,
  );
  const text = renderRecording(recording);
  const uri = vscode.Uri.joinPath(guideUri, '..', fileNameOf(guideName, sequence));
  const name = vscode.workspace.asRelativePath(uri, false);
  await deps.readOnlyTexts.show(path.posix.basename(uri.path), text);
  const isThere = await exists(uri);
  const save = isThere ? 'Replace' : 'Save';
  // Not modal: what would be saved is to be read and scrolled before the answer.
  const answer = await vscode.window.showInformationMessage(
    `Save this recording as ${name}${isThere ? ', in place of the one there' : ''}? What looks like a credential is hidden; read the rest.`,
    save,
    'Do Not Save',
  );
  if (answer !== save) return;
  try {
    await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
    await vscode.window.showTextDocument(uri, { preview: false });
  } catch (thrown) {
    void vscode.window.showErrorMessage(
      `The recording could not be saved as ${name} (${messageOf(thrown)}). The incident's journal is whole; record it again.`,
    );
  }
};

/** Runbooks of which this incident has a run that ended; asks when there are several. */
async function chooseRunbook(
  deps: Pick<CommandDeps, 'guides'>,
  incident: Incident,
  asked: string | undefined,
): Promise<Recordable | undefined> {
  const all = deps.guides
    .all()
    .flatMap((guide) =>
      stepSequences(guide).map((sequence) => ({
        guide,
        sequence,
        runs: runsToRecord(incident, sequence).size,
      })),
    )
    .filter(({ runs }) => runs > 0);
  const named = all.find(({ sequence }) => sequence.id === asked);
  if (named) return named;
  if (all.length === 0) {
    void vscode.window.showInformationMessage(
      `${incident.number} has run no step of a runbook that is here. Run some, then record it.`,
    );
    return undefined;
  }
  return pick(
    all.map((one) => ({
      label: one.sequence.title,
      description: `${one.runs} of ${one.sequence.steps.length} steps run`,
      value: one,
    })),
    { title: 'Record Replay', placeholder: 'Which runbook?' },
  );
}

/** `guide.service-unavailable-503.replay.yaml` */
const fileNameOf = (guide: string, { title }: StepSequence): string => {
  const slug = title
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60);
  return `${guide.replace(/\.md$/i, '')}.${slug || 'runbook'}${recordingEnding}`;
};

async function exists(uri: vscode.Uri): Promise<boolean> {
  try {
    await vscode.workspace.fs.stat(uri);
    return true;
  } catch {
    return false; // nothing there, or nothing to see: the write says which
  }
}
