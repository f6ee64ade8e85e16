import { onlyDuration, parseCadence, parseDeadline, type IsRecurring } from './deadlines.ts';
import type { Deadline, PhaseKind } from './guide.ts';
import type { ListKind } from './lists.ts';
import type { PartDraft } from './phaseParts.ts';
import type { Report } from './report.ts';
import { contentIsMarked, type Content, type Section } from './sections.ts';
import type { FindSeverities } from './severityNames.ts';
import { parseSlashAct } from './slashActs.ts';
import { kindOfTemplate, templateMarkers } from './templates.ts';

/** What the readers of parts know of the rest of the guide. */
export interface PartContext {
  readonly report: Report;
  readonly severities: FindSeverities;
  readonly isRecurring: IsRecurring;
  /** The table of who to escalate to, as content. */
  readonly escalation: Content | undefined;
  /** Tables that were read as severities or contacts. */
  readonly knownTables: ReadonlySet<Content>;
}

/** One heading being read into `parts`. */
export interface Scope {
  readonly section: Section;
  readonly title: string;
  /** The kind of the phase it stands in; undefined outside. */
  readonly phase: PhaseKind | undefined;
  readonly parts: PartDraft[];
  readonly context: PartContext;
  readonly lists: ReadonlyMap<number, ListKind>;
}

/** Reads everything but commands; `before` is the sentence or item above it. */
export function readPart(scope: Scope, content: Content, before: string): void {
  const { section, title, parts, context, lists } = scope;
  const { line } = content;
  if (content === context.escalation) {
    parts.push({ section, title, kind: 'escalation', line });
    return;
  }
  switch (content.kind) {
    case 'table':
      if (context.knownTables.has(content)) break;
      for (const row of content.rows)
        addReading(scope, row.cells.filter((cell) => cell !== '').join(' · '), row.line, -line);
      break;
    case 'paragraph': {
      const deadline = readDeadline(scope, content, content.text);
      if (deadline) addDeadline(scope, deadline);
      break;
    }
    case 'item': {
      const kind = lists.get(content.root);
      if (kind === 'questions' || kind === 'checklist') {
        addLine(scope, kind, content.root, content);
        break;
      }
      const deadline = readDeadline(scope, content, content.text);
      if (deadline) addDeadline(scope, deadline);
      else addReading(scope, content.text, line, content.root);
      break;
    }
    case 'fence': {
      if (content.use === 'acts') addActs(scope, content.lines, line, before);
      const isMarkedTemplate = templateMarkers.some((name) => contentIsMarked(section, content, name));
      if (content.use !== 'template' && !isMarkedTemplate) break;
      const hasCadence = (parseCadence(before, line) ?? onlyDuration(before, line)) !== undefined;
      const place = { section, content, fence: content, phase: scope.phase, before, hasCadence };
      const template = { kind: kindOfTemplate(place), text: content.lines.join('\n') };
      parts.push({ section, title, kind: 'template', line, template });
      break;
    }
  }
}

function readDeadline(scope: Scope, content: Content, text: string): Deadline | undefined {
  const { section, phase, context } = scope;
  const isPlace = phase === 'post-mortem' || contentIsMarked(section, content, 'deadlines');
  return isPlace ? parseDeadline(text, content.line, context.severities, context.isRecurring) : undefined;
}

function addActs(
  { section, title, parts, context }: Scope,
  lines: readonly string[],
  first: number,
  before: string,
): void {
  const severities = context.severities(before);
  lines.forEach((text, index) => {
    const act = parseSlashAct(text);
    const line = first + index;
    if (!act) return;
    const limited = severities.length > 0 ? { ...act, line, severities } : { ...act, line };
    parts.push({ section, title, kind: 'act', act: limited, line });
  });
}

function addLine(
  { section, title, parts }: Scope,
  kind: 'questions' | 'checklist',
  root: number,
  item: { text: string; line: number },
): void {
  const { text, line } = item;
  const last = parts.at(-1);
  if (last?.kind === kind && last.section === section && last.root === root) last.items.push({ text, line });
  else parts.push({ section, title, kind, line, root, items: [{ text, line }] });
}

function addDeadline({ section, title, parts }: Scope, deadline: Deadline): void {
  const last = parts.at(-1);
  if (last?.kind === 'deadlines' && last.section === section) last.deadlines.push(deadline);
  else parts.push({ section, title, kind: 'deadlines', line: deadline.line, deadlines: [deadline] });
}

/** `root` is the list or table it belongs to: items of one stay together. */
function addReading(
  { section, title, parts, context }: Scope,
  text: string,
  line: number,
  root: number,
): void {
  if (text === '') return;
  const bracket = /[(（]([^()（）]{1,200})[)）]\s*[.;]?$/.exec(text)?.[1];
  const severities = bracket === undefined ? [] : context.severities(bracket);
  const item = { text, severities, line };
  const last = parts.at(-1);
  if (last?.kind === 'reading' && last.section === section && last.root === root) last.items.push(item);
  else parts.push({ section, title, kind: 'reading', line, root, items: [item] });
}
