import type { Step } from '../guide/guide.ts';
import type { Incident, Run as WholeRun } from '../incident/incident.ts';
import { utcTime } from '../incident/instants.ts';
import { certainValues } from '../plan/words/certainValues.ts';
import { brokenBy, exitOf } from './assertions.ts';
import { judgeWords } from './conditionWords.ts';
import { evaluate, type Seen, type Told } from './evaluate.ts';
import { parseExpression, type Operand } from './expression.ts';
import type { Judged } from './judged.ts';
import { kindNames, kindsGot } from './kindsGot.ts';
import type { Reading } from './reading.ts';
import { formerValues, runsHere } from './runsHere.ts';

/** What of an incident a condition is judged by. */
export interface Shown extends Pick<Incident, 'target' | 'values'> {
  readonly runs: readonly Run[];
  /** Tell which runs began before another target was pinned or the incident was reopened; absent where neither was. */
  readonly events?: Incident['events'];
  readonly service?: Incident['service'];
}
type Run = Pick<WholeRun, 'id' | 'step' | 'command' | 'target' | 'undoes' | 'dryRun'> & {
  readonly end: Pick<NonNullable<WholeRun['end']>, 'at' | 'outcome' | 'reading'> | undefined;
};

type Subject =
  'pods' | 'logs' | 'database' | 'services' | 'http' | 'answers' | 'postgresql' | 'redis' | 'metrics';

/** How a command shows that a run looked at something, also where it failed and nothing came of it. */
const nothing = /(?!)/;
const looksAt: Readonly<Record<Exclude<Subject, 'pods' | 'services'>, RegExp>> = {
  logs: /\blogs?\b/,
  database: /\bpsql\b|\bmysql\b|pg_stat_activity|max_connections/,
  http: /^curl\b/,
  answers: /^curl\b/,
  postgresql: /^# PostgreSQL metrics\b/,
  redis: /^# Redis metrics\b/,
  metrics: nothing,
};

/** Whether a run looked at something: its command says so, or what came of it was just that. */
const hasLooked = (what: Subject, { command, end }: Run): boolean =>
  (end?.reading !== undefined && has[what](end.reading)) ||
  (what === 'pods' || what === 'services'
    ? [...kindsGot(command)].some((kind) => kindNames[what].test(kind))
    : looksAt[what].test(command) &&
      !(what === 'answers' && (hasAnswer(end?.reading) || sends.test(command))));

/** The newest look at something. What a command has shown once, its later runs look at too, also where they show nothing. */
function newestLook(what: Subject, runs: readonly Run[]): Run | undefined {
  const known = new Set(
    runs.flatMap((run) => (run.end?.reading && has[what](run.end.reading) ? [lookOf(run)] : [])),
  );
  return runs.find((run) => hasLooked(what, run) || known.has(lookOf(run)));
}

const lookOf = ({ step, command }: Run): string => `${step}\n${command}`;

