import type { RunbookPageState } from '../src/shared/runbookPage.ts';
import { bindAction, createError } from './action.ts';
import { element, setHidden, setText } from './element.ts';
import { createIcon, type IconName } from './icon.ts';
import type { Requests } from './requests.ts';
import { createButton } from './toolkit.ts';

/** What holds for the whole page: a target in doubt, Restricted Mode, no incident, a resolved one. */
export function createBanners(requests: Requests): {
  readonly root: HTMLElement;
  update(state: RunbookPageState): void;
  fail(message: string | undefined): void;
} {
  const broken = createBanner('error', 'alert', 'warning');
  const target = createBanner('error', 'alert', 'warning');
  const restricted = createBanner('info', 'status', 'info');
  const none = createBanner('info', 'status', 'info');
  const resolved = createBanner('info', 'status', 'info');

  const pin = createButton('Pin target', 'secondary');
  bindAction(pin, target.error, () => requests.send('pinTarget', {}));
  target.root.append(pin, target.error);
  const declare = createButton('Declare incident', 'primary');
  bindAction(declare, none.error, () => requests.send('declare', {}));
  none.root.append(declare, none.error);

  return {
    root: element(
      'div',
      { class: 'banners' },
      ...[broken, target, restricted, none, resolved].map((each) => each.root),
    ),
    update(state) {
      target.show(state.target.warning?.message);
      restricted.show(
        state.trusted
          ? undefined
          : 'This workspace is in Restricted Mode. Everything can be read; nothing runs until you trust it.',
      );
      none.show(
        state.incident
          ? undefined
          : 'No incident is active. The steps can be read and copied; declare an incident to run them.',
      );
      resolved.show(
        state.incident?.status === 'resolved'
          ? 'This incident is resolved. Its steps stay here to be read; reopen it to go on.'
          : undefined,
      );
    },
    fail: broken.show,
  };
}

function createBanner(
  tone: 'error' | 'info',
  role: 'alert' | 'status',
  icon: IconName,
): { readonly root: HTMLElement; readonly error: HTMLElement; show(message: string | undefined): void } {
  const text = element('p', { attributes: { role } });
  const root = element('div', { class: `banner ${tone}` }, createIcon(icon), text);
  root.hidden = true;
  return {
    root,
    error: createError(),
    show(message) {
      setHidden(root, message === undefined);
      setText(text, message ?? '');
    },
  };
}
