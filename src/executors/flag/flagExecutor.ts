import { setTimeout as wait } from 'node:timers/promises';
import type { Result } from '../../core/errors.ts';
import { failed, messageOf, ok } from '../../core/errors.ts';
import type { FlagAction } from '../../core/plan/curl/flagAction.ts';
import type { FlagService } from '../../core/plan/curl/flagService.ts';
import type { FlagPlan, Outcome } from '../../core/plan/plan.ts';
import { hideSecrets } from '../../core/plan/words/hideSecrets.ts';
import { renderFlagRequest } from '../../core/plan/curl/planCurl.ts';
import { referencesIn, textsIn } from '../../core/plan/words/secretReferences.ts';
import type { MadeChange } from '../../core/plan/undo.ts';
import type { Executor, Inspection, RunIo, Signal } from '../../core/ports.ts';
import { maskIo, maskOutcome, maskText } from '../maskSecrets.ts';
import { followSignal, outcomeOf, runScoped } from '../runScope.ts';
import type { Secrets } from '../secretValues.ts';
import { fetchSecrets } from '../secretValues.ts';
import type { Fetch, Read } from './flagRequest.ts';
import { readFlagState, sendFlagRequest, shownTarget } from './flagRequest.ts';
import type { FlagState } from './flagState.ts';

export interface FlagDeps {
  readonly secrets: Secrets;
  /**
   * The services of the settings. Where given, nothing is sent to any other server: an undo comes from the journal, which
   * others can write, and must not carry a secret to an address of theirs.
   */
  readonly services?: () => readonly FlagService[];
  /** The global `fetch` when absent: the editor gives it the person's proxy and certificate authorities. */
  readonly fetch?: Fetch;
  /** Waits between looks while a change has not shown yet, ms; the first look is at once. */
  readonly lookAgainMs?: readonly number[];
}

export interface FlagExecutor extends Executor<FlagPlan> {
  inspect(plan: FlagPlan, signal: Signal): Promise<Result<Inspection>>;
}

/** A service may serve reads from a copy that is some seconds old. */
const lookAgain: readonly number[] = [250, 500, 1000, 2000, 2000];

const word = { enabled: 'on', disabled: 'off' } as const;
const other = (state: FlagState): FlagState => (state === 'enabled' ? 'disabled' : 'enabled');
const objectOf = ({ flag }: FlagAction): string => `flag/${flag}`;
const fieldOf = ({ environment }: FlagAction): string => environment ?? 'state';
const nameOf = ({ flag, environment }: FlagAction): string =>
  environment === undefined ? flag : `${flag} in ${environment}`;

/** Without what is said of every refusal anyway. */
const untold = (message: string): string => message.replace(/ Nothing was (?:run|sent)\./, '');

const originOf = (url: string): string | undefined => (URL.canParse(url) ? new URL(url).origin : undefined);

/** The first server of an action that no setting names; undefined when all are known. */
function strangerIn(
  { request, read, opposite }: FlagAction,
  services: readonly FlagService[],
): string | undefined {
  const known = new Set(
    services.flatMap(({ baseUrl, apiUrl, readUrl, enableUrl, disableUrl }) =>
      [baseUrl, apiUrl, readUrl, enableUrl, disableUrl].flatMap((url) => originOf(url ?? '') ?? []),
    ),
  );
  const asked = [request, read, opposite].flatMap((each) => (each ? [originOf(each.url) ?? each.url] : []));
  return asked.find((origin) => !known.has(origin));
}

/**
 * Switches feature flags: reads the state first, sends the change once and never again, reads it back. A change is
 * told with its undo the moment the service has accepted it.
 */
