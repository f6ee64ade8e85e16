import type { Command } from '../../../../src/core/incident/commands.ts';
import type { EventData, Fact } from '../../../../src/core/incident/events.ts';
import {
  acknowledged,
  after,
  declared,
  entered,
  fact,
  itemDone,
  noted,
  reopened,
  resolved,
  runEnded,
  runStarted,
  stepDone,
  ticked,
  updated,
} from '../../../support/builders.ts';
import { given } from './given.ts';

const dataOf = <T extends Fact['type']>(one: Fact) => one.data as EventData[T];
const startRun = (data: Partial<EventData['RunStarted']> = {}): Command => ({
  type: 'StartRun',
  data: dataOf<'RunStarted'>(runStarted(data)),
});
const endRun = (data: Partial<EventData['RunEnded']> = {}): Command => ({
  type: 'EndRun',
  data: dataOf<'RunEnded'>(runEnded(data)),
});
const declare = (data: Partial<EventData['IncidentDeclared']> = {}): Command => ({
  type: 'Declare',
  data: dataOf<'IncidentDeclared'>(declared(data)),
});
const resolve = (data: Partial<EventData['IncidentResolved']> = {}): Command => ({
  type: 'Resolve',
  data: { heads: {}, ...data },
});
const setOnset = (at: string): Command => ({ type: 'SetOnset', data: { at } });
const markMitigated = (at: string): Command => ({ type: 'MarkMitigated', data: { at } });
const addNote = (text: string): Command => ({ type: 'AddNote', data: { text } });

describe('declaring an incident', () => {
  it('states the declare, with a tidy title', () =>
    given()
      .when(declare({ title: '  Payments \n failing ' }))
      .then(declared()));
  it('leaves out a service that was skipped', () => {
    const { service: _service, ...rest } = dataOf<'IncidentDeclared'>(declared());
    given()
      .when(declare({ service: ' ' }))
      .then(fact('IncidentDeclared', rest));
  });
  it('enters the first phase in the same go', () =>
    given()
      .when({ ...declare(), phase: { phase: 'triage', name: 'Triage' } } as Command)
      .then(declared(), entered('triage', 'Triage')));
  it('is refused twice', () =>
    given(declared())
      .when(declare())
      .thenRefused('conflict', /0001 is declared/));
  it('is refused without a title', () =>
    given()
      .when(declare({ title: ' \n' }))
      .thenRefused('invalid'));
  it('is refused without a severity', () =>
    given()
      .when(declare({ severity: '' }))
      .thenRefused('invalid'));
  it('is refused with a number of another form', () =>
    given()
      .when(declare({ number: '../0001' }))
      .thenRefused('invalid', /YYYY-MM-DD-NNNN/));
  it('comes before everything else', () => given().when(addNote('x')).thenRefused('not-found'));
});

describe('acknowledging', () => {
  it('is a fact', () => given(declared()).when({ type: 'Acknowledge' }).then(acknowledged()));
  it('is refused twice, naming who and when', () =>
    given(declared(), acknowledged())
      .when({ type: 'Acknowledge' })
      .thenRefused('conflict', /Ana acknowledged this at 10:31 UTC/));
});

