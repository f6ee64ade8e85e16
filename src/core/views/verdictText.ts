import type { Judged } from '../judge/judged.ts';

/** What was found of a step's condition, in the words of its card. */
export const verdictWords: Readonly<Record<Judged['verdict'], string>> = {
  applies: 'applies',
  'does-not-apply': 'does not apply',
  'cannot-tell': 'cannot tell, you decide',
};

/** `Applies: 3 of 5 pods are in CrashLoopBackOff (step 1, 14:03 UTC)` */
export const renderVerdict = ({ verdict, because }: Judged): string => {
  const words = verdictWords[verdict];
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}: ${because}`;
};
