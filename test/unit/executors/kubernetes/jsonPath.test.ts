import assert from 'node:assert/strict';
import { renderJsonPath } from '../../../../src/executors/kubernetes/get/jsonPath.ts';
import { sortByPath } from '../../../../src/executors/kubernetes/get/sortBy.ts';

// The data and several of the cases are those of the Kubernetes documentation's page "JSONPath Support".
const list = {
  kind: 'List',
  items: [
    {
      kind: 'None',
      metadata: { name: '127.0.0.1', labels: { 'kubernetes.io/hostname': '127.0.0.1' } },
      status: { capacity: { cpu: '4' }, addresses: [{ type: 'LegacyHostIP', address: '127.0.0.1' }] },
    },
    {
      kind: 'None',
      metadata: { name: '127.0.0.2' },
      status: {
        capacity: { cpu: '8' },
        addresses: [
          { type: 'LegacyHostIP', address: '127.0.0.2' },
          { type: 'another', address: '127.0.0.3' },
        ],
      },
    },
  ],
  users: [
    { name: 'myself', user: {} },
    { name: 'e2e', user: { username: 'admin', age: 20, on: true, none: null } },
  ],
};

const cases: readonly (readonly [template: string, text: string])[] = [
  ['kind is {.kind}', 'kind is List'],
  ['{.kind}', 'List'],
  ["{['kind']}", 'List'],
  ['{..name}', '127.0.0.1 127.0.0.2 myself e2e'],
  ['{.items[*].metadata.name}', '127.0.0.1 127.0.0.2'],
  ['{.users[0].name}', 'myself'],
  ['{.users[-1:].name}', 'e2e'],
  ['{.users[-1].name}', 'e2e'],
  ['{.users[-2].name}', 'myself'],
  ['{.users[0:5:2]}', ''],
  ["{.items[*]['metadata.name', 'status.capacity']}", '127.0.0.1 127.0.0.2 {"cpu":"4"} {"cpu":"8"}'],
  ['{.users[?(@.name=="e2e")].user.username}', 'admin'],
  ['{.users[?(@.user.age>=20)].name}', 'e2e'],
  ['{.users[?(@.user.on==true)].name}', 'e2e'],
  ['{.users[?(@.user.username)].name}', 'e2e'],
  ['{.items[*].status.addresses[?(@.type!="another")].address}', '127.0.0.1 127.0.0.2'],
  [
    '{range .items[*]}[{.metadata.name}, {.status.capacity}] {end}',
    '[127.0.0.1, {"cpu":"4"}] [127.0.0.2, {"cpu":"8"}] ',
  ],
  ["{range .items[*]}{.metadata.name}{'\\t'}{end}", '127.0.0.1\t127.0.0.2\t'],
  ['{.items[0].metadata.labels.kubernetes\\.io/hostname}', '127.0.0.1'],
  ['{.users[1].user.none}', 'null'],
  ['{.users[1].user}', '{"age":20,"none":null,"on":true,"username":"admin"}'],
  ['{.nothing.here}', ''],
  ['{range .nothing[*]}{.a}{end}.', '.'],
];

describe('following JSONPath as kubectl does', () => {
  for (const [template, text] of cases.filter(([template]) => template !== '{.users[0:5:2]}'))
    it(template, () => assert.deepEqual(renderJsonPath(template, list), { ok: true, value: text }));

  it('says why a path cannot be followed', () => {
    const why = (template: string): unknown => renderJsonPath(template, list);
    assert.deepEqual(why('{.users[5].name}'), {
      ok: false,
      message: 'array index out of bounds: index 5, length 2',
    });
    assert.deepEqual(why('{.users[0:5:2]}'), {
      ok: false,
      message: 'array index out of bounds: index 4, length 2',
    });
    assert.deepEqual(why('{.kind[0]}'), { ok: false, message: 'string is not array or slice' });
    assert.deepEqual(why('{.users[?(@.name>1)]}'), {
      ok: false,
      message: 'incompatible types for comparison',
    });
  });

  it('escapes JSON as Go does', () => {
    assert.deepEqual(renderJsonPath('{.a}', { a: { z: '<b> & c', a: 1 } }), {
      ok: true,
      value: '{"a":1,"z":"\\u003cb\\u003e \\u0026 c"}',
    });
  });
});

describe('sorting as kubectl --sort-by does', () => {
  const sorted = (path: string, ...items: readonly unknown[]): unknown =>
    sortByPath(items, path, (item) => item);

  it('puts amounts by size, numbers by value and texts by letters', () => {
    assert.deepEqual(sorted('.a', { a: '10Gi' }, { a: '9Mi' }, { a: '2' }), {
      ok: true,
      value: [{ a: '2' }, { a: '9Mi' }, { a: '10Gi' }],
    });
    assert.deepEqual(sorted('a', { a: 10 }, { a: 9 }), { ok: true, value: [{ a: 9 }, { a: 10 }] });
    assert.deepEqual(sorted('{.a}', { a: 'b' }, { a: 'B' }), { ok: true, value: [{ a: 'B' }, { a: 'b' }] });
  });

  it('puts those without the field first and leaves equals where they are', () => {
    assert.deepEqual(sorted('.a', { n: 1, a: 'x' }, { n: 2 }, { n: 3, a: 'x' }), {
      ok: true,
      value: [{ n: 2 }, { n: 1, a: 'x' }, { n: 3, a: 'x' }],
    });
  });

  it('says so when no object has the field', () => {
    assert.deepEqual(sorted('.b', { a: 1 }), {
      ok: false,
      message: 'couldn\'t find any field with path "{.b}" in the list of objects',
    });
    assert.deepEqual(sorted('.b'), { ok: true, value: [] });
  });
});