const hasAnswer = (reading: Reading | undefined): boolean => reading?.httpStatus !== undefined;
/** Options of curl that make a message of a request. */
const sends =
  /\s(?:-X ?|--request[ =])["']?(?!GET|HEAD)[A-Z]|\s(?:-d|-F|-T|--data\S*|--json|--form|--upload-file)\b/;

const has: Readonly<Record<Subject, (reading: Reading) => boolean>> = {
  pods: ({ pods }) => pods !== undefined,
  logs: ({ logs }) => logs !== undefined,
  database: ({ database }) => database !== undefined,
  services: ({ services }) => services !== undefined,
  http: ({ httpStatus }) => httpStatus !== undefined,
  // A look at the service: what somebody answered to a message says nothing of it.
  answers: ({ httpStatus, httpMethod }) =>
    httpStatus !== undefined && /^(?:GET|HEAD)$/.test(httpMethod ?? ''),
  postgresql: ({ metrics }) => metrics?.set === 'postgresql',
  redis: ({ metrics }) => metrics?.set === 'redis',
  metrics: ({ metrics }) => metrics !== undefined,
};

/** Judges the condition of a step of a sequence; undefined for a step without one. */
export type Judge = (step: Step, sequence: readonly Step[]) => Judged | undefined;

/** What the runs of one sequence have shown, the newest first. */
interface Looks {
  readonly incident: Shown;
  readonly numbers: ReadonlyMap<string, number>;
  readonly runs: readonly Run[];
  /** Values that runs gave which no longer count. */
  readonly former: ReadonlySet<string>;
}

/**
 * Judges steps' conditions (`ir.when`, else their words) by what the runs of their own sequence have shown, the newest look
 * at each thing counting: one that failed makes it unknown, whatever an older one said. Runs that went elsewhere
 * than the incident is pinned to now, or that began before it was reopened, do not count (`runsHere`). One judge serves everything that is drawn together:
 * the incident's runs are gathered once, and not before a step has a condition. Pure.
 */
export function createJudge(incident: Shown | undefined): Judge {
  let here: readonly Run[] | undefined;
  let former: ReadonlySet<string> | undefined;
  const known = new Map<readonly Step[], Looks>();
  const looksOf = (sequence: readonly Step[], from: Shown): Looks => {
    here ??= runsHere(from)
      .filter((run) => run.undoes === undefined && run.dryRun !== true)
      .reverse();
    const numbers = new Map(sequence.map(({ id, number }) => [id, number]));
    former ??= formerValues(from.events ?? []);
    return { incident: from, numbers, runs: here.filter((run) => numbers.has(run.step)), former };
  };
  return (step, sequence) => {
    const condition = step.attributes['ir.when'] ?? step.condition;
    if (condition === undefined) return undefined;
    if (!incident) return { verdict: 'cannot-tell', because: 'no incident is declared', run: undefined };
    const looks = known.get(sequence) ?? looksOf(sequence, incident);
    known.set(sequence, looks);
    return judgeBy(looks, step, sequence, condition);
  };
}

/** One step alone; see `createJudge`. */
export const judgeStep = (
  step: Step,
  sequence: readonly Step[],
  incident: Shown | undefined,
): Judged | undefined => createJudge(incident)(step, sequence);

function judgeBy(
  { incident, numbers, runs, former }: Looks,
  step: Step,
  sequence: readonly Step[],
  condition: string,
): Judged {
  const seenOf = (run: Run): Seen => {
    const outcome = run.end?.outcome;
    const reading = run.end?.reading;
    const broken = outcome ? brokenBy(outcome) : 'it still runs';
    const about = `step ${String(numbers.get(run.step))}`;
    return {
      reading,
      exitCode: outcome && exitOf(outcome),
      run: run.id,
      age: runs.indexOf(run),
      ...(broken === undefined ? {} : { unseen: `${about}: ${broken}` }),
    };
  };
  const newest = (what: Subject): Seen | undefined => {
    const run = newestLook(what, runs);
    if (!run) return undefined;
    const { unseen, ...seen } = seenOf(run);
    // A server that takes nobody any more makes the run fail, and that is what was to be seen.
    const isRefusal = what === 'database' && seen.reading?.database?.refused !== undefined;
    return unseen === undefined || isRefusal ? seen : { ...seen, unseen };
  };
  const values = certainValues(incident);
  const expression = parseExpression(condition);
  const isExpression = step.attributes['ir.when'] !== undefined || !/^if\b/i.test(condition);
  const told =
    expression.ok && isExpression
      ? evaluate(expression.value, {
          seen: (name, operand) => {
            const run = findRun(step, sequence, runs, name, operand);
            return run
              ? seenOf(run)
              : { reading: undefined, exitCode: undefined, unseen: 'no run has looked yet' };
          },
          value: (name) => (Object.hasOwn(values, name) && !former.has(name) ? values[name] : undefined),
          isFormer: (name) => former.has(name),
          cells: 'any',
        })
      : judgeWords(condition, { newest, command: step.command ?? '' });
  return judgedFrom(told, runs, numbers);
}

function judgedFrom(told: Told, runs: readonly Run[], numbers: ReadonlyMap<string, number>): Judged {
  const { truth, run, parts = [told], pods = [] } = told;
  const verdict = truth === undefined ? 'cannot-tell' : truth ? 'applies' : 'does-not-apply';
  const evidence = (id: string | undefined): string => {
    const shown = runs.find((one) => one.id === id);
    const at = shown?.end?.at;
    return shown && at ? ` (step ${String(numbers.get(shown.step))}, ${utcTime(at)} UTC)` : '';
  };
  const because = parts
    .map((part, index) => {
      const next = parts[index + 1];
      if (next === undefined) return `${part.because}${evidence(part.run)}`;
      const isSame = part.run !== undefined && next.run === part.run;
      return `${part.because}${isSame ? ', ' : `${evidence(part.run)}; `}`;
    })
    .join('');
  const found = truth === true && pods.length > 0 ? { pods } : {};
  return { verdict, because, run, ...found };
}

/** The newest run that an operand of an expression speaks of. */
function findRun(
  step: Step,
  sequence: readonly Step[],
  runs: readonly Run[],
  name: string | undefined,
  operand: Operand,
): Run | undefined {
  if (name !== undefined) {
    const meant = sequence.find(
      ({ number, attributes }) => attributes['name'] === name || String(number) === name,
    );
    return runs.find((run) => run.step === meant?.id);
  }
  if (operand.kind === 'exit') {
    const before = sequence[sequence.findIndex(({ id }) => id === step.id) - 1];
    return runs.find((run) => run.step === before?.id);
  }
  const others = runs.filter((run) => run.step !== step.id);
  const subject = subjects[operand.kind];
  if (subject === undefined) return others[0];
  return newestLook(subject, others);
}

const subjects: Partial<Readonly<Record<Operand['kind'], Subject>>> = {
  pods: 'pods',
  errors: 'logs',
  connections: 'database',
  status: 'http',
  metric: 'metrics',
};
