import type { Fence, Item, Paragraph } from './blocks.ts';
import { commandColumns, inlineSteps, rowSteps } from './inlineSteps.ts';
import { createOpenItems, type OpenItem } from './openItems.ts';
import type { Report } from './report.ts';
import { withoutNumber, type Content, type Section } from './sections.ts';
import { manualStep, parseSteps, type StepDraft } from './steps.ts';
import { alertPartLike, isExplaining } from './vocabulary.ts';

/** Content with the section it stands in. */
export interface Placed {
  readonly section: Section;
  readonly content: Content;
}

export interface CollectOptions {
  /** The heading the steps are collected for; the name of one below it is the text of its first bare command. */
  readonly under: Section;
  readonly report: Report;
  /** A command without a comment takes the sentence or bullet above it as its text. */
  readonly sentences: boolean;
  /** Whether this item is a step by itself when no command follows it. */
  readonly isStep: (item: Item, section: Section) => boolean;
  /** Whether a sentence is a step by itself; where left out none is. */
  readonly isProseStep?: (section: Section) => boolean;
}

/** Whether content holds something to run. */
export function isRunnable(section: Section, content: Content): boolean {
  switch (content.kind) {
    case 'fence':
      return content.use === 'steps';
    case 'item':
    case 'paragraph':
      return content.commands.length > 0 && !section.explains;
    case 'table':
      return !section.explains && commandColumns(content).length > 0;
  }
}

