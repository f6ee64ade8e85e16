import type { Fence } from './blocks.ts';
import type { PhaseKind, TemplateKind } from './guide.ts';
import { contentIsMarked, type Content, type Section } from './sections.ts';
import { kindOfName, words } from './vocabulary.ts';

/** A whole document to fill in rather than a message: it has headings of its own. */
export const isDocument = (lines: readonly string[]): boolean =>
  lines.filter((line) => /^#{1,6}\s+\S/.test(line)).length >= 2;

export const templateMarkers = ['update-template', 'resolution-template', 'post-mortem-template'] as const;
const markedKinds: readonly TemplateKind[] = ['update', 'resolution', 'post-mortem'];

/** Where a template stands: what decides what it is for. */
export interface TemplatePlace {
  readonly section: Section;
  readonly content: Content;
  readonly fence: Fence;
  readonly phase: PhaseKind | undefined;
  /** The sentence above it. */
  readonly before: string;
  /** The sentence above it gives the time between updates. */
  readonly hasCadence: boolean;
}

/** Marker, else its form and its phase, else the words around it. */
export function kindOfTemplate({
  section,
  content,
  fence,
  phase,
  before,
  hasCadence,
}: TemplatePlace): TemplateKind {
  const marked = markedKinds[templateMarkers.findIndex((name) => contentIsMarked(section, content, name))];
  if (marked) return marked;
  const own = `${fence.lines.find((line) => line.trim() !== '') ?? ''}`.slice(0, 200);
  const saysSo = (kind: PhaseKind) =>
    section.phaseLike === kind || [own, before].some((text) => kindOfName(text) === kind);
  if (isDocument(fence.lines) && (phase === 'post-mortem' || saysSo('post-mortem'))) return 'post-mortem';
  if (hasCadence) return 'update';
  if (phase === 'resolution') return 'resolution';
  if (phase === 'diagnosis' || phase === 'mitigation') return 'update';
  if (phase === 'post-mortem') return 'other';
  if (saysSo('resolution')) return 'resolution';
  return words.update.test(section.heading) || words.update.test(own) ? 'update' : 'other';
}
