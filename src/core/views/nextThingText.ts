import type { PassedOver } from '../incident/nextStep.ts';
import type { NextThing } from '../incident/nextThing.ts';
import { renderVerdict } from './verdictText.ts';

/** What `Continue` would start, in a few words: for the tree and as the next step of an update. */
export function renderNextThing(thing: NextThing): string {
  switch (thing.kind) {
    case 'acknowledge':
      return 'Acknowledge';
    case 'act':
      return thing.act.text;
    case 'escalate':
      return `Escalate to ${thing.row.escalateTo}`;
    case 'step':
      return thing.step.text;
    case 'question':
      return thing.question.text;
    case 'update':
      return 'Post an update';
    case 'choose-option':
      return 'Choose how to mitigate';
    case 'mark-mitigated':
      return 'Mark mitigated';
    case 'checklist':
      return `Check: ${thing.item.text}`;
    case 'message':
      return `Send “${thing.template.title}”`;
    case 'soak':
      return 'Wait: the soak window runs';
    case 'relapse':
      return 'Reopen: it has come back';
    case 'resolve':
      return 'Resolve';
    case 'post-mortem':
      return 'Draft the post-mortem';
    case 'next-phase':
      return `Go on to ${thing.phase.name}`;
    case 'nothing':
      return 'Nothing left to do';
  }
}

/** Why a step is the next one: what was found of its condition, and which steps were passed over for it. */
export const whyNextThing = (thing: NextThing): readonly string[] =>
  thing.kind === 'step'
    ? [...(thing.judged ? [renderVerdict(thing.judged)] : []), ...renderPassedOver(thing.passedOver)]
    : [];

/** `Passed over: step 3, it does not apply: none of 5 pods is in Pending (step 1, 14:03 UTC)`; none where there is none. */
export const renderPassedOver = (steps: readonly PassedOver[]): readonly string[] =>
  steps.length === 0
    ? []
    : [
        `Passed over: ${steps
          .map(({ step, judged }) => `step ${step.number}, it does not apply: ${judged.because}`)
          .join('; ')}`,
      ];
