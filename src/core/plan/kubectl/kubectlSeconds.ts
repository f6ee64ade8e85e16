import { parseGoDuration } from './goDuration.ts';
import type { KubectlWords } from './kubectlWords.ts';
import { notCovered } from './kubectlWords.ts';

/** Whole seconds of a flag's Go duration; undefined when it is not given. A placeholder is for the shell. */
export function secondsOf(words: KubectlWords, name: string): number | undefined {
  const written = words.text(name);
  if (written === undefined) return undefined;
  const milliseconds = parseGoDuration(written);
  if (milliseconds === undefined || milliseconds % 1000 !== 0) return notCovered(`of --${name}=${written}`);
  return milliseconds / 1000;
}