export function createFlagExecutor(deps: FlagDeps): FlagExecutor {
  const fetch: Fetch = deps.fetch ?? ((url, init) => globalThis.fetch(url, init));
  const secretsOf = async ({ action, secrets }: FlagPlan): Promise<Result<ReadonlyMap<string, string>>> => {
    const stranger = deps.services && strangerIn(action, deps.services());
    if (stranger !== undefined)
      return failed(
        'wrong-target',
        `The settings name no flag service at ${stranger} (incident.flags.services). Check where this step or undo comes from. Nothing was sent.`,
      );
    if (action.read !== undefined && action.read.method !== 'GET')
      return failed(
        'invalid',
        `The state of a flag may only be read with GET, and this would ${action.read.method}. Check where this step or undo comes from. Nothing was sent.`,
      );
    return fetchSecrets(
      [...new Set([...(secrets ?? []), ...textsIn(action).flatMap(referencesIn)])],
      deps.secrets,
    );
  };
  return {
    run: (plan, io, signal) =>
      runScoped(plan.timeoutMs, signal, io, async (inner, out) => {
        const secrets = await secretsOf(plan);
        if (!secrets.ok) {
          await out.write(`${secrets.failure.message}\n`, 'stderr');
          return outcomeOf(secrets.failure);
        }
        const hidden = [...secrets.value.values()];
        const masked = maskIo(out, hidden);
        try {
          const looks = deps.lookAgainMs ?? lookAgain;
          const outcome = await run({ plan, values: secrets.value, fetch, looks, io: masked, signal: inner });
          return maskOutcome(outcome, hidden);
        } finally {
          await masked.end();
        }
      }),
    async inspect(plan, signal) {
      const secrets = await secretsOf(plan);
      if (!secrets.ok) return ok({ changes: [], warnings: [], refusal: untold(secrets.failure.message) });
      const scope = followSignal(signal);
      try {
        const read = await readFlagState(plan.action, secrets.value, fetch, scope.signal);
        const hide = (text: string): string => maskText(text, [...secrets.value.values()]);
        return read.kind === 'stopped'
          ? failed('cancelled', 'Stopped. Nothing was changed.')
          : ok(inspection(plan, read, hide));
      } catch (thrown) {
        return failed(
          'failed',
          `The state of the flag could not be read: ${messageOf(thrown)}. Nothing was changed.`,
        );
      } finally {
        scope.dispose();
      }
    },
  };
}

function inspection(
  plan: FlagPlan,
  read: Exclude<Read, { kind: 'stopped' }>,
  hide: (text: string) => string,
): Inspection {
  const { action } = plan;
  const { want, expected } = action;
  const name = nameOf(action);
  const change = (before: string) => ({
    object: objectOf(action),
    field: fieldOf(action),
    before,
    after: want,
  });
  if (read.kind === 'unknown') {
    if (expected !== undefined)
      return {
        changes: [],
        warnings: [],
        refusal: hide(`${read.message} So it cannot be known whether ${name} is still ${word[expected]}.`),
      };
    const absent = read.status === 404 && action.provider !== 'generic';
    if (absent) return { changes: [], warnings: [], refusal: hide(read.message) };
    const warning = `${read.message} So what ${name} is now is not known, and whether this worked cannot be verified.`;
    return { changes: [change('unknown')], warnings: [hide(warning)] };
  }
  if (expected !== undefined && read.state !== expected)
    return { changes: [], warnings: [], refusal: differs(action, read.state) };
  const guarded = { ...plan, action: { ...action, expected: read.state } };
  if (read.state === want)
    return {
      changes: [],
      warnings: [`${name} is already ${word[want]}: this changes nothing.`],
      plan: guarded,
    };
  return { changes: [change(read.state)], warnings: [], plan: guarded };
}

const differs = (action: FlagAction, state: FlagState): string =>
  `${nameOf(action)} is ${word[state]}, not ${word[other(state)]} as expected: somebody changed it since.`;

interface Running {
  readonly plan: FlagPlan;
  readonly values: ReadonlyMap<string, string>;
  readonly fetch: Fetch;
  readonly looks: readonly number[];
  readonly io: RunIo;
  readonly signal: AbortSignal;
}

async function run(running: Running): Promise<Outcome> {
  const { plan, values, fetch, io, signal } = running;
  const { action } = plan;
  const { want, expected, request } = action;
  const name = nameOf(action);
  const fail = async (message: string, status?: number): Promise<Outcome> => {
    await io.write(`${message}\n`, 'stderr');
    return { kind: 'failed', message, ...(status === undefined ? {} : { status }) };
  };
  const before = await readFlagState(action, values, fetch, signal);
  if (before.kind === 'stopped') return before;
  if (before.kind === 'unknown' && expected !== undefined)
    return fail(
      `${before.message} So it cannot be known whether ${name} is still ${word[expected]}. Nothing was changed.`,
    );
  if (before.kind === 'unknown') await io.write(`Before: not known. ${before.message}\n`, 'stderr');
  if (before.kind === 'state') {
    if (expected !== undefined && before.state !== expected)
      return fail(
        `${differs(action, before.state)} Nothing was changed; look at it, then run the step again.`,
      );
    await io.write(`${name} is ${word[before.state]}\n`, 'stdout');
    if (before.state === want)
      return { kind: 'succeeded', detail: `already ${word[want]}: nothing was sent` };
  }

  await io.write(`${request.method} to ${shownTarget(request)}: turn ${name} ${word[want]}\n`, 'stdout');
  const sent = await sendFlagRequest(request, values, fetch, signal);
  const state = before.kind === 'state' ? before.state : undefined;
  switch (sent.kind) {
    case 'not-sent':
      return fail(sent.message);
    case 'stopped':
      await io.write(
        `Stopped after the change was sent: ${name} may be ${word[want]}. Look before trying again.\n`,
        'stderr',
      );
      return sent;
    case 'refused':
      // A server that failed may have done it first.
      return sent.status >= 500
        ? afterLostAnswer(running, `it failed (${sent.status})`, state, sent.status)
        : fail(sent.message, sent.status);
    case 'unanswered':
      return afterLostAnswer(running, `no answer came (${sent.said})`, state);
    case 'accepted':
      await tellChange(running, state);
      return verify(running, `accepted (${sent.status})`);
  }
}

