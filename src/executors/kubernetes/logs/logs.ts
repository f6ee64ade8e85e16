import { followSignal } from '../../runScope.ts';
import type { ApiFailure } from '../access/apiFailure.ts';
import { readLines } from './logLines.ts';
import type { LogBytes, LogsAction, LogSource } from './logSources.ts';
import { labelOf, openLog, prefixOf, shareOf, sourcesOf } from './logSources.ts';
import type { MergedSource } from './mergeLogs.ts';
import { mergeLogs } from './mergeLogs.ts';
import { selectPods } from './podSelection.ts';
import type { VerbContext, VerbOutcome } from '../verb.ts';
import { failedVerb, failVerb, succeeded } from '../verb.ts';

/** How many logs load at the same time, one printed after another. */
const atOnce = 6;
/** How much of each waits in memory for its turn, bytes. */
const aheadBytes = 2 * 1024 * 1024;
/** How many logs are put in one order of time; more are read in groups of so many. */
const mergedAtOnce = 50;
/** How long all logs wait for the next line of one, milliseconds. */
const patienceMs = 2000;

/** What became of the logs so far. */
interface Tally {
  readonly sources: readonly LogSource[];
  readonly failures: ApiFailure[];
  /** Logs with older lines than those shown. */
  readonly cut: string[];
}

/** How each line is printed. */
interface Style {
  readonly prefixed: boolean;
  /** Each log's share of lines; undefined: all. */
  readonly share: number | undefined;
}

/**
 * kubectl logs. With a selector every pod is read, its whole window and not kubectl's last ten lines, and the lines of
 * several pods are put in the order they were written (unless `--prefix=false` asks for one pod after another). A log
 * that is gone or cannot be read costs only its own lines: its sentence goes to stderr, the run fails only when none
 * could be read to its end, and otherwise the outcome's detail says how many were.
 */
export async function runLogs(context: VerbContext, action: LogsAction): Promise<VerbOutcome> {
  const selected = await selectPods(context, action.resource, action.selector, action.allPods);
  if (!selected.ok) return failVerb(context, selected.failure);
  const { sources, notes } = sourcesOf(action, selected.value.pods);
  for (const note of [selected.value.note, ...notes])
    if (note !== undefined) await context.output.error(`${note}\n`);
  if (sources.length === 0) {
    await context.output.error(`No resources found in ${context.namespace} namespace.\n`);
    return succeeded('No pods matched.');
  }
  const most = action.maxLogRequests;
  if (action.follow && most !== undefined && sources.length > most) {
    const message = `error: you are attempting to follow ${sources.length} log streams, but maximum allowed concurrency is ${most}, use --max-log-requests to increase the limit`;
    return failVerb(context, { code: 'invalid', message });
  }
  const inOrderOfTime = action.order === 'time' && sources.length > 1;
  const style: Style = {
    // In front of a line that is searched or counted a name would be found and counted too.
    prefixed: action.prefix || (inOrderOfTime && !context.output.isFiltered),
    share: shareOf(action, sources.length),
  };
  const tally: Tally = { sources, failures: [], cut: [] };
  // Ends the other requests when the filters need no more; the run's own stop comes through too.
  const scope = followSignal(context.signal);
  const inner = { ...context, signal: scope.signal };
  try {
    if (action.follow) return await followAll(inner, action, tally, style, scope.abort);
    // A limit in bytes would count the times that are only there to sort by.
    const merged = inOrderOfTime && (action.timestamps || action.limitBytes === undefined);
    await (merged ? printInOrderOfTime : printOneByOne)(inner, action, tally, style);
    return context.signal.aborted ? { kind: 'stopped' } : await settle(inner, action, tally, style);
  } finally {
    scope.abort();
    scope.dispose();
  }
}

const askedLines = ({ share }: Style): number | undefined => (share === undefined ? undefined : share + 1);

async function printInOrderOfTime(
  context: VerbContext,
  action: LogsAction,
  tally: Tally,
  style: Style,
): Promise<void> {
  const { sources } = tally;
  if (sources.length > mergedAtOnce)
    await context.output.error(
      `${sources.length} logs are read ${mergedAtOnce} at a time; each ${mergedAtOnce} are in order of time.\n`,
    );
  for (let from = 0; from < sources.length; from += mergedAtOnce) {
    const group = sources.slice(from, from + mergedAtOnce);
    const more = await mergeLogs(
      group.map((source) => mergedSource(context, action, tally, style, source)),
      { timestamps: action.timestamps, patienceMs, write: (text) => context.output.write(text) },
    );
    if (!more || context.signal.aborted) return;
  }
}

