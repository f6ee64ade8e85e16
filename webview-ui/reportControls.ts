import type { ReportControls } from '../src/shared/reportPage.ts';
import { element, setHidden } from './element.ts';
import { createButton } from './toolkit.ts';

export interface Controls {
  /** Both give why not, as a sentence. */
  readonly show: (range: string, drills: boolean) => Promise<string | undefined>;
  readonly exportFigures: () => Promise<string | undefined>;
}

/** Which period, whether drills count, and the export: native fields, so that arrows and space do what they do anywhere. */
export function createReportControls(acts: Controls, tell: (message: string | undefined) => void) {
  const ranges = element('div', { class: 'ranges' });
  const group = element('fieldset', {}, element('legend', { text: 'Period' }), ranges);
  const box = element('input', { attributes: { type: 'checkbox' } });
  const drills = element('label', { class: 'drills' }, box, element('span', { text: 'Count drills' }));
  const button = createButton('Export…', 'secondary', 'Export all figures');
  const root = element('div', { class: 'controls' }, group, drills, button);
  const inputs = new Map<string, HTMLInputElement>();
  const show = (): void => {
    const chosen = [...inputs].find(([, input]) => input.checked)?.[0];
    if (chosen !== undefined) void acts.show(chosen, box.checked).then(tell);
  };
  box.addEventListener('change', show);
  button.addEventListener('click', () => void acts.exportFigures().then(tell));
  return {
    root,
    update(controls: ReportControls | undefined): void {
      setHidden(root, controls === undefined);
      if (!controls) return;
      box.checked = controls.drills;
      for (const { value, label, chosen } of controls.ranges) {
        const known = inputs.get(value);
        const input = known ?? element('input', { attributes: { type: 'radio', name: 'range', value } });
        input.checked = chosen;
        if (known) continue;
        inputs.set(value, input);
        input.addEventListener('change', show);
        ranges.append(element('label', {}, input, element('span', { text: label })));
      }
    },
  };
}