/** The answer was lost on the way: whether the change was made is looked up, never tried again. */
async function afterLostAnswer(
  running: Running,
  how: string,
  before: FlagState | undefined,
  status?: number,
): Promise<Outcome> {
  const { plan, values, fetch, io, signal } = running;
  const { action } = plan;
  const name = nameOf(action);
  const read = await readFlagState(action, values, fetch, signal);
  const lost = `The change was sent to ${shownTarget(action.request)} but ${how}`;
  if (read.kind === 'state' && read.state === action.want && before !== undefined) {
    await tellChange(running, before);
    await io.write(`${lost}. Read back: ${name} is ${word[read.state]}.\n`, 'stderr');
    return {
      kind: 'succeeded',
      detail: `${word[action.want]}, verified by reading it back; the answer itself said nothing`,
    };
  }
  const message =
    read.kind === 'state'
      ? `${lost}. Read back, ${name} is ${word[read.state]}${read.state === action.want ? '' : ' still: it may yet arrive'}. Look again before trying again.`
      : `${lost}: it may have been applied, and its state could not be read back. Check it in the flag service before trying again.`;
  await io.write(`${message}\n`, 'stderr');
  return { kind: 'failed', message, ...(status === undefined ? {} : { status }) };
}

/** Reads the state until it is what was wanted, for some seconds. */
async function verify(
  { plan, values, fetch, looks, io, signal }: Running,
  accepted: string,
): Promise<Outcome> {
  const { action } = plan;
  const { want } = action;
  const name = nameOf(action);
  let read: Read = { kind: 'stopped' };
  for (let look = 0; look <= looks.length; look += 1) {
    if (look > 0) await wait(looks[look - 1], undefined, { signal }).catch(() => undefined);
    read = await readFlagState(action, values, fetch, signal);
    if (read.kind === 'stopped' || signal.aborted) {
      await io.write(`Stopped after the change was ${accepted}; it was not read back.\n`, 'stderr');
      return { kind: 'stopped' };
    }
    if (read.kind === 'unknown' || read.state === want) break;
  }
  if (read.kind === 'state' && read.state === want) {
    await io.write(`${name} is ${word[want]} now\n`, 'stdout');
    return { kind: 'succeeded', detail: `${word[want]}, verified by reading it back` };
  }
  if (read.kind === 'unknown') {
    await io.write(`After: cannot verify. ${read.message}\n`, 'stderr');
    return {
      kind: 'succeeded',
      detail: `${accepted}; cannot verify that it is ${word[want]}: ${read.message}`,
    };
  }
  const message =
    `The change was ${accepted}, but read back ${name} is still ${word[other(want)]}. ` +
    'Nothing was sent again; look at it in the flag service.';
  await io.write(`${message}\n`, 'stderr');
  return { kind: 'failed', message };
}

async function tellChange({ plan, io }: Running, before: FlagState | undefined): Promise<void> {
  const made = madeChange(plan, before);
  await io.changed?.(made);
  if (made.undo === undefined && plan.action.opposite !== undefined)
    await io.write(
      'There is no undo for this: its credentials stand in plain text in the guide, and the journal must not keep them. Write $NAME there and store the value with Incident: Set Secret.\n',
      'stderr',
    );
}

/** An undo is kept in the journal for ever: one with a credential in plain text is not. */
const mayBeKept = ({ request, read, opposite }: FlagAction): boolean =>
  [request, read, opposite].every((each) => {
    const text = each && renderFlagRequest(each);
    return text === undefined || hideSecrets(text) === text;
  });

/** What is different now, and how it is taken back: only from the state that this change has made. */
function madeChange({ action, target }: FlagPlan, before: FlagState | undefined): MadeChange {
  const { want, opposite, request } = action;
  const changes = [`${objectOf(action)} ${fieldOf(action)} ${before ?? 'unknown'} → ${want}`];
  if (opposite === undefined || !mayBeKept(action)) return { changes };
  const { expected: _guard, ...rest } = action;
  const back: FlagAction = {
    ...rest,
    want: other(want),
    request: opposite,
    opposite: request,
    // Without a way to read there is nothing to compare with.
    ...(action.read === undefined || before === undefined ? {} : { expected: want }),
  };
  return {
    changes,
    undo: {
      title: `Turn ${nameOf(action)} ${word[other(want)]} again`,
      preview: renderFlagRequest(opposite),
      target,
      act: { kind: 'flag', action: back },
    },
  };
}
