import { setTextOrHide } from './element.ts';
import type { Reply } from './requests.ts';
import { type Button, createProgressRing, setBusy } from './toolkit.ts';

/**
 * Makes a button ask the host. While it waits it shows so and cannot fire again; a refusal is shown in `error`.
 * It stays focusable while busy, or a keyboard user would be thrown to the top of the page.
 */
export function bindAction(
  button: Button,
  error: HTMLElement,
  act: () => Promise<Reply>,
  done?: () => void,
): { fire(): void } {
  let busy = false;
  const show = (now: boolean): void => {
    busy = now;
    button.classList.toggle('busy', now);
    setBusy(button, now);
    if (now) {
      const ring = createProgressRing();
      ring.slot = 'start';
      button.append(ring);
    } else button.querySelector('vscode-progress-ring')?.remove();
  };
  const fire = async (): Promise<void> => {
    if (busy || button.disabled) return;
    setTextOrHide(error, undefined);
    show(true);
    const reply = await act();
    show(false);
    if (!reply.ok) setTextOrHide(error, reply.message);
    else done?.();
  };
  button.addEventListener('click', () => void fire());
  return { fire: () => void fire() };
}

/** Where a request's refusal is shown: empty and hidden until there is one. */
export function createError(): HTMLElement {
  const error = document.createElement('p');
  error.className = 'error';
  error.setAttribute('role', 'alert');
  error.hidden = true;
  return error;
}
