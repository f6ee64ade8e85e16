import type { ActionItem } from '../actionItems/actionItem.ts';
import type { Incident } from '../incident/incident.ts';
import { isKnown } from '../incident/evolve.ts';
import { msBetween } from '../incident/instants.ts';
import { measures, measuredTimes, type Measure } from '../incident/measuredTimes.ts';
import { errorTemplate } from './errorTemplate.ts';
import { foldText } from './foldText.ts';
import type { RecurrenceSubject } from './recurrence.ts';
import { useOf } from './runbookUse.ts';

/** What History and Trends know of one incident: everything that is searched or counted, and nothing else. */
export interface IncidentRecord extends RecurrenceSubject {
  /** Undefined where an imported post-mortem does not say it. */
  readonly severity: string | undefined;
  readonly status: 'active' | 'resolved';
  readonly drill: boolean;
  /** UTC ISO 8601. */
  readonly resolvedAt: string | undefined;
  /** From the declare to the resolution; of an imported one what its author wrote. */
  readonly durationMs: number | undefined;
  readonly cause: string | undefined;
  /** Everybody who did something in it, as the journal names them. */
  readonly people: readonly string[];
  readonly guideFile: string | undefined;
  /** Ms; those that are known, as `measuredTimes` measures them. */
  readonly times: Readonly<Partial<Record<Measure, number>>>;
  /** When each update of the cadence was posted, ms after the declare. */
  readonly updates: readonly number[];
  /** Updates that were put off: when, and until when, ms after the declare. */
  readonly snoozes: readonly (readonly [at: number, until: number])[];
  /** Since when its post-mortem is reviewed, UTC ISO 8601. */
  readonly reviewedAt: string | undefined;
  /** It was seen to recur, so that a deadline for recurring ones holds: nobody is late for what nobody was told. */
  readonly wasSeenToRecur: boolean;
  readonly steps: readonly StepRecord[];
  /** As they were last read in its post-mortem; of an imported one as it says. Undefined: nobody has read them, which is not the same as none. */
  readonly actions: readonly ActionRecord[] | undefined;
  /** Folded text that words are looked for in. */
  readonly text: string;
  /** The file of a post-mortem written by hand, in the folder of the imported ones. */
  readonly imported?: string;
}

/** What an incident did with a step, as far as it is counted. */
export interface StepRecord {
  readonly sequence: string;
  readonly step: string;
  readonly text: string;
  readonly runs: number;
  readonly failed: number;
  readonly skipped: boolean;
}

export interface ActionRecord {
  readonly text: string;
  readonly done: boolean;
  /** `2026-12-01` */
  readonly due?: string;
  readonly owner?: string;
  /** The issue that it became, as its link is named. */
  readonly issue?: string;
}

/** Characters of notes, updates and evidence that are searched, of one incident. */
const longestText = 2_000;
const mostErrors = 20;

/** All that History and Trends need of an incident. */
export function recordOfIncident(incident: Incident): IncidentRecord {
  const { id, number, title, severity, service, status, drill, declaredAt, resolvedAt, guideFile } = incident;
  const since = (at: string): number[] => {
    const ms = msBetween(declaredAt, at);
    return ms === undefined ? [] : [ms];
  };
  const times = measuredTimes(incident);
  const durationMs = resolvedAt === undefined ? undefined : msBetween(declaredAt, resolvedAt);
  const cause = incident.resolution?.cause;
  const alerts = alertsOf(incident);
  const snoozes: (readonly [number, number])[] = [];
  for (const event of incident.events) {
    if (!isKnown(event) || event.type !== 'UpdateSnoozed') continue;
    const [at] = since(event.time);
    const [until] = since(event.data.until);
    if (at !== undefined && until !== undefined) snoozes.push([at, until]);
  }
  return {
    ...{ id, number, title, severity, service, status, drill, declaredAt, resolvedAt, guideFile },
    durationMs: durationMs !== undefined && durationMs >= 0 ? durationMs : undefined,
    cause,
    people: peopleOf(incident),
    times: Object.fromEntries(
      measures.flatMap((measure) => {
        const time = times[measure];
        return time.kind === 'known' ? [[measure, time.ms]] : [];
      }),
    ),
    updates: incident.updates.flatMap(({ at }) => since(at)),
    snoozes,
    reviewedAt: incident.postMortem?.reviewedAt,
    wasSeenToRecur: incident.recurrence !== undefined,
    steps: stepsOf(incident),
    actions: incident.actionItems?.items.map(actionRecordOf),
    alerts,
    errors: errorsOf(incident),
    text: foldText(
      [
        ...[incident.resolution?.resolution, incident.resolution?.impact, incident.impact?.figure, ...alerts],
        ...incident.notes.map(({ text }) => text),
        ...incident.updates.map(({ text }) => text),
        ...incident.evidence.map(({ text, note }) => `${note ?? ''} ${text}`),
      ]
        .filter((part) => part !== undefined)
        .join('\n')
        .slice(0, longestText),
    ),
  };
}

/** What is kept of an action item, as it was seen in a post-mortem. */
export const actionRecordOf = ({
  text,
  done,
  due,
  owner,
  issue,
}: Pick<ActionItem, 'text' | 'done'> &
  Partial<Pick<ActionItem, 'due' | 'owner' | 'issue'>>): ActionRecord => ({
  ...{ text, done },
  ...(due === undefined ? {} : { due }),
  ...(owner === undefined ? {} : { owner }),
  ...(issue === undefined ? {} : { issue: issue.name }),
});

function alertsOf({ signals }: Incident): readonly string[] {
  const names = signals
    .filter(({ kind }) => kind === 'alert' || kind === 'page')
    .map(({ labels, title }) => labels['alertname'] ?? title);
  return [...new Set(names)];
}

function errorsOf({ evidence }: Incident): readonly string[] {
  const found = new Set<string>();
  for (const { kind, text } of evidence) {
    if (kind !== 'output' && kind !== 'text') continue;
    for (const line of text.split('\n')) {
      const template = errorTemplate(line);
      if (template !== undefined && found.size < mostErrors) found.add(template);
    }
  }
  return [...found];
}

function peopleOf({ events, escalations, approvals }: Incident): readonly string[] {
  const called = escalations.flatMap(({ acknowledged }) => (acknowledged ? [acknowledged.who] : []));
  const agreed = approvals.flatMap((approval) => approval.given.map(({ who }) => who));
  return [...new Set([...events.map(({ by }) => by), ...called, ...agreed])].filter((name) => name !== '');
}

function stepsOf(incident: Incident): readonly StepRecord[] {
  const texts = new Map<string, string>();
  for (const event of incident.events) {
    if (!isKnown(event)) continue;
    if (event.type === 'RunStarted' || event.type === 'StepSkipped' || event.type === 'StepDone')
      texts.set(`${event.data.sequence}\n${event.data.step}`, event.data.text);
  }
  return useOf(incident).uses.flatMap(({ sequence, steps }) =>
    steps
      .filter(({ runs, skipped }) => runs > 0 || skipped)
      .map(({ step, runs, failed, skipped }) => ({
        ...{ sequence, step, text: texts.get(`${sequence}\n${step}`) ?? step, runs, failed, skipped },
      })),
  );
}
