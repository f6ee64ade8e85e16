import type { PodsRead } from './reading.ts';

/** Names of the pods that a condition speaks of: those in a state of the STATUS column, or every one that is not healthy. */
export const podsFound = ({ troubled }: PodsRead, of: 'unhealthy' | readonly string[]): readonly string[] => {
  const wanted = typeof of === 'string' ? undefined : new Set(of.map((state) => state.toLowerCase()));
  return troubled
    .filter(({ status }) => wanted?.has(status.toLowerCase().replace(/^init:/, '')) ?? true)
    .map(({ name }) => name);
};
