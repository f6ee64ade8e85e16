import { messageOf } from '../core/errors.ts';
import type { Guide } from '../core/guide/guide.ts';
import { normalName } from '../core/plan/words/placeholderSyntax.ts';
import { planStep } from '../core/plan/planStep.ts';
import { renderAnnotations, type Finding } from './annotations.ts';
import { hasError, renderCheck, renderSums, reportGuide, type GuideReport } from './checkReport.ts';
import { findGuideFiles } from './findGuideFiles.ts';
import { parseCommandLine, usage, type CommandLine } from './parseCommandLine.ts';
import { planGuide, renderPlans } from './planReport.ts';
import { readGuideFile, type ReadGuide } from './readGuideFile.ts';
import { sarifOf } from './sarif.ts';
import { stepSequences } from '../core/guide/stepSequences.ts';
import { testReplays } from './testReplays.ts';
import { portable } from './portable.ts';
import { count, printable, renderJson } from './terminalText.ts';
import { verifyJournals } from './verifyJournals.ts';

/** What the command needs of the world besides files. */
export interface CliIo {
  out(text: string): void;
  err(text: string): void;
  /** The folder that relative paths start from. */
  readonly cwd: string;
}

/**
 * Runs `incident-guide` with the arguments behind the program's name and gives the exit status: 0 fine, 1 a guide has
 * an error, a path cannot be read, there are more warnings than allowed or something is not as recorded, 2 wrong usage, 3 a mistake in this program.
 * Runs no step and asks no network. Never throws.
 */
export async function runCli(args: readonly string[], io: CliIo): Promise<number> {
  const given = parseCommandLine(args);
  if (!given.ok) {
    io.err(`incident-guide: ${printable(given.failure.message, 1000)}\n\n${usage}`);
    return 2;
  }
  if (given.value.command === 'help') {
    io.out(usage);
    return 0;
  }
  try {
    if (given.value.command === 'test') return await testReplays(given.value, io);
    if (given.value.command === 'verify') return await verifyJournals(given.value, io);
    const guides = await readGuides(given.value.paths, io);
    return given.value.command === 'check'
      ? check(guides, given.value, io)
      : plan(
          guides.map(({ guide }) => guide),
          given.value,
          io,
        );
  } catch (thrown) {
    io.err(`incident-guide: a mistake in this program: ${messageOf(thrown)}. Please report it.\n`);
    return 3;
  }
}

/** Files that are read side by side: one after the other the disk would be waited for a thousand times. */
const AT_ONCE = 32;

async function readGuides(paths: readonly string[], io: CliIo): Promise<readonly ReadGuide[]> {
  const guides: ReadGuide[] = [];
  const found = await findGuideFiles(paths, io.cwd);
  for (let at = 0; at < found.length; at += AT_ONCE) {
    const read = await Promise.all(found.slice(at, at + AT_ONCE).map((file) => readGuideFile(file, io.cwd)));
    guides.push(...read.filter((guide) => guide !== undefined));
  }
  if (guides.length === 0) io.err('incident-guide: no guide was found there.\n');
  return guides;
}

function check(
  guides: readonly ReadGuide[],
  { format, maxWarnings, strict }: Extract<CommandLine, { command: 'check' }>,
  io: CliIo,
): number {
  const reports = guides.map(reportGuide);
  switch (format) {
    case 'text':
      io.out(renderCheck(reports));
      break;
    case 'json':
      io.out(renderJson(reports));
      break;
    case 'sarif':
      io.out(renderJson(sarifOf(findingsOf(reports, io.cwd))));
      break;
    case 'github':
      io.out(renderAnnotations(findingsOf(reports, io.cwd)));
      // The log says how much was looked at even where nothing is wrong.
      io.out(renderSums(reports));
  }
  if (strict && guides.length === 0) return 1;
  const warnings = reports
    .flatMap(({ problems }) => problems)
    .filter(({ severity }) => severity === 'warning').length;
  const tooMany = maxWarnings !== undefined && warnings > maxWarnings;
  if (tooMany) io.err(`incident-guide: ${count(warnings, 'warning')}, allowed are ${maxWarnings}.\n`);
  return tooMany || reports.some(hasError) ? 1 : 0;
}

/** The problems of all guides with the paths that other programs look for: relative to `cwd` where they are inside it. */
const findingsOf = (reports: readonly GuideReport[], cwd: string): readonly Finding[] =>
  reports.flatMap(({ file, problems }) =>
    problems.map((problem) => ({
      ...problem,
      file: portable(file, cwd),
      message: printable(problem.message, 1000),
    })),
  );

function plan(
  guides: readonly Guide[],
  { json, values }: Extract<CommandLine, { command: 'plan' }>,
  io: CliIo,
): number {
  const { namespace, context } = values;
  const target = { ...(namespace ? { namespace } : {}), ...(context ? { context } : {}) };
  const planned = guides.flatMap((guide) => planGuide(guide, { target, values, readOnlyPrefixes: [] }));
  io.out(json ? renderJson(planned.map(({ reported }) => reported)) : renderPlans(planned));
  for (const { file, problems } of guides)
    for (const { line, severity, message } of problems)
      if (severity === 'error')
        io.err(`${printable(file, 1000)}:${line}: error: ${printable(message, 400)}\n`);
  for (const name of unused(guides, values))
    io.err(`incident-guide: --set ${printable(name)} fills nothing: no step has that placeholder.\n`);
  return guides.some(hasError) ? 1 : 0;
}

/** Names given that are no placeholder of any step: most likely misspelt. */
function unused(guides: readonly Guide[], values: Readonly<Record<string, string>>): readonly string[] {
  const context = { target: {}, values: {}, readOnlyPrefixes: [] };
  const names = new Set(['namespace', 'context']);
  for (const guide of guides)
    for (const { steps } of stepSequences(guide))
      for (const step of steps)
        for (const { name } of planStep(step, context).missing) names.add(normalName(name));
  return Object.keys(values).filter((name) => !names.has(normalName(name)));
}
