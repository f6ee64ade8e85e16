import * as v from 'valibot';
import type { Signal } from '../../core/ports.ts';
import type { ApiResult, Fetch, JsonRequest } from '../askJson.ts';
import { askJson, readAnswer } from '../askJson.ts';

export interface StatuspageConnection {
  readonly fetch: Fetch;
  /** `https://api.statuspage.io`, with its `/v1` or without. */
  readonly baseUrl: string;
  readonly token: string;
  readonly timeoutMs?: number | undefined;
  /** Page id. */
  readonly page: string;
}

/** Asks about one page; `path` follows the page's. */
export type AskStatuspage = <T>(
  request: Pick<JsonRequest, 'method' | 'what' | 'body'> & { readonly path: string },
  schema: v.GenericSchema<unknown, T>,
) => Promise<ApiResult<{ readonly body: T; readonly headers: Headers }>>;

export const statuspageAt =
  ({ page, ...connection }: StatuspageConnection, signal: Signal): AskStatuspage =>
  ({ path, ...request }, schema) =>
    askStatuspage(
      connection,
      { ...request, path: `/pages/${encodeURIComponent(page)}${path}` },
      schema,
      signal,
    );

/** One request to the API, read by a schema. Authentication and errors: https://developer.statuspage.io. */
export async function askStatuspage<T>(
  { fetch, baseUrl, token, timeoutMs }: Omit<StatuspageConnection, 'page'>,
  { path, method, what, body }: Parameters<AskStatuspage>[0],
  schema: v.GenericSchema<unknown, T>,
  signal: Signal,
): Promise<ApiResult<{ readonly body: T; readonly headers: Headers }>> {
  const request: JsonRequest = {
    system: 'Statuspage',
    method,
    url: `${baseUrl.replace(/(\/v1)?\/*$/, '')}/v1${path}`,
    headers: { authorization: `OAuth ${token}` },
    what,
    ...(body === undefined ? {} : { body }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  };
  const answer = await askJson(fetch, request, signal, explain);
  if (!answer.ok) return answer;
  const read = readAnswer(request, schema, answer.value.body);
  return read.ok ? { ok: true, value: { body: read.value, headers: answer.value.headers } } : read;
}

const words = v.union([v.string(), v.array(v.string())]);
const refusalSchema = v.union([v.object({ error: words }), v.object({ message: words })]);

/** Its documentation has `message`; it answers with `error`, one or several. */
function explain(body: unknown): string | undefined {
  const parsed = v.safeParse(refusalSchema, body);
  if (!parsed.success) return undefined;
  const said = 'error' in parsed.output ? parsed.output.error : parsed.output.message;
  return [said].flat().join('; ') || undefined;
}
