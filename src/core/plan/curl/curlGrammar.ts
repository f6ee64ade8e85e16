import type { CurlOptions } from './curlOptions.ts';
import { optionSwitches, optionsWithValue, parseCurlOption, renderCurlOptions } from './curlOptions.ts';
import { fillUrl } from './curlUrl.ts';
import type { MarkedWords } from '../words/markedWord.ts';
import type { HttpPlan } from '../plan.ts';
import { quoteWord } from '../words/quoteWord.ts';

/** What a curl command asks for, without the plan around it. Strings may hold marks of unknown placeholders. */
export type HttpRequest = Pick<
  HttpPlan,
  'method' | 'url' | 'headers' | 'body' | 'showHeaders' | 'followRedirects' | 'failOnError' | 'curl'
>;

export type CurlResult =
  | { readonly ok: true; readonly request: HttpRequest; readonly invalid: readonly string[] }
  /** Completes "it runs in your shell because …". */
  | { readonly ok: false; readonly reason: string };

type Taken =
  | 'request'
  | 'header'
  | 'data'
  | 'raw'
  | 'binary'
  | 'encoded'
  | 'json'
  | 'url'
  | 'agent'
  | 'referer'
  | 'cookie';
type Switch = 'head' | 'include' | 'location' | 'fail' | 'silent' | 'get';

const WITH_VALUE: Readonly<Record<string, Taken>> = {
  '-X': 'request', '--request': 'request', '-H': 'header', '--header': 'header',
  '-d': 'data', '--data': 'data', '--data-ascii': 'data', '--data-raw': 'raw', '--data-binary': 'binary',
  '--data-urlencode': 'encoded', '--json': 'json', '--url': 'url', '-A': 'agent', '--user-agent': 'agent',
  '-e': 'referer', '--referer': 'referer', '-b': 'cookie', '--cookie': 'cookie',
}; // prettier-ignore
const SWITCHES: Readonly<Record<string, Switch>> = {
  '-I': 'head', '--head': 'head', '-i': 'include', '--include': 'include', '-L': 'location', '--location': 'location',
  '-f': 'fail', '--fail': 'fail', '-s': 'silent', '--silent': 'silent', '-S': 'silent', '--show-error': 'silent',
  '-G': 'get', '--get': 'get',
}; // prettier-ignore

const lookUp = <T>(table: Readonly<Record<string, T>>, key: string): T | undefined =>
  Object.hasOwn(table, key) ? table[key] : undefined;

interface Read {
  readonly taken: readonly { readonly what: Taken; readonly raw: string }[];
  readonly on: ReadonlySet<Switch>;
  readonly options: CurlOptions;
}

/** Sorts the words: options in clusters (`-sSfL`), with attached values (`-XPOST`) or the next word as value. */
function readWords(words: readonly string[], marked: MarkedWords): Read | string {
  const taken: { what: Taken; raw: string }[] = [];
  const on = new Set<Switch>();
  let options: CurlOptions = {};
  for (let i = 0; i < words.length; i += 1) {
    const word = words[i] ?? '';
    if (!word.startsWith('-') || word === '-') {
      taken.push({ what: 'url', raw: word });
      continue;
    }
    const long = word.startsWith('--');
    for (let cluster = long ? word : word.slice(1); cluster !== ''; cluster = long ? '' : cluster.slice(1)) {
      const option = long ? word : `-${cluster[0] ?? ''}`;
      const toggle = lookUp(SWITCHES, option);
      const set = lookUp(optionSwitches, option);
      if (toggle) on.add(toggle);
      if (set) options = { ...options, ...set };
      if (toggle ?? set) continue;
      const what = lookUp(WITH_VALUE, option);
      const further = lookUp(optionsWithValue, option);
      if (!what && !further) return `of the curl option ${option}`;
      const attached = !long && cluster.length > 1;
      if (!attached) i += 1;
      if (i >= words.length) return `${option} has no value`;
      const raw = attached ? cluster.slice(1) : (words[i] ?? '');
      if (what) taken.push({ what, raw });
      if (further) {
        if (marked.hasSecret(raw) && further !== 'user') return `of a secret in ${option}`;
        const parsed = parseCurlOption(further, marked.fill(raw), options);
        if ('reason' in parsed) return parsed.reason;
        options = parsed.options;
      }
      break;
    }
  }
  return { taken, on, options };
}

