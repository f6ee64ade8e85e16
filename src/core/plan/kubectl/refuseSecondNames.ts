import type { MarkedWords } from '../words/markedWord.ts';
import type { ParsedKubectl } from './kubectlWords.ts';
import { validateSelector } from './validateSelector.ts';

/**
 * A value inside a name or a label must not bring a second name, kind or label with it. One that is a whole selector may
 * be any selector of that kind, and nothing else. Gives a sentence for each that is more.
 */
export function refuseSecondNames(
  { nameWords, selectors }: Pick<ParsedKubectl, 'nameWords' | 'selectors'>,
  marked: MarkedWords,
): readonly string[] {
  const names = nameWords.flatMap(marked.valuesIn);
  const refused: string[] = [];
  for (const [kind, word] of selectors) {
    const values = marked.valuesIn(word);
    const [whole] = values;
    if (whole === undefined || marked.fill(word) !== whole) {
      names.push(...values);
      continue;
    }
    const why = validateSelector(kind, whole);
    if (why !== undefined) refused.push(why);
  }
  return [
    ...refused,
    ...[...new Set(names)]
      .filter((value) => !/^[A-Za-z0-9][\w.:-]*$/.test(value))
      .map((value) => `“${value}” cannot be part of a Kubernetes name or label.`),
  ];
}
