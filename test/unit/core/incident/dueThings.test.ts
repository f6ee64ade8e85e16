import assert from 'node:assert/strict';
import { dueThings } from '../../../../src/core/incident/dueThings.ts';
import type { Fact } from '../../../../src/core/incident/events.ts';
import { aGuide, after, declared, fact, incidentOf, resolved, updated } from '../../../support/builders.ts';

const guide = aGuide();
type At = readonly [string, Fact];
const due = (minute: number, ...facts: readonly (Fact | At)[]) =>
  dueThings(incidentOf(declared(), ...facts), guide, after(minute));
const called: At = [after(1), fact('PeopleEscalated', { level: 1, severity: 'SEV2', roles: ['Tech Lead'] })];

describe('what a person is told of when its time comes', () => {
  it('is an update past its time, by a key of that time', () => {
    assert.deepEqual(due(15), []);
    assert.deepEqual(due(16), [{ kind: 'update', number: 1, key: `01JDINCIDENT/update/${after(15)}` }]);
    assert.equal(due(40)[0]?.key, due(16)[0]?.key);
    const second = due(40, [after(20), updated(1)]);
    assert.deepEqual(second, [{ kind: 'update', number: 2, key: `01JDINCIDENT/update/${after(35)}` }]);
    const putOff = fact('UpdateSnoozed', { until: after(30), reason: 'x' });
    assert.deepEqual(due(20, putOff), []);
    assert.equal(due(31, putOff)[0]?.key, `01JDINCIDENT/update/${after(30)}`);
  });
  it('is a call that nobody answered, with who comes next', () => {
    const [late] = due(32, [after(20), updated(1)], called);
    assert.equal(late?.kind, 'late-call');
    assert.equal(late?.key, `01JDINCIDENT/late/${after(1)}`);
    assert.deepEqual(late?.kind === 'late-call' && late.next?.roles, ['CTO']);
  });
  it('is a raised severity whose people were not called', () => {
    const raised = due(3, called, [after(2), fact('SeverityChanged', { severity: 'SEV1' })]);
    assert.deepEqual(raised, [
      {
        kind: 'raised',
        key: '01JDINCIDENT/raised/SEV1',
        next: { level: 1, row: 'SEV1', roles: ['CTO'] },
      },
    ]);
  });
  it('is nothing once it is over', () => {
    assert.deepEqual(due(500, called, [after(2), resolved()]), []);
  });
});
