import assert from 'node:assert/strict';
import { approvalState, openUntil } from '../../../../src/core/approvals/approval.ts';
import type { Command } from '../../../../src/core/incident/commands.ts';
import type { EventData, Fact } from '../../../../src/core/incident/events.ts';
import { approvalAsked, approvalGiven, approvalRefused } from '../../../support/approvalBuilders.ts';
import { after, declared, incidentOf, resolved, runEnded, runStarted } from '../../../support/builders.ts';
import { given } from '../incident/given.ts';

// Facts are a minute apart: the request comes at minute 1 and is open until minute 60.
const asked = (data: Partial<EventData['ApprovalRequested']> = {}): EventData['ApprovalRequested'] =>
  approvalAsked(data).data as EventData['ApprovalRequested'];
const ask = (data: Partial<EventData['ApprovalRequested']> = {}): Command => ({
  type: 'RequestApproval',
  data: asked(data),
});
const approve = (data: Partial<EventData['ApprovalGiven']> = {}, writer?: string): Command => ({
  type: 'GiveApproval',
  data: approvalGiven(data).data as EventData['ApprovalGiven'],
  ...(writer === undefined ? {} : { writer }),
});
const refuse = (data: Partial<EventData['ApprovalRefused']> = {}): Command => ({
  type: 'RefuseApproval',
  data: approvalRefused(data).data as EventData['ApprovalRefused'],
});
const { step, kind, command, target, risk } = asked();
const started = (data: Partial<EventData['RunStarted']> = {}) =>
  runStarted({ step, kind, command, target, risk, approval: 'request-1', ...data });
const run = (data: Partial<EventData['RunStarted']> = {}): Command => ({
  type: 'StartRun',
  data: started(data).data as EventData['RunStarted'],
});

describe('asking for an approval', () => {
  it('states what is asked', () => given(declared()).when(ask()).then(approvalAsked()));
  it('asks nobody twice for the same', () => {
    given(declared(), approvalAsked())
      .when(ask({ request: 'request-2' }), after(10))
      .thenRefused('conflict', /Ana asked for this/);
    given(declared(), approvalAsked(), approvalGiven())
      .when(ask({ request: 'request-2' }), after(10))
      .thenRefused('conflict');
  });
  it('asks again once the first was refused, has expired or was run', () => {
    given(declared(), approvalAsked(), approvalRefused())
      .when(ask({ request: 'request-2' }), after(10))
      .then(approvalAsked({ request: 'request-2' }));
    given(declared(), approvalAsked())
      .when(ask({ request: 'request-2' }), after(60))
      .then(approvalAsked({ request: 'request-2' }));
  });
  it('asks anew for another command, target or stricter need', () => {
    for (const other of [
      { command: 'kubectl delete ns production' },
      { target: { context: 'other', namespace: 'production' } },
      { needs: [{ people: 2 }] },
    ])
      given(declared(), approvalAsked())
        .when(ask({ request: 'request-2', ...other }), after(10))
        .then(approvalAsked({ request: 'request-2', ...other }));
  });
  it('is refused where nobody would have to agree, and once the incident is over', () => {
    given(declared())
      .when(ask({ needs: [] }))
      .thenRefused('invalid');
    given(declared(), resolved()).when(ask()).thenRefused('conflict');
  });
});

