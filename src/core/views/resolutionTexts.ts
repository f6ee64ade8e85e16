import { formatDuration } from '../incident/durations.ts';
import type { IncidentEvent } from '../incident/events.ts';
import type { SeenCheck } from '../resolution/check.ts';

type ResolutionEvent = Extract<
  IncidentEvent,
  {
    type:
      | 'ResolutionChecked'
      | 'CheckOverridden'
      | 'SoakStarted'
      | 'RelapseSeen'
      | 'SoakPassed'
      | 'SoakCancelled'
      | 'ChangeKept'
      | 'PostMortemOwnerSet';
  }
>;

/** One sentence for the timeline, without a full stop. `changes`: what each change is, by its event. */
export function sentenceOfResolution(event: ResolutionEvent, changes: ReadonlyMap<string, string>): string {
  switch (event.type) {
    case 'ResolutionChecked':
      return `Checked the resolution: ${countChecks(event.data.checks)}`;
    case 'CheckOverridden': {
      const { text, state, reason } = event.data;
      return `Accepted "${text}" although it is ${state === 'bad' ? 'bad' : 'not checked'}: ${reason}`;
    }
    case 'SoakStarted': {
      const { durationMs, then } = event.data;
      return `Resolved pending: watched for ${formatDuration(durationMs)}, then ${then === 'resolve' ? 'resolved when all is good' : 'a person is asked'}`;
    }
    case 'RelapseSeen':
      return `Relapse within the soak window: ${event.data.sentences.join('; ')}`;
    case 'SoakPassed': {
      const { open, unwatchedMs } = event.data;
      const unchecked = open.length > 0 ? `, not all good: ${open.join(', ')}` : ', all good';
      const alone =
        unwatchedMs > 0 ? `; ${formatDuration(unwatchedMs)} that nobody watched do not count` : '';
      return `The soak window has passed${unchecked}${alone}`;
    }
    case 'SoakCancelled':
      return `Soak window cancelled${event.data.reason ? `: ${event.data.reason}` : ''}`;
    case 'ChangeKept':
      return `Stays as it is: ${changes.get(event.data.change) ?? 'a change'}${event.data.reason ? `: ${event.data.reason}` : ''}`;
    case 'PostMortemOwnerSet': {
      const { owner, role } = event.data;
      return `The post-mortem is written by ${owner}${role ? ` (${role})` : ''}`;
    }
  }
}

/** `3 good, 1 bad (2 active alerts), 1 not checked` */
export function countChecks(checks: readonly SeenCheck[]): string {
  const of = (state: SeenCheck['state']): readonly SeenCheck[] => checks.filter((one) => one.state === state);
  const [fine, wrong, open] = [of('good'), of('bad'), of('not-checked')];
  return [
    ...(fine.length > 0 ? [`${fine.length} good`] : []),
    ...(wrong.length > 0
      ? [`${wrong.length} bad (${wrong.map(({ sentence }) => sentence).join('; ')})`]
      : []),
    ...(open.length > 0 ? [`${open.length} not checked`] : []),
  ].join(', ');
}
