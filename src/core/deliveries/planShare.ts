import { redact, type Redacted } from '../evidence/redact.ts';
import type { Incident, Run } from '../incident/incident.ts';
import { utcTime } from '../incident/instants.ts';
import type { DeliveryRequest } from './delivery.ts';
import { onOwn } from './ownPlace.ts';

/** Characters of output in one message: Slack cuts what is longer than 40,000, and nobody reads that in a channel. */
export const longestShare = 8_000;

/** A private key has fewer. */
const linesAbove = 500;

/** What of an output would be posted, and how it was before anything was hidden. */
export interface Share {
  readonly before: string;
  /** Exactly the message that leaves. */
  readonly text: string;
  readonly hidden: number;
  /** Lines at the beginning that were left out because the message would be too long. */
  readonly leftOut: number;
}

/** The message that shows lines of a run's output in the incident's channel, with what looks like a credential hidden. */
export function planShare(run: Pick<Run, 'text' | 'by' | 'startedAt'>, lines: readonly string[]): Share {
  let length = 0;
  let from = lines.length;
  while (from > 0 && length + (lines[from - 1]?.length ?? 0) + 1 <= longestShare) {
    from -= 1;
    length += (lines[from]?.length ?? 0) + 1;
  }
  const isCut = from === lines.length;
  const kept = isCut ? [(lines.at(-1) ?? '').slice(0, longestShare)] : lines.slice(from);
  // A fence inside the output would end this one early.
  const output = kept.join('\n').replaceAll('```', "'''");
  const { text: shown, hidden } = redactBelow(isCut ? lines.slice(0, -1) : lines.slice(0, from), output);
  const title = redact(`**Output of ${run.text}**, run by ${run.by} at ${utcTime(run.startedAt)} UTC`).text;
  const message = (body: string): string => `${title}\n\`\`\`\n${body}\n\`\`\``;
  return { before: message(output), text: message(shown), hidden, leftOut: lines.length - kept.length };
}

/** Hides what is in `text`, of which the lines above it may say that it is a secret: a key's first line, `- name: PASSWORD`. */
function redactBelow(above: readonly string[], text: string): Redacted {
  const context = above
    .slice(-linesAbove)
    .map((line) => `${line}\n`)
    .join('');
  const both = redact(context + text);
  const count = text.split('\n').length;
  const shown = both.text.split('\n').slice(-count).join('\n');
  // A key that begins above is hidden in one go, so a share with marks in it counts for one at least.
  const below = both.hidden - redact(context).hidden;
  return { text: shown, hidden: shown === text ? 0 : Math.max(1, below) };
}

/** Posts it in the incident's channel; none in a drill, or where there is no channel. `mark` is a ULID. */
export const shareRequests = (incident: Incident, text: string, mark: string): readonly DeliveryRequest[] =>
  incident.drill ? [] : onOwn(incident, { system: 'slack', act: 'post', text }, mark);
