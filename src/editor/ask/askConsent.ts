import * as vscode from 'vscode';
import type { Consent } from '../../core/run/runStep.ts';
import type { ConfirmationText } from '../../core/views/confirmation.ts';
import { askText } from './ask.ts';
import type { ReadOnlyTexts } from './readOnlyText.ts';

const dryRun = 'Dry Run';
const onlyReads = 'Run, It Only Reads';
const showDiff = 'Show Diff';

/** Asks before a change: what will be different, where, and by which command. Esc is no. */
export async function askConsent(
  text: ConfirmationText,
  typedName: string | undefined,
  texts: ReadOnlyTexts,
): Promise<Consent> {
  const others = [
    ...(text.offersDryRun ? [dryRun] : []),
    ...(text.offersOnlyReads ? [onlyReads] : []),
    ...(text.diff === undefined ? [] : [showDiff]),
  ];
  const { title, detail, runLabel } = text;
  let answer = await vscode.window.showWarningMessage(title, { modal: true, detail }, runLabel, ...others);
  if (answer === showDiff) {
    await texts.show('change.diff', text.diff ?? '');
    // Not modal this time: the diff is to be read and scrolled before the answer.
    answer = await vscode.window.showWarningMessage(
      title,
      runLabel,
      ...others.filter((one) => one !== showDiff),
    );
  }
  if (answer === undefined) return 'cancel';
  if (answer === dryRun) return 'dry-run';
  if (answer === onlyReads) return 'run-read';
  if (typedName === undefined) return 'run';
  const typed = await askText({
    title: 'This cannot be undone from here',
    prompt: `Type ${typedName} to run it. Esc: nothing happens.`,
    validate: (given) => (given === typedName ? undefined : `Type ${typedName} exactly, or press Esc.`),
  });
  return typed === typedName ? 'run' : 'cancel';
}