/**
 * Reads the words behind `curl` (marks in place) for the options of https://curl.se/docs/manpage.html that an HTTP
 * plan can carry. `-d` makes a POST with a form content type, `--json` one with JSON headers, as curl does.
 */
export function parseCurl(words: readonly string[], marked: MarkedWords): CurlResult {
  const fail = (reason: string): CurlResult => ({ ok: false, reason });
  const read = readWords(words, marked);
  if (typeof read === 'string') return fail(read);
  const { taken, on } = read;
  const all = (what: Taken): readonly string[] =>
    taken.filter((each) => each.what === what).map((each) => each.raw);

  const urls = all('url');
  if (urls.length !== 1) return fail(urls.length === 0 ? 'it names no URL' : 'it names several URLs');
  const data = bodyOf(taken, on.has('get'), marked);
  if (typeof data === 'string') return fail(data);
  const { body, query } = data;
  const joined = query === undefined ? '' : `${(urls[0] ?? '').includes('?') ? '&' : '?'}${query}`;
  const address = fillUrl(`${urls[0] ?? ''}${joined}`, marked);
  if (!address.ok) return address;

  const headers = headersOf(taken, body === undefined ? undefined : data.kind, marked);
  if (typeof headers === 'string') return fail(headers);

  const head = on.has('head');
  if (head && body !== undefined) return fail('it asks for headers only and sends a body');
  const written = all('request').at(-1);
  const implied = head ? 'HEAD' : body === undefined ? 'GET' : 'POST';
  const method = written ?? implied;
  if (!/^[A-Z]+$/.test(method)) return fail(`of the method ${method}`);
  if (method === 'CONNECT' || method === 'TRACE') return fail(`of the method ${method}`);
  if ((method === 'HEAD') !== head) return fail('-I and -X disagree');
  if (method === 'GET' && body !== undefined) return fail(`a ${method} with a body is not covered`);
  const options: CurlOptions = {
    ...read.options,
    ...(written !== undefined && written !== 'GET' && written !== 'HEAD' ? { keepMethod: true } : {}),
  };
  return {
    ok: true,
    invalid: [...address.invalid, ...headers.invalid],
    request: {
      method,
      url: address.url,
      headers: headers.list,
      body,
      showHeaders: head || on.has('include'),
      followRedirects: on.has('location'),
      failOnError: on.has('fail'),
      ...(Object.keys(options).length === 0 ? {} : { curl: options }),
    },
  };
}

interface Data {
  readonly kind: 'form' | 'json';
  readonly body: string | undefined;
  /** With -G: goes behind the URL instead, marks in place. */
  readonly query: string | undefined;
}

function bodyOf(taken: Read['taken'], asQuery: boolean, marked: MarkedWords): Data | string {
  const data = taken.filter(({ what }) => ['data', 'raw', 'binary', 'encoded'].includes(what));
  const json = taken.filter(({ what }) => what === 'json');
  if (data.length > 0 && json.length > 0) return 'it mixes --json with --data';
  const kind = json.length > 0 ? 'json' : 'form';
  const parts: string[] = [];
  for (const { what, raw } of [...data, ...json]) {
    const encoded = what === 'encoded';
    if (encoded ? /^[^=]*@/.test(raw) && !raw.includes('=') : what !== 'raw' && raw.startsWith('@'))
      return 'its body comes from a file';
    if (encoded && marked.hasSecret(raw)) return 'of a secret in --data-urlencode';
    parts.push(encoded ? encodeData(raw, marked) : asQuery ? raw : marked.fill(raw));
  }
  if (parts.length === 0) return { kind, body: undefined, query: undefined };
  const text = parts.join(kind === 'json' ? '' : '&');
  if (!asQuery) return { kind, body: text, query: undefined };
  return kind === 'json' ? 'it mixes -G with --json' : { kind, body: undefined, query: text };
}

