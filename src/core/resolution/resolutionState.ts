import type { Guide } from '../guide/guide.ts';
import type { Incident } from '../incident/incident.ts';
import { msBetween, utcTime } from '../incident/instants.ts';
import { formatDuration } from '../incident/durations.ts';
import { bindChecks } from './bindChecks.ts';
import type { Check, CheckState, Override, SeenCheck } from './check.ts';
import { openEnds } from './openEnds.ts';
import { judgeOpenEnds } from './openEnds.ts';

/** A good answer that is older is no longer shown as good, ms: a great deal can have happened since. */
export const freshMs = 5 * 60_000;

/** How one check stands. `stale`: it was good, some time ago. `manual`: a person has not ticked it yet. */
export type ItemState = CheckState | 'stale' | 'manual' | 'ticked';

export interface ResolutionItem {
  readonly check: Check;
  readonly state: ItemState;
  readonly seen: SeenCheck | undefined;
  readonly tick: { readonly at: string; readonly by: string; readonly note?: string } | undefined;
  /** Counts while the state is the one it was given for. */
  readonly override: Override | undefined;
  /** True when nothing more is needed of it before the resolve. */
  readonly isSettled: boolean;
}

/** Every check of an incident as it stands at `now` (UTC ISO 8601). */
export function resolutionItems(
  incident: Incident,
  guide: Guide | undefined,
  now: string,
): readonly ResolutionItem[] {
  return bindChecks(incident, guide).map((check) => itemOf(incident, check, now));
}

function itemOf(incident: Incident, check: Check, now: string): ResolutionItem {
  const own = <T>(all: Readonly<Record<string, T>>): T | undefined =>
    Object.hasOwn(all, check.id) ? all[check.id] : undefined;
  const seen = present(incident, check, own(incident.checks), now);
  const tick = own(incident.ticked);
  const state = stateOf(check, seen, tick, now);
  const given = own(incident.overrides);
  const override =
    given?.state === (state === 'manual' || state === 'stale' ? 'not-checked' : state) ? given : undefined;
  return {
    check,
    state,
    seen,
    tick,
    override,
    isSettled: state === 'good' || state === 'ticked' || override !== undefined,
  };
}

/** Whether checks were ever looked at since the incident began, or was reopened. */
export const hasLooked = ({ checks }: Pick<Incident, 'checks'>): boolean => Object.keys(checks).length > 0;

/** Whether the last look found it good; how long ago that was is not asked here. */
export const isSeenGood = ({ checks }: Pick<Incident, 'checks'>, check: string): boolean =>
  Object.hasOwn(checks, check) && checks[check]?.state === 'good';

/** What was left changed is known from the journal, at any time: it needs no look. */
function present(
  incident: Incident,
  { id, text, kinds }: Check,
  seen: SeenCheck | undefined,
  now: string,
): SeenCheck | undefined {
  return kinds.length === 1 && kinds[0] === 'debts'
    ? { check: id, text, kinds, ...judgeOpenEnds(incident), at: now }
    : seen;
}

function stateOf(
  { kinds }: Check,
  seen: SeenCheck | undefined,
  tick: ResolutionItem['tick'],
  now: string,
): ItemState {
  if (kinds.includes('manual')) return tick ? 'ticked' : 'manual';
  if (seen?.state === 'bad') return 'bad';
  if (seen?.state === 'good') {
    if ((msBetween(seen.at, now) ?? 0) <= freshMs) return 'good';
    return tick ? 'ticked' : 'stale';
  }
  // Nobody but the person knows. Once a look has found nothing out, a tick has to say how it was seen.
  return tick && (seen === undefined || tick.note !== undefined) ? 'ticked' : 'not-checked';
}

/** What a person has to give a reason for before it is over. */
export const unsettled = (items: readonly ResolutionItem[]): readonly ResolutionItem[] =>
  items.filter(({ isSettled }) => !isSettled);

/** `3 of 5, 1 bad, 1 not checked` */
export function resolutionSummary(items: readonly ResolutionItem[]): string {
  const count = (...states: readonly ItemState[]): number =>
    items.filter(({ state }) => states.includes(state)).length;
  const parts = [`${count('good', 'ticked')} of ${items.length}`];
  const [wrong, open, old] = [count('bad'), count('not-checked'), count('stale')];
  if (wrong > 0) parts.push(`${wrong} bad`);
  // Before the first look everything is not checked, which says nothing.
  if (open > 0 && items.some(({ seen }) => seen !== undefined)) parts.push(`${open} not checked`);
  if (old > 0) parts.push(`${old} to look at again`);
  return parts.join(', ');
}

/** The state in words, with its age: `good, 34 s ago`, `not checked`, `by hand`, `ticked by Ana at 10:40 UTC`. */
export function stateText({ state, seen, tick, override }: ResolutionItem, now: string): string {
  const age = seen ? formatDuration(msBetween(seen.at, now) ?? 0) : '';
  const because = override ? `, accepted: ${override.reason}` : '';
  switch (state) {
    case 'good':
      return `good, ${age} ago`;
    case 'bad':
      return `bad, ${age} ago${because}`;
    case 'stale':
      return `was good ${age} ago, look again${because}`;
    case 'not-checked':
      return `not checked${because}`;
    case 'manual':
      return `by hand, not done${because}`;
    case 'ticked':
      return `ticked by ${tick?.by ?? 'somebody'} at ${utcTime(tick?.at ?? '')} UTC`;
  }
}

/** What is told of a check in full: the sentence with its figures, the evidence, when, who accepted it and why. */
export function itemDetails(item: ResolutionItem, now: string): string {
  const { check, seen, tick, override } = item;
  const age = seen && formatDuration(msBetween(seen.at, now) ?? 0);
  return [
    check.text,
    ...(check.isOwn ? ['Not in the guide: looked at because of what was done in this incident'] : []),
    `State: ${stateText(item, now)}`,
    ...(seen ? [sentenceCase(seen.sentence), `Looked at ${utcTime(seen.at)} UTC, ${age ?? ''} ago`] : []),
    ...(seen?.evidence ?? []),
    ...(tick ? [`Ticked by ${tick.by} at ${utcTime(tick.at)} UTC${tick.note ? `: ${tick.note}` : ''}`] : []),
    ...(override ? [`Accepted by ${override.by} at ${utcTime(override.at)} UTC: ${override.reason}`] : []),
  ].join('\n');
}

export const sentenceCase = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** The changes that an item of `debts` waits for. */
export const endsOf = (incident: Incident, { check }: ResolutionItem) =>
  check.kinds.includes('debts') ? openEnds(incident) : [];

/** What keeps an incident from being resolved by itself: checks that are not settled, steps that still run. */
export const openAtEnd = (incident: Incident, guide: Guide | undefined, now: string): readonly string[] => [
  ...unsettled(resolutionItems(incident, guide, now)).map(({ check }) => check.text),
  ...incident.runs.filter(({ end }) => end === undefined).map(({ text }) => `"${text}" still runs`),
];

/** Checks that are bad and that nobody has accepted as they are: in a soak window a relapse. */
export const relapsesAmong = (incident: Incident, seen: readonly SeenCheck[]): readonly SeenCheck[] =>
  seen.filter(({ check, state }) => {
    const given = Object.hasOwn(incident.overrides, check) ? incident.overrides[check] : undefined;
    return state === 'bad' && given?.state !== 'bad';
  });
