import { readFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { messageOf } from '../../core/errors.ts';
import type { HttpPlan, Outcome } from '../../core/plan/plan.ts';
import type { Executor, RunIo } from '../../core/ports.ts';
import { createFilteredOutput } from '../filteredOutput.ts';
import { maskIo, maskOutcome } from '../maskSecrets.ts';
import { outcomeOf, runScoped } from '../runScope.ts';
import type { Secrets } from '../secretValues.ts';
import { fetchSecrets } from '../secretValues.ts';
import { curlProxyFor } from './curlProxy.ts';
import type { Answer } from './exchange.ts';
import { exchange, headerOf } from './exchange.ts';
import type { HopRequest } from './hopRequest.ts';
import { firstRequest } from './hopRequest.ts';
import { printBody, printHead, printRequest } from './printAnswer.ts';
import { nextRequest, redirectTo, refuseLeak, refuseRedirect } from './redirect.ts';
import { detailOf, shownUrl, unansweredSentence } from './transferText.ts';
import type { Transfer } from './writeOut.ts';
import { renderWriteOut } from './writeOut.ts';

export interface HttpDeps {
  /** Values of the secrets that plans name; without it every one counts as not set. */
  readonly secrets?: Secrets;
  /** Where `http_proxy` and its kin are looked up; this process's own environment when absent. */
  readonly env?: () => Readonly<Record<string, string | undefined>>;
  /** The editor's own proxy setting, used where the environment names none. */
  readonly proxy?: () => string | undefined;
}

/** curl's exit code for `-f` and an error status. */
const curlHttpError = 22;
/** curl's own limit for connecting, ms. */
const connectLimitMs = 300_000;
const transientStatus = new Set([408, 429, 500, 502, 503, 504]);
const longestWaitMs = 600_000;

/**
 * Runs http plans over connections of its own (not the editor's `fetch`: that hides timing and certificates, and drops
 * options), printing what curl prints. An error status fails the step even without `-f`, where curl itself exits 0: a
 * health check that answers 503 must not look green. Its body is printed all the same.
 */
export function createHttpExecutor(deps: HttpDeps = {}): Executor<HttpPlan> {
  return {
    run: (plan, io, signal) =>
      runScoped(plan.timeoutMs, signal, io, (inner, out) => run(deps, plan, out, inner)),
  };
}

async function run(deps: HttpDeps, plan: HttpPlan, io: RunIo, signal: AbortSignal): Promise<Outcome> {
  const secrets = await fetchSecrets(plan.secrets ?? [], deps.secrets);
  if (!secrets.ok) {
    await io.write(`${secrets.failure.message}\n`, 'stderr');
    return outcomeOf(secrets.failure);
  }
  const first = firstRequest(plan, secrets.value);
  if (typeof first === 'string') return say(io, first);
  const hidden = [...secrets.value.values(), ...first.made];
  const output = maskIo(io, hidden);
  try {
    return maskOutcome(await transfer(deps, plan, first.request, output, signal), hidden);
  } finally {
    await output.end();
  }
}

async function say(io: RunIo, message: string, exitCode?: number): Promise<Outcome> {
  await io.write(`${message}\n`, 'stderr');
  return { kind: 'failed', message, ...(exitCode === undefined ? {} : { exitCode }) };
}

/** How one try ended: with its last answer, or without one. */
type Tried =
  | {
      readonly kind: 'answered';
      readonly request: HopRequest;
      readonly answer: Answer;
      readonly followed: number;
    }
  | {
      readonly kind: 'failed';
      readonly request: HopRequest;
      readonly followed: number;
      readonly message: string;
      readonly exitCode: number;
      /** May pass: another try of a read makes sense. */
      readonly passing: boolean;
    }
  | { readonly kind: 'stopped'; readonly sent: boolean };

async function transfer(
  deps: HttpDeps,
  plan: HttpPlan,
  first: HopRequest,
  io: RunIo,
  signal: AbortSignal,
): Promise<Outcome> {
  let authorities: string | undefined;
  try {
    authorities = plan.curl?.caFile === undefined ? undefined : await readFile(plan.curl.caFile, 'utf8');
  } catch (thrown) {
    return say(
      io,
      `The certificate file of --cacert could not be read: ${messageOf(thrown)}. Nothing was sent.`,
      77,
    );
  }
  const retries = reads(plan) ? (plan.curl?.retries ?? 0) : 0;
  for (let round = 0; ; round += 1) {
    const startedAt = performance.now();
    const output = createFilteredOutput(plan.filters, io);
    const tried = await tryOnce({ deps, plan, first, authorities, output, io, signal });
    if (tried.kind === 'stopped') {
      if (tried.sent && !reads(plan))
        await io.write('Stopped after the request was sent: it may have been applied.\n', 'stderr');
      return { kind: 'stopped' };
    }
    const again = round < retries && isTransient(tried);
    if (!again) return end(plan, tried, startedAt, output, io, signal);
    const ms = waitBefore(round, tried);
    if (tried.kind === 'answered') tried.answer.close();
    const why =
      tried.kind === 'answered' ? `${shownUrl(tried.request)} answered ${tried.answer.said}` : tried.message;
    await io.write(
      `${why} Trying again in ${Math.ceil(ms / 1000)} s (${round + 2} of ${retries + 1}).\n`,
      'stderr',
    );
    if (!(await pause(ms, signal))) return { kind: 'stopped' };
  }
}

const reads = (plan: HttpPlan): boolean => ['GET', 'HEAD', 'OPTIONS'].includes(plan.method.toUpperCase());

const isTransient = (tried: Exclude<Tried, { kind: 'stopped' }>): boolean =>
  tried.kind === 'answered' ? transientStatus.has(tried.answer.status) : tried.passing;

/** curl's backoff: 1 s, doubled each time, unless the server says how long. */
function waitBefore(round: number, tried: Tried): number {
  const asked = tried.kind === 'answered' ? headerOf(tried.answer.headers, 'retry-after') : undefined;
  const seconds = asked !== undefined && /^\d+$/.test(asked) ? Number(asked) : undefined;
  return Math.min(seconds === undefined ? 1000 * 2 ** round : seconds * 1000, longestWaitMs);
}

const pause = (ms: number, signal: AbortSignal): Promise<boolean> =>
  wait(ms, true, { signal }).catch(() => false);

interface Try {
  readonly deps: HttpDeps;
  readonly plan: HttpPlan;
  readonly first: HopRequest;
  readonly authorities: string | undefined;
  readonly output: ReturnType<typeof createFilteredOutput>;
  readonly io: RunIo;
  readonly signal: AbortSignal;
}

/** Sends the request, and those that redirects ask for. */
async function tryOnce({ deps, plan, first, authorities, output, io, signal }: Try): Promise<Tried> {
  const { curl = {} } = plan;
  const env = (deps.env ?? (() => process.env))();
  let request = first;
  for (let followed = 0; ; followed += 1) {
    const way = {
      url: request.url,
      proxy: curlProxyFor(request.url, env, deps.proxy?.()),
      authorities,
      insecure: curl.insecure === true,
      connectTimeoutMs: curl.connectTimeoutMs ?? connectLimitMs,
      ipFamily: curl.ipFamily,
      resolve: curl.resolve ?? [],
    };
    const exchanged = await exchange(request, way, signal);
    const failed = (message: string, exitCode: number, passing: boolean): Tried => ({
      kind: 'failed', request, followed, message, exitCode, passing,
    }); // prettier-ignore
    if (exchanged.kind === 'not-sent') {
      if (signal.aborted) return { kind: 'stopped', sent: followed > 0 };
      const { message, exitCode } = exchanged.failure;
      const earlier = followed === 0 ? '' : ` ${hops(followed)} had been followed.`;
      return failed(message + earlier, exitCode, exitCode === 28);
    }
    if (exchanged.kind === 'unanswered') {
      if (signal.aborted) return { kind: 'stopped', sent: true };
      return failed(...unansweredSentence(reads(plan), request, exchanged.thrown), false);
    }
    const { answer } = exchanged;
    if (curl.verbose) await printRequest(request, answer, io);
    if (plan.showHeaders && !curl.discardOutput) await printHead(answer, output);
    const to = plan.followRedirects ? redirectTo(answer, request.url) : undefined;
    if (to === undefined) return { kind: 'answered', request, answer, followed };
    answer.close();
    const refused = refuseRedirect(plan, followed, to);
    if (refused) return failed(refused.message, refused.exitCode, false);
    request = nextRequest(plan, { first, last: request }, answer.status, to);
    const leak = refuseLeak(plan, first, request);
    if (leak !== undefined) return failed(leak, 1, false);
  }
}

const hops = (count: number): string => (count === 1 ? '1 redirect' : `${count} redirects`);

/** Prints the body and what -w asks for, and says how it ended. */
async function end(
  plan: HttpPlan,
  tried: Exclude<Tried, { kind: 'stopped' }>,
  startedAt: number,
  output: ReturnType<typeof createFilteredOutput>,
  io: RunIo,
  signal: AbortSignal,
): Promise<Outcome> {
  const { curl = {} } = plan;
  const answer = tried.kind === 'answered' ? tried.answer : undefined;
  const ended = (exitCode: number, error: string): Transfer => ({
    request: tried.request,
    answer,
    written: plan.url,
    followed: tried.followed,
    exitCode,
    error,
    startedAt: answer?.startedAt ?? startedAt,
    endedAt: performance.now(),
    followsRedirects: plan.followRedirects,
  });
  const writeOut = async (of: Transfer): Promise<void> => {
    if (curl.writeOut !== undefined) await output.write(renderWriteOut(curl.writeOut, of));
  };
  if (tried.kind === 'failed') {
    await writeOut(ended(tried.exitCode, tried.message));
    await output.end();
    return say(io, tried.message, tried.exitCode);
  }
  const { said, status } = tried.answer;
  const url = shownUrl(tried.request);
  const bad = status >= 400;
  try {
    if (!(bad && plan.failOnError)) {
      const cut = await printBody(tried.answer, curl.discardOutput ? undefined : output);
      if (cut !== undefined) {
        if (signal.aborted) return { kind: 'stopped' };
        await writeOut(ended(18, cut));
        await output.end();
        return await say(io, `The answer of ${url} (${said}) was cut off: ${cut}.`, 18);
      }
    }
    const failing = bad && (plan.failOnError || curl.failWithBody === true);
    const curlSays = `The requested URL returned error: ${status}`;
    const done = ended(failing ? curlHttpError : 0, failing ? curlSays : '');
    await writeOut(done);
    const matched = await output.end();
    const detail = detailOf(done, Date.now());
    if (curl.verbose) await io.write(`* ${detail}\n`, 'stderr');
    if (failing) await io.write(`curl: (${curlHttpError}) ${curlSays}\n`, 'stderr');
    if (bad) {
      const shown = plan.failOnError
        ? "its body is not shown because of curl's -f"
        : 'what it said is in the output';
      return {
        kind: 'failed',
        status,
        ...(failing ? { exitCode: curlHttpError } : {}),
        message: `${url} answered ${detail.replace(/^HTTP /, '')}; ${shown}.`,
      };
    }
    return matched ? { kind: 'succeeded', exitCode: 0, status, detail } : { kind: 'no-match' };
  } finally {
    tried.answer.close();
  }
}
