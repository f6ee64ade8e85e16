import { passwordOptions } from '../plan/words/hideSecrets.ts';
import { hideSecretManifests } from './secretManifests.ts';
import { isSecretKey, secretKeyPattern } from './secretKey.ts';

/** A text as it may leave the machine, and what was hidden in it. */
export interface Redacted {
  readonly text: string;
  /** How many places were hidden. */
  readonly hidden: number;
}

/** What stands where a secret was, once per character: columns of a table stay where they are. */
export const redactionMark = '•';

/** `$NAME`, `<token>`, `{{token}}` and what is hidden already only name a secret. */
const reference = /^["']?(?:\$|<|\{\{|•|\*\*\*)/;

/** `automountServiceAccountToken: false` tells nothing. */
const plainValue = /^["']?(?:true|false|null|nil|none|yes|no|on|off)["']?$/i;

type Rule = readonly [
  pattern: RegExp,
  keep: (...groups: string[]) => readonly [kept: string, hidden: string, after?: string],
];

const key = `(?<key>${secretKeyPattern})`;

/** A pair: `before` holds `key`, and the value behind it is hidden where the key says that it is a secret. */
function pair(before: string, value: string, after = ''): Rule {
  return [
    new RegExp(`(?<before>${before})(?<value>${value})${after}`, 'gim'),
    (...groups: unknown[]) => {
      // The named groups come last: https://developer.mozilla.org/docs/Web/JavaScript/Reference/Global_Objects/String/replace
      const found = groups.at(-1) as Readonly<Record<string, string>>;
      const { before: kept = '', value: secret = '', key: name = '' } = found;
      return isSecretKey(name) && !plainValue.test(secret) ? [kept, secret] : [kept + secret, ''];
    },
  ];
}

/** Each says what of its match stays and what is hidden; whole words of a sentence or a table match none of them. */
const rules: readonly Rule[] = [
  // A private key's lines between its own first and last; a block that is cut off is hidden to its end.
  [
    /(-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----)([\s\S]*?)(-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|$(?![\s\S]))/g,
    (_all, begin = '', body = '', end = '') => [begin, body, end],
  ],
  // Authorization: Bearer x
  [
    /(\b(?:proxy-)?authorization["']?\s*[:=]\s*["']?(?:bearer|basic|token|digest|apikey) {1,4})([^\s"',;]+)/gi,
    (_all, kept = '', value = '') => [kept, value],
  ],
  [/(\bbearer )([\w.~+/-]{16,}=*)/gi, (_all, kept = '', value = '') => [kept, value]],
  [/(\b(?:set-)?cookie["']?\s*:\s*)([^\n]*=[^\n]*)/gi, (_all, kept = '', value = '') => [kept, value]],
  // https://user:password@host
  [
    /(\b[a-z][a-z0-9+.-]{0,20}:\/\/[^\s/@:"']{0,200}:)([^\s/@"']{1,2000})(?=@)/gi,
    (_all, kept = '', value = '') => [kept, value],
  ],
  [
    /(hooks\.slack\.com\/(?:services|workflows)\/)([\w/-]+)/gi,
    (_all, kept = '', value = '') => [kept, value],
  ],
  // password=x, ?token=x
  pair(`(?<![\\w-])["']?${key}["']?\\s?=\\s?`, `"[^"\\n]*"|'[^'\\n]*'|[^\\s"'&;,|)}\\]]+`),
  // A signed address is as good as a password.
  [
    /([?&](?:sig|signature|x-amz-signature|x-amz-credential)=)([^\s&"'#]+)/gi,
    (_all, kept = '', value = '') => [kept, value],
  ],
  // "api_key": "x", also as JSON inside of JSON
  pair(`(?<![\\w-])["']${key}["']\\s*:\\s*`, `"(?:[^"\\\\\\n]|\\\\.)*"|'[^'\\n]*'`),
  pair(`\\\\"${key}\\\\"\\s*:\\s*\\\\"`, `[^"\\\\\\n]+`),
  // "auth": "x" of a registry, which is a user and a password in base64
  [
    /("auth"\s*:\s*)("(?=[^"]*[A-Z])(?=[^"]*[a-z])[A-Za-z0-9+/]{8,}={0,2}")/g,
    (_all, kept = '', value = '') => [kept, value],
  ],
  // password: x at a line's end, as YAML, kubectl describe and logs write it; with words behind it, it is a sentence.
  pair(
    `^[ \\t]{0,200}(?:- )?["']?${key}["']?:[ \\t]{1,80}`,
    `"[^"\\n]*"|'[^'\\n]*'|[^\\s|>]\\S*`,
    '(?=[ \\t]*(?:[ \\t]#[^\\n]*)?$)',
  ),
  pair(`(?<![\\w-])${key}:[ \\t]{1,80}`, `"[^"\\n]*"|'[^'\\n]*'|[^\\s"',;|>]+`, '(?=[ \\t]*$)'),
  // password: | and the lines below it
  pair(
    `^(?=(?<indent>[ \\t]{0,200})(?:- )?["']?${key}["']?:)[^\\n]*:[ \\t]*[|>][+-]?[ \\t]*\\n`,
    `(?:\\k<indent>[ \\t]+[^\\n]*(?:\\n|$))+`,
  ),
  // - name: DB_PASSWORD and its value: x, in YAML and in JSON
  pair(
    `^[ \\t]{0,200}(?:- )?name:[ \\t]+["']?${key}["']?[ \\t]*\\n[ \\t]*value:[ \\t]+`,
    `"[^"\\n]*"|'[^'\\n]*'|[^\\n]+`,
  ),
  pair(`"name"\\s*:\\s*"${key}"\\s*,\\s*"value"\\s*:\\s*`, `"(?:[^"\\\\\\n]|\\\\.)*"`),
  // --token x
  pair(`--${key}[= ](?!-)`, `"[^"\\n]*"|'[^'\\n]*'|[^\\s"']+`),
  ...passwordOptions.map((pattern): Rule => [pattern, (_all, kept = '', value = '') => [kept, value]]),
  // Tokens known by their own look: Slack, GitHub, GitLab, AWS key ids, JSON Web Tokens, Google, Stripe and npm.
  [
    /()((?<![\w-])(?:xox[a-z]-[\w-]{8,}|xapp-[\w-]{8,}|gh[a-z]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|(?:AKIA|ASIA|AROA|AIDA)[0-9A-Z]{16}(?!\w)|eyJ[\w-]{8,}\.[\w-]+\.[\w-]*|AIza[\w-]{35}(?!\w)|[sr]k_(?:live|test)_\w{16,}|npm_\w{36}))/g,
    (_all, kept = '', value = '') => [kept, value],
  ],
];

/**
 * Hides what looks like a credential, by its shape or by the name it stands behind, and nothing else: no plain word, and
 * each hidden character by one mark, so that tables keep their columns and texts their lines. It knows the usual shapes,
 * not every one: whoever sends a text looks at it first.
 */
export function redact(text: string): Redacted {
  let hidden = 0;
  const count = (secret: string): string => {
    const marked = hide(secret);
    if (marked !== secret) hidden += 1;
    return marked;
  };
  let result = hideSecretManifests(text, count);
  for (const [pattern, keep] of rules)
    result = result.replace(pattern, (...groups: string[]) => {
      const [kept, secret, after = ''] = keep(...groups);
      return kept + count(secret) + after;
    });
  return { text: result, hidden };
}

/** Blanks and quotes stay; of a surrogate pair one mark is left, for it is one character wide. */
function hide(secret: string): string {
  if (reference.test(secret)) return secret;
  const quoted = /^(["'])([\s\S]*)\1$/.exec(secret);
  if (quoted) return `${quoted[1] ?? ''}${hideAll(quoted[2] ?? '')}${quoted[1] ?? ''}`;
  return hideAll(secret);
}

const hideAll = (secret: string): string =>
  [...secret].map((one) => (/\s/.test(one) ? one : redactionMark)).join('');
