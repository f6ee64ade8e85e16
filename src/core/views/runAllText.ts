import type { Fate, RunAllReport } from '../run/runAll.ts';
import type { Rehearsal } from '../run/rehearse.ts';
import { renderChange } from '../run/runStep.ts';
import { outcomeSentence } from './timeline.ts';

/**
 * What a Run all or a dry run came to, a paragraph for each step, for a person to read. Says plainly where a step was
 * not run.
 */
export function renderRunAll(title: string, report: RunAllReport, dry: boolean): string {
  const fates = report.fates.map(
    ({ step, what }) => `${step.number}. ${step.text}\n   ${fateText(what).replaceAll('\n', '\n   ')}`,
  );
  return [`${dry ? 'Dry run' : 'Run all'}: ${title}`, report.message, ...fates].join('\n\n') + '\n';
}

function fateText(what: Fate['what']): string {
  switch (what.kind) {
    case 'ran':
      return `Ran: ${outcomeSentence(what.outcome)}`;
    case 'background':
      return 'Runs in the background.';
    case 'passed-over':
      return `Not run: ${what.because}.`;
    case 'refused':
      return `Not run. ${what.failure.message}`;
    case 'rehearsed':
      return rehearsalText(what.rehearsal);
  }
}

function rehearsalText(rehearsal: Rehearsal): string {
  switch (rehearsal.kind) {
    case 'read':
      return `A read, so it was run: ${outcomeSentence(rehearsal.outcome)}`;
    case 'dry-run':
      return `Sent as a dry run, nothing was changed: ${outcomeSentence(rehearsal.outcome)}`;
    case 'looked':
      return [
        rehearsal.refusal === undefined
          ? 'Looked at, nothing was changed. It would do this:'
          : `It would be refused: ${rehearsal.refusal}`,
        ...rehearsal.changes.map((change) => `- ${renderChange(change)}`),
        ...(rehearsal.changes.length === 0 && rehearsal.refusal === undefined
          ? ['- What the command says; no difference can be read beforehand.']
          : []),
        ...rehearsal.warnings.map((warning) => `! ${warning}`),
      ].join('\n');
    case 'none':
      return 'This step has no dry run: it was not run.';
  }
}
