import { isSecretName } from './refuseToKeep.ts';

/** What stands where a secret was. */
const hidden = '•••';

/** A value that only names a secret: a variable, a substitution, a placeholder. */
const isReference = (value: string): boolean => /^(?:["']?(?:\$|<|\{\{|`)|["']?•••)/.test(value);
const hide = (value: string): string => (value === '' || isReference(value) ? value : hidden);

const word = String.raw`(?:"[^"\n]*"|'[^'\n]*'|[^\s"';&|]+)`;
const secretFlag = String.raw`--[\w-]{0,60}(?:password|passwd|passphrase|token|secret|api-?key|access-?key|private-?key)`;
const secretKey = String.raw`[\w-]{0,60}(?:password|passwd|passphrase|token|secret|authorization|(?:api|access|private|routing|integration|signing)[_-]?key)`;
const secretHeader = String.raw`(?:proxy-)?authorization|cookie|[\w-]{0,60}(?:token|secret|api-?key|access-?key)[\w-]{0,60}`;

const patchText = String.raw`'[^']*'|\$'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|[^\s]+`;

/**
 * Options of well-known programs that take a password and are not called so; each gives what is kept, then the password.
 * curl -u user:password; mysql -ppassword; redis-cli -a password; sshpass -p password.
 */
export const passwordOptions: readonly RegExp[] = [
  /(\bcurl\b(?:\\\n|[^\n|;]){0,500}?\s(?:-u\s*|--user[= ]|--proxy-user[= ])["']?[^\s:"']*:)([^\s"']+)/gi,
  /(\b(?:mysql\w*|mariadb\w*)\b[^\n|;]{0,500}?\s-p)([^\s"']+)/gi,
  new RegExp(`(\\bredis-cli\\b[^\\n|;]{0,500}?\\s-a\\s+)(${word})`, 'gi'),
  new RegExp(`(\\bsshpass\\s+-p\\s{0,9})(${word})`, 'g'),
];

type Rule = readonly [pattern: RegExp, replace: (...groups: string[]) => string];

/** Each takes what is kept, then what is hidden; the first ones know most about where the secret stands. */
const rules: readonly Rule[] = [
  // -H 'Authorization: Bearer x', with or without quotes
  [
    new RegExp(
      `((["'])(?:${secretHeader})\\s*:\\s*)((?:(?:bearer|basic|token|digest)\\s+)?)((?:(?!\\2)[^\\n])*)`,
      'gi',
    ),
    (_all, name = '', _quote, scheme = '', value = '') => name + scheme + hide(value),
  ],
  [
    new RegExp(`(\\s(?:-H\\s*|--header[= ])(?:${secretHeader}):)([^\\s"']+)`, 'gi'),
    (_all, name = '', value = '') => name + hide(value),
  ],
  // https://user:password@host and https://token@host
  [
    /(\b[a-z][a-z0-9+.-]{0,20}:\/\/[^\s/@:"']{0,200}:)([^\s/@"']{1,2000})(?=@)/gi,
    (_all, kept = '', value = '') => kept + hide(value),
  ],
  [/(https?:\/\/)([^\s/@:"']{1,2000})(?=@)/gi, (_all, kept = '', value = '') => kept + hide(value)],
  [
    /([?&](?:access_token|token|api[_-]?key|key|secret|password|sig|signature|auth)=)([^\s&"'#]+)/gi,
    (_all, kept = '', value = '') => kept + hide(value),
  ],
  [
    /(hooks\.slack\.com\/(?:services|workflows)\/)([\w/-]+)/gi,
    (_all, kept = '', value = '') => kept + hide(value),
  ],
  ...passwordOptions.map((pattern): Rule => [pattern, (_all, kept = '', value = '') => kept + hide(value)]),
  [
    new RegExp(`(${secretFlag}(?:=|\\s+))(?!-)(${word})`, 'gi'),
    (_all, kept = '', value = '') => kept + hide(value),
  ],
  [
    new RegExp(`(--from-literal[= ]["']?[^\\s=]+=)([^\\s"']+)`, 'g'),
    (_all, kept = '', value = '') => kept + hide(value),
  ],
  // kubectl patch secret x --patch '{"data":{"DSN":"x"}}': any key of it may hold one
  [
    new RegExp(
      `(\\b(?:kubectl|oc)\\b(?:\\\\\\n|[^\\n|;]){0,500}?\\spatch\\s+(?:-[\\w-]{1,40}(?:[= ][^-\\s]\\S{0,200})?\\s+){0,9}?secrets?[\\s/](?:\\\\\\n|[^\\n|;]){0,1000}?\\s(?:-p|--patch)(?:=|\\s+))(${patchText})`,
      'g',
    ),
    (_all, kept = '', value = '') => kept + hide(value),
  ],
  // {"password": "x"}
  [
    new RegExp(`(\\\\?"${secretKey}\\\\?"\\s*:\\s*\\\\?")([^"\\\\\\n]*)`, 'gi'),
    (_all, kept = '', value = '') => kept + hide(value),
  ],
  // PGPASSWORD=x
  [
    new RegExp(`(^|[\\s;&|(])([A-Za-z_]\\w*)=(${word})`, 'gm'),
    (all = '', before = '', name = '', value = '') =>
      isSecretName(name.replaceAll('_', '-')) ? `${before}${name}=${hide(value)}` : all,
  ],
  // Tokens that are known by their own look: Slack, GitHub, GitLab, AWS, JSON Web Tokens
  [
    /\b(?:xox[a-z]-[\w-]{8,}|gh[a-z]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|AKIA[0-9A-Z]{16}|eyJ[\w-]{8,}\.[\w-]+\.[\w-]*)/g,
    () => hidden,
  ],
];

/**
 * A command's text as it may stand in a journal, which is shared and kept for ever: the values of credentials that a
 * guide carries in plain text are hidden, the rest is left as it is. Variables and placeholders stay, for they only
 * name a secret. It knows the usual places, not every one: a guide is no place for a secret either.
 */
export const hideSecrets = (command: string): string =>
  rules.reduce((text, [pattern, replace]) => text.replace(pattern, replace), command);
