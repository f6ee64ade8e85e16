import type { StepSequence } from '../guide/guide.ts';
import type { Played } from './playRunbook.ts';
import type { RecordedStep } from './recording.ts';

/** One thing that is other than it was recorded. */
export interface Difference {
  /** Of the guide: the step's, else the runbook's. */
  readonly line: number;
  /** `step-added`, `command`, `risk`, `verdict`, `assertion`, …: kebab-case, stable. */
  readonly what: string;
  readonly step: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

const fields = [
  ['step', 'name'],
  ['condition', 'condition'],
  ['command', 'command'],
  ['kind', 'kind'],
  ['risk', 'risk'],
  ['runs', 'plan'],
  ['target', 'target'],
  ['missing', 'missing-values'],
  ['verdict', 'verdict'],
] as const satisfies readonly (readonly [keyof RecordedStep, string])[];

/** What changed between a recording and the guide as it is now, in the guide's order; empty when nothing did. */
export function compareReplay(
  sequence: StepSequence,
  played: Played,
  recorded: readonly RecordedStep[],
): readonly Difference[] {
  const { steps, gone } = played;
  const differences = steps.flatMap(({ step, expected, recorded }): readonly Difference[] => {
    const place = { line: step.line, step: expected.step };
    if (!recorded)
      return [{ ...place, what: 'step-added', before: undefined, after: expected.runs ?? expected.step }];
    const changed = fields.flatMap(([key, what]): readonly Difference[] => {
      const [before, after] = [flat(recorded[key]), flat(expected[key])];
      return before === after ? [] : [{ ...place, what, before, after }];
    });
    const names = new Set([...Object.keys(recorded.asserts ?? {}), ...Object.keys(expected.asserts ?? {})]);
    const asserted = [...names].flatMap((name): readonly Difference[] => {
      const [before, after] = [recorded.asserts?.[name], expected.asserts?.[name]];
      return before === after
        ? []
        : [{ ...place, what: 'assertion', before: told(name, before), after: told(name, after) }];
    });
    return [...changed, ...asserted];
  });
  const removed = gone.map((one): Difference => ({
    line: sequence.line,
    step: one.step,
    what: 'step-removed',
    before: one.runs ?? one.step,
    after: undefined,
  }));
  return [...differences, ...removed, ...moved(played, recorded)];
}

const told = (name: string, result: string | undefined): string | undefined =>
  result === undefined ? undefined : `${name}: ${result}`;

/** Steps in another order judge other output, so the order is part of what was recorded. */
function moved({ steps }: Played, recorded: readonly RecordedStep[]): readonly Difference[] {
  const kept = steps.flatMap(({ step, expected, recorded: one }) =>
    one ? [{ step, name: expected.step, at: recorded.indexOf(one) }] : [],
  );
  const first = kept.find(({ at }, index) => index > 0 && at < (kept[index - 1]?.at ?? 0));
  return first
    ? [
        {
          line: first.step.line,
          step: first.name,
          what: 'order',
          before: `step ${first.at + 1}`,
          after: `step ${first.step.number}`,
        },
      ]
    : [];
}

const flat = (
  value: string | readonly string[] | Readonly<Record<string, string>> | undefined,
): string | undefined =>
  value === undefined || typeof value === 'string'
    ? value
    : Array.isArray(value)
      ? value.join(', ')
      : Object.entries(value)
          .map(([name, one]) => `${name} ${one as string}`)
          .join(', ');