/** Every command under some headings as steps in order, with the list items that a person does by hand. */
export function collectSteps(placed: readonly Placed[], options: CollectOptions): StepDraft[] {
  const { under, report, sentences, isStep, isProseStep } = options;
  const drafts: StepDraft[] = [];
  const warnings: string[] = [];
  let waiting: StepDraft[] = []; // steps out of inline code, until it is known whether a fence right below repeats them
  let afterFence = false;
  let sentence: string | undefined;
  let section = under;
  // A list with a command in it is a procedure: what stands beside the command is to be done too.
  const procedures = new Set<number>();
  for (const { section: own, content } of placed)
    if (content.kind === 'item' && isRunnable(own, content)) procedures.add(content.list);

  const add = (draft: StepDraft): void => {
    if (warnings.length === 0) return void drafts.push(draft);
    const warned = warnings.splice(0).filter((text) => text !== draft.text && !draft.details.includes(text));
    drafts.push(warned.length > 0 ? { ...draft, details: [...warned, ...draft.details] } : draft);
  };
  const addWaiting = (): void => {
    if (waiting.length === 0) return;
    for (const draft of waiting.splice(0)) add(draft);
  };
  const items = createOpenItems((item) => add(manualStep(item.text, item.line, item.details)), addWaiting);
  const warn = (own: Section, { warns, text }: Item | Paragraph): void => {
    if (warns && !own.explains) warnings.push(withoutColon(text));
  };
  /** What nothing follows belongs to what stands above. */
  const warnLast = (): void => {
    if (warnings.length === 0) return;
    const last = drafts.pop();
    if (!last) return;
    const more = warnings.splice(0).filter((text) => text !== last.text && !last.details.includes(text));
    drafts.push(more.length > 0 ? { ...last, details: [...last.details, ...more] } : last);
  };
  const addInline = (content: Item | Paragraph, depth: number): void => {
    const { texts, condition } = items.above(depth);
    const last = afterFence ? drafts.at(-1) : undefined;
    for (const step of inlineSteps(content)) {
      if (last && repeats(last, step)) continue;
      const details = texts.filter((text) => text !== step.text);
      waiting.push({ ...step, details, condition: step.condition ?? condition });
    }
  };
  const readItem = (own: Section, content: Item): void => {
    items.closeTo(content.depth - 1);
    addWaiting();
    warn(own, content);
    const text = withoutColon(content.text);
    const { line, depth } = content;
    const open = (state: OpenItem['state'], step: boolean): void =>
      items.open({ text, line, depth, isStep: step, details: [], state });
    const parent = items.innermost();
    const beside = procedures.has(content.list) && !isLabelled(text);
    const owner = items.owner();
    if (isRunnable(own, content)) {
      addInline(content, depth - 1);
      open('led', false);
    } else if (owner) {
      owner.details.push(content.text);
      open('detail', false);
    } else if (parent?.state === 'led' && !beside && !content.ordered && !content.task && !content.warns) {
      const last = drafts.pop();
      if (last) drafts.push({ ...last, details: [...last.details, content.text] });
      open('detail', false);
    } else {
      const step = !content.warns && (parent?.state === 'parent' || beside || isStep(content, own));
      if (!step && sentences) sentence = text;
      open('untold', step);
    }
  };
  const readParagraph = (own: Section, content: Paragraph): void => {
    const runs = isRunnable(own, content);
    const isProse = !content.warns && content.depth === 0 && isProseStep?.(own) === true;
    const text = withoutColon(content.text);
    if (runs || isProse) items.closeTo(content.depth);
    addWaiting();
    warn(own, content);
    const owner = content.depth > 0 ? items.owner() : undefined;
    if (runs) {
      addInline(content, content.depth);
      items.lead();
    } else if (isProse) add(manualStep(text, content.line));
    else if (owner && !content.warns) owner.details.push(content.text);
    if (content.depth > 0 ? !owner : sentences && !items.owner()) sentence = text;
  };
  const readFence = (content: Fence): void => {
    items.closeTo(Math.max(content.depth, 1));
    if (content.problem !== undefined)
      report(content.openLine, 'fence-attributes', 'warning', content.problem);
    const place = items.forFence(content.depth, sentence);
    const [first, ...more] = parseSteps(content, report, place.text);
    if (!first) {
      addWaiting();
      return;
    }
    const above = place.own === undefined ? place.texts : [...place.texts, place.own];
    const details = [...above.filter((text) => text !== first.text), ...place.details];
    const adds = details.length > 0 || place.condition !== undefined;
    const steps = [
      adds
        ? { ...first, details: [...details, ...first.details], condition: first.condition ?? place.condition }
        : first,
      ...more,
    ];
    for (const draft of waiting.splice(0)) {
      const at = steps.findIndex((step) => repeats(step, draft));
      const step = steps[at];
      if (!step) add(draft);
      else if (step.text === firstLine(step))
        steps[at] = { ...step, text: draft.text, condition: step.condition ?? draft.condition };
    }
    for (const step of steps) add(step);
    sentence = undefined;
  };

  for (const { section: own, content } of placed) {
    if (own !== section) {
      items.closeTo(0);
      addWaiting();
      warnLast();
      section = own;
      sentence = own.alertPart ? undefined : withoutNumber(own.heading);
      afterFence = false;
    }
    switch (content.kind) {
      case 'item':
        readItem(own, content);
        break;
      case 'paragraph':
        readParagraph(own, content);
        break;
      case 'fence':
        if (content.use === 'steps') readFence(content);
        else addWaiting();
        if (content.use === 'acts') {
          items.closeTo(0);
          content.lines.forEach((line, index) => {
            if (line.trim() !== '') add(manualStep(line.trim(), content.line + index));
          });
        }
        break;
      case 'table': {
        if (!isRunnable(own, content)) break;
        items.closeTo(0);
        addWaiting();
        const columns = commandColumns(content);
        for (const row of content.rows) for (const step of rowSteps(content, row, columns)) add(step);
        break;
      }
    }
    afterFence = content.kind === 'fence' && content.use === 'steps';
  }
  items.closeTo(0);
  addWaiting();
  warnLast();
  return drafts;
}

/** "Severity: critical" describes; it is nothing to do. */
export function isLabelled(text: string): boolean {
  const label = /^[^:：]{1,40}(?=[:：])/u.exec(text)?.[0];
  return label !== undefined && isExplaining(label, alertPartLike(label));
}

const plain = (command: string): string => command.trim().replace(/\s+/g, ' ');
const firstLine = ({ command = '' }: StepDraft): string =>
  (command.split('\n').find((line) => line.trim() !== '') ?? '').trim();

/** Whether a step's command has this one among its lines. */
const repeats = (step: StepDraft, { command = '' }: StepDraft): boolean =>
  step.command !== undefined &&
  command.length <= step.command.length * 2 &&
  step.command.split('\n').some((line) => plain(line) === plain(command));

/** Everything under a heading, sub-headings included, in file order. */
export function placedUnder(section: Section): Placed[] {
  const placed: Placed[] = [];
  for (const own of section.below) for (const content of own.content) placed.push({ section: own, content });
  return placed;
}

export function withoutColon(text: string): string {
  const last = text.at(-1);
  return last === ':' || last === '：' ? text.slice(0, -1).trimEnd() : text;
}