function mergedSource(
  context: VerbContext,
  action: LogsAction,
  tally: Tally,
  style: Style,
  source: LogSource,
): MergedSource {
  async function* batches(): AsyncGenerator<string[]> {
    const log = await openLog(context, action, source, {
      lines: askedLines(style),
      stamped: true,
      aheadBytes,
    });
    if (!log.ok) return fail(context, tally, log.failure, log.failure.message);
    let lines = 0;
    for await (const batch of readLines(log.value)) {
      lines += batch.length;
      yield batch;
    }
    if (style.share !== undefined && lines > style.share) tally.cut.push(labelOf(source));
  }
  return {
    prefix: style.prefixed ? prefixOf(source) : '',
    batches: batches(),
    onCut: (thrown) => failCut(context, tally, source, thrown),
    onLate: () =>
      context.output.error(
        `No line yet from ${labelOf(source)}: the others go on without it, its lines follow.\n`,
      ),
  };
}

async function printOneByOne(
  context: VerbContext,
  action: LogsAction,
  tally: Tally,
  style: Style,
): Promise<void> {
  const { sources } = tally;
  const opened = new Map<number, Promise<LogBytes>>();
  const start = (index: number): void => {
    const source = sources[index];
    if (source === undefined) return;
    const wanted = { lines: askedLines(style), stamped: action.timestamps, aheadBytes };
    opened.set(index, openLog(context, action, source, wanted));
  };
  for (let index = 0; index < atOnce; index++) start(index);
  for (const [index, source] of sources.entries()) {
    const log = await opened.get(index)!;
    if (!log.ok) await fail(context, tally, log.failure, log.failure.message);
    else if (!(await printOne(context, tally, style, source, log.value))) return;
    if (context.signal.aborted) return;
    opened.delete(index);
    start(index + atOnce);
  }
}

/** Prints one log to its end, whole lines only; false once no more is wanted. */
async function printOne(
  context: VerbContext,
  tally: Tally,
  style: Style,
  source: LogSource,
  bytes: AsyncIterable<Uint8Array>,
  write: (text: string) => Promise<boolean> = (text) => context.output.write(text),
): Promise<boolean> {
  const prefix = style.prefixed ? prefixOf(source) : '';
  let lines = 0;
  try {
    for await (const batch of readLines(bytes)) {
      lines += batch.length;
      if (!(await write(`${prefix}${batch.join(`\n${prefix}`)}\n`))) return false;
    }
  } catch (thrown) {
    await failCut(context, tally, source, thrown);
  }
  if (style.share !== undefined && lines > style.share) tally.cut.push(labelOf(source));
  return true;
}

/** Follows all logs at once, lines as they come. */
async function followAll(
  context: VerbContext,
  action: LogsAction,
  tally: Tally,
  style: Style,
  abort: () => void,
): Promise<VerbOutcome> {
  let turn: Promise<unknown> = Promise.resolve();
  let enough = false;
  const inTurn = (text: string): Promise<boolean> => {
    const mine = turn.then(async () => !enough && (await context.output.write(text)));
    turn = mine;
    return mine;
  };
  await Promise.all(
    tally.sources.map(async (source) => {
      const log = await openLog(context, action, source, { lines: style.share, stamped: action.timestamps });
      if (!log.ok) return fail(context, tally, log.failure, log.failure.message);
      const whole = { ...style, share: undefined };
      if (await printOne(context, tally, whole, source, log.value, inTurn)) return;
      enough = true;
      abort();
    }),
  );
  await turn;
  if (context.signal.aborted && !enough) return { kind: 'stopped' };
  return settle(context, action, tally, { ...style, share: undefined });
}

const failCut = (context: VerbContext, tally: Tally, source: LogSource, thrown: unknown): Promise<void> => {
  const failure = context.transport.cutOff(thrown, context.signal);
  return fail(context, tally, failure, `The log of ${labelOf(source)} was cut off: ${failure.message}`);
};

async function fail(
  context: VerbContext,
  tally: Tally,
  failure: ApiFailure,
  sentence: string,
): Promise<void> {
  if (failure.code === 'cancelled') return;
  tally.failures.push(failure);
  await context.output.error(`${sentence}\n`);
}

/** All logs failed: the run failed. Some did: the others are worth having, and the detail says what is missing. */
async function settle(
  { output }: VerbContext,
  action: LogsAction,
  { sources, failures, cut }: Tally,
  { share = 0 }: Style,
): Promise<VerbOutcome> {
  const details: string[] = [];
  const [first] = failures;
  if (first !== undefined && failures.length === sources.length && action.ignoreErrors !== true)
    return failedVerb(first);
  if (first !== undefined)
    details.push(
      `${sources.length - failures.length} of ${sources.length} logs could be read: ${first.message}`,
    );
  if (cut.length > 0) {
    const lines = share.toLocaleString('en-US');
    await output.error(
      `Only the newest ${lines} lines of each log are shown. There are older ones in ${cut.join(', ')}: ` +
        'give --tail for more, or narrow the window with --since.\n',
    );
    details.push(`Only the newest ${lines} lines of each log are shown; see the output.`);
  }
  return succeeded(details.length === 0 ? undefined : details.join(' '));
}