/** `name=content` and `=content` and `content`: only the content is encoded; unknown placeholders stay marks. */
function encodeData(raw: string, marked: MarkedWords): string {
  const equals = raw.indexOf('=');
  const name = raw.slice(0, Math.max(0, equals));
  const content = marked.fill(raw.slice(equals + 1));
  const encode = (text: string): string =>
    encodeURIComponent(text.replace(/\p{Cs}/gu, '\uFFFD'))
      .replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
      .replaceAll('%20', '+'); // as a form has it
  const encoded = content
    .split(/(\uE000\d+\uE001)/)
    .map((piece, at) => (at % 2 === 1 ? piece : encode(piece)));
  return (name === '' ? '' : `${marked.fill(name)}=`) + encoded.join('');
}

const NAMED: Readonly<Partial<Record<Taken, string>>> = {
  agent: 'User-Agent',
  referer: 'Referer',
  cookie: 'Cookie',
};

/** The headers in the order curl sends them; one that `-H` gives wins over the option that stands for it. */
function headersOf(
  taken: Read['taken'],
  body: 'form' | 'json' | undefined,
  marked: MarkedWords,
): { readonly list: readonly (readonly [string, string])[]; readonly invalid: readonly string[] } | string {
  const list: [string, string][] = [];
  const invalid: string[] = [];
  const has = (name: string): boolean => list.some(([each]) => each.toLowerCase() === name.toLowerCase());
  const add = (name: string, raw: string): void => {
    const value = marked.fill(raw).trim();
    if (/[\r\n\0]/.test(value)) invalid.push(`The header ${name} would hold a line break.`);
    list.push([name, value]);
  };
  for (const { raw } of taken.filter(({ what }) => what === 'header')) {
    const hit = /^([A-Za-z0-9!#$%&'*+.^_`|~-]+):\s*(\S[\s\S]*)$/.exec(raw);
    if (!hit) return 'it removes or empties a header, or reads one from a file';
    add(hit[1] ?? '', hit[2] ?? '');
  }
  for (const what of ['agent', 'referer', 'cookie'] as const) {
    const values = taken.filter((each) => each.what === what).map(({ raw }) => raw);
    if (values.length === 0) continue;
    const raw = what === 'cookie' ? values.join('; ') : (values.at(-1) ?? '');
    if (what === 'cookie' && values.some((each) => !each.includes('=')))
      return 'its cookies come from a file';
    if (raw === '' || (what === 'referer' && raw.endsWith(';auto')))
      return `of the value of its ${NAMED[what]}`;
    if (!has(NAMED[what] ?? '')) add(NAMED[what] ?? '', raw);
  }
  const missing = (name: string, value: string): void => {
    if (!has(name)) list.push([name, value]);
  };
  if (body === 'form') missing('Content-Type', 'application/x-www-form-urlencoded');
  if (body === 'json') missing('Content-Type', 'application/json');
  if (body === 'json') missing('Accept', 'application/json');
  return { list, invalid };
}

/** The curl command that does what the request says, quoted for a shell. Parsed again it gives the same request. */
export function renderCurl(request: HttpRequest, quote: (word: string) => string = quoteWord): string {
  const words = ['curl'];
  const implied = request.body === undefined ? 'GET' : 'POST';
  if (request.method === 'HEAD') words.push('-I');
  else if (request.method !== implied || request.curl?.keepMethod) words.push('-X', request.method);
  if (request.showHeaders && request.method !== 'HEAD') words.push('-i');
  if (request.followRedirects) words.push('-L');
  if (request.failOnError) words.push('-f');
  words.push(...renderCurlOptions(request.curl ?? {}, quote));
  for (const [name, value] of request.headers) words.push('-H', quote(`${name}: ${value}`));
  if (request.body !== undefined) words.push('--data-raw', quote(request.body));
  words.push(quote(request.url));
  return words.join(' ');
}
