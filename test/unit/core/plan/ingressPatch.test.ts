import assert from 'node:assert/strict';
import type { IngressForm } from '../../../../src/core/plan/kubectl/ingressPatch.ts';
import { ingressPatch, withIngressPatch } from '../../../../src/core/plan/kubectl/ingressPatch.ts';
import { actionOf } from './planOf.ts';

const route = (pointer: string, host: string, service: string) => ({
  pointer,
  host,
  path: '/pay',
  pathType: 'Prefix',
  service,
  port: 8080,
});
const form: IngressForm = {
  name: 'web',
  namespace: 'production',
  routes: [
    route('/spec/rules/0/http/paths/0', 'shop.example.com', 'payment'),
    route('/spec/rules/1/http/paths/3', '', 'catalog'),
  ],
  services: [{ name: 'fallback', ports: [{ number: 80, name: 'http' }] }],
};

describe('the patch of an ingress form', () => {
  it('changes the chosen backend alone, after testing that it still is the route that was shown', () => {
    const text = ingressPatch(form, [
      { pointer: '/spec/rules/0/http/paths/0', service: 'fallback', port: 80 },
      { pointer: '/spec/rules/1/http/paths/3', service: 'catalog', port: 8080 },
    ]);
    assert.deepEqual(JSON.parse(text), [
      { op: 'test', path: '/spec/rules/0/host', value: 'shop.example.com' },
      { op: 'test', path: '/spec/rules/0/http/paths/0/path', value: '/pay' },
      { op: 'test', path: '/spec/rules/0/http/paths/0/backend/service/name', value: 'payment' },
      {
        op: 'replace',
        path: '/spec/rules/0/http/paths/0/backend',
        value: { service: { name: 'fallback', port: { number: 80 } } },
      },
    ]);
  });

  it('names a port by its name, and a rule without a host by its path', () => {
    const text = ingressPatch(form, [
      { pointer: '/spec/rules/1/http/paths/3', service: 'catalog', port: 'http' },
    ]);
    assert.doesNotMatch(text, /host/);
    assert.match(text, /"port":\{"name":"http"\}/);
  });

  it('is empty when nothing is chosen or nothing would change', () => {
    assert.equal(ingressPatch(form, []), '[]');
    assert.equal(
      ingressPatch(form, [{ pointer: '/spec/rules/9/http/paths/0', service: 'a', port: 1 }]),
      '[]',
    );
  });

  it('takes the place of the argument that the guide left out', () => {
    const text = ingressPatch(form, [
      { pointer: '/spec/rules/0/http/paths/0', service: 'fallback', port: 80 },
    ]);
    for (const written of ["--patch '...'", '-p "..."', '--patch=…', "--type=strategic --patch '...'"]) {
      const command = withIngressPatch(`kubectl patch ingress web -n production ${written}`, text) ?? '';
      const action = actionOf(command) as { patch?: string; patchType?: string };
      assert.deepEqual([action.patchType, action.patch], ['json', text], command);
    }
    assert.equal(withIngressPatch("kubectl patch ingress web --patch '{}'", text), undefined);
  });
});
