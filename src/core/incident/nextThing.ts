import type {
  ChecklistItem,
  Escalation,
  Guide,
  Phase,
  PhasePart,
  Question,
  SlashAct,
  Step,
  StepSequence,
  Template,
} from '../guide/guide.ts';
import { soakNow } from '../resolution/foldResolution.ts';
import { isSeenGood } from '../resolution/resolutionState.ts';
import type { Soak } from '../resolution/soak.ts';
import { clocksOf } from './clocks.ts';
import type { Incident } from './incident.ts';
import {
  chosenOptions,
  escalationOf,
  isAnswered,
  isDeclareAct,
  isEscalated,
  isItemDone,
  isStepSettled,
  isTicked,
  nextStepOf,
  partProgress,
  phaseOf,
  severityOf,
  stepState,
} from './progress.ts';
import type { OptionPart } from './progress.ts';

/** What `Continue` starts. `item` is the id to send with MarkItemDone once it is done. */
export type NextThing =
  | { readonly kind: 'acknowledge' }
  | { readonly kind: 'act'; readonly act: SlashAct; readonly item: string }
  /** Done by calling everybody the row names. */
  | { readonly kind: 'escalate'; readonly row: Escalation }
  | { readonly kind: 'step'; readonly sequence: StepSequence; readonly step: Step }
  | { readonly kind: 'question'; readonly question: Question }
  /** Without a template when the guide has a cadence alone. */
  | { readonly kind: 'update'; readonly template: Template | undefined }
  | { readonly kind: 'choose-option'; readonly options: readonly OptionPart[] }
  | { readonly kind: 'mark-mitigated' }
  | { readonly kind: 'checklist'; readonly item: ChecklistItem }
  | { readonly kind: 'message'; readonly template: Template; readonly item: string }
  /** Resolved, if nothing comes back: checks keep running. */
  | { readonly kind: 'soak' }
  /** Something came back within the soak window. */
  | { readonly kind: 'relapse' }
  | { readonly kind: 'resolve' }
  | { readonly kind: 'post-mortem' }
  | { readonly kind: 'next-phase'; readonly phase: Phase }
  | { readonly kind: 'nothing' };

/**
 * The guide's next unfinished thing in the incident's present phase, in guide order. Two things jump the queue: an
 * acknowledgement while the response clock runs, and an update that is overdue. `now` is UTC ISO 8601.
 */
export function nextThing(incident: Incident, guide: Guide | undefined, now: string): NextThing {
  const isActive = incident.status === 'active';
  if (isActive && incident.acknowledgedAt === undefined && severityOf(incident, guide)?.responseMinutes) {
    return { kind: 'acknowledge' };
  }
  if ((clocksOf(incident, guide, now).update?.overdueMs ?? 0) > 0) {
    return { kind: 'update', template: guide?.templates.find(({ kind }) => kind === 'update') };
  }
  const soak = isActive ? soakNow(incident) : undefined;
  if (soak) return soak.state === 'passed' ? { kind: 'resolve' } : { kind: soakKind(soak) };
  const phase = phaseOf(incident, guide);
  if (!guide || !phase) return atTheEnd(incident);
  if (isActive && phase.kind === 'post-mortem') return { kind: 'resolve' };

  for (const part of phase.parts) {
    const thing =
      part.kind === 'option' ? nextInOptions(incident, phase, part) : nextInPart(incident, guide, part);
    if (thing) return thing;
  }
  if (phase.kind === 'mitigation' && isActive && incident.mitigatedAt === undefined) {
    return { kind: 'mark-mitigated' };
  }
  const later = guide.phases.slice(guide.phases.indexOf(phase) + 1);
  const [next] = later;
  if (isActive && later.every(({ kind }) => kind === 'post-mortem')) return { kind: 'resolve' };
  return next ? { kind: 'next-phase', phase: next } : atTheEnd(incident);
}

const soakKind = ({ state }: Soak): 'soak' | 'relapse' => (state === 'relapsed' ? 'relapse' : 'soak');

function atTheEnd(incident: Incident): NextThing {
  if (incident.status === 'active' || incident.postMortem !== undefined) return { kind: 'nothing' };
  return { kind: 'post-mortem' };
}

function nextInPart(incident: Incident, guide: Guide, part: PhasePart): NextThing | undefined {
  switch (part.kind) {
    case 'act':
      return isDeclareAct(part.act) || isItemDone(incident, part.act.id)
        ? undefined
        : { kind: 'act', act: part.act, item: part.act.id };
    case 'escalation': {
      const row = escalationOf(incident, guide);
      return row && !isEscalated(incident, part, row) ? { kind: 'escalate', row } : undefined;
    }
    case 'steps': {
      const step = nextStepOf(incident, part.steps);
      return step && { kind: 'step', sequence: part, step };
    }
    case 'questions': {
      const question = part.questions.find(({ id }) => !isAnswered(incident, id));
      return question && { kind: 'question', question };
    }
    case 'checklist': {
      const item = part.items.find(({ id }) => !isTicked(incident, id) && !isSeenGood(incident, id));
      return item && { kind: 'checklist', item };
    }
    case 'template':
      return nextInTemplate(incident, guide, part);
    case 'option':
    case 'deadlines':
    case 'reading':
      return undefined;
  }
}

function nextInTemplate(
  incident: Incident,
  guide: Guide,
  part: Extract<PhasePart, { kind: 'template' }>,
): NextThing | undefined {
  const { done, total } = partProgress(incident, guide, part);
  if (done === total) return undefined;
  const { template } = part;
  switch (template.kind) {
    case 'update':
      // Nobody waits for another "we are looking into it" once it is over.
      return incident.status === 'active' ? { kind: 'update', template } : undefined;
    case 'resolution':
      return { kind: 'message', template, item: template.id };
    case 'post-mortem':
      return { kind: 'post-mortem' };
    case 'other':
      return undefined;
  }
}

/** Options are alternatives: they are one thing, met at the first of them. */
function nextInOptions(incident: Incident, phase: Phase, part: OptionPart): NextThing | undefined {
  const options = phase.parts.filter((one) => one.kind === 'option');
  if (part !== options[0] || incident.mitigatedAt !== undefined || incident.status === 'resolved') {
    return undefined;
  }
  const [chosen] = chosenOptions(incident, phase);
  if (!chosen) return { kind: 'choose-option', options };
  if (isItemDone(incident, chosen.id)) return { kind: 'mark-mitigated' };
  // A step that still runs stays the next thing: whether it mitigates is not known before it ends.
  const step =
    chosen.steps.find(({ id }) => stepState(incident, id) === 'running') ??
    chosen.steps.find(({ id }) => !isStepSettled(incident, id));
  return step ? { kind: 'step', sequence: chosen, step } : { kind: 'mark-mitigated' };
}
