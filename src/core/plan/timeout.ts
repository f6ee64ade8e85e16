import type { Step } from '../guide/guide.ts';
import { readSwitch } from '../guide/stepDocument.ts';
import { parseGoDuration } from './kubectl/goDuration.ts';

const MINUTE = 60_000;

/**
 * The step's `ir.timeout` (`30s`, `5m`; `0` and `none` mean until stopped), else by kind: a read that takes more
 * than a minute is stuck, a change waits for controllers, a shell may do anything. Following and `rollout status`
 * are made to wait: the first until stopped, the second as long as a rollout's own default deadline, ten minutes. A step
 * in the background has no limit but its own.
 */
export function timeoutOf(
  step: Step,
  kind: 'read' | 'change' | 'shell' | 'rollout' | 'endless',
): number | undefined {
  const written = step.attributes['ir.timeout']?.trim();
  const asked = written === undefined ? undefined : written === 'none' ? 0 : parseGoDuration(written);
  // A timer of Node holds at most 2^31 - 1 ms.
  if (asked !== undefined) return asked === 0 ? undefined : Math.min(asked, 2 ** 31 - 1);
  if (readSwitch(step.attributes['background']) === true) return undefined;
  const defaults = {
    read: MINUTE,
    change: 5 * MINUTE,
    shell: 10 * MINUTE,
    rollout: 10 * MINUTE,
    endless: undefined,
  };
  return defaults[kind];
}
