import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Guide, StepSequence } from '../core/guide/guide.ts';
import { stepSequences } from '../core/guide/stepSequences.ts';
import { compareReplay, type Difference } from '../core/replay/compareReplay.ts';
import { playRunbook, type Played } from '../core/replay/playRunbook.ts';
import {
  parseRecording,
  recordingEnding,
  renderRecording,
  type Recording,
} from '../core/replay/recording.ts';
import { judgeRecorded } from '../core/replay/judgeRecorded.ts';
import { renderAnnotations } from './annotations.ts';
import { findGuideFiles, whyUnreadable, type FoundFile } from './findGuideFiles.ts';
import type { CommandLine } from './parseCommandLine.ts';
import { portable } from './portable.ts';
import { readGuideFile } from './readGuideFile.ts';
import type { CliIo } from './runCli.ts';
import { count, printable, renderJson } from './terminalText.ts';

/** What became of one recording: an entry of `test --json`. */
interface ReplayReport {
  readonly recording: string;
  readonly guide: string | undefined;
  readonly runbook: string | undefined;
  readonly result: 'passed' | 'failed' | 'updated' | 'unreadable';
  /** Why it could not be played. */
  readonly message: string | undefined;
  readonly differences: readonly Difference[];
  readonly steps: readonly {
    readonly step: string;
    readonly line: number;
    readonly runs: string | undefined;
    readonly verdict: string | undefined;
    readonly because: string | undefined;
    readonly asserts: Readonly<Record<string, string>> | undefined;
  }[];
}

/**
 * Plays every recording found against its guide, runs nothing, and gives the exit status: 0 when all are as recorded,
 * 1 when one is not, cannot be played, or there is none. With `update` differences are written into the recordings.
 */
export async function testReplays(
  { paths, format, update }: Extract<CommandLine, { command: 'test' }>,
  io: CliIo,
): Promise<number> {
  const guides = new Map<string, Guide | undefined>();
  const reports: ReplayReport[] = [];
  for (const found of await findRecordings(paths, io.cwd))
    reports.push(await playFile(found, guides, update, io.cwd));
  switch (format) {
    case 'text':
      io.out(renderReports(reports));
      break;
    case 'json':
      io.out(renderJson(reports));
      break;
    case 'github':
      io.out(renderAnnotations(reports.flatMap(findingsOf)));
      io.out(renderSums(reports));
  }
  // A run of no test is no success: the path in the workflow is most likely wrong.
  if (reports.length === 0)
    io.err(`incident-guide: no recording (*${recordingEnding}) was found there, so nothing was tested.\n`);
  return reports.length > 0 && reports.every(({ result }) => result === 'passed' || result === 'updated')
    ? 0
    : 1;
}

const isRecording = /\.replay\.yaml$/i;

/** Recordings among the paths; a guide that is named stands for those beside it that were made from it. */
async function findRecordings(paths: readonly string[], cwd: string): Promise<readonly FoundFile[]> {
  const found: FoundFile[] = [];
  for (const file of await findGuideFiles(paths, cwd, isRecording)) {
    if ('unreadable' in file || !/\.md$/i.test(file.file)) {
      found.push(file);
      continue;
    }
    for (const beside of await findGuideFiles([path.dirname(file.file)], cwd, isRecording)) {
      if ('unreadable' in beside) continue;
      const parsed = parseRecording(await readFile(beside.absolute, 'utf8').catch(() => ''));
      if (parsed.ok && path.resolve(path.dirname(beside.absolute), parsed.value.guide) === file.absolute)
        found.push(beside);
    }
  }
  return found;
}

