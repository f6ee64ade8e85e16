import { failed, ok, type Result } from '../errors.ts';
import type { Command } from '../incident/commands.ts';
import type { Fact } from '../incident/events.ts';
import type { Incident } from '../incident/incident.ts';
import { utcTime } from '../incident/instants.ts';
import { soakNow, runningSoak } from './foldResolution.ts';

type ResolutionCommand = Extract<
  Command,
  {
    type:
      | 'RecordChecks'
      | 'OverrideCheck'
      | 'StartSoak'
      | 'RecordRelapse'
      | 'PassSoak'
      | 'CancelSoak'
      | 'KeepChange'
      | 'SetPostMortemOwner';
  }
>;

/**
 * Decides what belongs to a resolution. What another window has recorded of the same soak window already is no error and
 * makes no second fact: two that run its checks at once tell of one relapse.
 */
export function decideResolution(state: Incident, command: ResolutionCommand): Result<readonly Fact[]> {
  const runs = (soak: string): boolean => runningSoak(state)?.id === soak;
  switch (command.type) {
    case 'RecordChecks': {
      const { soak, checks } = command.data;
      if (checks.length === 0 || (soak !== undefined && !runs(soak))) return ok([]);
      return fact({ type: 'ResolutionChecked', data: command.data });
    }
    case 'OverrideCheck': {
      const reason = command.data.reason.trim();
      if (reason === '')
        return failed('invalid', 'Say why it is over all the same: the others read it. Nothing was changed.');
      return fact({ type: 'CheckOverridden', data: { ...command.data, reason } });
    }
    case 'StartSoak': {
      const present = runningSoak(state);
      if (present)
        return failed(
          'conflict',
          `${present.by} started a soak window at ${utcTime(present.startedAt)} UTC, which still runs. Cancel it first.`,
        );
      if (!(command.data.durationMs > 0))
        return failed('invalid', 'A soak window needs a length. Nothing was started.');
      return fact({ type: 'SoakStarted', data: command.data });
    }
    case 'RecordRelapse':
      return runs(command.data.soak) ? fact({ type: 'RelapseSeen', data: command.data }) : ok([]);
    case 'PassSoak':
      return runs(command.data.soak) ? fact({ type: 'SoakPassed', data: command.data }) : ok([]);
    case 'CancelSoak':
      return soakNow(state)
        ? fact({ type: 'SoakCancelled', data: command.data })
        : failed('conflict', `Incident ${state.number} is in no soak window, so there is nothing to cancel.`);
    case 'KeepChange': {
      const change = state.changes.find(({ id }) => id === command.data.change);
      if (!change) return failed('not-found', `That change is not in ${state.number}. Nothing was recorded.`);
      const by = change.undone ?? change.kept;
      if (by)
        return failed(
          'conflict',
          `${by.by} ${change.undone ? 'put this back' : 'said that this stays'} at ${utcTime(by.at)} UTC already.`,
        );
      return fact({ type: 'ChangeKept', data: withReason(command.data) });
    }
    case 'SetPostMortemOwner': {
      const owner = command.data.owner.trim();
      if (owner === '') return failed('invalid', 'Say who writes the post-mortem. Nothing was recorded.');
      const { postMortemOwner: known } = state;
      const role = command.data.role?.trim();
      if (known?.owner === owner && known.role === (role || undefined)) return ok([]);
      return fact({ type: 'PostMortemOwnerSet', data: { owner, ...(role ? { role } : {}) } });
    }
  }
}

const withReason = ({ change, reason }: { readonly change: string; readonly reason?: string }) => ({
  change,
  ...(reason?.trim() ? { reason: reason.trim() } : {}),
});

const fact = (one: Fact): Result<readonly Fact[]> => ok([one]);
