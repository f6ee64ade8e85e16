import type { EarlierRun } from '../src/shared/runbookPage.ts';
import { formatUtcTime } from './clock.ts';
import { element, setChildren, setHidden, setText } from './element.ts';
import { createIcon } from './icon.ts';
import { createLink } from './toolkit.ts';

/** The runs of a step before its last one, folded away until somebody wants them. */
export function createEarlierRuns(
  step: number,
  openOutput: (run: string) => void,
): { readonly root: HTMLElement; update(runs: readonly EarlierRun[]): void } {
  const summary = element('summary');
  const list = element('ol', { attributes: { 'aria-label': `Earlier runs of step ${step}` } });
  const root = element('details', { class: 'earlier-runs' }, summary, list);
  const draw = (run: EarlierRun): HTMLElement => {
    const text = `${formatUtcTime(run.startedAt)} by ${run.by}: ${run.outcome}`;
    const open = createLink('Open output');
    open.setAttribute('aria-label', `Open the output of ${formatUtcTime(run.startedAt)}`);
    open.addEventListener('click', (event) => {
      event.preventDefault();
      openOutput(run.id);
    });
    const item = element('li', {}, createIcon(run.tone), element('span', { text }));
    if (run.hasOutput) item.append(open);
    return item;
  };
  return {
    root,
    update(runs) {
      setHidden(root, runs.length === 0);
      setText(summary, runs.length === 1 ? '1 earlier run' : `${runs.length} earlier runs`);
      setChildren(list, runs, draw);
    },
  };
}
