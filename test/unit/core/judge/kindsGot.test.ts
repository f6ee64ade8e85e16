import assert from 'node:assert/strict';
import fc from 'fast-check';
import { choosesLogs, kindsGot } from '../../../../src/core/judge/kindsGot.ts';

describe('the kinds that a command line gets', () => {
  for (const [command, ...kinds] of [
    ['kubectl get pods -n shop', 'pods'],
    ['kubectl get -n shop svc', 'svc'],
    ['kubectl get -o wide pods', 'pods'],
    ['kubectl get -owide -A po', 'po'],
    ['kubectl get -wn shop pods', 'pods'],
    ['kubectl get --watch --namespace shop pod payment-1', 'pod'],
    ['kubectl get --output=wide --no-headers services', 'services'],
    ['kubectl --context x -n shop get -l "app in (a, b)" deploy,po', 'deploy', 'po'],
    ['kubectl get svc/shop pod/payment-1', 'svc', 'pod'],
    ['kubectl get svc pods', 'svc'],
    ['kubectl get -n pods svc', 'svc'],
    ['kubectl get nodes && kubectl get -n shop pods | head -2', 'nodes', 'pods'],
    ["bash -c 'kubectl get -o wide pods'", 'pods'],
    ['for p in $(kubectl get pods -o name); do echo "$p"; done', 'pods'],
    ['(kubectl get pods)', 'pods'],
    ['kubectl get \\\n  -n shop pods', 'pods'],
    ['kubectl get pods.v1.', 'pods'],
    ['kubectl get --raw /api/v1/pods'],
    ['kubectl get'],
    ['kubectl describe pods'],
    ['widget pods'],
  ] as const)
    it(`of “${command.replace('\n', '⏎')}” are ${kinds.join(' and ') || 'none'}`, () =>
      assert.deepEqual([...kindsGot(command)], kinds));

  const flag = fc.constantFrom(
    '-n shop',
    '-nshop',
    '-n=shop',
    '--namespace shop',
    '--namespace=shop',
    '-o wide',
    '-owide',
    '-A',
    '-w',
    '-Ao wide',
    '-l app=shop',
    "-l 'app in (pods, svc)'",
    '--no-headers',
    '--show-labels',
    '--sort-by=.metadata.name',
    '--request-timeout 5s',
  );
  it('are the same wherever its flags stand', () => {
    const some = fc.array(flag, { maxLength: 4 });
    fc.assert(
      fc.property(
        some,
        some,
        some,
        fc.constantFrom('pods', 'svc', 'deploy,svc', 'po/a'),
        (front, before, behind, what) => {
          const line = ['kubectl', ...front, 'get', ...before, what, ...behind].join(' ');
          assert.deepEqual(
            [...kindsGot(line)],
            what === 'deploy,svc' ? ['deploy', 'svc'] : [what.split('/')[0]],
          );
        },
      ),
    );
  });

  it('are found or not, and never an error, in any text', () => {
    const odd = fc.constantFrom('get', '-', '--', "'", '"', '|', '\\', '\n', ',', '/', ' ', 'pods', '-n');
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(odd, { maxLength: 30 }).map((parts) => parts.join('')),
        ),
        (text) => {
          for (const kind of kindsGot(text)) assert.match(kind, /^[\w-]+$/);
          assert.equal(typeof choosesLogs(`kubectl logs ${text}`), 'boolean');
        },
      ),
    );
  });
});
