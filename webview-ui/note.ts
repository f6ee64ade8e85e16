import { bindAction } from './action.ts';
import { element, setHidden } from './element.ts';
import type { Memory } from './memory.ts';
import type { Reply } from './requests.ts';
import { createButton, createTextArea, createTextField } from './toolkit.ts';

/** The note of a manual step: what was seen. Kept while half-typed. */
export function createNote(
  number: number,
  step: string,
  memory: Memory,
): { readonly root: HTMLElement; text(): string; clear(): void } {
  const area = createTextArea(`What did you see in step ${number}? (optional)`, 2);
  area.value = memory.draft('notes', step) ?? '';
  area.addEventListener('input', () => memory.setDraft('notes', step, area.value || undefined));
  return {
    root: element('div', { class: 'note' }, area),
    text: () => area.value.trim(),
    clear() {
      area.value = '';
      memory.setDraft('notes', step, undefined);
    },
  };
}

/** Asks in place why a step is skipped; the reason may stay empty. Enter skips, Esc goes back. */
export function createSkipReason(
  number: number,
  step: string,
  memory: Memory,
  error: HTMLElement,
  on: { skip(reason: string): Promise<Reply>; closed(): void },
): { readonly root: HTMLElement; open(): void; close(): void } {
  const field = createTextField(`Why skip step ${number}? (optional)`, 'e.g. pods are healthy');
  const skip = createButton('Skip step', 'primary', `Skip step ${number} now`);
  const cancel = createButton('Cancel', 'secondary', `Cancel skipping step ${number}`);
  const root = element('div', { class: 'reason', attributes: { role: 'group' } }, field, skip, cancel);
  root.setAttribute('aria-label', `Skip step ${number}`);
  root.hidden = memory.draft('reasons', step) === undefined;
  field.value = memory.draft('reasons', step) ?? '';
  field.addEventListener('input', () => memory.setDraft('reasons', step, field.value));

  const close = (): void => {
    setHidden(root, true);
    field.value = '';
    if (memory.draft('reasons', step) !== undefined) memory.setDraft('reasons', step, undefined);
  };
  const action = bindAction(skip, error, () => on.skip(field.value.trim()), close);
  const back = (): void => {
    close();
    on.closed();
  };
  cancel.addEventListener('click', back);
  field.addEventListener('keydown', ({ key, isComposing }) => {
    if (key === 'Enter' && !isComposing) action.fire();
    if (key === 'Escape') back();
  });
  return {
    root,
    open() {
      setHidden(root, false);
      memory.setDraft('reasons', step, field.value);
      field.focus();
    },
    close,
  };
}
