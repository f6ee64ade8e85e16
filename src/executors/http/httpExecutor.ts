import type { HttpPlan, Outcome } from '../../core/plan/plan.ts';
import type { Executor, RunIo } from '../../core/ports.ts';
import { classifyConnectionError } from '../connectionError.ts';
import type { FilteredOutput } from '../filteredOutput.ts';
import { createFilteredOutput } from '../filteredOutput.ts';
import { runScoped } from '../runScope.ts';

/** curl's exit code for `-f` and an error status. */
const curlHttpError = 22;

/**
 * Runs http plans with the global `fetch` (VS Code gives it the person's proxy and certificate authorities), printing
 * what curl prints. An error status fails the step even without `-f`, where curl itself exits 0: a health check that
 * answers 503 must not look green. Its body is printed all the same.
 */
export function createHttpExecutor(): Executor<HttpPlan> {
  return {
    run: (plan, io, signal) => runScoped(plan.timeoutMs, signal, io, (inner, out) => run(plan, out, inner)),
  };
}

async function run(plan: HttpPlan, io: RunIo, signal: AbortSignal): Promise<Outcome> {
  const fail = async (message: string, exitCode?: number): Promise<Outcome> => {
    await io.write(`${message}\n`, 'stderr');
    return { kind: 'failed', message, ...(exitCode === undefined ? {} : { exitCode }) };
  };
  const request = requestOf(plan);
  if (typeof request === 'string') return fail(request);
  let response: Response;
  try {
    response = await fetch(request.url, { ...request.init, signal });
  } catch (thrown) {
    if (signal.aborted) {
      if (!reads(plan))
        await io.write('Stopped after the request was sent: it may have been applied.\n', 'stderr');
      return { kind: 'stopped' };
    }
    return fail(connectionSentence(plan, request.shown, thrown));
  }
  const output = createFilteredOutput(plan.filters, io);
  const said = `${response.status}${response.statusText ? ` ${response.statusText}` : ''}`;
  const bad = response.status >= 400;
  let more = true;
  if (plan.showHeaders) more = await output.write(headText(response, said));
  if (bad && plan.failOnError) {
    await response.body?.cancel();
    await output.end();
    const message = `${request.shown} answered ${said}; its body is not shown because of curl's -f.`;
    await io.write(`curl: (22) The requested URL returned error: ${response.status}\n`, 'stderr');
    return { kind: 'failed', status: response.status, exitCode: curlHttpError, message };
  }
  try {
    if (more) await printBody(response, output);
    else await response.body?.cancel();
  } catch (thrown) {
    if (signal.aborted) return { kind: 'stopped' };
    return await fail(
      `The answer of ${request.shown} (${said}) was cut off: ${classifyConnectionError(thrown).said}.`,
    );
  }
  const matched = await output.end();
  if (bad) {
    return {
      kind: 'failed',
      status: response.status,
      message: `${request.shown} answered ${said}; what it said is in the output.`,
    };
  }
  if (!matched) return { kind: 'no-match' };
  const redirect = response.status >= 300 && response.status < 400;
  const where =
    redirect && !plan.followRedirects
      ? `, a redirect to ${response.headers.get('location') ?? 'nowhere'} that was not followed`
      : '';
  return { kind: 'succeeded', exitCode: 0, detail: `HTTP ${said}${where}` };
}

interface HttpRequest {
  readonly url: string;
  /** Without credentials and query: for sentences. */
  readonly shown: string;
  readonly init: RequestInit;
}

/** What `fetch` is given, or the sentence why this cannot be sent. */
function requestOf(plan: HttpPlan): HttpRequest | string {
  const full = /^[a-z][a-z0-9+.-]*:\/\//i.test(plan.url) ? plan.url : `http://${plan.url}`;
  if (!URL.canParse(full)) return 'This URL cannot be read. Nothing was sent; correct the step.';
  const url = new URL(full);
  const shown = `${url.origin}${url.pathname}`;
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    return `Only http and https can be requested here, not ${url.protocol.slice(0, -1)}. Nothing was sent.`;
  }
  const method = plan.method.toUpperCase();
  if (plan.body !== undefined && (method === 'GET' || method === 'HEAD')) {
    return `A ${method} with a body cannot be sent from here. Nothing was sent; run this step in a terminal.`;
  }
  const headers = new Headers();
  try {
    for (const [name, value] of plan.headers) headers.append(name, value);
  } catch {
    return 'One of the headers of this step is not a valid HTTP header. Nothing was sent; correct the step.';
  }
  // fetch refuses credentials in a URL; curl sends them as Basic.
  if ((url.username || url.password) && !headers.has('authorization')) {
    const pair = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
    headers.set('authorization', `Basic ${Buffer.from(pair).toString('base64')}`);
  }
  url.username = '';
  url.password = '';
  if (plan.body !== undefined && !headers.has('content-type')) {
    headers.set('content-type', 'application/x-www-form-urlencoded');
  }
  const init: RequestInit = {
    method,
    headers,
    redirect: plan.followRedirects ? 'follow' : 'manual',
    ...(plan.body === undefined ? {} : { body: plan.body }),
  };
  return { url: url.href, shown, init };
}

/** fetch does not tell the protocol version; Node's speaks HTTP/1.1, and gives header names in lower case. */
function headText(response: Response, said: string): string {
  const headers = [...response.headers].map(([name, value]) => `${name}: ${value}\n`).join('');
  return `HTTP/1.1 ${said}\n${headers}\n`;
}

async function printBody(response: Response, output: FilteredOutput): Promise<void> {
  if (response.body === null) return;
  const decoder = new TextDecoder();
  let first = true;
  for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
    if (first && chunk.includes(0)) {
      const type = response.headers.get('content-type') ?? 'unknown type';
      await output.error(`The answer is binary (${type}) and is not shown.\n`);
      return;
    }
    first = false;
    // Leaving the loop cancels the body: with `| head -5` the rest is not read.
    if (!(await output.write(decoder.decode(chunk, { stream: true })))) return;
  }
  await output.write(decoder.decode());
}

const reads = (plan: HttpPlan): boolean => ['GET', 'HEAD', 'OPTIONS'].includes(plan.method.toUpperCase());

function connectionSentence(plan: HttpPlan, shown: string, thrown: unknown): string {
  const error = classifyConnectionError(thrown);
  const origin = new URL(shown).origin;
  switch (error.kind) {
    case 'not-reached':
      return `${origin} ${error.said}. Nothing was sent; check the address, the network or VPN.`;
    case 'connect-timeout':
      return `No connection to ${origin} in time. Nothing was sent; check the network or VPN.`;
    case 'certificate':
      return `No trusted connection to ${origin}: ${error.said}. Nothing was sent.`;
    case 'proxy':
      return `The proxy on the way to ${origin} answered ${error.said}. Nothing was sent; check the proxy settings.`;
    case 'aborted':
    case 'answer-timeout':
    case 'cut':
      return reads(plan)
        ? `No answer from ${shown}: ${error.said}. Nothing was changed; run this step again.`
        : `The request was sent to ${shown} but no answer came (${error.said}): it may have been applied. Check before trying again.`;
  }
}
