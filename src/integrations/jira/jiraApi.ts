import type * as v from 'valibot';
import type { Signal } from '../../core/ports.ts';
import type { ApiFailure, ApiResult, Fetch, JsonAnswer, JsonRequest } from '../askJson.ts';
import { askJson, readAnswer } from '../askJson.ts';
import { inWordsOf } from '../callFailure.ts';

export interface JiraCall {
  readonly method: JsonRequest['method'];
  /** Below `/rest/api/3`, with its query. */
  readonly path: string;
  readonly body?: unknown;
  /** After "could not": `create the issue`. */
  readonly what: string;
  /** What is addressed, for a 404: `OPS-7`. */
  readonly addressed: string;
}

export interface JiraApi {
  ask(call: JiraCall): Promise<ApiResult<JsonAnswer>>;
  /** `ask`, with the answer's body read by a schema. */
  read<T>(call: JiraCall, schema: v.GenericSchema<unknown, T>): Promise<ApiResult<T>>;
}

export interface JiraConnection {
  readonly fetch: Fetch;
  /** `https://SITE.atlassian.net`, or `https://api.atlassian.com/ex/jira/CLOUD-ID` for a token with scopes. */
  readonly baseUrl: string;
  /** Of the account that the token belongs to. */
  readonly email: string;
  readonly token: string;
  readonly signal: Signal;
  readonly timeoutMs: number;
}

/** Jira Cloud's REST API, version 3: https://developer.atlassian.com/cloud/jira/platform/rest/v3/intro/ */
export function createJiraApi({ fetch, baseUrl, email, token, signal, timeoutMs }: JiraConnection): JiraApi {
  const base = `${baseUrl.replace(/\/+$/, '')}/rest/api/3`;
  const authorization = `Basic ${Buffer.from(`${email}:${token}`, 'utf8').toString('base64')}`;
  const ask = async (call: JiraCall): Promise<ApiResult<JsonAnswer>> => {
    const { method, path, body, what } = call;
    const answer = await askJson(
      fetch,
      {
        system: 'Jira',
        method,
        url: `${base}${path}`,
        what,
        timeoutMs,
        headers: {
          authorization,
          'user-agent': 'incident-response',
          // An editor's requests can look like a browser's, which Jira refuses to let change anything.
          'x-atlassian-token': 'no-check',
        },
        ...(body === undefined ? {} : { body }),
      },
      signal,
      explainJira,
    );
    return answer.ok ? answer : { ok: false, failure: sayMore(answer.failure, call) };
  };
  return {
    ask,
    async read(call, schema) {
      const answer = await ask(call);
      return answer.ok ? readAnswer({ system: 'Jira', what: call.what }, schema, answer.value.body) : answer;
    },
  };
}

/** Jira's own words: `errorMessages`, and `errors` by field. */
export function explainJira(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  const { errorMessages, errors, message } = body as Readonly<Record<string, unknown>>;
  const general = Array.isArray(errorMessages) ? errorMessages : [message];
  const byField =
    typeof errors === 'object' && errors !== null && !Array.isArray(errors)
      ? Object.entries(errors).map(([field, said]) => `${field}: ${String(said)}`)
      : [];
  const words = [...general.filter((one) => typeof one === 'string' && one !== ''), byField.join('; ')];
  return words.filter(Boolean).join(' ') || undefined;
}

function sayMore(failure: ApiFailure, { what, addressed }: JiraCall): ApiFailure {
  const words = inWordsOf(failure.said);
  // Who is not signed in is answered as if nothing were there.
  const isStranger = failure.headers?.get('x-seraph-loginreason')?.includes('AUTHENTICATED_FAILED') ?? false;
  if (isStranger && failure.status !== 429)
    return {
      ...failure,
      code: 'unauthorized',
      message: `Jira refused the token of this e-mail address (${failure.status}). Reconnect with Incident: Connect, then retry.`,
      retry: 'person',
    };
  switch (failure.status) {
    case 404:
      return {
        ...failure,
        message: `Jira answers that ${addressed} is not there or that this account does not see it (404)${words}. It could not ${what}. Check the account's access, then retry.`,
      };
    case 409:
      return {
        ...failure,
        message: `Jira could not ${what} because somebody else changed ${addressed} at that moment (409)${words}. It is tried again by itself.`,
        retry: 'automatic',
      };
    default:
      return failure;
  }
}
