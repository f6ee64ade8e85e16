/** Each compound word on its own: `dbPassword` and `SecretAccessKey` are read like `db-password` and `secret-access-key`. */
const humps = /(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/g;

const secretEnd =
  /(?:password|passwd|passphrase|sshpass|rediscli_auth|\.?dockerconfigjson|\.?dockercfg|key-data|(?:^|[-_.])(?:pwd|secret|token|(?:access|refresh|auth|session|id|bearer)token|clientsecret|(?:api|access|secret|private|sshprivate|signing|encryption|account|master|shared)[-_]?key(?:[-_]?id)?|(?:tls|ca|server|client|ssl)\.key))$/i;

/** What a name that `isSecretKey` says yes to can end in: a pattern's source, to find candidates by. */
export const secretKeyPattern =
  '[\\w.-]{0,60}(?:password|passwd|passphrase|pwd|secret|token|key|key[_-]?id|key-data|dockerconfigjson|dockercfg|sshpass|rediscli_auth)';

/**
 * Whether the key of a pair says that its value is a credential: `PGPASSWORD`, `accessToken`, `aws_secret_access_key`,
 * `tls.key`. A `secretName`, `maxTokens` and `PWD`, the folder of a shell, do not.
 */
export const isSecretKey = (key: string): boolean =>
  !/^(?:OLD)?PWD$/.test(key) && secretEnd.test(key.replace(humps, '-'));
