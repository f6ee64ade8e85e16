import type { PodsRead } from './reading.ts';

/** `Init:CrashLoopBackOff` is that state too, of a container that runs before the others. In lower case. */
export const stateName = (status: string): string => status.toLowerCase().replace(/^init:/, '');

/** Names of the pods that a condition speaks of: those in a state of the STATUS column, or every one that is not healthy. */
export const podsFound = ({ troubled }: PodsRead, of: 'unhealthy' | readonly string[]): readonly string[] => {
  const wanted = typeof of === 'string' ? undefined : new Set(of.map((state) => state.toLowerCase()));
  return troubled.filter(({ status }) => wanted?.has(stateName(status)) ?? true).map(({ name }) => name);
};
