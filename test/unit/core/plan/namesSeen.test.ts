import assert from 'node:assert/strict';
import { namesSeen } from '../../../../src/core/plan/namesSeen.ts';
import { planOf } from './planOf.ts';

const seen = (command: string, output: string): object => namesSeen(planOf(command), output);
const pods = `NAME                               READY   STATUS             RESTARTS        AGE
checkout-6c5b-aaaaa                1/1     Running            0               3d
payment-service-7d9f-x2k4q         0/1     CrashLoopBackOff   12 (2m1s ago)   3d
payment-service-7d9f-bbbbb         1/1     Running            3 (5m ago)      3d
migrate-1                          0/1     Completed          0               3d
search-5f-ccccc                    0/1     Running            0               3d
`;

describe('names seen in output', () => {
  it('are the pods of a table, those in trouble first', () => {
    assert.deepEqual(seen('kubectl get pods', pods), {
      pod: [
        'payment-service-7d9f-x2k4q',
        'payment-service-7d9f-bbbbb',
        'search-5f-ccccc',
        'checkout-6c5b-aaaaa',
        'migrate-1',
      ],
    });
  });

  it('are found with -o wide, with -A, without a header and behind grep', () => {
    const wide =
      'NAME    READY   STATUS    RESTARTS   AGE   IP           NODE     NOMINATED NODE   READINESS GATES\n' +
      'web-1   1/1     Running   0          1d    10.0.0.1     node-1   <none>           <none>\n';
    assert.deepEqual(seen('kubectl get pods -o wide', wide), { pod: ['web-1'] });
    const everywhere =
      'NAMESPACE    NAME    READY   STATUS    RESTARTS   AGE\n' +
      'kube-system  dns-1   1/1     Running   0          1d\n' +
      'production   web-1   0/1     Pending   0          1d\n';
    assert.deepEqual(seen('kubectl get pods -A', everywhere), { pod: ['web-1', 'dns-1'] });
    const rows = everywhere.split('\n').slice(1).join('\n');
    assert.deepEqual(seen('kubectl get pods -A --no-headers', rows), { pod: ['web-1', 'dns-1'] });
    const matched = 'web-1   1/1   Running            0   1d\nweb-2   0/1   ImagePullBackOff   0   1d\n';
    assert.deepEqual(seen('kubectl get pods | grep web', matched), { pod: ['web-2', 'web-1'] });
  });

  it('are sorted by kind where several were asked for', () => {
    const output = `NAME                      TYPE        CLUSTER-IP   EXTERNAL-IP   PORT(S)   AGE
service/payment-service   ClusterIP   10.96.0.7    <none>        80/TCP    9d
service/search            ClusterIP   10.96.0.8    <none>        80/TCP    9d

NAME                                        CLASS   HOSTS          ADDRESS     PORTS   AGE
ingress.networking.k8s.io/payment-service   nginx   pay.example    10.0.0.9    80      9d
`;
    assert.deepEqual(seen('kubectl get svc,ingress', output), {
      service: ['payment-service', 'search'],
      ingress: ['payment-service'],
    });
    const grepped = output
      .split('\n')
      .filter((line) => line.includes('payment'))
      .join('\n');
    assert.deepEqual(seen('kubectl get svc,ingress | grep payment', grepped), {
      service: ['payment-service'],
      ingress: ['payment-service'],
    });
  });

  it('are read from -o name', () => {
    assert.deepEqual(seen('kubectl get pods,deploy -o name', 'pod/web-1\ndeployment.apps/web\n'), {
      pod: ['web-1'],
      deployment: ['web'],
    });
  });

  it('are read from a shell that shows a table', () => {
    const deployments =
      'NAME   READY   UP-TO-DATE   AVAILABLE   AGE\nweb    3/3     3            3           9d\n';
    const command = 'kubectl get deploy --template=x';
    assert.equal(planOf(command).kind, 'shell');
    assert.deepEqual(seen(command, deployments), { deployment: ['web'] });
    assert.deepEqual(seen('kubectl get pods --template=x', pods.split('\n').slice(1).join('\n')), {});
    assert.deepEqual(seen('ls -l', deployments), {});
  });

  it('are revisions to go back to, newest first, without the present one', () => {
    const history = `ID  DATE                           REVISION
0   2026-11-01 10:00:00 +0000 UTC  main (aaaaaaa)
1   2026-11-10 10:00:00 +0000 UTC  main (bbbbbbb)
2   2026-11-23 10:00:00 +0000 UTC  main (ccccccc)
`;
    assert.deepEqual(seen('argocd app history web', history), { revision: ['1', '0'] });
  });

  it('are none in anything else', () => {
    assert.deepEqual(seen('kubectl get pods', 'No resources found in production namespace.\n'), {});
    assert.deepEqual(seen('kubectl get pods', 'Error from server (Forbidden): pods is forbidden\n'), {});
    assert.deepEqual(seen('kubectl logs web-1', pods), {});
    assert.deepEqual(seen('kubectl get pods', ''), {});
  });
});
