import type { Item } from './blocks.ts';
import { contentIsMarked, type Content, type Section } from './sections.ts';
import { isQuestion } from './vocabulary.ts';

export type ListKind = 'questions' | 'checklist' | 'steps' | 'other';

const none: ReadonlyMap<number, ListKind> = new Map();

/** What each list of a section is, by the number of its outermost list: its items are judged together. */
export function classifyLists(section: Section): ReadonlyMap<number, ListKind> {
  const lists = new Map<number, (Content & Item)[]>();
  for (const content of section.content) {
    if (content.kind !== 'item') continue;
    const list = lists.get(content.root);
    if (list) list.push(content);
    else lists.set(content.root, [content]);
  }
  if (lists.size === 0) return none;
  return new Map([...lists].map(([root, items]): [number, ListKind] => [root, kindOf(section, items)]));
}

function kindOf(section: Section, items: readonly (Content & Item)[]): ListKind {
  const [first] = items;
  if (!first) return 'other';
  if (contentIsMarked(section, first, 'questions')) return 'questions';
  if (contentIsMarked(section, first, 'checklist') || items.some(({ task }) => task)) return 'checklist';
  if (items.filter(({ text }) => isQuestion(text)).length * 2 > items.length) return 'questions';
  return first.ordered && !contentIsMarked(section, first, 'deadlines') ? 'steps' : 'other';
}
