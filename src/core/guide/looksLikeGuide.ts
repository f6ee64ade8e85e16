import { parseGuide } from './parseGuide.ts';

/** True when a Markdown text holds what makes a guide: severities, phases or a runbook with steps. */
export function looksLikeGuide(source: string): boolean {
  const guide = parseGuide(source, { file: '' });
  return (
    guide.severities.length > 0 ||
    guide.phases.length > 1 ||
    guide.runbooks.some((runbook) => runbook.steps.length > 0)
  );
}
