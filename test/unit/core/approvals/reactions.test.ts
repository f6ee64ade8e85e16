import assert from 'node:assert/strict';
import { answersIn, type Reaction } from '../../../../src/core/approvals/reactions.ts';
import type { EventData } from '../../../../src/core/incident/events.ts';
import { approvalAsked } from '../../../support/approvalBuilders.ts';
import { after, declared, incidentOf } from '../../../support/builders.ts';

const people = [
  { name: 'Ana', roles: [], slack: 'UANA' },
  { name: 'Ben Tech', roles: ['Tech Lead'], slack: 'UBEN' },
];
const react = (name: string, user: string, who = user): Reaction => ({ name, user, who });
const answers = (
  reactions: readonly Reaction[],
  data: Partial<EventData['ApprovalRequested']> = {},
  at = after(5),
) =>
  answersIn(incidentOf(declared(), approvalAsked(data)).approvals[0]!, reactions, people, [], at).map(
    ({ type, data: { who, how } }) => [type, who, how],
  );

describe('reactions to a request for approval', () => {
  it('approve by the name that the people file has for the member', () =>
    assert.deepEqual(answers([react('white_check_mark', 'UBEN', 'ben')]), [
      ['GiveApproval', 'Ben Tech', 'reaction'],
    ]));
  it('approve by the display name of who is in no file', () =>
    assert.deepEqual(answers([react('white_check_mark', 'UCLEO', 'cleo')]), [
      ['GiveApproval', 'cleo', 'reaction'],
    ]));
  it('do not count from the one who asked', () =>
    assert.deepEqual(answers([react('white_check_mark', 'UANA', 'whoever')]), []));
  it('refuse, whoever else approves', () =>
    assert.deepEqual(answers([react('white_check_mark', 'UBEN'), react('x', 'UCLEO', 'cleo')]), [
      ['RefuseApproval', 'cleo', 'reaction'],
    ]));
  it('are no answer when they are anything else', () =>
    assert.deepEqual(answers([react('eyes', 'UBEN'), react('thumbsup', 'UBEN')]), []));
  it('count for a role only from who holds it', () => {
    const needs = [{ people: 1, role: 'Tech Lead' }];
    assert.deepEqual(answers([react('white_check_mark', 'UCLEO', 'cleo')], { needs }), []);
    assert.deepEqual(answers([react('white_check_mark', 'UBEN', 'ben')], { needs }), [
      ['GiveApproval', 'Ben Tech', 'reaction'],
    ]);
  });
  it('come too late once the request has expired', () =>
    assert.deepEqual(answers([react('white_check_mark', 'UBEN')], {}, after(60)), []));
});
