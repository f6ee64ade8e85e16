import assert from 'node:assert/strict';
import { findKubectl, kubectlVersion, runKubectl } from '../support/kubectl.ts';
import { describeObjects, get } from '../unit/executors/kubernetes/kubernetesFixtures.ts';
import type { KubernetesLab } from './kubernetesLab.ts';
import { createKubernetesLab, stillTime } from './kubernetesLab.ts';

const kubectl = findKubectl();

/** What kubectl 1.20 still adds to lists, and later ones leave out. */
const withoutSelfLinks = (text: string): string => text.replaceAll(/,?\n\s*"?selfLink"?: ""/g, '');

if (kubectl === undefined) {
  const why =
    'No kubectl answers on PATH, so our output was not compared with it. Install one (Debian: kubernetes-client), ' +
    'name one in INCIDENT_KUBECTL, or set INCIDENT_NO_KUBECTL=1 to go without.';
  describe('get, beside an unmodified kubectl', () => {
    it('needs a kubectl', () => {
      console.log(why);
      assert.equal(process.env['INCIDENT_NO_KUBECTL'], '1', why);
    });
  });
} else {
  describe(`get, beside an unmodified kubectl ${kubectlVersion(kubectl)?.join('.')}`, function () {
    this.timeout(60_000);
    let lab: KubernetesLab;
    before(async () => (lab = await createKubernetesLab(stillTime())));
    after(() => lab.dispose());

    const cases: readonly [string, ReturnType<typeof get>][] = [
      ['get pods', get(['pods'])],
      ['get po -o wide', get(['po'], { output: 'wide' })],
      ['get svc,ingress', get(['svc', 'ingress'])],
      ['get svc,ingress -o wide', get(['svc', 'ingress'], { output: 'wide' })],
      ['get svc,ingress --no-headers', get(['svc', 'ingress'], { noHeaders: true })],
      ['get pods -A', get(['pods'], { allNamespaces: true })],
      ['get deploy,po -A', get(['deploy', 'po'], { allNamespaces: true })],
      ['get pods -l app=payment-service', get(['pods'], { selector: 'app=payment-service' })],
      ['get pods -l app=nothing', get(['pods'], { selector: 'app=nothing' })],
      ['get deploy payment-service checkout', get(['deploy'], { names: ['payment-service', 'checkout'] })],
      ['get deploy payment-service nothing', get(['deploy'], { names: ['payment-service', 'nothing'] })],
      ['get svc,deploy payment-service', get(['svc', 'deploy'], { names: ['payment-service'] })],
      ['get rs,cm,ep,ing,ev', get(['rs', 'cm', 'ep', 'ing', 'ev'])],
      ['get ns,no', get(['ns', 'no'])],
      ['get hpa', get(['hpa'])],
      ['get deployments.apps', get(['deployments.apps'])],
      ['get pods nothing', get(['pods'], { names: ['nothing'] })],
      ['get nothing', get(['nothing'])],
      ['get svc,deploy -o name', get(['svc', 'deploy'], { output: 'name' })],
      ['get svc payment-service -o yaml', get(['svc'], { names: ['payment-service'], output: 'yaml' })],
      ['get pods -o yaml', get(['pods'], { output: 'yaml' })],
      ['get deploy -o json', get(['deploy'], { output: 'json' })],
    ];
    // Older ones describe in another layout.
    const [major, minor] = kubectlVersion(kubectl) ?? [0, 0];
    const described: readonly [string, ReturnType<typeof describeObjects>][] =
      major > 1 || minor >= 36
        ? [
            ['describe pods', describeObjects(['pods'])],
            ['describe pod postgres-0', describeObjects(['pod'], ['postgres-0'])],
            ['describe deploy', describeObjects(['deploy'])],
            ['describe rs', describeObjects(['rs'])],
            ['describe sts postgres', describeObjects(['sts'], ['postgres'])],
            ['describe svc', describeObjects(['svc'])],
            ['describe ingress storefront', describeObjects(['ingress'], ['storefront'])],
            ['describe hpa', describeObjects(['hpa'])],
            ['describe cm payment-service', describeObjects(['cm'], ['payment-service'])],
            ['describe pod nothing', describeObjects(['pod'], ['nothing'])],
          ]
        : [];
    for (const [command, action] of [...cases, ...described]) {
      it(`prints the same as kubectl ${command}`, async () => {
        const args = ['-n', 'production', ...command.split(' ')];
        const [theirs, ours] = await Promise.all([
          runKubectl(kubectl, args, { home: lab.folder, kubeconfig: lab.kubeconfig }),
          lab.run(action),
        ]);
        assert.equal(ours.output.stdout, withoutSelfLinks(theirs.stdout));
        assert.equal(ours.output.stderr, theirs.stderr);
        assert.equal('exitCode' in ours.outcome ? ours.outcome.exitCode : undefined, theirs.code);
      });
    }
  });
}
