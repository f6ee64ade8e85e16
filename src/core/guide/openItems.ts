import { startsWithIf } from './vocabulary.ts';

/** A list item whose list still goes on: the parent of what is nested in it. */
export interface OpenItem {
  readonly text: string;
  readonly line: number;
  /** 1 for an item of an outermost list. */
  readonly depth: number;
  /** It is a step by itself when no command follows in it. */
  readonly isStep: boolean;
  readonly details: string[];
  /**
   * `led`: a command stands in it. `parent`: a command stands in an item nested in it. `detail`: it is a detail of
   * another. `untold`: none of these yet.
   */
  state: 'untold' | 'led' | 'parent' | 'detail';
}

/** Where a fence stands among the open items. */
export interface FencePlace {
  /** What its first command is called when it has no comment. */
  readonly text: string | undefined;
  /** The item it stands in, and the texts of those around it. */
  readonly own: string | undefined;
  readonly texts: readonly string[];
  readonly details: readonly string[];
  readonly condition: string | undefined;
}

export interface OpenItems {
  open(item: OpenItem): void;
  /** Ends every item deeper than this; a step item that led to no command is told then. */
  closeTo(depth: number): void;
  innermost(): OpenItem | undefined;
  /** The step item that what follows is a detail of. */
  owner(): OpenItem | undefined;
  /** A command stands in the innermost item. */
  lead(): void;
  /** The texts of the items around something of this depth, which holds a command, and the condition they put. */
  above(depth: number): { readonly texts: readonly string[]; readonly condition: string | undefined };
  forFence(depth: number, sentence: string | undefined): FencePlace;
}

/** The open items of the list being read; `tell` makes a step by hand of one, `before` what must stand above it. */
export function createOpenItems(tell: (item: OpenItem) => void, before: () => void): OpenItems {
  const stack: OpenItem[] = [];
  const owner = (): OpenItem | undefined => {
    for (let at = stack.length - 1; at >= 0; at--) {
      const item = stack[at];
      if (item?.isStep === true && item.state === 'untold') return item;
    }
    return undefined;
  };
  const withoutLast = (item: OpenItem, text: string): void => {
    if (item.details.at(-1) === text) item.details.pop();
  };
  const above = (depth: number) => {
    const texts: string[] = [];
    let condition: string | undefined;
    for (const item of stack) {
      if (item.depth > depth) break;
      const next = stack.find((other) => other.depth > item.depth);
      if (item.state === 'untold') {
        if (next) withoutLast(item, next.text);
        if (item.isStep && item.details.length > 0) tell(item);
        item.state = 'parent';
      }
      texts.push(item.text);
      if (startsWithIf.test(item.text)) condition = item.text;
    }
    return { texts, condition };
  };
  return {
    open: (item) => {
      stack.push(item);
    },
    closeTo: (depth) => {
      for (let last = stack.at(-1); last && last.depth > depth; last = stack.at(-1)) {
        before();
        if (last.isStep && last.state === 'untold') tell(last);
        stack.pop();
      }
    },
    innermost: () => stack.at(-1),
    owner,
    lead: () => {
      const last = stack.at(-1);
      if (last) last.state = 'led';
    },
    above,
    forFence: (depth, sentence) => {
      const target = stack.at(-1);
      const none = { text: sentence, own: undefined, texts: [], details: [], condition: undefined };
      const isOwner = target?.isStep === true && target.state === 'untold';
      if (!target || (depth === 0 && !isOwner)) return none;
      const details = isOwner ? [...target.details] : [];
      const wasTold = target.state === 'led' || target.state === 'parent';
      target.state = 'led';
      const { texts, condition } = above(target.depth - 1);
      const text = isOwner ? target.text : (sentence ?? (wasTold ? undefined : target.text));
      const own = isOwner || wasTold ? target.text : undefined;
      const puts = wasTold && startsWithIf.test(target.text) ? target.text : condition;
      return { text, own, texts, details, condition: puts };
    },
  };
}
