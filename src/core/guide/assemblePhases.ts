import type { Deadline, Phase, PhaseKind, PhasePart, Template } from './guide.ts';
import { slug } from './ids.ts';
import type { PhaseHeading } from './phases.ts';
import { readLooseParts, readPhaseParts, type PartDraft } from './phaseParts.ts';
import type { PartContext } from './readPart.ts';
import { isMarked, type Section } from './sections.ts';
import { numberSteps } from './steps.ts';

/** The parts of each phase, and those that belong to none. */
export interface GatheredParts {
  readonly byPhase: readonly (readonly PartDraft[])[];
  readonly loose: readonly PartDraft[];
}

/**
 * Reads every part of the file. What stands outside the phases (a checklist in a section of its own, an escalation
 * table beside the severities) goes to the end of the phase it is for, so that everything is reachable under one.
 */
export function gatherParts(
  root: Section,
  phases: readonly PhaseHeading[],
  context: PartContext,
): GatheredParts {
  const byPhase = phases.map((phase) => readPhaseParts(phase, context));
  const inPhase = new Set<Section>();
  for (const { section } of phases) for (const below of section.below) inPhase.add(below);
  const held = new Set<string>();
  phases.forEach(({ kind }, at) => {
    for (const part of byPhase[at] ?? []) held.add(`${kind} ${part.kind}`);
  });
  const isMissing = (phase: PhaseKind, part: PartDraft) => !held.has(`${phase} ${part.kind}`);
  const loose: PartDraft[] = [];
  for (const section of root.below) {
    if (inPhase.has(section) || section.content.length === 0) continue;
    const named = section.phaseLike;
    for (const part of readLooseParts(section, named === 'post-mortem' ? named : undefined, context)) {
      const kind = belongsTo(part, isMissing);
      if (kind === undefined) {
        if (part.kind === 'template' || part.kind === 'deadlines') loose.push(part);
        continue;
      }
      const at = phases.findIndex((phase) => phase.kind === kind);
      if (at >= 0) byPhase[at]?.push(part);
      else loose.push(part);
    }
  }
  return { byPhase, loose };
}

function belongsTo(
  part: PartDraft,
  isMissing: (phase: PhaseKind, part: PartDraft) => boolean,
): PhaseKind | undefined {
  const named = part.section.phaseLike;
  switch (part.kind) {
    case 'escalation':
      return 'triage';
    case 'deadlines':
      return 'post-mortem';
    case 'template': {
      const kinds = { update: 'diagnosis', resolution: 'resolution', 'post-mortem': 'post-mortem' } as const;
      return part.template.kind === 'other' ? undefined : kinds[part.template.kind];
    }
    case 'checklist':
      return isMarked(part.section, 'checklist') || (named === 'resolution' && isMissing('resolution', part))
        ? 'resolution'
        : undefined;
    case 'questions':
      return isMarked(part.section, 'questions') || (named === 'diagnosis' && isMissing('diagnosis', part))
        ? 'diagnosis'
        : undefined;
    case 'act':
      return /^(?:create|declare|open|start)$/i.test(part.act.verb) && isMissing('triage', part)
        ? 'triage'
        : undefined;
    case 'steps':
    case 'option':
    case 'reading':
      return undefined;
  }
}

export interface AssembledPhases {
  readonly phases: Phase[];
  /** Every template and deadline of the file by line, those outside phases included. */
  readonly templates: Template[];
  readonly deadlines: Deadline[];
}

/** Gives everything its id. */
export function assemblePhases(
  headings: readonly PhaseHeading[],
  parts: GatheredParts,
  ids: (wanted: string) => string,
): AssembledPhases {
  const templates: Template[] = [];
  const deadlines: Deadline[] = [];
  const finish = (draft: PartDraft, owner: string): PhasePart => {
    const { title, line } = draft;
    const id = ids(owner === '' ? slug(title) : `${owner}.${slug(title)}`);
    const base = { id, title, line };
    const lines = (items: readonly { text: string; line: number }[]) =>
      items.map((item, index) => ({ id: ids(`${id}.${String(index + 1)}`), ...item }));
    switch (draft.kind) {
      case 'steps':
        return { ...base, kind: 'steps', steps: numberSteps(id, draft.steps, ids) };
      case 'option': {
        const { label, condition, steps } = draft;
        return { ...base, kind: 'option', label, condition, steps: numberSteps(id, steps, ids) };
      }
      case 'questions':
        return { ...base, kind: 'questions', questions: lines(draft.items) };
      case 'checklist':
        return { ...base, kind: 'checklist', items: lines(draft.items) };
      case 'escalation':
        return { ...base, kind: 'escalation' };
      case 'act':
        return { ...base, kind: 'act', act: { id: ids(`${id}.act`), ...draft.act } };
      case 'template': {
        const name = draft.template.kind === 'other' ? slug(title) : draft.template.kind;
        const template = { id: ids(`${name}-template`), title, line, ...draft.template };
        templates.push(template);
        return { ...base, kind: 'template', template };
      }
      case 'deadlines':
        for (const deadline of draft.deadlines) deadlines.push(deadline);
        return { ...base, kind: 'deadlines', deadlines: draft.deadlines };
      case 'reading':
        return { ...base, kind: 'reading', items: draft.items };
    }
  };
  const phases = headings.map(({ section, name, number, clock, kind }, index): Phase => {
    const id = ids(slug(name));
    const held = (parts.byPhase[index] ?? []).map((draft) => finish(draft, id));
    return { id, kind, name, number, clock, line: section.line, parts: held };
  });
  for (const draft of parts.loose) finish(draft, '');
  const byLine = (a: { line: number }, b: { line: number }) => a.line - b.line;
  return { phases, templates: templates.sort(byLine), deadlines: deadlines.sort(byLine) };
}
