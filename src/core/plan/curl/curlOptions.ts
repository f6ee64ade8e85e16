/** Options of https://curl.se/docs/manpage.html beside the request itself; an absent one is curl's own default. */
export interface CurlOptions {
  /** `-X` was written: the method stays the same through redirects. */
  readonly keepMethod?: true;
  /** `-w`, with its `%{variables}` and escapes as written. */
  readonly writeOut?: string;
  /** `-o /dev/null`: head and body are read and not shown. */
  readonly discardOutput?: true;
  /** `--fail-with-body`: like `-f`, but the body is shown. */
  readonly failWithBody?: true;
  /** `-u user:password`; may refer to secrets. */
  readonly user?: string;
  /** `-k`: any certificate will do. */
  readonly insecure?: true;
  /** `--cacert`: path of a PEM file with the only authorities to trust. */
  readonly caFile?: string;
  readonly connectTimeoutMs?: number;
  /** `-m`: for the whole transfer. */
  readonly maxTimeMs?: number;
  /** `--retry`: further tries of a read after a failure that may pass. */
  readonly retries?: number;
  /** `--resolve host:port:address`, each as written. */
  readonly resolve?: readonly string[];
  readonly compressed?: true;
  readonly ipFamily?: 4 | 6;
  /** `-v` */
  readonly verbose?: true;
  /** `--max-redirs`; 50 when absent, -1 for no limit. */
  readonly maxRedirects?: number;
}

type Valued =
  | 'writeOut' | 'discardOutput' | 'user' | 'caFile' | 'connectTimeoutMs' | 'maxTimeMs' | 'retries' | 'resolve'
  | 'maxRedirects'; // prettier-ignore

/** Options that take a value, by how they are written. */
export const optionsWithValue: Readonly<Record<string, Valued>> = {
  '-w': 'writeOut', '--write-out': 'writeOut', '-o': 'discardOutput', '--output': 'discardOutput',
  '-u': 'user', '--user': 'user', '--cacert': 'caFile', '--connect-timeout': 'connectTimeoutMs',
  '-m': 'maxTimeMs', '--max-time': 'maxTimeMs', '--retry': 'retries', '--resolve': 'resolve',
  '--max-redirs': 'maxRedirects',
}; // prettier-ignore

/** Options without a value, with what they set. */
export const optionSwitches: Readonly<Record<string, CurlOptions>> = {
  '--fail-with-body': { failWithBody: true },
  '-k': { insecure: true },
  '--insecure': { insecure: true },
  '--compressed': { compressed: true },
  '-4': { ipFamily: 4 },
  '--ipv4': { ipFamily: 4 },
  '-6': { ipFamily: 6 },
  '--ipv6': { ipFamily: 6 },
  '-v': { verbose: true },
  '--verbose': { verbose: true },
  // What is done anyway: HTTP/1.1, TLS 1.2 at least, no progress meter, output as it comes, Basic for -u.
  ...Object.fromEntries(
    '--http1.1 --tlsv1.2 -N --no-buffer --no-progress-meter -# --progress-bar --basic'
      .split(' ')
      .map((each) => [each, {}]),
  ),
};

/** Variables of `-w` that can be told here. */
const variables = new Set(
  (
    'http_code response_code http_version method num_redirects redirect_url content_type time_namelookup time_connect ' +
    'time_appconnect time_pretransfer time_starttransfer time_total size_download remote_ip remote_port url ' +
    'url_effective ssl_verify_result exitcode errormsg'
  ).split(' '),
);

const seconds = (text: string): number | undefined =>
  /^\d+(?:\.\d+)?$/.test(text) ? Math.round(Number(text) * 1000) : undefined;

/** The option with its value, or why it cannot be carried: completes "it runs in your shell because …". */
export function parseCurlOption(
  what: Valued,
  value: string,
  before: CurlOptions,
): { readonly options: CurlOptions } | { readonly reason: string } {
  const taken = (options: CurlOptions) => ({ options: { ...before, ...options } });
  switch (what) {
    case 'writeOut': {
      const unknown = [...value.matchAll(/%(?:%|(\{([^}]*)\}|header\{[^}]*\}|output\{[^}]*\})?)/g)].find(
        ([all, braces, name]) => braces !== undefined && !variables.has(name ?? '') && all !== '%%',
      );
      if (value.startsWith('@')) return { reason: 'the format of its -w comes from a file' };
      if (unknown) return { reason: `of ${unknown[0]} in its -w` };
      return taken({ writeOut: value });
    }
    case 'discardOutput':
      return value === '/dev/null' ? taken({ discardOutput: true }) : { reason: 'it writes to a file (-o)' };
    case 'user':
      return value.includes(':')
        ? taken({ user: value })
        : { reason: 'its -u has no password, so curl asks' };
    case 'caFile':
      return value === '' ? { reason: '--cacert names no file' } : taken({ caFile: value });
    case 'connectTimeoutMs':
    case 'maxTimeMs': {
      const ms = seconds(value);
      // Zero is curl's word for its default.
      return ms === undefined
        ? { reason: `of the time ${value}` }
        : ms === 0
          ? taken({})
          : taken({ [what]: ms });
    }
    case 'retries':
      return /^\d{1,3}$/.test(value) ? taken({ retries: Number(value) }) : { reason: `of --retry ${value}` };
    case 'maxRedirects':
      return /^(?:-1|\d{1,4})$/.test(value)
        ? taken({ maxRedirects: Number(value) })
        : { reason: `of --max-redirs ${value}` };
    case 'resolve':
      return /^[^:*+\s-][^:*\s]*:\d+:[0-9A-Fa-f.:[\]]+$/.test(value)
        ? taken({ resolve: [...(before.resolve ?? []), value] })
        : { reason: `of --resolve ${value}` };
  }
}

/** The words of a curl command that say these options again. */
export function renderCurlOptions(options: CurlOptions, quote: (word: string) => string): readonly string[] {
  const words: string[] = [];
  if (options.verbose) words.push('-v');
  if (options.failWithBody) words.push('--fail-with-body');
  if (options.insecure) words.push('-k');
  if (options.compressed) words.push('--compressed');
  if (options.ipFamily !== undefined) words.push(`-${options.ipFamily}`);
  if (options.maxRedirects !== undefined) words.push('--max-redirs', String(options.maxRedirects));
  if (options.connectTimeoutMs !== undefined)
    words.push('--connect-timeout', String(options.connectTimeoutMs / 1000));
  if (options.maxTimeMs !== undefined) words.push('-m', String(options.maxTimeMs / 1000));
  if (options.retries !== undefined) words.push('--retry', String(options.retries));
  if (options.caFile !== undefined) words.push('--cacert', quote(options.caFile));
  for (const each of options.resolve ?? []) words.push('--resolve', quote(each));
  if (options.user !== undefined) words.push('-u', quote(options.user));
  if (options.discardOutput) words.push('-o', '/dev/null');
  if (options.writeOut !== undefined) words.push('-w', quote(options.writeOut));
  return words;
}
