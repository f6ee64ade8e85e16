import type { CardChange, StepCard } from '../src/shared/runbookPage.ts';
import { bindAction, createError } from './action.ts';
import { formatUtcTime } from './clock.ts';
import { element, setChildren, setHidden } from './element.ts';
import { createIcon } from './icon.ts';
import type { Requests } from './requests.ts';
import { createButton } from './toolkit.ts';

/** What the step changed, each with a button that takes it back, or a word on who did. */
export function createCardChanges(
  requests: Requests,
  incident: () => string,
): { readonly root: HTMLElement; update(card: StepCard): void } {
  const error = createError();
  const list = element('ul', { class: 'changes', attributes: { 'aria-label': 'Changes made' } });
  const root = element('div', {}, list, error);
  const drawChange = ({ id, text, undo, undone }: CardChange): HTMLElement => {
    const words = undone ? `${text} (taken back by ${undone.by} at ${formatUtcTime(undone.at)})` : text;
    const row = element(
      'li',
      { class: undone ? 'undone' : '' },
      createIcon('edit'),
      element('span', { text: words }),
    );
    if (undo !== undefined) {
      const button = createButton('Undo', 'secondary', undo);
      button.title = undo;
      bindAction(button, error, () => requests.send('undoChange', { change: id, incident: incident() }));
      row.append(button);
    }
    return row;
  };
  return {
    root,
    update({ changes, state }) {
      setHidden(root, changes.length === 0);
      // While something runs for this step nothing is taken back.
      const shown = state === 'running' ? changes.map((each) => ({ ...each, undo: undefined })) : changes;
      setChildren(list, shown, drawChange);
    },
  };
}