describe('approving', () => {
  const at = after(10);
  it('is stated with who and how', () =>
    given(declared(), approvalAsked()).when(approve(), at).then(approvalGiven()));
  it('is refused to the one who asked, however the name is written', () => {
    given(declared(), approvalAsked())
      .when(approve({ who: 'Ana' }), at)
      .thenRefused('conflict', /somebody else/);
    given(declared(), approvalAsked())
      .when(approve({ who: ' ANA ' }), at)
      .thenRefused('conflict');
    given(declared(), approvalAsked())
      .when(approve({ who: 'Ana', how: 'reaction' }), at)
      .thenRefused('conflict', /somebody else/);
  });
  it('is refused in the window that asked, whatever name it has by now', () =>
    given(declared(), approvalAsked())
      .when(approve({ how: 'editor' }, 'writer-a'), at)
      .thenRefused('conflict', /this window/));
  it('is refused once it has expired', () => {
    given(declared(), approvalAsked())
      .when(approve(), after(60))
      .thenRefused('conflict', /open until 11:30 UTC/);
    given(declared(), approvalAsked()).when(approve(), after(59)).then(approvalGiven());
  });
  it('is refused twice', () => {
    given(declared(), approvalAsked(), approvalGiven())
      .when(approve(), at)
      .thenRefused('conflict', /approved already/);
    given(declared(), approvalAsked({ needs: [{ people: 2 }] }), approvalGiven())
      .when(approve(), at)
      .thenRefused('conflict', /Ben approved this at 10:32/);
  });
  it('is refused after a refusal, and of what nobody asked for', () => {
    given(declared(), approvalAsked(), approvalRefused())
      .when(approve({ who: 'Cleo' }), at)
      .thenRefused('conflict', /Ben refused/);
    given(declared()).when(approve(), at).thenRefused('not-found');
  });
  it('takes a role from who holds it alone', () => {
    const needs = [{ people: 1, role: 'Tech Lead' }];
    given(declared(), approvalAsked({ needs }))
      .when(approve(), at)
      .thenRefused('conflict', /Tech Lead.*Ben/);
    given(declared(), approvalAsked({ needs }))
      .when(approve({ roles: ['tech lead'] }), at)
      .then(approvalGiven({ roles: ['tech lead'] }));
  });
  it('takes a typed reason of the one who asked where policy lets it, and nothing else', () => {
    const alone = { who: 'Ana', how: 'self' as const, reason: 'Nobody else is awake' };
    given(declared(), approvalAsked()).when(approve(alone), at).then(approvalGiven(alone));
    given(declared(), approvalAsked({ self: false }))
      .when(approve(alone), at)
      .thenRefused('conflict', /second person/);
    given(declared(), approvalAsked())
      .when(approve({ ...alone, reason: '  ' }), at)
      .thenRefused('conflict', /reason/);
    given(declared(), approvalAsked())
      .when(approve({ ...alone, who: 'Ben' }), at)
      .thenRefused('conflict', /only Ana/);
  });
});

describe('refusing', () => {
  it('is stated with its reason, also by the one who asked and of what is approved', () => {
    given(declared(), approvalAsked())
      .when(refuse({ reason: ' not now ' }), after(10))
      .then(approvalRefused({ reason: 'not now' }));
    given(declared(), approvalAsked())
      .when(refuse({ who: 'Ana' }), after(10))
      .then(approvalRefused({ who: 'Ana' }));
    given(declared(), approvalAsked(), approvalGiven())
      .when(refuse({ who: 'Cleo' }), after(10))
      .then(approvalRefused({ who: 'Cleo' }));
  });
  it('comes too late twice, after the run and after the time', () => {
    given(declared(), approvalAsked(), approvalRefused()).when(refuse(), after(10)).thenRefused('conflict');
    given(declared(), approvalAsked())
      .when(refuse(), after(61))
      .thenRefused('conflict', /open until/);
  });
});

