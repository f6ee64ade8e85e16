import assert from 'node:assert/strict';
import { statusBarOf } from '../../../../src/core/views/statusBar.ts';
import {
  acknowledged,
  aGuide,
  after,
  declared,
  incidentOf,
  resolved,
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
  it('rests once it is resolved, until the post-mortem is late', () => {
    const over = incidentOf(declared(), resolved());
    assert.equal(statusBarOf(over, guide, after(60)).text, '$(pass) SEV2 resolved after 1 min');
    assert.equal(statusBarOf(over, guide, after(60)).tone, 'normal');
    assert.equal(statusBarOf(over, guide, after(3 * 24 * 60)).tone, 'warning');
  });
  it('draws no icon out of a severity’s name', () => {
    const { text } = statusBarOf(incidentOf(declared({ severity: '$(bug)' })), undefined, after(1));
    assert.equal(text, '$(flame) (bug) 00:01:00');
  });
});
