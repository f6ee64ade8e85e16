import assert from 'node:assert/strict';
import { decide } from '../../../../src/core/incident/decide.ts';
import type { Fact, PostMortemStatus } from '../../../../src/core/incident/events.ts';
import { completePostMortem } from '../../../../src/core/postmortem/completePostMortem.ts';
import { withStatus } from '../../../../src/core/postmortem/documentHead.ts';
import { after, declared, fact, incidentOf, noted, resolved } from '../../../support/builders.ts';

const drafted = fact('PostMortemDrafted', { file: 'pm.md', sha256: 'ab' });
const set = (status: PostMortemStatus) =>
  fact('PostMortemStatusSet', { status, file: 'pm.md', sha256: 'cd' });

describe('the status of a post-mortem', () => {
  const asked = (status: PostMortemStatus, ...facts: readonly Fact[]) =>
    decide(
      incidentOf(declared(), ...facts),
      { type: 'SetPostMortemStatus', data: { status, file: 'pm.md', sha256: 'ef' } },
      after(60),
    );

  it('goes from draft to review to reviewed, after the resolution too, and back', () => {
    assert.equal(asked('in-review', drafted, resolved()).ok, true);
    assert.equal(asked('reviewed', drafted, set('in-review')).ok, true);
    assert.equal(asked('draft', drafted, set('reviewed')).ok, true);
    assert.equal(incidentOf(declared(), drafted, set('in-review')).postMortem?.status, 'in-review');
    assert.equal(incidentOf(declared(), drafted, set('in-review')).postMortem?.at, after(1));
  });

  it('skips no review, and says so', () => {
    const skipped = asked('reviewed', drafted);
    assert.match(skipped.ok ? '' : skipped.failure.message, /has to be in review before it is reviewed/);
    const again = asked('in-review', drafted, set('in-review'));
    assert.match(again.ok ? '' : again.failure.message, /“In review” already/);
  });

  it('is a draft again when it is drafted anew', () => {
    assert.equal(incidentOf(declared(), drafted, set('reviewed'), drafted).postMortem?.status, 'draft');
  });

  it('is written where the document has a place for it, else below its title', () => {
    assert.deepEqual(withStatus(['# T', '', '**Status:** Draft', '## A'], 'reviewed'), [
      '# T',
      '',
      '**Status:** Reviewed',
      '## A',
    ]);
    assert.deepEqual(withStatus(['# T', '## A', '- Status: down'], 'in-review'), [
      '# T',
      '',
      '- Status: In review',
      '## A',
      '- Status: down',
    ]);
  });
});

describe('what is offered in a post-mortem', () => {
  const lines = ['# T', '## Timeline', '- [', '## Actions', '- [ ] x - @an', 'See #2026', '- [ ', '# '];
  const names = {
    people: [{ name: 'Ana', roles: ['Lead'] }],
    incidents: [{ number: '2026-11-23-0001', title: 'Payments failing', severity: 'SEV2' }],
    incident: incidentOf(declared(), noted('x')),
  };
  const at = (line: number) =>
    completePostMortem(lines, { line, column: lines[line - 1]!.length + 1 }, names);

  it('is people behind an at sign, in place of what was typed', () => {
    assert.deepEqual(
      at(5)?.items.map(({ insert }) => insert),
      ['Ana'],
    );
    assert.deepEqual(at(5)?.range, { line: 5, column: 11, endLine: 5, endColumn: 14 });
  });

  it('is incidents behind a number sign, but not in a heading', () => {
    assert.deepEqual(
      at(6)?.items.map(({ insert }) => insert),
      ['2026-11-23-0001 (Payments failing)'],
    );
    assert.equal(at(8), undefined);
  });

  it('is rows of the journal in the timeline, and nowhere else', () => {
    assert.deepEqual(at(3)?.items.map(({ insert }) => insert)[1], '[10:31] Note: x (Ana)');
    assert.equal(at(7), undefined);
  });
});
