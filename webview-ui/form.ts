import type { FormField } from '../src/shared/runbookPage.ts';
import { bindAction, createError } from './action.ts';
import { createChoiceField, isLongChoice } from './choiceField.ts';
import { element, setHidden, setText, setTextOrHide } from './element.ts';
import { createFieldOffers } from './fieldOffers.ts';
import { aboutText, fills, stateText } from './fieldText.ts';
import { createIcon } from './icon.ts';
import { createKeyedList, type KeyedView } from './keyed.ts';
import { markFocusWithin } from './markFocusWithin.ts';
import type { Memory } from './memory.ts';
import type { Requests } from './requests.ts';
import { createButton, createTextField } from './toolkit.ts';

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
  /** The next field that still waits for a value, so that a form is filled in without leaving the keyboard. */
  const focusNext = (after: HTMLElement): void => {
    const open = [...fields.children].filter((each) => each === after || !each.classList.contains('is-set'));
    const next = open[open.indexOf(after) + 1];
    const input = next?.querySelector(
      'vscode-text-field:not([hidden]), vscode-dropdown, .chips vscode-button',
    );
    if (input instanceof HTMLElement) input.focus();
  };
  const list = createKeyedList<FormField, KeyedView<FormField>>(
    fields,
    // What a field looks like is part of what it is: a choice that grows is drawn anew.
    (field) =>
      field.kind === 'secret' ? `$${field.name}` : `${isLongChoice(field) ? '≡' : ''}${field.name}`,
    (field) =>
      field.kind === 'secret'
        ? createSecretField(field, requests)
        : isLongChoice(field)
          ? createChoiceField(field, requests, memory, () => shown)
          : createField(field, requests, memory, () => shown, focusNext),
  );
  return {
    root,
    update(next, incident) {
      shown = incident;
      setHidden(root, next.length === 0);
      const open = next.filter(
        ({ value, secret, optional }) => value === undefined && secret !== 'set' && !optional,
      ).length;
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
  done: (root: HTMLElement) => void,
): KeyedView<FormField> {
  const { name } = first;
  let field = first;
  const input = createTextField(name, '');
  const use = createButton('Set', 'secondary', `Set ${name}`);
  const clear = createButton('Clear', 'secondary', `Clear ${name}`);
  const label = element('span', { class: 'field-label', text: name });
  const about = element('p', { class: 'field-about' });
  const state = element('p', { class: 'field-hint' });
  const differsText = element('span');
  const differs = element(
    'p',
    { class: 'differs', attributes: { role: 'alert' } },
    createIcon('warning'),
    differsText,
  );
  const error = createError();
  const send = async (value: string) => {
    const reply = await requests.send('setValue', { name, incident: incident(), value });
    // What was typed on while the host answered is a new draft, not the value just set.
    if (reply.ok && input.value.trim() === value) memory.setDraft('values', name, undefined);
    if (reply.ok) draw();
    return reply;
  };
  const offers = createFieldOffers(name, requests, error, {
    pick: (value) => {
      input.value = value;
      if (!input.hidden) input.focus();
      return send(value);
    },
    back: () => input.focus(),
    changed: () => draw(),
  });
  const { chips } = offers;
  const root = element(
    'div',
    { class: 'field' },
    label,
    element('div', { class: 'field-row' }, input, use, clear),
    about,
    chips,
    offers.note,
    differs,
    state,
    error,
  );
  markFocusWithin(root, 'has-focus');

  let byKeyboard = false;
  const action = bindAction(
    use,
    error,
    () => send(input.value.trim()),
    () => {
      if (byKeyboard && root.contains(document.activeElement)) done(root);
      byKeyboard = false;
    },
  );
  bindAction(clear, error, async () => {
    const reply = await requests.send('clearValue', { name, incident: incident() });
    if (reply.ok) {
      memory.setDraft('values', name, undefined);
      // The button goes away with the value; whoever is elsewhere by now stays there.
      if (document.hasFocus()) input.focus();
    }
    return reply;
  });
  input.addEventListener('focusin', () => {
    if (field.live) offers.ask(incident());
  });
  input.addEventListener('input', () => {
    setTextOrHide(error, undefined);
    memory.setDraft('values', name, input.value === offered() ? undefined : input.value);
    draw();
  });
  input.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && !event.isComposing) {
      byKeyboard = true;
      action.fire();
    }
    if (event.key === 'ArrowDown' && chips.firstElementChild instanceof HTMLElement) {
      event.preventDefault();
      chips.firstElementChild.focus();
    }
    if (event.key === 'Escape') {
      input.value = offered();
      memory.setDraft('values', name, undefined);
      draw();
    }
  });

  /** What stands in the field while nobody types: the value, else the guide's default, which is not set yet. */
  const offered = (): string => field.value ?? field.default ?? '';
  input.value = memory.draft('values', name) ?? offered();

  const draw = (): void => {
    const draft = memory.draft('values', name);
    const isChoice = field.options.length > 0;
    const more = offers.draw(field, draft);
    setHidden(input, isChoice);
    setHidden(use, isChoice);
    setHidden(label, !isChoice);
    setHidden(clear, !field.clearable);
    use.disabled = input.value.trim() === '' || input.value.trim() === field.value;
    setTextOrHide(about, aboutText(field));
    setTextOrHide(differsText, field.differs);
    setHidden(differs, field.differs === undefined);
    const rest = more > 0 && field.value === undefined ? ` ${more} more: type to narrow them down.` : '';
    setText(state, stateText(field, draft !== undefined && !use.disabled) + rest);
    root.classList.toggle('is-set', field.value !== undefined);
    root.classList.toggle('is-choice', isChoice);
  };
  return {
    root,
    update(next) {
      field = next;
      const draft = memory.draft('values', name);
      if (draft !== undefined && draft === next.value) memory.setDraft('values', name, undefined);
      const shown = memory.draft('values', name) ?? offered();
      if (input.value !== shown) input.value = shown;
      draw();
    },
  };
}

/** A secret's value is never on the page: only whether it is set, and the way to set it. */
function createSecretField(first: FormField, requests: Requests): KeyedView<FormField> {
  const { name } = first;
  const set = createButton('Set secret…', 'secondary', `Set the secret ${name}`);
  const status = element('span', { class: 'secret-state' });
  const about = element('p', { class: 'field-about' });
  const state = element('p', { class: 'field-hint' });
  const error = createError();
  bindAction(set, error, () => requests.send('setSecret', { name }));
  const root = element(
    'div',
    { class: 'field', attributes: { role: 'group', 'aria-label': `Secret ${name}` } },
    element('span', { class: 'field-label', text: name }),
    element('div', { class: 'field-row' }, status, set),
    about,
    state,
    error,
  );
  return {
    root,
    update(field) {
      const isSet = field.secret === 'set';
      setText(status, isSet ? 'Set on this machine' : 'Not set on this machine');
      setText(set, isSet ? 'Change secret…' : 'Set secret…');
      setTextOrHide(about, field.description);
      setText(state, `Kept by the editor and never in the journal. ${fills(field)}`);
      root.classList.toggle('is-set', isSet);
    },
  };
}
