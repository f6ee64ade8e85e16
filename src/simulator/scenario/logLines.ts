import { hashOf } from '../state/names.ts';
import type { Pod } from '../state/objects.ts';
import { parseMemory } from '../state/quantity.ts';
import type { Instance, LogLine, Period } from '../state/world.ts';

/** Older lines are rotated away, as a node's log rotation does. */
const keptMs = 3_600_000;

/** What a calm application writes: the text of its k-th line, made from a number that only k and the pod decide. */
type Voice = { readonly everyMs: number; readonly line: (seed: number) => string };

const ms = (seed: number, from: number, to: number): number => from + (seed % (to - from + 1));
const id = (seed: number): string => (seed >>> 4).toString(16).padStart(7, '0').slice(0, 7);

const voices: Readonly<Record<string, Voice>> = {
  'payment-service': {
    everyMs: 2_000,
    line: (n) => `level=info msg="POST /pay 200" order=${id(n)} duration=${ms(n, 38, 140)}ms`,
  },
  checkout: {
    everyMs: 2_000,
    line: (n) => `level=info msg="POST /orders 201" order=${id(n)} duration=${ms(n, 60, 210)}ms`,
  },
  catalog: {
    everyMs: 3_000,
    line: (n) =>
      `level=info msg="GET /products/${n % 900} 200" duration=${ms(n, 4, 35)}ms cache=${n % 5 === 0 ? 'miss' : 'hit'}`,
  },
  search: {
    everyMs: 4_000,
    line: (n) => `level=info msg="GET /search 200" results=${n % 120} duration=${ms(n, 20, 180)}ms`,
  },
  notifications: {
    everyMs: 5_000,
    line: (n) => `level=info msg="order confirmation queued" order=${id(n)}`,
  },
  'mail-relay': { everyMs: 5_000, line: (n) => `relay: accepted message ${id(n)} 250 2.0.0 OK` },
  postgres: {
    everyMs: 60_000,
    line: (n) => `LOG:  checkpoint complete: wrote ${ms(n, 12, 240)} buffers; 0 WAL file(s) added`,
  },
  coredns: {
    everyMs: 30_000,
    line: (n) =>
      `[INFO] 10.244.1.${ms(n, 4, 200)}:53412 - "A IN postgres.production.svc.cluster.local." NOERROR`,
  },
};

const stamp = (at: number): string => new Date(at).toISOString();

/**
 * The lines of a calm container between two moments (ms UTC, both included). Lines lie on a grid of absolute
 * time, so that two overlapping windows agree. `trouble` may replace the text of a line.
 */
export function renderCalmLines(
  pod: Pod,
  container: string,
  instance: Instance,
  window: { from: number; to: number; now: number },
  trouble: (at: number, seed: number) => string | undefined = () => undefined,
): LogLine[] {
  const voice = voices[container];
  if (voice === undefined) return [];
  const from = Math.max(window.from, instance.startedAt, window.now - keptMs);
  const to = Math.min(window.to, instance.finishedAt ?? window.to);
  const lines: LogLine[] = [];
  if (instance.startedAt >= from && instance.startedAt <= to) {
    lines.push({
      at: instance.startedAt,
      text: `${stamp(instance.startedAt)} level=info msg="${container} started"`,
    });
  }
  for (let k = Math.floor(from / voice.everyMs); k * voice.everyMs <= to; k += 1) {
    const seed = hashOf(`${pod.metadata.name}/${container}/${k}`);
    const at = k * voice.everyMs + (seed % (voice.everyMs - 1));
    if (at < from || at > to || at <= instance.startedAt) continue;
    lines.push({ at, text: `${stamp(at)} ${trouble(at, seed) ?? voice.line(seed)}` });
  }
  return lines;
}

const steps = 16;
const queueAtTheEnd = 1841;

/** What payment-service writes while its queue outgrows its memory, up to the line before the kernel kills it. */
function renderPressure(limitMi: number, period: Period): LogLine[] {
  const end = period.killAt ?? period.until ?? period.from;
  const lines: LogLine[] = [];
  for (let i = 0; i <= steps; i += 1) {
    const share = i / steps;
    // The last lines come just before the end, never at the same moment as it.
    const at = Math.floor(period.from + (end - period.from) * (0.04 + 0.94 * share));
    const heap = Math.round(limitMi * (0.3 + 0.68 * share ** 1.5));
    const queue = Math.round(queueAtTheEnd * (0.05 + 0.95 * share ** 2));
    const level = share < 0.4 ? 'info' : share < 0.8 ? 'warn' : 'error';
    const text = `level=${level} msg="heap ${heap}Mi of ${limitMi}Mi, queue ${queue} requests, shedding none"`;
    lines.push({ at, text: `${stamp(at)} ${text}` });
    if (i === steps - 1) {
      const warning = `level=error msg="memory cgroup is at ${Math.round((100 * heap) / limitMi)}% of its ${limitMi}Mi limit: the kernel kills the process (OOM) when it is full"`;
      lines.push({ at: at + 1, text: `${stamp(at + 1)} ${warning}` });
    }
  }
  return lines;
}

/** The lines of payment-service: calm ones, and those of the stretches when it had more than it can hold. */
export function renderPaymentLines(
  pod: Pod,
  instance: Instance,
  window: { from: number; to: number; now: number },
): LogLine[] {
  const limitMi = (parseMemory(pod.spec.containers[0]?.resources?.limits?.['memory']) ?? 2 ** 28) / 2 ** 20;
  const under = instance.pressure.flatMap((period) =>
    renderPressure(limitMi, period).filter(({ at }) => at <= (period.until ?? window.to)),
  );
  const relieved = instance.pressure.flatMap(({ until }) =>
    until === undefined || until === instance.finishedAt
      ? []
      : [
          {
            at: until,
            text: `${stamp(until)} level=info msg="queue drained, heap back to 88Mi of ${limitMi}Mi"`,
          },
        ],
  );
  // Near its end the process serves nobody any more: the last words are those of its heap.
  const serves = (at: number): boolean =>
    instance.pressure.every(({ from, killAt, until }) => {
      const end = killAt ?? until ?? from;
      return at < from + 0.85 * (end - from) || at > (until ?? end);
    });
  const calm = renderCalmLines(pod, 'payment-service', instance, window).filter(({ at }) => serves(at));
  return [...calm, ...under, ...relieved]
    .filter(({ at }) => at >= window.from && at <= window.to)
    .sort((a, b) => a.at - b.at);
}
