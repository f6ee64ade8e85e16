/** A text as it may leave the machine, and what was hidden in it. */
export interface Redacted {
  readonly text: string;
  /** How many places were hidden. */
  readonly hidden: number;
}

/** What stands where a secret was, once per character: columns of a table stay where they are. */
export const redactionMark = '•';

const secretName =
  '(?:[\\w-]{0,60}[_-])?(?:password|passwd|passphrase|pwd|secret|token|api[_-]?key|access[_-]?key(?:[_-]?id)?|secret[_-]?key|private[_-]?key|client[_-]?secret|auth[_-]?token|session[_-]?token)';
/** `$NAME`, `<token>`, `{{token}}` and what is hidden already only name a secret. */
const reference = /^["']?(?:\$|<|\{\{|•|\*\*\*)/;

type Rule = readonly [
  pattern: RegExp,
  keep: (...groups: string[]) => readonly [kept: string, hidden: string, after?: string],
];

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
  // password=x, "api_key": "x", ?token=x
  [
    new RegExp(
      `((?<![\\w-])["']?${secretName}["']?\\s?=\\s?)("[^"\\n]*"|'[^'\\n]*'|[^\\s"'&;,|)}\\]]+)`,
      'gi',
    ),
    (_all, kept = '', value = '') => [kept, value],
  ],
  [
    new RegExp(`((?<![\\w-])["']${secretName}["']\\s*:\\s*)("(?:[^"\\\\\\n]|\\\\.)*"|'[^'\\n]*')`, 'gi'),
    (_all, kept = '', value = '') => [kept, value],
  ],
  // password: x at a line's end, as YAML and logs write it; with words behind it, it is a sentence.
  [
    new RegExp(
      `((?<![\\w-])${secretName}:[ \\t]{1,4})("[^"\\n]*"|'[^'\\n]*'|[^\\s"',;]+)(?=[ \\t]*$)`,
      'gim',
    ),
    (_all, kept = '', value = '') => [kept, value],
  ],
  // --token x
  [
    new RegExp(`(--${secretName}[= ])(?!-)("[^"\\n]*"|'[^'\\n]*'|[^\\s"']+)`, 'gi'),
    (_all, kept = '', value = '') => [kept, value],
  ],
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
  let result = text;
  for (const [pattern, keep] of rules)
    result = result.replace(pattern, (...groups: string[]) => {
      const [kept, secret, after = ''] = keep(...groups);
      const marked = hide(secret);
      if (marked !== secret) hidden += 1;
      return kept + marked + after;
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
