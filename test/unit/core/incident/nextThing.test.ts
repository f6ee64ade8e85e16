import assert from 'node:assert/strict';
import type { Guide } from '../../../../src/core/guide/guide.ts';
import type { Fact } from '../../../../src/core/incident/events.ts';
import { nextThing, passedOverFor } from '../../../../src/core/incident/nextThing.ts';
import { partProgress, phaseOf } from '../../../../src/core/incident/progress.ts';
import { renderNextThing, renderPassedOver, whyNextThing } from '../../../../src/core/views/nextThingText.ts';
import {
  acknowledged,
  aGuide,
  after,
  answered,
  declared,
  entered,
  fact,
  incidentOf,
  itemDone,
  reopened,
  resolved,
  runEnded,
  runStarted,
  step,
  stepDone,
  ticked,
  updated,
} from '../../../support/builders.ts';
import { observe, podTable } from '../judge/judging.ts';

const guide = aGuide();
const start = [declared(), acknowledged()];
const inPhase = (id: string, ...more: Fact[]) => incidentOf(...start, entered(id), ...more);
const next = (incident: ReturnType<typeof incidentOf>, now = after(10), of: Guide | undefined = guide) =>
  renderNextThing(nextThing(incident, of, now));
const ran = (
  step: string,
  sequence: string,
  end: Parameters<typeof runEnded>[0] = {},
  risk = 'read' as const,
) => [runStarted({ run: `run-${step}`, step, sequence, risk }), runEnded({ run: `run-${step}`, ...end })];

