import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { renderCalmLines } from '../../../src/simulator/scenario/logLines.ts';
import type { Pod } from '../../../src/simulator/state/objects.ts';

/** How far back a pod's log goes. */
const windowMs = 90 * 60_000;

/** Sets how many lines a container's log has over the window: for benchmarks. */
const linesAnnotation = 'incident.lab/log-lines';

/** The files of one container's logs, in the CRI format that kubelets read. */
export interface ContainerLogs {
  readonly container: string;
  readonly logsFile: string;
  /** Missing when the container has never restarted. */
  readonly previousLogsFile?: string;
}

/** Writes the logs of a pod's containers below `folder`, ending at `nowMs` (UTC), and gives the files. */
export function writePodLogs(folder: string, pod: Pod, nowMs: number): ContainerLogs[] {
  const { name, namespace = 'default', labels = {} } = pod.metadata;
  const own = path.join(folder, namespace, name);
  mkdirSync(own, { recursive: true });
  return pod.spec.containers.map(({ name: container }) => {
    const logsFile = path.join(own, `${container}.log`);
    writeFileSync(logsFile, criText(linesOf(pod, container, nowMs)));
    const failed = labels['incident.lab/trouble'] !== undefined;
    if (container !== 'payment-service' && !failed) return { container, logsFile };
    const previousLogsFile = path.join(own, `${container}.previous.log`);
    writeFileSync(previousLogsFile, criText(lastWords(pod, container, nowMs - windowMs)));
    return { container, logsFile, previousLogsFile };
  });
}

/** Removes the log files of a pod that is gone. */
export function removePodLogs(folder: string, namespace: string, name: string): void {
  rmSync(path.join(folder, namespace, name), { recursive: true, force: true });
}

interface Line {
  readonly at: number;
  readonly text: string;
}

/** Lines as kubelets keep them: time with nanoseconds, stream, `F` for a full line. */
const criText = (lines: readonly Line[]) =>
  lines
    .map(({ at, text }) => `${new Date(at).toISOString().replace('Z', '000000Z')} stdout F ${text}\n`)
    .join('');

function linesOf(pod: Pod, container: string, nowMs: number): Line[] {
  const wanted = Number(pod.metadata.annotations?.[linesAnnotation]);
  if (wanted > 0) return evenLines(container, nowMs - windowMs, nowMs, wanted);
  const instance = { n: 0, startedAt: nowMs - 2 * windowMs, containerID: '', pressure: [] };
  // The simulator keeps an hour; half an hour earlier as its "now" makes it give the whole window.
  const window = { from: nowMs - windowMs, to: nowMs, now: nowMs - 30 * 60_000 };
  const calm = renderCalmLines(pod, container, instance, window);
  return calm.length > 0 ? calm : evenLines(container, nowMs - windowMs, nowMs, windowMs / 10_000);
}

function evenLines(container: string, fromMs: number, toMs: number, count: number): Line[] {
  return Array.from({ length: count }, (_, index) => {
    const at = Math.floor(fromMs + ((toMs - fromMs) * (index + 1)) / count) - 1;
    return {
      at,
      text: `${new Date(at).toISOString()} level=info msg="${container} line ${index + 1} of ${count}"`,
    };
  });
}

/** What a container wrote before it was killed: its heap grows until it is out of memory. */
function lastWords(pod: Pod, container: string, endMs: number): Line[] {
  const calm = evenLines(container, endMs - 600_000, endMs - 20_000, 120);
  const limit =
    pod.spec.containers.find(({ name }) => name === container)?.resources?.limits?.['memory'] ?? '256Mi';
  const end = [
    'level=warn msg="heap at 91% of its limit, queue 1208 requests"',
    'level=error msg="heap at 98% of its limit, queue 1841 requests"',
    `level=fatal msg="OutOfMemory: cannot allocate 4194304 bytes, the limit is ${limit}"`,
  ].map((text, index) => {
    const at = endMs - 9_000 + index * 4_000;
    return { at, text: `${new Date(at).toISOString()} ${text}` };
  });
  return [...calm, ...end];
}