describe('times', () => {
  it('are kept in UTC', () =>
    given(declared())
      .when(setOnset('2026-11-23T11:20:00+01:00'))
      .then(fact('OnsetSet', { at: '2026-11-23T10:20:00.000Z' })));
  it('may be corrected', () =>
    given(declared(), fact('OnsetSet', { at: after(-9) }))
      .when(setOnset(after(-5)))
      .then(fact('OnsetSet', { at: after(-5) })));
  it('cannot be in the future', () => {
    given(declared())
      .when(setOnset(after(61)), after(60))
      .thenRefused('invalid', /future/);
    given(declared())
      .when(markMitigated(after(61)), after(60))
      .thenRefused('invalid', /future/);
  });
  it('must be readable and carry a zone', () => {
    given(declared())
      .when(setOnset('yesterday'))
      .thenRefused('invalid', /not a time/);
    given(declared())
      .when(setOnset('2026-11-23T10:20'))
      .thenRefused('invalid', /not a time/);
  });
  it('keep their order: onset, mitigation, resolution', () => {
    const onset = fact('OnsetSet', { at: after(5) });
    given(declared(), onset)
      .when(markMitigated(after(4)))
      .thenRefused('invalid', /before the onset/);
    const mitigated = fact('MitigatedMarked', { at: after(10) });
    given(declared(), mitigated)
      .when(setOnset(after(11)))
      .thenRefused('invalid', /after it was mitigated/);
    given(declared(), resolved())
      .when(markMitigated(after(30)))
      .thenRefused('invalid', /after it was resolved/);
  });
  it('are refused for a figure nobody can trace', () => {
    const data = { figure: '5%', source: 'Grafana', at: after(1) };
    given(declared()).when({ type: 'SetImpact', data }).then(fact('ImpactSet', data));
    given(declared())
      .when({ type: 'SetImpact', data: { ...data, source: ' ' } })
      .thenRefused('invalid', /source/);
    given(declared())
      .when({ type: 'SetImpact', data: { ...data, figure: '' } })
      .thenRefused('invalid');
    given(declared())
      .when({ type: 'SetImpact', data: { ...data, at: 'now' } })
      .thenRefused('invalid');
  });
});

describe('severity and phase', () => {
  it('change only to something else', () => {
    given(declared())
      .when({ type: 'SetSeverity', data: { severity: 'SEV2' } })
      .thenRefused('conflict', /SEV2 already/);
    given(declared())
      .when({ type: 'SetSeverity', data: { severity: 'SEV1', reason: 'spreading' } })
      .then(fact('SeverityChanged', { severity: 'SEV1', reason: 'spreading' }));
    const triage = { phase: 'triage', name: 'Triage' };
    given(declared(), entered('triage', 'Triage'))
      .when({ type: 'EnterPhase', data: triage })
      .thenRefused('conflict', /in Triage already/);
    given(declared(), entered('triage'), entered('diagnosis'))
      .when({ type: 'EnterPhase', data: triage })
      .then(entered('triage', 'Triage'));
  });
});

