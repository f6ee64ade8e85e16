import type { MarkedWords } from './markedWord.ts';
import type { HttpPlan } from './plan.ts';
import { quoteWord } from './quoteWord.ts';

/** What a curl command asks for, without the plan around it. Strings may hold marks of unknown placeholders. */
export type HttpRequest = Pick<
  HttpPlan,
  'method' | 'url' | 'headers' | 'body' | 'showHeaders' | 'followRedirects' | 'failOnError'
>;

export type CurlResult =
  | { readonly ok: true; readonly request: HttpRequest; readonly invalid: readonly string[] }
  /** Completes "it runs in your shell because …". */
  | { readonly ok: false; readonly reason: string };

type Taken = 'request' | 'header' | 'data' | 'raw' | 'json' | 'url';
type Switch = 'head' | 'include' | 'location' | 'fail' | 'silent';

const WITH_VALUE: Readonly<Record<string, Taken>> = {
  '-X': 'request', '--request': 'request', '-H': 'header', '--header': 'header',
  '-d': 'data', '--data': 'data', '--data-ascii': 'data', '--data-raw': 'raw', '--json': 'json', '--url': 'url',
}; // prettier-ignore
const SWITCHES: Readonly<Record<string, Switch>> = {
  '-I': 'head', '--head': 'head', '-i': 'include', '--include': 'include', '-L': 'location', '--location': 'location',
  '-f': 'fail', '--fail': 'fail', '-s': 'silent', '--silent': 'silent', '-S': 'silent', '--show-error': 'silent',
}; // prettier-ignore

const lookUp = <T>(table: Readonly<Record<string, T>>, key: string): T | undefined =>
  Object.hasOwn(table, key) ? table[key] : undefined;

/**
 * Reads the words behind `curl` (marks in place) for the options of https://curl.se/docs/manpage.html that an HTTP
 * plan can carry. `-d` makes a POST with a form content type, `--json` one with JSON headers, as curl does.
 */
