import { messageOf, type Result } from '../errors.ts';
import type { Incident } from '../incident/incident.ts';
import { addMs, parseInstant, toInstant } from '../incident/instants.ts';
import type { Signal } from '../ports.ts';
import { notChecked, ofPart, worst, type Check, type CheckKind, type Look, type SeenCheck } from './check.ts';
import { judgeAlerts, type AlertsSeen } from './judgeAlerts.ts';
import { appsOf, judgeArgoCd } from './judgeArgoCd.ts';
import { countLogs, judgeLogs, type LogCounts, type LogWindow } from './judgeLogs.ts';
import { judgeOpenEnds } from './openEnds.ts';
import { judgePods, type Workloads } from './judgePods.ts';
import { lookAtMetrics, type MetricsSource } from './lookAtMetrics.ts';
import { isPlainName, readSystem, type SystemOutput, type SystemReader } from './readSystem.ts';

/** Where checks look. */
export interface CheckSources extends SystemReader {
  alerts(signal: Signal): Promise<AlertsSeen>;
  readonly metrics: MetricsSource;
  /** UTC ISO 8601. */
  now(): string;
  /** Counts of logs from before an onset, kept while a window lives: they do not change any more. */
  readonly logsBefore: Map<string, LogCounts>;
}

/** Logs are judged by the last minutes at most: what was before the fix says nothing of it. */
const logWindowMs = 5 * 60_000;
const shortestBeforeMs = 60_000;

/**
 * Looks at everything that can be looked at, side by side, and tells each as it comes. A look that fails or is stopped
 * is `not-checked`, with why. Manual checks are not among the answers. Never throws.
 */
export async function runChecks(
  incident: Incident,
  checks: readonly Check[],
  sources: CheckSources,
  signal: Signal,
  told: (seen: SeenCheck) => void = () => undefined,
): Promise<readonly SeenCheck[]> {
  const looks = new Map<CheckKind, Promise<Look>>();
  const lookAt = (kind: CheckKind): Promise<Look> => {
    const known = looks.get(kind);
    if (known) return known;
    const made = lookSafely(kind, incident, sources, signal);
    looks.set(kind, made);
    return made;
  };
  return Promise.all(
    checks
      .filter(({ kinds }) => !kinds.includes('manual'))
      .map(async ({ id, text, kinds }) => {
        const look = worst(await Promise.all(kinds.map(lookAt)));
        const seen: SeenCheck = { check: id, text, kinds, ...look, at: sources.now() };
        told(seen);
        return seen;
      }),
  );
}

async function lookSafely(
  kind: CheckKind,
  incident: Incident,
  sources: CheckSources,
  signal: Signal,
): Promise<Look> {
  try {
    const look = await lookOnce(kind, incident, sources, signal);
    return signal.aborted && look.state !== 'bad' ? notChecked('it did not answer in time') : look;
  } catch (thrown) {
    return notChecked(`the look went wrong on our side: ${messageOf(thrown)}`);
  }
}

async function lookOnce(
  kind: CheckKind,
  incident: Incident,
  sources: CheckSources,
  signal: Signal,
): Promise<Look> {
  switch (kind) {
    case 'metrics':
      return lookAtMetrics(incident, sources.metrics, signal);
    case 'alerts':
      return judgeAlerts(incident, await sources.alerts(signal));
    case 'pods':
      return lookAtPods(incident, sources, signal);
    case 'logs':
      return lookAtLogs(incident, sources, signal);
    case 'argocd':
      return lookAtArgoCd(incident, sources, signal);
    case 'debts':
      return judgeOpenEnds(incident);
    case 'manual':
      return notChecked('a person checks this');
  }
}

/** The service as its objects are named in the cluster, or why it cannot be looked for. */
function serviceIn({ target, service }: Incident): { readonly name: string } | { readonly problem: Look } {
  if (target.context === undefined) return { problem: notChecked('no cluster is pinned to this incident') };
  if (service === undefined)
    return { problem: notChecked('the incident names no service, so it is not known what to look at') };
  return isPlainName(service)
    ? { name: service }
    : { problem: notChecked(`"${service}" is no name that a cluster knows`) };
}

