import { formatDuration } from '../incident/durations.ts';
import { msBetween, utcDate } from '../incident/instants.ts';
import { fewUses, type Practised, type RunbookHealth, type StepHealth } from '../history/runbookHealth.ts';
import { oneLine } from './oneLine.ts';

/** What stands behind a runbook's name: the one thing most worth knowing. `now` UTC ISO 8601. */
export function healthWords(health: RunbookHealth, now: string): string {
  if (health.uses === 0) return 'never run';
  if (health.staleDays !== undefined) return `not run for ${health.staleDays} days`;
  if (health.steps.some(({ changed }) => changed)) return 'commands changed since last success';
  if (!health.last) return 'only skipped';
  return `run ${formatDuration(Math.max(0, msBetween(health.last.at, now) ?? 0))} ago${inDrill(health.last)}`;
}

/** All findings as sentences, the most worrying first. */
export function healthSentences(health: RunbookHealth): readonly string[] {
  const { last, lastSuccess, staleDays, uses, drills } = health;
  if (uses === 0) return ['Never run, neither in an incident nor in a drill.'];
  const changed = health.steps.filter((step) => step.changed).map(({ number }) => number);
  return [
    ...(staleDays === undefined ? [] : [`Not run for ${staleDays} days.`]),
    ...(changed.length === 0
      ? []
      : [
          `Commands changed since last success: ${changed.length === 1 ? 'step' : 'steps'} ${changed.join(', ')}.`,
        ]),
    last ? `Last run: ${practised(last)}.` : 'Only skipped so far, never run.',
    lastSuccess ? `Last success: ${practised(lastSuccess)}.` : 'No success so far.',
    `Used in ${count(uses, 'incident')}${drills === 0 ? '' : `, ${drills} of them ${drills === 1 ? 'a drill' : 'drills'}`}${uses < fewUses ? ': few data' : ''}.`,
  ];
}

const practised = (one: Practised): string => `${utcDate(one.at)}, ${one.incident}${inDrill(one)}`;
const inDrill = ({ drill }: Practised): string => (drill ? ' in a drill' : '');
const count = (number: number, word: string): string => `${number} ${word}${number === 1 ? '' : 's'}`;

/** Every runbook's health as a Markdown document to be read. `now` UTC ISO 8601. */
export function healthDocument(all: readonly { file: string; health: RunbookHealth }[], now: string): string {
  const used = all.filter(({ health }) => health.uses > 0);
  const never = all.filter(({ health }) => health.uses === 0);
  const files = [...new Set(used.map(({ file }) => file))];
  return [
    '# Runbook health',
    `As of ${utcDate(now)}, from the incidents and drills of this journal. A dry run and an undo count as no run.`,
    ...files.flatMap((file) => [
      `## ${cell(file)}`,
      ...used.filter((each) => each.file === file).flatMap(({ health }) => section(health)),
    ]),
    // Of a runbook that nobody has used every cell of a table would say the same.
    ...(never.length === 0
      ? []
      : [
          '## Never run',
          'Neither in an incident nor in a drill:',
          never.map(({ file, health }) => `- ${cell(health.title)} (${cell(file)})`).join('\n'),
        ]),
    '',
  ].join('\n\n');
}

const section = (health: RunbookHealth): readonly string[] => [
  `### ${cell(health.title)}`,
  healthSentences(health)
    .map((sentence) => `- ${sentence}`)
    .join('\n'),
  table(health),
];

/** Columns of one width each: the text is read as it stands too. */
function table({ steps, uses }: RunbookHealth): string {
  const rows = [['Step', 'Runs', 'Failed', 'Skipped', 'Command'], ...steps.map((step) => row(step, uses))];
  const widths = rows[0]?.map((_, at) => Math.max(...rows.map((cells) => cells[at]?.length ?? 0))) ?? [];
  const lines = rows.map(
    (cells) => `| ${cells.map((text, at) => text.padEnd(widths[at] ?? 0)).join(' | ')} |`,
  );
  return [lines[0], `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`, ...lines.slice(1)].join(
    '\n',
  );
}

const row = (step: StepHealth, uses: number): readonly string[] => [
  `${step.number}. ${cell(step.text)}`,
  String(step.runs),
  rate(step.failed, step.runs, 'run'),
  rate(step.skipped, uses, 'incident'),
  commandWords(step),
];

const commandWords = ({ runs, succeeded, changed }: StepHealth): string =>
  changed
    ? 'changed since last success'
    : succeeded
      ? 'the one that last succeeded'
      : runs === 0
        ? 'never run'
        : 'never succeeded';

/** `1 of 4 runs (25 %)`; below the limit of few data no percentage is given, for it would say more than is known. */
const rate = (part: number, all: number, word: string): string =>
  all === 0
    ? '–'
    : all < fewUses
      ? `${part} of ${count(all, word)}, few data`
      : `${part} of ${count(all, word)} (${Math.round((100 * part) / all)} %)`;

const cell = (text: string): string => oneLine(text, 120).replace(/[\\|`*_<[\]]/g, '\\$&');
