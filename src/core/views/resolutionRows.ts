import { formatCountdown, formatDuration } from '../incident/durations.ts';
import type { Incident } from '../incident/incident.ts';
import { soakNow } from '../resolution/foldResolution.ts';
import {
  resolutionSummary,
  sentenceCase,
  stateText,
  unsettled,
  type ItemState,
  type ResolutionItem,
} from '../resolution/resolutionState.ts';
import { soakClock, type Soak } from '../resolution/soak.ts';
import { oneLine } from './oneLine.ts';

/** Codicon and theme colour of a check's state. Only what was seen good a short while ago, or a person ticked, is green. */
export const checkLooks: Readonly<Record<ItemState, { readonly icon: string; readonly color?: string }>> = {
  good: { icon: 'pass', color: 'testing.iconPassed' },
  ticked: { icon: 'pass', color: 'testing.iconPassed' },
  bad: { icon: 'error', color: 'testing.iconFailed' },
  'not-checked': { icon: 'question', color: 'list.warningForeground' },
  stale: { icon: 'history' },
  manual: { icon: 'circle-outline' },
};

export interface CheckRow {
  readonly label: string;
  readonly description: string;
  readonly detail: string;
  readonly icon: string;
}

/** A check as a row of a list: its words, its state, what was seen. */
export const checkRow = (item: ResolutionItem, now: string): CheckRow => ({
  label: oneLine(item.check.text, 100),
  description: stateText(item, now),
  detail: oneLine(sentenceCase(item.seen?.sentence ?? item.tick?.note ?? ''), 300),
  icon: checkLooks[item.state].icon,
});

/** What can be done to end an incident, the first one proposed. */
export type WayOut = 'soak-ask' | 'soak-resolve' | 'resolve' | 'reopen' | 'cancel-soak' | 'look';

export interface WayRow {
  readonly way: WayOut;
  readonly label: string;
  readonly description: string;
  readonly icon: string;
}

/** The ways out of an incident as it stands, `soakMs` being the length of its soak window; 0 where it has none. */
export function waysOut(
  incident: Incident,
  items: readonly ResolutionItem[],
  soakMs: number,
  now: string,
): readonly WayRow[] {
  const soak = soakNow(incident);
  const open = unsettled(items).length;
  const reason = open === 0 ? '' : `${open} ${open === 1 ? 'check needs' : 'checks need'} a reason`;
  const length = formatSoak(soakMs);
  const watch: readonly WayRow[] =
    soakMs > 0
      ? [
          { way: 'soak-ask', label: `Watch for ${length}, then ask me`, description: reason, icon: 'watch' },
          {
            way: 'soak-resolve',
            label: `Watch for ${length}, then resolve by itself if all is good`,
            description: reason,
            icon: 'watch',
          },
        ]
      : [];
  const now_: WayRow = {
    way: 'resolve',
    label: 'Resolve now',
    description: [reason, soakMs > 0 && soak === undefined ? 'without a soak window' : '']
      .filter(Boolean)
      .join(', '),
    icon: 'pass',
  };
  const again: WayRow = { way: 'look', label: 'Look again', description: '', icon: 'refresh' };
  switch (soak?.state) {
    case 'relapsed':
      return [
        {
          way: 'reopen',
          label: 'Reopen',
          description: oneLine(soak.relapse.join('; '), 120),
          icon: 'refresh',
        },
        ...watch,
        now_,
        again,
      ];
    case 'running':
      return [
        {
          way: 'look',
          label: 'Look again and go on watching',
          description: soakProgress(soak, now),
          icon: 'watch',
        },
        now_,
        { way: 'reopen', label: 'Reopen', description: 'it is not over', icon: 'refresh' },
        { way: 'cancel-soak', label: 'Cancel the soak window', description: '', icon: 'circle-slash' },
      ];
    case 'passed':
      return [now_, ...watch, again];
    default:
      return [...watch, now_, again];
  }
}

/** `10 min`, `90 s` where the minutes are not whole. */
export const formatSoak = (ms: number): string =>
  ms % 60_000 === 0 || ms >= 3_600_000 ? formatDuration(ms) : `${Math.round(ms / 1_000)} s`;

/** `6:12 of 10 min left`; what nobody watched is told. */
export function soakProgress(soak: Soak, now: string): string {
  const { remainingMs, unwatchedMs } = soakClock(soak, now);
  const alone = unwatchedMs > 0 ? `, ${formatDuration(unwatchedMs)} unwatched do not count` : '';
  return `${formatCountdown(remainingMs)} of ${formatSoak(soak.durationMs)} left${alone}`;
}

/** `Resolve 2026-11-23-0001: 3 of 5, 1 bad` */
export const resolutionTitle = (incident: Incident, items: readonly ResolutionItem[]): string =>
  `Resolve ${incident.number}: ${resolutionSummary(items)}`;

/** What a reason is asked for: `Logs show no errors (bad), Manual tests passing (not done)`. */
export const openText = (items: readonly ResolutionItem[]): string =>
  unsettled(items)
    .map(({ check, state }) => `${oneLine(check.text, 60)} (${openWords[state]})`)
    .join(', ');

const openWords: Readonly<Record<ItemState, string>> = {
  good: 'good',
  ticked: 'ticked',
  bad: 'bad',
  'not-checked': 'not checked',
  stale: 'not looked at for a while',
  manual: 'not done',
};
