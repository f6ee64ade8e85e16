/**
 * A long calculation that stops after each small piece, so that whoever runs it may let other things happen in between,
 * or give it up: `inPieces` of the journal does, `whole` does not.
 */
export type Pieces<T> = Generator<undefined, T, undefined>;

/** All of it at once. */
export function whole<T>(pieces: Pieces<T>): T {
  for (;;) {
    const next = pieces.next();
    if (next.done) return next.value;
  }
}
