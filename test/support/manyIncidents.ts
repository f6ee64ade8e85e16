import type { AnyEvent, Fact, PostMortemStatus } from '../../src/core/incident/events.ts';
import { hashLine } from '../../src/journal/parseJournalFile.ts';
import { fact, runEnded, runStarted } from './builders.ts';
import { pseudoRandom } from './pseudoRandom.ts';

/** One generated incident: its ULID and what its journal holds, in clock order. */
export interface MadeIncident {
  readonly id: string;
  readonly events: readonly AnyEvent[];
}

/** The guide that all of them name, for figures of what it promises. */
export const madeGuideFile = 'incident-guide.md';
/** When the newest of them are judged. */
export const madeNow = '2026-11-28T12:00:00.000Z';

const minuteMs = 60_000;
const digits = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const people = ['Ana', 'Björn', 'Chiara', 'Dev', 'Eszter', 'Farid', 'Grace', 'Hiro'] as const;
const services = [
  'payment-service',
  'checkout',
  'search',
  'auth',
  'inventory',
  'notifications',
  'gateway',
  'reports',
] as const;
const titles = [
  'Payments failing',
  'Checkout slow',
  'Search empty',
  'Logins refused',
  'Queue grows',
  'Disk full',
] as const;
const causes = [
  'a deploy with a bug',
  'a full connection pool',
  'an expired certificate',
  'a slow query',
  'a lost node',
] as const;
const alerts = [
  'HighErrorRate',
  'HighLatency',
  'PodCrashLooping',
  'QueueBacklog',
  'CertificateExpires',
] as const;
const steps = ['check-pods', 'check-logs', 'check-deploys', 'scale-up', 'roll-back'] as const;
const errors = [
  'ERROR connection refused to db-7:5432 after 3 tries',
  'fatal: out of memory in worker 4711',
  'panic: runtime error: index out of range [12]',
] as const;

/**
 * `count` incidents of about five years before `madeNow`, the oldest first and the same at every call: drills, severities
 * that changed, updates that came late or were put off, post-mortems that came late or never, failed and skipped steps,
 * onsets that make no sense, reopened ones, facts of a newer version, and a few that are still active.
 */
export function manyIncidents(count: number): readonly MadeIncident[] {
  const next = pseudoRandom(20_261_128);
  const end = Date.parse(madeNow);
  const apart = (5 * 365 * 86_400_000) / count;
  return Array.from({ length: count }, (_each, at) =>
    oneIncident(Math.floor(end - (count - at) * apart + next() * apart * 0.9), at, at >= count - 3, next),
  );
}

