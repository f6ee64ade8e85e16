/** What a search finds: it follows the truth with a delay, as the vendors' do. */
export interface SearchIndex<Entry> {
  /** How long a change stays unseen, in ms; may be changed at any time, also for changes on their way. */
  lag: number;
  /** A change of the thing with this id; undefined removes it. */
  put(id: string, entry: Entry | undefined): void;
  /** What is in the index now, in the order it came in first. */
  entries(): readonly Entry[];
}

/** `now` in ms since 1970. */
export function createSearchIndex<Entry>(now: () => number): SearchIndex<Entry> {
  const seen = new Map<string, Entry>();
  let coming: { readonly id: string; readonly entry: Entry | undefined; readonly at: number }[] = [];
  const index: SearchIndex<Entry> = {
    lag: 0,
    put(id, entry) {
      coming.push({ id, entry, at: now() });
    },
    entries() {
      const due = coming.filter(({ at }) => at + index.lag <= now());
      coming = coming.filter((change) => !due.includes(change));
      for (const { id, entry } of due) {
        if (entry === undefined) seen.delete(id);
        else seen.set(id, entry);
      }
      return [...seen.values()];
    },
  };
  return index;
}