describe('a run with an approval', () => {
  const at = after(10);
  const used = [started(), runEnded()];
  it('starts once it is approved', () =>
    given(declared(), approvalAsked(), approvalGiven()).when(run(), at).then(started()));
  it('does not start without', () => {
    given(declared(), approvalAsked())
      .when(run(), at)
      .thenRefused('conflict', /not approved yet/);
    given(declared()).when(run(), at).thenRefused('not-found');
    given(declared(), approvalAsked(), approvalGiven(), approvalRefused({ who: 'Cleo' }))
      .when(run(), at)
      .thenRefused('conflict', /Cleo refused/);
  });
  it('does not start with that of another command, target, risk or step', () => {
    for (const other of [
      { command: 'kubectl delete ns production' },
      { target: { ...target, namespace: 'staging' } },
      { risk: 'read' as const },
      { step: 'another' },
    ])
      given(declared({ target: {} }), approvalAsked(), approvalGiven())
        .when(run(other), at)
        .thenRefused('conflict', /and not this/);
  });
  it('does not start with that of another finding of the look', () => {
    const seen = { changes: ['pod/a object there → deleted'], guards: 'a'.repeat(64) };
    const facts = [declared({ target: {} }), approvalAsked(seen), approvalGiven()];
    given(...facts)
      .when(run(seen), at)
      .then(started(seen));
    for (const other of [{}, { ...seen, changes: [] }, { ...seen, guards: 'b'.repeat(64) }])
      given(...facts)
        .when(run(other), at)
        .thenRefused('conflict', /The look finds something else than what was approved/);
  });
  it('does not start with that of a shell in another folder or by another interpreter', () => {
    const shell = { kind: 'shell' as const, folder: 'tools', interpreter: 'bash' };
    const facts = [declared({ target: {} }), approvalAsked(shell), approvalGiven()];
    given(...facts)
      .when(run(shell), at)
      .then(started(shell));
    const { folder: _folder, interpreter: _interpreter, ...before } = shell;
    for (const other of [{ ...shell, folder: '.' }, { ...shell, interpreter: 'node' }, before])
      given(...facts)
        .when(run(other), at)
        .thenRefused('conflict', /in another folder or by another interpreter than was approved/);
    given(declared({ target: {} }), approvalAsked(before), approvalGiven())
      .when(run({ ...before, folder: '.' }), at)
      .thenRefused('conflict', /in another folder or by another interpreter/);
  });
  it('does not start with one that is used, or too old', () => {
    given(declared(), approvalAsked(), approvalGiven(), ...used)
      .when(run({ run: 'run-2' }), at)
      .thenRefused('conflict', /one run/);
    // Approved at minute 2 it is good for the 59 minutes that its request was open.
    given(declared(), approvalAsked(), approvalGiven())
      .when(run(), after(62))
      .thenRefused('conflict', /good until/);
    given(declared(), approvalAsked(), approvalGiven()).when(run(), after(60)).then(started());
  });
});

describe('the fold of approvals', () => {
  type Facts = readonly (Fact | readonly [at: string, fact: Fact])[];
  const only = (...facts: Facts) => incidentOf(declared(), ...facts).approvals[0]!;
  it('knows waiting, approved, refused, expired and used', () => {
    assert.equal(approvalState(only(approvalAsked()), after(5)), 'waiting');
    assert.equal(approvalState(only(approvalAsked()), after(60)), 'expired');
    assert.equal(approvalState(only(approvalAsked(), approvalGiven()), after(5)), 'approved');
    assert.equal(approvalState(only(approvalAsked(), approvalRefused()), after(5)), 'refused');
    const run = runStarted({ step, approval: 'request-1' });
    assert.equal(approvalState(only(approvalAsked(), approvalGiven(), run), after(5)), 'used');
    assert.equal(openUntil(only(approvalAsked(), approvalGiven())), after(61));
  });
  it('takes no answer that does not count, whoever wrote it into the journal', () => {
    const waits = (...facts: Facts) =>
      assert.equal(approvalState(only(approvalAsked({ self: false }), ...facts), after(5)), 'waiting');
    waits(approvalGiven({ who: 'Ana' }));
    waits(approvalGiven({ who: 'Ana', how: 'self', reason: 'alone' }));
    // The builders' events all come from one writer: an editor's yes of it is the asking window's own.
    waits(approvalGiven({ how: 'editor' }));
    waits(approvalGiven({ request: 'nobody-asked' }));
    waits(runStarted({ approval: 'request-1' }));
    assert.equal(only(approvalAsked(), [after(61), approvalGiven()]).given.length, 0);
  });
});
