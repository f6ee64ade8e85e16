import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HttpPlan, Outcome } from '../../../src/core/plan/plan.ts';
import { createHttpExecutor } from '../../../src/executors/http/httpExecutor.ts';
import { startFaultProxy } from '../../support/faultProxy.ts';
import type { HttpSite, ReceivedRequest } from '../../support/httpSite.ts';
import { startHttpSite } from '../../support/httpSite.ts';
import { httpPlan } from '../../unit/core/plan/planOf.ts';
import { collectOutput, untilDone } from '../../unit/executors/collectOutput.ts';

/** curl options whose output, requests and exit code must be those of curl itself; `$U` is the server. */
const commands: readonly string[] = [
  'curl -s $U/text',
  'curl -s -i $U/text',
  'curl -s -I $U/text',
  'curl -s $U/status/404',
  'curl -s -f $U/status/404',
  'curl -s --fail-with-body $U/status/503',
  'curl -s -f -i $U/status/500',
  'curl -s $U/redirect/301/text',
  'curl -s -i $U/redirect/302/text',
  'curl -s -L $U/redirect/301/text',
  'curl -s -L -i $U/redirect/302/text',
  'curl -s -I -L $U/redirect/302/text',
  'curl -s -L -d a=1 $U/redirect/301/echo',
  'curl -s -L -d a=1 $U/redirect/302/echo',
  'curl -s -L -d a=1 $U/redirect/303/echo',
  'curl -s -L -d a=1 $U/redirect/307/echo',
  'curl -s -L -d a=1 $U/redirect/308/echo',
  'curl -s -L -X POST -d a=1 $U/redirect/302/echo',
  'curl -s -L -X PUT -d a=1 $U/redirect/303/echo',
  'curl -s -L -X DELETE $U/redirect/302/echo',
  'curl -s -L -X POST $U/redirect/307/echo',
  'curl -s -L --json \'{"a":1}\' $U/redirect/302/echo',
  'curl -s -L -u ana:word $U/redirect/302/echo',
  'curl -s -L -u ana:word $U/elsewhere',
  "curl -s -L -H 'Authorization: Bearer word' -H 'X-Team: pay' $U/elsewhere",
  'curl -s -L --max-redirs 3 $U/loop',
  'curl -s -L --max-redirs 0 $U/redirect/302/text',
  "curl -s -L -o /dev/null -w '%{http_code} %{num_redirects} %{url_effective}\\n' $U/redirect/302/text",
  "curl -s -o /dev/null -w '%{http_code}' $U/status/503",
  "curl -s -w '\\n%{http_code} %{size_download} %{content_type} %{redirect_url} %{method} 100%%\\t.' $U/redirect/302/text",
  "curl -s -w '%{response_code}' -f $U/status/404",
  'curl -s -G -d a=1 -d b=2 $U/echo',
  "curl -s -G --data-urlencode 'q=a b&c' $U/echo?x=1",
  "curl -s --data-urlencode 'q=a b/ü!' --data-urlencode '=x y' -d z=1 $U/echo",
  "curl -s --data-binary 'a\nb' $U/echo",
  "curl -s -d '{\"a\": 1}' -H 'Content-Type: application/json' $U/echo",
  'curl -s -X PATCH -d x $U/echo',
  'curl -s -X OPTIONS $U/echo',
  'curl -s -u ana:open:word $U/echo',
  'curl -s -A agent/1 -e http://from.test/ -b a=1 $U/echo',
  "curl -s -H 'Host: shop.example.com' -H 'Accept: text/plain' $U/echo",
  'curl -s --compressed $U/gzip',
  'curl -s "$U/a/../echo?q=it\'s|^"',
  'curl -s $U/empty',
  'curl -s --resolve shop.example.test:$P:127.0.0.1 http://shop.example.test:$P/echo',
  'curl -s -m 20 --connect-timeout 5 -4 --http1.1 -N $U/text',
  'curl -s --retry 2 $U/once-busy',
];

/** Headers that are about the program or the connection and not about the request. */
const own = /^(?:user-agent|connection|keep-alive|accept-encoding)$/;
const seen = ({ method, path, headers, body }: ReceivedRequest): unknown => ({
  method,
  path,
  body,
  headers: Object.fromEntries(
    Object.entries(headers).filter(
      ([name, value]) =>
        (!own.test(name) || (name === 'user-agent' && value === 'agent/1')) &&
        !(name === 'content-length' && value === '0'),
    ),
  ),
});

