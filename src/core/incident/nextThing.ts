import type {
  ChecklistItem,
  Escalation,
  Guide,
  Phase,
  PhasePart,
  Question,
  SlashAct,
  StepSequence,
  Template,
} from '../guide/guide.ts';
import { createJudge, type Judge } from '../judge/judgeStep.ts';
import { soakNow } from '../resolution/foldResolution.ts';
import { isSeenGood } from '../resolution/resolutionState.ts';
import type { Soak } from '../resolution/soak.ts';
import { clocksOf } from './clocks.ts';
import type { Incident } from './incident.ts';
import { nextStep, passedOver, type PassedOver, type StepOffer } from './nextStep.ts';
import {
  chosenOptions,
  escalationOf,
  isAnswered,
  isDeclareAct,
  isEscalated,
  isItemDone,
  isTicked,
  partProgress,
  phaseOf,
  severityOf,
  stepState,
} from './progress.ts';
import type { OptionPart } from './progress.ts';
import { sequenceInHand } from './sequenceInHand.ts';

/** What `Continue` starts. `item` is the id to send with MarkItemDone once it is done. */
export type NextThing =
  | { readonly kind: 'acknowledge' }
  | { readonly kind: 'act'; readonly act: SlashAct; readonly item: string }
  /** Done by calling everybody the row names. */
  | { readonly kind: 'escalate'; readonly row: Escalation }
  | ({ readonly kind: 'step'; readonly sequence: StepSequence } & StepOffer)
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

/** What else the next thing is found by. */
export interface NextContext {
  /** The one of whoever draws more than this; its own unless given. */
  readonly judge?: Judge;
  /** Runbooks that may be in hand: the guide's own unless given; none leaves the one in hand. */
  readonly runbooks?: readonly StepSequence[];
}

/**
 * The next unfinished thing: a step of the runbook in hand, else the guide's in the incident's present phase, in guide
 * order; of steps with a condition the one that applies first, and none that does not apply. Three things jump the queue:
 * an acknowledgement while the response clock runs, an update that is overdue, and an escalation. `now` is UTC ISO 8601.
 */
export function nextThing(
  incident: Incident,
  guide: Guide | undefined,
  now: string,
  { judge = createJudge(incident), runbooks = guide?.runbooks ?? [] }: NextContext = {},
): NextThing {
  const next = nextOfGuide(incident, guide, now, judge);
  if (incident.status !== 'active' || isUrgent(next, incident, guide, now)) return next;
  const runbook = runbookInHand(incident, runbooks);
  const offer = runbook && nextStep(incident, runbook.steps, judge);
  return offer ? { kind: 'step', sequence: runbook, ...offer } : next;
}

/**
 * The open steps that do not apply and were passed over on the way to the next thing: of the runbook in hand, and of the
 * steps of the present phase.
 */
export function passedOverFor(
  incident: Incident,
  guide: Guide | undefined,
  { judge = createJudge(incident), runbooks = guide?.runbooks ?? [] }: NextContext = {},
): readonly PassedOver[] {
  const runbook = runbookInHand(incident, runbooks);
  const parts = phaseOf(incident, guide)?.parts.filter(({ kind }) => kind === 'steps') ?? [];
  return [...(runbook ? [runbook] : []), ...parts].flatMap((one) =>
    'steps' in one ? passedOver(incident, one.steps, judge) : [],
  );
}

const runbookInHand = (incident: Incident, runbooks: readonly StepSequence[]): StepSequence | undefined => {
  const id = sequenceInHand(incident);
  return id === undefined ? undefined : runbooks.find((runbook) => runbook.id === id);
};

/** What must not wait for a runbook. */
const isUrgent = (next: NextThing, incident: Incident, guide: Guide | undefined, now: string): boolean =>
  next.kind === 'acknowledge' ||
  next.kind === 'escalate' ||
  (next.kind === 'update' && (clocksOf(incident, guide, now).update?.overdueMs ?? 0) > 0);

function nextOfGuide(incident: Incident, guide: Guide | undefined, now: string, judge: Judge): NextThing {
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
  if (!isActive) return nextAfterwards(incident, guide, phase, judge);
  if (phase.kind === 'post-mortem') return { kind: 'resolve' };

  for (const part of phase.parts) {
    const thing =
      part.kind === 'option'
        ? nextInOptions(incident, phase, part, judge)
        : nextInPart(incident, guide, part, judge);
    if (thing) return thing;
  }
  if (phase.kind === 'mitigation' && incident.mitigatedAt === undefined) {
    return { kind: 'mark-mitigated' };
  }
  const later = guide.phases.slice(guide.phases.indexOf(phase) + 1);
  const [next] = later;
  if (later.every(({ kind }) => kind === 'post-mortem')) return { kind: 'resolve' };
  return next ? { kind: 'next-phase', phase: next } : atTheEnd(incident);
}

/** Once it is over nobody is called and nothing is tried any more: others are told, and the post-mortem is written. */
function nextAfterwards(incident: Incident, guide: Guide, phase: Phase, judge: Judge): NextThing {
  const nextIn = (kind: Phase['kind'], kinds: readonly PhasePart['kind'][]): NextThing | undefined => {
    for (const part of guide.phases.filter((one) => one.kind === kind).flatMap(({ parts }) => parts)) {
      const thing = kinds.includes(part.kind) ? nextInPart(incident, guide, part, judge) : undefined;
      if (thing) return thing;
    }
    return undefined;
  };
  const untold = nextIn('resolution', ['act', 'template']);
  if (untold) return untold;
  const last = guide.phases.find(({ kind }) => kind === 'post-mortem');
  if (last && last !== phase && incident.postMortem === undefined) return { kind: 'next-phase', phase: last };
  return nextIn('post-mortem', ['act', 'template', 'checklist']) ?? atTheEnd(incident);
}

const soakKind = ({ state }: Soak): 'soak' | 'relapse' => (state === 'relapsed' ? 'relapse' : 'soak');

function atTheEnd(incident: Incident): NextThing {
  if (incident.status === 'active' || incident.postMortem !== undefined) return { kind: 'nothing' };
  return { kind: 'post-mortem' };
}

function nextInPart(incident: Incident, guide: Guide, part: PhasePart, judge: Judge): NextThing | undefined {
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
      const offer = nextStep(incident, part.steps, judge);
      return offer && { kind: 'step', sequence: part, ...offer };
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
function nextInOptions(
  incident: Incident,
  phase: Phase,
  part: OptionPart,
  judge: Judge,
): NextThing | undefined {
  const options = phase.parts.filter((one) => one.kind === 'option');
  if (part !== options[0] || incident.mitigatedAt !== undefined) return undefined;
  const [chosen] = chosenOptions(incident, phase);
  if (!chosen) return { kind: 'choose-option', options };
  if (isItemDone(incident, chosen.id)) return { kind: 'mark-mitigated' };
  // A step that still runs stays the next thing: whether it mitigates is not known before it ends.
  const running = chosen.steps.find(({ id }) => stepState(incident, id) === 'running');
  const offer = running
    ? { step: running, judged: judge(running, chosen.steps), passedOver: [] }
    : nextStep(incident, chosen.steps, judge);
  return offer ? { kind: 'step', sequence: chosen, ...offer } : { kind: 'mark-mitigated' };
}
