import type { ReplayJudge } from './playRunbook.ts';

/** Says of every condition that it cannot tell and of every assertion that it was not checked: never green unseen. */
export const unjudged: ReplayJudge = {
  judge: () => ({
    verdict: 'cannot-tell',
    because: 'conditions are not read from output here: you decide',
    run: undefined,
  }),
  check: (assertion) => [
    { assertion, result: 'not-checked', because: 'assertions are not read from output here' },
  ],
};
