import * as vscode from 'vscode';
import { failed, ok, type Result } from '../../core/errors.ts';
import type { Step } from '../../core/guide/guide.ts';
import type { Incident } from '../../core/incident/incident.ts';
import type { Missing } from '../../core/plan/plan.ts';
import { judgeStep } from '../../core/judge/judgeStep.ts';
import { withIngressPatch } from '../../core/plan/kubectl/ingressPatch.ts';
import { isIngressForm, missingFirst } from '../../core/plan/kubectl/isIngressForm.ts';
import { suggestValues } from '../../core/plan/words/placeholders.ts';
import { refusalAmong } from '../../core/plan/words/refuseToKeep.ts';
import { normalName } from '../../core/plan/words/placeholderSyntax.ts';
import { validateInput } from '../../core/plan/words/validateInput.ts';
import { fieldParts } from '../../core/inputs/fieldParts.ts';
import { planningOf } from './planning.ts';
import { planStep } from '../../core/plan/planStep.ts';
import { appAmong } from '../../core/views/runbookPage.ts';
import { askText, pick } from '../ask/ask.ts';
import { askIngressPatch } from '../ask/askIngressPatch.ts';
import type { CommandDeps } from '../commands/commandDeps.ts';

type Deps = Pick<CommandDeps, 'session' | 'guides' | 'incidents' | 'runs' | 'readIngressForm' | 'suggest'>;

/**
 * Does one step for the person: asks for what is missing (palette) or refuses with what to fill in (page), then runs.
 * A `cancelled` failure is the person's Esc. `page` aborts when the page closes that the run ends with, if any.
 */
export async function performStep(
  deps: Deps,
  sequence: string,
  step: Step,
  from: 'page' | 'palette',
  page?: AbortSignal,
): Promise<Result<unknown>> {
  const incident = deps.session.current();
  if (!incident) return failed('not-found', 'Declare an incident first: a run is kept in its journal.');
  if (!vscode.workspace.isTrusted) {
    return failed(
      'untrusted',
      'This workspace is in Restricted Mode, so nothing runs. Trust it, then run the step again.',
    );
  }
  const plan = deps.runs.plan(incident, step);
  if (plan.kind === 'manual') return from === 'page' ? ok(undefined) : markByHand(deps, sequence, step);
  if (from === 'palette') {
    const wanted = missingFirst(plan);
    const unaskable = refusalAmong(wanted);
    if (unaskable) return failed('invalid', `${unaskable} Nothing was run.`);
    const { missing: placeholders } = planStep(step, {
      ...planningOf(incident),
      target: incident.target,
      values: {},
    });
    const steps = deps.guides.find(sequence)?.sequence.steps ?? [step];
    const podsFound = judgeStep(step, steps, incident)?.pods ?? [];
    for (const missing of wanted) {
      const asked = { missing, placeholders, podsFound };
      const value = await askValue(deps, deps.incidents.get(incident.id) ?? incident, asked);
      if (value === undefined) return failed('cancelled', 'Not run: a value is still missing.');
      const set = await deps.incidents.handle(incident.id, {
        type: 'SetValue',
        data: { name: missing.name, value },
      });
      if (!set.ok) return set;
    }
  }
  const now = deps.incidents.get(incident.id) ?? incident;
  const whole = await withForm(deps, now, step);
  return whole.ok ? deps.runs.run(now, sequence, whole.value, page) : whole;
}

/** The step with what its guide left out filled in by a form; as it is where there is nothing to fill in. */
async function withForm(deps: Deps, incident: Incident, step: Step): Promise<Result<Step>> {
  const plan = deps.runs.plan(incident, step);
  if (!isIngressForm(plan) || missingFirst(plan).length > 0) return ok(step);
  const patch = await askIngressPatch(plan.action.resource.name, (name, signal) =>
    deps.readIngressForm(plan.target, name, signal),
  );
  if (!patch.ok) return patch;
  const command = withIngressPatch(step.command ?? '', patch.value);
  return command === undefined
    ? failed('invalid', `${refusalAmong(plan.missing) ?? 'This command is not complete.'} Nothing was run.`)
    : ok({ ...step, command });
}