function oneIncident(declaredMs: number, index: number, isActive: boolean, next: () => number): MadeIncident {
  const any = <T>(list: readonly T[], draw = next): T => list[Math.floor(draw() * list.length)] as T;
  const chance = (of: number): boolean => next() < of;
  const minutes = (most: number): number => Math.floor(next() * most * minuteMs);
  const id = ulidOf(declaredMs, next);
  const writer = ulidOf(declaredMs, next);
  const facts: (readonly [at: number, fact: Fact, draw: () => number])[] = [];
  const add = (at: number, one: Fact, draw = next): void => void facts.push([at, one, draw]);
  // What came to be generated later has a source of its own: all else stays as tests and pictures know it.
  const later = pseudoRandom(index);
  const iso = (ms: number): string => new Date(ms).toISOString();
  const severity = any(['SEV1', 'SEV2', 'SEV2', 'SEV3', 'SEV3', 'SEV3']);
  const service = chance(0.9) ? any(services) : undefined;
  add(
    0,
    fact('IncidentDeclared', {
      number: `${iso(declaredMs).slice(0, 10)}-${String((index % 40) + 1).padStart(4, '0')}`,
      title: `${any(titles)} no. ${index}`,
      severity,
      target: { context: 'production', namespace: 'shop' },
      guide: { file: madeGuideFile },
      ...(service === undefined ? {} : { service }),
      ...(chance(0.05) ? { drill: true } : {}),
    }),
  );
  // Now and then an onset that lies after the declare: a slip of the pen, of which no time can be made.
  if (chance(0.6))
    add(minutes(3), fact('OnsetSet', { at: iso(declaredMs - minutes(40) + (chance(0.03) ? 3_600_000 : 0)) }));
  if (chance(0.85)) add(minutes(45), fact('IncidentAcknowledged', {}));
  if (chance(0.1)) add(minutes(20), fact('SeverityChanged', { severity: any(['SEV1', 'SEV2', 'SEV3']) }));
  if (chance(0.5)) {
    const name = any(alerts);
    const labels = { alertname: name, service: service ?? 'unknown' };
    const signal = {
      kind: 'alert' as const,
      sources: ['Alertmanager'],
      title: name,
      labels,
      state: 'firing' as const,
    };
    add(
      minutes(2),
      fact('SignalAttached', {
        signal: { ...signal, id: `alert/${index}`, startedAt: iso(declaredMs - minutes(10)) },
      }),
    );
  }
  for (let run = 0; run < Math.floor(next() * 4); run += 1) {
    const step = any(steps);
    const at = minutes(60);
    if (chance(0.15)) {
      add(at, fact('StepSkipped', { step, sequence: 'errors', text: `Step ${step}`, reason: 'not needed' }));
      continue;
    }
    const name = `run-${run}`;
    add(
      at,
      runStarted({
        run: name,
        step,
        sequence: 'errors',
        text: `Step ${step}`,
        ...(chance(0.05) ? { dryRun: true } : {}),
      }),
    );
    const outcome = chance(0.2)
      ? { kind: 'failed' as const, message: 'exit code 1' }
      : { kind: 'succeeded' as const };
    add(at + 500, runEnded({ run: name, outcome, durationMs: 500 }));
  }
  if (chance(0.3)) add(minutes(30), fact('EvidenceAdded', { kind: 'text', text: any(errors) }));
  if (chance(0.7)) add(minutes(50), fact('NoteAdded', { text: `Thought of ${any(causes)} first` }));
  const lengthMs = 20 * minuteMs + minutes(150);
  let updateAt = 0;
  for (let number = 1; chance(0.8) && number < 8; number += 1) {
    updateAt += 5 * minuteMs + minutes(14);
    if (updateAt > lengthMs) break;
    if (chance(0.06)) {
      const until = iso(declaredMs + updateAt + minutes(20));
      add(updateAt - 2 * minuteMs, fact('UpdateSnoozed', { until, reason: 'nothing new' }));
    }
    add(updateAt, fact('UpdatePosted', { number, text: 'Still looking' }));
  }
  if (!isActive) {
    if (chance(0.04)) {
      add(lengthMs - 4 * minuteMs, fact('IncidentResolved', { heads: {} }));
      add(lengthMs - 3 * minuteMs, fact('IncidentReopened', { reason: 'it came back' }));
    }
    if (chance(0.7))
      add(lengthMs - 2 * minuteMs, fact('MitigatedMarked', { at: iso(declaredMs + lengthMs - minutes(15)) }));
    add(lengthMs, fact('IncidentResolved', { heads: {}, ...(chance(0.8) ? { cause: any(causes) } : {}) }));
    // Some of them as another window saw them, whatever they have in common here.
    if (index % 3 === 0)
      add(lengthMs + 500, fact('RecurrenceSeen', { windowDays: 30, count: 1, earlier: [] }), later);
    if (chance(0.7)) {
      const drafted = lengthMs + Math.floor(next() * 80 * 60) * minuteMs;
      if (declaredMs + drafted < Date.parse(madeNow)) {
        add(drafted, fact('PostMortemDrafted', { file: 'post-mortem.md', sha256: '0'.repeat(64) }));
        for (const [at, status] of reviewsOf(later, drafted))
          if (declaredMs + at < Date.parse(madeNow))
            add(
              at,
              fact('PostMortemStatusSet', { status, file: 'post-mortem.md', sha256: '0'.repeat(64) }),
              later,
            );
        // Seen twice now and then: the later look is the one that counts.
        for (let look = 0; look < 2 && chance(0.6); look += 1) {
          const items = Array.from({ length: Math.floor(next() * 4) }, (_item, nth) => ({
            ...{ text: `Watch ${any(services)} ${nth}`, done: chance(0.5) },
            ...(chance(0.8) ? { due: iso(declaredMs + drafted + minutes(60 * 24 * 60)).slice(0, 10) } : {}),
          }));
          add(drafted + look + 1, fact('ActionItemsSeen', { file: 'post-mortem.md', items }));
        }
      }
    }
  }
  facts.sort(([a], [b]) => a - b);
  const events = facts.map(([at, one, draw], place): AnyEvent => {
    const time = declaredMs + at;
    const envelope = {
      ...{ id: ulidOf(time, draw), incident: id, writer, n: place + 1, version: 1, prev: '' },
      clock: `${String(time).padStart(15, '0')}-${String(place).padStart(5, '0')}`,
      ...{ time: iso(time), by: any(people, draw) },
    };
    // What a newer version wrote is kept and counts as nothing.
    return place > 0 && draw() < 0.01
      ? { ...envelope, version: 2, type: 'CauseSuspected', data: { cause: 'moon' }, unknown: true }
      : { ...envelope, ...one };
  });
  return { id, events };
}

/** What became of a draft, ms after the declare: left lying, reviewed, reviewed twice, or taken back to the draft. */
function reviewsOf(
  next: () => number,
  drafted: number,
): readonly (readonly [at: number, PostMortemStatus])[] {
  let at = drafted;
  const then = (status: PostMortemStatus) =>
    [(at += (1 + Math.floor(next() * 20 * 60)) * minuteMs), status] as const;
  const course = next();
  if (course < 0.2) return [];
  const reviewed = [then('in-review'), then('reviewed')];
  if (course < 0.8) return reviewed;
  return course < 0.9 ? [...reviewed, then('reviewed')] : [...reviewed, then('draft')];
}

/** The journal file of these events, with its chain, as the activation that wrote them left it. */
export function journalText(events: readonly AnyEvent[]): string {
  let prev = '';
  let text = '';
  for (const event of events) {
    const { id, incident, writer, n, clock, time, by, type, version, data } = event;
    const line = JSON.stringify({ id, incident, writer, n, clock, time, by, type, version, data, prev });
    prev = hashLine(line);
    text += `${line}\n`;
  }
  return text;
}

/** A ULID of a time, its rest from the generator (https://github.com/ulid/spec). */
function ulidOf(ms: number, next: () => number): string {
  let time = '';
  for (let rest = ms, place = 0; place < 10; place += 1, rest = Math.floor(rest / 32))
    time = `${digits[rest % 32] ?? ''}${time}`;
  return time + Array.from({ length: 16 }, () => digits[Math.floor(next() * 32)]).join('');
}
