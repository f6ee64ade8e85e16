import type { StepSequence } from '../guide/guide.ts';
import { isKnown } from '../incident/evolve.ts';
import type { Incident, Run } from '../incident/incident.ts';
import { refuseToKeep } from '../plan/words/refuseToKeep.ts';
import { playRunbook, nameOf, recordedTarget, shareable, type ReplayJudge } from './playRunbook.ts';
import type { RecordedStep, Recording } from './recording.ts';

/** Lines and characters of one step's output that are kept: a recording is read by people, in a review. */
const mostLines = 200;
const mostCharacters = 20_000;

/** The newest real run of each step of a runbook that has ended, by the step's id; dry runs and undos are none. */
export function runsToRecord(incident: Incident, sequence: StepSequence): ReadonlyMap<string, Run> {
  const runs = new Map<string, Run>();
  for (const run of incident.runs)
    if (run.sequence === sequence.id && run.end && !run.end.interrupted && !run.dryRun && !run.undoes)
      runs.set(run.step, run);
  return runs;
}

/**
 * What an incident ran of a runbook, as a recording whose expectations are what the guide says now. `guide` is the guide's
 * file relative to where the recording will lie; `outputs` holds the runs' whole outputs by run id. Names and commands have
 * their secrets hidden, and outputs everything that looks like a credential.
 */
export function recordRunbook(
  incident: Incident,
  {
    guide,
    sequence,
    values,
  }: { guide: string; sequence: StepSequence; values: Readonly<Record<string, string>> },
  outputs: ReadonlyMap<string, string>,
  judge: ReplayJudge,
): Recording {
  const runs = runsToRecord(incident, sequence);
  const seen = sequence.steps.map((step): RecordedStep => {
    const run = runs.get(step.id);
    const output = run && outputs.get(run.id);
    return {
      step: nameOf(step),
      ...(step.command === undefined
        ? {}
        : { command: shareable(step.command.replace(/\r\n/g, '\n').trim()) }),
      kind: '',
      risk: '',
      ...outcomeOf(run),
      ...(output === undefined || output === '' ? {} : { output: excerpt(shareable(output)) }),
      ...endpointsOf(run),
    };
  });
  const target = recordedTarget(incident.target);
  const kept = Object.entries(values).flatMap(([name, value]) =>
    refuseToKeep(name) === undefined ? [[name, shareable(value)] as const] : [],
  );
  // What an output gives is read from it in a replay too: a guide that captures it no longer must show.
  const byRuns = capturedNames(incident);
  const rest = kept.filter(([name]) => !byRuns.has(name));
  const { captured } = playRunbook(
    sequence,
    { target, values: Object.fromEntries(rest), steps: seen },
    judge,
  );
  const base = {
    target,
    values: Object.fromEntries(kept.filter(([name, value]) => !byRuns.has(name) || captured[name] !== value)),
  };
  const last = [...runs.values()].map(({ startedAt }) => startedAt).sort();
  return {
    version: '1',
    guide,
    runbook: sequence.title,
    recorded: last.at(-1) ?? incident.declaredAt,
    ...base,
    steps: playRunbook(sequence, { ...base, steps: seen }, judge).steps.map(({ expected }) => expected),
  };
}

/** Names of the values that came out of a run and were not set by a person since. */
function capturedNames({ events }: Incident): ReadonlySet<string> {
  const names = new Set<string>();
  for (const event of events) {
    if (!isKnown(event) || event.type !== 'ValueSet') continue;
    if (event.data.run === undefined) names.delete(event.data.name);
    else names.add(event.data.name);
  }
  return names;
}

function outcomeOf(run: Run | undefined): Pick<RecordedStep, 'outcome' | 'exit' | 'status' | 'detail'> {
  const outcome = run?.end?.outcome;
  if (!outcome) return {};
  const exit =
    'exitCode' in outcome && outcome.exitCode !== undefined ? { exit: String(outcome.exitCode) } : {};
  const said =
    outcome.kind === 'failed' ? outcome.message : outcome.kind === 'succeeded' ? outcome.detail : undefined;
  const status = run.end?.reading?.httpStatus;
  const answered = status === undefined ? {} : { status: String(status) };
  return { outcome: outcome.kind, ...exit, ...answered, ...(said ? { detail: shareable(said) } : {}) };
}

function endpointsOf(run: Run | undefined): Pick<RecordedStep, 'endpoints'> {
  const services = run?.end?.reading?.services;
  if (!services) return {};
  return {
    endpoints: Object.fromEntries(
      services.map(({ name, endpoints, because }) => [
        shareable(name),
        endpoints === undefined ? shareable(because ?? 'not known') : String(endpoints),
      ]),
    ),
  };
}

/** The beginning and the end of a long output with a line between that says how much is left out. */
function excerpt(output: string): string {
  // What terminals are told by is not for a file, and YAML could not show it as a block.
  const lines = output
    .replace(/\r\n/g, '\n')
    .replace(/[^\P{Cc}\n\t]/gu, '')
    .replace(/\n$/, '')
    .split('\n');
  const kept = fitting(lines);
  return `${kept.join('\n')}\n`;
}

function fitting(lines: readonly string[]): readonly string[] {
  const cut = lines.map((line) => line.slice(0, 2_000).trimEnd());
  const whole =
    cut.length <= mostLines && cut.reduce((sum, line) => sum + line.length + 1, 0) <= mostCharacters;
  if (whole) return cut;
  const take = (from: readonly string[]): readonly string[] => {
    let length = 0;
    return from.slice(0, mostLines / 2).filter((line) => (length += line.length + 1) <= mostCharacters / 2);
  };
  const first = take(cut);
  const last = [...take([...cut].reverse())].reverse();
  return [...first, `… ${cut.length - first.length - last.length} lines left out …`, ...last];
}
