import * as v from 'valibot';
import type { ErrorCode } from '../../core/errors.ts';
import type { ConnectionError } from '../../core/connectionError.ts';
import type { ArgoCdFailure } from './applications.ts';

/** Where a request went, for the sentence. */
export interface RequestPlace {
  readonly baseUrl: string;
  readonly change: boolean;
  /** Milliseconds. */
  readonly timeoutMs: number;
  /** `roll back web` */
  readonly doing: string;
}

/** grpc-gateway's error body: https://github.com/grpc-ecosystem/grpc-gateway, `runtime.errorBody` of its version 1. */
const errorSchema = v.object({
  error: v.nullish(v.string()),
  message: v.nullish(v.string()),
  code: v.nullish(v.number()),
});

/** How a person signs in to a server again. */
export const signInCommand = (baseUrl: string): string => {
  const { host, pathname, protocol } = new URL(baseUrl);
  const root = pathname.replace(/\/+$/, '');
  return `argocd login ${host} --sso${root === '' ? '' : ` --grpc-web-root-path ${root}`}${protocol === 'http:' ? ' --plaintext' : ''}`;
};

const codeOf = (status: number): ErrorCode => {
  if (status === 401) return 'unauthorized';
  if (status === 403) return 'forbidden';
  if (status === 404) return 'not-found';
  if (status === 409) return 'conflict';
  return status === 400 || status === 422 ? 'invalid' : 'failed';
};

/** What Argo CD said, without the wrappings of its own calls. */
const unwrapped = (message: string): string => message.replace(/^(?:.*?rpc error: code = \w+ desc = )+/s, '');

/** The failure of an answer with an error status. An answer means that a change was refused, not lost. */
export function answerFailure(
  status: number,
  body: string,
  retryAfter: string | null,
  { baseUrl, change, doing }: RequestPlace,
): ArgoCdFailure {
  const parsed = v.safeParse(errorSchema, parseJson(body));
  const raw = (parsed.success ? (parsed.output.message ?? parsed.output.error) : undefined) ?? body.trim();
  const said = unwrapped(raw).slice(0, 600) || 'no explanation';
  const fail = (message: string, more: Partial<ArgoCdFailure> = {}): ArgoCdFailure => ({
    code: codeOf(status),
    status,
    message,
    cause: body,
    ...more,
  });
  if (status === 401) {
    return fail(
      `${baseUrl} did not accept your Argo CD token (401: ${said}). Nothing was changed; sign in again, then run this step again.`,
      { remedy: signInCommand(baseUrl) },
    );
  }
  if (status === 403 && said === 'permission denied') {
    return fail(
      `${baseUrl} says permission denied: your account may not ${doing}, or there is no such app (Argo CD does not tell which). Nothing was changed.`,
    );
  }
  if (/^cannot sync/.test(said))
    return fail(
      `${baseUrl} did not ${doing}: ${said}. Nothing was changed; the project's sync windows decide when it may.`,
    );
  if (status === 403)
    return fail(`Your account may not ${doing} on ${baseUrl}: ${said}. Nothing was changed.`);
  if (/auto-sync is enabled/.test(said)) {
    return fail(
      `Argo CD refuses a rollback while auto-sync is on (“${said}”). It was not started; turn auto-sync off first, or run the step again and it is turned off for you.`,
      { code: 'conflict', autoSyncIsOn: true },
    );
  }
  if (/another operation is already in progress/.test(said)) {
    return fail(
      `Another operation on this app is in progress, so Argo CD did not ${doing}. Nothing was changed; wait until it is over (argocd app wait), then run this step again.`,
      { code: 'conflict' },
    );
  }
  // Only who asks to come back later has surely not passed the request on.
  if (status === 429 || (status === 503 && (!change || retryAfter !== null))) {
    const wait = retryAfter === null ? '' : `, and asks to wait ${waitText(retryAfter)}`;
    return fail(
      `${baseUrl} is too busy to ${doing} (${status}: ${said})${wait}. Nothing was changed; run this step again then.`,
    );
  }
  if (status >= 300 && status < 400) {
    return fail(
      `${baseUrl} answered with a redirect (${status}) instead of its API. Nothing was changed; correct incident.argoCd.baseUrl (https? root path?).`,
    );
  }
  // A gateway's answer says nothing of what became of the request behind it, nor does one that broke off inside.
  if (change && status >= 500) {
    return fail(
      `The request to ${doing} was sent to ${baseUrl}, and it answered ${status} (${said}): it may have been accepted. Check with argocd app get before trying again.`,
      { uncertain: true },
    );
  }
  return fail(`${baseUrl} could not ${doing} (${status}): ${said}.`.replace(/\.\.$/, '.'));
}

const waitText = (retryAfter: string): string =>
  /^\d+$/.test(retryAfter) ? `${retryAfter} s` : `until ${retryAfter}`;

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** The failure of a request that got no answer: for a change, whether it can have arrived. */
export function transportFailure(
  error: ConnectionError,
  { baseUrl, change, timeoutMs, doing }: RequestPlace,
): ArgoCdFailure {
  const fail = (code: ErrorCode, message: string, uncertain = false): ArgoCdFailure => ({
    code,
    message,
    cause: error.cause,
    ...(uncertain ? { uncertain } : {}),
  });
  switch (error.kind) {
    case 'aborted':
      return fail('cancelled', 'Stopped.', change);
    case 'not-reached':
      return fail(
        'unreachable',
        `${baseUrl} ${error.said}. Nothing was changed; check incident.argoCd.baseUrl, the network or VPN.`,
      );
    case 'connect-timeout':
      return fail(
        'timeout',
        `No connection to ${baseUrl} in time. Nothing was changed; check the network or VPN.`,
      );
    case 'certificate':
      return fail(
        'unreachable',
        `No trusted connection to ${baseUrl}: ${error.said}. Nothing was changed; check the server's certificate authority in the settings.`,
      );
    case 'proxy':
      return fail(
        'unreachable',
        `The proxy on the way to ${baseUrl} answered ${error.said}. Nothing was sent; check the proxy settings.`,
      );
    case 'answer-timeout':
    case 'cut': {
      const why = error.kind === 'cut' ? `(${error.said})` : `within ${Math.round(timeoutMs / 100) / 10} s`;
      return change
        ? fail(
            error.kind === 'cut' ? 'unreachable' : 'timeout',
            `The request to ${doing} was sent to ${baseUrl} but no answer came ${why}: it may have been accepted. Check with argocd app get before trying again.`,
            true,
          )
        : fail(
            error.kind === 'cut' ? 'unreachable' : 'timeout',
            `No answer from ${baseUrl} ${why}. Nothing was changed; run this step again.`,
          );
    }
  }
}
