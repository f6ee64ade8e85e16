import assert from 'node:assert/strict';
import { curlProxyFor } from '../../../../src/executors/http/curlProxy.ts';

const proxy = (url: string, env: Record<string, string>, fallback?: string): string | undefined =>
  curlProxyFor(new URL(url), env, fallback)?.href;

describe('the proxy that curl takes', () => {
  const both = { http_proxy: 'plain:1', https_proxy: 'http://secure:2' };
  it('goes by the protocol, then all_proxy, then what the editor is set to', () => {
    assert.equal(proxy('http://a.test/', both), 'http://plain:1/');
    assert.equal(proxy('https://a.test/', both), 'http://secure:2/');
    assert.equal(proxy('https://a.test/', { ALL_PROXY: 'any:3' }, 'http://editor:4'), 'http://any:3/');
    assert.equal(proxy('https://a.test/', {}, 'http://editor:4'), 'http://editor:4/');
    assert.equal(proxy('https://a.test/', {}), undefined);
  });
  it('ignores HTTP_PROXY, which a web server may set from a request', () => {
    assert.equal(proxy('http://a.test/', { HTTP_PROXY: 'plain:1' }), undefined);
    assert.equal(proxy('https://a.test/', { HTTPS_PROXY: 'secure:2' }), 'http://secure:2/');
  });
  it('is none for what no_proxy names', () => {
    const through = (url: string, no_proxy: string): boolean =>
      proxy(url, { ...both, no_proxy }) !== undefined;
    for (const [url, list] of [
      ['http://a.test/', '*'],
      ['http://a.test/', 'b.test, a.test'],
      ['http://deep.a.test/', 'a.test'],
      ['http://deep.a.test/', '.a.test'],
      ['http://10.1.2.3/', '10.0.0.0/8'],
      ['http://[fd00::1]/', 'fd00::/8'],
      ['http://10.1.2.3/', '10.1.2.3'],
    ] as const)
      assert.equal(through(url, list), false, `${url} ${list}`);
    for (const [url, list] of [
      ['http://a.test/', 'b.test'],
      ['http://notA.test/', 'a.test'],
      ['http://11.1.2.3/', '10.0.0.0/8'],
      ['http://10.1.2.3/', '10.0.0.0/99'],
    ] as const)
      assert.equal(through(url, list), true, `${url} ${list}`);
  });
  it('leaves this machine itself alone when only the editor names one', () => {
    for (const url of ['http://localhost:1/', 'http://127.0.0.2/', 'https://[::1]/'])
      assert.equal(proxy(url, {}, 'http://editor:4'), undefined);
  });
});
