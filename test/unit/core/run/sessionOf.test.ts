import assert from 'node:assert/strict';
import type { Fact } from '../../../../src/core/incident/events.ts';
import { presentSessions, sessionOf } from '../../../../src/core/run/sessionOf.ts';
import { declared, fact, incidentOf, noted, reopened, resolved } from '../../../support/builders.ts';

describe('the session that exported variables live in', () => {
  const pinned = () => fact('TargetPinned', { target: { context: 'other' } });
  const of = (...facts: readonly Fact[]) => sessionOf(incidentOf(...facts), 'warm-up');

  it('is one for a sequence of an incident, whatever else happens', () => {
    assert.equal(of(declared()), of(declared(), noted('Looked')));
    assert.notEqual(of(declared()), sessionOf(incidentOf(declared()), 'cool-down'));
  });

  it('is another one once the target is pinned anew, the incident resolved or reopened', () => {
    const history = [declared(), pinned(), pinned(), resolved(), reopened()];
    const keys = history.map((_, index) => of(...history.slice(0, index + 1)));
    assert.equal(new Set(keys).size, keys.length);
    assert.ok(keys[1]?.startsWith(presentSessions(incidentOf(declared(), pinned()))));
  });
});
