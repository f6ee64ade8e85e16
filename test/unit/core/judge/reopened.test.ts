import { isKnown } from '../../../../src/core/incident/evolve.ts';
import type { Fact } from '../../../../src/core/incident/events.ts';
import type { Incident } from '../../../../src/core/incident/incident.ts';
import { fact, incidentOf, reopened, resolved, runEnded, runStarted } from '../../../support/builders.ts';
import { given } from '../incident/given.ts';
import { crashing, incidentAfter, isVerdict, judge, observe, pods, target, when, worked } from './judging.ts';

describe('what was seen before an incident was reopened', () => {
  const before: readonly Fact[] = incidentAfter([pods, crashing]).events.filter(isKnown);
  const again = (run: string): readonly Fact[] => [
    runStarted({ run, step: pods.id, command: pods.command ?? '', target }),
    runEnded({ run, outcome: worked, reading: observe(pods, crashing).reading! }),
  ];
  const soak = fact('SoakStarted', { soak: 'soak-1', durationMs: 600_000, then: 'resolve' });
  const isSeen = (incident: Incident): void =>
    isVerdict(judge('If pods in CrashLoopBackOff', incident), 'applies', /^3 of 5/);
  const isUnseen = (incident: Incident): void =>
    isVerdict(judge('If pods in CrashLoopBackOff', incident), 'cannot-tell', /no run has looked yet/);

  it('decides nothing after it, until a run has looked again', () => {
    isSeen(incidentOf(...before, resolved()));
    isUnseen(incidentOf(...before, resolved(), reopened()));
    isSeen(incidentOf(...before, resolved(), reopened(), ...again('again')));
    isUnseen(incidentOf(...before, resolved(), reopened(), ...again('again'), resolved(), reopened()));
  });

  it('decides nothing where it was reopened out of the time it was watched for', () => {
    isSeen(incidentOf(...before, soak));
    isUnseen(incidentOf(...before, soak, reopened()));
  });

  it('is of before where the run began before and ended after', () => {
    const [start, end] = again('slow');
    isUnseen(incidentOf(...before, resolved(), start!, reopened(), end!));
  });

  it('counts where the incident was not over, or somebody else had reopened it already', () => {
    isSeen(incidentOf(...before, reopened()));
    isSeen(incidentOf(...before, soak, fact('SoakCancelled', {}), reopened()));
    isSeen(incidentOf(...before, resolved(), reopened(), ...again('again'), reopened()));
  });

  describe('and kept as a value', () => {
    const set = (value: string, run?: string): Fact =>
      fact('ValueSet', { name: 'troubled', value, ...(run === undefined ? {} : { run }) });
    const many = (incident: Incident) => when('$troubled > 2', incident);
    const captured = [...before, set('3', 'run-0')];

    it('decides nothing either, until it was seen again', () => {
      isVerdict(many(incidentOf(...captured)), 'applies', /^troubled is 3/);
      const over = [...captured, resolved(), reopened()];
      isVerdict(many(incidentOf(...over)), 'cannot-tell', /^troubled was seen elsewhere, or before/);
      isVerdict(many(incidentOf(...over, ...again('again'), set('5', 'again'))), 'applies', /^troubled is 5/);
      const cleared = incidentOf(...over, fact('ValueCleared', { name: 'troubled' }));
      isVerdict(many(cleared), 'cannot-tell', /^troubled has no value yet/);
    });

    it('decides nothing once another target was pinned', () => {
      const elsewhere = fact('TargetPinned', { target: { ...target, namespace: 'payments' } });
      isVerdict(many(incidentOf(...captured, elsewhere)), 'cannot-tell', /^troubled was seen elsewhere/);
    });

    it('still counts where a person gave it', () => {
      isVerdict(many(incidentOf(...before, set('3'), resolved(), reopened())), 'applies', /^troubled is 3/);
    });

    it('is stated once more when the same is seen again, and not otherwise', () => {
      const see = (run: string) =>
        ({ type: 'SetValue', data: { name: 'troubled', value: '3', run } }) as const;
      given(...captured)
        .when(see('run-0'))
        .then();
      given(...captured, resolved(), reopened(), ...again('again'))
        .when(see('again'))
        .then(set('3', 'again'));
    });
  });
});
