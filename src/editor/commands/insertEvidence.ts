import * as vscode from 'vscode';
import { utcDateTime, utcTime } from '../../core/incident/instants.ts';
import { evidenceText } from '../../core/postmortem/causeSection.ts';
import { escapeMarkdown, linkTo } from '../../core/postmortem/markdownText.ts';
import { outcomeSentence } from '../../core/views/timeline.ts';
import { pick, type Choice } from '../ask/ask.ts';
import { linksFrom } from '../postmortem/postMortemText.ts';
import type { CommandDeps, CommandFactory } from './commandDeps.ts';
import type { OnIncident } from './onIncident.ts';
import { findPostMortem, folderOf } from './postMortems.ts';

/** Puts a piece of evidence, or the output of a run, at the cursor as a link that works from the document. */
export const insertEvidence: CommandFactory = (deps) => async () => {
  const open = await findPostMortem(deps);
  if (!open) return;
  const { document, at } = open;
  if (!at) {
    void vscode.window.showWarningMessage(
      'The journal of this post-mortem’s incident is not here, and its evidence is beside it. Nothing was inserted.',
    );
    return;
  }
  const choices = evidenceChoices(deps, at, folderOf(document));
  if (choices.length === 0) {
    void vscode.window.showInformationMessage(
      'This incident has no evidence and no saved output yet. Incident: Add Evidence keeps some.',
    );
    return;
  }
  const text = await pick(choices, {
    title: 'Insert Evidence',
    placeholder: 'It stands at the cursor as a link',
  });
  if (text === undefined) return;
  const editor = await vscode.window.showTextDocument(document, { preserveFocus: false });
  await editor.edit((edit) => {
    for (const { active } of editor.selections) edit.insert(active, text);
  });
};

function evidenceChoices(deps: CommandDeps, at: OnIncident, folder: string): readonly Choice<string>[] {
  const { incident } = at;
  const links = linksFrom(deps, incident.id, folder);
  const input = { ...at, ...links };
  const kept = incident.evidence.map((one) => ({
    label: one.note ?? one.text.split(/\r?\n/)[0] ?? '',
    description: `${one.kind}, ${one.by}, ${utcTime(one.at)} UTC`,
    detail: one.note === undefined ? '' : one.text.slice(0, 120),
    value:
      // A picture is worth being seen where it is named.
      one.kind === 'picture' && one.file
        ? `!${linkTo(escapeMarkdown(one.note ?? one.text), links.linkToEvidence(one.file))}`
        : evidenceText(one, input),
  }));
  const pins = incident.pins.map(({ author, text, at: when, url }) => ({
    label: text.slice(0, 80),
    description: `pinned by ${author}, ${utcTime(when)} UTC`,
    detail: '',
    value: `“${escapeMarkdown(text)}” (${escapeMarkdown(author)}, ${utcDateTime(when)}${url === undefined ? '' : `, ${linkTo('message', url)}`})`,
  }));
  const outputs = [...incident.runs].reverse().flatMap(({ text, command, end, startedAt, by }) =>
    end?.output
      ? [
          {
            label: text || command,
            description: `output, ${by}, ${utcTime(startedAt)} UTC`,
            detail: outcomeSentence(end.outcome),
            value: `${linkTo(escapeMarkdown(text || 'output'), links.linkToOutput(end.output))} (${utcDateTime(startedAt)})`,
          },
        ]
      : [],
  );
  return [...kept, ...pins, ...outputs];
}
