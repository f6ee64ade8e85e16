import type { CardApproval, StepCard } from '../src/shared/runbookPage.ts';
import { bindAction } from './action.ts';
import { element, setAttribute, setChildren, setHidden, setText } from './element.ts';
import { createIcon, type IconName } from './icon.ts';
import type { Requests } from './requests.ts';
import { createButton } from './toolkit.ts';

const icons: Readonly<Record<CardApproval['state'], IconName>> = {
  wanted: 'people',
  waiting: 'people',
  approved: 'ok',
  refused: 'bad',
  expired: 'warning',
  used: 'ok',
};

/** Who else has to agree to a step, how that stands, and the buttons of whoever is asked. */
export function createCardApproval(
  step: number,
  requests: Requests,
  error: HTMLElement,
): { readonly root: HTMLElement; update(card: StepCard): void } {
  let request = '';
  const text = element('span', {});
  const line = element('p', { class: 'approval-state', attributes: { role: 'status' } });
  const approve = createButton('Approve…', 'primary', `Approve step ${step}`);
  const refuse = createButton('Refuse…', 'secondary', `Refuse step ${step}`);
  bindAction(approve, error, () => requests.send('answerApproval', { request, answer: 'approve' }));
  bindAction(refuse, error, () => requests.send('answerApproval', { request, answer: 'refuse' }));
  const buttons = element('div', { class: 'buttons' }, approve, refuse);
  const root = element('div', { class: 'approval' }, line, buttons);
  return {
    root,
    update({ approval }) {
      setHidden(root, approval === undefined);
      if (!approval) return;
      request = approval.request ?? '';
      setAttribute(root, 'data-approval', approval.state);
      setText(text, approval.text);
      setChildren(line, [approval.state], (state) => {
        const words = document.createDocumentFragment();
        words.append(createIcon(icons[state]), text);
        return words;
      });
      setHidden(buttons, approval.state !== 'waiting' || approval.isOwn);
    },
  };
}

/** What the button that runs the step says while somebody else has to agree; undefined: as without. */
export function runLabelOf(approval: CardApproval | undefined): string | undefined {
  switch (approval?.state) {
    case 'wanted':
    case 'refused':
    case 'expired':
    case 'used':
      return 'Ask to run…';
    case 'waiting':
      return 'Approve alone…';
    case 'approved':
    case undefined:
      return undefined;
  }
}
