import type { Guide, PhasePart, Step } from '../guide/guide.ts';
import type { OutputRef } from '../incident/events.ts';
import { isKnown } from '../incident/evolve.ts';
import type { Incident, Run } from '../incident/incident.ts';
import { utcTime } from '../incident/instants.ts';
import { chosenOptions, isItemDone, lastRun, stepMark } from '../incident/progress.ts';
import { judgeStep } from '../judge/judgeStep.ts';
import { commandsOf, groupAlike, outputsOf } from './alikeRuns.ts';
import { escapeMarkdown } from './markdownText.ts';
import { endOf, isBad } from './timelineEntries.ts';

export interface TriedInput {
  readonly incident: Incident;
  readonly guide: Guide | undefined;
  readonly linkToOutput: (ref: OutputRef) => string;
}

/** A list that nobody reads to its end hides what is in it. */
const LINE_LIMIT = 12;

/**
 * What did not help or did not apply: changes that failed or were taken back, steps skipped or passed over with their
 * reason, conditions that the output spoke against, options of the guide that nobody used. Markdown list items.
 */
export function triedLines({ incident, guide, linkToOutput }: TriedInput): string[] {
  const lines: string[] = [];
  const cameOf = new Map<Run, string>();
  for (const run of incident.runs) {
    if (run.risk === 'read' || run.dryRun === true) continue;
    const back = takenBack(incident, run);
    if (!isBad(run) && back === undefined) continue;
    cameOf.set(run, [...(isBad(run) ? [endOf(run)] : []), ...(back === undefined ? [] : [back])].join('; '));
  }
  const alike = groupAlike([...cameOf.keys()], (run) => JSON.stringify([run.text, cameOf.get(run)]));
  for (const group of alike) {
    const { first, count } = group;
    const times = count === 1 ? '' : `, ${count} times`;
    const outputs = outputsOf(group, linkToOutput);
    lines.push(
      `${escapeMarkdown(first.text)}${times} (${commandsOf(group)}): ${cameOf.get(first) ?? ''}${outputs}`,
    );
  }
  lines.push(...skipped(incident), ...unmet(incident, guide), ...unused(incident, guide));
  const all = [...new Set(lines)].map((line) => `- ${line}`);
  if (all.length <= LINE_LIMIT) return all;
  return [...all.slice(0, LINE_LIMIT), `- and ${all.length - LINE_LIMIT} more, in the timeline`];
}

function takenBack({ changes, runs }: Incident, { id }: Run): string | undefined {
  const undone = changes.find((change) => change.run === id && change.undone)?.undone;
  // The time at which the timeline has it: runs stand there at their start.
  const at = undone && (runs.find((run) => run.id === undone.run)?.startedAt ?? undone.at);
  return undone && at && `taken back at ${utcTime(at)} UTC by ${escapeMarkdown(undone.by)}`;
}

/** Steps that a person or a Run all left out, with why. */
function skipped(incident: Incident): string[] {
  const lines: string[] = [];
  const add = (text: string, because: string | undefined): void => {
    lines.push(`${escapeMarkdown(text)}: not run${because ? `, ${escapeMarkdown(because)}` : ''}`);
  };
  for (const event of incident.events) {
    if (!isKnown(event)) continue;
    if (event.type === 'StepSkipped') add(event.data.text, event.data.reason);
    // That it did not apply is worth knowing; that it was done by hand or is kept out of Run all is not.
    if (event.type === 'RunAllEnded' && event.data.dry !== true)
      for (const { text, because, step } of event.data.passedOver)
        if (because.startsWith('it does not apply') && lastRun(incident, step) === undefined)
          add(text, because);
  }
  return lines;
}

/** Conditions of steps nobody ran, in sequences somebody worked on, where the output says that they do not hold. */
function unmet(incident: Incident, guide: Guide | undefined): string[] {
  return sequencesOf(guide).flatMap((steps) => {
    if (!steps.some(({ id }) => lastRun(incident, id) !== undefined)) return [];
    return steps.flatMap((step) => {
      if (lastRun(incident, step.id) !== undefined || stepMark(incident, step.id) !== undefined) return [];
      const judged = judgeStep(step, steps, incident);
      if (judged?.verdict !== 'does-not-apply') return [];
      const condition = step.condition ?? step.attributes['ir.when'] ?? '';
      return [
        `${escapeMarkdown(step.text)}: ${escapeMarkdown(condition)} did not apply, ${escapeMarkdown(judged.because)}`,
      ];
    });
  });
}

const sequencesOf = (guide: Guide | undefined): readonly (readonly Step[])[] => [
  ...(guide?.phases ?? []).flatMap(({ parts }) =>
    parts.flatMap((part) => (part.kind === 'steps' || part.kind === 'option' ? [part.steps] : [])),
  ),
  ...(guide?.runbooks ?? []).map(({ steps }) => steps),
];

type Option = Extract<PhasePart, { kind: 'option' }>;

/** The guide's options that were open and not taken; said only where one was taken, else nothing was chosen yet. */
function unused(incident: Incident, guide: Guide | undefined): string[] {
  return (guide?.phases ?? []).flatMap((phase) => {
    const chosen = chosenOptions(incident, phase);
    if (chosen.length === 0) return [];
    return phase.parts
      .filter((part): part is Option => part.kind === 'option' && !chosen.includes(part))
      .filter(
        ({ id, steps }) => !isItemDone(incident, id) && steps.every((one) => !stepMark(incident, one.id)),
      )
      .map(({ label, title, condition }) => {
        const when = condition ? ` (${escapeMarkdown(condition)})` : '';
        return `Option ${escapeMarkdown(label)}, ${escapeMarkdown(title)}${when}: not used`;
      });
  });
}
