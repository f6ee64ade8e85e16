import { type PageMemory, parsePageMemory } from '../src/shared/pageMemory.ts';

type Drafts = 'notes' | 'reasons' | 'values';

/** What was half-typed and how far it was scrolled, kept where VS Code keeps it through hiding and reload. */
export interface Memory {
  /** Tells which sequence is on show; drafts of another one are let go. */
  open(sequence: string, guideFile: string): void;
  draft(of: Drafts, key: string): string | undefined;
  setDraft(of: Drafts, key: string, text: string | undefined): void;
  readonly scroll: number;
  setScroll(pixels: number): void;
}

/** @param sequence the one the host made this page for, kept at once so that an early reload finds it */
export function createMemory(
  api: { getState(): unknown; setState(state: PageMemory): void },
  sequence: string,
): Memory {
  const empty = { sequence, guideFile: '', scroll: 0, notes: {}, reasons: {}, values: {} };
  let kept: PageMemory = parsePageMemory(api.getState()) ?? empty;
  const keep = (next: PageMemory): void => {
    kept = next;
    api.setState(next);
  };
  keep(kept);
  return {
    open(shown, guideFile) {
      if (kept.sequence === shown && kept.guideFile === guideFile) return;
      keep({ ...empty, sequence: shown, guideFile });
    },
    draft: (of, key) => (Object.hasOwn(kept[of], key) ? kept[of][key] : undefined),
    setDraft(of, key, text) {
      const { [key]: _dropped, ...rest } = kept[of];
      keep({ ...kept, [of]: text === undefined ? rest : { ...rest, [key]: text } });
    },
    get scroll() {
      return kept.scroll;
    },
    setScroll(pixels) {
      if (pixels !== kept.scroll) keep({ ...kept, scroll: pixels });
    },
  };
}
