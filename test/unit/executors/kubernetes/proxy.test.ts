import assert from 'node:assert/strict';
import { proxyFor } from '../../../../src/executors/kubernetes/access/proxy.ts';

describe('proxy of a cluster', () => {
  it('is chosen as Go chooses it', () => {
    const env = (NO_PROXY: string) => ({ HTTPS_PROXY: 'proxy:3128', NO_PROXY });
    const through = (server: string, noProxy = '') => proxyFor(server, undefined, env(noProxy)) !== undefined;
    assert.equal(proxyFor('https://a.example', undefined, env('')), 'http://proxy:3128');
    assert.equal(proxyFor('https://a.example', 'socks5://own', env('*')), 'socks5://own');
    assert.ok(through('https://a.example', 'b.example'));
    assert.ok(!through('https://a.b.example', 'b.example'));
    assert.ok(!through('https://a.b.example', '.b.example'));
    assert.ok(through('https://b.example', '.b.example'));
    assert.ok(!through('https://10.1.2.3:6443', '10.0.0.0/8'));
    assert.ok(through('https://11.1.2.3:6443', '10.0.0.0/8, 12.0.0.1'));
    assert.ok(!through('https://10.1.2.3:6443', '10.1.2.3:6443'));
    assert.ok(through('https://10.1.2.3:6443', '10.1.2.3:443'));
    assert.ok(!through('https://localhost:6443') && !through('https://127.0.0.9:6443'));
    assert.ok(!through('http://a.example'), 'HTTPS_PROXY is for https alone');
    assert.ok(!through('https://a.example', '*'));
  });
});
