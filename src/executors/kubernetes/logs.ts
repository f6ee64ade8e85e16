import type { KubernetesAction } from '../../core/plan/kubernetesAction.ts';
import { followSignal } from '../runScope.ts';
import type { ApiFailure, ApiResult } from './apiFailure.ts';
import type { Pod } from './objects.ts';
import { allContainers, chooseContainer, selectPods } from './podSelection.ts';
import { readAhead } from './readAhead.ts';
import type { VerbContext, VerbOutcome } from './verb.ts';
import { failedVerb, failVerb, succeeded } from './verb.ts';

export type LogsAction = Extract<KubernetesAction, { verb: 'logs' }>;

/** How many logs load at the same time. */
const atOnce = 6;
/** How much of each waits in memory for its turn, bytes. */
const aheadBytes = 4 * 1024 * 1024;
/** Lines printed in total for a selector without `--tail`: enough to search, not enough to drown the editor. */
export const selectorLineCap = 100_000;

interface LogSource {
  readonly pod: string;
  readonly container: string | undefined;
}

type LogBytes = ApiResult<AsyncIterable<Uint8Array>>;
const labelOf = ({ pod, container }: LogSource): string =>
  container === undefined ? pod : `${pod}/${container}`;

/**
 * kubectl logs. With a selector every pod is read, its whole window and not kubectl's last ten lines. A pod that is
 * gone or cannot be read costs only its own lines: its sentence goes to stderr, the run fails only when no log could
 * be read to its end, and otherwise the outcome's detail says how many were.
 */
export async function runLogs(context: VerbContext, action: LogsAction): Promise<VerbOutcome> {
  const selected = await selectPods(context, action.resource, action.selector);
  if (!selected.ok) return failVerb(context, selected.failure);
  if (selected.value.note !== undefined) await context.output.error(`${selected.value.note}\n`);
  const sources: LogSource[] = [];
  for (const pod of selected.value.pods) sources.push(...(await sourcesOf(context, action, pod)));
  if (sources.length === 0) {
    await context.output.error(`No resources found in ${context.namespace} namespace.\n`);
    return succeeded('No pods matched.');
  }
  // Ends the other requests when the filters or the cap need no more; the run's own stop comes through too.
  const scope = followSignal(context.signal);
  const inner = { ...context, signal: scope.signal };
  try {
    return action.follow
      ? await followAll(inner, action, sources, scope.abort)
      : await printInOrder(inner, action, sources, scope.abort);
  } finally {
    scope.abort();
    scope.dispose();
  }
}

async function sourcesOf(context: VerbContext, action: LogsAction, pod: Pod): Promise<LogSource[]> {
  const name = pod.metadata?.name ?? '';
  if (action.container !== undefined) return [{ pod: name, container: action.container }];
  if (action.allContainers) return allContainers(pod).map((container) => ({ pod: name, container }));
  const chosen = chooseContainer(pod);
  if (chosen.note !== undefined) await context.output.error(`${chosen.note}\n`);
  return [{ pod: name, container: chosen.name }];
}

function openLog(context: VerbContext, action: LogsAction, { pod, container }: LogSource): Promise<LogBytes> {
  const path = `/api/v1/namespaces/${encodeURIComponent(context.namespace)}/pods/${encodeURIComponent(pod)}/log`;
  const capped = action.selector !== undefined && !action.follow ? selectorLineCap + 1 : undefined;
  return context.transport.stream(
    {
      path,
      accept: 'text/plain, application/json, */*',
      endless: action.follow,
      query: {
        container,
        follow: action.follow,
        previous: action.previous,
        sinceSeconds: action.sinceSeconds,
        // Asking for the newest lines only: where the cap cuts, it cuts the oldest.
        tailLines: action.tailLines ?? capped,
        timestamps: action.timestamps,
      },
    },
    context.signal,
  );
}

async function printInOrder(
  context: VerbContext,
  action: LogsAction,
  sources: readonly LogSource[],
  abort: () => void,
): Promise<VerbOutcome> {
  const cap = action.selector !== undefined && action.tailLines === undefined ? selectorLineCap : Infinity;
  const opened = new Map<number, Promise<LogBytes>>();
  const start = (index: number): void => {
    const source = sources[index];
    if (source === undefined) return;
    const loading = openLog(context, action, source).then((answer): LogBytes =>
      answer.ok ? { ok: true, value: readAhead(answer.value, aheadBytes) } : answer,
    );
    opened.set(index, loading);
  };
  for (let index = 0; index < atOnce; index++) start(index);

  const failures: ApiFailure[] = [];
  let printed = 0;
  for (const [index, source] of sources.entries()) {
    const answer = await opened.get(index)!;
    if (answer.ok) {
      const read = await printOne(context, action, source, answer.value, cap - printed);
      if (read.failure?.code === 'cancelled') return { kind: 'stopped' };
      if (read.failure !== undefined) {
        await context.output.error(`The log of ${labelOf(source)} was cut off: ${read.failure.message}\n`);
        failures.push(read.failure);
      }
      printed += read.lines;
      if (read.enough) break;
      if (read.cut) {
        abort();
        await sayCut(context, sources.slice(index + 1), source);
        return succeeded(`Only ${printed.toLocaleString('en-US')} lines are shown; see the output.`);
      }
    } else {
      if (answer.failure.code === 'cancelled') return { kind: 'stopped' };
      failures.push(answer.failure);
      await context.output.error(`${answer.failure.message}\n`);
    }
    opened.delete(index);
    start(index + atOnce);
  }
  return settle(sources, failures);
}

