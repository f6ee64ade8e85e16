import assert from 'node:assert/strict';
import { httpPlan, planOf, shellPlan, trapsOf, why } from './planOf.ts';

const form = ['Content-Type', 'application/x-www-form-urlencoded'];
const request = (more: object): object => ({
  method: 'GET',
  url: 'https://api.example.test/health',
  headers: [],
  body: undefined,
  showHeaders: false,
  followRedirects: false,
  failOnError: false,
  ...more,
});
const url = 'https://api.example.test/health';

const covered: readonly (readonly [command: string, request: object])[] = [
  [`curl ${url}`, request({})],
  [`curl -s -S ${url}`, request({})],
  [`curl -sSfL ${url}`, request({ failOnError: true, followRedirects: true })],
  [
    `curl --silent --show-error --fail --location ${url}`,
    request({ failOnError: true, followRedirects: true }),
  ],
  [`curl --url ${url}`, request({})],
  [`curl -I ${url}`, request({ method: 'HEAD', showHeaders: true })],
  [`curl --head -X HEAD ${url}`, request({ method: 'HEAD', showHeaders: true })],
  [`curl -i ${url}`, request({ showHeaders: true })],
  [`curl -X POST ${url}`, request({ method: 'POST' })],
  [`curl -XDELETE ${url}`, request({ method: 'DELETE' })],
  [`curl --request PUT ${url} -d x`, request({ method: 'PUT', body: 'x', headers: [form] })],
  [`curl ${url} -d a=1 --data b=2`, request({ method: 'POST', body: 'a=1&b=2', headers: [form] })],
  [`curl ${url} --data-raw @literal`, request({ method: 'POST', body: '@literal', headers: [form] })],
  [
    `curl ${url} -H 'Content-Type: application/json' -d '{"a": 1}'`,
    request({ method: 'POST', body: '{"a": 1}', headers: [['Content-Type', 'application/json']] }),
  ],
  [
    `curl --json '{"a":1}' ${url}`,
    request({
      method: 'POST',
      body: '{"a":1}',
      headers: [
        ['Content-Type', 'application/json'],
        ['Accept', 'application/json'],
      ],
    }),
  ],
  [`curl -H "X-Who: a: b" ${url}`, request({ headers: [['X-Who', 'a: b']] })],
  ['curl api.example.test/health', request({ url: 'http://api.example.test/health' })],
  ['curl https://api.example.test/find?q=a', request({ url: 'https://api.example.test/find?q=a' })],
  ["curl 'https://api.example.test/find?q=a&p=2'", request({ url: 'https://api.example.test/find?q=a&p=2' })],
];

const forTheShell: readonly (readonly [command: string, because: RegExp])[] = [
  [`curl -o out.json ${url}`, /-o/],
  [`curl -F a=b ${url}`, /-F/],
  [`curl -T file ${url}`, /-T/],
  [`curl --http2 ${url}`, /--http2/],
  [`curl -x proxy:1 ${url}`, /-x/],
  [`curl -u admin ${url}`, /-u/],
  [`curl --max-time soon ${url}`, /soon/],
  [`curl --retry many ${url}`, /many/],
  [`curl --resolve nowhere ${url}`, /nowhere/],
  [`curl -w @format ${url}`, /file/],
  [`curl -w '%{json}' ${url}`, /json/],
  [`curl -b cookies.txt ${url}`, /cookies/],
  [`curl -A '' ${url}`, /User-Agent/],
  [`curl --data-urlencode name@file ${url}`, /file/],
  [`curl --data-binary @file ${url}`, /file/],
  [`curl -G --json '{}' ${url}`, /-G/],
  [`curl -d @body.json ${url}`, /file/],
  [`curl --json @body.json ${url}`, /file/],
  [`curl -H @headers ${url}`, /header/],
  [`curl -H 'Accept:' ${url}`, /header/],
  [`curl ${url} ${url}`, /several URLs/],
  ['curl', /no URL/],
  ['curl -X', /-X has no value/],
  [`curl -X get ${url}`, /method get/],
  [`curl -X GET -d a ${url}`, /body/],
  [`curl -I -d a ${url}`, /headers only/],
  [`curl -X HEAD ${url}`, /disagree/],
  ['curl "https://api.example.test/[1-3]"', /brackets/],
  ['curl "https://api.example.test/a b"', /URL/],
  ['curl ftp://files.example.test/a', /http/],
  ['curl file:///etc/hostname', /http/],
  ['curl https://me:word@api.example.test', /http/],
  [`curl ${url} > health.json`, /redirects output/],
  [`curl ${url} | jq .`, /jq/],
  [`curl https://api.example.test/a?b=1&c=2`, /background/],
];