async function playFile(
  found: FoundFile,
  guides: Map<string, Guide | undefined>,
  update: boolean,
  cwd: string,
): Promise<ReplayReport> {
  const recording = portable(found.file, cwd);
  const none = { recording, guide: undefined, runbook: undefined, differences: [], steps: [] };
  const unreadable = (message: string, more: Partial<ReplayReport> = {}): ReplayReport => ({
    ...none,
    ...more,
    result: 'unreadable',
    message,
  });
  if ('unreadable' in found) return unreadable(found.unreadable);
  let source;
  try {
    source = await readFile(found.absolute, 'utf8');
  } catch (thrown) {
    return unreadable(whyUnreadable(thrown));
  }
  const parsed = parseRecording(source);
  if (!parsed.ok) return unreadable(parsed.failure.message);
  const absolute = path.resolve(path.dirname(found.absolute), parsed.value.guide);
  const guideFile = portable(absolute, cwd);
  const { runbook } = parsed.value;
  const named = { guide: guideFile, runbook };
  if (!guides.has(absolute))
    guides.set(absolute, (await readGuideFile({ file: guideFile, absolute, named: true }, cwd))?.guide);
  const guide = guides.get(absolute);
  const broken = guide?.problems.find(({ code }) => code === 'unreadable')?.message;
  if (!guide || broken !== undefined)
    return unreadable(`Its guide ${guideFile} cannot be read. ${broken ?? ''}`.trim(), named);
  const sequence = stepSequences(guide).find(({ title }) => title === runbook);
  if (!sequence)
    return {
      ...none,
      ...named,
      result: 'failed',
      message: `The guide has no runbook “${runbook}” any more. Record it anew, or delete the recording.`,
    };
  const played = playRunbook(sequence, parsed.value, judgeRecorded);
  const differences = compareReplay(sequence, played, parsed.value.steps);
  const report = { ...none, ...named, message: undefined, differences, steps: shownSteps(played) };
  if (differences.length === 0) return { ...report, result: 'passed' };
  if (!update) return { ...report, result: 'failed' };
  return writeUpdate(found.absolute, parsed.value, played, sequence, report);
}

async function writeUpdate(
  file: string,
  recording: Recording,
  { steps }: Played,
  { title }: StepSequence,
  report: Omit<ReplayReport, 'result'>,
): Promise<ReplayReport> {
  const next = { ...recording, runbook: title, steps: steps.map(({ expected }) => expected) };
  try {
    await writeFile(file, renderRecording(next));
    return { ...report, result: 'updated' };
  } catch (thrown) {
    return { ...report, result: 'failed', message: `It could not be rewritten. ${whyUnreadable(thrown)}` };
  }
}

const shownSteps = ({ steps }: Played): ReplayReport['steps'] =>
  steps.map(({ step, expected }) => ({
    step: expected.step,
    line: step.line,
    runs: expected.runs,
    verdict: expected.verdict,
    because: expected.because,
    asserts: expected.asserts,
  }));

const sentences: Readonly<Record<string, string>> = {
  'step-added': 'is not in the recording',
  'step-removed': 'was recorded and is no longer in the guide',
  name: 'has another name',
  condition: 'has another condition',
  command: 'has another command',
  kind: 'is run by another program',
  risk: 'has another risk',
  plan: 'would run something else',
  target: 'goes elsewhere',
  'missing-values': 'lacks other values',
  verdict: 'has another verdict on its condition',
  assertion: 'has another result of an assertion',
  order: 'stands in another place',
};

const sentenceOf = ({ step, what }: Difference): string =>
  `Step “${printable(step)}” ${sentences[what] ?? 'differs'}.`;

function renderReports(reports: readonly ReplayReport[]): string {
  const blocks = reports.map(({ recording, guide, runbook, result, message, differences }) => {
    const name = `${result.padEnd(7)} ${printable(recording, 1000)}${runbook === undefined ? '' : `: ${printable(runbook)}`}\n`;
    const lines = differences.map(
      (one) =>
        `  ${printable(guide ?? '', 1000)}:${one.line}: ${sentenceOf(one)}\n` +
        (one.before === undefined ? '' : `    - ${printable(one.before, 1000)}\n`) +
        (one.after === undefined ? '' : `    + ${printable(one.after, 1000)}\n`),
    );
    return name + (message === undefined ? '' : `  ${printable(message, 1000)}\n`) + lines.join('');
  });
  return `${blocks.join('')}${renderSums(reports)}`;
}

function renderSums(reports: readonly ReplayReport[]): string {
  const sum = (result: ReplayReport['result']): number =>
    reports.filter((one) => one.result === result).length;
  const rest = (['updated', 'unreadable'] as const).filter((one) => sum(one) > 0);
  return `${count(reports.length, 'recording')}: ${[`${sum('passed')} passed`, `${sum('failed')} failed`, ...rest.map((one) => `${sum(one)} ${one}`)].join(', ')}.\n`;
}

const findingsOf = ({ recording, guide, result, message, differences }: ReplayReport) => [
  ...(message === undefined
    ? []
    : [{ file: recording, line: 1, range: undefined, code: 'replay', severity: 'error' as const, message }]),
  ...differences.map((one) => ({
    file: guide ?? recording,
    line: one.line,
    range: undefined,
    code: `replay-${one.what}`,
    severity: result === 'updated' ? ('info' as const) : ('error' as const),
    message: [
      sentenceOf(one),
      ...(one.before === undefined ? [] : [`- ${one.before}`]),
      ...(one.after === undefined ? [] : [`+ ${one.after}`]),
      `Recorded in ${recording}.`,
    ].join('\n'),
  })),
];
