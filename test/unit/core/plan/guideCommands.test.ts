import assert from 'node:assert/strict';
import { missingOf, planOf, trapsOf } from './planOf.ts';

/** Every command of a real customer's guide: kind, risk, missing values, traps and the exact preview. */
const commands: readonly (readonly [
  command: string,
  plan: string,
  missing: readonly string[],
  traps: readonly string[],
  preview: string,
])[] = [
  [
    'kubectl get pods -n production',
    'kubernetes read',
    [],
    [],
    'kubectl get pods -n production --context sim',
  ],
  [
    'kubectl logs -n production -l app=<suspect> --since=30m',
    'kubernetes read',
    ['suspect:service'],
    ['logs-selector-tail'],
    'kubectl logs -n production --context sim -l app=<suspect> --since=30m --tail=-1',
  ],
  [
    'argocd app history <app-name>',
    'argocd read',
    ['app-name:app'],
    [],
    'argocd app history <app-name> --core --kube-context sim',
  ],
  [
    'argocd app rollback <app-name> <revision-id>',
    'argocd change',
    ['app-name:app', 'revision-id:revision'],
    ['argocd-auto-sync'],
    'argocd app rollback <app-name> <revision-id> --core --kube-context sim',
  ],
  [
    'kubectl scale deployment <app-name> -n production --replicas=10',
    'kubernetes change',
    ['app-name:deployment'],
    ['autoscaler-undoes-scale'],
    'kubectl scale deployment <app-name> -n production --context sim --replicas=10',
  ],
  [
    'curl -X POST https://feature-flags.techcorp.internal/api/flags/<feature>/disable',
    'http change',
    ['feature:flag'],
    ['no-credentials', 'cannot-verify'],
    'curl -X POST https://feature-flags.techcorp.internal/api/flags/<feature>/disable',
  ],
  [
    'aws rds failover-db-cluster --db-cluster-identifier techcorp-production',
    'rds change',
    [],
    ['no-aws-target!', 'cluster-or-instance'],
    'aws rds failover-db-cluster --db-cluster-identifier techcorp-production',
  ],
  [
    "kubectl patch ingress <app-name> -n production --patch '...'",
    'kubernetes change',
    ['app-name:ingress', '...:text'],
    ['incomplete-argument!'],
    "kubectl patch ingress <app-name> -n production --context sim --patch '...'",
  ],
  [
    'kubectl get pods -n production -l app=<service>',
    'kubernetes read',
    ['service:service'],
    [],
    'kubectl get pods -n production --context sim -l app=<service>',
  ],
  [
    'kubectl logs <pod> -n production --previous',
    'kubernetes read',
    ['pod:pod'],
    [],
    'kubectl logs <pod> -n production --context sim --previous',
  ],
  [
    'kubectl describe pod <pod> -n production',
    'kubernetes read',
    ['pod:pod'],
    [],
    'kubectl describe pod <pod> -n production --context sim',
  ],
  [
    'kubectl get svc,ingress -n production | grep <service>',
    'kubernetes read',
    ['service:service'],
    ['grep-no-match'],
    'kubectl get svc,ingress -n production --context sim | grep <service>',
  ],
  [
    'kubectl logs -n production -l app=<service> --since=10m | grep -i error',
    'kubernetes read',
    ['service:service'],
    ['logs-selector-tail', 'grep-no-match'],
    'kubectl logs -n production --context sim -l app=<service> --since=10m --tail=-1 | grep -i error',
  ],
  [
    'curl -I https://api.external-provider.com/health',
    'http read',
    [],
    [],
    'curl -I https://api.external-provider.com/health',
  ],
  [
    'aws rds describe-db-instances --db-instance-identifier techcorp-primary',
    'rds read',
    [],
    ['no-aws-target'],
    'aws rds describe-db-instances --db-instance-identifier techcorp-primary --output table',
  ],
  [
    'kubectl exec -it <pod> -n production -- psql -c "SELECT count(*) FROM pg_stat_activity"',
    'kubernetes change',
    ['pod:pod'],
    ['exec-no-terminal'],
    "kubectl exec <pod> -n production --context sim -- psql -c 'SELECT count(*) FROM pg_stat_activity'",
  ],
];

describe('planning the commands of a guide', () => {
  for (const [command, kindAndRisk, missing, traps, preview] of commands)
    it(command, () => {
      const plan = planOf(command);
      assert.equal(`${plan.kind} ${plan.risk}`, kindAndRisk);
      assert.deepEqual(missingOf(plan), missing);
      assert.deepEqual(trapsOf(plan), traps);
      assert.equal(plan.preview, preview);
      assert.equal(plan.original, command);
      assert.equal(plan.stepId, 'step-1');
      // A cluster's context says nothing about AWS.
      const cluster = { context: 'sim', server: 'https://127.0.0.1:6443', namespace: 'production' };
      assert.deepEqual(plan.target, plan.kind === 'rds' ? {} : cluster);
    });

  it('fills the values in, each where it belongs', () => {
    const values = { pod: 'payment-service-7d9f-x2k4q', service: 'payment-service', 'app-name': 'payment' };
    const preview = (command: string): string => planOf(command, { values }).preview;
    assert.equal(
      preview('kubectl logs <pod> -n production --previous'),
      'kubectl logs payment-service-7d9f-x2k4q -n production --context sim --previous',
    );
    assert.equal(
      preview('kubectl get svc,ingress -n production | grep <service>'),
      'kubectl get svc,ingress -n production --context sim | grep payment-service',
    );
    assert.equal(
      preview('argocd app rollback <app-name> 3'),
      'argocd app rollback payment 3 --core --kube-context sim',
    );
    assert.deepEqual(planOf('kubectl logs <pod>', { values }).missing, []);
  });

  it('makes a step without a command a manual one', () => {
    const plan = planOf(undefined, { step: { text: 'Ask the DBA', details: ['Grafana > Databases'] } });
    assert.equal(plan.kind, 'manual');
    assert.equal(plan.preview, 'Ask the DBA\nGrafana > Databases');
    assert.equal(planOf(' \n ').kind, 'manual');
    assert.equal(planOf('# only a comment').kind, 'manual');
  });
});
