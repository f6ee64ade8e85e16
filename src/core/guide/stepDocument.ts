import type { GuideInput } from './guideInput.ts';
import type { Phase, Runbook, Step, StepDocument } from './guide.ts';
import { inputsAt, type ScopedInput } from './scopedInput.ts';

/** True for `true`, `yes`, `on` and `1`, false for their opposites; undefined for anything else, `auto` among it. */
export function readSwitch(text: string | undefined): boolean | undefined {
  const word = text?.trim().toLowerCase() ?? '';
  if (/^(?:true|yes|on|1)$/.test(word)) return true;
  return /^(?:false|no|off|0)$/.test(word) ? false : undefined;
}

/** What a frontmatter says for every step of its file; undefined when it says nothing of the kind. */
export function readStepDocument(
  frontmatter: Readonly<Record<string, string>>,
  inputs: readonly GuideInput[] = [],
): StepDocument | undefined {
  const shell = frontmatter['shell']?.trim();
  const cwd = frontmatter['cwd']?.trim();
  const skipPrompts = readSwitch(frontmatter['skipPrompts']);
  const keepGoing = readSwitch(frontmatter['ir.keepGoing']);
  const document: StepDocument = {
    ...(shell ? { shell } : {}),
    ...(cwd ? { cwd } : {}),
    ...(skipPrompts === undefined ? {} : { skipPrompts }),
    ...(keepGoing === undefined ? {} : { keepGoing }),
    ...(inputs.length > 0 ? { inputs } : {}),
  };
  return Object.keys(document).length > 0 ? document : undefined;
}

/** The same runbooks and phases, each step with what the file, or a comment near it, says for it. */
export function withStepDocument<
  G extends { readonly phases: readonly Phase[]; readonly runbooks: readonly Runbook[] },
>(guide: G, document: StepDocument | undefined, comments: readonly ScopedInput[] = []): G {
  if (document === undefined && comments.length === 0) return guide;
  const at = (line: number): StepDocument | undefined => {
    const inputs = inputsAt(line, comments, document?.inputs ?? []);
    return inputs.length === 0 ? document : { ...document, inputs };
  };
  const steps = (own: readonly Step[]): Step[] =>
    own.map((step) => {
      const said = comments.length === 0 ? document : at(step.line);
      return said === undefined ? step : { ...step, document: said };
    });
  return {
    ...guide,
    runbooks: guide.runbooks.map((runbook) => ({ ...runbook, steps: steps(runbook.steps) })),
    phases: guide.phases.map((phase) => ({
      ...phase,
      parts: phase.parts.map((part) => ('steps' in part ? { ...part, steps: steps(part.steps) } : part)),
    })),
  };
}
