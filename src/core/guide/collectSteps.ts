import type { Item } from './blocks.ts';
import type { Report } from './report.ts';
import { withoutNumber, type Content, type Section } from './sections.ts';
import { manualStep, parseSteps, type StepDraft } from './steps.ts';
import { alertPartOf } from './vocabulary.ts';

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
}

/** Every command under some headings as steps in order, with the list items that a person does by hand. */
export function collectSteps(
  placed: readonly Placed[],
  { under, report, sentences, isStep }: CollectOptions,
): StepDraft[] {
  const drafts: StepDraft[] = [];
  let item: { text: string; line: number; list: number; root: number; details: string[] } | undefined;
  let sentence: string | undefined;
  let section = under;
  const flush = () => {
    if (item) drafts.push(manualStep(item.text, item.line, item.details));
    item = undefined;
  };
  for (const { section: own, content } of placed) {
    if (own !== section) {
      flush();
      section = own;
      sentence = alertPartOf(own.heading) ? undefined : withoutNumber(own.heading);
    }
    switch (content.kind) {
      case 'item':
        if (item && content.root === item.root && content.list !== item.list) item.details.push(content.text);
        else {
          flush();
          if (isStep(content, own)) item = { ...content, text: withoutColon(content.text), details: [] };
          else if (sentences) sentence = withoutColon(content.text);
        }
        break;
      case 'paragraph':
        if (sentences && !item) sentence = withoutColon(content.text);
        break;
      case 'fence': {
        if (content.use === 'acts') {
          flush();
          content.lines.forEach((line, index) => {
            if (line.trim() !== '') drafts.push(manualStep(line.trim(), content.line + index));
          });
        }
        if (content.use !== 'steps') break;
        if (content.problem !== undefined)
          report(content.openLine, 'fence-attributes', 'warning', content.problem);
        const [first, ...more] = parseSteps(content, report, item?.text ?? sentence);
        if (!first) break;
        const details = item ? [...(first.text === item.text ? [] : [item.text]), ...item.details] : [];
        drafts.push(details.length > 0 ? { ...first, details: [...details, ...first.details] } : first);
        for (const draft of more) drafts.push(draft);
        [item, sentence] = [undefined, undefined];
        break;
      }
      case 'table':
        break;
    }
  }
  flush();
  return drafts;
}

/** Everything under a heading, sub-headings included, in file order. */
export function placedUnder(section: Section): Placed[] {
  const placed: Placed[] = [];
  for (const own of section.below) for (const content of own.content) placed.push({ section: own, content });
  return placed;
}

export const withoutColon = (text: string): string => text.replace(/\s{0,3}[:：]$/, '');