/** Options beside the request, and how the preview says them again. */
const options: readonly (readonly [command: string, curl: object | undefined, preview: string])[] = [
  [`curl -sS -k -v ${url}`, { insecure: true, verbose: true }, `curl -v -k ${url}`],
  [
    `curl -s -o /dev/null -w '%{http_code}\\n' ${url}`,
    { discardOutput: true, writeOut: '%{http_code}\\n' },
    `curl -o /dev/null -w '%{http_code}\\n' ${url}`,
  ],
  [`curl -m 5 --connect-timeout 2.5 ${url}`, { maxTimeMs: 5000, connectTimeoutMs: 2500 }, `curl --connect-timeout 2.5 -m 5 ${url}`],
  [`curl -m0 ${url}`, undefined, `curl ${url}`],
  [`curl --retry 3 --compressed -6 ${url}`, { retries: 3, compressed: true, ipFamily: 6 }, `curl --compressed -6 --retry 3 ${url}`],
  [`curl --cacert ca.pem --max-redirs -1 ${url}`, { caFile: 'ca.pem', maxRedirects: -1 }, `curl --max-redirs -1 --cacert ca.pem ${url}`],
  [`curl --resolve a.test:443:10.0.0.1 --http1.1 --tlsv1.2 -N ${url}`, { resolve: ['a.test:443:10.0.0.1'] }, `curl --resolve a.test:443:10.0.0.1 ${url}`],
  [`curl --fail-with-body -uana:word ${url}`, { failWithBody: true, user: 'ana:word' }, `curl --fail-with-body -u ana:word ${url}`],
  [`curl -L -X POST ${url}`, { keepMethod: true }, `curl -X POST -L ${url}`],
  [`curl -L -d a ${url}`, undefined, `curl -L -H 'Content-Type: application/x-www-form-urlencoded' --data-raw a ${url}`],
  [`curl -A me -e ${url} -b a=1 -b c=2 ${url}`, undefined, `curl -H 'User-Agent: me' -H 'Referer: ${url}' -H 'Cookie: a=1; c=2' ${url}`],
  [`curl -G -d q=a --data-urlencode 'b=c d' ${url}`, undefined, `curl '${url}?q=a&b=c+d'`],
]; // prettier-ignore

describe('planning curl', () => {
  for (const [command, curl, preview] of options)
    it(`carries the options of ${command}`, () => {
      const plan = httpPlan(command);
      assert.deepEqual(plan.curl, curl);
      assert.equal(plan.preview, preview);
      assert.deepEqual({ ...httpPlan(preview), original: '' }, { ...plan, original: '' });
    });

  it('takes the time limit of -m for the whole step', () => {
    assert.equal(httpPlan(`curl -m 5 ${url}`).timeoutMs, 5000);
    assert.equal(httpPlan(`curl ${url}`).timeoutMs, 60_000);
  });

  it('says that a change is not tried again', () => {
    assert.deepEqual(trapsOf(planOf(`curl --retry 2 -X POST -H 'X-Api-Key: x' ${url}`)), ['not-retried']);
    assert.deepEqual(trapsOf(planOf(`curl --retry 2 ${url}`)), []);
  });

  for (const [command, expected] of covered)
    it(`covers ${command}`, () => {
      const { method, url, headers, body, showHeaders, followRedirects, failOnError } = httpPlan(command);
      const actual = { method, url, headers, body, showHeaders, followRedirects, failOnError };
      assert.deepEqual(actual, expected);
    });
  for (const [command, because] of forTheShell)
    it(`leaves to the shell: ${command}`, () => {
      const plan = shellPlan(command);
      assert.match(why(plan), because);
      assert.notEqual(plan.risk, 'read');
    });

  it('says the same request again in its preview', () => {
    for (const [command] of covered) {
      const plan = httpPlan(command);
      const again = httpPlan(plan.preview);
      assert.deepEqual({ ...again, original: '' }, { ...plan, original: '' });
    }
  });

  it('knows the risk of a method', () => {
    const risk = (method: string): string => planOf(`curl -X ${method} ${url}`).risk;
    assert.deepEqual(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'].map(risk), [
      'read',
      'change',
      'change',
      'change',
      'destructive',
      'change',
    ]);
    assert.equal(planOf(`curl -I ${url}`).risk, 'read');
  });

  it('warns of a change without credentials, and of nothing else', () => {
    const traps = (command: string): readonly string[] => trapsOf(planOf(command));
    assert.deepEqual(traps(`curl -X POST ${url}`), ['no-credentials']);
    assert.deepEqual(traps(`curl -X POST -H 'Authorization: Bearer x' ${url}`), []);
    assert.deepEqual(traps(`curl -X POST -H 'X-Api-Key: x' ${url}`), []);
    assert.deepEqual(traps(`curl -X POST -H 'Cookie: a=b' ${url}`), []);
    assert.deepEqual(traps(`curl ${url}`), []);
    assert.deepEqual(traps(`curl ${url} -d '...'`), ['incomplete-argument!', 'no-credentials']);
  });

  it('keeps a value in its segment of the URL, in its host, or as the whole URL', () => {
    const filled = (command: string, values: Record<string, string>): string =>
      httpPlan(command, { values }).url;
    assert.equal(
      filled('curl https://a.test/<x>/off', { x: 'a/b?c=d e' }),
      'https://a.test/a%2Fb%3Fc%3Dd%20e/off',
    );
    assert.equal(filled('curl https://<host>/off', { host: 'b.test:8080' }), 'https://b.test:8080/off');
    assert.equal(filled('curl <url>/off', { url: 'http://c.test' }), 'http://c.test/off');
    const bad = planOf('curl https://<host>/off', { values: { host: 'b.test/other' } });
    assert.deepEqual(trapsOf(bad), ['invalid-value!']);
  });

  it('keeps a value inside its JSON string', () => {
    const values = { who: 'a"b\\c' };
    const { body } = httpPlan(`curl ${url} -d '{"who": "<who>"}'`, { values });
    assert.deepEqual(JSON.parse(body ?? ''), { who: 'a"b\\c' });
  });

  it('takes filters behind it', () => {
    const plan = httpPlan(`curl ${url} | grep -c up | head -n 1`);
    assert.equal(plan.preview, `curl ${url} | grep -c up | head -n 1`);
    assert.equal(plan.filters.length, 2);
  });
});
