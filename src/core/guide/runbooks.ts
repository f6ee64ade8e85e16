import { collectSteps, isLabelled, isRunnable, placedUnder, type Placed } from './collectSteps.ts';
import type { Item } from './blocks.ts';
import type { Runbook } from './guide.ts';
import type { Report } from './report.ts';
import { isMarked, withoutNumber, type Section } from './sections.ts';
import type { StepDraft } from './steps.ts';
import { words } from './vocabulary.ts';

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
  const parts = new Set(section.children.map(({ alertPart }) => alertPart));
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
      if (holdsOwn(section)) runbooks.push(sectionRunbook(section, 'content only', context));
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
    const whole = section.level >= 3 || (section.level > 0 && hasNumberedSteps(section, context));
    if (whole && !needsVisit(section, context)) {
      if (holdsCommands(section)) runbooks.push(sectionRunbook(section, 'whole', context));
      return;
    }
    addOwn();
    section.children.forEach(visit);
  };
  visit(root);
  return runbooks.filter((runbook) => {
    const isEmpty = runbook.steps.length === 0;
    if (isEmpty || runbook.proseOnly)
      context.report(
        runbook.line,
        'runbook-empty',
        'info',
        isEmpty
          ? `“${runbook.title}” stands among the runbooks but holds nothing to do. Write its steps, with commands in \`\`\`bash fences.`
          : `“${runbook.title}” is prose only: it has no command and no numbered step, so its sentences are shown as steps by hand. ` +
              'Put its commands into ```bash fences.',
      );
    return !isEmpty;
  });
}

/** A section whose sub-headings are runbooks: marked so, or named so below the title. */
const isContainer = (section: Section): boolean =>
  section.children.length > 0 &&
  (isMarked(section, 'runbooks') ||
    (section.level > 1 && words.runbooks.test(section.heading)) ||
    // "# Runbook", then "## Database alerts" with one heading for each.
    (section.level === 2 &&
      words.alerts.test(section.heading) &&
      section.parent?.level === 1 &&
      words.runbooks.test(section.parent.heading)));

/** Something below must be read by itself: a phase, another alert runbook or container, a marked runbook. */
function needsVisit(section: Section, context: RunbookContext): boolean {
  for (const below of section.below)
    if (context.isPhase(below) || isAlertRunbook(below) || isMarked(below, 'runbook') || isContainer(below))
      return true;
  return false;
}

/** Above the first heading, or under the title, a sentence that names a command is an introduction, not a runbook. */
const holdsOwn = (section: Section): boolean =>
  section.content.some(
    (content) =>
      isRunnable(section, content) &&
      !(content.kind === 'paragraph' && section.level < 2 && section.children.length > 0),
  );

const holdsCommands = (section: Section): boolean =>
  section.below.some((below) => below.content.some((content) => isRunnable(below, content)));

const holdsItems = (section: Section): boolean =>
  section.below.some(({ content }) => content.some(({ kind }) => kind === 'item'));

const holdsFences = (section: Section): boolean =>
  section.below.some(({ content }) => content.some((each) => each.kind === 'fence' && each.use === 'steps'));

/** Sub-headings "1. …", "Step 2: …" with commands are the steps of one runbook, not runbooks of their own. */
function hasNumberedSteps(section: Section, context: RunbookContext): boolean {
  const withCommands = section.children.filter((child) => !context.isPhase(child) && holdsCommands(child));
  return withCommands.length > 0 && withCommands.every(isNumbered);
}

const isNumbered = ({ heading }: Section): boolean =>
  /^(?:\d{1,2}[.):、]|\p{L}{2,12}\s?\d{1,2}\s?[:：.)–-])/u.test(heading);

function sectionRunbook(
  section: Section,
  what: 'content only' | 'whole',
  { report, fallbackTitle }: RunbookContext,
): RunbookDraft {
  const placed =
    what === 'content only' ? section.content.map((content) => ({ section, content })) : placedUnder(section);
  // A numbered heading without a command is a step done by hand, in the words below it.
  const byHand = new Set(
    what === 'whole' && section.children.some(isNumbered)
      ? section.children
          .filter((child) => isNumbered(child) && !holdsCommands(child))
          .flatMap(({ below }) => below)
      : [],
  );
  const isStep = (item: Item, own: Section) => item.ordered || item.task || byHand.has(own);
  const isProseStep = (own: Section) => byHand.has(own);
  const steps = collectSteps(placed, { under: section, report, sentences: false, isStep, isProseStep });
  return {
    title: withoutNumber(section.heading) || fallbackTitle,
    line: section.line,
    source: 'section',
    about: '',
    ...(steps.length > 0 ? { steps } : proseSteps(placed, section, report)),
  };
}

/** A runbook without anything to run or number is read sentence by sentence, so that it can be followed by hand. */
function proseSteps(
  placed: readonly Placed[],
  under: Section,
  report: Report,
): Pick<RunbookDraft, 'steps' | 'proseOnly'> {
  const isStep = ({ text }: Item) => !isLabelled(text);
  const told = placed.filter(({ section, content }) => !section.explains && content.kind !== 'fence');
  const steps = collectSteps(told, { under, report, sentences: false, isStep, isProseStep: () => true });
  return { steps, proseOnly: true };
}

function alertRunbook(
  section: Section,
  root: Section,
  { report, fallbackTitle, lines }: RunbookContext,
): RunbookDraft {
  const isAbout = (child: Section) => ['meaning', 'impact'].includes(child.alertPart ?? '');
  const about = section.children.filter(isAbout);
  const bulletsAreSteps = new Set<Section>();
  const proseIsSteps = new Set<Section>();
  for (const child of section.children) {
    if (isAbout(child) || !child.alertPart || holdsFences(child)) continue;
    const isProse = !holdsCommands(child) && !holdsItems(child);
    for (const below of child.below) (isProse ? proseIsSteps : bulletsAreSteps).add(below);
  }
  const aboutSections = new Set(about.flatMap((child) => child.below));
  const isStep = (item: Item, own: Section) =>
    !aboutSections.has(own) && own !== section && (item.ordered || item.task || bulletsAreSteps.has(own));
  const isProseStep = (own: Section) => proseIsSteps.has(own);
  const isFile = section === root || root.children.length === 1;
  const placed = placedUnder(section);
  const steps = collectSteps(placed, { under: section, report, sentences: true, isStep, isProseStep });
  const hasNumbers = placed.some(
    ({ content }) => content.kind === 'item' && (content.ordered || content.task),
  );
  const isProse = !hasNumbers && !holdsCommands(section);
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
    steps,
    ...(isProse ? { proseOnly: true } : {}),
  };
}