describe('the next thing', () => {
  it('walks the whole guide in its order', () => {
    const facts: Fact[] = [declared(), entered('triage', 'Triage')];
    const seen: string[] = [];
    for (let i = 0; i < 40; i++) {
      const thing = nextThing(incidentOf(...facts), guide, after(2));
      seen.push(renderNextThing(thing));
      if (thing.kind === 'nothing') break;
      switch (thing.kind) {
        case 'acknowledge':
          facts.push(acknowledged());
          break;
        case 'escalate':
          facts.push(fact('PeopleEscalated', { level: 1, severity: 'SEV2', roles: thing.row.roles }));
          break;
        case 'act':
        case 'message':
          facts.push(itemDone(thing.item));
          break;
        case 'step':
          facts.push(stepDone(thing.step.id));
          break;
        case 'question':
          facts.push(answered(thing.question.id, thing.question.text, 'yes'));
          break;
        case 'update':
          facts.push(updated(1));
          break;
        case 'choose-option':
          assert.deepEqual(
            thing.options.map(({ label }) => label),
            ['A', 'B'],
          );
          facts.push(...ran('scale', 'option-b'));
          break;
        case 'mark-mitigated':
          facts.push(fact('MitigatedMarked', { at: after(1) }));
          break;
        case 'checklist':
          facts.push(ticked(thing.item.id));
          break;
        case 'soak':
        case 'relapse':
          throw new Error('No soak window was started.');
        case 'resolve':
          facts.push(resolved());
          break;
        case 'post-mortem':
          facts.push(fact('PostMortemDrafted', { file: 'f.md', sha256: 'a' }));
          break;
        case 'next-phase':
          facts.push(entered(thing.phase.id, thing.phase.name));
          break;
      }
    }
    assert.deepEqual(seen, [
      'Acknowledge',
      'Escalate to Tech Lead',
      'Go on to Diagnosis',
      'Check pods',
      'Look at Grafana',
      'When did it start?',
      'Was there a deploy?',
      'Post an update',
      'Go on to Mitigation',
      'Choose how to mitigate',
      'Mark mitigated',
      'Go on to Resolution',
      'Check: Metrics are normal',
      'Check: Logs show no errors',
      'Send “The resolution message”',
      '/statuspage update "Words"',
      'Resolve',
      'Go on to Post-mortem',
      'Draft the post-mortem',
      'Nothing left to do',
    ]);
  });

  it('is an overdue update wherever the incident is, and the guide again once it is sent', () => {
    const mitigating = inPhase('mitigation');
    assert.equal(next(mitigating, after(14)), 'Choose how to mitigate');
    assert.equal(next(mitigating, after(16)), 'Post an update');
    assert.equal(next(inPhase('mitigation', updated(1)), after(16)), 'Choose how to mitigate');
  });

  it('asks for no acknowledgement where the guide gives no time', () => {
    assert.equal(next(incidentOf(declared({ severity: 'SEV3' }))), 'Go on to Diagnosis');
  });

  it('escalates again when the severity rises', () => {
    const done = [...start, itemDone('escalate/SEV2')];
    assert.equal(next(incidentOf(...done)), 'Go on to Diagnosis');
    const risen = incidentOf(...done, fact('SeverityChanged', { severity: 'SEV1' }));
    assert.equal(next(risen), 'Escalate to Tech Lead + CTO');
  });

  it('stays at a step that failed, and goes past one that runs, was skipped, or found nothing', () => {
    const failed = { outcome: { kind: 'failed', exitCode: 1, message: 'No.' } } as const;
    assert.equal(next(inPhase('diagnosis', ...ran('get-pods', 'collect', failed))), 'Check pods');
    assert.equal(next(inPhase('diagnosis', runStarted())), 'Look at Grafana');
    const skipped = fact('StepSkipped', { step: 'get-pods', sequence: 'collect', text: 'x' });
    assert.equal(next(inPhase('diagnosis', skipped)), 'Look at Grafana');
    const nothing = { outcome: { kind: 'no-match' } } as const;
    assert.equal(next(inPhase('diagnosis', ...ran('get-pods', 'collect', nothing))), 'Look at Grafana');
  });

  it('takes a stopped read as done: a followed log has no other end', () => {
    const stopped = { outcome: { kind: 'stopped' } } as const;
    assert.equal(next(inPhase('diagnosis', ...ran('get-pods', 'collect', stopped))), 'Look at Grafana');
  });

  it('goes through the steps of the option touched last', () => {
    const two = [
      ...ran('rollback', 'option-a'),
      runStarted({ run: 'r9', step: 'scale', sequence: 'option-b', text: 'scale' }),
    ];
    assert.equal(next(inPhase('mitigation', ...two)), 'scale');
    assert.equal(next(inPhase('mitigation', itemDone('option-a'))), 'Mark mitigated');
    const gone = inPhase('mitigation', fact('MitigatedMarked', { at: after(1) }));
    assert.equal(next(gone), 'Go on to Resolution');
  });

  it('does not choose an option by skipping a step of it', () => {
    const skipped = fact('StepSkipped', { step: 'rollback', sequence: 'option-a', text: 'x' });
    assert.equal(next(inPhase('mitigation', skipped)), 'Choose how to mitigate');
  });

  it('resolves before the post-mortem when somebody jumped ahead', () => {
    assert.equal(next(inPhase('post-mortem')), 'Resolve');
  });

  it('goes on in the phase it was in after a reopen', () => {
    const again = inPhase('resolution', resolved(), reopened());
    assert.equal(next(again), 'Check: Metrics are normal');
  });

  it('calls nobody and tries nothing once it is over, wherever it was: it tells, and goes to the post-mortem', () => {
    for (const phase of ['triage', 'diagnosis', 'mitigation']) {
      const over = [declared(), entered(phase), resolved()] as const;
      assert.equal(next(incidentOf(...over)), 'Send “The resolution message”');
      const told = [...over, itemDone('resolution'), itemDone('statuspage-update')];
      assert.equal(next(incidentOf(...told)), 'Go on to Post-mortem');
      const drafted = fact('PostMortemDrafted', { file: 'f.md', sha256: 'a' });
      assert.equal(next(incidentOf(...told, drafted)), 'Nothing left to do');
    }
  });

  it('is the post-mortem or nothing without a guide', () => {
    const without = (...facts: Fact[]) =>
      renderNextThing(nextThing(incidentOf(...facts), undefined, after(1)));
    assert.equal(without(declared()), 'Nothing left to do');
    assert.equal(without(declared(), resolved()), 'Draft the post-mortem');
  });

  it('ends in Resolve in a guide that has one phase, or none that resolves', () => {
    const short = aGuide({ phases: guide.phases.slice(0, 1) });
    assert.equal(next(incidentOf(...start, itemDone('escalate/SEV2')), after(2), short), 'Resolve');
  });
});

