import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Pieces } from '../core/pieces.ts';

/** How long the event loop may be held while thousands of things are looked at. */
const SLICE_MS = 8;

/** Calls `act` with each item in turn, and lets everything else happen between slices. Throws once `signal` aborts. */
export async function inSlices<T>(
  items: Iterable<T>,
  act: (item: T) => void,
  signal?: AbortSignal,
): Promise<void> {
  await calculateInSlices(
    (function* () {
      for (const item of items) {
        yield;
        act(item);
      }
      return undefined;
    })(),
    signal,
  );
}

/**
 * What a long calculation gives, with everything else happening between its slices. Throws once `signal` aborts, and
 * what the calculation throws.
 */
export async function calculateInSlices<T>(pieces: Pieces<T>, signal?: AbortSignal): Promise<T> {
  let sliceEnds = performance.now() + SLICE_MS;
  for (;;) {
    const piece = pieces.next();
    if (piece.done) return piece.value;
    if (performance.now() <= sliceEnds) continue;
    await nextTurn();
    signal?.throwIfAborted();
    sliceEnds = performance.now() + SLICE_MS;
  }
}
