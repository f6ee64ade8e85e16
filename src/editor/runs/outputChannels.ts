import * as vscode from 'vscode';
import type { Incident } from '../../core/incident/incident.ts';
import type { LiveRun } from '../../core/run/runStep.ts';
import { outcomeMessage, renderOutcome } from '../../core/views/outcomeText.ts';
import { hideSecrets } from '../../core/plan/words/hideSecrets.ts';
import { oneLine } from '../../core/views/oneLine.ts';
import type { Outcome, Plan } from '../../core/plan/plan.ts';
import { formatRunTime } from '../../core/incident/durations.ts';

/** One output channel per incident: a header line per run, the output as it comes, the outcome. */
export interface OutputChannels {
  show(incident: Incident): void;
  started(incident: Incident, run: LiveRun): void;
  wrote(incident: Incident, text: string): void;
  ended(
    incident: Incident,
    run: LiveRun,
    outcome: Outcome,
    durationMs: number,
    note: string | undefined,
  ): void;
  dispose(): void;
}

/** A header is one line: a set of queries is named by its first, which its output repeats with all the others. */
const commandOf = ({ kind, preview }: Plan): string =>
  hideSecrets(kind === 'query' ? oneLine(preview.split('\n# ')[0] ?? '') : preview);

export function createOutputChannels(): OutputChannels {
  const channels = new Map<string, vscode.OutputChannel>();
  const of = (incident: Incident): vscode.OutputChannel => {
    const known = channels.get(incident.id);
    if (known) return known;
    const made = vscode.window.createOutputChannel(`Incident ${incident.number}`);
    channels.set(incident.id, made);
    return made;
  };
  return {
    show: (incident) => of(incident).show(true),
    started: (incident, run) => {
      const { context, namespace } = run.plan.target;
      const place = [context, namespace].filter((part) => part !== undefined).join('/');
      const where = run.plan.kind === 'http' || run.plan.kind === 'query' || !place ? '' : ` [${place}]`;
      of(incident).appendLine(
        `== ${run.startedAt} ${run.undoes === undefined ? `step ${run.step.number}` : 'undo'} "${run.step.text}"${where} $ ${commandOf(run.plan)}`,
      );
    },
    wrote: (incident, text) => of(incident).append(text),
    ended: (incident, _run, outcome, durationMs, note) => {
      const { text } = renderOutcome(outcome);
      const message = outcomeMessage(outcome);
      const told = message === undefined || message === text ? '' : ` ${message}`;
      of(incident).appendLine(
        `== ${text} after ${formatRunTime(durationMs)}.${told}${note ? ` ${note}` : ''}\n`,
      );
    },
    dispose: () => {
      for (const channel of channels.values()) channel.dispose();
    },
  };
}