async function sayCut(context: VerbContext, unread: readonly LogSource[], last: LogSource): Promise<void> {
  const others = unread.length === 0 ? '' : ` Not read at all: ${unread.map(labelOf).join(', ')}.`;
  await context.output.error(
    `Cut after ${selectorLineCap.toLocaleString('en-US')} lines, within the log of ${labelOf(last)}.${others} Narrow it with --since or --tail, or read one pod at a time.\n`,
  );
}

/** All logs failed: the run failed. Some did: the others are worth having, and the detail says what is missing. */
function settle(sources: readonly LogSource[], failures: readonly ApiFailure[]): VerbOutcome {
  const first = failures[0];
  if (first !== undefined && failures.length === sources.length) return failedVerb(first);
  if (first === undefined) return succeeded();
  return succeeded(
    `${sources.length - failures.length} of ${sources.length} logs could be read: ${first.message}`,
  );
}

interface Printed {
  readonly lines: number;
  /** The filters need no more. */
  readonly enough: boolean;
  /** The cap was reached with more to come. */
  readonly cut: boolean;
  readonly failure: ApiFailure | undefined;
}

/** Prints one log to its end; a missing last line break is added so that logs never run into each other. */
async function printOne(
  context: VerbContext,
  action: LogsAction,
  source: LogSource,
  bytes: AsyncIterable<Uint8Array>,
  allowed: number,
  write: (text: string) => Promise<boolean> = (text) => context.output.write(text),
): Promise<Printed> {
  const decoder = new TextDecoder();
  const prefix = action.prefix ? `[pod/${labelOf(source)}] ` : '';
  let lines = 0;
  let openLine = false;
  const print = async (text: string): Promise<'more' | 'enough' | 'cut'> => {
    if (text === '') return 'more';
    const { shown, breaks, cut } = upToLines(text, allowed - lines, openLine);
    const marked = prefix === '' ? shown : withPrefix(shown, prefix, openLine);
    lines += breaks;
    openLine = shown === '' ? openLine : !shown.endsWith('\n');
    if (marked !== '' && !(await write(marked))) return 'enough';
    return cut ? 'cut' : 'more';
  };
  try {
    for await (const chunk of bytes) {
      const next = await print(decoder.decode(chunk, { stream: true }));
      if (next !== 'more')
        return { lines, enough: next === 'enough', cut: next === 'cut', failure: undefined };
    }
    await print(decoder.decode());
  } catch (thrown) {
    return { lines, enough: false, cut: false, failure: context.transport.cutOff(thrown, context.signal) };
  } finally {
    if (openLine) {
      lines++;
      await write('\n');
    }
  }
  return { lines, enough: false, cut: false, failure: undefined };
}

/** The part of `text` that ends with the allowed line, and whether anything was left. */
function upToLines(
  text: string,
  allowed: number,
  openLine: boolean,
): { readonly shown: string; readonly breaks: number; readonly cut: boolean } {
  if (allowed <= 0 && !openLine) return { shown: '', breaks: 0, cut: true };
  let breaks = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) {
    breaks++;
    if (breaks === allowed && at + 1 < text.length)
      return { shown: text.slice(0, at + 1), breaks, cut: true };
  }
  return { shown: text, breaks, cut: false };
}

function withPrefix(text: string, prefix: string, openLine: boolean): string {
  const body = text.endsWith('\n') ? text.slice(0, -1) : text;
  const marked = (openLine ? '' : prefix) + body.replaceAll('\n', `\n${prefix}`);
  return text.endsWith('\n') ? `${marked}\n` : marked;
}

/** Follows all logs at once; whole lines only, so that two pods never share one. */
async function followAll(
  context: VerbContext,
  action: LogsAction,
  sources: readonly LogSource[],
  abort: () => void,
): Promise<VerbOutcome> {
  let turn: Promise<unknown> = Promise.resolve();
  let enough = false;
  const inTurn = (text: string): Promise<boolean> => {
    const mine = turn.then(async () => !enough && (await context.output.write(text)));
    turn = mine;
    return mine;
  };
  const failures: ApiFailure[] = [];
  const followOne = async (source: LogSource): Promise<void> => {
    const answer = await openLog(context, action, source);
    if (!answer.ok) return fail(answer.failure, answer.failure.message);
    const write = sources.length === 1 ? inTurn : wholeLines(inTurn);
    const read = await printOne(context, action, source, answer.value, Infinity, write);
    if (read.enough) {
      enough = true;
      abort();
    } else if (read.failure !== undefined) {
      await fail(read.failure, `The log of ${labelOf(source)} was cut off: ${read.failure.message}`);
    }
  };
  const fail = async (failure: ApiFailure, sentence: string): Promise<void> => {
    if (failure.code === 'cancelled') return;
    failures.push(failure);
    await context.output.error(`${sentence}\n`);
  };
  await Promise.all(sources.map(followOne));
  await turn;
  if (context.signal.aborted && !enough) return { kind: 'stopped' };
  return settle(sources, failures);
}

/** Holds back the last, unfinished line until its end arrives. */
function wholeLines(write: (text: string) => Promise<boolean>): (text: string) => Promise<boolean> {
  let rest = '';
  return async (text) => {
    const all = rest + text;
    const end = all.lastIndexOf('\n') + 1;
    rest = all.slice(end);
    return end === 0 ? true : write(all.slice(0, end));
  };
}
