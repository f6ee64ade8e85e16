import assert from 'node:assert/strict';
import type { Plan, Target } from '../../../../src/core/plan/plan.ts';
import { planStep } from '../../../../src/core/plan/planStep.ts';
import { parseStepTarget } from '../../../../src/core/plan/stepTarget.ts';
import { step } from '../../../support/builders.ts';

const pin: Target = {
  context: 'production',
  server: 'https://production.example',
  namespace: 'shop',
  awsProfile: 'main',
  awsRegion: 'eu-central-1',
};
const plan = (command: string, target: string, at: Target = pin): Plan =>
  planStep(step('s', { command, attributes: { 'ir.target': target } }), {
    target: at,
    values: {},
    readOnlyPrefixes: [],
  });
const traps = ({ traps: found }: Plan) =>
  found
    .filter(({ code }) => code === 'target-differs' || code === 'invalid-value')
    .map(({ code, blocks }) => [code, blocks]);

describe('ir.target', () => {
  it('sends a read where it says, and says so', () => {
    const found = plan('kubectl get pods', 'context=staging namespace=payments');
    assert.deepEqual(found.target, { context: 'staging', namespace: 'payments' });
    assert.match(found.preview, /-n payments --context staging|--context staging -n payments/);
    assert.deepEqual(traps(found), [
      ['target-differs', false],
      ['target-differs', false],
    ]);
    assert.match(
      found.traps[0]?.message ?? '',
      /^The guide sends this step to the context staging, but .* pinned to production\. It only reads\.$/,
    );
    assert.deepEqual(plan('kubectl get pods', 'staging').target, { context: 'staging', namespace: 'shop' });
  });

  it('keeps a change from running anywhere but on the pin', () => {
    for (const command of ['kubectl scale deployment pay --replicas=2', 'make restart | tee log'])
      assert.deepEqual(traps(plan(command, 'namespace=payments')), [['target-differs', true]], command);
    assert.deepEqual(
      traps(plan('aws rds failover-db-cluster --db-cluster-identifier main', 'region=eu-west-1')),
      [['target-differs', true]],
    );
    assert.equal(plan('aws rds describe-db-clusters', 'region=eu-west-1').target.awsRegion, 'eu-west-1');
  });

  it('is no difference where it says what is pinned, nor where nothing is', () => {
    const same = plan('kubectl scale deployment pay --replicas=2', 'context=production namespace=shop');
    assert.deepEqual([traps(same), same.target.server], [[], pin.server]);
    const free = plan('kubectl scale deployment pay --replicas=2', 'context=staging', { namespace: 'shop' });
    assert.deepEqual([traps(free), free.target.context], [[], 'staging']);
  });

  it('gives a shell the place that it names, without the address of another', () => {
    const { target } = plan('kubectl get pods; echo', 'context=staging');
    assert.deepEqual([target.context, target.server, target.namespace], ['staging', undefined, 'shop']);
  });

  it('blocks a step whose place cannot be read, reads too', () => {
    for (const odd of ['cluster=a', 'context=', 'a b', '', 'context=--kubeconfig', 'constructor=x']) {
      assert.equal(parseStepTarget(odd).ok, false, odd);
      assert.deepEqual(traps(plan('kubectl get pods', odd)), [['invalid-value', true]], odd);
    }
  });
});
