import assert from 'node:assert/strict';
import fc from 'fast-check';
import { redact, redactionMark } from '../../../../src/core/evidence/redact.ts';

const plainWord = fc.stringMatching(/^[A-Za-z][a-z]{0,11}$/);
const cell = fc.oneof(
  plainWord,
  fc.constantFrom(
    'password',
    'TOKEN',
    'secret',
    'Bearer',
    'Authorization',
    'api-key',
    'CrashLoopBackOff',
    '3/3',
    '10.0.0.7',
    '12d',
  ),
  // A pod of a deployment named as Slack's tokens begin would look like one.
  fc
    .stringMatching(/^[a-z]{3,12}-[0-9a-f]{8,10}-[a-z0-9]{5}$/)
    .filter((pod) => !/^(?:xapp|xox[a-z])-/.test(pod)),
  fc.stringMatching(/^sha256:[0-9a-f]{64}$/),
);
const padded = (rows: readonly (readonly string[])[]): string => {
  const widths = rows[0]?.map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0))) ?? [];
  return rows
    .map((row) =>
      row
        .map((one, at) => one.padEnd((widths[at] ?? 0) + 3))
        .join('')
        .trimEnd(),
    )
    .join('\n');
};
const table = fc
  .integer({ min: 2, max: 5 })
  .chain((columns) =>
    fc.array(fc.array(cell, { minLength: columns, maxLength: columns }), { minLength: 1, maxLength: 6 }),
  );
// Put together here, so that no text of this file looks like a credential.
const made = (start: string, shape: RegExp) => fc.stringMatching(shape).map((end) => start + end);
const tokens = fc.oneof(
  made('xox' + 'b-', /^[0-9]{10}-[0-9A-Za-z]{12}$/),
  made('gh' + 'p_', /^[0-9A-Za-z]{36}$/),
  made('github' + '_pat_', /^[0-9A-Za-z]{22}$/),
  made('glpat' + '-', /^[0-9A-Za-z]{20}$/),
  made('AK' + 'IA', /^[0-9A-Z]{16}$/),
  made('AS' + 'IA', /^[0-9A-Z]{16}$/),
  fc
    .tuple(fc.stringMatching(/^[0-9A-Za-z]{12}$/), fc.stringMatching(/^[0-9A-Za-z]{12}$/))
    .map(([a, b]) => `ey${'J'}${a}.${b}.${b}`),
);

