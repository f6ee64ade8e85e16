import type { Step } from '../guide/guide.ts';
import type { Measured } from '../metrics/metricQuery.ts';
import { readMeasured } from '../metrics/readMeasured.ts';
import type { Outcome, Plan } from '../plan/plan.ts';
import { hideSecrets } from '../plan/words/hideSecrets.ts';
import { refuseCapture } from '../plan/words/refuseToKeep.ts';
import { checkAssertions, clausesOf } from './assertions.ts';
import { captureValue, parseCapture } from './capture.ts';
import type { Checked } from './judged.ts';
import { createLogReader } from './readLogs.ts';
import { createTableReader } from './readTables.ts';
import { showsAll } from './showsAll.ts';
import type { LookedUp, MetricsRead, Reading } from './reading.ts';

/** Characters of a line that are looked at, and of the whole output that are kept to be read as one. */
const longestLine = 20_000;
const longestOutput = 256_000;
/** JSON that is kept in the journal is no longer than this. */
const longestJson = 8_000;

export interface Observed {
  /** Undefined where nothing that can be read came. */
  readonly reading: Reading | undefined;
  readonly assertions: readonly Checked[];
  /** Values by name that `ir.capture` found. */
  readonly captured: Readonly<Record<string, string>>;
  /** Why a capture is not made, as sentences: its name is a secret's, and the journal is no place for one. */
  readonly withheld: readonly string[];
}

export interface Observer {
  write(text: string): void;
  lookedUp(found: LookedUp): void;
  /** Takes what a run of queries was told. */
  measured(measured: Measured): void;
  /** Reads what came; `values` are the incident's by name. */
  end(outcome: Outcome, values: Readonly<Record<string, string>>): Observed;
}

/** Reads a run's output while it comes, line by line, in bounded memory. Never throws. */
export function observeRun(step: Pick<Step, 'attributes' | 'document'>, plan: Plan): Observer {
  const assert = step.attributes['ir.assert'];
  const withheld: string[] = [];
  const captures = clausesOf(step.attributes['ir.capture'] ?? '').flatMap((clause) => {
    const read = parseCapture(clause);
    const refusal = read.ok ? refuseCapture(step, read.value.name) : undefined;
    if (refusal !== undefined) withheld.push(`ir.capture took nothing: ${refusal}`);
    return read.ok && refusal === undefined ? [read.value] : [];
  });
  const shows = showsAll(plan);
  const tables = createTableReader(plan.original);
  const logs = isLog(plan) ? createLogReader() : undefined;
  const needles = new Map(
    textsIn(`${assert ?? ''};${step.attributes['ir.capture'] ?? ''}`).map((text) => [text, 0]),
  );
  const behind = new Map<string, string>();
  const afters = captures.flatMap(({ from }) => (from.kind === 'after' ? [from.text] : []));
  let lines = 0;
  let rest = '';
  let kept: string | undefined = '';
  let httpStatus: number | undefined;
  let beside: LookedUp | undefined;
  let metrics: MetricsRead | undefined;

  const readLine = (whole: string): void => {
    const line = (whole.endsWith('\r') ? whole.slice(0, -1) : whole).slice(0, longestLine);
    if (line.trim() !== '') lines++;
    tables.line(line);
    logs?.line(line);
    if (plan.kind === 'http' && plan.showHeaders)
      httpStatus = Number(/^HTTP\/[\d.]+ (\d{3})/.exec(line)?.[1] ?? httpStatus) || undefined;
    for (const [text, count] of needles) if (line.includes(text)) needles.set(text, count + 1);
    for (const text of afters) {
      const at = behind.has(text) ? -1 : line.indexOf(text);
      const word = at < 0 ? undefined : /^\s*([^\s"',;]+)/.exec(line.slice(at + text.length))?.[1];
      if (word !== undefined) behind.set(text, word);
    }
  };
  return {
    measured(measured) {
      metrics = readMeasured(measured);
    },
    write(text) {
      if (kept !== undefined) kept = kept.length + text.length <= longestOutput ? kept + text : undefined;
      const parts = (rest + text).split('\n');
      rest = (parts.pop() ?? '').slice(0, longestLine);
      for (const line of parts) readLine(line);
    },
    lookedUp(found) {
      beside = found;
    },
    end(outcome, values) {
      if (rest !== '') readLine(rest);
      const database = tables.database();
      const [pods, table, read] = [tables.pods(), tables.table(), logs?.logs()];
      const json = jsonIn(kept);
      const status = plan.kind === 'http' ? answeredBy(outcome, httpStatus) : undefined;
      const reading: Reading = {
        whole: shows.all && outcome.kind === 'succeeded',
        lines,
        ...(pods === undefined ? {} : { pods: shows.chosenPods ? { ...pods, chosen: true } : pods }),
        ...(table === undefined ? {} : { table }),
        ...(read === undefined ? {} : { logs: shows.chosenLogs ? { ...read, chosen: true } : read }),
        ...(database === undefined ? {} : { database }),
        ...(json === undefined || json.length > longestJson ? {} : { json: hideSecrets(json) }),
        ...(status === undefined ? {} : { httpStatus: status }),
        ...(status === undefined || plan.kind !== 'http' ? {} : { httpMethod: plan.method.toUpperCase() }),
        ...beside,
        ...(metrics === undefined ? {} : { metrics }),
      };
      // What a filter leaves over, or was asked for by name, is all that this step means to look at.
      const own: Reading = {
        ...reading,
        whole: true,
        ...(pods === undefined ? {} : { pods }),
        ...(read === undefined ? {} : { logs: read }),
        ...(json === undefined ? {} : { json }),
      };
      const count = (text: string): number => needles.get(text) ?? 0;
      const seen = { reading: own, count, ...(kept === undefined ? {} : { output: kept }) };
      const found = captures.flatMap((capture) => {
        const value = captureValue(capture, own, { count, after: (text) => behind.get(text) });
        return value === undefined ? [] : [[capture.name, value.slice(0, 500)] as const];
      });
      const says = Object.keys(reading).length > 2;
      return {
        reading: says ? reading : undefined,
        assertions: checkAssertions(assert, outcome, seen, values),
        captured: Object.fromEntries(found),
        withheld,
      };
    },
  };
}

/** The status of an answer that came whole: the head of one that was cut, or of a redirect before it, tells nothing. */
function answeredBy(outcome: Outcome, printed: number | undefined): number | undefined {
  switch (outcome.kind) {
    case 'succeeded':
      return outcome.status ?? printed;
    case 'no-match':
      return printed;
    case 'failed':
      return outcome.status;
    case 'stopped':
    case 'timed-out':
      return undefined;
  }
}

const isLog = (plan: Plan): boolean =>
  plan.kind === 'kubernetes'
    ? plan.action.verb === 'logs'
    : plan.kind === 'shell' && /\b(?:logs?|journalctl|stern|tail)\b/.test(plan.script);

/** Every text in quotes: those that are counted are among them. */
const textsIn = (source: string): readonly string[] => [
  ...new Set(
    [...source.slice(0, 4000).matchAll(/"((?:[^"\\]|\\.)*)"|'([^']*)'/g)]
      .map(([, double, single]) => (double ?? '').replace(/\\(["\\])/g, '$1') || (single ?? ''))
      .filter((text) => text !== '')
      .slice(0, 50),
  ),
];

function jsonIn(text: string | undefined): string | undefined {
  const trimmed = text?.trim() ?? '';
  if (!/^[[{]/.test(trimmed)) return undefined;
  try {
    JSON.parse(trimmed);
    return trimmed;
  } catch {
    return undefined; // it only looks like it
  }
}