describe('runs', () => {
  it('start and end', () => {
    given(declared()).when(startRun()).then(runStarted());
    given(declared(), runStarted()).when(endRun()).then(runEnded());
  });
  it('do not start while the same step runs', () =>
    given(declared(), runStarted())
      .when(startRun({ run: 'run-2' }))
      .thenRefused('conflict', /running since 10:31 UTC, started by Ana/));
  it('start again once the step ended, and beside another step', () => {
    given(declared(), runStarted(), runEnded())
      .when(startRun({ run: 'run-2' }))
      .then(runStarted({ run: 'run-2' }));
    const other = { run: 'run-2', step: 'logs' };
    given(declared(), runStarted()).when(startRun(other)).then(runStarted(other));
  });
  it('are refused under an id that was used', () =>
    given(declared(), runStarted(), runEnded())
      .when(startRun())
      .thenRefused('conflict', /Nothing was run twice/));
  it('cannot end when unknown or ended', () => {
    given(declared()).when(endRun()).thenRefused('not-found');
    given(declared(), runStarted(), runEnded())
      .when(endRun())
      .thenRefused('conflict', /ended at 10:32/);
  });
  it('keep their end when the clock was set back meanwhile', () =>
    given(declared(), runStarted())
      .when(endRun({ durationMs: -40 }))
      .then(runEnded({ durationMs: 0 })));
  it('do not start a change on a target that the incident was pinned away from meanwhile', () => {
    const pinned = (target: EventData['TargetPinned']['target']) => fact('TargetPinned', { target });
    const scale = startRun({ risk: 'change', target: { context: 'sim', namespace: 'production' } });
    given(declared())
      .when(scale)
      .then(runStarted({ risk: 'change' }));
    given(declared(), pinned({ context: 'other', namespace: 'production' }))
      .when(scale)
      .thenRefused('conflict', /pinned to the context other by now.*context sim\. Nothing was run/);
    given(declared(), pinned({ context: 'sim', namespace: 'staging' }))
      .when(scale)
      .thenRefused('conflict');
    given(declared(), pinned({ context: 'sim', server: 'https://new', namespace: 'production' }))
      .when(startRun({ risk: 'change', target: { context: 'sim', server: 'https://old' } }))
      .thenRefused('conflict');
    given(declared(), pinned({ context: 'other' }))
      .when(startRun())
      .then(runStarted());
  });
  it('do not start a change at another AWS account, region or Argo CD server than the pinned one', () => {
    const pin = {
      context: 'sim',
      argoCdServer: 'https://argo.test',
      awsProfile: 'staging',
      awsRegion: 'eu-west-1',
    };
    const pinned = fact('TargetPinned', { target: pin });
    const refused: readonly (readonly [
      EventData['RunStarted']['kind'],
      EventData['RunStarted']['target'],
      RegExp,
    ])[] = [
      ['rds', { awsProfile: 'prod', awsRegion: 'eu-west-1' }, /AWS profile staging by now.*profile prod/],
      [
        'rds',
        { awsProfile: 'staging', awsRegion: 'us-east-1' },
        /AWS region eu-west-1 by now.*region us-east-1/,
      ],
      ['argocd', { argoCdServer: 'https://other.test' }, /Argo CD server https:\/\/argo\.test by now/],
      ['argocd', { context: 'other' }, /context sim by now/],
      ['shell', { ...pin, awsProfile: 'prod' }, /AWS profile staging/],
      ['shell', { ...pin, argoCdServer: 'https://other.test' }, /Argo CD server/],
    ];
    for (const [kind, target, words] of refused)
      given(declared(), pinned)
        .when(startRun({ kind, risk: 'change', target }))
        .thenRefused('conflict', words);
    for (const [kind, target] of [
      ['rds', { awsProfile: 'staging', awsRegion: 'eu-west-1' }],
      ['argocd', { argoCdServer: 'https://argo.test/' }],
      ['shell', pin],
    ] as const)
      given(declared(), pinned)
        .when(startRun({ kind, risk: 'change', target }))
        .then(runStarted({ kind, risk: 'change', target }));
  });
  it('take their own end after another window took them for dead, and no second guess', () => {
    const guessed = runEnded({ outcome: { kind: 'failed', message: 'Interrupted.' }, interrupted: true });
    given(declared(), runStarted(), guessed).when(endRun()).then(runEnded());
    given(declared(), runStarted(), guessed)
      .when(endRun({ interrupted: true }))
      .thenRefused('conflict');
    given(declared(), runStarted(), runEnded())
      .when(endRun({ interrupted: true }))
      .thenRefused('conflict');
  });
  it('keep a step from being marked while it runs', () => {
    const data = { step: 'get-pods', sequence: 'any', text: 'get-pods' };
    given(declared(), runStarted())
      .when({ type: 'MarkStepDone', data })
      .thenRefused('conflict', /running/);
    given(declared(), runStarted())
      .when({ type: 'SkipStep', data })
      .thenRefused('conflict', /running/);
  });
});

