import type { Incident } from '../incident/incident.ts';
import type { DeliveryPlace, DeliveryRequest, DeliveryTask, OutwardSystem } from './delivery.ts';

/** What an incident already has at an outside system, and where: later acts go there, whatever the settings say now. */
export interface OwnPlace {
  /** The delivery that made it: `slack/create-channel`. */
  readonly delivery: string;
  readonly place: DeliveryPlace;
}

/**
 * The first of these deliveries that the incident has. One that was called off made nothing, and one done by hand
 * without saying what it made cannot be found again.
 */
export function ownPlace(
  { deliveries }: Pick<Incident, 'deliveries'>,
  ...made: readonly string[]
): OwnPlace | undefined {
  for (const name of made) {
    const found = deliveries.find(({ delivery }) => delivery === name);
    if (!found || found.state === 'dropped') continue;
    if (found.state === 'by-hand' && found.receipt === undefined) continue;
    return { delivery: name, place: found.place };
  }
  return undefined;
}

/** The deliveries that make what further ones of a system act on. */
export const madeBy: Readonly<Record<Exclude<OutwardSystem, 'webhook' | 'pagerduty'>, readonly string[]>> = {
  slack: ['slack/create-channel'],
  github: ['github/create-ticket'],
  jira: ['jira/create-ticket'],
  statuspage: ['statuspage/create-incident'],
};

/** What the incident has at a system; of several pages the newest: PagerDuty opens no resolved one again. */
export const ownOf = (
  incident: Pick<Incident, 'deliveries'>,
  system: Exclude<OutwardSystem, 'webhook'>,
): OwnPlace | undefined =>
  ownPlace(incident, ...(system === 'pagerduty' ? pagesOf(incident) : madeBy[system]));

const pagesOf = ({ deliveries }: Pick<Incident, 'deliveries'>): readonly string[] =>
  deliveries
    .filter(
      ({ task }) =>
        task.system === 'pagerduty' && (task.act === 'create-incident' || task.act === 'adopt-incident'),
    )
    .map(({ delivery }) => delivery)
    .reverse();

/** A further act on what the incident has at the task's system; none where it has nothing. `mark` makes its key unique. */
export function onOwn(
  incident: Pick<Incident, 'deliveries'>,
  task: Exclude<DeliveryTask, { system: 'webhook' }>,
  mark: string,
): readonly DeliveryRequest[] {
  const own = ownOf(incident, task.system);
  return own
    ? [{ delivery: `${task.system}/${task.act}/${mark}`, task, place: own.place, after: [own.delivery] }]
    : [];
}
