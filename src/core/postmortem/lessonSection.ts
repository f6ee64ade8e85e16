import type { Guide } from '../guide/guide.ts';
import type { Incident } from '../incident/incident.ts';
import { lessonPrompts } from './lessonPrompts.ts';

const luckWords = /luck|chance|glück|suerte|sorte|fortun|geluk|szczęś|tur\b|удач|везен|幸運|幸运|운/iu;
const badWords = /bad|wrong|poor|not work|difficult|schlecht|nicht|mal\b|mauvais|problem|плохо|悪|不足/iu;

/**
 * The template's lessons with what the journal has to ask below the line that asks for it; where no line does, at the
 * end.
 */
export function lessonLines(body: readonly string[], incident: Incident, guide: Guide | undefined): string[] {
  const { lucky, badly } = lessonPrompts(incident, guide);
  const lines = [...body];
  while (lines.at(-1)?.trim() === '') lines.pop();
  const left: string[] = [];
  for (const [prompts, words] of [
    [badly, badWords],
    [lucky, luckWords],
  ] as const) {
    const at = lines.findIndex((line) => words.test(line));
    if (at === -1) left.push(...prompts);
    else {
      const indent = /^(\s*)(?:[-*+]|\d+[.)])\s+/.exec(lines[at]!);
      const nested = indent ? ' '.repeat(indent[0].length) : '';
      lines.splice(at + 1, 0, ...(indent ? [] : ['']), ...prompts.map((one) => `${nested}- ${one}`));
    }
  }
  if (left.length === 0) return lines;
  return [
    ...lines,
    ...(lines.length > 0 ? [''] : []),
    'Asked by the journal:',
    '',
    ...left.map((one) => `- ${one}`),
  ];
}
