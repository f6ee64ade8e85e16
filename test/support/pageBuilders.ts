import type { Step } from '../../src/core/guide/guide.ts';
import { runbookPageState } from '../../src/core/views/runbookPage.ts';
import type {
  PageTarget,
  RunbookPageInput,
  RunbookPageState,
} from '../../src/core/views/runbookPageState.ts';
import { aGuide, declared, incidentOf } from './builders.ts';

export const pagePin: PageTarget = {
  context: 'sim',
  namespace: 'production',
  server: undefined,
  argoCdServer: undefined,
  awsProfile: undefined,
  awsRegion: undefined,
  warning: undefined,
};

/** The page of these steps with an active incident, a pin and trust, unless told otherwise. */
export const pageOf = (steps: readonly Step[], more: Partial<RunbookPageInput> = {}): RunbookPageState =>
  runbookPageState({
    incident: incidentOf(declared()),
    guide: aGuide(),
    severities: aGuide().severities,
    sequence: { id: 'runbook-503', title: 'Service Unavailable (503)', line: 187, steps },
    target: pagePin,
    trusted: true,
    clocks: {},
    tails: () => ({ tail: '', lines: 0 }),
    runningHere: () => false,
    planning: { readOnlyPrefixes: [] },
    ...more,
  });
