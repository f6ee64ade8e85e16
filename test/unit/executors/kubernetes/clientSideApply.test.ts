import assert from 'node:assert/strict';
import {
  applyPatchOf,
  lastAppliedAnnotation,
  withLastApplied,
} from '../../../../src/executors/kubernetes/change/clientSideApply.ts';
import type { Json } from '../../../../src/simulator/systems/kubernetes/patch.ts';
import { mergePatch, strategicMerge } from '../../../../src/simulator/systems/kubernetes/patch.ts';

const deployment = (containers: readonly object[], more: object = {}) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web' },
  spec: { template: { spec: { containers } }, ...more },
});
const container = (name: string, ...env: readonly string[]) => ({
  name,
  image: name,
  env: env.map((each) => ({ name: each, value: '1' })),
});

describe('applying a file as kubectl does', () => {
  it('keeps the file in the annotation in kubectl’s own words', () => {
    const applied = withLastApplied({
      metadata: { name: 'a', annotations: { note: 'x', [lastAppliedAnnotation]: 'old' } },
      kind: 'ConfigMap',
      apiVersion: 'v1',
    });
    assert.equal(
      applied.metadata.annotations[lastAppliedAnnotation],
      '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"annotations":{"note":"x"},"name":"a"}}\n',
    );
  });

  it('drops what the file has dropped, from maps and keyed lists, and leaves what others have set', () => {
    const first = deployment([container('web', 'A', 'B'), container('side')], { paused: true });
    const live = strategicMerge(withLastApplied(first) as unknown as Json, {
      spec: { replicas: 7, template: { spec: { containers: [container('injected')] } } },
    });
    const next = deployment([container('web', 'B')]);
    const patch = applyPatchOf(live as never, next, 'strategic');
    const merged = strategicMerge(live, patch as Json) as unknown as {
      spec: { paused?: boolean; replicas: number; template: { spec: { containers: object[] } } };
    };
    assert.deepEqual(merged.spec.template.spec.containers, [container('web', 'B'), container('injected')]);
    assert.equal(merged.spec.replicas, 7);
    assert.ok(!('paused' in merged.spec));
    assert.equal(strategicMerge(merged as never, patch as Json) !== undefined, true);
  });

  it('replaces lists where the kind has no strategic merge', () => {
    const thing = (data: object) => ({ apiVersion: 'x/v1', kind: 'Thing', metadata: { name: 'a' }, ...data });
    const live = withLastApplied(thing({ spec: { items: [{ name: 'a' }, { name: 'b' }], gone: 1 } }));
    const patch = applyPatchOf(live, thing({ spec: { items: [{ name: 'b' }] } }), 'merge');
    const merged = mergePatch(live as unknown as Json, patch as Json) as unknown as { spec: object };
    assert.deepEqual(merged.spec, { items: [{ name: 'b' }] });
  });

  it('takes an object that was never applied as it is', () => {
    const live = { metadata: { name: 'web' }, spec: { replicas: 3 } };
    const patch = applyPatchOf(live, deployment([]), 'strategic') as { spec: object };
    assert.deepEqual(Object.keys(patch.spec), ['template']);
  });
});
