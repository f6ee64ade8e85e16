import { foldActionItems } from '../actionItems/foldActionItems.ts';
import { failed, ok, type Result } from '../errors.ts';
import type { Command } from '../incident/commands.ts';
import type { EventData, Fact } from '../incident/events.ts';
import { whyNotStatus } from '../incident/postMortemStatus.ts';
import type { Incident } from '../incident/incident.ts';

export type PostMortemCommand = Extract<
  Command,
  {
    type:
      | 'RecordPostMortem'
      | 'SetPostMortemStatus'
      | 'SeeActionItems'
      | 'RecordCalendarEntry'
      | 'RecordRecurrence';
  }
>;

/** Refuses a command about the post-mortem with a sentence, or states its facts. */
export function decidePostMortem(state: Incident, command: PostMortemCommand): Result<readonly Fact[]> {
  switch (command.type) {
    case 'RecordPostMortem':
      return command.data.file === ''
        ? failed('invalid', 'A post-mortem needs the file it was saved in.')
        : ok([{ type: 'PostMortemDrafted', data: command.data }]);
    case 'SetPostMortemStatus': {
      const refusal = whyNotStatus(state.postMortem?.status, command.data.status);
      return refusal === undefined
        ? ok([{ type: 'PostMortemStatusSet', data: command.data }])
        : failed('conflict', refusal);
    }
    case 'SeeActionItems':
      return ok(sameItems(state, command.data) ? [] : [{ type: 'ActionItemsSeen', data: command.data }]);
    case 'RecordCalendarEntry':
      return ok([{ type: 'CalendarEntryWritten', data: command.data }]);
    case 'RecordRecurrence': {
      if (command.data.earlier.length === 0)
        return failed(
          'invalid',
          'An incident recurs of another one, and none was named. Nothing was written.',
        );
      return ok(sameRecurrence(state, command.data) ? [] : [{ type: 'RecurrenceSeen', data: command.data }]);
    }
  }
}

/** Looked for again and found the same: no news. */
function sameRecurrence({ recurrence }: Incident, found: EventData['RecurrenceSeen']): boolean {
  const essence = ({ windowDays, count, earlier }: EventData['RecurrenceSeen']): string =>
    JSON.stringify([
      windowDays,
      count,
      earlier.map(({ id, because }) => [id, because.map(({ kind, value }) => [kind, value])]),
    ]);
  return recurrence !== undefined && essence(recurrence) === essence(found);
}

/** A save that changed no action item is no news. */
function sameItems({ actionItems }: Incident, data: EventData['ActionItemsSeen']): boolean {
  if (actionItems === undefined) return data.items.length === 0;
  const { items } = foldActionItems(actionItems, data, actionItems.at);
  return actionItems.file === data.file && JSON.stringify(actionItems.items) === JSON.stringify(items);
}
