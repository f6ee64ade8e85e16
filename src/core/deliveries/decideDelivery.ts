import { failed, ok } from '../errors.ts';
import type { Result } from '../errors.ts';
import type { Command } from '../incident/commands.ts';
import type { Fact } from '../incident/events.ts';
import type { Incident } from '../incident/incident.ts';
import type { Delivery, DeliveryRequest } from './delivery.ts';

type Decision = Result<readonly Fact[]>;
export type DeliveryCommand = Extract<
  Command,
  {
    type:
      | 'RequestDeliveries'
      | 'StartDelivery'
      | 'RecordDelivered'
      | 'RecordDeliveryFailure'
      | 'MarkDeliveryDone'
      | 'DropDelivery';
  }
>;

/** Refuses a command about deliveries with a sentence, or states its facts. */
export function decideDelivery(state: Incident, command: DeliveryCommand): Decision {
  if (command.type === 'RequestDeliveries') return request(state, command.data.deliveries);
  const known = state.deliveries.find(({ delivery }) => delivery === command.data.delivery);
  if (!known)
    return failed(
      'not-found',
      `Nothing called ${command.data.delivery} was to be sent for ${state.number}. Nothing was changed.`,
    );
  switch (command.type) {
    case 'StartDelivery':
      return (
        settled(known) ??
        ok([
          {
            type: 'DeliveryStarted',
            data: { delivery: known.delivery, attempt: known.attempts + 1 },
          },
        ])
      );
    case 'RecordDelivered':
      // Two who sent it both say so: the first word is kept, the second is no mistake of anybody.
      return known.state === 'delivered' ? ok([]) : ok([{ type: 'DeliveryDelivered', data: command.data }]);
    case 'RecordDeliveryFailure':
      return known.state === 'delivered' ? ok([]) : ok([{ type: 'DeliveryFailed', data: command.data }]);
    case 'MarkDeliveryDone':
      return settled(known) ?? ok([{ type: 'DeliveryMarkedDone', data: command.data }]);
    case 'DropDelivery':
      return settled(known) ?? ok([{ type: 'DeliveryDropped', data: command.data }]);
  }
}

/** What was asked for already is left out, so that a second click asks for nothing twice. */
function request(state: Incident, wanted: readonly DeliveryRequest[]): Decision {
  if (state.drill && wanted.length > 0)
    return failed('conflict', `${state.number} is a drill: nothing of it leaves this machine.`);
  const taken = new Set(
    state.deliveries.filter(({ state: it }) => it !== 'dropped').map(({ delivery }) => delivery),
  );
  const fresh = wanted.filter(({ delivery }) => !taken.has(delivery));
  return ok(fresh.map((data) => ({ type: 'DeliveryRequested', data })));
}

function settled({ state, receipt }: Delivery): Decision | undefined {
  switch (state) {
    case 'delivered':
      return failed('conflict', `That was delivered already${receipt?.name ? `: ${receipt.name}` : ''}.`);
    case 'by-hand':
      return failed('conflict', 'That was marked as done by hand already.');
    case 'dropped':
      return failed('conflict', 'That was called off already. Nothing was sent.');
    case 'requested':
    case 'started':
    case 'failed':
      return undefined;
  }
}
