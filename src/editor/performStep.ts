import * as vscode from 'vscode';
import { failed, ok, type Result } from '../core/errors.ts';
import type { Step } from '../core/guide/guide.ts';
import type { Incident } from '../core/incident/incident.ts';
import type { Missing } from '../core/plan/plan.ts';
import { withIngressPatch } from '../core/plan/kubectl/ingressPatch.ts';
import { isIngressForm, missingFirst } from '../core/plan/kubectl/isIngressForm.ts';
import { suggestValues } from '../core/plan/words/placeholders.ts';
import { refusalAmong } from '../core/plan/words/refuseToKeep.ts';
import { validateValue } from '../core/plan/words/validateValue.ts';
import { askText, pick } from './ask.ts';
import { askIngressPatch } from './askIngressPatch.ts';
import type { CommandDeps } from './commands/commandDeps.ts';

type Deps = Pick<CommandDeps, 'session' | 'incidents' | 'runs' | 'readIngressForm'>;

/**
 * Does one step for the person: asks for what is missing (palette) or refuses with what to fill in (page), then runs.
 * A `cancelled` failure is the person's Esc.
 */
export async function performStep(
  deps: Deps,
  sequence: string,
  step: Step,
  from: 'page' | 'palette',
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
    for (const missing of wanted) {
      const value = await askValue(incident, missing);
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
  return whole.ok ? deps.runs.run(now, sequence, whole.value) : whole;
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

/** Asks for one placeholder's value, with suggestions from earlier output first. */
export function askValue(incident: Incident, missing: Missing): Promise<string | undefined> {
  const title = `Value for ${missing.written}`;
  const suggestions = suggestValues(missing, {
    ...(incident.service === undefined ? {} : { service: incident.service }),
    target: incident.target,
    seen: incident.seen,
  });
  const validate = (text: string): string | undefined =>
    text ? validateValue(missing.kind, text) : `Type a ${missing.kind} or press Esc.`;
  if (suggestions.length === 0) {
    return askText({ title, prompt: `Asked once for this incident (${missing.kind}).`, validate });
  }
  return pick(
    suggestions.map((value) => ({ label: value, value })),
    {
      title,
      placeholder: `Pick or type a ${missing.kind}; asked once for this incident`,
      typed: (text) =>
        validate(text) === undefined ? { label: text, description: 'as typed', value: text } : undefined,
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
