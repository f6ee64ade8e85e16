import assert from 'node:assert/strict';
import { jsonPatch } from '../../../../../src/simulator/systems/kubernetes/jsonPatch.ts';
import type { Json } from '../../../../../src/simulator/systems/kubernetes/patch.ts';
import { mergePatch, strategicMerge } from '../../../../../src/simulator/systems/kubernetes/patch.ts';

describe('a strategic merge patch', () => {
  const pod: Json = {
    spec: {
      containers: [
        { name: 'app', image: 'app:1', ports: [{ containerPort: 80 }], env: [{ name: 'A', value: '1' }] },
        { name: 'side', image: 'side:1' },
      ],
    },
  };

  it('merges containers, their ports and their environment by key', () => {
    const app = {
      name: 'app',
      image: 'app:2',
      ports: [{ containerPort: 81 }],
      env: [{ name: 'A', value: '2' }],
    };
    assert.deepEqual(strategicMerge(pod, { spec: { containers: [app] } }), {
      spec: {
        containers: [
          {
            name: 'app',
            image: 'app:2',
            ports: [{ containerPort: 80 }, { containerPort: 81 }],
            env: [{ name: 'A', value: '2' }],
          },
          { name: 'side', image: 'side:1' },
        ],
      },
    });
  });

  it('removes by $patch: delete, by null, and replaces by $patch: replace', () => {
    const deleted = strategicMerge(pod, { spec: { containers: [{ name: 'side', $patch: 'delete' }] } });
    assert.deepEqual((deleted as { spec: { containers: Json[] } }).spec.containers.length, 1);
    assert.deepEqual(strategicMerge({ a: 1, b: 2 }, { b: null }), { a: 1 });
    const replaced = strategicMerge(pod, { spec: { containers: [{ name: 'new' }, { $patch: 'replace' }] } });
    assert.deepEqual(replaced, { spec: { containers: [{ name: 'new' }] } });
    assert.deepEqual(strategicMerge({ a: { x: 1 } }, { a: { $patch: 'replace', y: 2 } }), { a: { y: 2 } });
  });

  it('merges the ports of a service by their number', () => {
    const service: Json = { spec: { ports: [{ port: 80, targetPort: 8080 }, { port: 443 }] } };
    assert.deepEqual(strategicMerge(service, { spec: { ports: [{ port: 80, targetPort: 9090 }] } }), {
      spec: { ports: [{ port: 80, targetPort: 9090 }, { port: 443 }] },
    });
  });

  it('replaces the rules of an ingress, which are atomic', () => {
    const ingress: Json = { spec: { rules: [{ host: 'a' }, { host: 'b' }] } };
    assert.deepEqual(strategicMerge(ingress, { spec: { rules: [{ host: 'c' }] } }), {
      spec: { rules: [{ host: 'c' }] },
    });
  });

  it('orders and drops as its directives say', () => {
    const order = {
      spec: { $setElementOrder: 1, '$setElementOrder/containers': [{ name: 'side' }, { name: 'app' }] },
    };
    const { spec } = strategicMerge(pod, order) as { spec: { containers: { name: string }[] } };
    assert.deepEqual(
      spec.containers.map(({ name }) => name),
      ['side', 'app'],
    );
    assert.deepEqual(
      strategicMerge({ finalizers: ['a', 'b'] }, { '$deleteFromPrimitiveList/finalizers': ['a'] }),
      {
        finalizers: ['b'],
      },
    );
    assert.deepEqual(strategicMerge({ a: 1, b: 2 }, { $retainKeys: ['b'], b: 3 }), { b: 3 });
  });

  it('never changes what it is applied to', () => {
    const before = structuredClone(pod);
    strategicMerge(pod, { spec: { containers: [{ name: 'app', image: 'app:9' }] } });
    assert.deepEqual(pod, before);
  });
});

describe('a merge patch (RFC 7386)', () => {
  // The table of the RFC's appendix A.
  const cases: readonly [Json, Json, Json][] = [
    [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
    [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
    [{ a: 'b' }, { a: null }, {}],
    [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
    [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
    [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
    [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
    [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
    [
      ['a', 'b'],
      ['c', 'd'],
      ['c', 'd'],
    ],
    [{ a: 'b' }, ['c'], ['c']],
    [{ a: 'foo' }, null, null],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [[1, 2], { a: 'b', c: null }, { a: 'b' }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ];
  for (const [target, patch, result] of cases) {
    it(`${JSON.stringify(target)} with ${JSON.stringify(patch)}`, () => {
      assert.deepEqual(mergePatch(target, patch), result);
    });
  }
});

describe('a JSON patch (RFC 6902)', () => {
  const apply = (document: Json, ...operations: Json[]) => jsonPatch(document, operations);

  it('adds, replaces, removes, moves, copies and tests', () => {
    const given: Json = { list: [1, 2], 'a/b': { 'm~n': 1 } };
    const cases: readonly [Json, Json][] = [
      [
        { op: 'add', path: '/list/1', value: 9 },
        { ...given, list: [1, 9, 2] },
      ],
      [
        { op: 'add', path: '/list/-', value: 9 },
        { ...given, list: [1, 2, 9] },
      ],
      [
        { op: 'add', path: '/x', value: null },
        { ...given, x: null },
      ],
      [
        { op: 'replace', path: '/list/0', value: 9 },
        { ...given, list: [9, 2] },
      ],
      [
        { op: 'replace', path: '/a~1b/m~0n', value: 2 },
        { ...given, 'a/b': { 'm~n': 2 } },
      ],
      [
        { op: 'remove', path: '/list/0' },
        { ...given, list: [2] },
      ],
      [
        { op: 'move', from: '/list/0', path: '/first' },
        { ...given, list: [2], first: 1 },
      ],
      [
        { op: 'copy', from: '/list', path: '/again' },
        { ...given, again: [1, 2] },
      ],
      [{ op: 'test', path: '/list/1', value: 2 }, given],
      [{ op: 'replace', path: '', value: 1 }, 1],
    ];
    for (const [operation, value] of cases) assert.deepEqual(apply(given, operation), { ok: true, value });
  });

  it('does nothing at all when one of its operations cannot be done', () => {
    const given: Json = { list: [1] };
    for (const operation of [
      { op: 'remove', path: '/nothing' },
      { op: 'replace', path: '/nothing', value: 1 },
      { op: 'add', path: '/list/5', value: 1 },
      { op: 'add', path: '/nothing/deep', value: 1 },
      { op: 'add', path: '/x' },
      { op: 'add', path: 'x', value: 1 },
      { op: 'test', path: '/list/0', value: 2 },
      { op: 'move', path: '/x' },
      { op: 'invent', path: '/x', value: 1 },
      'text',
      null,
    ]) {
      assert.equal(
        apply(given, { op: 'add', path: '/y', value: 1 }, operation).ok,
        false,
        JSON.stringify(operation),
      );
    }
    assert.deepEqual(given, { list: [1] });
  });
});
