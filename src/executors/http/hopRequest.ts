import type { HttpPlan } from '../../core/plan/plan.ts';
import { fillReferences } from '../../core/plan/words/secretReferences.ts';

/** One request as it goes out; secrets are filled in. */
export interface HopRequest {
  readonly method: string;
  readonly url: URL;
  /** Path and query as curl sends them. */
  readonly path: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string | undefined;
  readonly decompress: boolean;
}

const userAgent = 'curl/8.0 (incident-response)';

const shortestHidden = 5;

const valid = {
  name: /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/,
  value: /^[^\r\n\0]*$/,
};
/** Headers that belong to the connection, which is ours. */
const ours = /^(?:connection|keep-alive|transfer-encoding|upgrade|expect|te|trailer|proxy-connection)$/i;

/** The credentials of `-u`, or of the URL, as the header curl makes of them. */
export const basic = (pair: string): string => `Basic ${Buffer.from(pair).toString('base64')}`;

/**
 * The first request of a plan, with the values of its secrets filled in, and the credentials that were made from them
 * (to be hidden too). A sentence when it cannot be sent.
 */
export function firstRequest(
  plan: HttpPlan,
  values: ReadonlyMap<string, string>,
): { readonly request: HopRequest; readonly made: readonly string[] } | string {
  const fill = (text: string): string => fillReferences(text, values);
  const written = /^[a-z][a-z0-9+.-]*:\/\//i.test(plan.url) ? plan.url : `http://${plan.url}`;
  const full = fill(written);
  if (!URL.canParse(full) || /[\s\0]/.test(full))
    return 'This URL cannot be read. Nothing was sent; correct the step.';
  const url = new URL(full);
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    return `Only http and https can be requested here, not ${url.protocol.slice(0, -1)}. Nothing was sent.`;
  const host = /^[a-z]+:\/\/[^/?#]*/i;
  if (host.exec(full)?.[0] !== host.exec(written)?.[0])
    return 'A secret would change the server that this is sent to. Nothing was sent; correct the step.';
  const method = plan.method.toUpperCase();
  if (plan.body !== undefined && (method === 'GET' || method === 'HEAD'))
    return `A ${method} with a body cannot be sent from here. Nothing was sent; run this step in a terminal.`;

  const headers = plan.headers.map(([name, value]) => [name, fill(value)] as const);
  const has = (name: string): boolean => headers.some(([each]) => each.toLowerCase() === name);
  if (headers.some(([name, value]) => !valid.name.test(name) || !valid.value.test(value)))
    return 'One of the headers of this step is not a valid HTTP header. Nothing was sent; correct the step.';
  const strange = headers.find(([name]) => ours.test(name));
  if (strange)
    return `The header ${strange[0]} cannot be set from here. Nothing was sent; run this step in a terminal.`;

  const made: string[] = [];
  const pair =
    plan.curl?.user === undefined
      ? url.username || url.password
        ? `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`
        : undefined
      : fill(plan.curl.user);
  url.username = '';
  url.password = '';
  if (pair !== undefined) {
    const password = pair.slice(pair.indexOf(':') + 1);
    // A shorter one that a guide has in plain text would only make holes in the output.
    made.push(basic(pair).slice('Basic '.length), ...(password.length >= shortestHidden ? [password] : []));
  }
  const compressed = plan.curl?.compressed === true;
  const own: (readonly [string, string])[] = [
    ...(pair !== undefined && !has('authorization') ? [['Authorization', basic(pair)] as const] : []),
    ...(has('user-agent') ? [] : [['User-Agent', userAgent] as const]),
    ...(has('accept') ? [] : [['Accept', '*/*'] as const]),
    ...(compressed && !has('accept-encoding') ? [['Accept-Encoding', 'deflate, gzip, br'] as const] : []),
  ];
  const form = ['Content-Type', 'application/x-www-form-urlencoded'] as const;
  return {
    made,
    request: {
      method,
      url,
      path: pathOf(full, url),
      headers: [
        ...own,
        ...headers.filter(([name]) => name.toLowerCase() !== 'content-length'),
        ...(plan.body !== undefined && !has('content-type') ? [form] : []),
      ],
      body: plan.body === undefined ? undefined : fillBody(plan.body, values),
      decompress: compressed,
    },
  };
}

/** A secret inside JSON text stays inside its string, as every other value does. */
function fillBody(body: string, values: ReadonlyMap<string, string>): string {
  let json = false;
  try {
    JSON.parse(body);
    json = /^\s*[{[]/.test(body);
  } catch {
    // any other text takes the value as it is
  }
  const escaped = json
    ? new Map([...values].map(([name, value]) => [name, JSON.stringify(value).slice(1, -1)]))
    : values;
  return fillReferences(body, escaped);
}

/** curl leaves the characters of a path alone that the URL standard would encode; dots and letters beyond ASCII not. */
export function pathOf(written: string, url: URL): string {
  const behind = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*([^#]*)/i.exec(written)?.[1] ?? '';
  const query = /\?.*$/s.exec(behind)?.[0] ?? '';
  const path = behind.slice(0, behind.length - query.length);
  const dotted = /(?:^|\/)\.{1,2}(?:\/|$)/.test(path);
  const whole = (dotted ? url.pathname : path || '/') + query;
  return whole.replace(/[^\x21-\x7e]+/g, (text) => encodeURIComponent(text.replace(/\p{Cs}/gu, '\uFFFD')));
}
