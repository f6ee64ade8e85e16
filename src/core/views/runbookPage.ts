import type { Incident } from '../incident/incident.ts';
import { fieldParts, namespaceDiffers } from '../inputs/fieldParts.ts';
import { createJudge } from '../judge/judgeStep.ts';
import type { Missing, Plan, Target } from '../plan/plan.ts';
import { normalName } from '../plan/words/placeholderSyntax.ts';
import { suggestValues, valuesOfIncident } from '../plan/words/placeholders.ts';
import { planStep } from '../plan/planStep.ts';
import { promisedBy } from '../plan/words/promisedNames.ts';
import { isStepSettled } from '../incident/progress.ts';
import { refuseMissing } from '../plan/words/refuseToKeep.ts';
import type { FormField, PageIncident, RunbookPageInput, RunbookPageState } from './runbookPageState.ts';
import { tagsOf } from '../run/decideRunAll.ts';
import { backgroundRuns } from './runHistory.ts';
import { soakNow } from '../resolution/foldResolution.ts';
import { oneLine } from './oneLine.ts';
import { stepCard, type Planned } from './stepCard.ts';

/** The runbook page of one sequence of steps, from the incident as it is now. Pure; never throws. */
export function runbookPageState(input: RunbookPageInput): RunbookPageState {
  const { incident, guide, sequence, target, trusted } = input;
  const planned = planAll(input);
  return {
    sequence: sequence.id,
    incident: incident && pageIncident(incident, input),
    target,
    trusted,
    title: sequence.title,
    guideFile: guide.file,
    line: sequence.line,
    condition: sequence.condition,
    about: sequence.about ?? '',
    form: incident?.status === 'active' ? formOf(planned, incident, input) : [],
    steps: planned.map((each) => stepCard(each, input)),
    tags: [...new Set(sequence.steps.flatMap(tagsOf))],
    runAll: input.runAll,
    background: incident
      ? backgroundRuns(incident, input.runningHere).map(({ id, text }) => ({ run: id, text }))
      : [],
  };
}

interface PlannedStep extends Planned {
  /** Every placeholder of the command, those already filled included. */
  readonly placeholders: readonly Missing[];
}

function planAll(input: RunbookPageInput): PlannedStep[] {
  const { planning, sequence } = input;
  const target = planTarget(input.target);
  const values = valuesNow(input);
  const judge = createJudge(input.incident);
  return sequence.steps.map((step) => ({
    step,
    judged: judge(step, sequence.steps),
    plan: planStep(step, { ...planning, target, values }),
    placeholders: placeholdersIn(planStep(step, { ...planning, target, values: {} })),
  }));
}

/** Every placeholder of a step that was planned without values: those that must have one, and those that need not. */
export const placeholdersIn = ({ missing, leftOut = [] }: Plan): readonly Missing[] => [
  ...missing,
  ...leftOut,
];

const planTarget = ({ warning: _warning, ...parts }: RunbookPageInput['target']): Target =>
  Object.fromEntries(Object.entries(parts).filter(([, part]) => part !== undefined));

/** What a person set wins over what the incident itself gives. */
const valuesNow = ({ incident, target }: RunbookPageInput): Readonly<Record<string, string>> => ({
  ...valuesOfIncident({
    ...(incident?.service !== undefined && { service: incident.service }),
    ...(target.namespace !== undefined && { namespace: target.namespace }),
  }),
  ...incident?.values,
});

