import { failed, type Result } from '../../core/errors.ts';
import type { Guide } from '../../core/guide/guide.ts';
import { msBetween } from '../../core/incident/instants.ts';
import type { Incident } from '../../core/incident/incident.ts';
import { bindChecks } from '../../core/resolution/bindChecks.ts';
import type { SeenCheck } from '../../core/resolution/check.ts';
import { runningSoak } from '../../core/resolution/foldResolution.ts';
import type { LogCounts } from '../../core/resolution/judgeLogs.ts';
import { openAtEnd, relapsesAmong } from '../../core/resolution/resolutionState.ts';
import { runChecks, type CheckSources } from '../../core/resolution/runChecks.ts';
import {
  isLeftAlone,
  lookEveryMs,
  lookRecordedEveryMs,
  soakClock,
  type Soak,
} from '../../core/resolution/soak.ts';
import { isOwnGuide } from '../../core/views/missingGuide.ts';
import type { CommandDeps } from '../commands/commandDeps.ts';

/** A source that has not answered by then is not checked, ms. */
const patienceMs = 20_000;
/** How soon a window asks again whether another one still runs the checks, ms. */
const claimEveryMs = 3_000;

export interface ResolutionsDeps extends Pick<CommandDeps, 'incidents' | 'now'> {
  readonly journal: Pick<CommandDeps['journal'], 'claim'>;
  readonly guides: Pick<CommandDeps['guides'], 'load' | 'guideOf'>;
  readonly signals: Pick<CommandDeps['signals'], 'lookAtAlerts'>;
  readonly executorFor: CheckSources['executorFor'];
  readonly metrics: CheckSources['metrics'];
  /** Tells a person that an incident was to be resolved by itself and was not, with why. */
  readonly tellUnresolved: (incident: Incident, why: string) => void;
  readonly trust: {
    isGiven(): boolean;
    onDidGive(listener: () => void): { dispose(): void };
  };
}

/** Runs the checks of resolutions, when asked to and while a soak window runs. */
export interface Resolutions {
  /** Looks at everything once and records what was seen; `told` gets each answer as it comes. */
  check(
    incident: Incident,
    guide: Guide | undefined,
    signal: AbortSignal,
    told?: (seen: SeenCheck) => void,
  ): Promise<Result<Incident>>;
  /** Carries on soak windows that nobody looks after: after a reload, say. */
  wake(): void;
  dispose(): Promise<void>;
}

