import assert from 'node:assert/strict';
import type { TLSSocket } from 'node:tls';
import { pods, useTlsCluster } from '../../unit/executors/kubernetes/tlsCluster.ts';

// VS Code patches https, tls and fetch in this process, and drops client certificates for every host but localhost.
describe('a client certificate in a real editor', () => {
  const cluster = useTlsCluster();

  it('reaches a cluster that is not localhost, whose authority only the kubeconfig knows', async () => {
    const seen: unknown[] = [];
    const server = await cluster.startTls((request, response) => {
      seen.push((request.socket as TLSSocket).getPeerCertificate().subject?.CN);
      pods(request, response);
    });
    assert.match(server, /^https:\/\/127\.0\.0\.2:/);
    const entry = { name: 'prod', server, cluster: cluster.trusted(), user: cluster.certificate() };
    const { outcome } = await cluster.getPods(cluster.executor([entry]));
    assert.equal(outcome.kind, 'succeeded', JSON.stringify(outcome));
    assert.deepEqual(seen, ['responder']);
    const untrusted = await cluster.getPods(cluster.executor([{ ...entry, cluster: {} }]));
    assert.match(untrusted.message, /its certificate was issued by test authority, which the kubeconfig/);
  });
});