describe('steps, items, notes and values', () => {
  it('are marked once', () => {
    const data = { step: 'grafana', sequence: 'any', text: 'grafana' };
    given(declared())
      .when({ type: 'MarkStepDone', data: { ...data, note: ' ' } })
      .then(stepDone('grafana'));
    given(declared(), stepDone('grafana')).when({ type: 'MarkStepDone', data }).thenRefused('conflict');
    given(declared(), stepDone('grafana')).when({ type: 'SkipStep', data }).then(fact('StepSkipped', data));
    given(declared(), fact('StepSkipped', data)).when({ type: 'SkipStep', data }).thenRefused('conflict');
    const item = { item: 'escalate', text: 'Escalate' };
    given(declared()).when({ type: 'MarkItemDone', data: item }).then(fact('GuideItemDone', item));
    given(declared(), itemDone('escalate'))
      .when({ type: 'MarkItemDone', data: item })
      .thenRefused('conflict');
  });
  it('are ticked once and unticked once', () => {
    const data = { item: 'logs', text: 'logs' };
    given(declared()).when({ type: 'TickItem', data }).then(ticked('logs'));
    given(declared(), ticked('logs'))
      .when({ type: 'TickItem', data })
      .thenRefused('conflict', /ticked already/);
    given(declared())
      .when({ type: 'UntickItem', data })
      .thenRefused('conflict', /not ticked/);
    given(declared(), ticked('logs'))
      .when({ type: 'UntickItem', data })
      .then(fact('ChecklistItemUnticked', data));
  });
  it('take ids that every object has as what they are', () =>
    given(declared())
      .when({ type: 'TickItem', data: { item: 'constructor', text: 'x' } })
      .then(ticked('constructor', 'x')));
  it('are refused when empty', () => {
    given(declared()).when(addNote(' \n')).thenRefused('invalid', /empty/);
    given(declared())
      .when({ type: 'PostUpdate', data: { text: '' } })
      .thenRefused('invalid', /empty/);
    given(declared())
      .when({ type: 'SetValue', data: { name: 'pod', value: ' ' } })
      .thenRefused('invalid', /pod/);
  });
  it('set to the same value change nothing', () =>
    given(declared(), fact('ValueSet', { name: 'pod', value: 'a' }))
      .when({ type: 'SetValue', data: { name: 'pod', value: 'a' } })
      .then());
  it('are taken back only where they are set', () => {
    const clear = { type: 'ClearValue', data: { name: 'pod' } } as const;
    given(declared(), fact('ValueSet', { name: 'pod', value: 'a' }))
      .when(clear)
      .then(fact('ValueCleared', { name: 'pod' }));
    given(declared()).when(clear).then();
    given(declared())
      .when({ type: 'ClearValue', data: { name: 'constructor' } })
      .then();
  });
  it('number updates by themselves', () =>
    given(declared(), updated(1), updated(4))
      .when({ type: 'PostUpdate', data: { text: 'x' } })
      .then(updated(5, 'x')));
});

describe('a resolved incident', () => {
  const over = [declared(), resolved()];

  it('came from an active one', () => {
    given(declared())
      .when(resolve({ cause: ' OOM ', impact: '', resolution: 'scaled' }))
      .then(resolved({ cause: 'OOM', resolution: 'scaled' }));
    given(...over)
      .when(resolve())
      .thenRefused('conflict', /reopen it first/);
  });
  it('takes nothing more that acts on production or runs a clock', () => {
    for (const command of [
      startRun(),
      { type: 'Acknowledge' },
      { type: 'SetValue', data: { name: 'pod', value: 'x' } },
      { type: 'PinTarget', data: { target: {} } },
    ] as const) {
      given(...over)
        .when(command)
        .thenRefused('conflict', /resolved at 10:31 UTC/);
    }
  });
  it('can still have its record completed', () => {
    given(...over)
      .when(addNote('Learned later'))
      .then(noted('Learned later'));
    given(...over)
      .when(setOnset(after(-3)))
      .then(fact('OnsetSet', { at: after(-3) }));
    given(declared(), runStarted(), resolved()).when(endRun()).then(runEnded());
    const drafted = { file: 'postmortems/x.md', sha256: 'aa' };
    given(...over)
      .when({ type: 'RecordPostMortem', data: drafted })
      .then(fact('PostMortemDrafted', drafted));
    given(...over)
      .when({ type: 'EnterPhase', data: { phase: 'post-mortem', name: 'Post-Mortem' } })
      .then(entered('post-mortem', 'Post-Mortem'));
  });
  it('can be reopened, once', () => {
    given(...over)
      .when({ type: 'Reopen', data: {} })
      .then(reopened());
    given(declared())
      .when({ type: 'Reopen', data: {} })
      .thenRefused('conflict', /not resolved/);
    given(...over, reopened())
      .when({ type: 'Reopen', data: {} })
      .thenRefused('conflict');
    given(...over, reopened())
      .when(startRun())
      .then(runStarted());
  });
});