/** Without what only says when and how long the connection stays, and with credentials hidden as we hide them. */
const comparable = (text: string): string =>
  text
    .replace(/\r\n/g, '\n')
    .replace(/^(?:Date|Connection|Keep-Alive): .*\n/gim, '')
    .replace(/(?<="Basic )[\w+/=]+/g, '***');

export function describeHttp(curl: string | undefined): void {
  describe('http plans against a real server', function () {
    this.timeout(30_000);
    let folder: string;
    let site: HttpSite;
    before(async () => {
      folder = mkdtempSync(join(tmpdir(), 'http-suite-'));
      site = await startHttpSite(folder);
    });
    after(async () => {
      await site.dispose();
      rmSync(folder, { recursive: true, force: true });
    });

    const fill = (command: string): string =>
      command.replaceAll('$U', site.url).replaceAll('$P', new URL(site.url).port);
    const run = async (
      plan: HttpPlan,
      env: Record<string, string> = {},
      signal = untilDone(),
    ): Promise<{ outcome: Outcome; stdout: string; stderr: string; message: string }> => {
      const output = collectOutput();
      const outcome = await createHttpExecutor({ env: () => env }).run(plan, output, signal);
      const message = outcome.kind === 'failed' ? outcome.message : '';
      return { outcome, stdout: output.stdout, stderr: output.stderr, message };
    };
    const runLine = (command: string, env?: Record<string, string>) => run(httpPlan(fill(command)), env);
    const detail = (outcome: Outcome): string =>
      outcome.kind === 'succeeded' ? (outcome.detail ?? '') : JSON.stringify(outcome);

    describe('does what curl does', () => {
      if (curl === undefined) {
        it('is not compared: there is no curl on PATH', () => {
          const why = 'Install curl, or set INCIDENT_NO_CURL=1 to go without.';
          assert.equal(process.env['INCIDENT_NO_CURL'], '1', why);
        });
        return;
      }
      /** curl itself, without the person's curlrc and proxy. */
      const runCurl = (command: string): Promise<{ stdout: string; code: number }> =>
        new Promise((resolve) => {
          const script = command.replace(/^curl /, 'exec "$0" -q ');
          execFile(
            'bash',
            ['-c', script, curl],
            { env: { PATH: process.env['PATH'], HOME: folder } },
            (thrown, stdout) => resolve({ stdout, code: thrown === null ? 0 : Number(thrown.code) }),
          );
        });
      for (const command of commands)
        it(command, async () => {
          site.reset();
          const theirs = await runCurl(fill(command));
          const asked = site.reset();
          const ours = await runLine(command);
          assert.equal(comparable(ours.stdout), comparable(theirs.stdout));
          assert.deepEqual(site.reset().map(seen), asked.map(seen));
          const { outcome } = ours;
          // An error status is a failed step even where curl ends with 0.
          const code =
            outcome.kind === 'succeeded' || outcome.kind === 'failed' ? (outcome.exitCode ?? 0) : -1;
          assert.equal(code, theirs.code, JSON.stringify(outcome));
        });
      it('was really curl', () => {
        assert.match(execFileSync(curl, ['--version'], { encoding: 'utf8' }), /^curl \d/);
      });
    });

    describe('says what a responder asks', () => {
      it('the status, the times and that a redirect was not followed', async () => {
        const { outcome } = await runLine('curl $U/redirect/301/text');
        assert.match(
          detail(outcome),
          /^HTTP 301 Moved Permanently in \d+ ms \(DNS \d+, connect \d+, first byte \d+ ms\)/,
        );
        assert.match(detail(outcome), /301 to \/text, not followed: curl needs -L$/);
        assert.match(
          detail((await runLine('curl -L $U/redirect/301/text')).outcome),
          /1 redirect followed to \S+\/text$/,
        );
      });

      it('when a certificate expires', async () => {
        const { outcome } = await runLine(`curl --cacert ${site.authority} ${site.secureUrl}/text`);
        assert.match(detail(outcome), /TLS \d+.*; certificate expires \d{4}-\d\d-\d\d \(1 day left\)$/);
      });

      it('why a certificate is not trusted, before anything is sent', async () => {
        site.reset();
        const with_ = (options: string) => runLine(`curl ${options}`);
        const expired = await with_(`--cacert ${site.authority} ${site.expiredUrl}/text`);
        assert.match(
          expired.message,
          /its certificate expired on 2020-02-01, \d+ days ago\. Nothing was sent/,
        );
        const other = await with_(`--cacert ${site.authority} ${site.otherNameUrl}/text`);
        assert.match(
          other.message,
          /its certificate is for other\.example\.test, not for 127\.0\.0\.1\. Nothing was sent/,
        );
        const unknown = await with_(`${site.secureUrl}/text`);
        assert.match(unknown.message, /is issued by .*test authority.*, which is not trusted here/);
        for (const { outcome } of [expired, other, unknown])
          assert.equal(outcome.kind === 'failed' && outcome.exitCode, 60);
        assert.deepEqual(site.reset(), []);
        const taken = await with_(`-k ${site.expiredUrl}/text`);
        assert.match(
          detail(taken.outcome),
          /certificate expired 2020-02-01 .*, not trusted, taken because of -k/,
        );
      });

      it('with -v what was sent and what came back', async () => {
        const { stderr } = await runLine("curl -v -H 'X-Team: pay' $U/text");
        assert.match(stderr, /^> GET \/text HTTP\/1\.1$/m);
        assert.match(stderr, /^> X-Team: pay$/m);
        assert.match(stderr, /^< HTTP\/1\.1 200 OK$/m);
        assert.match(stderr, /^\* HTTP 200 OK in \d+ ms/m);
      });
    });

    describe('goes through a proxy as curl does', () => {
      it('with the whole URL for http and a tunnel for https', async () => {
        const proxy = await site.startProxy();
        try {
          const plain = await runLine('curl $U/text', { http_proxy: proxy.url });
          assert.equal(plain.stdout, 'hello\n', plain.stderr);
          const secure = await runLine(`curl --cacert ${site.authority} ${site.secureUrl}/text`, {
            HTTPS_PROXY: proxy.url,
          });
          assert.equal(secure.stdout, 'hello\n', secure.stderr);
          assert.deepEqual(proxy.asked, [`GET ${site.url}/text`, `CONNECT ${new URL(site.secureUrl).host}`]);
        } finally {
          await proxy.dispose();
        }
      });
      it('not where no_proxy names the host, and not by the upper-case HTTP_PROXY', async () => {
        const nobody = 'http://127.0.0.1:9';
        for (const env of [{ http_proxy: nobody, no_proxy: '127.0.0.0/8' }, { HTTP_PROXY: nobody }])
          assert.equal((await runLine('curl $U/text', env as Record<string, string>)).stdout, 'hello\n');
        const { message } = await runLine('curl $U/text', { all_proxy: nobody });
        assert.match(message, /The proxy 127\.0\.0\.1:9 .* refused the connection.*Nothing was sent/);
      });
    });

    describe('when the way there is bad', () => {
      for (const [fault, line, sentence] of [
        [{ kind: 'half-close' }, 'curl $U/text', /No answer from .*Nothing was changed/],
        [{ kind: 'half-close' }, 'curl -X POST $U/echo', /may have been applied/],
        [{ kind: 'cut', afterBytes: 0 }, 'curl -X POST $U/echo', /may have been applied/],
        [{ kind: 'cut', afterBytes: 250 }, 'curl $U/long', /was cut off/],
        [
          { kind: 'garbage', bytes: 'no HTTP at all\r\n\r\n' },
          'curl $U/text',
          /No answer from .*Nothing was changed/,
        ],
        [
          { kind: 'garbage', bytes: 'no HTTP at all\r\n\r\n' },
          'curl -X POST $U/echo',
          /may have been applied/,
        ],
        [{ kind: 'answer', status: 429, body: 'slow down' }, 'curl -X POST $U/echo', /answered 429/],
        [{ kind: 'answer', status: 500, body: 'down' }, 'curl -X POST $U/echo', /answered 500/],
      ] as const)
        it(`${fault.kind} ${'status' in fault ? fault.status : ''} for ${line}`, async () => {
          const proxy = await startFaultProxy(site.url);
          proxy.fault = fault;
          try {
            const { outcome, message } = await runLine(line.replace('$U', proxy.url));
            assert.equal(outcome.kind, 'failed');
            assert.match(message, sentence);
            assert.equal(proxy.requests.length, 1, 'it was sent once');
          } finally {
            await proxy.dispose();
          }
        });

      it('waits for a slow server', async () => {
        const proxy = await startFaultProxy(site.url);
        try {
          proxy.fault = { kind: 'delay', ms: 30 };
          assert.equal((await runLine(`curl ${proxy.url}/text`)).stdout, 'hello\n');
        } finally {
          await proxy.dispose();
        }
      });

      it('stops a change that waits, and says that it may have been applied', async () => {
        const proxy = await startFaultProxy(site.url);
        try {
          proxy.fault = { kind: 'silence' };
          site.reset();
          const stop = new AbortController();
          const running = run(httpPlan(`curl -X POST ${proxy.url}/echo`), {}, stop.signal);
          await site.received();
          stop.abort();
          const { outcome, stderr } = await running;
          assert.deepEqual(outcome, { kind: 'stopped' });
          assert.match(stderr, /may have been applied/);
        } finally {
          await proxy.dispose();
        }
      });

      it('never sends a change twice, whatever --retry says', async () => {
        site.reset();
        const { stderr, outcome } = await runLine('curl --retry 3 -X POST $U/status/503');
        assert.equal(outcome.kind, 'failed');
        assert.equal(site.reset().length, 1, stderr);
      });
    });
  });
}
