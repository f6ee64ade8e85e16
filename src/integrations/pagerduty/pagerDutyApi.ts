import * as v from 'valibot';
import type { Signal } from '../../core/ports.ts';
import type { ApiFailure, ApiResult, Fetch, JsonRequest } from '../askJson.ts';
import { askJson, readAnswer } from '../askJson.ts';

export interface PagerDutyConnection {
  readonly fetch: Fetch;
  /** `https://api.pagerduty.com`, `https://api.eu.pagerduty.com`. */
  readonly baseUrl: string;
  readonly token: string;
  /** E-mail of the user in whose name it acts; a key of the whole account needs it for every change. */
  readonly from?: string | undefined;
  readonly timeoutMs?: number | undefined;
}

export type PagerDutyRequest = Pick<JsonRequest, 'method' | 'what' | 'body'> & {
  /** With its query. */
  readonly path: string;
};

/** One request to the REST API v2, its answer read by a schema. */
export type AskPagerDuty = <T>(
  request: PagerDutyRequest,
  schema: v.GenericSchema<unknown, T>,
) => Promise<ApiResult<{ readonly body: T; readonly headers: Headers }>>;

/**
 * Headers, authentication and errors: https://developer.pagerduty.com/docs/rest-api-overview. A 429 has no
 * `Retry-After` but `ratelimit-reset`.
 */
export const pagerDutyAt =
  ({ fetch, baseUrl, token, from, timeoutMs }: PagerDutyConnection, signal: Signal): AskPagerDuty =>
  async ({ method, path, what, body }, schema) => {
    const request: JsonRequest = {
      system: 'PagerDuty',
      method,
      url: `${baseUrl.replace(/\/+$/, '')}${path}`,
      headers: {
        accept: 'application/vnd.pagerduty+json;version=2',
        // Tokens of OAuth apps name their region; API keys are twenty characters.
        authorization: /^pd(us|eu)\+/.test(token) ? `Bearer ${token}` : `Token token=${token}`,
        ...(from === undefined || method === 'GET' ? {} : { from }),
      },
      what,
      ...(body === undefined ? {} : { body }),
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
    };
    const answer = await askJson(fetch, request, signal, explain);
    if (!answer.ok) return answer;
    const read = readAnswer(request, schema, answer.value.body);
    return read.ok ? { ok: true, value: { body: read.value, headers: answer.value.headers } } : read;
  };

const refusalSchema = v.object({
  error: v.union([
    v.object({
      code: v.optional(v.number()),
      message: v.optional(v.string()),
      errors: v.optional(v.union([v.array(v.string()), v.string()])),
    }),
    // Of an endpoint that a key of the whole account cannot use.
    v.pipe(
      v.string(),
      v.transform((message) => ({ message, code: undefined, errors: undefined })),
    ),
  ]),
});

/** `{error: {message, code, errors}}`, https://developer.pagerduty.com/docs/errors. */
function explain(body: unknown): string | undefined {
  const parsed = v.safeParse(refusalSchema, body);
  if (!parsed.success) return undefined;
  const { message = '', errors = [] } = parsed.output.error;
  const said = [message, [errors].flat().join('; ')].filter((one) => one !== '').join(': ');
  // The one refusal that a setting of ours gets over, though PagerDuty calls it a header.
  const hint = /"From" header|Requester User Not Found/i.test(said)
    ? ' (setting incident.pagerduty.from)'
    : '';
  return said === '' ? undefined : `${said}${hint}`;
}

/** PagerDuty's own number of a refusal: 2002 is `Arguments Caused Error`. */
export function codeOf({ body }: ApiFailure): number | undefined {
  const parsed = v.safeParse(refusalSchema, body);
  return parsed.success ? parsed.output.error.code : undefined;
}

const userSchema = v.object({
  id: v.string(),
  name: v.nullish(v.string()),
  summary: v.nullish(v.string()),
  email: v.nullish(v.string()),
  html_url: v.nullish(v.string()),
});
export type PagerDutyUser = v.InferOutput<typeof userSchema>;
const oneUserSchema = v.object({ user: userSchema });
const usersSchema = v.object({ users: v.array(userSchema) });

/** The user with this e-mail address; undefined when the account has none. */
export async function findUser(
  ask: AskPagerDuty,
  email: string,
): Promise<ApiResult<PagerDutyUser | undefined>> {
  const path = `/users?query=${encodeURIComponent(email)}&limit=100`;
  const listed = await ask({ method: 'GET', path, what: 'look up its users' }, usersSchema);
  if (!listed.ok) return listed;
  const value = listed.value.body.users.find((user) => user.email?.toLowerCase() === email.toLowerCase());
  return { ok: true, value };
}

/** The user with this id, or `me`, whose the token is; undefined when the account has none. */
export async function fetchUser(
  ask: AskPagerDuty,
  id: string,
): Promise<ApiResult<PagerDutyUser | undefined>> {
  const path = `/users/${encodeURIComponent(id)}`;
  const got = await ask({ method: 'GET', path, what: 'look up its users' }, oneUserSchema);
  if (got.ok) return { ok: true, value: got.value.body.user };
  return got.failure.status === 404 ? { ok: true, value: undefined } : got;
}

/** The account's name, as its web pages have it: `techcorp` of `https://techcorp.pagerduty.com/users/P1`. */
export const subdomainOf = (htmlUrl: string | null | undefined): string | undefined =>
  htmlUrl && URL.canParse(htmlUrl) ? new URL(htmlUrl).hostname.split('.')[0] : undefined;