export function parseCurl(words: readonly string[], marked: MarkedWords): CurlResult {
  const taken: { what: Taken; raw: string }[] = [];
  const on = new Set<Switch>();
  const fail = (reason: string): CurlResult => ({ ok: false, reason });
  for (let i = 0; i < words.length; i += 1) {
    const word = words[i] ?? '';
    if (!word.startsWith('-') || word === '-') {
      taken.push({ what: 'url', raw: word });
    } else if (word.startsWith('--')) {
      const what = lookUp(WITH_VALUE, word);
      const toggle = lookUp(SWITCHES, word);
      if (what) {
        i += 1;
        if (i >= words.length) return fail(`${word} has no value`);
        taken.push({ what, raw: words[i] ?? '' });
      } else if (toggle) on.add(toggle);
      else return fail(`of the curl option ${word}`);
    } else {
      for (let cluster = word.slice(1); cluster !== ''; cluster = cluster.slice(1)) {
        const option = `-${cluster[0] ?? ''}`;
        const what = lookUp(WITH_VALUE, option);
        const toggle = lookUp(SWITCHES, option);
        if (toggle) on.add(toggle);
        if (!what && !toggle) return fail(`of the curl option ${option}`);
        if (!what) continue;
        if (cluster.length === 1) i += 1;
        if (i >= words.length) return fail(`${option} has no value`);
        taken.push({ what, raw: cluster.length === 1 ? (words[i] ?? '') : cluster.slice(1) });
        break;
      }
    }
  }
  const all = (what: Taken): readonly string[] =>
    taken.filter((each) => each.what === what).map((each) => each.raw);

  const urls = all('url');
  if (urls.length !== 1) return fail(urls.length === 0 ? 'it names no URL' : 'it names several URLs');
  const address = fillUrl(urls[0] ?? '', marked);
  if (!address.ok) return address;

  const data = taken.filter((each) => each.what === 'data' || each.what === 'raw');
  const json = all('json');
  if (data.length > 0 && json.length > 0) return fail('it mixes --json with --data');
  if ([...data.filter((each) => each.what === 'data').map((each) => each.raw), ...json].some(isFromFile))
    return fail('its body comes from a file');
  const bodies = data.length > 0 ? data.map((each) => each.raw) : json;
  const body = bodies.length === 0 ? undefined : bodies.map(marked.fill).join(json.length > 0 ? '' : '&');

  const headers: [string, string][] = [];
  const invalid: string[] = [...address.invalid];
  for (const raw of all('header')) {
    const hit = /^([A-Za-z0-9!#$%&'*+.^_`|~-]+):\s*(\S[\s\S]*)$/.exec(raw);
    if (!hit) return fail('it removes or empties a header, or reads one from a file');
    const filled = marked.fill(hit[2] ?? '').trim();
    if (/[\r\n\0]/.test(filled)) invalid.push(`The header ${hit[1] ?? ''} would hold a line break.`);
    headers.push([hit[1] ?? '', filled]);
  }
  const has = (name: string): boolean => headers.some(([each]) => each.toLowerCase() === name);
  if (data.length > 0 && !has('content-type'))
    headers.push(['Content-Type', 'application/x-www-form-urlencoded']);
  if (json.length > 0 && !has('content-type')) headers.push(['Content-Type', 'application/json']);
  if (json.length > 0 && !has('accept')) headers.push(['Accept', 'application/json']);

  const head = on.has('head');
  if (head && body !== undefined) return fail('it asks for headers only and sends a body');
  const written = all('request').at(-1);
  const method = written ?? (head ? 'HEAD' : body === undefined ? 'GET' : 'POST');
  if (!/^[A-Z]+$/.test(method)) return fail(`of the method ${method}`);
  if (method === 'CONNECT' || method === 'TRACE') return fail(`of the method ${method}`);
  if ((method === 'HEAD') !== head) return fail('-I and -X disagree');
  const safe = method === 'GET' || method === 'HEAD';
  if (safe && body !== undefined) return fail(`a ${method} with a body is not covered`);
  // After a redirect curl sends some methods again and turns others into GET; that is for curl to decide.
  if (on.has('location') && !safe) return fail(`it follows redirects with ${method}`);
  return {
    ok: true,
    invalid,
    request: {
      method,
      url: address.url,
      headers,
      body,
      showHeaders: head || on.has('include'),
      followRedirects: on.has('location'),
      failOnError: on.has('fail'),
    },
  };
}

const isFromFile = (raw: string): boolean => raw.startsWith('@');

type Address =
  | { readonly ok: true; readonly url: string; readonly invalid: readonly string[] }
  | { readonly ok: false; readonly reason: string };

/**
 * A value in the path or query stays one segment (percent-encoded); in the host part it must look like a host; a
 * placeholder that begins the URL is taken as it is.
 */
function fillUrl(raw: string, marked: MarkedWords): Address {
  const fail = (reason: string): Address => ({ ok: false, reason });
  const invalid: string[] = [];
  let url = '';
  // Split keeps the marks: every second piece is one.
  for (const piece of raw.split(/(\uE000\d+\uE001)/)) {
    const [value] = marked.valuesIn(piece);
    if (value === undefined) url += piece;
    else if (url === '') url += value;
    else if (/^https?:\/\/[^/?#]*$/.test(url)) {
      if (!/^[A-Za-z0-9.:-]+$/.test(value)) invalid.push(`“${value}” cannot be part of a host name.`);
      url += value;
    } else url += encodeURIComponent(value.replace(/\p{Cs}/gu, '\uFFFD'));
  }
  if (/[[\]{}]/.test(url)) return fail('curl would expand the brackets in its URL');
  if (/[\s\\<>"\0]/.test(url)) return fail('its URL has characters that a URL cannot have');
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(url) && !url.startsWith('\uE000')) {
    if (/^(?:ftp|dict|ldap|imap|smtp|pop3)\./i.test(url) || url === '')
      return fail('its URL names no protocol');
    url = `http://${url}`; // what curl assumes
  }
  const open = url.startsWith('\uE000');
  if (!open && !/^https?:\/\/[^/?#@]+(?:[/?#].*)?$/i.test(url))
    return fail('its URL is not plain http or https');
  return { ok: true, url, invalid };
}

/** The curl command that does what the request says, quoted for a shell. Parsed again it gives the same request. */
export function renderCurl(request: HttpRequest, quote: (word: string) => string = quoteWord): string {
  const words = ['curl'];
  if (request.method === 'HEAD') words.push('-I');
  else if (request.method !== 'GET') words.push('-X', request.method);
  if (request.showHeaders && request.method !== 'HEAD') words.push('-i');
  if (request.followRedirects) words.push('-L');
  if (request.failOnError) words.push('-f');
  for (const [name, value] of request.headers) words.push('-H', quote(`${name}: ${value}`));
  if (request.body !== undefined) words.push('--data-raw', quote(request.body));
  words.push(quote(request.url));
  return words.join(' ');
}
