import { insertBelow, replaceIn, type TextEdit } from '../../lint/textEdit.ts';
import type { SectionKind } from '../knownWords.ts';
import type { DocumentSection } from '../sectionRange.ts';
import { parseLabelLine } from '../labelLine.ts';
import { linesIn, type PostMortemText } from './postMortemText.ts';
import { fix, problemAt, type Rule } from './problem.ts';

/** What each section has to answer before others read it. */
const asks: Readonly<Record<SectionKind, string>> = {
  summary: 'What happened, to whom, for how long, and what ended it?',
  timeline: 'What happened when, from the first sign to the end?',
  impact: 'Who could not do what, how many of them, and for how long? With where each figure is from.',
  'root-cause': 'What failed, why did it fail, and why was it possible?',
  resolution: 'What ended it, and what was tried before?',
  lessons: 'What went well, what went badly, and where was it luck?',
  actions: 'What will be different next time, who does it, and until when?',
};
const required: ReadonlySet<SectionKind> = new Set([
  'summary',
  'timeline',
  'impact',
  'root-cause',
  'resolution',
  'actions',
]);
const placeholder =
  /^(?:\[(?![ xX]\])[^\]]*\](?!\()|<[^>]*>|\{\{.*\}\}|TODO\b.*|TBD\b.*|\.{3}|…|unknown\.?|not given\.?|X(?:%| minutes.*| hours.*)?)$/i;

/**
 * Sections that nobody has written: prompts, placeholders and “unknown” alone. Of a list of labels one value is enough;
 * the cause and the resolution open with their sentence, so an “unknown” there is what counts.
 */
export const lintSections: Rule = (text) =>
  text.sections.flatMap((section) => {
    // The title, and a heading that only holds others.
    if (section.level === 1 || hasSubsections(text, section)) return [];
    const { kind, name } = section;
    const isOpen = opensUnknown(text, section);
    if (!isOpen && ownLines(text, section).some((line) => says(text, line, kind))) return [];
    const severity = kind !== undefined && required.has(kind) ? ('error' as const) : ('warning' as const);
    const question = kind === undefined ? 'Write it, or remove the section.' : asks[kind];
    const message = isOpen ? `“${name}” is still unknown. ${question}` : `“${name}” is empty. ${question}`;
    return [
      problemAt(text, section.line, { code: 'section-empty', severity, message }, fixesOf(text, section)),
    ];
  });

/** What stands below a rule at the end is no part of the last section. */
function ownLines({ lines }: PostMortemText, section: DocumentSection): readonly number[] {
  const all = linesIn(section);
  const rule = all.findIndex((line) => /^ {0,3}(?:-{3,}|\*{3,}|_{3,})\s*$/.test(lines[line]!));
  return rule === -1 ? all : all.slice(0, rule);
}

const hasSubsections = ({ sections }: PostMortemText, { line, end, level }: DocumentSection): boolean =>
  sections.some((other) => other.line > line && other.line < end && other.level > level);

function opensUnknown({ lines }: PostMortemText, section: DocumentSection): boolean {
  if (section.kind !== 'root-cause' && section.kind !== 'resolution') return false;
  const first = linesIn(section).find((line) => lines[line]!.trim() !== '');
  return first !== undefined && /^unknown\.?$/i.test(lines[first]!.trim());
}

/** Whether a line says anything. What is only asked of the lessons' writer is not an answer. */
function says(text: PostMortemText, line: number, kind: SectionKind | undefined): boolean {
  const written = text.lines[line]!;
  const bare = written.replace(/^\s*(?:[-*+]|\d+[.)])?\s*(?:\[[ xX]\]\s*)?/, '').trim();
  if (bare === '' || /^(?:-{3,}|\|[\s:|-]+\||<\/?details>|<summary>.*|<!--.*|.*-->)$/.test(bare))
    return false;
  if (text.isFolded(line)) return false;
  if (kind === 'lessons' && text.isGenerated(line)) return false;
  if (kind === 'timeline' && /^All times are UTC\.?$/.test(bare)) return false;
  const parts = bare.split(/\s+[-–—]\s+/);
  if (parts.every((part) => placeholder.test(part.trim()))) return false;
  const label = parseLabelLine(written);
  return !label || (label.value !== '' && !placeholder.test(label.value.replace(/\s+\(.*$/, '')));
}

function fixesOf(text: PostMortemText, section: DocumentSection): ReturnType<typeof fix>[] {
  const { kind, name } = section;
  const first = linesIn(section).find((line) => text.lines[line]!.trim() !== '');
  const ask = kind === undefined ? undefined : `[${asks[kind]}]`;
  const fixes: ReturnType<typeof fix>[] = [];
  const isUnknown = first !== undefined && /^unknown\.?$/i.test(text.lines[first]!.trim());
  if (ask !== undefined && isUnknown)
    fixes.push(
      fix('Write the questions in its place', replaceIn(first + 1, 1, text.lines[first]!.length + 1, ask)),
    );
  else if (ask !== undefined && first === undefined)
    fixes.push(fix('Write the questions to answer', insertBelow(text.lines, section.line + 1, `\n${ask}`)));
  if (kind === 'actions')
    fixes.push(
      fix(
        'Say that none is needed, and why',
        insertBelow(text.lines, section.line + 1, '\nNone is needed: [why]'),
      ),
    );
  if (kind === undefined || kind === 'lessons')
    fixes.push(fix(`Remove the section “${name}”`, removeLines(text, section.line, section.end)));
  return fixes;
}

const removeLines = ({ lines }: PostMortemText, from: number, end: number): TextEdit => ({
  range:
    end < lines.length
      ? { line: from + 1, column: 1, endLine: end + 1, endColumn: 1 }
      : { line: from + 1, column: 1, endLine: lines.length, endColumn: (lines.at(-1) ?? '').length + 1 },
  text: '',
});