export function createResolutions(deps: ResolutionsDeps): Resolutions {
  const { incidents, journal, guides, signals, now, trust } = deps;
  const logsBefore = new Map<string, LogCounts>();
  const stop = new AbortController();
  const watched = new Map<string, Promise<void>>();
  const sources: CheckSources = {
    executorFor: deps.executorFor,
    alerts: (signal) => signals.lookAtAlerts(signal as AbortSignal),
    metrics: deps.metrics,
    now,
    logsBefore,
  };
  const look = (
    incident: Incident,
    guide: Guide | undefined,
    signal: AbortSignal,
    told?: (seen: SeenCheck) => void,
  ): Promise<readonly SeenCheck[]> =>
    runChecks(
      incident,
      bindChecks(incident, guide),
      sources,
      AbortSignal.any([signal, stop.signal, AbortSignal.timeout(patienceMs)]),
      told,
    );

  /** The guide an incident was declared with; undefined where it is not here: another's checklist says nothing of it. */
  const ownGuide = (incident: Incident): { readonly guide: Guide | undefined } | undefined => {
    const guide = guides.guideOf(incident.guideFile);
    return isOwnGuide(incident, guide) ? { guide } : undefined;
  };

  /** One look within a soak window; false once it is over, has relapsed, or cannot be judged here. */
  const lookInSoak = async (id: string, soak: Soak): Promise<boolean> => {
    await guides.load();
    const before = incidents.get(id);
    if (!before || runningSoak(before)?.id !== soak.id) return false;
    const own = ownGuide(before);
    if (!own) return false;
    const seen = await look(before, own.guide, stop.signal);
    const incident = incidents.get(id);
    const present = incident && runningSoak(incident);
    if (stop.signal.aborted || !incident || present?.id !== soak.id) return false;
    const relapses = relapsesAmong(incident, seen);
    const isOver = soakClock(present, now()).remainingMs === 0;
    const isNews = seen.some(({ check, state }) => before.checks[check]?.state !== state);
    const isDue = (msBetween(present.lastLookAt, now()) ?? 0) >= lookRecordedEveryMs;
    if (isNews || isDue || isOver || relapses.length > 0)
      await incidents.handle(id, { type: 'RecordChecks', data: { checks: seen, soak: soak.id } });
    if (relapses.length > 0) {
      const sentences = relapses.map(({ text, sentence }) => `${text}: ${sentence}`);
      await incidents.handle(id, { type: 'RecordRelapse', data: { soak: soak.id, sentences } });
      return false;
    }
    if (!isOver) return true;
    await pass(id, soak.id, (looked) => openAtEnd(looked, own.guide, now()));
    return false;
  };

  /** The window's time is over without a relapse: resolved by itself where that was chosen and nothing is open. */
  const pass = async (
    id: string,
    soak: string,
    openOf: (incident: Incident) => readonly string[],
  ): Promise<void> => {
    const incident = incidents.get(id);
    const present = incident && runningSoak(incident);
    if (!incident || present?.id !== soak) return;
    const open = openOf(incident);
    const { unwatchedMs } = soakClock(present, now());
    const passed = await incidents.handle(id, { type: 'PassSoak', data: { soak, unwatchedMs, open } });
    if (!passed.ok || present.then !== 'resolve' || open.length > 0) return;
    // The heads are read from the disk when it is written.
    const resolved = await incidents.handle(id, { type: 'Resolve', data: { ...present.said, heads: {} } });
    if (!resolved.ok && incidents.get(id)?.status === 'active')
      deps.tellUnresolved(incident, resolved.failure.message);
  };

  /** Exactly one window runs the checks; when it goes, another takes over. */
  const watch = async (id: string, soak: Soak): Promise<void> => {
    const from = now();
    for (;;) {
      await guides.load();
      const incident = incidents.get(id);
      const present = incident && runningSoak(incident);
      if (stop.signal.aborted || !incident || present?.id !== soak.id) return;
      const canJudge = ownGuide(incident) !== undefined;
      if (!canJudge && !isLeftAlone(present, from, now())) {
        await pause(claimEveryMs, stop.signal);
        continue;
      }
      const claim = await journal.claim(`${id}/soak/${soak.id}`);
      if (!claim.ok || !claim.value) {
        await pause(claimEveryMs, stop.signal);
        continue;
      }
      try {
        if (!canJudge)
          await pass(id, soak.id, ({ guideFile = '' }) => [`the guide ${guideFile} is not here`]);
        while (!stop.signal.aborted && trust.isGiven() && (await lookInSoak(id, soak))) {
          const running = runningSoak(incidents.get(id) ?? ended);
          const left = running ? soakClock(running, now()).remainingMs : 0;
          await pause(Math.max(200, Math.min(lookEveryMs(soak.durationMs), left)), stop.signal);
        }
      } finally {
        await claim.value.release();
      }
      await pause(claimEveryMs, stop.signal);
    }
  };
  const wake = (): void => {
    for (const incident of incidents.active()) {
      const soak = runningSoak(incident);
      if (!soak || watched.has(soak.id) || stop.signal.aborted || !trust.isGiven()) continue;
      watched.set(
        soak.id,
        watch(incident.id, soak).finally(() => watched.delete(soak.id)),
      );
    }
  };
  const subscriptions = [incidents.onDidChange(wake), trust.onDidGive(wake)];

  return {
    async check(incident, guide, signal, told) {
      if (!trust.isGiven())
        return failed(
          'untrusted',
          'This workspace is in Restricted Mode, so nothing was asked. Trust it, then check again.',
        );
      const seen = await look(incident, guide, signal, told);
      if (signal.aborted) return failed('cancelled', 'Stopped. Nothing was recorded.');
      return incidents.handle(incident.id, { type: 'RecordChecks', data: { checks: seen } });
    },
    wake,
    dispose: async () => {
      stop.abort();
      for (const subscription of subscriptions) subscription.dispose();
      await Promise.all(watched.values());
    },
  };
}

const ended = { status: 'resolved', soaks: [] } as const;

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
  });