describe('the next step of a runbook with conditions', () => {
  const look = step('look', { command: 'kubectl get pods -n production' });
  const crash = step('crash', { number: 2, text: 'Logs', condition: 'If pods in CrashLoopBackOff' });
  const unclear = step('unclear', { number: 3, text: 'Dig', condition: 'If the moon is full' });
  const pending = step('pending', { number: 4, text: 'Describe', condition: 'If pods pending' });
  const steps = [look, crash, unclear, pending];
  const [first] = guide.runbooks;
  assert.ok(first);
  const runbook = { ...first, id: 'conditions', title: 'Conditions', steps };
  const withRunbook = { ...guide, runbooks: [...guide.runbooks, runbook] };
  /** The runbook's look at pods in these states, as the last thing done. */
  const looked = (...states: string[]): Fact[] => {
    const { reading } = observe(look, podTable(...states));
    return [
      runStarted({ run: 'r1', step: 'look', sequence: 'conditions', command: look.command ?? '' }),
      runEnded({ run: 'r1', ...(reading ? { reading } : {}) }),
    ];
  };
  const called = fact('PeopleEscalated', { level: 1, severity: 'SEV2', roles: ['Tech Lead'] });
  const at = (...facts: Fact[]) => inPhase('diagnosis', called, ...facts);
  const offer = (incident: ReturnType<typeof at>, context = {}) =>
    nextThing(incident, withRunbook, after(10), context);
  const passed = (thing: ReturnType<typeof offer>) =>
    thing.kind === 'step' ? thing.passedOver.map((one) => one.step.id) : undefined;

  it('is the one that applies, the others in their order behind it', () => {
    const thing = offer(at(...looked('Pending', 'Running')));
    assert.equal(renderNextThing(thing), 'Describe');
    assert.deepEqual(passed(thing), ['crash']);
    assert.match(whyNextThing(thing).join('\n'), /^Applies: 1 of 2 pods is in Pending \(step 1, /);
    assert.match(whyNextThing(thing)[1] ?? '', /^Passed over: step 2, it does not apply: none of 2 pods/);
    const both = offer(at(...looked('Pending', 'CrashLoopBackOff')));
    assert.deepEqual([renderNextThing(both), passed(both)], ['Logs', []]);
  });

  it('leaves where it stands what nobody can tell, and passes over what does not apply', () => {
    const thing = offer(at(...looked('Running')));
    assert.equal(renderNextThing(thing), 'Dig');
    assert.match(whyNextThing(thing)[0] ?? '', /^Cannot tell, you decide: /);
    assert.deepEqual(passed(thing), ['crash', 'pending']);
    const blind = offer(
      at(runStarted({ run: 'r1', step: 'look', sequence: 'conditions' }), runEnded({ run: 'r1' })),
    );
    assert.deepEqual([renderNextThing(blind), passed(blind)], ['Logs', []]);
  });

  it('goes on with the guide when no other step may apply, and names those passed over', () => {
    const done = at(
      ...looked('Running'),
      fact('StepDone', { step: 'unclear', sequence: 'conditions', text: 'Dig' }),
    );
    assert.equal(renderNextThing(offer(done)), 'Check pods');
    assert.deepEqual(
      passedOverFor(done, withRunbook).map((one) => one.step.id),
      ['crash', 'pending'],
    );
    assert.deepEqual(renderPassedOver([]), []);
  });

  it('is of the runbook only while that is in hand', () => {
    const facts = looked('Pending');
    assert.equal(renderNextThing(offer(at(...facts, updated(1)))), 'Describe', 'an update is no other thing');
    const onward = at(...facts, answered('q-when', 'When did it start?', 'At 10:20'));
    assert.equal(renderNextThing(offer(onward)), 'Check pods');
    assert.equal(renderNextThing(offer(at(...facts, ...ran('get-pods', 'collect')))), 'Look at Grafana');
    assert.equal(renderNextThing(offer(at(...facts), { runbooks: [] })), 'Check pods');
    assert.equal(next(at(...facts), after(10), guide), 'Check pods', 'a runbook of another guide');
  });

  it('does not keep anybody from being called, nor an overdue update back', () => {
    const uncalled = incidentOf(...start, ...looked('Pending'));
    assert.equal(renderNextThing(offer(uncalled)), 'Escalate to Tech Lead');
    assert.equal(
      renderNextThing(nextThing(at(...looked('Pending')), withRunbook, after(16))),
      'Post an update',
    );
  });

  it('chooses within the steps of a phase and of an option too', () => {
    const phases = guide.phases.map((phase) =>
      phase.kind === 'diagnosis'
        ? {
            ...phase,
            parts: phase.parts.map((part) =>
              part.kind === 'steps' ? { ...part, id: 'conditions', steps } : part,
            ),
          }
        : phase,
    );
    const thing = nextThing(at(...looked('Pending')), { ...guide, phases }, after(10));
    assert.deepEqual([renderNextThing(thing), passed(thing)], ['Describe', ['crash']]);
  });
});

describe('the phase of an incident', () => {
  it('is the guide’s first until one is entered', () => {
    assert.equal(phaseOf(incidentOf(declared()), guide)?.id, 'triage');
    assert.equal(phaseOf(incidentOf(declared()), undefined), undefined);
  });
  it('is found by name in a guide whose ids changed, else it is the first', () => {
    assert.equal(phaseOf(incidentOf(declared(), entered('old-id', 'Mitigation')), guide)?.id, 'mitigation');
    assert.equal(phaseOf(incidentOf(declared(), entered('gone', 'Gone')), guide)?.id, 'triage');
  });
});

describe('progress of a part', () => {
  it('counts what is done, and nothing where there is nothing to do', () => {
    const part = (id: string) => guide.phases.flatMap(({ parts }) => parts).find((one) => one.id === id)!;
    const incident = inPhase('diagnosis', stepDone('grafana'), answered('q-when', 'When?', '10:00'));
    const of = (id: string) => Object.values(partProgress(incident, guide, part(id)));
    assert.deepEqual(of('collect'), [1, 2]);
    assert.deepEqual(of('questions'), [1, 2]);
    assert.deepEqual(of('create'), [1, 1]);
    assert.deepEqual(of('creates'), [0, 0]);
    assert.deepEqual(of('deadlines'), [0, 0]);
    assert.deepEqual(of('escalate'), [0, 1]);
    assert.deepEqual(of('update-part'), [0, 1]);
  });
});
