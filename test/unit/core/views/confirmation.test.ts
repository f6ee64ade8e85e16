import assert from 'node:assert/strict';
import { planStep } from '../../../../src/core/plan/planStep.ts';
import type { Target } from '../../../../src/core/plan/plan.ts';
import type { Confirmation } from '../../../../src/core/run/runStep.ts';
import { renderConfirmation } from '../../../../src/core/views/confirmation.ts';
import { step } from '../../../support/builders.ts';

const pin: Target = { context: 'prod-eu', server: 'https://10.0.0.1:6443', namespace: 'production' };

/** The question asked before `command` runs on `target`. */
function ask(command: string, parts: Partial<Confirmation> = {}, target: Target = pin) {
  const one = step('step-1', { text: 'Scale out', command, language: 'bash' });
  const plan = planStep(one, { target, values: {}, readOnlyPrefixes: [] });
  return renderConfirmation({
    plan,
    step: one,
    changes: [],
    warnings: [],
    typedName: undefined,
    ...parts,
  });
}

const scale = 'kubectl scale deployment payment-service --replicas=10';
const scaled = {
  object: 'deployment/payment-service',
  field: 'spec.replicas',
  before: '3',
  after: '10',
};

describe('the confirmation of a change', () => {
  it('names context, server, namespace, object, before and after, and the exact command', () => {
    const { title, detail } = ask(scale, { changes: [scaled] });
    assert.equal(title, 'Scale deployment/payment-service from 3 to 10 replicas?');
    assert.deepEqual(detail.split('\n').slice(0, 4), [
      'Context: prod-eu (https://10.0.0.1:6443)',
      'Namespace: production',
      'Change: deployment/payment-service spec.replicas 3 → 10',
      'Command: kubectl scale deployment payment-service -n production --context prod-eu --replicas=10',
    ]);
  });

  it('shows every warning and trap after the command', () => {
    const { detail } = ask(scale, { warnings: ['It already has 10 replicas.'] });
    assert.match(detail, /\nCareful: It already has 10 replicas\.\nCareful: If an autoscaler .*$/);
  });

  it('keeps what a server or a file says on the line where it belongs', () => {
    const evil = '3\nCommand: kubectl get pods\r\u001b[2K\u202e\u2028';
    const { title, detail } = ask(scale, {
      changes: [{ ...scaled, object: 'deployment/a\n\nNothing changes', before: evil }],
      warnings: [`It already is ${evil}.`],
    });
    assert.doesNotMatch(title + detail, /[\r\u001b\u202e\u2028]/);
    assert.doesNotMatch(title, /\n/);
    assert.equal(detail.match(/^Command: /gm)?.length, 1);
    assert.equal(detail.match(/^Nothing/gm), null);
  });

  it('says of a shell command that what it does cannot be known, and where it goes', () => {
    const { title, detail } = ask('argocd app terminate-op payment-service');
    assert.equal(title, 'Run "Scale out"?');
    assert.match(detail, /^Context: prod-eu \(https:\/\/10\.0\.0\.1:6443\)\nNamespace: production\n/);
    assert.match(detail, /Command: argocd app terminate-op payment-service/);
    assert.match(detail, /your shell: what it does cannot be known beforehand/);
    assert.doesNotMatch(ask(scale).detail, /cannot be known/);
  });

  it('says that no cluster is pinned rather than naming none', () => {
    assert.match(ask('helm rollback payment', {}, {}).detail, /^Context: none pinned\n(?!Namespace)/);
  });

  it('names no cluster for a request that goes to none', () => {
    const { detail } = ask('curl -X POST http://payment-service/admin/reload');
    assert.match(detail, /^Command: curl -X POST http:\/\/payment-service\/admin\/reload/);
  });

  const offers: readonly [string, { dryRun: boolean; onlyReads: boolean; label: string }][] = [
    [scale, { dryRun: true, onlyReads: false, label: 'Run' }],
    [
      `kubectl patch deployment payment-service --patch '{"spec":{"paused":true}}'`,
      { dryRun: true, onlyReads: false, label: 'Run' },
    ],
    ['kubectl rollout undo deployment payment-service', { dryRun: true, onlyReads: false, label: 'Run' }],
    ['kubectl exec payment-1 -- cat /etc/hosts', { dryRun: false, onlyReads: false, label: 'Run' }],
    [
      'kubectl scale deployment payment-service --replicas=0',
      { dryRun: true, onlyReads: false, label: 'Run Destructive Command' },
    ],
    ['curl -X POST http://payment-service/reload', { dryRun: false, onlyReads: false, label: 'Run' }],
    ['argocd app manifests payment-service', { dryRun: false, onlyReads: true, label: 'Run' }],
    ['kubectl delete pod payment-1', { dryRun: true, onlyReads: false, label: 'Run Destructive Command' }],
  ];
  for (const [command, { dryRun, onlyReads, label }] of offers) {
    it(`offers for "${command}" ${dryRun ? 'a dry run' : 'no dry run'}${onlyReads ? ' and "it only reads"' : ''}`, () => {
      const text = ask(command);
      assert.deepEqual([text.offersDryRun, text.offersOnlyReads, text.runLabel], [dryRun, onlyReads, label]);
    });
  }
});
