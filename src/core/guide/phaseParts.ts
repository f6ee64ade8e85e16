import { collectSteps, isRunnable, placedUnder, withoutColon, type Placed } from './collectSteps.ts';
import type { Deadline, PhaseKind, ReadingItem, SlashAct, TemplateKind } from './guide.ts';
import { findOptions } from './findSeries.ts';
import { classifyLists } from './lists.ts';
import { readPart, type PartContext, type Scope } from './readPart.ts';
import { isMarked, withoutNumber, type Section } from './sections.ts';
import type { StepDraft } from './steps.ts';

interface Line {
  readonly text: string;
  readonly line: number;
}

type Held =
  | { readonly kind: 'steps'; readonly steps: StepDraft[] }
  | {
      readonly kind: 'option';
      readonly label: string;
      readonly condition: string | undefined;
      readonly steps: StepDraft[];
    }
  | { readonly kind: 'questions' | 'checklist'; readonly items: Line[]; readonly root: number }
  | { readonly kind: 'escalation' }
  | { readonly kind: 'act'; readonly act: Omit<SlashAct, 'id'> }
  | { readonly kind: 'template'; readonly template: { readonly kind: TemplateKind; readonly text: string } }
  | { readonly kind: 'deadlines'; readonly deadlines: Deadline[] }
  | { readonly kind: 'reading'; readonly items: ReadingItem[]; readonly root: number };

/** A part that has no id yet. */
export type PartDraft = Held & { readonly section: Section; readonly title: string; readonly line: number };

/** Everything a phase holds, in guide order. */
export function readPhaseParts(
  phase: { readonly section: Section; readonly name: string; readonly kind: PhaseKind },
  context: PartContext,
): PartDraft[] {
  const parts: PartDraft[] = [];
  const scopeOf = (section: Section, title: string): Scope => ({
    section,
    title,
    phase: phase.kind,
    parts,
    context,
    lists: classifyLists(section),
  });
  const visit = (section: Section) => {
    const title = section === phase.section ? phase.name : withoutNumber(section.heading);
    readSection(scopeOf(section, title));
    const options = new Map(findOptions(section.children).map((option) => [option.section, option]));
    let marked = 0;
    for (const child of section.children) {
      const option = options.get(child);
      if (!option && !isMarked(child, 'option')) {
        visit(child);
        continue;
      }
      // Options without letters of their own get them in order, as people call them on the phone.
      const letter = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'[marked++] ?? String(marked);
      const named = option?.heading.name ?? withoutNumber(child.heading);
      readOption(child, named, option?.heading.label ?? letter, context, parts, scopeOf);
    }
  };
  visit(phase.section);
  return parts;
}

function readOption(
  section: Section,
  title: string,
  label: string,
  { report }: PartContext,
  parts: PartDraft[],
  scopeOf: (section: Section, title: string) => Scope,
): void {
  const placed = placedUnder(section);
  const lists = new Map(section.below.map((own) => [own, classifyLists(own)]));
  const isQuestion = ({ section: own, content }: Placed) =>
    content.kind === 'item' && ['questions', 'checklist'].includes(lists.get(own)?.get(content.root) ?? '');
  const [first] = section.content;
  const condition = first?.kind === 'paragraph' ? withoutColon(firstSentence(first.text)) : undefined;
  const isStep = ({ ordered }: { ordered: boolean }) => ordered;
  const acts = placed.filter((each) => !isQuestion(each));
  const steps = collectSteps(acts, { under: section, report, sentences: false, isStep });
  parts.push({ kind: 'option', label, condition, steps, section, title, line: section.line });
  let scope = scopeOf(section, title);
  for (const { section: own, content } of placed) {
    if (own !== scope.section) scope = scopeOf(own, title);
    const isAct = !isQuestion({ section: own, content });
    if (isAct && (isRunnable(own, content) || (content.kind === 'item' && content.ordered))) continue;
    readPart(scope, content, '');
  }
}

const firstSentence = (text: string): string =>
  /^[^]*?[.!。！](?=\s|$)/.exec(text)?.[0].replace(/[.。]$/, '') ?? text;

/** One heading's own content: commands and numbered items that follow each other are one part of steps. */
function readSection(scope: Scope): void {
  const { section, title, parts, context } = scope;
  let run: Placed[] = [];
  const closeRun = () => {
    if (run.length === 0) return;
    const isStep = ({ ordered }: { ordered: boolean }) => ordered;
    const steps = collectSteps(run, { under: section, report: context.report, sentences: false, isStep });
    const [first] = steps;
    if (first) parts.push({ kind: 'steps', steps, section, title, line: first.line });
    run = [];
  };
  let before = '';
  // A list with a command in it is a procedure as much as a numbered one.
  const procedures = new Set<number>();
  for (const content of section.content)
    if (content.kind === 'item' && isRunnable(section, content)) procedures.add(content.root);
  for (const content of section.content) {
    const kind = content.kind === 'item' ? scope.lists.get(content.root) : undefined;
    const inSteps =
      kind === 'steps' || (kind === 'other' && content.kind === 'item' && procedures.has(content.root));
    if (inSteps || (content.kind !== 'item' && isRunnable(section, content))) {
      run.push({ section, content });
    } else {
      if (content.kind !== 'paragraph') closeRun();
      readPart(scope, content, before);
    }
    before = content.kind === 'paragraph' || content.kind === 'item' ? content.text : '';
  }
  closeRun();
}

/** Parts that stand outside every phase, with what their own heading and marker say they are. */
export function readLooseParts(
  section: Section,
  phase: PhaseKind | undefined,
  context: PartContext,
): PartDraft[] {
  const parts: PartDraft[] = [];
  const title = withoutNumber(section.heading);
  const scope: Scope = { section, title, phase, parts, context, lists: classifyLists(section) };
  let before = '';
  for (const content of section.content) {
    readPart(scope, content, before);
    before = content.kind === 'paragraph' || content.kind === 'item' ? content.text : '';
  }
  return parts;
}
