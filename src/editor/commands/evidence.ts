import * as path from 'node:path';
import * as vscode from 'vscode';
import type { Evidence, Incident } from '../../core/incident/incident.ts';
import { utcTime } from '../../core/incident/instants.ts';
import { longestEvidence, readEvidence } from '../../core/signals/pastedReport.ts';
import { evidencePath, keepEvidence } from '../../journal/evidenceFile.ts';
import { askText, pick } from '../ask/ask.ts';
import { openWeb } from '../ask/openWeb.ts';
import { getSetting } from '../settings.ts';
import type { CommandDeps, CommandFactory } from './commandDeps.ts';
import { currentIncident, record, subjectOf, textArgument } from './onIncident.ts';

/** Keeps what somebody outside reported: pasted text, or an address. */
export const addEvidence: CommandFactory = (deps) => async () => {
  const at = await currentIncident(deps, 'any');
  if (!at) return;
  const pasted = await askText({
    title: `Evidence for ${at.incident.number}`,
    prompt: 'Paste what was reported, or the address where it stands. It is kept word for word.',
    placeholder: 'https://support.example.com/tickets/4711',
    validate: (text) => (readEvidence(text) ? undefined : 'Paste something, or press Esc.'),
  });
  const data = pasted === undefined ? undefined : readEvidence(pasted);
  if (data) await record(deps, at.incident, { type: 'AddEvidence', data });
};

const pictures = /\.(?:png|jpe?g|gif|webp|bmp|svg)$/i;

/** Copies a file or a picture beside the journal, with its hash in the journal. From a menu: the file clicked. */
export const addEvidenceFile: CommandFactory = (deps) => async (clicked) => {
  const at = await currentIncident(deps, 'any');
  if (!at) return;
  const chosen =
    clicked instanceof vscode.Uri
      ? [clicked]
      : await vscode.window.showOpenDialog({
          title: `Evidence for ${at.incident.number}`,
          openLabel: 'Keep',
        });
  const [uri] = chosen ?? [];
  if (!uri) return;
  if (uri.scheme !== 'file') {
    void vscode.window.showWarningMessage('Only a file on this machine can be kept. Save it first.');
    return;
  }
  const note = await askNote(`What does ${path.basename(uri.fsPath)} show?`);
  if (note === undefined) return;
  const kept = await keepEvidence({
    folder: folderOf(deps, at.incident),
    source: uri.fsPath,
    id: deps.newId(),
    maxBytes: getSetting('evidence.maxMegabytes') * 1_048_576,
  });
  if (!kept.ok) {
    void vscode.window.showErrorMessage(kept.failure.message);
    return;
  }
  const text = path.basename(uri.fsPath);
  await record(deps, at.incident, {
    type: 'AddEvidence',
    data: {
      kind: pictures.test(text) ? 'picture' : 'file',
      text,
      file: kept.value,
      ...(note === '' ? {} : { note }),
    },
  });
};

/** Keeps lines of a run's output as evidence, with a note of what they show. */
export const attachOutput: CommandFactory = (deps) => async (id) => {
  const at = await currentIncident(deps, 'any');
  const run = at && (await findRun(at.incident, textArgument(id), 'Attach Output'));
  if (!at || !run) return;
  const lines = await outputLines(deps, at.incident, run);
  if (!lines) return;
  const chosen = await pickLines(lines, 'Which lines are the evidence?');
  if (!chosen) return;
  const note = await askNote('What do these lines show?');
  if (note === undefined) return;
  const text = chosen.join('\n').slice(0, longestEvidence);
  await record(deps, at.incident, {
    type: 'AddEvidence',
    data: { kind: 'output', text, run, ...(note === '' ? {} : { note }) },
  });
};

const askNote = (prompt: string): Promise<string | undefined> =>
  askText({
    title: 'Attach to Evidence',
    prompt: `${prompt} Enter keeps it without a note, Esc keeps nothing.`,
  });

const folderOf = (deps: Pick<CommandDeps, 'journal'>, incident: Incident): string =>
  path.join(deps.journal.folder, incident.id);

/** The run asked for, else one of those whose output was saved, the newest first. */
export async function findRun(
  incident: Incident,
  asked: string | undefined,
  title: string,
): Promise<string | undefined> {
  const withOutput = incident.runs.filter(({ end }) => (end?.output?.lines ?? 0) > 0).reverse();
  if (asked !== undefined && withOutput.some(({ id }) => id === asked)) return asked;
  if (withOutput.length === 0) {
    void vscode.window.showInformationMessage('No run of this incident has saved any output yet.');
    return undefined;
  }
  return pick(
    withOutput.map(({ id, text, command, startedAt, by }) => ({
      label: text,
      description: `${utcTime(startedAt)} UTC, ${by}`,
      detail: command,
      value: id,
    })),
    { title, placeholder: 'The output of which run?' },
  );
}

/** The last lines of a run's saved output; says why where there are none. */
export async function outputLines(
  deps: Pick<CommandDeps, 'journal'>,
  incident: Incident,
  run: string,
): Promise<readonly string[] | undefined> {
  const output = incident.runs.find(({ id }) => id === run)?.end?.output;
  const read = output && (await deps.journal.readOutputTail(incident.id, output.file, 500));
  if (read && !read.ok) void vscode.window.showErrorMessage(read.failure.message);
  const lines = read?.ok ? read.value.replace(/\n+$/, '').split('\n') : [];
  return lines.join('').trim() === '' ? undefined : lines;
}

/** How much of an output: its end, all that is shown, or the lines with a word. */
export async function pickLines(
  lines: readonly string[],
  placeholder: string,
): Promise<readonly string[] | undefined> {
  const last = (count: number) =>
    lines.length > count
      ? [
          {
            label: `The last ${count} lines`,
            detail: lines.at(-1)?.slice(0, 120) ?? '',
            value: lines.slice(-count),
          },
        ]
      : [];
  return pick<readonly string[]>(
    [
      { label: lines.length === 1 ? 'The line' : `All ${lines.length} lines`, value: lines },
      ...last(10),
      ...last(50),
    ],
    {
      title: 'Lines of the Output',
      placeholder: `${placeholder} A word picks the lines that hold it.`,
      typed: (word) => {
        const found = lines.filter((line) => line.toLowerCase().includes(word.toLowerCase()));
        return found.length === 0
          ? undefined
          : { label: `${found.length} with “${word}”`, detail: found[0]?.slice(0, 120) ?? '', value: found };
      },
    },
  );
}

/** Opens a piece of evidence to be read: a picture as a picture, a file read-only, an address in the browser. */
export const openEvidence: CommandFactory = (deps) => async (asked) => {
  const at = await currentIncident(deps, 'any');
  const id = textArgument(asked) ?? subjectOf(asked);
  const found = at?.incident.evidence.find((one) => one.id === id);
  if (at && found) await showEvidence(deps, at.incident, found);
};

/** Shows a piece of evidence to be read. */
export async function showEvidence(
  deps: Pick<CommandDeps, 'journal' | 'readOnlyTexts'>,
  incident: Incident,
  evidence: Evidence,
): Promise<void> {
  const { kind, text, note, file } = evidence;
  if (kind === 'url') {
    await openWeb(text);
    return;
  }
  if (!file) return deps.readOnlyTexts.show('evidence.txt', note === undefined ? text : `${note}\n\n${text}`);
  const uri = vscode.Uri.file(evidencePath(folderOf(deps, incident), file));
  await vscode.commands.executeCommand('vscode.open', uri, { preview: true });
  if (kind === 'file')
    await vscode.commands.executeCommand('workbench.action.files.setActiveEditorReadonlyInSession');
}
