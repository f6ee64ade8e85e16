import { patch } from '../../unit/executors/kubernetes/kubernetesFixtures.ts';
import { describeApply } from './kubernetesApply.suite.ts';
import type { KubernetesChangesProduction } from './kubernetesChangesKit.ts';
import { createChangesKit } from './kubernetesChangesKit.ts';
import { describeGuards } from './kubernetesGuards.suite.ts';
import { describePatch } from './kubernetesPatch.suite.ts';
import { describeRollout } from './kubernetesRollout.suite.ts';
import { describeScale } from './kubernetesScale.suite.ts';

/** Changes through the executor and takes each of them back: run on a cluster that must be left as it was found. */
export function describeKubernetesChanges(production: KubernetesChangesProduction): void {
  describe(`kubernetes changes against ${production.name}`, function () {
    this.timeout(120_000);
    before(() => production.start());
    after(() => production.stop());
    const kit = createChangesKit(production);
    const { read, run } = kit;

    /** What a failing test left behind must not reach the next one, nor stay in a cluster that others use. */
    const kept = new Map<string, string>();
    const guarded: readonly (readonly [kind: string, name: string, field: string])[] = [
      ...['catalog', 'notifications', 'payment-service'].map((name) => ['deployment', name, 'spec'] as const),
      ['statefulset', 'postgres', 'spec'],
      ['ingress', 'storefront', 'spec'],
      ['configmap', 'payment-service', 'data'],
    ];
    beforeEach(async () => {
      for (const [kind, name, field] of guarded)
        kept.set(`${kind}/${name}`, JSON.stringify((await read(kind, name))[field]));
    });
    afterEach(async function () {
      if (this.currentTest?.state !== 'failed') return;
      for (const [kind, name, field] of guarded) {
        const text = `[{"op":"replace","path":"/${field}","value":${kept.get(`${kind}/${name}`)}}]`;
        await run(patch(kind, name, text, { patchType: 'json' }));
      }
    });
    describeScale(kit);
    describePatch(kit);
    describeRollout(kit);
    describeApply(kit);
    describeGuards(kit);
  });
}