/**
 * Asks for one placeholder's value: what the guide offers and earlier output showed first, what the system has behind it
 * as soon as it answers. `placeholders` are all of the same step, `podsFound` the pods its condition speaks of.
 */
function askValue(
  deps: Deps,
  incident: Incident,
  {
    missing,
    placeholders,
    podsFound,
  }: { missing: Missing; placeholders: readonly Missing[]; podsFound: readonly string[] },
): Promise<string | undefined> {
  const title = `Value for ${missing.written}`;
  const suggestions = suggestValues(missing, {
    ...(incident.service === undefined ? {} : { service: incident.service }),
    target: incident.target,
    seen: incident.seen,
    podsFound,
  });
  const values = new Map(Object.entries(incident.values).map(([name, value]) => [normalName(name), value]));
  const app = appAmong(placeholders, values);
  const parts = fieldParts(missing, incident.target, app, planningOf(incident).flagServices);
  const about = [parts.description, parts.expected].filter((part) => part !== undefined).join(' · ');
  const asked = 'asked once for this incident';
  const validate = (text: string): string | undefined =>
    text ? validateInput(missing.kind, missing.input, text) : `Type a ${missing.kind} or press Esc.`;
  if (suggestions.length === 0 && !parts.live) {
    const prompt = `${about === '' ? '' : `${about}. `}Asked once for this incident (${missing.kind}).`;
    return askText({ title, prompt, validate });
  }
  const isChoice = parts.options.length > 0;
  let note: string | undefined;
  return pick(
    suggestions.map((value) => ({
      label: value,
      ...(value === parts.default ? { description: 'the guide’s default' } : {}),
      value,
    })),
    {
      title,
      placeholder: `${about === '' ? '' : `${about} · `}${isChoice ? 'Pick one' : `Pick or type a ${missing.kind}`}; ${asked}`,
      ...(isChoice
        ? {}
        : {
            typed: (text: string) =>
              validate(text) === undefined
                ? { label: text, description: 'as typed', value: text }
                : undefined,
          }),
      ...(parts.live
        ? {
            later: async (signal: AbortSignal) => {
              const found = await deps.suggest(incident, missing, app, signal);
              note = found.note;
              return found.values.map(({ value, detail }) => ({
                label: value,
                ...(detail === undefined ? {} : { description: detail }),
                value,
              }));
            },
            laterNote: () => note,
          }
        : {}),
    },
  );
}

async function markByHand(deps: Deps, sequence: string, step: Step): Promise<Result<unknown>> {
  const note = await askText({
    title: step.text,
    prompt: [
      ...step.details,
      'Do this by hand. What did you see? Enter marks it done, Esc leaves it open.',
    ].join(' · '),
  });
  if (note === undefined) return failed('cancelled', 'Left open.');
  return markStepDone(deps, sequence, step, note);
}

/** Marks a manual step as done, with what was seen. */
export function markStepDone(
  deps: Deps,
  sequence: string,
  step: Step,
  note: string,
): Promise<Result<Incident>> {
  return onCurrent(deps, (incident) =>
    deps.incidents.handle(incident.id, {
      type: 'MarkStepDone',
      data: { step: step.id, sequence, text: step.text, ...(note.trim() ? { note: note.trim() } : {}) },
    }),
  );
}

/** Records that a step was left out, and why. */
export function skipStep(
  deps: Deps,
  sequence: string,
  step: Step,
  reason: string,
): Promise<Result<Incident>> {
  return onCurrent(deps, (incident) =>
    deps.incidents.handle(incident.id, {
      type: 'SkipStep',
      data: { step: step.id, sequence, text: step.text, ...(reason.trim() ? { reason: reason.trim() } : {}) },
    }),
  );
}

async function onCurrent(
  deps: Deps,
  act: (incident: Incident) => Promise<Result<Incident>>,
): Promise<Result<Incident>> {
  const incident = deps.session.current();
  return incident ? act(incident) : failed('not-found', 'Declare an incident first.');
}