/** What could be a password, and no word that says there is none. */
const secretValue = fc
  .stringMatching(/^[a-zA-Z0-9!#%+./]{1,30}$/)
  .filter((value) => !/^(?:true|false|null|nil|none|yes|no|on|off)$/i.test(value));

describe('redacting what leaves the machine', () => {
  it('hides no plain word, and leaves tables as they are', () =>
    fc.assert(
      fc.property(table, (rows) => {
        const text = padded(rows);
        assert.deepEqual(redact(text), { text, hidden: 0 });
      }),
      { numRuns: 500 },
    ));

  it('hides every token in a table, and keeps its columns and all other words', () =>
    fc.assert(
      fc.property(table, tokens, fc.nat(), fc.nat(), (rows, token, line, column) => {
        const at = line % rows.length;
        const to = column % (rows[0]?.length ?? 1);
        const held = rows.map((row, index) => (index === at ? row.with(to, token) : row));
        const expected = padded(held).replace(token, redactionMark.repeat(token.length));
        assert.deepEqual(redact(padded(held)), { text: expected, hidden: 1 });
      }),
      { numRuns: 500 },
    ));

  it('hides a value behind a name that says it is one', () =>
    fc.assert(
      fc.property(
        fc.constantFrom(
          'password=',
          'DB_PASSWORD=',
          'api_key=',
          'token=',
          'client_secret = ',
          'password: ',
          'my-token: ',
          'PGPASSWORD=',
          'spring.datasource.password=',
          'dbPassword: ',
          'refreshToken: ',
          '--set auth.rootPassword=',
          'AccountKey=',
          'curl -sS -u ana:',
          'mysql -h db -u root -p',
          'redis-cli -h cache -a ',
          'sshpass -p ',
        ),
        secretValue,
        (name, value) => {
          const { text, hidden } = redact(`level=info ${name}${value}`);
          assert.equal(text, `level=info ${name}${redactionMark.repeat(value.length)}`);
          assert.equal(hidden, 1);
        },
      ),
    ));

  it('hides the value of a secret key in YAML, in JSON and as kubectl describe aligns it', () =>
    fc.assert(
      fc.property(
        fc.constantFrom(
          'password',
          'dbPassword',
          'DB_PASSWORD',
          'accessToken',
          'refreshToken',
          'SecretAccessKey',
          'clientSecret',
          'x-api-key',
          'tls.key',
          '.dockerconfigjson',
          'ssh-privatekey',
          'client-key-data',
        ),
        secretValue,
        fc.constantFrom(
          (key: string, value: string) => `{"user": "ana", "${key}": "${value}", "zone": "eu"}`,
          (key: string, value: string) => `{"log":"{\\"${key}\\":\\"${value}\\"}"}`,
          (key: string, value: string) => `data:\n  ${key}: ${value}\n  user: ana`,
          (key: string, value: string) => `data:\n  ${key}: ${value} # of the old cluster`,
          (key: string, value: string) => `data:\n  ${key}: |\n    ${value}\n    ${value}\n  user: ana`,
          (key: string, value: string) =>
            `Environment:\n      ${key.padEnd(30)}:  x\n      ${key}:            ${value}`,
          (key: string, value: string) =>
            `env:\n- name: ${key}\n  value: ${value}\n- name: ZONE\n  value: eu`,
          (key: string, value: string) =>
            `[{"name":"${key}","value":"${value}"},{"name":"ZONE","value":"eu"}]`,
        ),
        (key, value, written) => {
          const text = redact(written(key, value)).text;
          assert.equal(text, written(key, redactionMark.repeat(value.length)));
        },
      ),
      { numRuns: 500 },
    ));

  const shown: readonly (readonly [string, string])[] = [
    ['Authorization: Bearer words-nobody-uses', 'Authorization: Bearer •••••••••••••••••'],
    ['{"password":"a b","user":"ana"}', '{"password":"• •","user":"ana"}'],
    ['postgres://ana:words@db.example/orders', 'postgres://ana:•••••@db.example/orders'],
    ['curl --token words https://example.com', 'curl --token ••••• https://example.com'],
    ['GET /pay?token=words&id=7', 'GET /pay?token=•••••&id=7'],
    ['Cookie: session=words', 'Cookie: •••••••••••••'],
    ['token=$TOKEN password=<password>', 'token=$TOKEN password=<password>'],
    ['password: ask Ben, he knows it', 'password: ask Ben, he knows it'],
    ['the token expired, the secret is gone', 'the token expired, the secret is gone'],
    ['Warning: token expired', 'Warning: token expired'],
    ['automountServiceAccountToken: false', 'automountServiceAccountToken: false'],
    ['password: none', 'password: none'],
    ['maxTokens: 500, sortKey: name', 'maxTokens: 500, sortKey: name'],
    ['PWD=/srv/app', 'PWD=/srv/app'],
    ['MYSQL_PWD=words', 'MYSQL_PWD=•••••'],
    ['password:  16 bytes\ntls.key:   1704 bytes', 'password:  16 bytes\ntls.key:   1704 bytes'],
    [
      "DB_PASSWORD:  <set to the key 'password' in secret 'db'>  Optional: false",
      "DB_PASSWORD:  <set to the key 'password' in secret 'db'>  Optional: false",
    ],
    ['- name: DB_PASSWORD\n  valueFrom:', '- name: DB_PASSWORD\n  valueFrom:'],
    ['- name: password\n  value: two words', '- name: password\n  value: ••• •••••'],
    ['Mounts: /run/secrets from token (ro)', 'Mounts: /run/secrets from token (ro)'],
    ['https://x.example/f?sig=words&id=7', 'https://x.example/f?sig=•••••&id=7'],
    ['{"auth": "d29yZHM6d29yZHM="}', '{"auth": "••••••••••••••••"}'],
    ['{"auth": "required"}', '{"auth": "required"}'],
    ['PGPASSWORD=$PGPASSWORD psql', 'PGPASSWORD=$PGPASSWORD psql'],
    ['mysql -p -u root', 'mysql -p -u root'],
    ['secretName: payments-tls', 'secretName: payments-tls'],
    [
      'NAME            TYPE     DATA   AGE\npayments-token  Opaque   2      12d',
      'NAME            TYPE     DATA   AGE\npayments-token  Opaque   2      12d',
    ],
  ];
  for (const [text, as] of shown)
    it(`shows ${JSON.stringify(text.slice(0, 40))} as it should`, () => assert.equal(redact(text).text, as));

  it('hides every value of a Secret that kubectl prints, whatever its keys are', () => {
    const yaml = (data: string) =>
      `apiVersion: v1\ndata:\n  DSN: ${data}\n  user.txt: ${data}\nkind: Secret\nmetadata:\n  name: payments\n`;
    assert.equal(redact(yaml('d29yZHM=')).text, yaml('••••••••'));
    assert.equal(redact(yaml('d29yZHM=')).hidden, 2);
    const list = (data: string) =>
      `items:\n- apiVersion: v1\n  data:\n    DSN: ${data}\n  kind: Secret\n- kind: Service\n  spec:\n    type: ClusterIP\n`;
    assert.equal(redact(list('d29yZHM=')).text, list('••••••••'));
    const json = (data: string) =>
      `{\n  "data": {\n    "DSN": "${data}",\n    "b": "${data}"\n  },\n  "kind": "Secret",\n  "type": "Opaque"\n}`;
    assert.equal(redact(json('d29yZHM=')).text, json('••••••••'));
    const block = (data: string) =>
      `kind: Secret\nstringData:\n  DSN: |\n    ${data}\n  x: "${data}"\ntype: Opaque`;
    assert.equal(redact(block('words')).text, block('•••••'));
    const config = 'apiVersion: v1\ndata:\n  DSN: d29yZHM=\nkind: ConfigMap\n';
    assert.equal(redact(config).text, config);
  });

  it('hides a private key between its first and last line, also one that is cut off', () => {
    const [begin, end] = ['BEGIN', 'END'].map((word) => `-----${word} RSA PRIVATE ${'KEY'}-----`);
    assert.equal(redact(`${begin}\nMIIE\nabc=\n${end}\nnext`).text, `${begin}\n••••\n••••\n${end}\nnext`);
    assert.equal(redact(`${begin}\nMIIE`).text, `${begin}\n••••`);
  });

  it('is the same a second time, keeps its length and its lines, and never throws', () =>
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const { text: once } = redact(text);
        assert.equal(redact(once).text, once);
        assert.equal(once.split('\n').length, text.split('\n').length);
      }),
    ));
});
