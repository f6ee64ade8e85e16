import type { Guide, Phase, PhasePart, Problem, Step } from '../core/guide/guide.ts';
import { lintGuide } from '../core/lint/lintGuide.ts';
import { stepSequences } from '../core/guide/stepSequences.ts';
import type { ReadGuide } from './readGuideFile.ts';
import { count, printable, renderRows } from './terminalText.ts';

const reportStep = ({ number, text, condition, command, details, line }: Step) => ({
  number,
  text,
  condition,
  command,
  details,
  line,
});

/** `unknown` because it is only printed: what the parts hold is the guide model's business. */
const reportPart = (part: PhasePart): unknown =>
  part.kind === 'steps' || part.kind === 'option' ? { ...part, steps: part.steps.map(reportStep) } : part;

/** The parts of one kind, with the name of their phase. */
const partsOf = <K extends PhasePart['kind']>(phases: readonly Phase[], kind: K) =>
  phases.flatMap(({ name: phase, parts }) =>
    parts
      .filter((part): part is Extract<PhasePart, { kind: K }> => part.kind === kind)
      .map((part) => ({ phase, part })),
  );

/** Everything one guide holds and what is wrong with it, traps of its commands included: an entry of `check --json`. */
export function reportGuide({ guide, source, missingFiles }: ReadGuide) {
  const { file, title, severities, escalations, phases, runbooks } = guide;
  const { cadence, deadlines, templates, contacts, links } = guide;
  return {
    file,
    title,
    severities,
    escalations,
    phases: phases.map((phase) => ({ ...phase, parts: phase.parts.map(reportPart) })),
    questions: partsOf(phases, 'questions').flatMap(({ phase, part }) =>
      part.questions.map(({ text, line }) => ({ phase, text, line })),
    ),
    cadence,
    options: partsOf(phases, 'option').map(({ phase, part }) => ({
      phase,
      label: part.label,
      title: part.title,
      condition: part.condition,
      line: part.line,
      steps: part.steps.map(reportStep),
    })),
    checklist: partsOf(phases, 'checklist').flatMap(({ phase, part }) =>
      part.items.map(({ text, line }) => ({ phase, text, line })),
    ),
    templates,
    deadlines,
    runbooks: runbooks.map((runbook) => ({
      title: runbook.title,
      line: runbook.line,
      source: runbook.source,
      about: runbook.about,
      proseOnly: runbook.proseOnly === true,
      steps: runbook.steps.map(reportStep),
    })),
    steps: countSteps(guide),
    contacts,
    links,
    problems: lintGuide(source, guide, { missingFiles }).map(({ line, code, severity, message, range }) => ({
      line,
      code,
      severity,
      message,
      range,
    })),
  };
}

/** How many steps have a command, how many a person does by hand, and how many runbooks are prose only. */
function countSteps(guide: Guide) {
  const steps = stepSequences(guide).flatMap((sequence) => sequence.steps);
  const run = steps.filter(({ command }) => command !== undefined).length;
  const proseOnly = guide.runbooks.filter((runbook) => runbook.proseOnly).length;
  return { run, byHand: steps.length - run, proseOnly };
}

export type GuideReport = ReturnType<typeof reportGuide>;

export const hasError = ({ problems }: { readonly problems: readonly Problem[] }): boolean =>
  problems.some(({ severity }) => severity === 'error');

/** What `check` prints for people: what each guide holds, what is wrong with it by line, and the sums. */
export const renderCheck = (reports: readonly GuideReport[]): string =>
  [...reports.map(renderReport), `${renderSteps(reports)}${renderSums(reports)}`].join('\n');

/** `3 files: 0 errors, 2 warnings, 1 note.` */
export function renderSums(reports: readonly GuideReport[]): string {
  const problems = reports.flatMap((report) => report.problems);
  const sum = (severity: Problem['severity']): number =>
    problems.filter((each) => each.severity === severity).length;
  return `${count(reports.length, 'file')}: ${count(sum('error'), 'error')}, ${count(sum('warning'), 'warning')}, ${count(sum('info'), 'note')}.\n`;
}

/** `12 steps to run, 3 by hand, 1 runbook prose only.`; nothing where there are no steps. */
function renderSteps(reports: readonly GuideReport[]): string {
  const sum = (of: keyof GuideReport['steps']): number =>
    reports.reduce((total, { steps }) => total + steps[of], 0);
  if (sum('run') + sum('byHand') === 0) return '';
  const only = sum('proseOnly') === 0 ? '' : `, ${count(sum('proseOnly'), 'runbook')} prose only`;
  return `${count(sum('run'), 'step')} to run, ${sum('byHand')} by hand${only}.\n`;
}

function renderReport(report: GuideReport): string {
  const heading = report.title === undefined ? report.file : `${report.file}: ${report.title}`;
  const rows = contents(report).map(([what, items]) => [
    what,
    String(items.length),
    printable(items.join(', ')),
  ]);
  const problems = report.problems.map(({ line, code, severity, message }) => [
    `line ${line}`,
    severity === 'info' ? 'note' : severity,
    code,
    printable(message, 400),
  ]);
  return `${printable(heading, 1000)}\n${renderRows(rows, '  ')}${renderRows(problems, '  ')}`;
}

/** Name and items of what the guide holds; what it does not hold is left out. */
function contents(report: GuideReport): readonly (readonly [string, readonly string[]])[] {
  const all: readonly (readonly [string, readonly string[]])[] = [
    ['severities', report.severities.map(({ name, responseText }) => `${name} ${responseText}`.trim())],
    [
      'escalations',
      report.escalations.map(({ severity, escalateTo }) => `${severity} to ${oneWord(escalateTo)}`),
    ],
    ['phases', report.phases.map(({ name, clock }) => name + clockText(clock))],
    ['questions', report.questions.map(({ text }) => text)],
    ['cadence', report.cadence ? [`update every ${report.cadence.everyMinutes} min`] : []],
    ['options', report.options.map(({ label, title }) => `${label} ${title}`.trim())],
    ['checklist', report.checklist.map(({ text }) => text)],
    ['templates', report.templates.map(({ kind }) => kind)],
    ['deadlines', report.deadlines.map(({ text }) => text)],
    ['runbooks', report.runbooks.map(({ title, steps }) => `${title} (${count(steps.length, 'step')})`)],
    ['contacts', report.contacts.map(({ role }) => role)],
    ['links', [...new Set(report.links.map(({ href }) => href))]],
  ];
  return all.filter(([, items]) => items.length > 0);
}

const oneWord = (text: string): string => text.replaceAll(', ', ' + ');

function clockText(clock: Phase['clock']): string {
  switch (clock.kind) {
    case 'minutes':
      return ` (${clock.from}-${clock.to} min)`;
    case 'variable':
      return ` (${clock.text})`;
    case 'none':
      return '';
  }
}
