import { withOnCalls } from '../../core/people/withOnCalls.ts';
import type { CommandDeps } from '../commands/commandDeps.ts';

/** A declare does not wait longer for PagerDuty than this, ms. */
const patienceMs = 3_000;

/**
 * The escalation row's people and, where PagerDuty is connected, those on call for its service. When PagerDuty does not
 * answer in time the row's people are told without them, and the first message says so.
 */
export const withPeopleOnCall =
  (
    peopleOf: CommandDeps['peopleOf'],
    {
      connections,
      integrations,
    }: Pick<CommandDeps, 'integrations'> & {
      readonly connections: Pick<CommandDeps['connections'], 'tokenOf'>;
    },
  ): CommandDeps['peopleOf'] =>
  async (incident, guide, places) => {
    const known = await peopleOf(incident, guide, places);
    const { pagerduty } = places;
    if (!pagerduty) return known;
    const token = await connections.tokenOf('pagerduty', pagerduty.baseUrl);
    const onCalls = await integrations().pagerduty.fetchOnCalls(
      { ...pagerduty, token },
      AbortSignal.timeout(patienceMs),
    );
    return onCalls.ok
      ? { ...known, people: withOnCalls(known.people, onCalls.value) }
      : { ...known, unknownRoles: [...known.unknownRoles, 'on call (PagerDuty did not say)'] };
  };
