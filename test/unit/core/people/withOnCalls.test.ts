import assert from 'node:assert/strict';
import { withOnCalls } from '../../../../src/core/people/withOnCalls.ts';

describe('people with those on call', () => {
  const ana = { name: 'Ana', email: 'Ana@techcorp.example', slack: 'U1' };
  const robin = { name: 'Robin', pagerduty: 'P2', email: 'robin@techcorp.example' };

  it('names each once, and joins what is known of somebody', () => {
    const onCalls = [{ name: 'Ana B.', email: 'ana@techcorp.example', pagerduty: 'P1' }, robin];
    assert.deepEqual(withOnCalls([ana], onCalls), [{ ...ana, pagerduty: 'P1' }, robin]);
  });

  it('leaves either alone where the other has nobody', () => {
    assert.deepEqual(withOnCalls([ana], []), [ana]);
    assert.deepEqual(withOnCalls([], [robin]), [robin]);
    assert.deepEqual(withOnCalls([{ name: 'A' }], [{ name: 'A' }]), [{ name: 'A' }, { name: 'A' }]);
  });
});
