import type { FormField } from '../src/shared/runbookPage.ts';
import { bindAction, createError } from './action.ts';
import { element, setHidden, setText, setTextOrHide } from './element.ts';
import { aboutText, stateText } from './fieldText.ts';
import type { KeyedView } from './keyed.ts';
import { markFocusWithin } from './markFocusWithin.ts';
import type { Memory } from './memory.ts';
import type { Requests } from './requests.ts';
import { createButton, createDropdown, type Dropdown } from './toolkit.ts';

/** More options than this are a list to open: as buttons they would fill the form. */
const mostButtons = 6;

export const isLongChoice = ({ options }: Pick<FormField, 'options'>): boolean =>
  options.length > mostButtons;

/**
 * A choice with many options. Picking one is a draft until it is set: the arrow keys walk through a closed list, and what
 * they pass must not be written into the journal.
 */
export function createChoiceField(
  first: FormField,
  requests: Requests,
  memory: Memory,
  incident: () => string,
): KeyedView<FormField> {
  const { name } = first;
  let field = first;
  let drawn: readonly string[] = [];
  let list: Dropdown = createDropdown(name, '', []);
  const use = createButton('Set', 'secondary', `Set ${name}`);
  const clear = createButton('Clear', 'secondary', `Clear ${name}`);
  const row = element('div', { class: 'field-row' }, list, use, clear);
  const about = element('p', { class: 'field-about' });
  const state = element('p', { class: 'field-hint' });
  const error = createError();
  const root = element(
    'div',
    { class: 'field is-choice' },
    element('span', { class: 'field-label', text: name }),
    row,
    about,
    state,
    error,
  );
  markFocusWithin(root, 'has-focus');

  bindAction(use, error, async () => {
    const { value } = list;
    const reply = await requests.send('setValue', { name, incident: incident(), value });
    if (reply.ok && list.value === value) memory.setDraft('values', name, undefined);
    if (reply.ok) draw();
    return reply;
  });
  bindAction(clear, error, async () => {
    const reply = await requests.send('clearValue', { name, incident: incident() });
    if (reply.ok) {
      memory.setDraft('values', name, undefined);
      // The button goes away with the value; whoever is elsewhere by now stays there.
      if (document.hasFocus()) list.focus();
    }
    return reply;
  });

  const offered = (): string => field.value ?? field.default ?? '';
  const drawList = (): void => {
    if (JSON.stringify(drawn) === JSON.stringify(field.options)) return;
    drawn = field.options;
    const next = createDropdown(name, 'Pick one', drawn);
    next.addEventListener('change', () => {
      setTextOrHide(error, undefined);
      memory.setDraft('values', name, next.value === offered() ? undefined : next.value);
      draw();
    });
    list.replaceWith(next);
    list = next;
  };
  const draw = (): void => {
    drawList();
    const draft = memory.draft('values', name);
    const shown = draft ?? offered();
    if (list.value !== shown) list.value = shown;
    use.disabled = shown === '' || shown === field.value;
    setHidden(clear, !field.clearable);
    setTextOrHide(about, aboutText(field));
    const isDraft = draft !== undefined && !use.disabled;
    setText(state, isDraft ? 'Not set yet: press Set.' : stateText(field, false));
    root.classList.toggle('is-set', field.value !== undefined);
  };
  return {
    root,
    update(next) {
      field = next;
      const draft = memory.draft('values', name);
      // What is set by now, or no option any more, is no draft.
      if (draft !== undefined && (draft === next.value || !next.options.includes(draft)))
        memory.setDraft('values', name, undefined);
      draw();
    },
  };
}
