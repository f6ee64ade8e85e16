import assert from 'node:assert/strict';
import {
  answersIn,
  looksLikeAnswer,
  replyCode,
  type Reaction,
  type Reply,
} from '../../../../src/core/approvals/channelAnswers.ts';
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
  answersIn(
    incidentOf(declared(), approvalAsked(data)).approvals[0]!,
    { reactions, replies: [] },
    people,
    [],
    at,
  ).map(({ type, data: { who, how } }) => [type, who, how]);

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

describe('replies to a request for approval', () => {
  const asked = incidentOf(declared(), approvalAsked()).approvals[0]!;
  const code = replyCode(asked.request);
  const reply = (text: string, user = 'UBEN'): Reply => ({ text, user, who: user });
  const replies = (given: readonly Reply[], reactions: readonly Reaction[] = [], at = after(5)) =>
    answersIn(asked, { reactions, replies: given }, people, [], at);
  const yes = [
    {
      type: 'GiveApproval',
      data: { request: asked.request, who: 'Ben Tech', how: 'reply', roles: ['Tech Lead'] },
    },
  ];

  for (const text of [
    `approve ${code}`,
    `Approved ${code.toLowerCase()}!`,
    `*approve ${code}*`,
    `\`approve ${code}\``,
    `approve ${code} :+1: :tada:`,
  ])
    it(`approve with ${JSON.stringify(text)}`, () => assert.deepEqual(replies([reply(text)]), yes));

  for (const text of [
    'approve',
    'approve it',
    `approve ${code} once the queue is empty`,
    `do not approve ${code}`,
    `approve ${code}7`,
    `I would approve ${code}`,
    `approve\n${code}\nbut wait`,
    `> approve ${code}`,
    code,
  ])
    it(`are no yes as ${JSON.stringify(text)}`, () => assert.deepEqual(replies([reply(text)]), []));

  it('refuse with their reason, whoever else approves', () =>
    assert.deepEqual(
      replies([reply(`approve ${code}`), reply(`refuse ${code}: the queue is not empty`, 'UCLEO')]),
      [
        {
          type: 'RefuseApproval',
          data: { request: asked.request, who: 'UCLEO', how: 'reply', reason: 'the queue is not empty' },
        },
      ],
    ));
  it('refuse without a reason', () =>
    assert.deepEqual(replies([reply(`Refused ${code}.`)]), [
      { type: 'RefuseApproval', data: { request: asked.request, who: 'Ben Tech', how: 'reply' } },
    ]));
  it('refuse against a reaction that approves', () =>
    assert.equal(
      replies([reply(`refuse ${code}`)], [react('white_check_mark', 'UCLEO')])[0]?.type,
      'RefuseApproval',
    ));
  it('do not count from the one who asked', () =>
    assert.deepEqual(replies([reply(`approve ${code}`, 'UANA')]), []));
  it('come too late once the request has expired', () =>
    assert.deepEqual(replies([reply(`approve ${code}`)], [], after(60)), []));
  it('are looked for by how they begin', () => {
    assert.ok(looksLikeAnswer(`approve ${code}`));
    assert.ok(looksLikeAnswer(`_Refused ${code}_: no`));
    assert.ok(!looksLikeAnswer('approval is on its way'));
  });
});
