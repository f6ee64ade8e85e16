import type { Guide, StepSequence } from './guide.ts';

/** Everything in a guide that holds steps, by line: its runbooks and the `steps` and `option` parts of its phases. */
export function stepSequences({ phases, runbooks }: Guide): readonly StepSequence[] {
  const ofPhases = phases
    .flatMap(({ parts }) => parts)
    .filter((part) => part.kind === 'steps' || part.kind === 'option');
  return [...ofPhases, ...runbooks].sort((a, b) => a.line - b.line);
}
