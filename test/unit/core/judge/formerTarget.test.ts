import type { IncidentEvent } from '../../../../src/core/incident/events.ts';
import { isKnown } from '../../../../src/core/incident/evolve.ts';
import type { Incident } from '../../../../src/core/incident/incident.ts';
import type { Target } from '../../../../src/core/plan/plan.ts';
import { fact as event, incidentOf, runEnded, runStarted } from '../../../support/builders.ts';
import {
  crashing,
  incidentAfter,
  isVerdict,
  judge,
  observe,
  pods,
  target as pinned,
  worked,
} from './judging.ts';

const factsOf = ({ events }: Incident): readonly IncidentEvent[] => events.filter(isKnown);

describe('what was seen of another target than the pinned one', () => {
  it('counts no run on another cluster than the incident is pinned to now', () => {
    const incident = { ...incidentAfter([pods, crashing]), target: { context: 'staging' } };
    isVerdict(judge('If pods in CrashLoopBackOff', incident), 'cannot-tell', /no run has looked yet/);
  });

  const whole: Target = {
    ...pinned,
    server: 'https://prod.example',
    argoCdServer: 'https://argo.example',
    awsProfile: 'prod',
    awsRegion: 'eu-central-1',
  };
  const elsewhere: readonly (readonly [what: string, target: Target])[] = [
    ['cluster', { ...whole, context: 'staging' }],
    ['server of the same context', { ...whole, server: 'https://other.example' }],
    ['namespace', { ...whole, namespace: 'payments' }],
    ['AWS account', { ...whole, awsProfile: 'other' }],
    ['AWS region', { ...whole, awsRegion: 'eu-west-1' }],
    ['Argo CD server', { ...whole, argoCdServer: 'https://other.example' }],
  ];
  for (const [what, target] of elsewhere)
    it(`counts no run from before the incident was pinned to another ${what}`, () => {
      const events = factsOf(incidentAfter([pods, crashing]));
      const after = incidentOf(
        ...events,
        event('TargetPinned', { target: whole }),
        ...events.slice(1),
        event('TargetPinned', { target }),
      );
      isVerdict(judge('If pods in CrashLoopBackOff', after), 'cannot-tell', /no run has looked yet/);
      const looked = incidentOf(
        ...factsOf(after),
        runStarted({ run: 'again', step: pods.id, command: pods.command ?? '', target }),
        runEnded({ run: 'again', outcome: worked, reading: observe(pods, crashing).reading! }),
      );
      isVerdict(judge('If pods in CrashLoopBackOff', looked), 'applies', /^3 of 5/);
      const back = incidentOf(...factsOf(after), event('TargetPinned', { target: pinned }));
      isVerdict(judge('If pods in CrashLoopBackOff', back), 'cannot-tell', /no run has looked yet/);
    });

  it('counts a run that ended after another target was pinned for one of where it began', () => {
    const events = factsOf(incidentAfter([pods, crashing]));
    const [end, ...before] = [...events].reverse();
    const after = incidentOf(
      ...before.reverse(),
      event('TargetPinned', { target: { context: 'prod', namespace: 'payments' } }),
      end!,
    );
    isVerdict(judge('If pods in CrashLoopBackOff', after), 'cannot-tell', /no run has looked yet/);
  });

  it('counts what was seen before AWS and Argo CD were pinned too', () => {
    const events = factsOf(incidentAfter([pods, crashing]));
    const after = incidentOf(...events, event('TargetPinned', { target: whole }));
    isVerdict(judge('If pods in CrashLoopBackOff', after), 'applies', /^3 of 5/);
  });

  it('counts what was seen before the same place was pinned once more', () => {
    const again = event('TargetPinned', { target: { ...pinned, currentContext: 'staging' } });
    const after = incidentOf(...factsOf(incidentAfter([pods, crashing])), again);
    isVerdict(judge('If pods in CrashLoopBackOff', after), 'applies', /^3 of 5/);
  });
});
