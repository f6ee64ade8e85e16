import { setImmediate as nextTurn } from 'node:timers/promises';

/** How long the event loop may be held while thousands of things are looked at. */
const SLICE_MS = 8;

/** Calls `act` with each item in turn, and lets everything else happen between slices. Throws once `signal` aborts. */
export async function inSlices<T>(
  items: Iterable<T>,
  act: (item: T) => void,
  signal?: AbortSignal,
): Promise<void> {
  let sliceEnds = performance.now() + SLICE_MS;
  for (const item of items) {
    if (performance.now() > sliceEnds) {
      await nextTurn();
      signal?.throwIfAborted();
      sliceEnds = performance.now() + SLICE_MS;
    }
    act(item);
  }
}
