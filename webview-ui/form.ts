import type { FormField } from '../src/shared/runbookPage.ts';
import { bindAction, createError } from './action.ts';
import { element, setAttribute, setChildren, setHidden, setText } from './element.ts';
import { createKeyedList, type KeyedView } from './keyed.ts';
import { markFocusWithin } from './markFocusWithin.ts';
import type { Memory } from './memory.ts';
import type { Requests } from './requests.ts';
import { matchingSuggestions } from './suggestions.ts';
import { createButton, createTextField } from './toolkit.ts';

/** Chips in view at once; typing narrows them down. */
const mostChips = 6;

/** "Values for this incident": one field per placeholder of the steps, with suggestions to pick from. */
export function createForm(
  requests: Requests,
  memory: Memory,
): { readonly root: HTMLElement; update(fields: readonly FormField[], incident: string): void } {
  let shown = '';
  const fields = element('div', { class: 'fields' });
  const hint = element('p', { class: 'hint' });
  const root = element(
    'section',
    { class: 'form', attributes: { 'aria-labelledby': 'form-title' } },
    element('h2', { text: 'Values for this incident', attributes: { id: 'form-title' } }),
    hint,
    fields,
  );
  const list = createKeyedList<FormField, KeyedView<FormField>>(
    fields,
    ({ name }) => name,
    (field) => createField(field, requests, memory, () => shown),
  );
  return {
    root,
    update(next, incident) {
      shown = incident;
      setHidden(root, next.length === 0);
      const open = next.filter(({ value }) => value === undefined).length;
      setText(
        hint,
        open === 0
          ? 'All set. They are kept with the incident and can be changed here.'
          : 'Asked once per incident: every step that needs a value waits for it.',
      );
      list.update(next);
    },
  };
}

function createField(
  first: FormField,
  requests: Requests,
  memory: Memory,
  incident: () => string,
): KeyedView<FormField> {
  const { name } = first;
  let field = first;
  const input = createTextField(name, '');
  const use = createButton('Set', 'secondary', `Set ${name}`);
  const state = element('p', { class: 'field-hint' });
  const chips = element('div', {
    class: 'chips',
    attributes: { role: 'group', 'aria-label': `Suggestions for ${name}` },
  });
  const error = createError();
  const root = element(
    'div',
    { class: 'field' },
    element('div', { class: 'field-row' }, input, use),
    chips,
    state,
    error,
  );
  markFocusWithin(root, 'has-focus');
  input.value = memory.draft('values', name) ?? first.value ?? '';

  const send = async (value: string) => {
    const reply = await requests.send('setValue', { name, incident: incident(), value });
    // What was typed on while the host answered is a new draft, not the value just set.
    if (reply.ok && input.value.trim() === value) memory.setDraft('values', name, undefined);
    if (reply.ok) draw();
    return reply;
  };
  const action = bindAction(use, error, () => send(input.value.trim()));
  input.addEventListener('input', () => {
    memory.setDraft('values', name, input.value === (field.value ?? '') ? undefined : input.value);
    draw();
  });
  input.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && !event.isComposing) action.fire();
    if (event.key === 'ArrowDown' && chips.firstElementChild instanceof HTMLElement) {
      event.preventDefault();
      chips.firstElementChild.focus();
    }
    if (event.key === 'Escape') {
      input.value = field.value ?? '';
      memory.setDraft('values', name, undefined);
      draw();
    }
  });
  chips.addEventListener('keydown', (event) => moveAmong(chips, input, event));

  const drawChip = (suggestion: string): HTMLElement => {
    const chip = createButton(suggestion, 'secondary', `Use ${suggestion} as ${name}`);
    chip.classList.add('chip');
    bindAction(chip, error, () => {
      input.value = suggestion;
      input.focus();
      return send(suggestion);
    });
    return chip;
  };
  const draw = (): void => {
    const draft = memory.draft('values', name);
    const found = matchingSuggestions(field.suggestions, draft ?? '', field.value, mostChips);
    setHidden(chips, found.shown.length === 0);
    setChildren(chips, found.shown, drawChip);
    // One stop for the Tab key, however many chips: arrow keys walk among them.
    for (const chip of [...chips.children].slice(1)) setAttribute(chip, 'tabindex', '-1');
    use.disabled = input.value.trim() === '' || input.value.trim() === field.value;
    const steps = `${field.usedBy.length === 1 ? 'step' : 'steps'} ${field.usedBy.join(', ')}`;
    const more =
      found.more > 0 && field.value === undefined ? ` ${found.more} more: type to narrow them down.` : '';
    setText(
      state,
      (draft !== undefined && !use.disabled
        ? 'Not set yet: press Enter or Set.'
        : `Fills ${field.written} in ${steps}.`) + more,
    );
    root.classList.toggle('is-set', field.value !== undefined);
  };
  return {
    root,
    update(next) {
      field = next;
      const draft = memory.draft('values', name);
      if (draft !== undefined && draft === next.value) memory.setDraft('values', name, undefined);
      const shown = memory.draft('values', name) ?? next.value ?? '';
      if (input.value !== shown) input.value = shown;
      draw();
    },
  };
}

/** Arrow keys walk the chips, the first one leads back to the field. */
function moveAmong(chips: HTMLElement, input: HTMLElement, event: KeyboardEvent): void {
  const all = [...chips.children].filter((child) => child instanceof HTMLElement);
  const at = all.findIndex((child) => child === document.activeElement);
  const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  if (at === -1 || step === undefined) return;
  event.preventDefault();
  const next = all[at + step];
  if (next) next.focus();
  else if (step < 0) input.focus();
}
