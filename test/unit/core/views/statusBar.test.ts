import assert from 'node:assert/strict';
import { statusBarOf } from '../../../../src/core/views/statusBar.ts';
import {
  acknowledged,
  aGuide,
  after,
  declared,
  fact,
  incidentOf,
  runEnded,
  runStarted,
  updated,
} from '../../../support/builders.ts';

const guide = aGuide();

describe('the status bar', () => {
  it('shows severity, elapsed time and the time to the next update', () => {
    const { text, tone, tooltip } = statusBarOf(incidentOf(declared(), acknowledged()), guide, after(10, 50));
    assert.equal(text, '$(flame) SEV2 00:10:50 · update in 4:10');
    assert.equal(tone, 'normal');
    assert.match(
      tooltip,
      /Payments failing \(2026-11-23-0001\)\n.*by Ana\nTarget: sim \/ production\nUpdate #1 due 10:45/,
    );
  });
  it('warns about a late update or a late response, and raises the tone for both', () => {
    const answered = incidentOf(declared(), acknowledged());
    assert.equal(statusBarOf(answered, guide, after(16)).text, '$(flame) SEV2 00:16:00 · update 1:00 late');
    assert.equal(statusBarOf(answered, guide, after(16)).tone, 'warning');
    const unanswered = incidentOf(declared(), [after(20), updated(1)]);
    assert.equal(
      statusBarOf(unanswered, guide, after(31)).text,
      '$(flame) SEV2 00:31:00 · response 1:00 late · update in 4:00',
    );
    assert.equal(statusBarOf(unanswered, guide, after(31)).tone, 'warning');
    assert.equal(statusBarOf(unanswered, guide, after(36)).tone, 'error');
  });
  it('warns when nobody answers an escalation, and says who is next', () => {
    const called = fact('PeopleEscalated', { level: 1, severity: 'SEV2', roles: ['Tech Lead'] });
    const facts = [declared(), acknowledged(), called, [after(31), updated(1)]] as const;
    const { text, tone, tooltip } = statusBarOf(incidentOf(...facts), guide, after(33));
    assert.equal(text, '$(flame) SEV2 00:33:00 · update in 13:00 · escalation 1:00 late');
    assert.equal(tone, 'warning');
    assert.match(tooltip, /Nobody has answered since 10:32 UTC \(Tech Lead\)\. Next: CTO \(level 2\)\./);
    assert.equal(statusBarOf(incidentOf(...facts), guide, after(50)).tone, 'error');
    const top = fact('PeopleEscalated', { level: 2, severity: 'SEV2', roles: ['CTO'] });
    const above = statusBarOf(incidentOf(...facts, [after(33), top]), guide, after(64));
    assert.match(above.tooltip, /lists nobody above/);
  });
  it('waits as long as the update was put off, and says why', () => {
    const putOff = fact('UpdateSnoozed', { until: after(20), reason: 'The rollback runs' });
    const snoozed = incidentOf(declared(), acknowledged(), putOff);
    const { text, tooltip } = statusBarOf(snoozed, guide, after(18));
    assert.equal(text, '$(flame) SEV2 00:18:00 · update in 2:00');
    assert.match(tooltip, /It was put off: The rollback runs/);
  });
  it('says what goes on in the background until it has ended', () => {
    const started = runStarted({ background: true, text: 'Watch it' });
    const facts = [declared(), acknowledged(), started] as const;
    const { text, tooltip } = statusBarOf(incidentOf(...facts), guide, after(10));
    assert.match(text, / · \$\(sync\) 1 in the background$/);
    assert.match(tooltip, /In the background: Watch it$/);
    assert.doesNotMatch(statusBarOf(incidentOf(...facts, runEnded()), guide, after(10)).text, /background/);
  });
  it('draws no icon out of a severity’s name', () => {
    const { text } = statusBarOf(incidentOf(declared({ severity: '$(bug)' })), undefined, after(1));
    assert.equal(text, '$(flame) (bug) 00:01:00');
  });
});