function pageIncident(incident: Incident, { severities, clocks }: RunbookPageInput): PageIncident {
  const listed = severities.findIndex(({ name }) => name === incident.severity);
  const active = incident.status === 'active';
  const soak = soakNow(incident);
  return {
    id: incident.id,
    number: incident.number,
    title: incident.title,
    severity: incident.severity,
    rank: listed === -1 ? 3 : listed,
    drill: incident.drill,
    status: incident.status,
    declaredAt: incident.declaredAt,
    resolvedAt: incident.resolvedAt,
    responseDueAt: active && incident.acknowledgedAt === undefined ? clocks.responseDueAt : undefined,
    updateDueAt: active ? clocks.updateDueAt : undefined,
    onsetAt: incident.onsetAt,
    soakEndsAt: active ? clocks.soakEndsAt : undefined,
    relapse: active && soak?.state === 'relapsed' ? oneLine(soak.relapse.join('; '), 160) : undefined,
  };
}

/**
 * One field per placeholder of the steps, in the order of first use. Those the incident fills by itself are there
 * too: a wrong guess must be open to correction. What an earlier step will leave is asked for only if it did not.
 */
function formOf(planned: readonly PlannedStep[], incident: Incident, input: RunbookPageInput): FormField[] {
  const values = new Map(Object.entries(valuesNow(input)).map(([name, value]) => [normalName(name), value]));
  const from = {
    target: planTarget(input.target),
    seen: incident.seen,
    ...(incident.service !== undefined && { service: incident.service }),
  };
  const fields = new Map<
    string,
    { missing: Missing; usedBy: number[]; first: string[]; optional: boolean }
  >();
  for (const { step, placeholders, judged } of planned) {
    for (const missing of placeholders) {
      if (refuseMissing(missing) !== undefined) continue;
      const giver = promisedBy(input.sequence.steps, step, missing);
      if (giver && !isStepSettled(incident, giver.id)) continue;
      const field = fields.get(missing.name) ?? { missing, usedBy: [], first: [], optional: true };
      // One step that needs it is enough to ask for it.
      if (missing.optional !== true) field.optional = false;
      if (!field.usedBy.includes(step.number)) field.usedBy.push(step.number);
      field.first.push(...(judged?.pods ?? []));
      fields.set(missing.name, field);
    }
  }
  const app = appAmong(
    [...fields.values()].map(({ missing }) => missing),
    values,
  );
  const own = new Set(Object.keys(incident.values).map(normalName));
  const asked = [...fields.values()].map(({ missing, usedBy, first, optional }): FormField => {
    const value = values.get(missing.name) || undefined;
    return {
      name: missing.name,
      written: missing.written,
      kind: missing.kind,
      value,
      suggestions: suggestValues(missing, { ...from, podsFound: first }),
      usedBy,
      ...fieldParts(missing, from.target, app, input.planning.flagServices),
      clearable: own.has(missing.name),
      differs: namespaceDiffers(missing, value, from.target),
      optional,
      secret: undefined,
    };
  });
  return [...asked, ...secretFields(planned, input)];
}

/** The app whose revisions are wanted, where it is set. */
export const appAmong = (
  placeholders: readonly Missing[],
  values: ReadonlyMap<string, string>,
): string | undefined => {
  const app = placeholders.find(({ kind }) => kind === 'app');
  return app && (values.get(app.name) || undefined);
};

/** Secrets that the guide names among its inputs: whether they are set, and nothing more. */
function secretFields(planned: readonly PlannedStep[], input: RunbookPageInput): FormField[] {
  const fields = new Map<string, FormField>();
  for (const { step, plan } of planned)
    for (const variable of plan.secrets ?? []) {
      const said = step.document?.inputs?.find(
        ({ name, kind }) => kind === 'secret' && name === normalName(variable),
      );
      if (said === undefined) continue;
      const usedBy = [...(fields.get(variable)?.usedBy ?? []), step.number];
      fields.set(variable, {
        name: variable,
        written: `$${variable}`,
        kind: 'secret',
        value: undefined,
        suggestions: [],
        usedBy,
        description: said.description,
        default: undefined,
        expected: undefined,
        options: [],
        live: false,
        clearable: false,
        differs: undefined,
        optional: false,
        secret: input.isSecretSet?.(variable) === true ? 'set' : 'not-set',
      });
    }
  return [...fields.values()];
}
