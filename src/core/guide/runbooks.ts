import { collectSteps, placedUnder } from './collectSteps.ts';
import type { Item } from './blocks.ts';
import type { Runbook } from './guide.ts';
import type { Report } from './report.ts';
import { isMarked, withoutNumber, type Content, type Section } from './sections.ts';
import type { StepDraft } from './steps.ts';
import { alertPartOf, words } from './vocabulary.ts';

/** A runbook that has no ids yet. */
export interface RunbookDraft extends Omit<Runbook, 'id' | 'steps'> {
  readonly steps: readonly StepDraft[];
}

export interface RunbookContext {
  readonly report: Report;
  /** Phases and what is under them: never runbooks. */
  readonly isPhase: (section: Section) => boolean;
  /** The file's title or name, for what stands under no heading. */
  readonly fallbackTitle: string;
  readonly lines: readonly string[];
}

/** Whether a section follows the alert-runbook convention: Meaning, Impact, Diagnosis, Mitigation headings. */
export function isAlertRunbook(section: Pick<Section, 'children'>): boolean {
  const parts = new Set(section.children.map(({ heading }) => alertPartOf(heading)));
  const acts = parts.has('diagnosis') || parts.has('mitigation');
  return acts && (parts.has('meaning') || parts.has('impact'));
}

/**
 * Every runbook of the file: sections in the alert-runbook form, the sub-headings of a section marked or named as
 * runbooks, and any other section outside the phases that holds commands, so that no command is out of reach.
 */
export function readRunbooks(root: Section, context: RunbookContext): RunbookDraft[] {
  const runbooks: RunbookDraft[] = [];
  const visit = (section: Section): void => {
    if (context.isPhase(section)) return;
    if (isAlertRunbook(section) && !section.below.some(context.isPhase)) {
      runbooks.push(alertRunbook(section, root, context));
      return;
    }
    if (isMarked(section, 'runbook')) {
      runbooks.push(sectionRunbook(section, 'whole', context));
      return;
    }
    const addOwn = () => {
      if (section.content.some(isCommands)) runbooks.push(sectionRunbook(section, 'content only', context));
    };
    if (isContainer(section)) {
      addOwn();
      for (const child of section.children) {
        if (context.isPhase(child)) continue;
        if (needsVisit(child, context)) visit(child);
        else runbooks.push(sectionRunbook(child, 'whole', context));
      }
      return;
    }
    const whole = section.level >= 3 || (section.level === 2 && hasNumberedSteps(section, context));
    if (whole && !needsVisit(section, context)) {
      if (holdsCommands(section)) runbooks.push(sectionRunbook(section, 'whole', context));
      return;
    }
    addOwn();
    section.children.forEach(visit);
  };
  visit(root);
  return runbooks.filter((runbook) => {
    if (runbook.steps.length > 0) return true;
    context.report(
      runbook.line,
      'runbook-empty',
      'info',
      `“${runbook.title}” stands among the runbooks but has no command and no numbered step, so there is nothing to run. ` +
        'Put its commands into ```bash fences.',
    );
    return false;
  });
}

/** A section whose sub-headings are runbooks: marked so, or named so below the title. */
const isContainer = (section: Section): boolean =>
  section.children.length > 0 &&
  (isMarked(section, 'runbooks') || (section.level > 1 && words.runbooks.test(section.heading)));

/** Something below must be read by itself: a phase, another alert runbook or container, a marked runbook. */
function needsVisit(section: Section, context: RunbookContext): boolean {
  for (const below of section.below)
    if (context.isPhase(below) || isAlertRunbook(below) || isMarked(below, 'runbook') || isContainer(below))
      return true;
  return false;
}

const isCommands = (content: Content): boolean => content.kind === 'fence' && content.use === 'steps';

const holdsCommands = (section: Section): boolean =>
  section.below.some(({ content }) => content.some(isCommands));

/** Sub-headings "1. …", "Step 2: …" with commands are the steps of one runbook, not runbooks of their own. */
function hasNumberedSteps(section: Section, context: RunbookContext): boolean {
  const withCommands = section.children.filter((child) => !context.isPhase(child) && holdsCommands(child));
  return (
    withCommands.length > 0 &&
    withCommands.every(({ heading }) =>
      /^(?:\d{1,2}[.):、]|\p{L}{2,12}\s?\d{1,2}\s?[:：.)–-])/u.test(heading),
    )
  );
}

function sectionRunbook(
  section: Section,
  what: 'content only' | 'whole',
  { report, fallbackTitle }: RunbookContext,
): RunbookDraft {
  const placed =
    what === 'content only' ? section.content.map((content) => ({ section, content })) : placedUnder(section);
  const isStep = (item: Item) => item.ordered || item.task;
  return {
    title: withoutNumber(section.heading) || fallbackTitle,
    line: section.line,
    source: 'section',
    about: '',
    steps: collectSteps(placed, { under: section, report, sentences: false, isStep }),
  };
}

function alertRunbook(
  section: Section,
  root: Section,
  { report, fallbackTitle, lines }: RunbookContext,
): RunbookDraft {
  const isAbout = (child: Section) => ['meaning', 'impact'].includes(alertPartOf(child.heading) ?? '');
  const about = section.children.filter(isAbout);
  const bulletsAreSteps = new Set<Section>();
  for (const child of section.children)
    if (!isAbout(child) && alertPartOf(child.heading) && !holdsCommands(child))
      for (const below of child.below) bulletsAreSteps.add(below);
  const aboutSections = new Set(about.flatMap((child) => child.below));
  const isStep = (item: Item, own: Section) =>
    !aboutSections.has(own) && own !== section && (item.ordered || item.task || bulletsAreSteps.has(own));
  const isFile = section === root || root.children.length === 1;
  return {
    title: withoutNumber(section.heading) || fallbackTitle,
    line: section.line,
    source: isFile ? 'file' : 'section',
    about: about
      .map(({ line, endLine }) =>
        lines
          .slice(line - 1, endLine)
          .join('\n')
          .trim(),
      )
      .join('\n\n'),
    steps: collectSteps(placedUnder(section), { under: section, report, sentences: true, isStep }),
  };
}