async function lookAtPods(incident: Incident, sources: CheckSources, signal: Signal): Promise<Look> {
  const service = serviceIn(incident);
  if ('problem' in service) return service.problem;
  const read = (kind: string) => readSystem(`kubectl get ${kind}`, incident.target, sources, signal);
  const [pods, ...lists] = await Promise.all([read('pods'), read('deployments'), read('statefulsets')]);
  if (!pods.ok) return notChecked(`the pods could not be read: ${pods.failure.message}`);
  if (!pods.value.whole) return notChecked('there are more pods than can be read');
  return judgePods(service.name, pods.value.text, workloadsOf(lists));
}

function workloadsOf(lists: readonly Result<SystemOutput>[]): Workloads {
  const [problem] = lists.flatMap((list) => {
    if (!list.ok) return [list.failure.message];
    return list.value.whole ? [] : ['there are more than are read'];
  });
  const texts = lists.flatMap((list) => (list.ok ? [list.value.text] : []));
  return problem === undefined ? { texts } : { texts, problem };
}

async function lookAtArgoCd(incident: Incident, sources: CheckSources, signal: Signal): Promise<Look> {
  const { argoCdServer, context } = incident.target;
  if (argoCdServer === undefined && context === undefined)
    return notChecked('no Argo CD and no cluster is pinned to this incident');
  const apps = appsOf(incident);
  if (apps.touched.length === 0 && apps.named === undefined)
    return notChecked('the incident names no service and no app was touched');
  const list = await readSystem('argocd app list', incident.target, sources, signal);
  if (!list.ok) return notChecked(`Argo CD could not be asked: ${list.failure.message}`);
  const look = judgeArgoCd(apps, list.value.text);
  return ofPart(look, list.value.whole ? undefined : 'there are more apps than are read');
}

async function lookAtLogs(incident: Incident, sources: CheckSources, signal: Signal): Promise<Look> {
  const service = serviceIn(incident);
  if ('problem' in service) return service.problem;
  const window = logWindowOf(incident, sources.now());
  const read = (since: string) =>
    readSystem(
      `kubectl logs -l app=${service.name} --since-time=${since.replace(/\.\d+Z$/, 'Z')} --timestamps --tail=-1`,
      incident.target,
      sources,
      signal,
    );
  const now = await read(window.from);
  if (!now.ok) return notChecked(`the logs could not be read: ${now.failure.message}`);
  const counts = countLogs(now.value.text, window);
  const missing = now.value.whole ? now.value.detail : 'there are more logs than are read';
  const beforeWindow = windowBefore(incident, window);
  // What was before is only needed to tell new errors from old ones.
  if (counts.errors === 0 || beforeWindow === undefined)
    return ofPart(judgeLogs(service.name, counts, window, undefined, beforeWindow), missing);
  const key = JSON.stringify([incident.id, incident.target, beforeWindow]);
  let before = sources.logsBefore.get(key);
  if (!before) {
    const old = await read(beforeWindow.from);
    if (old.ok && old.value.whole) {
      before = countLogs(old.value.text, beforeWindow);
      if (old.value.detail === undefined) sources.logsBefore.set(key, before);
    }
  }
  return ofPart(judgeLogs(service.name, counts, window, before, beforeWindow), missing);
}

/** From the mitigation, or else the last change, to now; five minutes at most. */
function logWindowOf({ mitigatedAt, changes }: Incident, now: string): LogWindow {
  const end = parseInstant(now) ?? 0;
  const fixed = parseInstant(mitigatedAt ?? changes.at(-1)?.at ?? '') ?? 0;
  return { from: toInstant(Math.max(fixed, end - logWindowMs)), to: now };
}

/**
 * As long as the window now, but a minute at least: right before the onset. Undefined while the onset is not known: what
 * was before the declare may well have been broken already.
 */
function windowBefore({ onsetAt: until }: Incident, { from, to }: LogWindow): LogWindow | undefined {
  if (until === undefined) return undefined;
  const length = Math.max(shortestBeforeMs, (parseInstant(to) ?? 0) - (parseInstant(from) ?? 0));
  return { from: addMs(until, -length) ?? until, to: until };
}
