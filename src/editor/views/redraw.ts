import { messageOf } from '../../core/errors.ts';

export interface RedrawDeps<T> {
  /** Works it out; says what it is about as it goes on. Rejects once `signal` aborts. */
  readonly make: (signal: AbortSignal, say: (words: string) => void) => Promise<T>;
  readonly show: (made: T) => void;
  /** Why it could not be made. */
  readonly fail: (message: string) => void;
  /** What is going on, every `tellEveryMs` while it lasts and as far as it is news. */
  readonly tell: (words: string) => void;
  /** Whether anybody sees it: what changes unseen is drawn when it is looked at again. */
  readonly isSeen: () => boolean;
  readonly afterMs?: number;
  readonly tellEveryMs?: number;
}

/** Something that is drawn anew when a person asks for another view of it or when what it shows has changed. */
export interface Redraw {
  /** Draws it now. An answer that is still being worked out is given up: it is of another question. */
  now(): void;
  /** Draws it a moment later: a burst of changes is one redraw, and one that is under way is let finish first. */
  soon(): void;
  /** Gives up what is under way. */
  dispose(): void;
}

export function createRedraw<T>(deps: RedrawDeps<T>): Redraw {
  const { make, show, fail, tell, isSeen, afterMs = 400, tellEveryMs = 500 } = deps;
  let current: AbortController | undefined;
  let isStale = false;
  let timer: NodeJS.Timeout | undefined;

  const draw = async (mine: AbortController): Promise<void> => {
    let words: string | undefined;
    let told: string | undefined;
    const telling = setInterval(() => {
      if (words !== undefined && words !== told) tell(words);
      told = words;
    }, tellEveryMs);
    try {
      const made = await make(mine.signal, (text) => void (words = text));
      if (!mine.signal.aborted) show(made);
    } catch (thrown) {
      if (!mine.signal.aborted) fail(messageOf(thrown));
    } finally {
      clearInterval(telling);
      if (current === mine) {
        current = undefined;
        if (isStale) soon();
      }
    }
  };
  const now = (): void => {
    current?.abort();
    isStale = false;
    current = new AbortController();
    void draw(current);
  };
  const soon = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (current) isStale = true;
      else if (isSeen()) now();
    }, afterMs);
  };
  return {
    now,
    soon,
    dispose() {
      clearTimeout(timer);
      current?.abort();
      current = undefined;
    },
  };
}
