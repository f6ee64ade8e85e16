/** One change to a list of children: `before` names the child it goes in front of, undefined means the end. */
export type Move =
  | { readonly kind: 'remove'; readonly key: string }
  | { readonly kind: 'place'; readonly key: string; readonly before: string | undefined };

/**
 * The moves that turn the children present into those wanted, leaving alone every child that already stands in
 * order: a node that is moved loses focus, selection and scroll position.
 */
export function planMoves(present: readonly string[], wanted: readonly string[]): Move[] {
  const keep = new Set(wanted);
  const moves: Move[] = present.filter((key) => !keep.has(key)).map((key) => ({ kind: 'remove', key }));
  const standing = present.filter((key) => keep.has(key));
  for (const [index, key] of wanted.entries()) {
    if (standing[index] === key) continue;
    const before = standing[index];
    const old = standing.indexOf(key);
    if (old !== -1) standing.splice(old, 1);
    standing.splice(index, 0, key);
    moves.push({ kind: 'place', key, before });
  }
  return moves;
}

export interface KeyedView<T> {
  readonly root: HTMLElement;
  update(item: T): void;
}

/** Draws a list into a container, one view per key; a view lives as long as its key is in the list. */
export function createKeyedList<T, V extends KeyedView<T>>(
  container: HTMLElement,
  keyOf: (item: T) => string,
  create: (item: T) => V,
): { update(items: readonly T[]): void; views(): IterableIterator<V>; get(key: string): V | undefined } {
  let views = new Map<string, V>();
  return {
    update(items) {
      const next = new Map<string, V>();
      for (const item of items) {
        const key = keyOf(item);
        if (!next.has(key)) next.set(key, views.get(key) ?? create(item));
      }
      for (const move of planMoves([...views.keys()], [...next.keys()])) {
        if (move.kind === 'remove') views.get(move.key)?.root.remove();
        else {
          const root = next.get(move.key)?.root;
          const before = move.before === undefined ? null : (next.get(move.before)?.root ?? null);
          if (root) container.insertBefore(root, before);
        }
      }
      views = next;
      for (const item of items) views.get(keyOf(item))?.update(item);
    },
    views: () => views.values(),
    get: (key) => views.get(key),
  };
}
